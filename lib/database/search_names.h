// SPDX-License-Identifier: MIT
// search_names.h: the words of names, each name cut once.
//
// Half of what a new comic adds to the search index are words of names that other comics have too:
// characters, people, series. When such a name is first met it is cut into words and these are
// looked up in the postings; after that it is a few numbers. What is known this way ends with the
// postings (search_drop()) and with the slots of reference rows (refs_clear()).
#ifndef COMIC_SEARCH_NAMES_H
#define COMIC_SEARCH_NAMES_H

#include "database/postings.h"
#include "database/refs.h"

struct name_words;
struct ordered_name;

// A zeroed one knows none.
struct search_names {
	struct name_words *tables[REF_KINDS]; // by slot; NULL: none are kept
	size_t counts[REF_KINDS];             // of slots
	struct ordered_name *ordered;         // of the column being put together
	size_t ordered_room;
	size_t memory; // bytes of the tables
	uint32_t age;  // refs_age() of the slots
};

// Before it is used, whenever slots may be others.
void search_names_open(struct search_names *n, const struct refs *r);
// Makes room for the slots of a kind whose rows have a refs_name_of(). 1; 0, if the memory would
// go beyond `most`: search_names_add() may not be called then; -1: no memory.
COMIC_MUST_CHECK int search_names_room(struct search_names *n, const struct refs *r,
				       enum ref_kind kind, size_t most);
// Tells the postings what a new row has in a column: the names of these rows of one kind, in byte
// order, each once. 0 or an SQLite result code, as postings_text().
COMIC_MUST_CHECK int search_names_add(struct search_names *n, struct postings *p,
				      const struct refs *r, size_t column, enum ref_kind kind,
				      const uint32_t *slots, size_t count);
void search_names_clear(struct search_names *n);

#endif
