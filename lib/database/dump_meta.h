// SPDX-License-Identifier: MIT
// dump_meta.h: a comic's row and links as a record's `meta`, in the shape of stream/meta.h.
#ifndef COMIC_DUMP_META_H
#define COMIC_DUMP_META_H

#include "base/mem.h"
#include "database/dump_links.h"
#include "stream/record.h"

#include <sqlite3.h>

// A map whose number of pairs is known when the last one is packed.
struct packed_map {
	struct buf bytes; // the pairs, without the map's header
	struct record_packer pk;
	size_t pairs;
};

void packed_map_start(struct packed_map *m);
void packed_map_clear(struct packed_map *m);
void packed_map_add_key(struct packed_map *m, const char *key);
// Puts the finished map under key.
void packed_map_add_map(struct packed_map *m, const char *key, const struct packed_map *value);

struct dump_meta {
	sqlite3_stmt *row; // the comic's; steps are the caller's
	int column; // of row, the first of those that dump_meta_columns() named
	struct dump_links *links; // the same comic's
	struct packed_map meta; // the result of dump_meta_pack(); look at pk.failed
	struct packed_map part; // one map inside meta
};

// Appends ", EXPRESSION" for each column that is needed, in terms of comic_sql's tables:
// comic c, its volume v, series s, imprint i and publisher p, and what its *_id name.
COMIC_MUST_CHECK int dump_meta_columns(struct buf *sql);
extern const char dump_meta_from[]; // " FROM ..." with those tables
void dump_meta_pack(struct dump_meta *d);
void dump_meta_clear(struct dump_meta *d);

#endif
