// SPDX-License-Identifier: MIT
// refs.h: reference rows: publishers, people, tags, folders, ... and their ids.
//
// Every table of reference rows is described once, by its key. Each distinct key
// met in a stream gets a slot, a small number; a slot learns its row's id when a
// batch that uses it is resolved: all slots without an id are looked up with one
// statement per table, and the ones the database lacks are inserted with one more,
// in key order. Ids stay known from batch to batch.
//
// Ids become doubtful after a rollback and when another program wrote meanwhile
// (refs_forget); all slots are given up when they take too much memory (refs_clear,
// between batches only).
#ifndef COMIC_REFS_H
#define COMIC_REFS_H

#include "base/err.h"
#include "base/intern.h"
#include "database/cell.h"
#include "database/database.h"

// In the order rows can be inserted: what a row refers to stands before it.
enum ref_kind {
	REF_FOLDER,
	REF_PUBLISHER,
	REF_IMPRINT,
	REF_SERIES,
	REF_VOLUME,
	REF_AGE_RATING,
	REF_LANGUAGE,
	REF_COUNTRY,
	REF_ORIGINAL_FORMAT,
	REF_SCAN_INFO,
	REF_TAGGER,
	REF_CHARACTER,
	REF_TEAM,
	REF_LOCATION,
	REF_GENRE,
	REF_TAG,
	REF_STORY,
	REF_STORY_ARC,
	REF_SERIES_GROUP,
	REF_UNIVERSE,
	REF_PERSON,
	REF_ROLE,
	REF_CREDIT,
	REF_IDENTIFIER_SOURCE,
	REF_IDENTIFIER,
	REF_REPRINT,
	REF_KINDS,
};

#define REF_NONE INTERN_NONE // no slot
#define REF_PARTS 4          // a key has at most this many columns

struct ref_slot {
	int64_t id;     // 0: not known
	uint32_t batch; // the last one that used it
};

struct ref_table {
	struct intern keys;
	struct ref_slot *slots; // by number
	size_t room;
	struct text *shown; // only where a derived text is searched: by number
	size_t shown_room;
	bool whole; // each row of the database has a slot, and its id there: what has none is new
};

struct refs {
	struct ref_table tables[REF_KINDS];
	uint32_t batch;       // the current one
	uint32_t age;         // counts up when slots are given up
	struct buf scratch;   // a key being made
	struct arena derived; // texts of the row being inserted
};

// What resolving inserted.
struct ref_counts {
	uint64_t tags;
	uint64_t folders;
};

const char *ref_table_name(enum ref_kind kind);

// The slot of a row whose key is one text. REF_NONE: no memory.
COMIC_MUST_CHECK uint32_t refs_name(struct refs *r, enum ref_kind kind, struct text name);
// The slot of a row with a longer key: its cells in the order of the table's columns, a parent
// as the integer of its slot, NULL where the row has none. REF_NONE: no memory.
COMIC_MUST_CHECK uint32_t refs_key(struct refs *r, enum ref_kind kind, const struct cell *parts);
// The slot of the folder a path is in; all folders above it get slots too. REF_NONE: no memory.
COMIC_MUST_CHECK uint32_t refs_folder(struct refs *r, struct text path);
// The slot of a name if it has one, else REF_NONE.
uint32_t refs_find(const struct refs *r, enum ref_kind kind, struct text name);

// One column of a key, a parent as the integer of its slot.
struct cell refs_part(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t column);
// The same for a parent, REF_NONE if there is none.
uint32_t refs_parent(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t column);
// The name of a row whose key is one text, or a parent and then a text.
struct text refs_name_of(const struct refs *r, enum ref_kind kind, uint32_t slot);
// The derived text that is searched (a language's name), as it stands in the database.
// data NULL: none. Known once resolved.
struct text refs_shown(const struct refs *r, enum ref_kind kind, uint32_t slot);

// Says that the batch needs this row, and what it refers to.
void refs_use(struct refs *r, enum ref_kind kind, uint32_t slot);
// Gives every row in use its id, inserting those the database lacks. In a transaction.
COMIC_MUST_CHECK int refs_resolve(struct refs *r, struct database *d, struct ref_counts *counts,
				  struct comic_err *err);
// The id of a row in use, after refs_resolve().
int64_t refs_id(const struct refs *r, enum ref_kind kind, uint32_t slot);

// The batch is over: nothing is in use.
void refs_next_batch(struct refs *r);
// Ids are to be looked up again.
void refs_forget(struct refs *r);
// How many slots there are.
size_t refs_count(const struct refs *r, enum ref_kind kind);
// Another number than before says that slots are not what they were.
uint32_t refs_age(const struct refs *r);
size_t refs_memory(const struct refs *r);
void refs_clear(struct refs *r);

#endif
