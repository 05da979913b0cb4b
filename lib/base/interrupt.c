// SPDX-License-Identifier: MIT
// interrupt.c: see interrupt.h.

#include "base/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t caught;
static volatile sig_atomic_t status_wanted;

static void remember(int signal_number)
{
	caught = signal_number;
}

static void want_status(int signal_number)
{
	(void)signal_number;
	status_wanted = 1;
}

static void catch_unless_ignored(int signal_number, void (*handler)(int), int flags)
{
	struct sigaction old;
	struct sigaction now = { .sa_handler = handler, .sa_flags = flags };

	(void)sigemptyset(&now.sa_mask);
	if (sigaction(signal_number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		(void)sigaction(signal_number, &now, NULL);
}

void interrupt_setup(void)
{
	catch_unless_ignored(SIGINT, remember, 0);
	catch_unless_ignored(SIGTERM, remember, 0);
	catch_unless_ignored(SIGHUP, remember, 0);
	// Not even stdio, which cannot tell EINTR from an error, may see this one.
	catch_unless_ignored(SIGUSR1, want_status, SA_RESTART);
}

int interrupt_signal(void)
{
	return caught;
}

bool interrupt_status_wanted(void)
{
	bool wanted = status_wanted != 0;

	status_wanted = 0;
	return wanted;
}

int interrupt_check(struct comic_err *err)
{
	if (caught == 0)
		return 0;
	return err_set(err, COMIC_ERR_INTERRUPTED, "interrupted by signal %d", (int)caught);
}
