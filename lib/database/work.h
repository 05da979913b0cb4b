// SPDX-License-Identifier: MIT
// work.h: one batch being applied: what its steps find out and hand to each other.
//
// The steps of a transaction, in order (load.c): resolve reference rows, move
// comics, compare comics (comics.c) and links (links.c) with the database, gather
// what changes in search rows (search.c), write comics, links and search rows, failures
// and gone rows, and note reference rows that may have lost their last link.
// Comparing only reads. A step that finds nothing to do writes nothing.
#ifndef COMIC_WORK_H
#define COMIC_WORK_H

#include "base/beside.h"
#include "database/batch.h"
#include "database/database.h"

// What a run counts: columns of import_run, in this order.
enum count {
	COUNT_BATCHES,
	COUNT_BYTES,
	COUNT_COMICS_CREATED,
	COUNT_COMICS_UPDATED,
	COUNT_COMICS_UNCHANGED,
	COUNT_COMICS_MOVED,
	COUNT_COMICS_DELETED,
	COUNT_FAILED,
	COUNT_TAGS_CREATED,
	COUNT_TAGS_DELETED,
	COUNT_LINKS_CREATED,
	COUNT_LINKS_DELETED,
	COUNT_FOLDERS_CREATED,
	COUNT_FOLDERS_DELETED,
	COUNTS,
};

extern const char *const count_names[COUNTS];

// A reference row that lost a link.
struct suspect {
	enum ref_kind kind;
	int64_t id;
};

struct link_change {
	int64_t comic;
	int64_t id;                 // of the reference row
	int64_t object;             // where the table has it
	const struct cell *payload; // NULL: none
};

struct link_changes {
	struct link_change *items; // in key order
	size_t count;
	size_t room;
};

struct search;

struct work {
	struct database *d;
	struct batch *batch;
	const char *now;        // UTC, YYYY-MM-DDThh:mm:ssZ
	bool keep_missing;      // what a comic no longer says stays
	struct search *search;  // rows of the search index not yet written
	uint64_t search_kept;   // bytes of old texts kept to take out search rows
	bool first;         // the first import goes on (first.h)
	int64_t search_end; // id of the last comic the search index has, while it does
	uint64_t counts[COUNTS];
	struct comic **comics; // the batch's, in path order
	size_t count;
	struct comic **existing; // those the database has, in id order
	size_t existing_count;
	struct comic **created; // the others, in path and id order
	size_t created_count;
	struct beside gathering; // of the search rows of new comics
	size_t gathered;         // comics
	int gather_result;       // SQLite's
	struct link_changes removed[LINK_KINDS];
	struct link_changes added[LINK_KINDS]; // to existing comics
	struct suspect *suspects;
	size_t suspect_count;
	size_t suspect_room;
	struct buf sql;
};

// comics.c
// Fills comics, existing and created: which the database has, and whether their row differs.
COMIC_MUST_CHECK int comics_compare(struct work *w, struct comic_err *err);
COMIC_MUST_CHECK int comics_write(struct work *w, struct comic_err *err);

// links.c
// Gives links their ids, in key order, each once.
void links_resolve(struct work *w);
COMIC_MUST_CHECK int links_compare(struct work *w, struct comic_err *err);
COMIC_MUST_CHECK int links_write(struct work *w, struct comic_err *err);

// search.c
// Gathers what changes in search rows of existing comics; their old texts must still be there.
COMIC_MUST_CHECK int search_change(struct work *w, struct comic_err *err);
// Begins to gather the search rows of new comics in a thread: until search_add() or
// work_clear(), comics, links, reference rows and what is gathered may only be read.
void search_begin_add(struct work *w);
// Gathers the search rows of new comics and, but for the first import (first.h), writes all.
COMIC_MUST_CHECK int search_add(struct work *w, struct comic_err *err);

// moves.c
COMIC_MUST_CHECK int moves_apply(struct work *w, struct comic_err *err);

// failures.c
COMIC_MUST_CHECK int failures_write(struct work *w, struct comic_err *err);
// Rows of `gone` for a run: void ones go, new ones come.
COMIC_MUST_CHECK int gone_write(struct work *w, int64_t run, struct comic_err *err);
bool gone_wanted(const struct work *w);

// work.c
COMIC_MUST_CHECK int work_suspect(struct work *w, enum ref_kind kind, int64_t id,
				  struct comic_err *err);
COMIC_MUST_CHECK int suspects_write(struct work *w, struct comic_err *err);
void work_clear(struct work *w);

#endif
