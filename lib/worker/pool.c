// SPDX-License-Identifier: MIT
// pool.c: the parent's side; see pool.h.

#include "worker/pool.h"

#include "base/interrupt.h"
#include "worker/child.h"
#include "worker/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Jobs a worker may hold: the others wait in its socket while it does the first, so that it never
// waits for the parent, and the parent finds several replies when it wakes. A job with a higher
// cost takes the place of several.
#define QUEUE 8
#define SECOND 1000000000
#define IDLE_DEATHS_MAX 3
#define RETIRE_MOMENTS 2000 // milliseconds an idle worker has to end
#define READ_CHUNK ((size_t)16 << 10)
#define KEEP_BYTES ((size_t)64 << 10) // of a worker's buffer, from one reply to the next

struct worker {
	pid_t pid;
	int socket; // -1: not running
	struct job *queue[QUEUE]; // oldest first
	unsigned int queued;
	unsigned int cost; // of all queued
	int64_t started; // when queue[0] became the worker's job
	bool ready; // it has said that it can work: if it dies its oldest job is to blame
	unsigned int idle_deaths; // in a row, without a job to blame
	struct buf in; // bytes of the reply to queue[0] so far
};

struct pool {
	struct pool_options options;
	struct worker *workers;
	struct pollfd *polled; // one for each worker, and one for the caller's input
	int64_t left; // when pool_wait() last returned
	int spare; // a descriptor to give up, so that a worker can always be replaced
};

static int64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * SECOND + t.tv_nsec;
}

static int start_worker(struct pool *pool, struct worker *w, struct comic_err *err)
{
	int pair[2];
	pid_t parent = getpid();

	if (pool->spare >= 0)
		(void)close(pool->spare);
	pool->spare = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set_errno(err, "worker: socket");
	w->pid = fork();
	if (w->pid == 0) {
		int socket = jail_enter(pair[1], pool->options.memory);

		if (socket < 0 || getppid() != parent)
			_exit(1);
		_exit(child_run(socket, &pool->options));
	}
	(void)close(pair[1]);
	if (w->pid < 0) {
		(void)err_set_errno(err, "worker: fork");
		(void)close(pair[0]);
		return -1;
	}
	pool->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	w->socket = pair[0];
	w->ready = false;
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
	pool->polled = mem_zero(options->workers + 1, sizeof(*pool->polled));
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
		buf_clear(&pool->workers[i].in);
	}
	if (pool->spare >= 0)
		(void)close(pool->spare);
	free(pool->workers);
	free(pool->polled);
	free(pool);
}

// The worker with the least to do, NULL if all queues are full.
static struct worker *least_busy(const struct pool *pool)
{
	struct worker *best = NULL;

	for (unsigned int i = 0; i < pool->options.workers; i++) {
		struct worker *w = &pool->workers[i];

		if (w->cost < QUEUE && (best == NULL || w->cost < best->cost))
			best = w;
	}
	return best;
}

bool pool_has_room(const struct pool *pool)
{
	return least_busy(pool) != NULL;
}

