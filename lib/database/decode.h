// SPDX-License-Identifier: MIT
// decode.h: how a comic record is taken apart, for decode.c and decode_links.c only.
//
// The record has the shape of meta.h: record_decode() has checked it. A table
// says for each key what becomes of it; keys it does not know are not stored.
#ifndef COMIC_DECODE_H
#define COMIC_DECODE_H

#include "database/batch.h"

enum level { LEVEL_PUBLISHER, LEVEL_IMPRINT, LEVEL_SERIES, LEVELS };

struct decoding {
	struct batch *batch;
	struct comic *comic;
	struct text level[LEVELS]; // names, empty if the comic has none
	const msgpack_object *level_identifiers[LEVELS];
	struct cell volume_number;
	struct cell volume_number_to;
	struct text protagonist;
};

struct target {
	const char *key; // NULL ends a table
	int (*take)(struct decoding *d, const msgpack_object *value, const struct target *t);
	int what; // a column, link kind or level, as `take` wants it
	const struct target *inside;
};

// The text of an object, empty if it is none.
struct text decode_text(const msgpack_object *o);
// A whole number; NULL for no object.
struct cell decode_number(const msgpack_object *o);
// A copy that lives as long as the batch. False: no memory.
COMIC_MUST_CHECK bool decode_keep(struct decoding *d, struct text t, struct cell *out);

// decode_links.c: these return -1 for no memory. An object of REF_KINDS is the comic itself.
COMIC_MUST_CHECK int decode_identifiers(struct decoding *d, const msgpack_object *map,
					enum ref_kind object, uint32_t object_slot);
// For the table of keys.
int take_names(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_list(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_arcs(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_universes(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_credits(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_identifiers(struct decoding *d, const msgpack_object *value, const struct target *t);
int take_reprints(struct decoding *d, const msgpack_object *value, const struct target *t);

#endif
