// SPDX-License-Identifier: MIT
// postings.h: what a segment of the search index is made of, gathered row by row.
//
//	postings_row(p, id, was, is)		ids ascend; whether it was there, and is now
//	postings_text(p, column, side, text)	columns ascend; once for each text
//	postings_known(p, column, words)	the same of a new row, in parts: once for each name
//	postings_end_row(p)
//
// A row that would take more than p->most bytes is refused with SQLITE_TOOBIG in the middle, and
// postings_undo_row() makes as if it had not been begun. If it is too big alone it is told several
// times, p->parts in all, a power of two: each time the words of another part, p->part from 0, are
// gathered, and written before the next (search.c). What else there is of the row comes with the
// last part.
//
// What is told of a row is what it had and what it has now. Only the difference is gathered:
// of a comic whose title changed, the words of the old title and of the new one. A row that is
// new has only new texts, one that goes only old ones.
//
// A word's list is kept as FTS5 writes it: for each row its id, less that of the row before,
// then the size in bytes of what follows, doubled, with 1 added if the row had the word before,
// then where the word stands: for column 0 the places, for each further one that has it 0x01,
// its number and the places; a place is the number of words since the place before, and 2.
// ("TERM/DOCLIST FORMAT" in SQLite's fts5_index.c; the format of version 4.)
#ifndef COMIC_POSTINGS_H
#define COMIC_POSTINGS_H

#include "database/words.h"

#include <stdbool.h>

#define SEARCH_COLUMNS 28 // of comic_fts and v_search, behind the id

enum posting_side {
	POSTING_OLD,  // the row had it
	POSTING_NEW,  // the row has it now
	POSTING_KEPT, // both
};

struct posting_term;
struct posting_place;

// Words of a text that many rows have: where they stand in `known`, until postings_reset().
struct posting_words {
	uint32_t from; // 0: not looked for
	uint32_t count;
};

// How many words each column of a row has; of a row that is gone NULL.
struct posting_size {
	int64_t id;
	uint8_t *sizes; // SEARCH_COLUMNS varints
	size_t len;
};

// A zeroed struct postings with its words opened is an empty one.
struct postings {
	struct words words;
	struct arena bytes;         // of terms, lists and sizes
	struct posting_term *terms; // term_count of them, in order of first sight
	size_t term_count;
	size_t term_room;
	uint32_t *slots; // open addressing: the number of a term and 1; 0 is free
	size_t slot_count; // a power of two, or 0
	unsigned int shift; // of a hash, to a slot
	uint64_t factor;    // of the hashes
	struct posting_size *sizes; // in row order
	size_t size_count;
	size_t size_room;
	uint32_t *known; // numbers of terms, for postings_known(); the first is not used
	size_t known_count;
	size_t known_room;
	size_t most;                    // bytes, 0: no limit
	uint32_t part;                  // of rows that are told in parts
	uint32_t parts;                 // 0 or 1: rows are told at once
	size_t told;                    // rows that were told to their end
	int64_t last;                   // id of the last row
	int64_t rows;                   // more than there were
	int64_t totals[SEARCH_COLUMNS]; // words more than there were
	// of the row being told
	int64_t before; // the last row's id
	bool too_big;
	struct posting_place *places;
	size_t place_count;
	size_t place_room;
	uint32_t *touched; // numbers of terms it has or had
	size_t touched_count;
	size_t touched_room;
	int64_t old_sizes[SEARCH_COLUMNS];
	int64_t new_sizes[SEARCH_COLUMNS];
	bool was;
	bool is;
	size_t column; // of the text being told
	enum posting_side side;
	int64_t position;
	struct buf list;
};

// Whether a row with this id can follow: there is no other, or all have lower ids.
bool postings_can_add(const struct postings *p, int64_t id);
void postings_row(struct postings *p, int64_t id, bool was, bool is);
// 0 or an SQLite result code. After one that is not 0 there is only postings_clear(), but after
// SQLITE_TOOBIG postings_undo_row().
COMIC_MUST_CHECK int postings_text(struct postings *p, size_t column, enum posting_side side,
				   struct text text);
COMIC_MUST_CHECK int postings_end_row(struct postings *p);
// Forgets the row that was begun; words it was the first to have stay, in no list.
void postings_undo_row(struct postings *p);

// Looks the words of a text up, once for all rows that have it. Result as above.
COMIC_MUST_CHECK int postings_find(struct postings *p, struct text text, struct posting_words *out);
// They come behind the words the row, which is new, has in this column so far. Result as above.
COMIC_MUST_CHECK int postings_known(struct postings *p, size_t column, struct posting_words words);

// Bytes held, for a memory budget.
size_t postings_memory(const struct postings *p);
// Whether there is anything to write.
bool postings_any(const struct postings *p);
// Sorts the terms by their bytes, which ends the gathering: postings_reset() begins another.
void postings_sort(struct postings *p);
// The list of a term; of no bytes if none of its rows changed. FTS5 has a '0' before each term,
// here there is none. Valid until the next call; list->data NULL: no memory.
void postings_term(struct postings *p, size_t number, struct text *term, struct text *list);

// Empties it, keeping up to `keep` bytes of memory for the next rows.
void postings_reset(struct postings *p, size_t keep);
void postings_clear(struct postings *p);

#endif
