// SPDX-License-Identifier: MIT
// pool.c: the parent's side; see pool.h.

#include "worker/pool.h"

#include "base/interrupt.h"
#include "worker/child.h"
#include "worker/jail.h"
#include "worker/request.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Jobs a worker may hold: a batch waits in its socket while it does the one before, so that it
// never waits for the parent. A job with a higher cost takes the place of several.
#define QUEUE (2 * CHILD_BATCH)
#define SECOND 1000000000
#define IDLE_DEATHS_MAX 3
#define RETIRE_MOMENTS 2000 // milliseconds an idle worker has to end
#define READ_CHUNK ((size_t)64 << 10) // the replies to a batch, mostly
#define BROKEN (-2) // what came is no reply
#define KEEP_BYTES ((size_t)256 << 10) // of a worker's buffer, from one reply to the next

struct worker {
	pid_t pid;
	int socket; // -1: not running
	struct job *queue[QUEUE]; // oldest first
	unsigned int queued;
	unsigned int sent; // of them; the others go with the next batch
	unsigned int cost; // of all queued
	struct child_progress *progress; // shared with the process, NULL: not running
	uint32_t answered; // jobs, since the process started
	uint32_t begun; // the same, as the progress was seen last
	int64_t started; // when it began the job it is at, or was given it
	bool ready; // it has said that it can work: if it dies its oldest job is to blame
	unsigned int idle_deaths; // in a row, without a job to blame
	struct buf in; // bytes of the reply to queue[0] so far
};

struct pool {
	struct pool_options options;
	struct worker *workers;
	struct pollfd *polled; // one for each worker, and the caller's
	int64_t left; // when pool_wait() last returned
	int spare; // a descriptor to give up, so that a worker can be replaced
};

// Its own page for each process: no worker can tell lies about another.
static int share_progress(struct worker *w, struct comic_err *err)
{
	void *page = mmap(NULL, sizeof(*w->progress), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return err_set_errno(err, "worker: memory");
	w->progress = page;
	return 0;
}

static void unshare_progress(struct worker *w)
{
	if (w->progress != NULL)
		(void)munmap(w->progress, sizeof(*w->progress));
	w->progress = NULL;
}

// What failed did so because descriptors are all taken, and some can be given up.
static bool lacks_descriptors(const struct pool *pool)
{
	return (errno == EMFILE || errno == ENFILE) && pool->options.free_descriptors != NULL;
}

// The descriptors of a worker that ended, and the spare one, may have been taken by a thread that
// opens files; then others are given up.
static int make_sockets(const struct pool *pool, int pair[2])
{
	int type = SOCK_STREAM | SOCK_CLOEXEC;

	if (socketpair(AF_UNIX, type, 0, pair) == 0)
		return 0;
	if (!lacks_descriptors(pool))
		return -1;
	pool->options.free_descriptors(pool->options.owner);
	return socketpair(AF_UNIX, type, 0, pair);
}

static void keep_spare(struct pool *pool)
{
	pool->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pool->spare >= 0 || !lacks_descriptors(pool))
		return;
	pool->options.free_descriptors(pool->options.owner);
	pool->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static int start_worker(struct pool *pool, struct worker *w, struct comic_err *err)
{
	int pair[2];
	pid_t parent = getpid();

	if (pool->spare >= 0)
		(void)close(pool->spare);
	pool->spare = -1;
	if (share_progress(w, err) < 0)
		return -1;
	if (make_sockets(pool, pair) < 0)
		return err_set_errno(err, "worker: socket");
	w->pid = fork();
	if (w->pid == 0) {
		int socket = jail_enter(pair[1], pool->options.memory);

		if (socket < 0 || getppid() != parent)
			_exit(1);
		_exit(child_run(socket, w->progress, &pool->options));
	}
	(void)madvise(w->progress, sizeof(*w->progress), MADV_DONTFORK);
	(void)close(pair[1]);
	if (w->pid < 0) {
		(void)err_set_errno(err, "worker: fork");
		(void)close(pair[0]);
		return -1;
	}
	keep_spare(pool);
	w->socket = pair[0];
	w->ready = false;
	w->answered = 0;
	w->begun = 0;
	w->in.len = 0;
	return 0;
}

// Ends the worker's process; returns its wait status.
static int stop_worker(struct worker *w)
{
	int status = 0;

	if (w->socket < 0)
		return 0;
	(void)close(w->socket);
	w->socket = -1;
	(void)kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

// An idle worker ends by itself when its socket is shut down; one that does not is ended.
static void retire_worker(struct worker *w)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };
	pid_t got = 0;

	if (w->socket < 0 || w->queued > 0) {
		(void)stop_worker(w);
		return;
	}
	for (int i = 0; i < RETIRE_MOMENTS && got == 0; i++) {
		got = waitpid(w->pid, NULL, WNOHANG);
		if (got == 0)
			(void)nanosleep(&moment, NULL);
	}
	if (got == 0) {
		(void)stop_worker(w);
		return;
	}
	(void)close(w->socket);
	w->socket = -1;
}

