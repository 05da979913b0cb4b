// SPDX-License-Identifier: MIT
// segment_leaves.c: the leaves of a segment, and which leaf a word is in; see segment.h. The names
// in quotes are fts5_index.c's.

#include "database/segment_leaves.h"

#include "database/varint.h"

#include <stdlib.h>
#include <string.h>

#define LEAF_BYTES 4050 // so that no leaf overflows a page of 4096, which older databases have
#define HEAD_BYTES 4    // of a leaf: where its first row is, and where its footer begins
#define EMPTY_LEAVES 4  // a list over so many has an index of its own ("FTS5_MIN_DLIDX_SIZE")

// A segment being written.
struct segment {
	struct database *d;
	int64_t id;
	int64_t leaf; // number of the one being filled, from 1
	struct buf page;
	struct buf footer; // where on the page its terms begin
	size_t last_start; // of a term on the page
	struct text term;  // the last one, in the postings; with `prefixed`
	bool any_term;     // on the page
	bool any_row;      // on the page
	// Which leaf a term is in: written once it is known whether the list that begins there, the
	// last of the leaf, has an index.
	int64_t indexed_leaf; // 0: none waits
	struct buf indexed_term;
	// The index of a long list: the first row of each leaf it goes on to.
	struct buf jumps;
	int64_t jumps_leaf; // where the list begins
	int64_t jumps_row;  // the last one in it
	size_t empty;       // leaves without a term
	struct comic_err *err;
};

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "writing the search index");
}

// The rowid of a leaf or of a list's index ("fts5_dri").
static int64_t leaf_rowid(int64_t segment, bool jumps, int64_t leaf)
{
	return (segment << 37) + ((int64_t)jumps << 36) + leaf;
}

static int put_leaf(struct segment *s, int64_t rowid, const struct buf *block)
{
	sqlite3_stmt *statement = NULL;

	if (database_prepare(s->d, "INSERT INTO comic_fts_data (id, block) VALUES (?1, ?2)",
			     &statement, s->err) < 0)
		return -1;
	(void)sqlite3_bind_int64(statement, 1, rowid);
	(void)sqlite3_bind_blob(statement, 2, block->data, (int)block->len, SQLITE_STATIC);
	return database_step(s->d, statement, s->err);
}

// ---- parts of a page ----------------------------------------------------------------------

// Room for so many bytes and, as a page is ended only when it is full, for the numbers that may
// come before that is seen.
static int reserve(struct segment *s, size_t len)
{
	return buf_reserve(&s->page, len + 4 * (size_t)VARINT_MOST) < 0 ||
			       buf_reserve(&s->footer, VARINT_MOST) < 0
		       ? no_memory(s->err)
		       : 0;
}

static void put_number(struct buf *b, uint64_t value)
{
	b->len += varint_put(b->data + b->len, value);
}

static int add_number(struct segment *s, struct buf *b, uint64_t value)
{
	if (buf_reserve(b, VARINT_MOST) < 0)
		return no_memory(s->err);
	put_number(b, value);
	return 0;
}

