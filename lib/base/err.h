// SPDX-License-Identifier: MIT
// err.h: what went wrong, said once, at the point of failure.
//
// A library function that can fail takes a `struct comic_err *err` as its last
// parameter and returns -1 (or NULL, or another value its header names) after
// filling it. The text reads "object: action: reason": one line, no period,
// without the program's name. Callers may add a prefix, never a second report.
// err may not be NULL. A struct comic_err needs no clean-up.
#ifndef COMIC_ERR_H
#define COMIC_ERR_H

#include "base/compiler.h"

#include <stdarg.h>

enum comic_err_code {
	COMIC_ERR_NONE,
	COMIC_ERR_NOMEM, // an allocation failed
	COMIC_ERR_LIMIT, // a limit would be passed; the text says which and what to raise
	COMIC_ERR_INPUT, // the input is not what it should be
	COMIC_ERR_IO, // a system call failed; sys holds errno
	COMIC_ERR_TRUNCATED, // a stream ended before its end
	COMIC_ERR_VERSION, // made by a newer version than this one
	COMIC_ERR_DB, // SQLite refused
	COMIC_ERR_REFUSED, // a safety rule said no
	COMIC_ERR_INTERRUPTED, // SIGINT, SIGTERM or SIGHUP arrived
	COMIC_ERR_BUG, // cannot happen
};

struct comic_err {
	enum comic_err_code code;
	int sys; // errno for COMIC_ERR_IO, else 0
	char text[1024]; // cut, not overrun, when longer
};

// Each of these fills *err and returns -1, so that a function can end with
// `return err_set(...)`.

COMIC_PRINTF(3, 4)
int err_set(struct comic_err *err, enum comic_err_code code, const char *fmt, ...);

// Appends ": " and the reason for errno, which is read on entry. ENOMEM becomes
// COMIC_ERR_NOMEM, everything else COMIC_ERR_IO.
COMIC_PRINTF(2, 3)
int err_set_errno(struct comic_err *err, const char *fmt, ...);

// "out of memory", for what (a few words, e.g. "reading a record").
int err_set_nomem(struct comic_err *err, const char *what);

// Puts "prefix: " before the text that is there; code and sys stay.
COMIC_PRINTF(2, 3)
int err_prefix(struct comic_err *err, const char *fmt, ...);

#endif