int pool_open(struct pool **out, const struct pool_options *options, struct comic_err *err)
{
	struct pool *pool = mem_zero(1, sizeof(*pool));

	*out = NULL;
	if (pool == NULL)
		return err_set_nomem(err, "workers");
	pool->options = *options;
	pool->spare = -1;
	pool->workers = mem_zero(options->workers, sizeof(*pool->workers));
	pool->polled = mem_zero(options->workers + POOL_OTHERS, sizeof(*pool->polled));
	if (pool->workers == NULL || pool->polled == NULL) {
		pool->options.workers = 0;
		pool_close(pool);
		return err_set_nomem(err, "workers");
	}
	for (unsigned int i = 0; i < options->workers; i++) {
		pool->workers[i].socket = -1;
		pool->workers[i].in.max = POOL_REPLY_MAX * 2;
	}
	for (unsigned int i = 0; i < options->workers; i++) {
		if (start_worker(pool, &pool->workers[i], err) < 0) {
			pool_close(pool);
			return -1;
		}
	}
	*out = pool;
	return 0;
}

void pool_close(struct pool *pool)
{
	if (pool == NULL)
		return;
	for (unsigned int i = 0; i < pool->options.workers; i++) {
		if (pool->workers[i].socket >= 0)
			(void)shutdown(pool->workers[i].socket, SHUT_RDWR);
	}
	for (unsigned int i = 0; i < pool->options.workers; i++) {
		retire_worker(&pool->workers[i]);
		unshare_progress(&pool->workers[i]);
		buf_clear(&pool->workers[i].in);
	}
	if (pool->spare >= 0)
		(void)close(pool->spare);
	free(pool->workers);
	free(pool->polled);
	free(pool);
}

// The cost of the jobs from the first that was not sent.
static unsigned int unsent_cost(const struct worker *w)
{
	unsigned int cost = 0;

	for (unsigned int i = w->sent; i < w->queued; i++)
		cost += w->queue[i]->cost;
	return cost;
}

// A batch is begun when there is room for a whole one, then filled.
static bool takes_jobs(const struct worker *w)
{
	if (w->queued == w->sent)
		return w->cost <= QUEUE - CHILD_BATCH;
	return w->queued < QUEUE && unsent_cost(w) < CHILD_BATCH;
}

// The worker with the least to do of those that take jobs.
static struct worker *least_busy(const struct pool *pool)
{
	struct worker *best = NULL;

	for (unsigned int i = 0; i < pool->options.workers; i++) {
		struct worker *w = &pool->workers[i];

		if (takes_jobs(w) && (best == NULL || w->cost < best->cost))
			best = w;
	}
	return best;
}

bool pool_has_room(const struct pool *pool)
{
	return least_busy(pool) != NULL;
}

// Sends the next batch of what is queued: as many as cost no more than one, or a single job.
// 1, or 0 if too many descriptors wait in the sockets of this user's processes (unix(7)).
static int send_batch(struct worker *w, struct comic_err *err)
{
	struct request_batch b = { .count = 0 };
	unsigned int cost = 0;

	for (unsigned int i = w->sent; i < w->queued && b.count < CHILD_BATCH; i++) {
		cost += w->queue[i]->cost;
		if (b.count > 0 && cost > CHILD_BATCH)
			break;
		request_add(&b, w->queue[i]);
	}
	if (request_send(w->socket, &b) < 0) {
		if (errno == ETOOMANYREFS)
			return 0;
		if (errno != EPIPE && errno != ECONNRESET)
			return err_set_errno(err, "worker: send");
		// It is dead, as the next pool_wait() will see, and not of these jobs.
		w->ready = w->ready && w->sent > 0;
	}
	if (w->sent == 0)
		w->started = child_clock();
	w->sent += b.count;
	return 1;
}

static bool is_idle(const struct pool *pool)
{
	for (unsigned int i = 0; i < pool->options.workers; i++) {
		if (pool->workers[i].sent > 0)
			return false;
	}
	return true;
}

// Without room for descriptors in the sockets the rest stays queued until a job is done; if
// none is under way, until other processes have taken theirs in.
static int send_queued(struct pool *pool, struct worker *w, struct comic_err *err)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };

	while (w->sent < w->queued) {
		int given = send_batch(w, err);

		if (given < 0 || (given == 0 && interrupt_check(err) < 0))
			return -1;
		if (given == 0 && !is_idle(pool))
			return 0;
		if (given == 0)
			(void)nanosleep(&moment, NULL);
	}
	return 0;
}

