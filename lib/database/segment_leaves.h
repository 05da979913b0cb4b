// SPDX-License-Identifier: MIT
// segment_leaves.h: the words of a segment, for segment.c only; see segment.h.
#ifndef COMIC_SEGMENT_LEAVES_H
#define COMIC_SEGMENT_LEAVES_H

#include "database/database.h"
#include "database/postings.h"

// Writes the leaves of segment `id` and where they begin; *last is the number of the last one, 0 if
// no row's words changed. -1: DB, NOMEM.
COMIC_MUST_CHECK int segment_write_leaves(struct database *d, int64_t id, struct postings *p,
					  int64_t *last, struct comic_err *err);

#endif
