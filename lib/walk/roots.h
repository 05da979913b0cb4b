// SPDX-License-Identifier: MIT
// roots.h: the folders and files a scan was asked for.
//
// A root that cannot be trusted is refused, and its comics in the database are left alone: a mount
// that is missing looks just like a library whose every file was deleted.
#ifndef COMIC_ROOTS_H
#define COMIC_ROOTS_H

#include "base/err.h"
#include "base/text.h"
#include "walk/ignore.h"
#include "walk/known.h"

#include <stdbool.h>

// A mount that is not there holds this entry, by the convention of some container images.
#define ROOTS_UNMOUNTED "DOCKER_UNMOUNTED_VOLUME"
// Bytes of all roots' paths: they have to fit the first record of the stream.
#define ROOTS_BYTES_MAX ((size_t)4 << 20)

struct root {
	struct text path; // absolute, NUL-terminated
	struct text key; // where it stands in walk order: a folder's ends in "/"
	const char *refused; // why it is not walked; NULL if it is
	bool forget; // not walked either: everything below it is gone
};

struct roots {
	struct arena texts;
	struct root *items;
	size_t count;
	size_t room;
	size_t bytes;
};

// A zeroed struct roots is an empty one.
void roots_clear(struct roots *r);
// -1: INPUT (empty operand), LIMIT, IO (no working directory), NOMEM.
COMIC_MUST_CHECK int roots_add(struct roots *r, const char *operand, bool forget,
			       struct comic_err *err);
// The same for each name; see operands.h.
COMIC_MUST_CHECK int roots_add_all(struct roots *r, char **names, size_t count, const char *file,
				   struct comic_err *err);
// Puts the roots in walk order. -1: INPUT, one lies inside another; NOMEM.
COMIC_MUST_CHECK int roots_sort(struct roots *r, struct comic_err *err);
// What roots_examine() goes by.
struct roots_rules {
	struct known *known;
	struct ignore *ignore;
	bool allow_empty; // an empty root is meant to be so
};

// Sets `refused` if the root is not to be trusted, at the start and again after its walk. A folder
// is empty if it has only names the built-in rules ignore. -1: DB, NOMEM.
COMIC_MUST_CHECK int roots_examine(struct roots *r, struct root *root,
				   const struct roots_rules *rules, struct comic_err *err);

#endif
