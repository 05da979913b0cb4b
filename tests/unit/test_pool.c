// SPDX-License-Identifier: MIT
// test_pool.c: workers that crash, hang, lie, die idle and answer at length.

#include "worker/pool.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MILLISECOND ((int64_t)1000000)
#define LONG_REPLY ((size_t)4 << 20)

static int one_state;

static void *start(const void *context)
{
	(void)context;
	return &one_state;
}

static void *start_never(const void *context)
{
	(void)context;
	return NULL;
}

static void pause_for(int64_t nanoseconds)
{
	struct timespec t = { .tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000 };

	while (nanosleep(&t, &t) < 0 && errno == EINTR)
		;
}

// The job's name says what to do.
static int work(void *state, int fd, uint64_t size, struct text name, struct buf *reply)
{
	char pid[32];

	(void)state;
	(void)size;
	if (text_is(name, "crash"))
		_exit(7);
	if (text_is(name, "signal"))
		(void)raise(SIGKILL);
	if (text_is(name, "hang"))
		pause_for(MILLISECOND * 1000 * 1000);
	if (text_is(name, "nap"))
		pause_for(600 * MILLISECOND);
	if (text_is(name, "memory"))
		return -1;
	if (text_is(name, "chatter")) // a reply of its own before the one that was asked for
		return write(3, "\1\0\0\0x", 5) == 5 ? buf_add_text(reply, "y") : -1;
	if (text_is(name, "too long"))
		return write(3, "\377\377\377\377", 4) == 4 ? buf_add_text(reply, "y") : -1;
	if (text_is(name, "long")) {
		if (buf_reserve(reply, LONG_REPLY) < 0)
			return -1;
		memset(reply->data + reply->len, 'x', LONG_REPLY);
		reply->len += LONG_REPLY;
		return 0;
	}
	if (text_is(name, "inode")) {
		struct stat st;

		return fstat(fd, &st) < 0 ? -1 : buf_printf(reply, "%ju", (uintmax_t)st.st_ino);
	}
	if (text_is(name, "pid")) {
		(void)snprintf(pid, sizeof(pid), "%ld", (long)getpid());
		return buf_add_text(reply, pid);
	}
	return fd >= 0 ? buf_add_text(reply, "file ") : buf_add(reply, name.data, name.len);
}

static struct pool_options options_of(unsigned int workers, int64_t timeout)
{
	return (struct pool_options){ .workers = workers, .timeout = timeout, .start = start,
				      .work = work };
}

static struct pool *open_pool(unsigned int workers, int64_t timeout)
{
	struct pool_options options = options_of(workers, timeout);
	struct comic_err err;
	struct pool *pool = NULL;

	if (pool_open(&pool, &options, &err) < 0) {
		printf("Bail out! %s\n", err.text);
		exit(1);
	}
	return pool;
}

static struct job job_named(const char *name)
{
	return (struct job){ .fd = -1, .name = text_from(name), .cost = 1 };
}

static bool finish(struct pool *pool, struct job *jobs, size_t count, struct comic_err *err)
{
	size_t sent = 0;

	for (size_t done = 0; done < count;) {
		while (sent < count && pool_has_room(pool)) {
			if (pool_submit(pool, &jobs[sent++], err) < 0)
				return false;
		}
		if (pool_wait(pool, NULL, 0, err) < 0)
			return false;
		done = 0;
		for (size_t i = 0; i < count; i++)
			done += jobs[i].state == JOB_DONE;
	}
	return true;
}

static void is_reply(const struct job *job, const char *want, const char *what)
{
	is_u64(job->code, FAIL_NONE, what);
	is_text((struct text){ (const char *)job->reply.data, job->reply.len }, want, what);
}

static void is_failure(const struct job *job, enum fail_code code, const char *reason)
{
	is_u64(job->code, code, reason);
	is_string(job->reason, reason, "its reason");
}

static void clear(struct job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_clear(&jobs[i].reply);
}

