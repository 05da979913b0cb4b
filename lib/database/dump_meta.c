// SPDX-License-Identifier: MIT
// dump_meta.c: see dump_meta.h.
//
// The table `fields` at the end says where each key comes from, in the order of meta_fields.

#include "database/dump_meta.h"

struct field {
	const char *part; // the map in meta that key stands in, NULL: meta itself
	const char *key;
	void (*add)(struct dump_meta *d, struct packed_map *m, const struct field *f, int column);
	const char *sql; // its column, NULL if it comes from a link or is the comic's identifiers
	enum dump_link link;
};

void packed_map_start(struct packed_map *m)
{
	m->bytes.len = 0;
	m->pairs = 0;
	record_packer_init(&m->pk, &m->bytes);
}

void packed_map_clear(struct packed_map *m)
{
	buf_clear(&m->bytes);
}

void packed_map_add_key(struct packed_map *m, const char *key)
{
	pack_key(&m->pk, key);
	m->pairs++;
}

void packed_map_add_map(struct packed_map *m, const char *key, const struct packed_map *value)
{
	packed_map_add_key(m, key);
	pack_map(&m->pk, value->pairs);
	pack_raw(&m->pk, value->bytes.data, value->bytes.len);
	m->pk.failed |= value->pk.failed;
}

// ---- identifiers --------------------------------------------------------------------------

static bool has_identifiers(const struct dump_links *l, const char *type, int64_t object)
{
	size_t from = 0;

	return dump_links_identifiers(l, type, object, &from) > from;
}

// The key "identifiers" and its map by source, of which a source has one entry.
static void pack_identifiers(struct record_packer *pk, const struct dump_links *l, const char *type,
			     int64_t object)
{
	size_t from = 0;
	size_t to = dump_links_identifiers(l, type, object, &from);
	size_t sources = 0;

	for (size_t i = from; i < to; i++)
		sources += i == from ||
			   !text_equal(l->identifiers[i].source, l->identifiers[i - 1].source);
	pack_key(pk, "identifiers");
	pack_map(pk, sources);
	for (size_t i = from; i < to; i++) {
		const struct dump_identifier *id = &l->identifiers[i];

		if (i > from && text_equal(id->source, l->identifiers[i - 1].source))
			continue;
		pack_text(pk, id->source);
		pack_map(pk, (size_t)(id->key.len > 0) + (id->url.len > 0));
		if (id->key.len > 0) {
			pack_key(pk, "key");
			pack_text(pk, id->key);
		}
		if (id->url.len > 0) {
			pack_key(pk, "url");
			pack_text(pk, id->url);
		}
	}
}

// ---- single values --------------------------------------------------------------------------

static void add_text(struct dump_meta *d, struct packed_map *m, const struct field *f, int column)
{
	struct text t = dump_links_column_text(d->row, column);

	if (t.len == 0)
		return;
	packed_map_add_key(m, f->key);
	pack_text(&m->pk, t);
}

static void add_integer(struct dump_meta *d, struct packed_map *m, const struct field *f,
			int column)
{
	struct dump_number n = dump_links_column_number(d->row, column);

	if (!n.known)
		return;
	packed_map_add_key(m, f->key);
	pack_signed(&m->pk, n.value);
}

static void add_decimal(struct dump_meta *d, struct packed_map *m, const struct field *f,
			int column)
{
	if (sqlite3_column_type(d->row, column) == SQLITE_NULL)
		return;
	packed_map_add_key(m, f->key);
	pack_decimal(&m->pk, sqlite3_column_double(d->row, column));
}

static void add_bool(struct dump_meta *d, struct packed_map *m, const struct field *f, int column)
{
	struct dump_number n = dump_links_column_number(d->row, column);

	if (!n.known)
		return;
	packed_map_add_key(m, f->key);
	pack_bool(&m->pk, n.value != 0);
}

// Of the publisher, imprint or series whose id stands in the column, or of the comic.
static void add_identifiers(struct dump_meta *d, struct packed_map *m, const struct field *f,
			    int column)
{
	int64_t object = f->part == NULL ? 0 : sqlite3_column_int64(d->row, column);
	const char *type = f->part == NULL ? "comic" : f->part;

	if (!has_identifiers(d->links, type, object))
		return;
	pack_identifiers(&m->pk, d->links, type, object);
	m->pairs++;
}

