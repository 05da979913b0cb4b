// SPDX-License-Identifier: MIT
// test_beside.c: lib/base/beside: work in a thread, or where there is none to be had.

#include "base/beside.h"
#include "tap.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static volatile sig_atomic_t signalled;

static void note_signal(int number)
{
	signalled = number;
}

struct job {
	int wake[2]; // the work waits for a byte
	pthread_t thread;
	bool blocked; // SIGINT is, where the work is done
	int times;
};

static void work(void *context)
{
	struct job *job = context;
	sigset_t mask;
	char byte = 0;

	if (job->wake[0] >= 0)
		(void)!read(job->wake[0], &byte, 1);
	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	job->blocked = sigismember(&mask, SIGINT) == 1;
	job->thread = pthread_self();
	job->times++;
}

static void test_thread(void)
{
	struct beside b = { 0 };
	struct job job = { .wake = { -1, -1 } };
	sigset_t mask;

	beside_wait(&b);
	ok(beside_is_done(&b), "one that was never started is done");
	if (!ok(pipe(job.wake) == 0, "a pipe"))
		return;
	(void)signal(SIGINT, note_signal);
	beside_start(&b, work, &job);
	ok(!beside_is_done(&b), "it goes on while its work waits");
	(void)kill(getpid(), SIGINT);
	ok(signalled == SIGINT, "a signal is the caller's");
	(void)!write(job.wake[1], "x", 1);
	beside_wait(&b);
	ok(beside_is_done(&b), "it is done");
	is_i64(job.times, 1, "its work was done once");
	ok(!pthread_equal(job.thread, pthread_self()), "in another thread");
	ok(job.blocked, "without signals");
	(void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
	ok(sigismember(&mask, SIGINT) == 0, "the caller has them as before");
	(void)close(job.wake[0]);
	job.wake[0] = -1;
	beside_start(&b, work, &job);
	beside_wait(&b);
	is_i64(job.times, 2, "it can be started again");
	(void)close(job.wake[1]);
}

#ifndef __SANITIZE_ADDRESS__ // its shadow memory is terabytes of address space
// Address space for not even a stack.
static void test_no_thread(void)
{
	struct beside b = { 0 };
	struct job job = { .wake = { -1, -1 } };
	struct rlimit before;
	struct rlimit none;

	(void)getrlimit(RLIMIT_AS, &before);
	none = (struct rlimit){ 1 << 20, before.rlim_max };
	if (!ok(setrlimit(RLIMIT_AS, &none) == 0, "a limit of address space"))
		return;
	beside_start(&b, work, &job);
	(void)setrlimit(RLIMIT_AS, &before);
	ok(beside_is_done(&b), "without a thread it is done at once");
	is_i64(job.times, 1, "its work was done once");
	ok(pthread_equal(job.thread, pthread_self()), "by the caller");
	beside_wait(&b);
}
#endif

int main(void)
{
#ifndef __SANITIZE_ADDRESS__
	test_no_thread(); // before there is the stack of an earlier thread to use again
#endif
	test_thread();
	return done();
}
