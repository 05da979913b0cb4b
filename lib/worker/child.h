// SPDX-License-Identifier: MIT
// child.h: a worker process's side of the socket, and the messages on it.
#ifndef COMIC_CHILD_H
#define COMIC_CHILD_H

#include "worker/pool.h"

// A request is this header and the name's bytes, with the file's descriptor
// passed beside the first byte (SCM_RIGHTS) if has_fd. A reply is its length
// (uint32_t) and so many bytes. The first reply, of no bytes, says that the worker
// can work. Both ends are one program: no byte order.
#define CHILD_NAME_MAX 1024
struct child_request {
	uint64_t size;
	uint32_t name_len; // <= CHILD_NAME_MAX
	uint32_t has_fd;
};

// Answers requests until the parent closes its end. Returns the exit status.
int child_run(int socket, const struct pool_options *options);

#endif
