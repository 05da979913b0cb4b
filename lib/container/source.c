// SPDX-License-Identifier: MIT
// source.c: see source.h.

#include "container/source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define KEEP ((size_t)1 << 20) // bytes of a buffer worth keeping for the next file

static void start_buffer(struct buf *b)
{
	if (b->room > KEEP)
		buf_clear(b);
	b->len = 0;
}

void source_start(struct source *s, int fd, uint64_t size)
{
	s->fd = fd;
	s->size = size;
	s->tail_at = size;
	start_buffer(&s->tail);
	start_buffer(&s->scratch);
}

void source_clear(struct source *s)
{
	buf_clear(&s->tail);
	buf_clear(&s->scratch);
}

enum fail_code source_read(const struct source *s, uint64_t at, void *out, size_t len,
			   struct comic_err *err)
{
	uint8_t *to = out;

	if (at > s->size || len > s->size - at)
		return fail_set(err, FAIL_DAMAGED, "it refers to bytes behind the end of the file");
	while (len > 0) {
		ssize_t got = pread(s->fd, to, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			(void)err_set_errno(err, "cannot be read");
			return FAIL_UNREADABLE;
		}
		if (got == 0)
			return fail_set(err, FAIL_CHANGED, "it became shorter while it was read");
		to += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return FAIL_NONE;
}

enum fail_code source_grow_tail(struct source *s, uint64_t at, struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;
	size_t more = 0;

	if (at >= s->tail_at)
		return FAIL_NONE;
	more = (size_t)(s->tail_at - at);
	if (buf_reserve(&s->tail, more) < 0)
		return fail_set_memory(err, "the list of members");
	memmove(s->tail.data + more, s->tail.data, s->tail.len);
	code = source_read(s, at, s->tail.data, more, err);
	s->tail.len = code == FAIL_NONE ? s->tail.len + more : 0;
	s->tail_at = code == FAIL_NONE ? at : s->size;
	return code;
}

enum fail_code source_view(struct source *s, uint64_t at, size_t len, const uint8_t **out,
			   struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	if (at >= s->tail_at && at <= s->size && len <= s->size - at) {
		*out = s->tail.data + (size_t)(at - s->tail_at);
		return FAIL_NONE;
	}
	s->scratch.len = 0;
	if (at > s->size || len > s->size - at)
		return source_read(s, at, NULL, len, err); // says what is wrong
	if (buf_reserve(&s->scratch, len) < 0)
		return fail_set_memory(err, "a member");
	code = source_read(s, at, s->scratch.data, len, err);
	*out = s->scratch.data;
	return code;
}
