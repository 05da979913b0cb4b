// SPDX-License-Identifier: MIT
// beside.c: see beside.h.

#include "base/beside.h"

#include <signal.h>
#include <stddef.h>

#define STACK_BYTES ((size_t)256 << 10) // the usual 8 MiB count against a limit of address space

static void *run(void *data)
{
	struct beside *b = data;

	b->work(b->context);
	atomic_store(&b->done, true);
	return NULL;
}

static bool start(struct beside *b)
{
	pthread_attr_t attr;
	sigset_t all;
	sigset_t before;
	bool started = false;

	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before); // a new thread has its maker's
	started = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
		  pthread_create(&b->thread, &attr, run, b) == 0;
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	(void)pthread_attr_destroy(&attr);
	return started;
}

bool beside_try(struct beside *b, void (*work)(void *context), void *context)
{
	b->work = work;
	b->context = context;
	atomic_store(&b->done, false);
	b->running = start(b);
	return b->running;
}

void beside_start(struct beside *b, void (*work)(void *context), void *context)
{
	if (!beside_try(b, work, context))
		work(context);
}

bool beside_is_done(const struct beside *b)
{
	return !b->running || atomic_load(&b->done);
}

void beside_wait(struct beside *b)
{
	if (b->running)
		(void)pthread_join(b->thread, NULL);
	b->running = false;
}