static void test_failures(void)
{
	struct pool *pool = open_pool(1, 1000 * MILLISECOND);
	struct job jobs[] = {
		job_named("a"), job_named("crash"), job_named("b"), job_named("signal"),
		job_named("hang"), job_named("c"), job_named("memory"), job_named("too long"),
		job_named("d"),
	};
	struct comic_err err;

	ok(finish(pool, jobs, 7, &err), "one worker does all");
	// What it writes by itself comes before the replies that are held back.
	ok(finish(pool, jobs + 7, 2, &err), "and goes on behind a broken reply");
	is_reply(&jobs[0], "a", "before a crash");
	is_failure(&jobs[1], FAIL_CRASH, "the worker ended with status 7");
	is_reply(&jobs[2], "b", "after a crash");
	is_failure(&jobs[3], FAIL_CRASH, "the worker died of signal 9");
	is_failure(&jobs[4], FAIL_TIMEOUT, "no result within 1 s");
	is_reply(&jobs[5], "c", "behind one that hung");
	is_failure(&jobs[6], FAIL_MEMORY, "out of memory within the worker's limit");
	is_failure(&jobs[7], FAIL_CRASH, "the worker sent a broken reply");
	is_reply(&jobs[8], "d", "after a broken reply");
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

// The second job in a worker's queue has all of its time, and no more.
static void test_second_clock(void)
{
	struct pool *pool = open_pool(1, 1000 * MILLISECOND);
	struct job jobs[] = { job_named("nap"), job_named("nap"), job_named("nap"),
			      job_named("hang") };
	struct comic_err err;

	ok(finish(pool, jobs, COMIC_COUNT(jobs), &err), "naps in a row");
	for (size_t i = 0; i < 3; i++)
		is_reply(&jobs[i], "nap", "a nap is within the time");
	is_failure(&jobs[3], FAIL_TIMEOUT, "no result within 1 s");
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

// A caller who writes to a slow reader does not take replies meanwhile.
static void test_absence(void)
{
	struct pool *pool = open_pool(2, 1000 * MILLISECOND);
	struct job jobs[] = { job_named("long"), job_named("long"), job_named("long"),
			      job_named("long") };
	struct comic_err err;

	for (size_t i = 0; i < COMIC_COUNT(jobs); i++)
		ok(pool_submit(pool, &jobs[i], &err) == 0, "submitted");
	pause_for(1200 * MILLISECOND);
	ok(pool_wait(pool, NULL, 0, &err) == 0, "back after a while");
	pause_for(1200 * MILLISECOND);
	for (bool all = false; !all;) {
		if (!ok(pool_wait(pool, NULL, 0, &err) == 0, "waiting"))
			break;
		all = true;
		for (size_t i = 0; i < COMIC_COUNT(jobs); i++)
			all = all && jobs[i].state == JOB_DONE;
	}
	for (size_t i = 0; i < COMIC_COUNT(jobs); i++) {
		is_u64(jobs[i].code, FAIL_NONE, "a long reply is not late");
		is_u64(jobs[i].reply.len, LONG_REPLY, "and whole");
	}
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

// Each job of a batch gets its own descriptor, those without one among them none.
static void test_descriptors(void)
{
	static const char *const paths[] = { "/", "/dev", "/dev/null", "/dev/zero", "/proc" };
	struct pool *pool = open_pool(1, 0);
	struct job jobs[40];
	struct comic_err err;
	char inode[32];
	struct stat st;

	for (size_t i = 0; i < COMIC_COUNT(jobs); i++) {
		jobs[i] = job_named(i % 3 == 2 ? "none" : "inode");
		if (i % 3 != 2)
			jobs[i].fd = open(paths[i % COMIC_COUNT(paths)], O_RDONLY | O_CLOEXEC);
	}
	ok(finish(pool, jobs, COMIC_COUNT(jobs), &err), "with and without descriptors");
	for (size_t i = 0; i < COMIC_COUNT(jobs); i++) {
		if (jobs[i].fd < 0) {
			is_reply(&jobs[i], "none", "without one");
			continue;
		}
		(void)fstat(jobs[i].fd, &st);
		(void)snprintf(inode, sizeof(inode), "%ju", (uintmax_t)st.st_ino);
		is_reply(&jobs[i], inode, "with its own");
		(void)close(jobs[i].fd);
	}
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

static void test_idle_death(void)
{
	struct pool *pool = open_pool(1, 0);
	struct job first = job_named("pid");
	struct job next = job_named("next");
	struct comic_err err;
	siginfo_t info;
	pid_t pid = 0;

	ok(finish(pool, &first, 1, &err), "a worker tells its process");
	ok(buf_add_byte(&first.reply, '\0') == 0, "a number");
	pid = (pid_t)strtol((const char *)first.reply.data, NULL, 10);
	(void)kill(pid, SIGKILL);
	(void)waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT); // it stays the pool's to reap
	ok(finish(pool, &next, 1, &err), "the worker had died between two jobs");
	is_reply(&next, "next", "which is not the next job's fault");
	clear(&first, 1);
	clear(&next, 1);
	pool_close(pool);
}

static void test_no_start(void)
{
	struct pool_options options = options_of(1, 0);
	struct job job = job_named("a");
	struct comic_err err = { 0 };
	struct pool *pool = NULL;

	options.start = start_never;
	if (ok(pool_open(&pool, &options, &err) == 0, "a pool whose workers cannot start")) {
		ok(!finish(pool, &job, 1, &err), "does nothing");
		is_u64(err.code, COMIC_ERR_IO, "and says so");
		is_u64(job.state == JOB_DONE, 0, "the job is not to blame");
	}
	pool_close(pool);
}

static void test_unasked_reply(void)
{
	struct pool *pool = open_pool(1, 0);
	struct job jobs[] = { job_named("chatter"), job_named("a"), job_named("b") };
	struct comic_err err;

	ok(finish(pool, jobs, COMIC_COUNT(jobs), &err), "a worker that answers twice");
	is_reply(&jobs[0], "x", "the first answer counts");
	is_u64(jobs[2].state, JOB_DONE, "the others are done too");
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

// With no descriptor left a dead worker is replaced all the same.
static void test_no_descriptors(void)
{
	struct pool *pool = open_pool(1, 0);
	struct job jobs[] = { job_named("crash"), job_named("crash"), job_named("a") };
	struct rlimit limit;
	struct rlimit low;
	struct comic_err err = { 0 };
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)getrlimit(RLIMIT_NOFILE, &limit);
	low = (struct rlimit){ (rlim_t)next + 1, limit.rlim_max };
	(void)setrlimit(RLIMIT_NOFILE, &low);
	ok(open("/dev/null", O_RDONLY | O_CLOEXEC) < 0, "no descriptor is left");
	ok(finish(pool, jobs, COMIC_COUNT(jobs), &err), "crashes without descriptors");
	is_failure(&jobs[1], FAIL_CRASH, "the worker ended with status 7");
	is_reply(&jobs[2], "a", "after them");
	(void)setrlimit(RLIMIT_NOFILE, &limit);
	(void)close(next);
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

static void test_endless_time(void)
{
	static const int64_t seconds[] = { 4294967, 9000000, 9000000000 };

	for (size_t i = 0; i < COMIC_COUNT(seconds); i++) {
		struct pool *pool = open_pool(1, seconds[i] * 1000 * MILLISECOND);
		struct job job = job_named("nap");
		struct comic_err err;
		clock_t used = clock();

		ok(finish(pool, &job, 1, &err), "a time-out of %lld s", (long long)seconds[i]);
		is_reply(&job, "nap", "is not over at once");
		ok(clock() - used < CLOCKS_PER_SEC / 20, "and is waited for in one sleep");
		clear(&job, 1);
		pool_close(pool);
	}
}

static void test_many(void)
{
	struct pool *pool = open_pool(POOL_WORKERS_MAX, 0);
	static struct job jobs[2 * POOL_WORKERS_MAX];
	struct comic_err err;
	size_t good = 0;

	for (size_t i = 0; i < COMIC_COUNT(jobs); i++)
		jobs[i] = job_named(i % 16 == 0 ? "crash" : "a");
	ok(finish(pool, jobs, COMIC_COUNT(jobs), &err), "as many workers as there may be");
	for (size_t i = 0; i < COMIC_COUNT(jobs); i++)
		good += jobs[i].code == (i % 16 == 0 ? FAIL_CRASH : FAIL_NONE);
	is_u64(good, COMIC_COUNT(jobs), "and each job has its own result");
	clear(jobs, COMIC_COUNT(jobs));
	pool_close(pool);
}

int main(void)
{
	test_failures();
	test_second_clock();
	test_absence();
	test_descriptors();
	test_idle_death();
	test_no_start();
	test_unasked_reply();
	test_no_descriptors();
	test_endless_time();
	test_many();
	return done();
}
