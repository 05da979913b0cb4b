// SPDX-License-Identifier: MIT
// dump.h: what a database says of its comics, as the records that would load it again.
//
// The content only: no ids, no dev, no times of import. The bytes depend on
// nothing else, so two databases that say the same give the same dump.
#ifndef COMIC_DUMP_H
#define COMIC_DUMP_H

#include "base/err.h"
#include "stream/record.h"

#include <stdint.h>

struct dump_counts {
	uint64_t comics;
	uint64_t fails;
};

// Writes a `comic` record for every comic and a `fail` record for every failure of the
// database file at path, in path order, a comic before the failure of the same path. begin
// and end are the caller's. One comic is in memory at a time. All is read in one
// transaction, so a loader may write meanwhile; nothing is created or changed.
// 0, or -1: IO (no such file, or the output), INPUT (not a comic database), VERSION (a newer
// schema), DB, NOMEM, LIMIT (a comic beyond a record's size), INTERRUPTED.
COMIC_MUST_CHECK int dump_write(const char *path, struct record_writer *w,
				struct dump_counts *counts, struct comic_err *err);

#endif