// ---- names that link to something -------------------------------------------------------------

// identifier.type of what a link leads to.
static const char *const link_types[DUMP_COUNT] = {
	[DUMP_STORY] = "story",
	[DUMP_ARC] = "story_arc",
	[DUMP_CREDIT] = "person",
	[DUMP_CHARACTER] = "character",
	[DUMP_TEAM] = "team",
	[DUMP_LOCATION] = "location",
	[DUMP_GENRE] = "genre",
	[DUMP_TAG] = "tag",
	[DUMP_UNIVERSE] = "universe",
	[DUMP_SERIES_GROUP] = "",
	[DUMP_REPRINT] = "reprint",
};

// The item after those that have the name of items[at].
static size_t next_name(const struct dump_links *l, size_t at)
{
	const struct dump_item *item = &l->items[at];

	do {
		at++;
	} while (at < l->first[item->link + 1] && text_equal(l->items[at].name, item->name));
	return at;
}

// Starts the map of a link's names under its key; false if there are none.
static bool start_names(const struct dump_links *l, struct packed_map *m, const struct field *f)
{
	size_t names = 0;

	for (size_t i = l->first[f->link]; i < l->first[f->link + 1]; i = next_name(l, i))
		names++;
	if (names == 0)
		return false;
	packed_map_add_key(m, f->key);
	pack_map(&m->pk, names);
	return true;
}

// Names with at most one value of their own: an arc's number or a universe's designation.
static void add_names(struct dump_meta *d, struct packed_map *m, const struct field *f, int column)
{
	const struct dump_links *l = d->links;

	(void)column;
	if (!start_names(l, m, f))
		return;
	for (size_t i = l->first[f->link]; i < l->first[f->link + 1]; i = next_name(l, i)) {
		const struct dump_item *item = &l->items[i];
		bool identified = has_identifiers(l, link_types[f->link], item->id);

		pack_text(&m->pk, item->name);
		pack_map(&m->pk,
			 (size_t)identified + item->number.known + (item->detail.len > 0));
		if (item->number.known) {
			pack_key(&m->pk, "number");
			pack_signed(&m->pk, item->number.value);
		}
		if (item->detail.len > 0) {
			pack_key(&m->pk, "designation");
			pack_text(&m->pk, item->detail);
		}
		if (identified)
			pack_identifiers(&m->pk, l, link_types[f->link], item->id);
	}
}

// The roles of one person. A role's identifiers say what the role is, whoever has it: they
// stand with the first person who does.
static void pack_roles(struct dump_links *l, struct record_packer *pk, size_t from, size_t to)
{
	pack_key(pk, "roles");
	pack_map(pk, to - from);
	for (size_t i = from; i < to; i++) {
		int64_t role = l->items[i].number.value;
		size_t first = 0;
		bool identified = dump_links_identifiers(l, "role", role, &first) > first &&
				  !l->identifiers[first].used;

		pack_text(pk, l->items[i].detail);
		pack_map(pk, identified);
		if (!identified)
			continue;
		pack_identifiers(pk, l, "role", role);
		l->identifiers[first].used = true;
	}
}

static void add_credits(struct dump_meta *d, struct packed_map *m, const struct field *f,
			int column)
{
	struct dump_links *l = d->links;
	size_t next = 0;

	(void)column;
	if (!start_names(l, m, f))
		return;
	for (size_t i = l->first[f->link]; i < l->first[f->link + 1]; i = next) {
		const struct dump_item *item = &l->items[i];
		size_t roles = i + (item->detail.len == 0); // a credit without a role sorts first
		bool identified = has_identifiers(l, link_types[f->link], item->id);

		next = next_name(l, i);
		pack_text(&m->pk, item->name);
		pack_map(&m->pk, (size_t)identified + (roles < next));
		if (roles < next)
			pack_roles(l, &m->pk, roles, next);
		if (identified)
			pack_identifiers(&m->pk, l, link_types[f->link], item->id);
	}
}

static void add_list(struct dump_meta *d, struct packed_map *m, const struct field *f, int column)
{
	const struct dump_links *l = d->links;

	(void)column;
	if (l->first[f->link] == l->first[f->link + 1])
		return;
	packed_map_add_key(m, f->key);
	pack_array(&m->pk, l->first[f->link + 1] - l->first[f->link]);
	for (size_t i = l->first[f->link]; i < l->first[f->link + 1]; i++)
		pack_text(&m->pk, l->items[i].name);
}

