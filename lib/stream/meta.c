// SPDX-License-Identifier: MIT
// meta.c: see meta.h.

#include "stream/meta.h"

#include "base/text.h"
#include "base/word.h"

#include <math.h>
#include <string.h>

#define INTEGER_MAX ((int64_t)1 << 53)

#define KEY(key) key, sizeof(key) - 1
#define FIELD(key, shape) { KEY(key), shape, NULL, 0 }
#define FIELD_OF(key, shape, fields) { KEY(key), shape, fields, 0 }
#define FULL(key, shape) { KEY(key), shape, NULL, 1 }
#define FULL_OF(key, shape, fields) { KEY(key), shape, fields, 1 }
#define FIELDS_END { NULL, 0, META_TEXT, NULL, 0 }

static const struct meta_field identifier[] = { // by source: metron, comicvine, isbn, ...
	FIELD("key", META_TEXT),
	FIELD("url", META_TEXT),
	FIELDS_END,
};

static const struct meta_field named[] = {
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field publisher[] = { // and imprint
	FIELD("name", META_TEXT),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field series[] = {
	FIELD("name", META_TEXT),
	FIELD("sort_name", META_TEXT),
	FIELD("start_year", META_UNSIGNED),
	FIELD("volume_count", META_UNSIGNED),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field volume[] = {
	FIELD("number", META_INTEGER),
	FIELD("number_to", META_INTEGER),
	FIELD("issue_count", META_UNSIGNED),
	FIELDS_END,
};

static const struct meta_field issue[] = {
	FIELD("name", META_TEXT), // as written: "001", "1.MU"
	FIELD("number", META_DECIMAL),
	FIELD("suffix", META_TEXT),
	FIELDS_END,
};

static const struct meta_field date[] = {
	FIELD("year", META_INTEGER),
	FIELD("month", META_UNSIGNED), // 1-12
	FIELD("day", META_UNSIGNED), // 1-31
	FIELD("cover_date", META_TEXT), // YYYY-MM-DD
	FIELD("store_date", META_TEXT),
	FIELDS_END,
};

static const struct meta_field arc[] = {
	FIELD("number", META_UNSIGNED),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field credit[] = { // by person
	FIELD_OF("roles", META_NAMES, named),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field universe[] = {
	FIELD("designation", META_TEXT),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field reprint_series[] = {
	FIELD("name", META_TEXT),
	FIELD("sort_name", META_TEXT),
	FIELDS_END,
};

static const struct meta_field reprint_volume[] = {
	FIELD("number", META_INTEGER),
	FIELD("issue_count", META_UNSIGNED),
	FIELDS_END,
};

static const struct meta_field reprint[] = {
	FIELD("language", META_TEXT),
	FIELD_OF("series", META_MAP, reprint_series),
	FIELD_OF("volume", META_MAP, reprint_volume),
	FIELD("issue", META_TEXT),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELDS_END,
};

static const struct meta_field rating[] = {
	FIELD("average_rating", META_DECIMAL), // 0.0-5.0
	FIELD("rating_count", META_UNSIGNED),
	FIELDS_END,
};

static const struct meta_field primary_source[] = {
	FIELD("source", META_TEXT),
	FIELD("url", META_TEXT),
	FIELDS_END,
};

static const struct meta_field page[] = { // by index, "0", "1", ...
	FIELD("page_type", META_TEXT),
	FIELD("size", META_UNSIGNED),
	FIELD("width", META_UNSIGNED),
	FIELD("height", META_UNSIGNED),
	FIELD("double_page", META_BOOL),
	FIELD("key", META_TEXT),
	FIELD("bookmark", META_TEXT),
	FIELDS_END,
};

const struct meta_field meta_fields[] = {
	FIELD("title", META_TEXT),
	FIELD("collection_title", META_TEXT),
	FIELD_OF("publisher", META_MAP, publisher),
	FIELD_OF("imprint", META_MAP, publisher),
	FIELD_OF("series", META_MAP, series),
	FIELD_OF("volume", META_MAP, volume),
	FIELD_OF("issue", META_MAP, issue),
	FIELD_OF("alternative_issue", META_MAP, issue),
	FIELD_OF("date", META_MAP, date),
	FIELD("summary", META_TEXT),
	FIELD("notes", META_TEXT),
	FIELD("review", META_TEXT),
	FIELD("rights", META_TEXT),
	FIELD("age_rating", META_TEXT),
	FIELD("original_format", META_TEXT),
	FIELD("scan_info", META_TEXT),
	FIELD("tagger", META_TEXT),
	FIELD("language", META_TEXT), // ISO 639-1, else 639-2
	FIELD("country", META_TEXT), // ISO 3166-1 alpha-2
	FIELD("manga", META_TEXT), // Yes, YesAndRightToLeft, No
	FIELD("reading_direction", META_TEXT), // ltr, rtl, ttb, btt
	FIELD("monochrome", META_BOOL),
	FIELD_OF("community_rating", META_MAP, rating),
	FIELD_OF("critical_rating", META_MAP, rating),
	FIELD("protagonist", META_TEXT),
	FIELD_OF("stories", META_NAMES, named),
	FIELD_OF("arcs", META_NAMES, arc),
	FIELD_OF("credits", META_NAMES, credit),
	FIELD_OF("characters", META_NAMES, named),
	FIELD_OF("teams", META_NAMES, named),
	FIELD_OF("locations", META_NAMES, named),
	FIELD_OF("genres", META_NAMES, named),
	FIELD_OF("tags", META_NAMES, named),
	FIELD_OF("universes", META_NAMES, universe),
	FIELD("series_groups", META_LIST),
	FIELD_OF("identifiers", META_NAMES, identifier),
	FIELD_OF("reprints", META_MAPS, reprint),
	FIELD("cover", META_TEXT), // a member's name
	FULL_OF("identifier_primary_source", META_MAP, primary_source),
	FULL("credit_primaries", META_TEXTS), // role to person
	FULL("cover_image", META_TEXT),
	FULL("prices", META_DECIMALS), // country, or "" for none
	FULL("page_count", META_UNSIGNED), // what the tags claim
	FULL("bookmark", META_UNSIGNED),
	FULL_OF("pages", META_NAMES, page),
	FULL("remainders", META_LIST),
	FULL("ext", META_TEXT),
	FULL("updated_at", META_TEXT), // YYYY-MM-DDThh:mm:ssZ
	FIELDS_END,
};

// The values that come next, checked one after another. Where there is an arena they become a tree
// at the same time: `o` is where a value goes, or what it is taken into and then forgotten.
struct walk {
	struct objects *at;
	struct arena *arena; // NULL: no tree
};

static int check_fields(struct walk *w, const struct meta_field *fields, msgpack_object *o,
			struct comic_err *err);

static int wrong(const char *key, const char *want, struct comic_err *err)
{
	return err_set(err, COMIC_ERR_INPUT, "meta: %s: %s was expected", key, want);
}

// The elements of a container, which come next: room for them, NULL where they are not kept. 0,
// or -1: there are fewer bytes than elements, or no memory.
static int make_elements(const struct walk *w, size_t count, msgpack_object **out,
			 struct comic_err *err)
{
	*out = NULL;
	if (count > (size_t)(w->at->end - w->at->at))
		return wrong("value", "msgpack", err);
	if (w->arena == NULL || count == 0)
		return 0;
	*out = arena_alloc(w->arena, count * sizeof(**out));
	return *out == NULL ? err_set_nomem(err, "decoding a record") : 0;
}

// Nearly all texts are short and ASCII: those are looked at here, without a call.
static bool is_utf8(struct text t)
{
	uint64_t all = 0;

	if (t.len < WORD) {
		for (size_t i = 0; i < t.len; i++)
			all |= (uint8_t)t.data[i];
	} else {
		for (size_t at = 0; at + WORD < t.len; at += WORD)
			all |= word_at(t.data + at);
		all |= word_at(t.data + t.len - WORD);
	}
	return (all & EACH(0x80)) == 0 || text_is_utf8(t);
}

static bool take_text(struct walk *w, msgpack_object *o, struct text *out)
{
	if (objects_take_short(w->at, out)) {
		o->type = MSGPACK_OBJECT_STR;
		o->via.str = (msgpack_object_str){ (uint32_t)out->len, out->data };
		return true;
	}
	if (!objects_take(w->at, o) || o->type != MSGPACK_OBJECT_STR)
		return false;
	*out = (struct text){ o->via.str.ptr, o->via.str.size };
	return true;
}

static int check_text(struct walk *w, const char *key, msgpack_object *o, struct comic_err *err)
{
	struct text t;

	return take_text(w, o, &t) && t.len > 0 && is_utf8(t) ? 0 : wrong(key, "a text", err);
}

static int check_number(struct walk *w, const char *key, enum meta_shape shape, msgpack_object *o,
			struct comic_err *err)
{
	bool taken = objects_take(w->at, o);

	if (taken && o->type == MSGPACK_OBJECT_POSITIVE_INTEGER &&
	    o->via.u64 <= (uint64_t)INTEGER_MAX)
		return 0;
	if (!taken || shape == META_UNSIGNED)
		return wrong(key, "a whole number from 0", err);
	if (o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER && o->via.i64 >= -INTEGER_MAX)
		return 0;
	if (shape == META_INTEGER)
		return wrong(key, "a whole number", err);
	if (o->type == MSGPACK_OBJECT_FLOAT64 && isfinite(o->via.f64))
		return 0;
	return wrong(key, "a number", err);
}

static int check_bool(struct walk *w, const char *key, msgpack_object *o, struct comic_err *err)
{
	return objects_take(w->at, o) && o->type == MSGPACK_OBJECT_BOOLEAN ?
		       0 :
		       wrong(key, "true or false", err);
}

static int check_named(struct walk *w, const struct meta_field *f, msgpack_object *o,
		       struct comic_err *err)
{
	if (f->shape == META_TEXTS)
		return check_text(w, "text", o, err);
	if (f->shape == META_DECIMALS)
		return check_number(w, "decimal", META_DECIMAL, o, err);
	if (!objects_take_empty(w->at))
		return check_fields(w, f->fields, o, err);
	o->type = MSGPACK_OBJECT_MAP;
	o->via.map = (msgpack_object_map){ 0, NULL };
	return 0;
}

_Static_assert(sizeof(msgpack_object_kv) == 2 * sizeof(msgpack_object), "a pair is two objects");

// Takes a map; *elements is room for its keys and values, NULL where they are not kept.
static int take_map(struct walk *w, const char *key, msgpack_object *o, msgpack_object **elements,
		    struct comic_err *err)
{
	if (!objects_take(w->at, o) || o->type != MSGPACK_OBJECT_MAP)
		return wrong(key, "a map", err);
	if (make_elements(w, 2 * (size_t)o->via.map.size, elements, err) < 0)
		return -1;
	o->via.map.ptr = (msgpack_object_kv *)*elements;
	return 0;
}

static int check_names(struct walk *w, const struct meta_field *f, msgpack_object *o,
		       struct comic_err *err)
{
	msgpack_object *elements = NULL;
	msgpack_object pair[2] = { { .type = MSGPACK_OBJECT_NIL } };
	uint32_t count = 0;

	if (take_map(w, f->key, o, &elements, err) < 0)
		return -1;
	count = o->via.map.size;
	for (uint32_t i = 0; i < count; i++) {
		msgpack_object *key = elements == NULL ? pair : elements + 2 * (size_t)i;
		struct text name;

		if (!take_text(w, key, &name) || !is_utf8(name))
			return wrong(f->key, "a map with texts as its keys", err);
		if (name.len == 0 && f->shape != META_DECIMALS)
			return wrong(f->key, "a name", err);
		if (check_named(w, f, key + 1, err) < 0)
			return err_prefix(err, "%s", f->key);
	}
	return 0;
}

static int check_list(struct walk *w, const struct meta_field *f, msgpack_object *o,
		      struct comic_err *err)
{
	msgpack_object *elements = NULL;
	msgpack_object one;
	uint32_t count = 0;

	if (!objects_take(w->at, o) || o->type != MSGPACK_OBJECT_ARRAY)
		return wrong(f->key, "an array", err);
	count = o->via.array.size;
	if (make_elements(w, count, &elements, err) < 0)
		return -1;
	o->via.array.ptr = elements;
	for (uint32_t i = 0; i < count; i++) {
		msgpack_object *item = elements == NULL ? &one : elements + i;
		int status = f->shape == META_LIST ? check_text(w, f->key, item, err) :
						     check_fields(w, f->fields, item, err);

		if (status < 0)
			return -1;
	}
	return 0;
}

// The table is at most four deep, so is this recursion.
static int check_value(struct walk *w, const struct meta_field *f, msgpack_object *o,
		       struct comic_err *err)
{
	switch (f->shape) {
	case META_TEXT:
		return check_text(w, f->key, o, err);
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
		return check_number(w, f->key, f->shape, o, err);
	case META_BOOL:
		return check_bool(w, f->key, o, err);
	case META_MAP:
		return check_fields(w, f->fields, o, err);
	case META_NAMES:
	case META_TEXTS:
	case META_DECIMALS:
		return check_names(w, f, o, err);
	case META_LIST:
	case META_MAPS:
		return check_list(w, f, o, err);
	}
	return err_set(err, COMIC_ERR_BUG, "meta: %s: unknown shape", f->key);
}

static bool is_called(const struct meta_field *f, struct text key)
{
	return f->key_len == key.len && memcmp(f->key, key.data, key.len) == 0;
}

// Our own writers keep the table's order, so the search goes on where it last hit.
static const struct meta_field *find_field(const struct meta_field *fields,
					   const struct meta_field *from, struct text key)
{
	for (const struct meta_field *f = from; f->key != NULL; f++) {
		if (is_called(f, key))
			return f;
	}
	for (const struct meta_field *f = fields; f != from; f++) {
		if (is_called(f, key))
			return f;
	}
	return NULL;
}

// What is under a key that this version does not know (f NULL) or the database does not store: it
// may be any number of values, of which no tree is made.
static int check_unkept(struct walk *w, const struct meta_field *f, msgpack_object *o,
			struct comic_err *err)
{
	struct walk unkept = { w->at, NULL };
	int status = 0;

	if (f != NULL)
		status = check_value(&unkept, f, o, err);
	else if (!objects_skip(w->at))
		status = wrong("value", "msgpack", err);
	o->type = MSGPACK_OBJECT_NIL;
	return status;
}

static int check_fields(struct walk *w, const struct meta_field *fields, msgpack_object *o,
			struct comic_err *err)
{
	const struct meta_field *from = fields;
	msgpack_object *elements = NULL;
	msgpack_object pair[2] = { { .type = MSGPACK_OBJECT_NIL } };
	uint32_t count = 0;

	if (take_map(w, "value", o, &elements, err) < 0)
		return -1;
	count = o->via.map.size;
	for (uint32_t i = 0; i < count; i++) {
		msgpack_object *key = elements == NULL ? pair : elements + 2 * (size_t)i;
		const struct meta_field *f = NULL;
		struct text name;
		int status = 0;

		if (!take_text(w, key, &name))
			return wrong("value", "a map with texts as its keys", err);
		f = find_field(fields, from, name);
		if (f == NULL && !is_utf8(name))
			return wrong("value", "a map with texts as its keys", err);
		status = f == NULL || f->full ? check_unkept(w, f, key + 1, err) :
						check_value(w, f, key + 1, err);
		if (status < 0)
			return -1;
		from = f == NULL ? from : f + 1;
	}
	return 0;
}

int meta_check(struct objects *at, struct comic_err *err)
{
	struct walk w = { at, NULL };
	msgpack_object forgotten;

	return check_fields(&w, meta_fields, &forgotten, err);
}

int meta_read(struct objects *at, struct arena *a, msgpack_object *out, struct comic_err *err)
{
	struct walk w = { at, a };

	return check_fields(&w, meta_fields, out, err);
}
