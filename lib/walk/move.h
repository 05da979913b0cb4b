// SPDX-License-Identifier: MIT
// move.h: where a new file was before.
//
// A comic that was renamed keeps its row: the database has exactly one comic with this size, mtime
// and inode whose file is missing. A file with more than one hard link, or two such rows, is not a
// move. An old path that still exists keeps its row, whatever it holds now.
#ifndef COMIC_MOVE_H
#define COMIC_MOVE_H

#include "base/err.h"
#include "walk/gone.h"
#include "walk/known.h"
#include "walk/roots.h"
#include "walk/walk.h"

// What move_find() goes by.
struct move_finder {
	struct known *known;
	struct gone *gone;
	const struct roots *roots;
	struct arena scratch; // of the last answer
};

void move_clear(struct move_finder *m);
// 1: *from is the row the file had, valid until the next call; it is remembered as moved.
// 0: none. -1: err (DB, NOMEM).
COMIC_MUST_CHECK int move_find(struct move_finder *m, const struct walk_event *file,
				struct known_file *from, struct comic_err *err);
// True if no file has the old path: it does not exist, or what exists is the new file (id, path)
// under a name that differs in its case only, on a file system that does not tell case.
bool move_is_missing(struct text old, struct text path, const struct identity *id,
		      struct arena *scratch);

#endif
