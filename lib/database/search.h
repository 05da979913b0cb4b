// SPDX-License-Identifier: MIT
// search.h: the texts of rows of the search index, for search.c and first.c only.
#ifndef COMIC_SEARCH_H
#define COMIC_SEARCH_H

#include "database/work.h"

#define SEARCH_COLUMNS 28 // of comic_fts and v_search, behind the id

struct search_name;

// What making texts needs; zeroed but for refs, and cleared by search_maker_clear().
struct search_maker {
	const struct refs *refs;
	struct buf texts[SEARCH_COLUMNS]; // of columns that are put together
	struct search_name *names;        // of the list being joined
	size_t room;
};

// One text of a comic whose reference rows are resolved, valid until the next one of that
// column is made; data NULL: the column is NULL. -1: no memory.
COMIC_MUST_CHECK int search_text(struct search_maker *m, const struct comic *c, size_t column,
				 struct text *out);
void search_maker_clear(struct search_maker *m);

// The statement that puts rows of the feed in: the id, then the texts. -1: no memory.
COMIC_MUST_CHECK int search_make_insert(struct buf *sql);
// Lets FTS5 use as much memory as the budget has for it.
COMIC_MUST_CHECK int search_set_memory(struct work *w, struct comic_err *err);

#endif
