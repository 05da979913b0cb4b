// SPDX-License-Identifier: MIT
// report.h: changes as one group of a record stream, or as bare paths.
#ifndef COMIC_REPORT_H
#define COMIC_REPORT_H

#include "base/err.h"
#include "base/output.h"
#include "stream/record.h"
#include "walk/changes.h"
#include "walk/roots.h"

#include <stdbool.h>

struct report {
	struct record_writer writer;
	bool paths; // only those of new and modified comics, each ended by a NUL
};

void report_init(struct report *r, struct output *out, bool paths);
void report_clear(struct report *r);
// begin. It names the roots that were not refused: only below them can a comic be gone.
COMIC_MUST_CHECK int report_begin(struct report *r, const struct roots *roots,
				  struct comic_err *err);
COMIC_MUST_CHECK int report_record(struct report *r, const struct record *record,
				   struct comic_err *err);
// end: only after a walk that was not broken off.
COMIC_MUST_CHECK int report_end(struct report *r, const struct change_counts *counts,
				struct comic_err *err);

#endif
