// SPDX-License-Identifier: MIT
// pool.h: jobs done in worker processes, so that one bad file costs one job.
//
// A parser that crashes, hangs or eats memory on a hostile file takes its
// worker with it; the job ends with a code, the worker is replaced and the
// others never notice. The parent opens each file and passes the descriptor; a
// worker opens nothing (jail.h takes away what it does not need).
//
// Jobs are the caller's, and so is their order: a job is JOB_DONE some time
// after it was submitted, and whoever needs them in order waits for the oldest.
// A reply is bytes from an untrusted process: check it before use.
#ifndef COMIC_POOL_H
#define COMIC_POOL_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "stream/record.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#define POOL_WORKERS_MAX 256
#define POOL_COST_LONG 8 // of a job that is a batch of its own
#define POOL_REPLY_MAX ((size_t)6 << 20) // bytes; a longer reply is a broken worker

enum job_state { JOB_NEW, JOB_GIVEN, JOB_DONE };

struct job {
	int fd; // of the file, -1 for a job without one; stays the caller's
	uint64_t size; // of the file, bytes
	struct text name; // the file's base name; valid until JOB_DONE
	unsigned int cost; // 1: done in a moment; POOL_COST_LONG: others should not wait behind it
	enum job_state state;
	struct buf reply; // JOB_DONE with code FAIL_NONE: what the worker sent
	enum fail_code code; // FAIL_CRASH, FAIL_TIMEOUT, FAIL_MEMORY: no reply, see reason
	char reason[128];
};

// What a worker does with a job, in its own process. fd, size and name are the
// job's. Fills reply; a return of -1 means no memory.
typedef int (*pool_work)(void *state, int fd, uint64_t size, struct text name, struct buf *reply);
// Makes the state of a new worker process, NULL for no memory.
typedef void *(*pool_start)(const void *context);

struct pool_options {
	unsigned int workers; // 1 .. POOL_WORKERS_MAX
	int64_t timeout; // nanoseconds for one job while pool_wait() waits for it, 0 for none
	uint64_t memory; // bytes of address space of a worker, 0 for no limit
	pool_start start;
	pool_work work;
	const void *context; // for start
	// Gives descriptors up when there is none for a new worker. NULL: there are none to give.
	void (*free_descriptors)(void *owner);
	void *owner;
};

struct pool;

// Forks the workers. 0, or -1 (IO, NOMEM).
COMIC_MUST_CHECK int pool_open(struct pool **out, const struct pool_options *options,
			       struct comic_err *err);
// Kills the workers. NULL is fine.
void pool_close(struct pool *pool);

// True if a job may be submitted.
bool pool_has_room(const struct pool *pool);
// Puts job (JOB_NEW) into a worker's next batch. Only if pool_has_room(). 0 or -1 (BUG).
COMIC_MUST_CHECK int pool_submit(struct pool *pool, struct job *job, struct comic_err *err);
// Sends the batches to their workers. 0 or -1 (IO, INTERRUPTED).
COMIC_MUST_CHECK int pool_send(struct pool *pool, struct comic_err *err);
#define POOL_OTHERS 2
// Sends the batches, then waits until a job is done, one of the others can be read (up to
// POOL_OTHERS; their revents tell), or a signal arrives. 0 or -1 (IO, NOMEM, INTERRUPTED).
COMIC_MUST_CHECK int pool_wait(struct pool *pool, struct pollfd *others, size_t other_count,
			       struct comic_err *err);

#endif
