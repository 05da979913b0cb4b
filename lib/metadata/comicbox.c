// SPDX-License-Identifier: MIT
// comicbox.c: see comicbox.h.
//
// The model's own table leads through the document; only fields whose words mean something have
// a function here.

#include "metadata/comicbox.h"

#include "metadata/clean.h"
#include "metadata/field.h"
#include "metadata/identifier.h"
#include "metadata/issue.h"
#include "metadata/language.h"
#include "metadata/role.h"
#include "metadata/scalar.h"

#include <stdio.h>
#include <string.h>

static void put_fields(struct builder *b, struct node *map, const struct value *v);
static void put_value(struct builder *b, struct node *map, unsigned int key, const struct value *v);

static bool is_key(const struct node *map, unsigned int key, const char *name)
{
	return strcmp(map->fields[key].key, name) == 0;
}

// The text of a value in any shape: of a list its first, of a map its name.
static struct text text_of(const struct value *v)
{
	if (v != NULL && v->kind == VALUE_LIST)
		v = v->first;
	if (v != NULL && v->kind == VALUE_MAP)
		v = value_get(v, "name");
	return value_text(v);
}

// ---- single values --------------------------------------------------------------------------

static void put_text(struct builder *b, struct node *map, unsigned int key, const struct value *v)
{
	struct text raw = text_of(v);

	if (is_key(map, key, "language") && map != b->root)
		node_put_text(b, map, key, language_code(raw));
	else if (is_key(map, key, "page_type"))
		node_put_text(b, map, key, field_page_type(raw));
	else
		field_name(b, map, key, raw);
}

// Of issues, the only decimals outside of lists.
static void put_decimal(struct builder *b, struct node *map, unsigned int key, struct text raw)
{
	struct issue_parts parts;

	raw = text_trim(raw);
	if (raw.len == 0)
		return;
	issue_parse(raw, &parts);
	if (parts.has_number)
		node_put_integer(b, map, key, parts.hundredths);
	else
		field_warn(b, raw, "a number");
}

static void put_flag(struct builder *b, struct node *map, unsigned int key, struct text raw)
{
	bool value = false;

	switch (scalar_bool(raw, &value)) {
	case SCALAR_OK:
		node_put_flag(b, map, key, value);
		break;
	case SCALAR_BAD:
		field_warn(b, raw, "yes or no");
		break;
	case SCALAR_UNSET:
		break;
	}
}

// A text in place of a map is its first field, unless that is a list of identifiers.
static void put_map(struct builder *b, struct node *map, const struct value *v)
{
	if (v->kind == VALUE_MAP)
		put_fields(b, map, v);
	else if (map != NULL && v->kind != VALUE_NOTHING && !is_key(map, 0, "identifiers"))
		put_value(b, map, 0, v);
}

// ---- identifiers ------------------------------------------------------------------------------

// Of a source that is not known here only a map is taken for an identifier.
static struct text source_of(struct builder *b, const struct value *v)
{
	struct text source = identifier_source(v->name);

	if (source.len > 0)
		return source;
	source = field_clean(b, v->name);
	if (source.len == 0 || v->kind == VALUE_MAP || memchr(source.data, '.', source.len) != NULL)
		return source;
	field_warn(b, source, "a known source");
	return TEXT("");
}

static void put_identifier(struct builder *b, struct node *list, const struct identifier *id)
{
	struct node *entry = NULL;

	if (id->key.len == 0 && id->url.len == 0)
		return;
	if (list == node_get(b->root, COMIC_IDENTIFIERS)) {
		identifier_put(b, id);
		return;
	}
	entry = node_add(b, list, id->source);
	node_put_text(b, entry, IDENTIFIER_KEY, id->key);
	node_put_text(b, entry, IDENTIFIER_URL, id->url);
}

// SOURCE: {key, url}, or SOURCE: KEY.
static void put_source(struct builder *b, struct node *list, const struct value *v)
{
	struct text source = source_of(b, v);
	struct text key = v->kind == VALUE_MAP ? value_text(value_get(v, "key")) : text_of(v);
	struct identifier id;

	if (source.len == 0)
		return;
	identifier_parse_key(source, field_clean(b, key), &id);
	id.url = field_clean(b, value_text(value_get(v, "url")));
	put_identifier(b, list, &id);
}

static void put_loose_identifiers(struct builder *b, struct node *list, struct text raw)
{
	struct list_reader l;
	struct text item;
	struct identifier id;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		item = field_clean(b, item);
		if (identifier_parse_url(b->arena, item, &id) || identifier_parse_gtin(item, &id))
			put_identifier(b, list, &id);
		else if (item.len > 0)
			field_warn(b, item, "an identifier");
	}
	b->failed = b->failed || l.failed;
}

static void put_identifiers(struct builder *b, struct node *list, const struct value *v)
{
	if (v->kind == VALUE_TEXT)
		put_loose_identifiers(b, list, v->text);
	for (const struct value *m = v->first; m != NULL && !b->failed; m = m->next) {
		if (v->kind == VALUE_MAP)
			put_source(b, list, m);
		else
			put_loose_identifiers(b, list, value_text(m));
	}
}

