// SPDX-License-Identifier: MIT
// decode.c: a comic record as the cells of its row and the slots of what it names; see batch.h.

#include "database/decode.h"

#include "database/derive.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

// ---- values -------------------------------------------------------------------------------

struct text decode_text(const msgpack_object *o)
{
	struct text t = TEXT("");

	(void)record_text(o, &t);
	return t;
}

struct cell decode_number(const msgpack_object *o)
{
	if (o == NULL)
		return (struct cell){ .kind = CELL_NULL };
	if (o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		return cell_integer(o->via.i64);
	return cell_unsigned(o->via.u64);
}

bool decode_keep(struct decoding *d, struct text t, struct cell *out)
{
	char *copy = t.data == NULL ? NULL : arena_copy(&d->batch->arena, t.data, t.len);

	*out = cell_text((struct text){ copy, t.len });
	return copy != NULL || t.data == NULL;
}

// ---- what becomes of a key ----------------------------------------------------------------

static int take_text(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	return decode_keep(d, decode_text(value), &d->comic->cells[t->what]) ? 0 : -1;
}

static int take_integer(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	d->comic->cells[t->what] = decode_number(value);
	return 0;
}

static int take_decimal(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	struct cell whole = decode_number(value);
	double number =
		value->type == MSGPACK_OBJECT_FLOAT64 ? value->via.f64 : (double)whole.as.integer;

	d->comic->cells[t->what] = cell_real(number + 0.0); // -0 is 0
	return 0;
}

static int take_bool(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	d->comic->cells[t->what] = cell_integer(value->via.boolean ? 1 : 0);
	return 0;
}

static int take_reference(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	uint32_t slot = refs_name(&d->batch->refs, comic_columns[t->what].kind, decode_text(value));

	d->comic->cells[t->what] = cell_reference(slot);
	return slot == REF_NONE ? -1 : 0;
}

static int take_level_name(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	d->level[t->what] = decode_text(value);
	return 0;
}

// What they identify has its slot only when all levels are known.
static int take_level_identifiers(struct decoding *d, const msgpack_object *value,
				  const struct target *t)
{
	d->level_identifiers[t->what] = value;
	return 0;
}

static int take_volume_number(struct decoding *d, const msgpack_object *value,
			      const struct target *t)
{
	*(t->what == 0 ? &d->volume_number : &d->volume_number_to) = decode_number(value);
	return 0;
}

static int take_protagonist(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	(void)t;
	d->protagonist = decode_text(value);
	return 0;
}

static int take_fields(struct decoding *d, const msgpack_object *value, const struct target *t);

// ---- the table ----------------------------------------------------------------------------

#define TABLE_END                                                                                  \
	{                                                                                          \
		NULL, NULL, 0, NULL                                                                \
	}

static const struct target publisher_targets[] = {
	{ "name", take_level_name, LEVEL_PUBLISHER, NULL },
	{ "identifiers", take_level_identifiers, LEVEL_PUBLISHER, NULL },
	TABLE_END,
};

static const struct target imprint_targets[] = {
	{ "name", take_level_name, LEVEL_IMPRINT, NULL },
	{ "identifiers", take_level_identifiers, LEVEL_IMPRINT, NULL },
	TABLE_END,
};

static const struct target series_targets[] = {
	{ "name", take_level_name, LEVEL_SERIES, NULL },
	{ "sort_name", take_text, COL_SERIES_SORT_NAME, NULL },
	{ "start_year", take_integer, COL_SERIES_START_YEAR, NULL },
	{ "volume_count", take_integer, COL_SERIES_VOLUME_COUNT, NULL },
	{ "identifiers", take_level_identifiers, LEVEL_SERIES, NULL },
	TABLE_END,
};

static const struct target volume_targets[] = {
	{ "number", take_volume_number, 0, NULL },
	{ "number_to", take_volume_number, 1, NULL },
	{ "issue_count", take_integer, COL_VOLUME_ISSUE_COUNT, NULL },
	TABLE_END,
};

static const struct target issue_targets[] = {
	{ "name", take_text, COL_ISSUE_NAME, NULL },
	{ "number", take_decimal, COL_ISSUE_NUMBER, NULL },
	{ "suffix", take_text, COL_ISSUE_SUFFIX, NULL },
	TABLE_END,
};

static const struct target alternative_issue_targets[] = {
	{ "name", take_text, COL_ALTERNATIVE_ISSUE_NAME, NULL },
	{ "number", take_decimal, COL_ALTERNATIVE_ISSUE_NUMBER, NULL },
	{ "suffix", take_text, COL_ALTERNATIVE_ISSUE_SUFFIX, NULL },
	TABLE_END,
};

static const struct target date_targets[] = {
	{ "year", take_integer, COL_YEAR, NULL },
	{ "month", take_integer, COL_MONTH, NULL },
	{ "day", take_integer, COL_DAY, NULL },
	{ "cover_date", take_text, COL_COVER_DATE, NULL },
	{ "store_date", take_text, COL_STORE_DATE, NULL },
	TABLE_END,
};

static const struct target community_rating_targets[] = {
	{ "average_rating", take_decimal, COL_COMMUNITY_RATING, NULL },
	{ "rating_count", take_integer, COL_COMMUNITY_RATING_COUNT, NULL },
	TABLE_END,
};

static const struct target critical_rating_targets[] = {
	{ "average_rating", take_decimal, COL_CRITICAL_RATING, NULL },
	{ "rating_count", take_integer, COL_CRITICAL_RATING_COUNT, NULL },
	TABLE_END,
};

// In the order of meta.h, in which our own writers pack.
static const struct target meta_targets[] = {
	{ "title", take_text, COL_TITLE, NULL },
	{ "collection_title", take_text, COL_COLLECTION_TITLE, NULL },
	{ "publisher", take_fields, 0, publisher_targets },
	{ "imprint", take_fields, 0, imprint_targets },
	{ "series", take_fields, 0, series_targets },
	{ "volume", take_fields, 0, volume_targets },
	{ "issue", take_fields, 0, issue_targets },
	{ "alternative_issue", take_fields, 0, alternative_issue_targets },
	{ "date", take_fields, 0, date_targets },
	{ "summary", take_text, COL_SUMMARY, NULL },
	{ "notes", take_text, COL_NOTES, NULL },
	{ "review", take_text, COL_REVIEW, NULL },
	{ "rights", take_text, COL_RIGHTS, NULL },
	{ "age_rating", take_reference, COL_AGE_RATING, NULL },
	{ "original_format", take_reference, COL_ORIGINAL_FORMAT, NULL },
	{ "scan_info", take_reference, COL_SCAN_INFO, NULL },
	{ "tagger", take_reference, COL_TAGGER, NULL },
	{ "language", take_reference, COL_LANGUAGE, NULL },
	{ "country", take_reference, COL_COUNTRY, NULL },
	{ "manga", take_text, COL_MANGA, NULL },
	{ "reading_direction", take_text, COL_READING_DIRECTION, NULL },
	{ "monochrome", take_bool, COL_MONOCHROME, NULL },
	{ "community_rating", take_fields, 0, community_rating_targets },
	{ "critical_rating", take_fields, 0, critical_rating_targets },
	{ "protagonist", take_protagonist, 0, NULL },
	{ "stories", take_names, LINK_STORY, NULL },
	{ "arcs", take_arcs, 0, NULL },
	{ "credits", take_credits, 0, NULL },
	{ "characters", take_names, LINK_CHARACTER, NULL },
	{ "teams", take_names, LINK_TEAM, NULL },
	{ "locations", take_names, LINK_LOCATION, NULL },
	{ "genres", take_names, LINK_GENRE, NULL },
	{ "tags", take_names, LINK_TAG, NULL },
	{ "universes", take_universes, 0, NULL },
	{ "series_groups", take_list, LINK_SERIES_GROUP, NULL },
	{ "identifiers", take_identifiers, 0, NULL },
	{ "reprints", take_reprints, 0, NULL },
	{ "cover", take_text, COL_COVER, NULL },
	TABLE_END,
};

// The search goes on behind the last hit and wraps around once.
static const struct target *find_target(const struct target *table, const struct target *from,
					struct text key)
{
	for (const struct target *t = from; t->key != NULL; t++) {
		if (key.len > 0 && key.data[0] == t->key[0] && text_is(key, t->key))
			return t;
	}
	for (const struct target *t = table; t != from; t++) {
		if (text_is(key, t->key))
			return t;
	}
	return NULL;
}

static int take_table(struct decoding *d, const msgpack_object *map, const struct target *table)
{
	const struct target *from = table;

	for (uint32_t i = 0; i < map->via.map.size; i++) {
		const msgpack_object_kv *pair = &map->via.map.ptr[i];
		const struct target *t = find_target(table, from, decode_text(&pair->key));

		if (t == NULL)
			continue;
		if (t->take(d, &pair->val, t) < 0)
			return -1;
		from = t + 1;
	}
	return 0;
}

static int take_fields(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	return take_table(d, value, t->inside);
}

// ---- a whole comic ------------------------------------------------------------------------

static int make_json(struct decoding *d, const msgpack_object *array, struct cell *out)
{
	struct arena *a = &d->batch->arena;
	json_t *list = json_array();
	char *json = NULL;
	int status = -1;

	for (uint32_t i = 0; i < array->via.array.size; i++) {
		struct text t = text_repair(a, decode_text(&array->via.array.ptr[i]));

		if (t.data == NULL || json_array_append_new(list, json_stringn(t.data, t.len)) < 0)
			goto out;
	}
	json = json_dumps(list, JSON_COMPACT);
	if (json != NULL && decode_keep(d, text_from(json), out))
		status = 0;
out:
	free(json);
	json_decref(list);
	return status;
}

// A JSON array of these texts; NULL for none. Each list is made once a batch.
static int take_texts(struct decoding *d, const msgpack_object *array, struct cell *out)
{
	struct batch *b = d->batch;
	size_t known = b->lists.count;
	uint32_t number = 0;

	if (array == NULL || array->via.array.size == 0)
		return 0;
	b->list.len = 0;
	for (uint32_t i = 0; i < array->via.array.size; i++) {
		struct text t = decode_text(&array->via.array.ptr[i]);

		if (buf_add(&b->list, &t.len, sizeof(t.len)) < 0 ||
		    buf_add(&b->list, t.data, t.len) < 0)
			return -1;
	}
	number = intern_add(&b->lists, (struct text){ (const char *)b->list.data, b->list.len });
	if (number == INTERN_NONE ||
	    mem_grow(&b->list_json, &b->list_room, b->lists.count, sizeof(*b->list_json)) < 0 ||
	    (number == known && make_json(d, array, &b->list_json[number]) < 0))
		return -1;
	*out = b->list_json[number];
	return 0;
}

// publisher > imprint > series > volume: every comic has all four.
static int take_levels(struct decoding *d)
{
	struct refs *r = &d->batch->refs;
	uint32_t slot[LEVELS] = { 0 };
	uint32_t volume = REF_NONE;

	for (enum level level = 0; level < LEVELS; level++) {
		enum ref_kind kind = (enum ref_kind)(REF_PUBLISHER + level);

		if (level == LEVEL_PUBLISHER)
			slot[level] = refs_name(r, kind, d->level[level]);
		else
			slot[level] = refs_key(r, kind,
					       (struct cell[]){ cell_integer(slot[level - 1]),
								cell_text(d->level[level]) });
		if (slot[level] == REF_NONE ||
		    decode_identifiers(d, d->level_identifiers[level], kind, slot[level]) < 0)
			return -1;
	}
	volume = refs_key(r, REF_VOLUME,
			  (struct cell[]){ cell_integer(slot[LEVEL_SERIES]), d->volume_number,
					   d->volume_number_to });
	d->comic->cells[COL_VOLUME] = cell_reference(volume);
	return volume == REF_NONE ? -1 : 0;
}

// The protagonist is one of this comic's characters, or else one of its teams.
static void find_protagonist(struct decoding *d)
{
	static const struct {
		enum link_kind link;
		enum comic_column column;
	} places[] = { { LINK_CHARACTER, COL_MAIN_CHARACTER }, { LINK_TEAM, COL_MAIN_TEAM } };
	const struct batch *b = d->batch;

	for (size_t p = 0; p < COMIC_COUNT(places) && d->protagonist.len > 0; p++) {
		enum link_kind link = places[p].link;
		uint32_t slot = refs_find(&b->refs, link_shapes[link].kind, d->protagonist);

		for (size_t i = 0; slot != REF_NONE && i < b->link_count[link]; i++) {
			if (b->links[link][i].slot == slot) {
				d->comic->cells[places[p].column] = cell_reference(slot);
				return;
			}
		}
	}
}

// The links of all kinds, one behind the other.
static int keep_links(struct decoding *d)
{
	struct batch *b = d->batch;
	size_t total = 0;

	for (size_t kind = 0; kind < LINK_KINDS; kind++)
		total += b->link_count[kind];
	d->comic->links = arena_alloc(&b->arena, total * sizeof(*d->comic->links));
	if (d->comic->links == NULL)
		return -1;
	total = 0;
	for (size_t kind = 0; kind < LINK_KINDS; kind++) {
		if (b->link_count[kind] > 0)
			memcpy(d->comic->links + total, b->links[kind],
			       b->link_count[kind] * sizeof(*d->comic->links));
		total += b->link_count[kind];
		d->comic->link_end[kind] = (uint32_t)total;
		b->link_count[kind] = 0;
	}
	return 0;
}

static int take_file(struct decoding *d, const struct record *r, struct text path)
{
	struct cell *cells = d->comic->cells;
	uint32_t folder = refs_folder(&d->batch->refs, path);
	struct text name = derive_display_name(&d->batch->arena, path);

	cells[COL_PATH] = cell_text(path);
	cells[COL_FOLDER] = cell_reference(folder);
	cells[COL_FILE_NAME] = cell_text(name);
	cells[COL_SIZE] = cell_unsigned(r->id.size);
	cells[COL_MTIME] = cell_integer(r->id.mtime);
	cells[COL_INO] = cell_integer((int64_t)r->id.ino);
	if (r->id.dev != 0)
		cells[COL_DEV] = cell_integer((int64_t)r->id.dev);
	cells[COL_FORMAT] = cell_text(text_from(comic_format_name(r->format)));
	cells[COL_PAGE_COUNT] = cell_unsigned(r->pages);
	if (r->fingerprint.len > 0 && !decode_keep(d, r->fingerprint, &cells[COL_FINGERPRINT]))
		return -1;
	return folder == REF_NONE || name.data == NULL ? -1 : 0;
}

static int take_title_sort_name(struct decoding *d)
{
	struct cell *cells = d->comic->cells;
	struct text title = cell_as_text(&cells[COL_TITLE]);
	struct text sorted = { NULL, 0 };

	if (title.data == NULL)
		return 0;
	sorted = derive_sort_name(&d->batch->arena, title);
	cells[COL_SORT_NAME] = cell_text(sorted);
	return sorted.data == NULL ? -1 : 0;
}

struct comic *batch_decode(struct batch *b, const struct record *r, struct text path)
{
	struct decoding d = {
		.batch = b,
		.comic = arena_zero(&b->arena, sizeof(struct comic)),
		.level = { TEXT(""), TEXT(""), TEXT("") },
		.protagonist = TEXT(""),
	};

	if (d.comic == NULL || take_file(&d, r, path) < 0)
		return NULL;
	if (r->meta != NULL && take_table(&d, r->meta, meta_targets) < 0)
		return NULL;
	if (take_title_sort_name(&d) < 0 || take_levels(&d) < 0 ||
	    take_texts(&d, r->sources, &d.comic->cells[COL_SOURCES]) < 0 ||
	    take_texts(&d, r->warnings, &d.comic->cells[COL_WARNINGS]) < 0)
		return NULL;
	find_protagonist(&d);
	return keep_links(&d) < 0 ? NULL : d.comic;
}
