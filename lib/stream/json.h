// SPDX-License-Identifier: MIT
// json.h: records as JSON, one a line, and back without loss.
//
// JSON has no bytes and jq(1) rounds integers beyond 2^53, so
// - bin, and a str that is not valid UTF-8, is {"$bytes": "base64"};
// - the integers of a record that need 64 bits (mtime, ino: always; size, dev
//   and the like when beyond 2^53) are decimal strings; any other integer
//   beyond 2^53 is {"$int": "123"};
// - a float is written with the fewest digits that read back as the same one.
#ifndef COMIC_JSON_H
#define COMIC_JSON_H

#include "base/err.h"
#include "base/mem.h"
#include "stream/reader.h"
#include "stream/record.h"

#include <jansson.h>

// Appends the record and a newline to out. INPUT if it has a key that is not
// text, a float that is not a number, or an extension type; NOMEM.
COMIC_MUST_CHECK int json_from_record(struct record_decoder *d, const struct stream_frame *frame,
				      struct buf *out, struct comic_err *err);
// Appends the record that value stands for. INPUT if it is no record or
// beyond the limits of scan.h; NOMEM.
COMIC_MUST_CHECK int json_to_record(const json_t *value, struct buf *out, struct comic_err *err);

#endif
