// SPDX-License-Identifier: MIT
// changes.h: how the files below the roots differ from the database, item by item.
//
// A merge join of the walk with the known rows, root by root in walk order, and at the end what is
// gone. Records of files come in path order, then gone ones in path order. Memory does not grow
// with the library.
#ifndef COMIC_CHANGES_H
#define COMIC_CHANGES_H

#include "base/err.h"
#include "stream/record.h"
#include "walk/gone.h"
#include "walk/ignore.h"
#include "walk/known.h"
#include "walk/move.h"
#include "walk/roots.h"
#include "walk/verdict.h"
#include "walk/walk.h"

#include <stdbool.h>

enum change_kind {
	CHANGE_RECORD, // file, moved or gone: `record`
	CHANGE_NOTE, // `path` was passed over: `why`
	CHANGE_UNREADABLE, // `path`, and what is below it, is left alone: `why`
	CHANGE_REFUSED, // a root, or `path` in it, is not to be trusted: nothing of it is gone:
			// `why`
	CHANGE_PAUSE, // nothing happened for a while: time to look around
};

// Valid until the next changes_next().
struct change {
	enum change_kind kind;
	struct record record;
	struct text path; // NUL-terminated
	const char *why;
};

struct change_counts {
	uint64_t files; // seen on disk
	uint64_t new_files, modified, touched, unsettled, moved, gone; // records
	uint64_t unchanged;
	uint64_t unreadable; // folders and files
	uint64_t refused; // roots
};

// Set the first part, the rest is the module's.
struct changes {
	struct roots *roots; // sorted
	struct known *known;
	struct ignore *ignore;
	struct verdict_rules rules; // but for unstable_inodes
	bool allow_empty;

	struct change_counts counts;
	struct gone gone;
	struct move_finder moves;
	struct walk *walk; // of the root being compared, NULL for one that is forgotten
	size_t root; // number of the one being compared, or of the next
	bool in_root;
	bool root_refused; // half way
	uint64_t root_files;
	bool has_event;
	bool walk_ended;
	bool has_row;
	bool rows_ended;
	bool read_again; // the moved file that was just reported is modified as well
	struct walk_event event;
	struct known_row row;
	struct buf exempt; // path of the last unreadable file, or folder with its "/"
};

// Examines every root: those it refuses will be reported, the others walked. 0 or -1.
COMIC_MUST_CHECK int changes_start(struct changes *c, struct comic_err *err);
// 1: *change. 0: the end of a complete run. -1: err is NOMEM, DB, or INTERRUPTED.
COMIC_MUST_CHECK int changes_next(struct changes *c, struct change *change, struct comic_err *err);
void changes_clear(struct changes *c);

#endif