// ---- names and lists ----------------------------------------------------------------------------

static struct node *add_name(struct builder *b, struct node *list, struct text raw, bool is_role)
{
	struct text name = field_clean(b, raw);

	if (is_role && name.len > 0)
		name = role_canonical(b->arena, name);
	b->failed = b->failed || name.data == NULL;
	return b->failed ? NULL : node_add(b, list, name);
}

static void add_names(struct builder *b, struct node *list, struct text raw, bool is_role)
{
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		if (list->shape == META_LIST)
			node_add_item(b, list, field_clean(b, item));
		else
			(void)add_name(b, list, item, is_role);
	}
	b->failed = b->failed || l.failed;
}

static void put_names(struct builder *b, struct node *list, const struct value *v, bool is_role)
{
	if (v->kind == VALUE_TEXT)
		add_names(b, list, v->text, is_role);
	for (const struct value *m = v->first; m != NULL && !b->failed; m = m->next) {
		struct node *member = NULL;

		member = add_name(b, list, v->kind == VALUE_MAP ? m->name : text_of(m), is_role);
		if (member != NULL && (v->kind == VALUE_MAP || m->kind == VALUE_MAP))
			put_map(b, member, m);
	}
}

static void put_list(struct builder *b, struct node *list, const struct value *v)
{
	if (v->kind == VALUE_TEXT)
		add_names(b, list, v->text, false);
	for (const struct value *m = v->first; m != NULL; m = m->next)
		node_add_item(b, list, field_clean(b, v->kind == VALUE_MAP ? m->name : text_of(m)));
}

static void put_texts(struct builder *b, struct node *list, const struct value *v)
{
	for (const struct value *m = v->first; m != NULL && v->kind == VALUE_MAP; m = m->next) {
		struct text text = field_clean(b, text_of(m));
		struct node *member = text.len == 0 ? NULL : field_add_name(b, list, m->name);

		if (member != NULL && member->u.text.len == 0)
			member->u.text = text;
	}
}

static void put_value(struct builder *b, struct node *map, unsigned int key, const struct value *v)
{
	enum meta_shape shape = map->fields[key].shape;
	bool is_role = is_key(map, key, "roles");

	switch (shape) {
	case META_TEXT:
		put_text(b, map, key, v);
		break;
	case META_UNSIGNED:
	case META_INTEGER:
		field_count(b, map, key, text_of(v));
		break;
	case META_DECIMAL:
		put_decimal(b, map, key, text_of(v));
		break;
	case META_BOOL:
		put_flag(b, map, key, text_of(v));
		break;
	case META_MAP:
		put_map(b, node_make(b, map, key), v);
		break;
	case META_NAMES:
		if (is_key(map, key, "identifiers"))
			put_identifiers(b, node_make(b, map, key), v);
		else
			put_names(b, node_make(b, map, key), v, is_role);
		break;
	case META_LIST:
		put_list(b, node_make(b, map, key), v);
		break;
	case META_TEXTS:
		put_texts(b, node_make(b, map, key), v);
		break;
	case META_MAPS: // reprints and prices have their functions
	case META_DECIMALS:
		break;
	}
}

static void put_fields(struct builder *b, struct node *map, const struct value *v)
{
	for (unsigned int i = 0; map != NULL && !b->failed && map->fields[i].key != NULL; i++) {
		const struct value *m = value_get(v, map->fields[i].key);

		if (m != NULL)
			put_value(b, map, i, m);
	}
}

// ---- fields of the record that have words or rules of their own --------------------

static void put_long_text(struct builder *b, enum comic_key key, const struct value *v)
{
	field_text(b, b->root, key, text_of(v));
}

static void put_word(struct builder *b, enum comic_key key, const struct value *v)
{
	if (key == COMIC_LANGUAGE)
		field_language(b, text_of(v));
	else if (key == COMIC_COUNTRY)
		field_country(b, text_of(v));
	else if (key == COMIC_AGE_RATING)
		field_age_rating(b, text_of(v));
	else if (key == COMIC_ORIGINAL_FORMAT)
		field_format(b, text_of(v));
	else if (key == COMIC_MANGA)
		field_manga(b, text_of(v));
	else if (key == COMIC_READING_DIRECTION)
		field_direction(b, text_of(v));
	else
		field_time(b, text_of(v));
}

static void put_date(struct builder *b, enum comic_key key, const struct value *v)
{
	struct node *map = v->kind == VALUE_MAP ? node_make(b, b->root, key) : NULL;

	if (map == NULL) {
		field_date(b, DATE_COVER_DATE, text_of(v));
		return;
	}
	field_bounded(b, map, DATE_YEAR, value_text(value_get(v, "year")), MODEL_INTEGER_MAX);
	field_bounded(b, map, DATE_MONTH, value_text(value_get(v, "month")), 12);
	field_bounded(b, map, DATE_DAY, value_text(value_get(v, "day")), 31);
	field_date(b, DATE_COVER_DATE, value_text(value_get(v, "cover_date")));
	field_date(b, DATE_STORE_DATE, value_text(value_get(v, "store_date")));
}

