// SPDX-License-Identifier: MIT
// mem.c: see mem.h.

#include "base/mem.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define ARENA_BLOCK ((size_t)32 << 10)

struct arena_block {
	struct arena_block *next;
	size_t room;
	size_t used;
	alignas(max_align_t) uint8_t data[];
};

static bool overflows(size_t count, size_t size)
{
	return size != 0 && count > SIZE_MAX / size;
}

void mem_trim(void)
{
#ifdef __GLIBC__
	(void)malloc_trim(0);
#endif
}

void mem_one_heap(void)
{
#ifdef __GLIBC__
	(void)mallopt(M_ARENA_MAX, 1);
#endif
}

void *mem_alloc(size_t count, size_t size)
{
	return overflows(count, size) ? NULL : malloc(count * size + (count * size == 0));
}

void *mem_zero(size_t count, size_t size)
{
	return calloc(count + (count == 0), size + (size == 0));
}

void *mem_resize(void *old, size_t count, size_t size)
{
	return overflows(count, size) ? NULL : realloc(old, count * size + (count * size == 0));
}

int mem_grow(void *items, size_t *room, size_t need, size_t item_size)
{
	void *old = NULL;
	void *grown = NULL;
	size_t want = *room < 8 ? 8 : *room;

	if (need <= *room)
		return 0;
	while (want < need) {
		if (want > SIZE_MAX / 2)
			return -1;
		want *= 2;
	}
	memcpy(&old, items, sizeof(old)); // items is the address of some T *
	grown = mem_resize(old, want, item_size);
	if (grown == NULL)
		return -1;
	memcpy(items, &grown, sizeof(grown));
	*room = want;
	return 0;
}

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_clear(struct buf *b)
{
	size_t max = b->max;

	free(b->data);
	buf_init(b, max);
}

bool buf_at_max(const struct buf *b, size_t extra)
{
	return b->max != 0 && (extra > b->max || b->len > b->max - extra);
}

int buf_reserve(struct buf *b, size_t extra)
{
	size_t want = b->room < 256 ? 256 : b->room;
	uint8_t *grown = NULL;

	if (extra <= b->room - b->len)
		return 0;
	if (extra > SIZE_MAX / 2 - b->len || buf_at_max(b, extra))
		return -1;
	while (want - b->len < extra)
		want *= 2;
	if (b->max != 0 && want > b->max)
		want = b->max;
	grown = mem_resize(b->data, want, 1);
	if (grown == NULL)
		return -1;
	b->data = grown;
	b->room = want;
	return 0;
}

int buf_add(struct buf *b, const void *data, size_t len)
{
	if (buf_reserve(b, len) < 0)
		return -1;
	if (len > 0)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

int buf_add_text(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

int buf_add_byte(struct buf *b, uint8_t byte)
{
	return buf_add(b, &byte, 1);
}

int buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int len = 0;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0 || buf_reserve(b, (size_t)len + 1) < 0)
		return -1;
	va_start(args, fmt);
	(void)vsnprintf((char *)b->data + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
	return 0;
}

void buf_consume(struct buf *b, size_t len)
{
	b->len -= len;
	if (b->len > 0 && len > 0)
		memmove(b->data, b->data + len, b->len);
}

static size_t round_up(size_t size)
{
	size_t unit = alignof(max_align_t);

	return (size + unit - 1) / unit * unit;
}

static struct arena_block *add_block(struct arena *a, size_t size)
{
	size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
	struct arena_block *block = NULL;

	if (room > SIZE_MAX / 2 || (a->max != 0 && a->held + room > a->max))
		return NULL;
	block = malloc(sizeof(*block) + room);
	if (block == NULL)
		return NULL;
	block->room = room;
	block->used = 0;
	if (a->current == NULL) {
		block->next = a->first;
		a->first = block;
	} else {
		block->next = a->current->next;
		a->current->next = block;
	}
	a->current = block;
	a->held += room;
	return block;
}

// Blocks after `current` are empty ones kept from before a reset.
static struct arena_block *next_block(struct arena *a, size_t size)
{
	struct arena_block *kept = a->current == NULL ? a->first : a->current->next;

	if (kept == NULL || kept->room < size)
		return add_block(a, size);
	a->current = kept;
	return kept;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *block = a->current;
	void *got = NULL;

	if (size > SIZE_MAX / 4)
		return NULL;
	size = round_up(size);
	if (block == NULL || block->room - block->used < size)
		block = next_block(a, size);
	if (block == NULL)
		return NULL;
	got = block->data + block->used;
	block->used += size;
	a->used += size;
	return got;
}

void *arena_zero(struct arena *a, size_t size)
{
	void *got = arena_alloc(a, size);

	if (got != NULL)
		memset(got, 0, size);
	return got;
}

char *arena_copy(struct arena *a, const void *data, size_t len)
{
	char *copy = len == SIZE_MAX ? NULL : arena_alloc(a, len + 1);

	if (copy != NULL) {
		if (len > 0)
			memcpy(copy, data, len);
		copy[len] = '\0';
	}
	return copy;
}

void arena_reset(struct arena *a, size_t keep)
{
	struct arena_block **link = &a->first;

	a->held = 0;
	while (*link != NULL) {
		struct arena_block *block = *link;

		block->used = 0;
		if (a->held + block->room <= keep) {
			a->held += block->room;
			link = &block->next;
		} else {
			*link = block->next;
			free(block);
		}
	}
	a->current = NULL;
	a->used = 0;
}

void arena_clear(struct arena *a)
{
	arena_reset(a, 0);
}
