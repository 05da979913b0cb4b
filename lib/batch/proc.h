// SPDX-License-Identifier: MIT
// proc.h: the small text files of /proc and /sys, read whole.
//
// Every path is looked up below a directory `root` ("" on a real system), so that tests can
// show a made-up machine.
#ifndef COMIC_PROC_H
#define COMIC_PROC_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

// Replaces what out holds by the content of root + path. out must have a maximum: a longer
// file is LIMIT. -1: err is IO (err->sys is ENOENT when there is no such file), LIMIT or NOMEM.
COMIC_MUST_CHECK int proc_read(struct buf *out, const char *root, const char *path,
			       struct comic_err *err);

// Cuts the part before the first sep off rest; without one, the whole rest. False once rest
// is empty.
COMIC_MUST_CHECK bool proc_split(struct text *rest, char sep, struct text *part);

// A decimal number without sign and nothing else but white space around it.
COMIC_MUST_CHECK bool proc_number(struct text t, uint64_t *out);

#endif
