// SPDX-License-Identifier: MIT
// dump_links.c: see dump_links.h.
//
// One compound statement reads every link of a comic and one every identifier: a statement
// per table would cost more to start than to run.

#include "database/dump_links.h"

#include <stdlib.h>

#define ARENA_KEEP ((size_t)1 << 20)

// The first column is enum dump_link; the others are those of struct dump_item. CROSS JOIN keeps
// SQLite from turning the join round.
static const char items_sql[] =
	"SELECT 0, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_story l"
	" CROSS JOIN story o ON o.id = l.story_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 1, o.id, o.name, NULL, l.number, NULL, NULL FROM comic_story_arc l"
	" CROSS JOIN story_arc o ON o.id = l.story_arc_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 2, o.id, o.name, r.name, r.id, NULL, NULL FROM comic_credit l"
	" CROSS JOIN credit c ON c.id = l.credit_id CROSS JOIN person o ON o.id = c.person_id"
	" LEFT JOIN role r ON r.id = c.role_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 3, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_character l"
	" CROSS JOIN character o ON o.id = l.character_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 4, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_team l"
	" CROSS JOIN team o ON o.id = l.team_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 5, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_location l"
	" CROSS JOIN location o ON o.id = l.location_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 6, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_genre l"
	" CROSS JOIN genre o ON o.id = l.genre_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 7, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_tag l"
	" CROSS JOIN tag o ON o.id = l.tag_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 8, o.id, o.name, o.designation, NULL, NULL, NULL FROM comic_universe l"
	" CROSS JOIN universe o ON o.id = l.universe_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 9, o.id, o.name, NULL, NULL, NULL, NULL FROM comic_series_group l"
	" CROSS JOIN series_group o ON o.id = l.series_group_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT 10, o.id, o.series_name, o.issue, o.volume_number, l.issue_count, o.language"
	" FROM comic_reprint l CROSS JOIN reprint o ON o.id = l.reprint_id WHERE l.comic_id = ?1";

// The columns of struct dump_identifier.
static const char identifiers_sql[] =
	"SELECT i.type, 0, s.name, i.key, l.url FROM comic_identifier l"
	" CROSS JOIN identifier i ON i.id = l.identifier_id"
	" CROSS JOIN identifier_source s ON s.id = i.source_id WHERE l.comic_id = ?1 UNION ALL "
	"SELECT i.type, l.object_id, s.name, i.key, l.url FROM comic_object_identifier l"
	" CROSS JOIN identifier i ON i.id = l.identifier_id"
	" CROSS JOIN identifier_source s ON s.id = i.source_id WHERE l.comic_id = ?1";

int dump_links_open(struct dump_links *l, sqlite3 *db)
{
	int code = sqlite3_prepare_v2(db, items_sql, -1, &l->read_items, NULL);

	if (code != SQLITE_OK)
		return code;
	return sqlite3_prepare_v2(db, identifiers_sql, -1, &l->read_identifiers, NULL);
}

void dump_links_close(struct dump_links *l)
{
	(void)sqlite3_finalize(l->read_items);
	(void)sqlite3_finalize(l->read_identifiers);
	arena_clear(&l->texts);
	free(l->items);
	free(l->identifiers);
	*l = (struct dump_links){ 0 };
}

struct text dump_links_column_text(sqlite3_stmt *st, int column)
{
	const unsigned char *data = sqlite3_column_text(st, column);

	if (data == NULL)
		return TEXT("");
	return (struct text){ (const char *)data, (size_t)sqlite3_column_bytes(st, column) };
}

struct dump_number dump_links_column_number(sqlite3_stmt *st, int column)
{
	if (sqlite3_column_type(st, column) == SQLITE_NULL)
		return (struct dump_number){ false, 0 };
	return (struct dump_number){ true, sqlite3_column_int64(st, column) };
}

// Copies the text of a column into the comic's arena.
static int keep_text(struct dump_links *l, sqlite3_stmt *st, int column, struct text *out)
{
	struct text t = dump_links_column_text(st, column);

	out->len = t.len;
	out->data = t.len == 0 ? "" : arena_copy(&l->texts, t.data, t.len);
	return out->data == NULL ? -1 : 0;
}

