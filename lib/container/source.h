// SPDX-License-Identifier: MIT
// source.h: the bytes of one file, by pread on a descriptor somebody else opened.
//
// What a ZIP reader needs stands at the end of the file, so the last bytes are kept: the tail,
// which starts empty and grows towards the beginning. Its buffer is reused from file to file.
#ifndef COMIC_SOURCE_H
#define COMIC_SOURCE_H

#include "base/mem.h"
#include "container/fail.h"

struct source {
	int fd;
	uint64_t size; // of the file, as the caller knows it
	uint64_t tail_at; // where in the file the tail begins; size while it is empty
	struct buf tail;
	struct buf scratch; // what source_view() had to read
};

// The next file. Buffers of more than an ordinary comic needs are given back.
void source_start(struct source *s, int fd, uint64_t size);
void source_clear(struct source *s);

// Exactly len bytes from offset at. Fails as UNREADABLE, CHANGED (the file is shorter than
// size by now) or DAMAGED (bytes behind the end are asked for).
COMIC_MUST_CHECK enum fail_code source_read(const struct source *s, uint64_t at, void *out,
					    size_t len, struct comic_err *err);
// Makes the tail begin at offset at or before; one read of just the missing bytes. Moves the
// tail: pointers into it are stale afterwards. After a failure the tail is empty.
COMIC_MUST_CHECK enum fail_code source_grow_tail(struct source *s, uint64_t at,
						 struct comic_err *err);
// *out points at the len bytes from offset at, in the tail if it holds them all; valid until
// the next source_view() or source_grow_tail().
COMIC_MUST_CHECK enum fail_code source_view(struct source *s, uint64_t at, size_t len,
					    const uint8_t **out, struct comic_err *err);

#endif
