// SPDX-License-Identifier: MIT
// group.h: changes as one group of a record stream, or as bare paths.
#ifndef COMIC_GROUP_H
#define COMIC_GROUP_H

#include "base/err.h"
#include "base/output.h"
#include "stream/record.h"
#include "walk/changes.h"
#include "walk/roots.h"

#include <stdbool.h>

struct group {
	struct record_writer writer;
	bool paths; // only those of new and modified comics, each ended by a NUL
};

void group_init(struct group *r, struct output *out, bool paths);
void group_clear(struct group *r);
// begin. It names the roots that were not refused: only below them can a comic be gone.
COMIC_MUST_CHECK int group_begin(struct group *r, const struct roots *roots,
				  struct comic_err *err);
COMIC_MUST_CHECK int group_record(struct group *r, const struct record *record,
				   struct comic_err *err);
// end: only after a walk that was not broken off.
COMIC_MUST_CHECK int group_end(struct group *r, const struct change_counts *counts,
				struct comic_err *err);

#endif
