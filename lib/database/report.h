// SPDX-License-Identifier: MIT
// report.h: what a run of the loader did, for people and for programs.
#ifndef COMIC_REPORT_H
#define COMIC_REPORT_H

#include "base/mem.h"
#include "database/load.h"

// "2 batches, 1,000 comics created, 0.3 s, 3,333 comics/s": only what is not zero. Terminated.
COMIC_MUST_CHECK int report_text(const struct load *l, struct buf *out);
// The same of a dry run, as a table of several lines. Terminated.
COMIC_MUST_CHECK int report_table(const struct load *l, struct buf *out);
// All counts as a JSON object, with `seconds`, whether the run was `finished` and whether it was
// a `dry_run`. Terminated.
COMIC_MUST_CHECK int report_json(const struct load *l, bool finished, struct buf *out);
// Comics met so far.
uint64_t report_comics(const struct load *l);

#endif