static void pack_reprint(const struct dump_links *l, struct record_packer *pk,
			 const struct dump_item *item)
{
	bool identified = has_identifiers(l, link_types[DUMP_REPRINT], item->id);
	size_t volume = (size_t)item->number.known + item->count.known;

	pack_map(pk, (size_t)(item->language.len > 0) + 1 + (volume > 0) + (item->detail.len > 0) +
			     identified);
	if (item->language.len > 0) {
		pack_key(pk, "language");
		pack_text(pk, item->language);
	}
	pack_key(pk, "series");
	pack_map(pk, 1);
	pack_key(pk, "name");
	pack_text(pk, item->name);
	if (volume > 0) {
		pack_key(pk, "volume");
		pack_map(pk, volume);
	}
	if (item->number.known) {
		pack_key(pk, "number");
		pack_signed(pk, item->number.value);
	}
	if (item->count.known) {
		pack_key(pk, "issue_count");
		pack_signed(pk, item->count.value);
	}
	if (item->detail.len > 0) {
		pack_key(pk, "issue");
		pack_text(pk, item->detail);
	}
	if (identified)
		pack_identifiers(pk, l, link_types[DUMP_REPRINT], item->id);
}

static void add_reprints(struct dump_meta *d, struct packed_map *m, const struct field *f,
			 int column)
{
	const struct dump_links *l = d->links;

	(void)column;
	if (l->first[f->link] == l->first[f->link + 1])
		return;
	packed_map_add_key(m, f->key);
	pack_array(&m->pk, l->first[f->link + 1] - l->first[f->link]);
	for (size_t i = l->first[f->link]; i < l->first[f->link + 1]; i++)
		pack_reprint(l, &m->pk, &l->items[i]);
}

// ---- the whole ----------------------------------------------------------------------------

#define COLUMN(part, key, add, sql) { part, key, add, sql, DUMP_COUNT }
#define LINKED(key, add, link) { NULL, key, add, NULL, link }

static const struct field fields[] = {
	COLUMN(NULL, "title", add_text, "c.title"),
	COLUMN(NULL, "collection_title", add_text, "c.collection_title"),
	COLUMN("publisher", "name", add_text, "p.name"),
	COLUMN("publisher", "identifiers", add_identifiers, "p.id"),
	COLUMN("imprint", "name", add_text, "i.name"),
	COLUMN("imprint", "identifiers", add_identifiers, "i.id"),
	COLUMN("series", "name", add_text, "s.name"),
	COLUMN("series", "sort_name", add_text, "c.series_sort_name"),
	COLUMN("series", "start_year", add_integer, "c.series_start_year"),
	COLUMN("series", "volume_count", add_integer, "c.series_volume_count"),
	COLUMN("series", "identifiers", add_identifiers, "s.id"),
	COLUMN("volume", "number", add_integer, "v.number"),
	COLUMN("volume", "number_to", add_integer, "v.number_to"),
	COLUMN("volume", "issue_count", add_integer, "c.volume_issue_count"),
	COLUMN("issue", "name", add_text, "c.issue_name"),
	COLUMN("issue", "number", add_decimal, "c.issue_number"),
	COLUMN("issue", "suffix", add_text, "c.issue_suffix"),
	COLUMN("alternative_issue", "name", add_text, "c.alternative_issue_name"),
	COLUMN("alternative_issue", "number", add_decimal, "c.alternative_issue_number"),
	COLUMN("alternative_issue", "suffix", add_text, "c.alternative_issue_suffix"),
	COLUMN("date", "year", add_integer, "c.year"),
	COLUMN("date", "month", add_integer, "c.month"),
	COLUMN("date", "day", add_integer, "c.day"),
	COLUMN("date", "cover_date", add_text, "c.cover_date"),
	COLUMN("date", "store_date", add_text, "c.store_date"),
	COLUMN(NULL, "summary", add_text, "c.summary"),
	COLUMN(NULL, "notes", add_text, "c.notes"),
	COLUMN(NULL, "review", add_text, "c.review"),
	COLUMN(NULL, "rights", add_text, "c.rights"),
	COLUMN(NULL, "age_rating", add_text, "age.name"),
	COLUMN(NULL, "original_format", add_text, "form.name"),
	COLUMN(NULL, "scan_info", add_text, "scan.name"),
	COLUMN(NULL, "tagger", add_text, "tagger.name"),
	COLUMN(NULL, "language", add_text, "language.code"),
	COLUMN(NULL, "country", add_text, "country.code"),
	COLUMN(NULL, "manga", add_text, "c.manga"),
	COLUMN(NULL, "reading_direction", add_text, "c.reading_direction"),
	COLUMN(NULL, "monochrome", add_bool, "c.monochrome"),
	COLUMN("community_rating", "average_rating", add_decimal, "c.community_rating"),
	COLUMN("community_rating", "rating_count", add_integer, "c.community_rating_count"),
	COLUMN("critical_rating", "average_rating", add_decimal, "c.critical_rating"),
	COLUMN("critical_rating", "rating_count", add_integer, "c.critical_rating_count"),
	COLUMN(NULL, "protagonist", add_text, "COALESCE(hero.name, heroes.name)"),
	LINKED("stories", add_names, DUMP_STORY),
	LINKED("arcs", add_names, DUMP_ARC),
	LINKED("credits", add_credits, DUMP_CREDIT),
	LINKED("characters", add_names, DUMP_CHARACTER),
	LINKED("teams", add_names, DUMP_TEAM),
	LINKED("locations", add_names, DUMP_LOCATION),
	LINKED("genres", add_names, DUMP_GENRE),
	LINKED("tags", add_names, DUMP_TAG),
	LINKED("universes", add_names, DUMP_UNIVERSE),
	LINKED("series_groups", add_list, DUMP_SERIES_GROUP),
	LINKED("identifiers", add_identifiers, DUMP_COUNT),
	LINKED("reprints", add_reprints, DUMP_REPRINT),
	COLUMN(NULL, "cover", add_text, "c.cover"),
};

