// SPDX-License-Identifier: MIT
// first.h: what the first import puts off until its end.
//
// A database begins with the marker first_import in `meta`. While it stands
// - the secondary indexes (indexes.sql) are not there yet, and
// - the search index ends at the comic whose id the marker holds: v_search yields no
//   comic behind it, so that what is in the index is always what the view says.
// Search texts of new comics are held in memory, from batch to batch, until they make a
// segment worth writing: FTS5 writes one for each transaction, and many small ones are
// written again and again as they are merged. What a killed run held is read back from
// the view. The end of the run makes the indexes and takes the marker away; if it never
// comes to that, the end of the next one does.
#ifndef COMIC_FIRST_H
#define COMIC_FIRST_H

#include "database/search.h"
#include "database/work.h"

struct held_row;

// Search rows of comics that are in the database, with ids without gaps.
struct search_hold {
	struct arena texts;
	struct held_row **rows;
	size_t count;
	size_t room;
	int64_t last; // id of the last comic held
};

void hold_clear(struct search_hold *h);

// In a transaction: whether the first import goes on, and to which comic the index reaches.
// If it ends before what is held (a run was killed, or another program loads too), it is
// brought up to the last comic.
COMIC_MUST_CHECK int first_begin(struct work *w, struct comic_err *err);
// Puts what is held into the index.
COMIC_MUST_CHECK int first_flush(struct work *w, struct comic_err *err);
// Holds the search rows of the batch's new comics; when that is too much, all go in.
COMIC_MUST_CHECK int first_add(struct work *w, struct comic_err *err);

#endif