static int read_item(struct dump_links *l, sqlite3_stmt *st)
{
	struct dump_item *item = NULL;
	int link = sqlite3_column_int(st, 0);

	if (mem_grow(&l->items, &l->item_room, l->item_count + 1, sizeof(*l->items)) < 0)
		return -1;
	item = &l->items[l->item_count++];
	item->link = (enum dump_link)link;
	item->id = sqlite3_column_int64(st, 1);
	item->number = dump_links_column_number(st, 4);
	item->count = dump_links_column_number(st, 5);
	if (keep_text(l, st, 2, &item->name) < 0 || keep_text(l, st, 3, &item->detail) < 0)
		return -1;
	return keep_text(l, st, 6, &item->language);
}

static int read_identifier(struct dump_links *l, sqlite3_stmt *st)
{
	struct dump_identifier *id = NULL;

	if (mem_grow(&l->identifiers, &l->identifier_room, l->identifier_count + 1,
		     sizeof(*l->identifiers)) < 0)
		return -1;
	id = &l->identifiers[l->identifier_count++];
	id->object = sqlite3_column_int64(st, 1);
	id->used = false;
	if (keep_text(l, st, 0, &id->type) < 0 || keep_text(l, st, 2, &id->source) < 0 ||
	    keep_text(l, st, 3, &id->key) < 0)
		return -1;
	return keep_text(l, st, 4, &id->url);
}

// Runs a statement for the comic, handing each row to read_row.
static int read_rows(struct dump_links *l, sqlite3_stmt *st, int64_t comic,
		     int (*read_row)(struct dump_links *l, sqlite3_stmt *st))
{
	int code = sqlite3_bind_int64(st, 1, comic);

	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(st);
		if (code == SQLITE_ROW && read_row(l, st) < 0)
			code = SQLITE_NOMEM;
	}
	(void)sqlite3_reset(st);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int compare_integers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_numbers(struct dump_number a, struct dump_number b)
{
	if (a.known != b.known)
		return (int)a.known - (int)b.known;
	return compare_integers(a.value, b.value);
}

static int compare_items(const void *left, const void *right)
{
	const struct dump_item *a = left;
	const struct dump_item *b = right;
	int order = (int)a->link - (int)b->link;

	if (order == 0)
		order = text_compare(a->name, b->name);
	if (order == 0 && a->link == DUMP_REPRINT)
		order = compare_numbers(a->number, b->number);
	if (order == 0)
		order = text_compare(a->detail, b->detail);
	return order != 0 ? order : text_compare(a->language, b->language);
}

static int compare_objects(const struct dump_identifier *a, const struct dump_identifier *b)
{
	int order = text_compare(a->type, b->type);

	return order != 0 ? order : compare_integers(a->object, b->object);
}

static int compare_identifiers(const void *left, const void *right)
{
	const struct dump_identifier *a = left;
	const struct dump_identifier *b = right;
	int order = compare_objects(a, b);

	if (order == 0)
		order = text_compare(a->source, b->source);
	return order != 0 ? order : text_compare(a->key, b->key);
}

int dump_links_read(struct dump_links *l, int64_t comic)
{
	size_t at = 0;
	int code = SQLITE_OK;

	arena_reset(&l->texts, ARENA_KEEP);
	l->item_count = 0;
	l->identifier_count = 0;
	code = read_rows(l, l->read_items, comic, read_item);
	if (code == SQLITE_OK)
		code = read_rows(l, l->read_identifiers, comic, read_identifier);
	if (code != SQLITE_OK)
		return code;
	if (l->item_count > 1)
		qsort(l->items, l->item_count, sizeof(*l->items), compare_items);
	if (l->identifier_count > 1)
		qsort(l->identifiers, l->identifier_count, sizeof(*l->identifiers),
		      compare_identifiers);
	for (size_t link = 0; link <= DUMP_COUNT; link++) {
		while (at < l->item_count && (size_t)l->items[at].link < link)
			at++;
		l->first[link] = at;
	}
	return SQLITE_OK;
}

size_t dump_links_identifiers(const struct dump_links *l, const char *type, int64_t object,
			      size_t *from)
{
	struct dump_identifier want = { .type = text_from(type), .object = object };
	size_t low = 0;
	size_t high = l->identifier_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_objects(&l->identifiers[middle], &want) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*from = low;
	while (low < l->identifier_count && compare_objects(&l->identifiers[low], &want) == 0)
		low++;
	return low;
}