// LEFT JOIN: a comic is never lost, and comic stays the outermost loop.
const char dump_meta_from[] =
	" FROM comic c"
	" LEFT JOIN volume v ON v.id = c.volume_id"
	" LEFT JOIN series s ON s.id = v.series_id"
	" LEFT JOIN imprint i ON i.id = s.imprint_id"
	" LEFT JOIN publisher p ON p.id = i.publisher_id"
	" LEFT JOIN age_rating age ON age.id = c.age_rating_id"
	" LEFT JOIN original_format form ON form.id = c.original_format_id"
	" LEFT JOIN scan_info scan ON scan.id = c.scan_info_id"
	" LEFT JOIN tagger ON tagger.id = c.tagger_id"
	" LEFT JOIN language ON language.id = c.language_id"
	" LEFT JOIN country ON country.id = c.country_id"
	" LEFT JOIN character hero ON hero.id = c.main_character_id"
	" LEFT JOIN team heroes ON heroes.id = c.main_team_id";

int dump_meta_columns(struct buf *sql)
{
	for (size_t i = 0; i < COMIC_COUNT(fields); i++) {
		if (fields[i].sql != NULL && buf_printf(sql, ", %s", fields[i].sql) < 0)
			return -1;
	}
	return 0;
}

static bool same_part(const struct field *a, const struct field *b)
{
	return a->part == b->part || // string literals may or may not be one
	       (a->part != NULL && b->part != NULL && text_is(text_from(a->part), b->part));
}

void dump_meta_pack(struct dump_meta *d)
{
	int column = d->column;

	packed_map_start(&d->meta);
	for (size_t i = 0; i < COMIC_COUNT(fields); i++) {
		const struct field *f = &fields[i];

		if (f->part != NULL && (i == 0 || !same_part(f, f - 1)))
			packed_map_start(&d->part);
		f->add(d, f->part != NULL ? &d->part : &d->meta, f, column);
		column += f->sql != NULL;
		if (f->part != NULL && d->part.pairs > 0 &&
		    (i + 1 == COMIC_COUNT(fields) || !same_part(f, f + 1)))
			packed_map_add_map(&d->meta, f->part, &d->part);
	}
}

void dump_meta_clear(struct dump_meta *d)
{
	packed_map_clear(&d->meta);
	packed_map_clear(&d->part);
}
