// SPDX-License-Identifier: MIT
// finish.h: what is done once, when the whole stream has been applied.
//
// Steps in transactions no larger than a batch, each of which may be done again:
//  0. what the first import put off (first.h) is done;
//  1. a comic that is gone and one this run (or one that was not finished) created,
//     with the same pages: the old row goes on at the new path;
//     or one whose move could not be known before (newcomers.c);
//  2. what else is gone is deleted, unless it is too much of its root;
//  3. reference rows that lost their last link go, and then what they alone referred to;
//  4. the search index merges its segments;
//  5. the run is marked as finished, and runs before it that were not.
// Nothing is done when neither this run nor one before it changed anything.
#ifndef COMIC_FINISH_H
#define COMIC_FINISH_H

#include "database/load.h"

// -1: DB, NOMEM, INTERRUPTED; REFUSED after everything but the refused deletions is done.
COMIC_MUST_CHECK int finish_run(struct load *l, struct comic_err *err);

// Rows that one transaction may take in.
size_t finish_page(const struct load *l);

// Takes these comics (ids ascending) out of the search index and all links, noting what they
// were linked to as suspect; their own rows stay. In a transaction.
COMIC_MUST_CHECK int finish_unlink(struct load *l, const int64_t *ids, size_t count,
				   struct comic_err *err);

// Step 0 (finish_first.c).
COMIC_MUST_CHECK int finish_first(struct load *l, struct comic_err *err);
// Step 1 (finish_moves.c).
COMIC_MUST_CHECK int finish_moves(struct load *l, struct comic_err *err);
// Comics of this run, and of runs before it that were not finished, have ids from here on.
COMIC_MUST_CHECK int finish_first_new(struct load *l, int64_t *first, struct comic_err *err);

// newcomers.c
// Notes the roots of a group that saw all that is below them.
COMIC_MUST_CHECK int newcomers_add_roots(struct load *l, const struct record *begin,
					 struct comic_err *err);
void newcomers_clear(struct newcomers *n);
// True if some are none any more though nothing else changed.
COMIC_MUST_CHECK int newcomers_need(struct load *l, bool *needed, struct comic_err *err);
// After step 2: which comics are newcomers when this run is finished.
COMIC_MUST_CHECK int newcomers_settle(struct load *l, struct comic_err *err);
// Step 3 (sweep.c).
COMIC_MUST_CHECK int finish_sweep(struct load *l, struct comic_err *err);

#endif