static int send_request(const struct worker *w, const struct job *job)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	struct text name = job->name;
	struct child_request request = { .size = job->size, .has_fd = job->fd >= 0 };
	struct iovec parts[2] = { { &request, sizeof(request) }, { NULL, 0 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t sent = 0;

	if (name.len > CHILD_NAME_MAX) // no file system has such names; the end has the suffix
		name = (struct text){ name.data + name.len - CHILD_NAME_MAX, CHILD_NAME_MAX };
	request.name_len = (uint32_t)name.len;
	parts[1] = (struct iovec){ (void *)(uintptr_t)name.data, name.len };
	if (job->fd >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.align = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
						  .cmsg_len = CMSG_LEN(sizeof(int)) };
		memcpy(CMSG_DATA(&control.align), &job->fd, sizeof(job->fd));
	}
	do {
		sent = sendmsg(w->socket, &message, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	// A request is far smaller than a socket's buffer, so it is sent whole or not at all.
	return sent == (ssize_t)(sizeof(request) + name.len) ? 0 : -1;
}

// 1, or 0 if too many descriptors wait in the sockets of this user's processes (unix(7)).
static int give(struct worker *w, struct job *job, struct comic_err *err)
{
	if (send_request(w, job) < 0) {
		if (errno == ETOOMANYREFS)
			return 0;
		if (errno != EPIPE && errno != ECONNRESET)
			return err_set_errno(err, "worker: send");
		// It is dead, as the next pool_wait() will see, and not of this job.
		w->ready = w->ready && w->queued > 0;
	}
	if (w->queued == 0)
		w->started = now();
	w->queue[w->queued++] = job;
	w->cost += job->cost;
	job->state = JOB_SENT;
	return 1;
}

// The same, waiting for other processes to take their descriptors in.
static int give_patiently(struct worker *w, struct job *job, struct comic_err *err)
{
	static const struct timespec moment = { .tv_nsec = 1000000 };
	int given = 0;

	while ((given = give(w, job, err)) == 0) {
		if (interrupt_check(err) < 0)
			return -1;
		(void)nanosleep(&moment, NULL);
	}
	return given < 0 ? -1 : 0;
}

static bool is_idle(const struct pool *pool)
{
	for (unsigned int i = 0; i < pool->options.workers; i++) {
		if (pool->workers[i].queued > 0)
			return false;
	}
	return true;
}

int pool_submit(struct pool *pool, struct job *job, struct comic_err *err)
{
	struct worker *w = least_busy(pool);

	if (w == NULL)
		return err_set(err, COMIC_ERR_BUG, "worker: no room for a job");
	if (is_idle(pool))
		return give_patiently(w, job, err);
	return give(w, job, err) < 0 ? -1 : 0;
}

static void take_first(struct worker *w)
{
	w->cost -= w->queue[0]->cost;
	for (unsigned int i = 1; i < w->queued; i++)
		w->queue[i - 1] = w->queue[i];
	w->queued--;
	w->started = now();
}

COMIC_PRINTF(3, 4)
static void fail_first(struct worker *w, enum fail_code code, const char *fmt, ...)
{
	struct job *job = w->queue[0];
	va_list args;

	job->code = code;
	job->state = JOB_DONE;
	va_start(args, fmt);
	(void)vsnprintf(job->reason, sizeof(job->reason), fmt, args);
	va_end(args);
	take_first(w);
}

// Why a worker is replaced.
enum end { END_DIED, END_LATE, END_BROKEN };

static void blame_first(struct pool *pool, struct worker *w, enum end why, int status)
{
	if (why == END_LATE)
		fail_first(w, FAIL_TIMEOUT, "no result within %g s",
			   (double)pool->options.timeout / SECOND);
	else if (why == END_BROKEN)
		fail_first(w, FAIL_CRASH, "the worker sent a broken reply");
	else if (WIFSIGNALED(status))
		fail_first(w, FAIL_CRASH, "the worker died of signal %d", WTERMSIG(status));
	else
		fail_first(w, FAIL_CRASH, "the worker ended with status %d", WEXITSTATUS(status));
}

// Ends a worker and gives the jobs that were not at fault to a new one.
static int replace_worker(struct pool *pool, struct worker *w, enum end why, struct comic_err *err)
{
	int status = stop_worker(w);
	struct job *left[QUEUE];
	unsigned int count = 0;

	if (w->queued > 0 && w->ready)
		blame_first(pool, w, why, status);
	else if (++w->idle_deaths > IDLE_DEATHS_MAX)
		return err_set(err, COMIC_ERR_IO, "worker: it keeps dying before its first file");
	count = w->queued;
	memcpy(left, w->queue, sizeof(left));
	w->queued = 0;
	w->cost = 0;
	if (start_worker(pool, w, err) < 0)
		return -1;
	for (unsigned int i = 0; i < count; i++) {
		if (give_patiently(w, left[i], err) < 0)
			return -1;
	}
	return 0;
}

// Hands the reply of len bytes after the length to the oldest job.
static int finish_first(struct worker *w, size_t len, struct comic_err *err)
{
	struct job *job = w->queue[0];

	if (len == 0) {
		fail_first(w, FAIL_MEMORY, "out of memory within the worker's limit");
	} else {
		job->reply.len = 0;
		if (buf_add(&job->reply, w->in.data + sizeof(uint32_t), len) < 0)
			return err_set_nomem(err, "worker");
		job->code = FAIL_NONE;
		job->state = JOB_DONE;
		w->idle_deaths = 0;
		take_first(w);
	}
	buf_consume(&w->in, sizeof(uint32_t) + len);
	return 0;
}

// Takes every whole reply that has come. 1: the worker is broken.
static int take_replies(struct worker *w, struct comic_err *err)
{
	uint32_t len = 0;

	while (w->in.len >= sizeof(len)) {
		memcpy(&len, w->in.data, sizeof(len));
		if (!w->ready && len == 0) {
			w->ready = true;
			w->started = now();
			buf_consume(&w->in, sizeof(len));
			continue;
		}
		if (!w->ready || w->queued == 0 || len > POOL_REPLY_MAX - sizeof(len))
			return 1;
		if (w->in.len - sizeof(len) < len)
			break;
		if (finish_first(w, len, err) < 0)
			return -1;
	}
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
	return broken > 0 ? replace_worker(pool, w, END_BROKEN, err) : broken;
}

// Milliseconds until the first deadline, -1 if there is none.
static int next_deadline(const struct pool *pool, int64_t at)
{
	int64_t least = -1;

	for (unsigned int i = 0; i < pool->options.workers && pool->options.timeout > 0; i++) {
		const struct worker *w = &pool->workers[i];
		int64_t left = w->started + pool->options.timeout - at;

		if (w->queued > 0 && (least < 0 || left < least))
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
	int64_t at = now();

	for (unsigned int i = 0; i < pool->options.workers; i++) {
		struct worker *w = &pool->workers[i];

		w->started += at - (w->started > pool->left ? w->started : pool->left);
	}
}

static int stop_late(struct pool *pool, struct comic_err *err)
{
	int64_t at = now();

	for (unsigned int i = 0; i < pool->options.workers && pool->options.timeout > 0; i++) {
		struct worker *w = &pool->workers[i];

		if (w->queued > 0 && at - w->started >= pool->options.timeout &&
		    replace_worker(pool, w, END_LATE, err) < 0)
			return -1;
	}
	return 0;
}

int pool_wait(struct pool *pool, struct pollfd *input, struct comic_err *err)
{
	unsigned int count = pool->options.workers;
	nfds_t polled = count;
	int got = 0;

	forgive_absence(pool);
	for (unsigned int i = 0; i < count; i++)
		pool->polled[i] = (struct pollfd){ pool->workers[i].socket, POLLIN, 0 };
	if (input != NULL)
		pool->polled[polled++] = (struct pollfd){ input->fd, POLLIN, 0 };
	got = poll(pool->polled, polled, next_deadline(pool, now()));
	if (got < 0 && errno != EINTR)
		return err_set_errno(err, "worker: poll");
	if (interrupt_check(err) < 0)
		return -1;
	if (input != NULL)
		input->revents = got > 0 ? pool->polled[count].revents : 0;
	for (unsigned int i = 0; i < count && got > 0; i++) {
		if (pool->polled[i].revents != 0 &&
		    read_worker(pool, &pool->workers[i], err) < 0)
			return -1;
	}
	if (stop_late(pool, err) < 0)
		return -1;
	pool->left = now();
	return 0;
}
