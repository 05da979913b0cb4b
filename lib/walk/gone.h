// SPDX-License-Identifier: MIT
// gone.h: rows whose file was not found, until the whole walk is over.
//
// A missing row may turn out to have moved, even to another root, and a root may turn out to be
// unreadable half way. So what is gone is known only at the end. The rows wait in a private SQLite
// database which spills to an unnamed temporary file: memory stays bounded when a whole library is
// gone. Nothing is made before the first row.
#ifndef COMIC_GONE_H
#define COMIC_GONE_H

#include "base/err.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct gone {
	sqlite3 *db; // NULL until needed
	sqlite3_stmt *add_missing;
	sqlite3_stmt *add_moved;
	sqlite3_stmt *find_moved;
	sqlite3_stmt *next;
};

// A path that is gone, or whose row moved away.
struct gone_row {
	struct text path; // valid until the next gone_next()
	bool has_comic; // its comic is gone; false: only its failed row is
	int64_t comic;
};

// A zeroed struct gone is an empty one.
void gone_clear(struct gone *g);
// The row of path has no file. root is the caller's number for gone_forget_root().
COMIC_MUST_CHECK int gone_add(struct gone *g, const struct gone_row *row, bool has_failed,
			      size_t root, struct comic_err *err);
// The comic moved: its old path is not gone.
COMIC_MUST_CHECK int gone_add_moved(struct gone *g, int64_t comic, struct comic_err *err);
// 1 if the comic was added as moved, else 0.
COMIC_MUST_CHECK int gone_has_moved(struct gone *g, int64_t comic, struct comic_err *err);
// Drops what was added for root.
COMIC_MUST_CHECK int gone_forget_root(struct gone *g, size_t root, struct comic_err *err);
// 1: *row is the next, in path order. 0: no more. Nothing may be added after the first call.
COMIC_MUST_CHECK int gone_next(struct gone *g, struct gone_row *row, struct comic_err *err);

#endif
