// SPDX-License-Identifier: MIT
// begin.h: a begin record with the budget added.
#ifndef COMIC_BEGIN_H
#define COMIC_BEGIN_H

#include "base/err.h"
#include "base/mem.h"
#include "stream/reader.h"

// Puts the record into out with `budget` (bytes) as its last key, in place of any it had. Every
// other key and value is copied byte for byte, also those this version does not know.
// -1: err is NOMEM or INPUT (no map).
COMIC_MUST_CHECK int begin_set_budget(struct buf *out, const struct stream_frame *begin,
				      uint64_t budget, struct comic_err *err);

#endif
