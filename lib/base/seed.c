// SPDX-License-Identifier: MIT
// seed.c: see seed.h.

#include "base/seed.h"

#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

static _Atomic uint64_t seed; // 0: not drawn yet

// Where the system has no random bytes: when, and where in memory, this runs.
static uint64_t guess(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return ((uint64_t)now.tv_sec << 30) ^ (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)&now;
}

uint64_t seed_get(void)
{
	uint64_t drawn = atomic_load(&seed);
	uint64_t none = 0;

	if (drawn != 0)
		return drawn;
	if (getrandom(&drawn, sizeof(drawn), GRND_NONBLOCK) != (ssize_t)sizeof(drawn))
		drawn = guess();
	drawn += drawn == 0;
	// Of two threads the first one's counts.
	return atomic_compare_exchange_strong(&seed, &none, drawn) ? drawn : none;
}
