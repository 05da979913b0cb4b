// SPDX-License-Identifier: MIT
// walk.h: the comics below a root, in path order.
//
// Full paths come out in strictly increasing byte order: within a folder, names are sorted with a
// "/" at the end of each folder's. What counts: regular files, through symbolic links or not, with
// a suffix of path_comic_suffixes, that no ignore rule takes away. Links to folders are followed
// unless they lead to a folder above them.
//
// Everything is looked up relative to an open folder, so there is no limit to a path's length. At
// most WALK_OPEN_MAX folders are open at a time; those further up are opened again on the way
// back. Memory: the names of one folder per level. One fstatat(2) per comic; per folder openat,
// fstat, close and usually two getdents64.
#ifndef COMIC_WALK_H
#define COMIC_WALK_H

#include "base/err.h"
#include "base/text.h"
#include "stream/record.h"
#include "walk/ignore.h"

#define WALK_OPEN_MAX 16

enum walk_kind {
	WALK_FILE, // a comic
	WALK_SKIPPED, // passed over, and `why` is worth a note: not a regular file, a loop of links
	// It exists but could not be looked at. A path that ends in "/" stands for everything below
	// it, and may come after some of that was reported (the folder was lost on the way).
	WALK_UNREADABLE,
	// The root cannot be walked (any further): it, or a .comicignore file, is unreadable. The
	// last event.
	WALK_REFUSED,
};

// Valid until the next walk_next().
struct walk_event {
	enum walk_kind kind;
	struct text path; // absolute, NUL-terminated
	struct identity id; // WALK_FILE
	uint64_t links; // WALK_FILE: its hard links
	const char *why; // the others
};

struct walk;

// Prepares to walk below root, an absolute path: a folder, or a file, which is then the only
// event. Uses and restarts ignore, which must outlive the walk. 0, or -1 (NOMEM) with *out NULL.
COMIC_MUST_CHECK int walk_open(struct walk **out, struct text root, struct ignore *ignore,
			       struct comic_err *err);
void walk_close(struct walk *w); // accepts NULL
// 1: *event is filled. 0: the end. -1: err is NOMEM or INTERRUPTED.
COMIC_MUST_CHECK int walk_next(struct walk *w, struct walk_event *event, struct comic_err *err);

#endif
