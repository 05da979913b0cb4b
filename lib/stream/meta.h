// SPDX-License-Identifier: MIT
// meta.h: the shape of a comic record's `meta`, in one table.
//
// The normalized record of every metadata format: what the extractor writes,
// what comic-cat --check and the loader accept, and what comic-db(5) stores.
// Keys are written in the order of the table. A key that is absent says "the
// file does not say"; there are no nulls and no empty texts.
#ifndef COMIC_META_H
#define COMIC_META_H

#include "base/err.h"
#include "stream/objects.h"

enum meta_shape {
	META_TEXT, // str, valid UTF-8, NFC, no control characters but newline, never empty
	META_UNSIGNED, // 0 .. 2^53
	META_INTEGER, // -2^53 .. 2^53
	META_DECIMAL, // integer, or float64 with at most 2 decimals
	META_BOOL,
	META_MAP, // the fixed keys of `fields`
	META_NAMES, // names (str) to maps with the keys of `fields`
	META_LIST, // array of META_TEXT
	META_MAPS, // array of META_MAP
	META_TEXTS, // names (str) to META_TEXT
	META_DECIMALS, // names (str) to META_DECIMAL
};

struct meta_field {
	const char *key; // NULL ends a table
	size_t key_len;
	enum meta_shape shape;
	const struct meta_field *fields;
	int full; // 1: only with comic-extract --full; the database does not store it
};

// The outermost table.
extern const struct meta_field meta_fields[];

// Goes past the next value, a packed `meta`. 0, or -1 (INPUT) naming the first key that does not
// have its shape. Unknown keys pass.
COMIC_MUST_CHECK int meta_check(struct objects *at, struct comic_err *err);
// The same, and *out becomes the tree of it, in the arena, with nil under unknown keys and those
// that are `full`. -1: INPUT, NOMEM.
COMIC_MUST_CHECK int meta_read(struct objects *at, struct arena *a, msgpack_object *out,
			       struct comic_err *err);

#endif
