// SPDX-License-Identifier: MIT
// hold.c: LD_PRELOAD this to hold comic-load up before one of its transactions, each of which
// begins with a look at the clock.
//
// HOLD_AT=N, HOLD_FILE=NAME: at its Nth call of time() it makes the file and waits until that is
// gone. Without such a call there is no file.

#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void hold(const char *name)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	(void)close(open(name, O_WRONLY | O_CREAT | O_EXCL, 0600));
	while (access(name, F_OK) == 0)
		(void)nanosleep(&moment, NULL);
}

time_t time(time_t *out)
{
	static unsigned long calls;
	const char *at = getenv("HOLD_AT");
	const char *name = getenv("HOLD_FILE");
	struct timeval now;

	if (at != NULL && name != NULL && ++calls == strtoul(at, NULL, 10))
		hold(name);
	(void)gettimeofday(&now, NULL);
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}
