// SPDX-License-Identifier: MIT
// child.h: a worker process's side of the socket, and the messages on it.
//
// Waking a process costs more than most comics do, so both ways carry several at a time. The
// parent sends up to CHILD_BATCH requests as one message, with their descriptors beside it
// (SCM_RIGHTS) in the requests' order. A request is a header and the name's bytes. The worker does
// them in order and holds its replies back until the last of the message is done, they are
// many bytes, or the first has waited for some milliseconds. A reply is its length (uint32_t) and
// so many bytes. The first reply, of no bytes, says that the worker can work. Both ends are one
// program: no byte order.
//
// As replies may be held back, a page of memory that both share tells which request the worker
// is at: who is late, or whom a crash is to be blamed on. A parent believes it only within
// what it sent.
#ifndef COMIC_CHILD_H
#define COMIC_CHILD_H

#include "worker/pool.h"

#include <stdatomic.h>

#define CHILD_BATCH POOL_COST_LONG
#define CHILD_NAME_MAX 1024

struct child_request {
	uint64_t size;
	uint32_t name_len; // <= CHILD_NAME_MAX
	uint32_t has_fd;
};

struct child_progress {
	_Atomic uint32_t begun; // requests, since the process started
	_Atomic int64_t since; // child_clock() when the last of them was begun
};

// Answers requests until the parent closes its end. Returns the exit status.
int child_run(int socket, struct child_progress *progress, const struct pool_options *options);

int64_t child_clock(void); // nanoseconds, the same clock for parent and workers

#endif
