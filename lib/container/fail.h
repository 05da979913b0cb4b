// SPDX-License-Identifier: MIT
// fail.h: how this room says what is wrong with a file.
//
// Its functions return an enum fail_code; unless that is FAIL_NONE, err->text is the reason,
// for a person and without the path: "the central directory is cut short". err->code is set
// to match: NOMEM for FAIL_MEMORY, IO for FAIL_UNREADABLE, LIMIT for FAIL_LIMIT, else INPUT.
#ifndef COMIC_FAIL_H
#define COMIC_FAIL_H

#include "base/err.h"
#include "stream/record.h"

// Fills *err and returns code.
COMIC_PRINTF(3, 4)
enum fail_code fail_set(struct comic_err *err, enum fail_code code, const char *fmt, ...);

// FAIL_MEMORY, for what (a few words).
enum fail_code fail_set_memory(struct comic_err *err, const char *what);

#endif
