// SPDX-License-Identifier: MIT
// jail.c: see jail.h.

#define _GNU_SOURCE // close_range

#include "worker/jail.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define SOCKET_FD 3

// most, but never above what the worker was given.
static struct rlimit lowered(struct rlimit old, uint64_t most)
{
	struct rlimit r = old;

	if (r.rlim_max > most)
		r.rlim_max = most;
	if (r.rlim_cur > most)
		r.rlim_cur = most;
	return r;
}

static void lower_limits(uint64_t memory)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_CORE, &r) == 0) {
		r = lowered(r, 0);
		(void)setrlimit(RLIMIT_CORE, &r);
	}
#ifndef __SANITIZE_ADDRESS__ // its shadow memory is terabytes of address space
	if (memory > 0 && getrlimit(RLIMIT_AS, &r) == 0) {
		r = lowered(r, memory);
		(void)setrlimit(RLIMIT_AS, &r);
	}
#else
	(void)memory;
#endif
}

static void be_first_to_go(void)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "1000", 4) < 0) {
		// A hint to the kernel: doing without it changes nothing here.
	}
	(void)close(fd);
}

int jail_enter(int keep_fd, uint64_t memory)
{
	int null = -1;

	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_DFL);
	(void)signal(SIGHUP, SIG_IGN);
	(void)signal(SIGUSR1, SIG_IGN);
	if (keep_fd != SOCKET_FD && dup2(keep_fd, SOCKET_FD) < 0)
		return -1;
	// First, as the parent may have had no descriptor left.
	if (close_range(SOCKET_FD + 1, ~0U, 0) < 0)
		return -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
		return -1;
	if (null > SOCKET_FD)
		(void)close(null);
	be_first_to_go();
	lower_limits(memory);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -1;
	return SOCKET_FD;
}
