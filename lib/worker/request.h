// SPDX-License-Identifier: MIT
// request.h: several requests to a worker as one message; child.h says what is in it.
#ifndef COMIC_REQUEST_H
#define COMIC_REQUEST_H

#include "worker/child.h"

#include <sys/uio.h>

// A zeroed one is empty.
struct request_batch {
	unsigned int count;
	size_t bytes;
	size_t fd_count;
	int fds[CHILD_BATCH];
	struct child_request requests[CHILD_BATCH];
	struct iovec parts[2 * CHILD_BATCH];
};

// Adds the job's request. Only up to CHILD_BATCH; the name stays the job's.
void request_add(struct request_batch *b, const struct job *job);
// Sends all in one message, whole or not at all: a batch is far smaller than a socket's buffer.
// 0, or -1 with errno.
COMIC_MUST_CHECK int request_send(int socket, struct request_batch *b);

#endif
