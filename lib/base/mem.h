// SPDX-License-Identifier: MIT
// mem.h: the two shapes of memory the project uses.
//
// - struct buf: growable bytes with a hard maximum, reused from record to record.
// - struct arena: many small allocations freed at once, when a record or a
//   batch is done. It keeps its blocks across arena_reset(), so steady work
//   allocates nothing.
//
// Nothing here aborts: NULL or -1 means no memory (or the maximum reached) and
// the caller says so through its comic_err.
#ifndef COMIC_MEM_H
#define COMIC_MEM_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// malloc/calloc/realloc for count items of size bytes, NULL when the product
// overflows. Free with free().
COMIC_MUST_CHECK void *mem_alloc(size_t count, size_t size);
COMIC_MUST_CHECK void *mem_zero(size_t count, size_t size);
COMIC_MUST_CHECK void *mem_resize(void *old, size_t count, size_t size);

// Grows *items (item_size bytes each) so that at least need fit; *room is the
// number that fit now. Doubles. 0, or -1 with *items unchanged.
COMIC_MUST_CHECK int mem_grow(void *items, size_t *room, size_t need, size_t item_size);

// Gives what has been freed back to the system, where the C library can.
void mem_trim(void);
// Threads share the one heap: each of their own would take 64 MiB of address space, which may be
// limited. Called before there are any.
void mem_one_heap(void);

struct buf {
	uint8_t *data;
	size_t len; // bytes in use
	size_t room; // bytes allocated
	size_t max; // never allocates more than this; 0 means no maximum
};

// A zeroed struct buf is an empty one without a maximum.
void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b); // frees; the buf is empty and usable again
// Makes room for extra more bytes. -1: no memory, or over the maximum
// (buf_at_max tells which).
COMIC_MUST_CHECK int buf_reserve(struct buf *b, size_t extra);
COMIC_MUST_CHECK int buf_add(struct buf *b, const void *data, size_t len);
COMIC_MUST_CHECK int buf_add_text(struct buf *b, const char *text);
COMIC_MUST_CHECK int buf_add_byte(struct buf *b, uint8_t byte);
COMIC_MUST_CHECK COMIC_PRINTF(2, 3) int buf_printf(struct buf *b, const char *fmt, ...);
// Drops the first len bytes and moves the rest to the front.
void buf_consume(struct buf *b, size_t len);
bool buf_at_max(const struct buf *b, size_t extra);

struct arena_block;
struct arena {
	struct arena_block *first;
	struct arena_block *current;
	size_t used; // bytes handed out since the last reset
	size_t held; // bytes of blocks held
	size_t max; // arena_alloc returns NULL beyond this many held bytes; 0: no maximum
};

// A zeroed struct arena is an empty one.
// Aligned for any type; arena_alloc() does not zero.
COMIC_MUST_CHECK void *arena_alloc(struct arena *a, size_t size);
COMIC_MUST_CHECK void *arena_zero(struct arena *a, size_t size);
// A NUL-terminated copy of len bytes.
COMIC_MUST_CHECK char *arena_copy(struct arena *a, const void *data, size_t len);
// Forgets every allocation, keeps up to keep bytes of blocks for reuse.
void arena_reset(struct arena *a, size_t keep);
void arena_clear(struct arena *a); // frees everything

#endif
