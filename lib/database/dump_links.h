// SPDX-License-Identifier: MIT
// dump_links.h: what one comic links to, in an order that depends on the names alone.
#ifndef COMIC_DUMP_LINKS_H
#define COMIC_DUMP_LINKS_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum dump_link {
	DUMP_STORY,
	DUMP_ARC,
	DUMP_CREDIT,
	DUMP_CHARACTER,
	DUMP_TEAM,
	DUMP_LOCATION,
	DUMP_GENRE,
	DUMP_TAG,
	DUMP_UNIVERSE,
	DUMP_SERIES_GROUP,
	DUMP_REPRINT,
	DUMP_COUNT,
};

struct dump_number {
	bool known;
	int64_t value;
};

struct dump_item {
	enum dump_link link;
	int64_t id; // of the row that is linked to
	struct text name; // credit: the person; reprint: the series
	struct text detail; // credit: the role; universe: the designation; reprint: the issue
	struct dump_number number; // arc: place in it; credit: the role's id; reprint: the volume
	struct dump_number count; // reprint: issues of the volume
	struct text language; // reprint
};

struct dump_identifier {
	struct text type; // identifier.type: comic, publisher, person, ...
	int64_t object; // the row it identifies, 0 for type comic
	struct text source;
	struct text key; // empty where only the URL is known
	struct text url; // empty if none
	bool used; // for whoever packs it, false after dump_links_read()
};

struct dump_links {
	sqlite3_stmt *read_items;
	sqlite3_stmt *read_identifiers;
	struct arena texts; // of the comic at hand
	struct dump_item *items; // by link, then name
	size_t item_count;
	size_t item_room;
	size_t first[DUMP_COUNT + 1]; // items[first[l]] .. items[first[l + 1] - 1] are of link l
	struct dump_identifier *identifiers; // by type, object, source, key
	size_t identifier_count;
	size_t identifier_room;
};

// A zeroed struct dump_links is a closed one. SQLite's code: SQLITE_OK, or why not.
COMIC_MUST_CHECK int dump_links_open(struct dump_links *l, sqlite3 *db);
void dump_links_close(struct dump_links *l);
// Replaces what is held by what the comic has. SQLite's code, SQLITE_NOMEM included.
COMIC_MUST_CHECK int dump_links_read(struct dump_links *l, int64_t comic);
// The identifiers of an object: identifiers[*from] .. identifiers[the result - 1].
size_t dump_links_identifiers(const struct dump_links *l, const char *type, int64_t object,
			      size_t *from);

// The text of a column, valid until the statement's next step; empty for NULL.
struct text dump_links_column_text(sqlite3_stmt *st, int column);
struct dump_number dump_links_column_number(sqlite3_stmt *st, int column);

#endif
