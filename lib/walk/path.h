// SPDX-License-Identifier: MIT
// path.h: paths of any length as bytes, and the order of a walk.
//
// A comic is named by its absolute path as it was reached: the working
// directory and the operand, with ".", ".." and repeated "/" resolved by their
// letters alone. Symbolic links stay as they are. comic-scan and comic-extract
// name a file the same way, else the database would know it twice.
//
// The kernel takes at most PATH_MAX (4,096) bytes in one call; deeper files exist. path_open()
// and path_stat() go there in several steps.
#ifndef COMIC_PATH_H
#define COMIC_PATH_H

#include "base/err.h"
#include "base/text.h"
#include "stream/record.h"

#include <stdbool.h>
#include <sys/stat.h>

// The absolute form of operand, NUL-terminated in a. No "/" at the end, but for "/" itself.
// 0, or -1: INPUT (an empty operand), IO (no working directory), NOMEM.
COMIC_MUST_CHECK int path_absolute(struct arena *a, const char *operand, struct text *out,
				   struct comic_err *err);
// True if path lies below folder (not folder itself). Both absolute, folder without a "/" at
// its end unless it is "/".
bool path_is_below(struct text path, struct text folder);
// What follows the last "/".
struct text path_base(struct text path);

// open(2) and stat(2) with O_CLOEXEC for a path of any length. -1 with errno.
COMIC_MUST_CHECK int path_open(const char *path, int flags);
COMIC_MUST_CHECK int path_stat(const char *path, struct stat *out);

// What tells one state of a file from another, from what stat said. A time outside the range of
// nanoseconds in 64 bits (the years 1677 to 2262) becomes the nearest one in it.
struct identity path_identity(const struct stat *st);
// Equal in what decides that a file is the same as before: size and mtime.
bool path_identity_equal(const struct identity *a, const struct identity *b);

// The suffixes of comics, ASCII letters in any case: the one table.
// NULL-terminated; each begins with its ".".
extern const char *const path_comic_suffixes[];
bool path_is_comic(struct text name);

#endif
