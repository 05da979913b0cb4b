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

enum link {
	LINK_STORY,
	LINK_ARC,
	LINK_CREDIT,
	LINK_CHARACTER,
	LINK_TEAM,
	LINK_LOCATION,
	LINK_GENRE,
	LINK_TAG,
	LINK_UNIVERSE,
	LINK_SERIES_GROUP,
	LINK_REPRINT,
	LINK_COUNT,
};

struct link_number {
	bool known;
	int64_t value;
};

struct link_item {
	enum link link;
	int64_t id; // of the row that is linked to
	struct text name; // credit: the person; reprint: the series
	struct text detail; // credit: the role; universe: the designation; reprint: the issue
	struct link_number number; // arc: the place in it; credit: the role's id; reprint: the volume
	struct link_number count; // reprint: issues of the volume
	struct text language; // reprint
};

struct link_identifier {
	struct text type; // identifier.type: comic, publisher, person, ...
	int64_t object; // the row it identifies, 0 for type comic
	struct text source;
	struct text key; // empty where only the URL is known
	struct text url; // empty if none
	bool used; // for whoever packs it, false after links_read()
};

struct links {
	sqlite3_stmt *read_items;
	sqlite3_stmt *read_identifiers;
	struct arena texts; // of the comic at hand
	struct link_item *items; // by link, then name
	size_t item_count;
	size_t item_room;
	size_t first[LINK_COUNT + 1]; // items[first[l]] .. items[first[l + 1] - 1] are of link l
	struct link_identifier *identifiers; // by type, object, source, key
	size_t identifier_count;
	size_t identifier_room;
};

// A zeroed struct links is a closed one. SQLite's code: SQLITE_OK, or why not.
COMIC_MUST_CHECK int links_open(struct links *l, sqlite3 *db);
void links_close(struct links *l);
// Replaces what is held by what the comic has. SQLite's code, SQLITE_NOMEM included.
COMIC_MUST_CHECK int links_read(struct links *l, int64_t comic);
// The identifiers of an object: identifiers[*from] .. identifiers[the result - 1].
size_t links_identifiers(const struct links *l, const char *type, int64_t object, size_t *from);

// The text of a column, valid until the statement's next step; empty for NULL.
struct text links_column_text(sqlite3_stmt *st, int column);
struct link_number links_column_number(sqlite3_stmt *st, int column);

#endif