int pool_submit(struct pool *pool, struct job *job, struct comic_err *err)
{
	struct worker *w = least_busy(pool);

	if (w == NULL)
		return err_set(err, COMIC_ERR_BUG, "worker: no room for a job");
	w->queue[w->queued++] = job;
	w->cost += job->cost;
	job->state = JOB_GIVEN;
	return 0;
}

int pool_send(struct pool *pool, struct comic_err *err)
{
	for (unsigned int i = 0; i < pool->options.workers; i++) {
		if (send_queued(pool, &pool->workers[i], err) < 0)
			return -1;
	}
	return 0;
}

// Sees which job the worker is at, and since when. What it tells counts only within its queue.
static void look(struct worker *w)
{
	uint32_t begun = atomic_load(&w->progress->begun);
	int64_t since = atomic_load(&w->progress->since);
	int64_t at = child_clock();

	if (begun == w->begun || begun - w->answered - 1 >= w->sent)
		return;
	w->begun = begun;
	if (since > w->started)
		w->started = since < at ? since : at;
}

// The place in the queue of the job the worker is at.
static unsigned int current_job(const struct worker *w)
{
	uint32_t place = w->begun - w->answered - 1;

	return place < w->sent ? place : 0;
}

static void take_out(struct worker *w, unsigned int place)
{
	w->cost -= w->queue[place]->cost;
	for (unsigned int i = place + 1; i < w->queued; i++)
		w->queue[i - 1] = w->queue[i];
	w->queued--;
	w->sent--;
}

// The oldest job was answered; the next one's time begins unless it is known to have begun.
static void take_first(struct worker *w)
{
	take_out(w, 0);
	w->answered++;
	if ((int32_t)(w->begun - w->answered) <= 0)
		w->started = child_clock();
}

COMIC_PRINTF(3, 4)
static void fail_job(struct job *job, enum fail_code code, const char *fmt, ...)
{
	va_list args;

	job->code = code;
	job->state = JOB_DONE;
	va_start(args, fmt);
	(void)vsnprintf(job->reason, sizeof(job->reason), fmt, args);
	va_end(args);
}

// Why a worker is replaced.
enum end { END_DIED, END_LATE, END_BROKEN };

// A broken reply is the one that was due, anything else is of the job the worker was at.
static void blame(struct pool *pool, struct worker *w, enum end why, int status)
{
	unsigned int place = why == END_BROKEN ? 0 : current_job(w);
	struct job *job = w->queue[place];

	if (why == END_LATE)
		fail_job(job, FAIL_TIMEOUT, "no result within %g s",
			 (double)pool->options.timeout / SECOND);
	else if (why == END_BROKEN)
		fail_job(job, FAIL_CRASH, "the worker sent a broken reply");
	else if (WIFSIGNALED(status))
		fail_job(job, FAIL_CRASH, "the worker died of signal %d", WTERMSIG(status));
	else
		fail_job(job, FAIL_CRASH, "the worker ended with status %d", WEXITSTATUS(status));
	take_out(w, place);
}

// Ends a worker and gives the jobs that were not at fault to a new one: those it had not begun,
// and those whose replies it held back.
static int replace_worker(struct pool *pool, struct worker *w, enum end why, struct comic_err *err)
{
	int status = stop_worker(w);

	look(w);
	if (w->sent > 0 && w->ready)
		blame(pool, w, why, status);
	else if (++w->idle_deaths > IDLE_DEATHS_MAX)
		return err_set(err, COMIC_ERR_IO, "worker: it keeps dying before its first file");
	w->sent = 0;
	unshare_progress(w);
	if (start_worker(pool, w, err) < 0)
		return -1;
	return send_queued(pool, w, err);
}

// Hands a reply to the oldest job.
static int finish_first(struct worker *w, const void *reply, size_t len, struct comic_err *err)
{
	struct job *job = w->queue[0];

	if (len == 0) {
		fail_job(job, FAIL_MEMORY, "out of memory within the worker's limit");
	} else {
		job->reply.len = 0;
		if (buf_add(&job->reply, reply, len) < 0)
			return err_set_nomem(err, "worker");
		job->code = FAIL_NONE;
		job->state = JOB_DONE;
		w->idle_deaths = 0;
	}
	take_first(w);
	return 0;
}

// Takes the whole reply at the front of bytes, if one is there. Its size with its length, 0 if
// there is none, -1, or BROKEN.
static ssize_t take_reply(struct worker *w, const uint8_t *bytes, size_t left,
			  struct comic_err *err)
{
	uint32_t len = 0;

