// SPDX-License-Identifier: MIT
// turns.c: see turns.h.

#define _GNU_SOURCE // SCHED_BATCH, syscall

#include "pipeline/turns.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TURN 10000000 // nanoseconds

// sched_setattr(2), for which older C libraries have neither the function nor the struct.
struct scheduling {
	uint32_t size;
	uint32_t policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime; // of a turn
	uint64_t deadline;
	uint64_t period;
};

void turns_make_long(void)
{
	struct scheduling s = { .size = sizeof(s), .policy = SCHED_BATCH, .runtime = TURN };

	if (sched_getscheduler(0) != SCHED_OTHER)
		return;
	s.nice = getpriority(PRIO_PROCESS, 0);
	(void)syscall(SYS_sched_setattr, 0, &s, 0);
}