static void put_bytes(struct buf *b, const void *data, size_t len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static void put_u16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t page_bytes(const struct segment *s)
{
	return s->page.len + s->footer.len;
}

static int new_page(struct segment *s)
{
	s->page.len = s->footer.len = 0;
	s->last_start = 0;
	s->any_term = s->any_row = false;
	if (reserve(s, LEAF_BYTES) < 0)
		return -1;
	memset(s->page.data, 0, HEAD_BYTES);
	s->page.len = HEAD_BYTES;
	return 0;
}

static int end_leaf(struct segment *s)
{
	put_u16(s->page.data + 2, s->page.len);
	if (!s->any_term) {
		s->empty++;
		if (!s->any_row && s->jumps.len > 0 && add_number(s, &s->jumps, 0) < 0)
			return -1;
	}
	if (buf_add(&s->page, s->footer.data, s->footer.len) < 0)
		return no_memory(s->err);
	if (put_leaf(s, leaf_rowid(s->id, false, s->leaf), &s->page) < 0)
		return -1;
	s->leaf++;
	return new_page(s);
}

// ---- terms --------------------------------------------------------------------------------

// The list of the last term of `indexed_leaf` has come to its end.
static int end_list(struct segment *s)
{
	bool jumps = s->jumps.len > 0 && s->empty >= EMPTY_LEAVES && s->jumps.len <= LEAF_BYTES;
	const void *term = s->indexed_term.len > 0 ? (const void *)s->indexed_term.data : "";
	sqlite3_stmt *row = NULL;

	if (jumps && put_leaf(s, leaf_rowid(s->id, true, s->jumps_leaf), &s->jumps) < 0)
		return -1;
	s->jumps.len = 0;
	s->empty = 0;
	if (s->indexed_leaf == 0)
		return 0;
	if (database_prepare(s->d,
			     "INSERT INTO comic_fts_idx (segid, term, pgno) VALUES (?1, ?2, ?3)",
			     &row, s->err) < 0)
		return -1;
	(void)sqlite3_bind_int64(row, 1, s->id);
	// That of the first leaf is empty, not NULL.
	(void)sqlite3_bind_blob(row, 2, term, (int)s->indexed_term.len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(row, 3, s->indexed_leaf * 2 + jumps);
	s->indexed_leaf = 0;
	return database_step(s->d, row, s->err);
}

// Bytes two terms have in common, with the '0' before each.
static size_t common(struct text a, struct text b)
{
	size_t most = a.len < b.len ? a.len : b.len;
	size_t len = 0;

	if (a.data == NULL)
		return 0;
	while (len < most && a.data[len] == b.data[len])
		len++;
	return len + 1;
}

// The shortest beginning of the term that is above all terms before it leads to its leaf.
static int index_leaf(struct segment *s, struct text term)
{
	size_t len = common(s->term, term);

	if (end_list(s) < 0)
		return -1;
	s->indexed_term.len = 0;
	if (buf_add_byte(&s->indexed_term, '0') < 0 ||
	    buf_add(&s->indexed_term, term.data, len) < 0)
		return no_memory(s->err);
	s->indexed_leaf = s->leaf;
	return 0;
}

static int add_term(struct segment *s, struct text term)
{
	size_t same = 0;

	if (page_bytes(s) + term.len + 1 + 2 >= LEAF_BYTES && s->page.len > HEAD_BYTES &&
	    end_leaf(s) < 0)
		return -1;
	if (reserve(s, term.len + 1) < 0)
		return -1;
	put_number(&s->footer, s->page.len - s->last_start);
	s->last_start = s->page.len;
	if (s->any_term) {
		same = common(s->term, term);
		put_number(&s->page, same);
	} else if (s->leaf > 1 && index_leaf(s, term) < 0) {
		return -1;
	}
	put_number(&s->page, term.len + 1 - same);
	if (same == 0)
		s->page.data[s->page.len++] = '0';
	put_bytes(&s->page, term.data + (same > 0 ? same - 1 : 0),
		  term.len - (same > 0 ? same - 1 : 0));
	s->term = term;
	s->any_term = s->any_row = true;
	s->jumps_leaf = s->leaf;
	return 0;
}

// ---- lists --------------------------------------------------------------------------------

// A list goes on to another leaf, whose first row is this.
static int add_jump(struct segment *s, int64_t row)
{
	uint64_t value = (uint64_t)row;

	if (s->jumps.len > 0) {
		value -= (uint64_t)s->jumps_row;
	} else if (buf_add_byte(&s->jumps, 0) < 0) {
		return no_memory(s->err);
	} else if (add_number(s, &s->jumps, (uint64_t)s->leaf) < 0) {
		return -1;
	}
	s->jumps_row = row;
	return add_number(s, &s->jumps, value);
}

// The longest beginning of whole numbers, one at least, that fits into room.
static size_t whole_numbers(const uint8_t *data, size_t len, size_t room)
{
	uint64_t value = 0;
	size_t used = varint_get(data, data + len, &value);

	for (;;) {
		size_t next = used < len ? varint_get(data + used, data + len, &value) : 0;

		if (next == 0 || used + next > room)
			return used;
		used += next;
	}
}

static size_t room_left(const struct segment *s)
{
	return page_bytes(s) < LEAF_BYTES ? LEAF_BYTES - page_bytes(s) : 0;
}

// The places of a row, with their size before them; they may go on to further leaves.
static int add_places(struct segment *s, const uint8_t *data, size_t len)
{
	for (;;) {
		size_t part = len <= room_left(s) ? len : whole_numbers(data, len, room_left(s));

		put_bytes(&s->page, data, part);
		data += part;
		len -= part;
		if (page_bytes(s) >= LEAF_BYTES && end_leaf(s) < 0)
			return -1;
		if (len == 0)
			return 0;
	}
}

static int add_row(struct segment *s, uint64_t step, int64_t row)
{
	if (s->any_row) {
		put_number(&s->page, step);
		return 0;
	}
	put_u16(s->page.data, s->page.len);
	put_number(&s->page, (uint64_t)row);
	s->any_row = true;
	return add_jump(s, row);
}

static int add_long_list(struct segment *s, const uint8_t *at, const uint8_t *end)
{
	uint64_t row = 0;

	while (at < end) {
		uint64_t step = 0;
		uint64_t size = 0;
		size_t head = 0;

		at += varint_get(at, end, &step);
		row += step;
		head = varint_get(at, end, &size);
		if (add_row(s, step, (int64_t)row) < 0 ||
		    add_places(s, at, head + (size_t)(size / 2)) < 0)
			return -1;
		at += head + (size_t)(size / 2);
	}
	return 0;
}

static int add_list(struct segment *s, struct text list)
{
	const uint8_t *data = (const uint8_t *)list.data;

	if (page_bytes(s) + list.len + 1 > LEAF_BYTES)
		return add_long_list(s, data, data + list.len);
	put_bytes(&s->page, data, list.len);
	return 0;
}

static int add_lists(struct segment *s, struct postings *p)
{
	for (size_t i = 0; i < p->term_count; i++) {
		struct text term;
		struct text list;

		postings_term(p, i, &term, &list);
		if (list.data == NULL)
			return no_memory(s->err);
		if (list.len == 0)
			continue;
		if (add_term(s, term) < 0 || add_list(s, list) < 0)
			return -1;
	}
	if (s->page.len > HEAD_BYTES && end_leaf(s) < 0)
		return -1;
	return s->leaf > 1 ? end_list(s) : 0;
}

int segment_write_leaves(struct database *d, int64_t id, struct postings *p, int64_t *last,
			 struct comic_err *err)
{
	struct segment s = { .d = d, .id = id, .leaf = 1, .indexed_leaf = 1, .err = err };
	int status = -1;

	postings_sort(p);
	if (new_page(&s) == 0)
		status = add_lists(&s, p);
	*last = s.leaf - 1;
	buf_clear(&s.page);
	buf_clear(&s.footer);
	buf_clear(&s.indexed_term);
	buf_clear(&s.jumps);
	return status;
}