static void put_rating(struct builder *b, enum comic_key key, const struct value *v)
{
	struct text average = value_text(value_get(v, "average_rating"));

	field_rating(b, key, v->kind == VALUE_MAP ? average : text_of(v));
	field_rating_count(b, key, value_text(value_get(v, "rating_count")));
}

static void put_reprints(struct builder *b, enum comic_key key, const struct value *v)
{
	const struct value *m = v->kind == VALUE_LIST ? v->first : v;

	while (m != NULL && !b->failed) {
		struct node *reprint = NULL;

		if (m->kind == VALUE_MAP)
			reprint = node_add_map(b, node_make(b, b->root, key));
		else
			(void)field_reprint(b, text_of(m));
		put_fields(b, reprint, m);
		m = v->kind == VALUE_LIST ? m->next : NULL;
	}
}

static void put_prices(struct builder *b, enum comic_key key, const struct value *v)
{
	(void)key;
	if (v->kind != VALUE_MAP)
		field_price(b, TEXT(""), text_of(v));
	for (const struct value *m = v->first; m != NULL && v->kind == VALUE_MAP; m = m->next)
		field_price(b, m->name, text_of(m));
}

static void put_page(struct builder *b, int64_t number, const struct value *v)
{
	char name[24];
	struct node *page = NULL;

	(void)snprintf(name, sizeof(name), "%lld", (long long)number);
	page = node_add(b, node_make(b, b->root, COMIC_PAGES), builder_copy(b, name));
	put_fields(b, page, v);
}

// By number from 0; by number from 1 where there is no page 0.
static void put_pages(struct builder *b, enum comic_key key, const struct value *v)
{
	struct covers covers = { .count = 0 };
	bool has_page_0 = false;
	int64_t number = -1;

	(void)key;
	for (const struct value *m = v->first; m != NULL && !b->failed; m = m->next) {
		struct text type = value_text(value_get(m, "page_type"));

		number++; // in a list
		if (v->kind == VALUE_MAP &&
		    (scalar_integer(m->name, &number) != SCALAR_OK || number > INT32_MAX))
			continue;
		has_page_0 = has_page_0 || number == 0;
		if (text_equal_nocase(text_trim(type), TEXT("FrontCover")))
			covers_add(&covers, (uint32_t)number);
		if (b->full)
			put_page(b, number, m);
	}
	for (size_t i = 0; i < covers.count; i++)
		covers_add(b->covers, covers.pages[i] - !has_page_0);
}

static void ignore(struct builder *b, enum comic_key key, const struct value *v)
{
	(void)b;
	(void)key;
	(void)v;
}

static void (*const special[COMIC_KEYS])(struct builder *b, enum comic_key key,
					 const struct value *v) = {
	[COMIC_AGE_RATING] = put_word,
	[COMIC_COMMUNITY_RATING] = put_rating,
	[COMIC_COUNTRY] = put_word,
	[COMIC_COVER] = ignore, // what this pipeline found, not what a document says
	[COMIC_CRITICAL_RATING] = put_rating,
	[COMIC_DATE] = put_date,
	[COMIC_LANGUAGE] = put_word,
	[COMIC_MANGA] = put_word,
	[COMIC_NOTES] = put_long_text,
	[COMIC_ORIGINAL_FORMAT] = put_word,
	[COMIC_PAGES] = put_pages,
	[COMIC_PRICES] = put_prices,
	[COMIC_READING_DIRECTION] = put_word,
	[COMIC_REPRINTS] = put_reprints,
	[COMIC_REVIEW] = put_long_text,
	[COMIC_SUMMARY] = put_long_text,
	[COMIC_UPDATED_AT] = put_word,
};

// ---- the document -----------------------------------------------------------------------------

// Some of what only --full writes says which page is the cover.
static bool is_wanted(const struct builder *b, unsigned int key)
{
	return b->full || !meta_fields[key].full || key == COMIC_PAGES || key == COMIC_COVER_IMAGE;
}

static void put_record(struct builder *b, const struct value *record)
{
	for (unsigned int i = 0; i < COMIC_KEYS && !b->failed; i++) {
		const struct value *v = value_get(record, meta_fields[i].key);

		b->field = meta_fields[i].key;
		if (v == NULL || !is_wanted(b, i))
			continue;
		if (special[i] != NULL)
			special[i](b, (enum comic_key)i, v);
		else
			put_value(b, b->root, i, v);
	}
}

static int read_document(struct metadata_input *in, struct builder *b, struct value_document *d,
			 struct comic_err *err)
{
	if (reader_value(in, b, d, err) < 0)
		return -1;
	if (d->inside != NULL) {
		put_record(b, d->inside);
		b->field = "appID";
		field_name(b, b->root, COMIC_TAGGER, value_text(value_get(&d->whole, "appID")));
	}
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading comicbox metadata") : 0;
}

int comicbox_read_json(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	struct value_document d = { .read = value_read_json, .mark = "comicbox" };

	return read_document(in, b, &d, err);
}

int comicbox_read_yaml(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	struct value_document d = { .read = value_read_yaml, .mark = "comicbox" };

	return read_document(in, b, &d, err);
}
