// SPDX-License-Identifier: MIT
// search.h: the search index, comic_fts, kept as v_search has it.
//
// The index keeps no text of its own. What a comic's row says now is made from the names in
// memory; what it said before comes from the old row of the comic, or from the view v_search as
// long as the comic's links are the old ones. Only what differs is written (postings.h), in
// segments (segment.h): search_flush() writes one.
#ifndef COMIC_SEARCH_H
#define COMIC_SEARCH_H

#include "database/comic.h"
#include "database/database.h"
#include "database/postings.h"
#include "database/search_names.h"

// The rows not yet written.
struct search {
	struct postings postings;
	struct search_names names; // in the postings
	uint64_t memory; // bytes they may take
	uint64_t row_least; // bytes a single row may take in any case: see postings.h
	bool full;       // they are to be written before the next row is told
	bool again;      // which is the last one again
	bool few_words;  // which has few words, but often: it is not written in parts
	size_t segments; // of the index, that no merge has been asked for
};

// Makes a zeroed one ready for use but for memory. -1: DB, NOMEM.
COMIC_MUST_CHECK int search_open(struct search *s, struct database *d, struct comic_err *err);

// Writes what was gathered, if there is anything, in the transaction.
COMIC_MUST_CHECK int search_flush(struct database *d, struct search *s, struct comic_err *err);
// Gathers these comics (ids ascending), with the texts v_search has for them, as rows that come
// (POSTING_NEW) or go (POSTING_OLD). Flushes when there is too much, or an id is too low.
COMIC_MUST_CHECK int search_by_view(struct database *d, struct search *s, enum posting_side side,
				    const int64_t *ids, size_t count, struct comic_err *err);
// Merges segments until there are fewer than `many`, in transactions of its own.
COMIC_MUST_CHECK int search_merge(struct database *d, struct search *s, size_t many,
				  struct comic_err *err);
// Drops what was gathered, keeping up to `keep` bytes of memory for the next rows.
void search_drop(struct search *s, size_t keep);
void search_clear(struct search *s);

// ---- texts (search_text.c) ----------------------------------------------------------------

struct search_name;

// What making texts needs; zeroed but for refs, and cleared by search_maker_clear().
struct search_maker {
	const struct refs *refs;
	struct buf texts[SEARCH_COLUMNS]; // of columns that are put together
	struct search_name *names;        // of the list being joined
	size_t room;
	uint32_t *slots; // of search_slots()
	size_t slot_room;
};

// One text of a comic whose reference rows are resolved, valid until the next one of that
// column is made; data NULL: the column is NULL. -1: no memory.
COMIC_MUST_CHECK int search_text(struct search_maker *m, const struct comic *c, size_t column,
				 struct text *out);
// The reference rows whose names a column consists of; REF_KINDS: it has other texts.
enum ref_kind search_named(size_t column);
// Of such a column and a comic, the slots of these rows: m->slots. -1: no memory.
COMIC_MUST_CHECK int search_slots(struct search_maker *m, const struct comic *c, size_t column,
				  size_t *count);
void search_maker_clear(struct search_maker *m);

const char *search_column_name(size_t column);
// Notes that a column of a comic, or its links, are not those of its row in the database.
void search_note_column(struct comic *c, enum comic_column column);
void search_note_links(struct comic *c, enum link_kind kind);
// True if the text is that of a column of the comic's own row, *cell.
bool search_column_is_own(size_t column, enum comic_column *cell);

#endif
