// SPDX-License-Identifier: MIT
// output.h: buffered output whose every byte is known to be written.
//
// To standard output, or to a file that appears whole or not at all: it is
// written beside its final name and renamed by output_commit(). A name that is
// not a regular file (/dev/null, a fifo) is opened and written as it is.
#ifndef COMIC_OUTPUT_H
#define COMIC_OUTPUT_H

#include "base/err.h"
#include "base/mem.h"

struct output {
	int fd;
	const char *name; // for messages
	char *temporary; // NULL for standard output and for what is no regular file
	struct buf pending;
	uint64_t written; // bytes handed to the kernel
};

// path NULL: standard output. 0 or -1 (IO, NOMEM); after -1 there is nothing to close.
COMIC_MUST_CHECK int output_open(struct output *out, const char *path, struct comic_err *err);
COMIC_MUST_CHECK int output_write(struct output *out, const void *data, size_t len,
				  struct comic_err *err);
COMIC_MUST_CHECK int output_flush(struct output *out, struct comic_err *err);
// Flushes, closes with its error checked and gives a file its name. Ends the output either way.
COMIC_MUST_CHECK int output_commit(struct output *out, struct comic_err *err);
// Drops what is pending and removes the temporary file. After output_commit() it does nothing.
void output_abort(struct output *out);

// Writes all of data to fd; EINTR is retried unless interrupt_signal() (INTERRUPTED).
COMIC_MUST_CHECK int output_write_all(int fd, const char *name, const void *data, size_t len,
				      struct comic_err *err);

#endif