	if (left < sizeof(len))
		return 0;
	memcpy(&len, bytes, sizeof(len));
	if (!w->ready && len == 0) {
		w->ready = true;
		w->started = child_clock();
		return sizeof(len);
	}
	if (!w->ready || w->sent == 0 || len > POOL_REPLY_MAX - sizeof(len))
		return BROKEN;
	if (left - sizeof(len) < len)
		return 0;
	if (finish_first(w, bytes + sizeof(len), len, err) < 0)
		return -1;
	return (ssize_t)(sizeof(len) + len);
}

// Takes every whole reply that has come. 0, -1, or BROKEN.
static int take_replies(struct worker *w, struct comic_err *err)
{
	size_t at = 0;
	ssize_t taken = 0;

	while ((taken = take_reply(w, w->in.data + at, w->in.len - at, err)) > 0)
		at += (size_t)taken;
	if (taken < 0)
		return (int)taken;
	buf_consume(&w->in, at);
	if (w->in.len == 0 && w->in.room > KEEP_BYTES)
		buf_clear(&w->in);
	return 0;
}

static int read_worker(struct pool *pool, struct worker *w, struct comic_err *err)
{
	ssize_t got = 0;
	int broken = 0;

	// A reply within POOL_REPLY_MAX leaves room; a longer one was refused by its length.
	if (buf_reserve(&w->in, READ_CHUNK) < 0)
		return err_set_nomem(err, "worker");
	got = recv(w->socket, w->in.data + w->in.len, w->in.room - w->in.len, MSG_DONTWAIT);
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (got <= 0)
		return replace_worker(pool, w, END_DIED, err);
	w->in.len += (size_t)got;
	broken = take_replies(w, err);
	return broken == BROKEN ? replace_worker(pool, w, END_BROKEN, err) : broken;
}

// Milliseconds until the first deadline, -1 if there is none.
static int next_deadline(const struct pool *pool, int64_t at)
{
	int64_t least = -1;

	for (unsigned int i = 0; i < pool->options.workers && pool->options.timeout > 0; i++) {
		struct worker *w = &pool->workers[i];
		int64_t left = w->started + pool->options.timeout - at;

		if (w->sent > 0 && (least < 0 || left < least))
			least = left < 0 ? 0 : left;
	}
	if (least / 1000000 >= INT_MAX)
		return INT_MAX;
	return least < 0 ? -1 : (int)(least / 1000000 + 1);
}

// While the caller was elsewhere, writing to a slow reader, nobody took replies:
// that time is not the workers'.
static void forgive_absence(struct pool *pool)
{
	int64_t at = child_clock();

	for (unsigned int i = 0; i < pool->options.workers; i++) {
		struct worker *w = &pool->workers[i];

		look(w);
		w->started += at - (w->started > pool->left ? w->started : pool->left);
	}
}

static int stop_late(struct pool *pool, struct comic_err *err)
{
	int64_t at = child_clock();

	for (unsigned int i = 0; i < pool->options.workers && pool->options.timeout > 0; i++) {
		struct worker *w = &pool->workers[i];

		look(w);
		if (w->sent > 0 && at - w->started >= pool->options.timeout &&
		    replace_worker(pool, w, END_LATE, err) < 0)
			return -1;
	}
	return 0;
}

int pool_wait(struct pool *pool, struct pollfd *others, size_t other_count, struct comic_err *err)
{
	unsigned int count = pool->options.workers;
	int got = 0;

	if (pool_send(pool, err) < 0)
		return -1;
	forgive_absence(pool);
	for (unsigned int i = 0; i < count; i++)
		pool->polled[i] = (struct pollfd){ pool->workers[i].socket, POLLIN, 0 };
	for (size_t i = 0; i < other_count; i++)
		pool->polled[count + i] = (struct pollfd){ others[i].fd, POLLIN, 0 };
	got = poll(pool->polled, count + other_count, next_deadline(pool, child_clock()));
	if (got < 0 && errno != EINTR)
		return err_set_errno(err, "worker: poll");
	if (interrupt_check(err) < 0)
		return -1;
	for (size_t i = 0; i < other_count; i++)
		others[i].revents = got > 0 ? pool->polled[count + i].revents : 0;
	for (unsigned int i = 0; i < count && got > 0; i++) {
		if (pool->polled[i].revents != 0 &&
		    read_worker(pool, &pool->workers[i], err) < 0)
			return -1;
	}
	if (stop_late(pool, err) < 0)
		return -1;
	pool->left = child_clock();
	return 0;
}
