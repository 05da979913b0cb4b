// SPDX-License-Identifier: MIT
// folder.h: the names in an open folder, as the kernel lists them.
#ifndef COMIC_FOLDER_H
#define COMIC_FOLDER_H

#include "base/text.h"

// Bytes asked for in one system call; chunk of folder_list() has that size.
#define FOLDER_CHUNK ((size_t)64 << 10)

// One name, without "." and "..": NUL-terminated bytes, in no order. type is a DT_ constant of
// dirent.h and only a hint: DT_UNKNOWN on many file systems. Return 0 to go on, a positive number
// to stop.
typedef int folder_fn(void *context, struct text name, unsigned char type);

// Calls fn for each name in fd, from where it stands. Returns 0 at the end, what fn stopped with,
// or -1 with errno when the listing fails.
COMIC_MUST_CHECK int folder_list(int fd, void *chunk, folder_fn *fn, void *context);

// 1 if the folder at path (any length) has an entry of exactly this name, 0 if not, -1 with errno.
// Unlike stat(2) it tells "foo" from "Foo" where the file system does not.
COMIC_MUST_CHECK int folder_has_name(const char *path, struct text name);

#endif
