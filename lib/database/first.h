// SPDX-License-Identifier: MIT
// first.h: what the first import puts off until its end.
//
// A database begins with the marker first_import in `meta`. While it stands
// - the secondary indexes (indexes.sql) are not there yet, and
// - the search index ends at the comic whose id the marker holds: v_search yields no
//   comic behind it, so that what is in the index is always what the view says.
// Search rows of new comics are held in memory, from batch to batch, until they make a
// segment worth writing: many small ones would be written again and again as they are
// merged. What a killed run held is read back from the view. The end of the run makes the
// indexes and takes the marker away; if it never comes to that, the end of the next one does.
#ifndef COMIC_FIRST_H
#define COMIC_FIRST_H

#include "database/search.h"
#include "database/work.h"

// In a transaction: whether the first import goes on, and to which comic the index reaches.
// If it ends before what is held (a run was killed, or another program loads too), it is
// brought up to the last comic.
COMIC_MUST_CHECK int first_begin(struct work *w, struct comic_err *err);
// Puts what is held into the index.
COMIC_MUST_CHECK int first_flush(struct work *w, struct comic_err *err);

#endif
