// SPDX-License-Identifier: MIT
// field.c: see field.h.

#include "metadata/field.h"

#include "metadata/age_rating.h"
#include "metadata/clean.h"
#include "metadata/date.h"
#include "metadata/filename.h"
#include "metadata/format.h"
#include "metadata/language.h"
#include "metadata/scalar.h"

#define SHOWN_MAX 40 // bytes of a bad value that a warning shows

static struct text checked(struct builder *b, struct text t)
{
	if (t.data != NULL)
		return t;
	b->failed = true;
	return TEXT("");
}

struct text field_clean(struct builder *b, struct text raw)
{
	return b->failed ? TEXT("") : checked(b, clean_name(b->arena, raw));
}

void field_warn(struct builder *b, struct text raw, const char *what)
{
	struct text shown = clean_cut(field_clean(b, raw), SHOWN_MAX);

	builder_warn(b, "'%.*s' is not %s", (int)shown.len, shown.data, what);
}

void field_name(struct builder *b, struct node *map, unsigned int key, struct text raw)
{
	if (node_get(map, key) == NULL)
		node_set_text(b, map, key, field_clean(b, raw));
}

void field_text(struct builder *b, struct node *map, unsigned int key, struct text raw)
{
	if (!b->failed && node_get(map, key) == NULL)
		node_set_text(b, map, key, checked(b, clean_text(b->arena, raw)));
}

void field_count(struct builder *b, struct node *map, unsigned int key, struct text raw)
{
	int64_t value = 0;

	switch (scalar_integer(raw, &value)) {
	case SCALAR_OK:
		node_put_integer(b, map, key, value);
		break;
	case SCALAR_BAD:
		field_warn(b, raw, "a number");
		break;
	case SCALAR_UNSET:
		break;
	}
}

void field_bounded(struct builder *b, struct node *map, unsigned int key, struct text raw,
		   int64_t most)
{
	int64_t value = 0;

	switch (scalar_integer(raw, &value)) {
	case SCALAR_OK:
		if (value > 0)
			node_put_integer(b, map, key, value < most ? value : most);
		break;
	case SCALAR_BAD:
		field_warn(b, raw, "a number");
		break;
	case SCALAR_UNSET:
		break;
	}
}

void field_rating(struct builder *b, unsigned int key, struct text raw)
{
	int64_t value = 0;

	switch (scalar_decimal(raw, 1, 500, &value)) {
	case SCALAR_OK:
		node_put_integer(b, node_make(b, b->root, key), RATING_AVERAGE, value);
		break;
	case SCALAR_BAD:
		field_warn(b, raw, "a rating");
		break;
	case SCALAR_UNSET:
		break;
	}
}

void field_rating_count(struct builder *b, unsigned int key, struct text raw)
{
	struct node *map = text_trim(raw).len == 0 ? NULL : node_make(b, b->root, key);
	struct node *count = NULL;
	bool known = node_get(map, RATING_COUNT) != NULL;

	if (map != NULL)
		field_count(b, map, RATING_COUNT, raw);
	count = node_get(map, RATING_COUNT);
	if (!known && count != NULL && count->u.integer == 0)
		count->u.integer = 1;
}

void field_language(struct builder *b, struct text raw)
{
	struct text code = language_code(raw);

	if (code.len == 0 && text_trim(raw).len > 0)
		field_warn(b, raw, "a language");
	node_put_text(b, b->root, COMIC_LANGUAGE, code);
}

void field_country(struct builder *b, struct text raw)
{
	struct text code = country_code(raw);

	if (code.len == 0 && text_trim(raw).len > 0)
		field_warn(b, raw, "a country");
	node_put_text(b, b->root, COMIC_COUNTRY, code);
}

void field_format(struct builder *b, struct text raw)
{
	struct text name = field_clean(b, raw);

	if (name.len > 0)
		node_put_text(b, b->root, COMIC_ORIGINAL_FORMAT,
			      checked(b, format_canonical(b->arena, name)));
}

// One of a few words; false if it is none of them.
static bool put_word(struct builder *b, enum comic_key key, struct text raw,
		     const char *const words[][2], size_t count)
{
	raw = text_trim(raw);
	for (size_t i = 0; i < count; i++) {
		if (text_equal_nocase(raw, text_from(words[i][0]))) {
			node_put_text(b, b->root, key, text_from(words[i][1]));
			return true;
		}
	}
	return false;
}

void field_direction(struct builder *b, struct text raw)
{
	static const char *const words[][2] = {
		{ "ltr", "ltr" },	  { "rtl", "rtl" },	    { "ttb", "ttb" },
		{ "btt", "btt" },	  { "LeftToRight", "ltr" }, { "RightToLeft", "rtl" },
		{ "TopToBottom", "ttb" }, { "BottomToTop", "btt" },
	};

	if (!put_word(b, COMIC_READING_DIRECTION, raw, words, COMIC_COUNT(words)) &&
	    text_trim(raw).len > 0)
		field_warn(b, raw, "ltr, rtl, ttb or btt");
}

void field_manga(struct builder *b, struct text raw)
{
	static const char *const words[][2] = {
		{ "Yes", "Yes" },   { "true", "Yes" }, { "1", "Yes" },
		{ "No", "No" },	    { "false", "No" }, { "0", "No" },
		{ "YesAndRightToLeft", "YesAndRightToLeft" },
	};

	if (!put_word(b, COMIC_MANGA, raw, words, COMIC_COUNT(words)) && text_trim(raw).len > 0 &&
	    !text_equal_nocase(text_trim(raw), TEXT("Unknown")))
		field_warn(b, raw, "Yes, No or YesAndRightToLeft");
}

void field_time(struct builder *b, struct text raw)
{
	char time[DATE_TEXT];

	raw = text_trim(raw);
	if (raw.len == 0 || node_get(b->root, COMIC_UPDATED_AT) != NULL)
		return;
	if (date_parse_time(raw, time) || date_parse_any_time(raw, time))
		node_set_text(b, b->root, COMIC_UPDATED_AT, builder_copy(b, time));
	else
		field_warn(b, raw, "a time");
}

void field_age_rating(struct builder *b, struct text raw)
{
	struct text known = age_rating_spelling(raw);

	if (known.len > 0)
		node_put_text(b, b->root, COMIC_AGE_RATING, known);
	else
		field_name(b, b->root, COMIC_AGE_RATING, raw);
}

void field_date(struct builder *b, unsigned int key, struct text raw)
{
	struct node *map = NULL;
	char text[DATE_TEXT];
	struct date date;

	if (text_trim(raw).len == 0)
		return;
	if (!date_parse(raw, &date)) {
		field_warn(b, raw, "a date");
		return;
	}
	map = node_make(b, b->root, COMIC_DATE);
	if (date.day > 0) {
		if (node_get(map, key) == NULL)
			node_set_text(b, map, key,
				      builder_copy(b, date_format(date.year, date.month, date.day,
								  text)));
	} else if (key == DATE_COVER_DATE) {
		node_put_integer(b, map, DATE_YEAR, date.year);
		if (date.month > 0)
			node_put_integer(b, map, DATE_MONTH, date.month);
	}
}

void field_price(struct builder *b, struct text country, struct text raw)
{
	struct text code = country_code(country);
	struct node *price = NULL;
	int64_t value = 0;

	switch (scalar_decimal(raw, 2, MODEL_INTEGER_MAX / 100, &value)) {
	case SCALAR_OK:
		if (code.len == 0)
			code = field_clean(b, country);
		price = node_add(b, node_make(b, b->root, COMIC_PRICES), code);
		if (price != NULL && price->u.integer == 0)
			price->u.integer = value;
		break;
	case SCALAR_BAD:
		field_warn(b, raw, "a price");
		break;
	case SCALAR_UNSET:
		break;
	}
}

// Moves a map or value of one tree to a place in another.
static void move(struct builder *b, struct node *into, unsigned int key, struct node *value)
{
	if (value != NULL && node_make(b, into, key) != NULL)
		into->u.slots[key] = value;
}

struct node *field_reprint(struct builder *b, struct text raw)
{
	struct node *list = node_get(b->root, COMIC_REPRINTS);
	struct text name = TEXT("");
	struct node *reprint = NULL;
	const struct node *series = NULL;
	const struct node *volume = NULL;
	const struct node *issue = NULL;
	struct builder inner;

	if (list != NULL && list->u.list.count == MODEL_NAMES_MAX)
		return node_add_map(b, list); // which warns
	name = field_clean(b, raw);
	builder_init(&inner, b, b->name, b->source);
	inner.full = false;
	if (name.len > 0 && !inner.failed)
		filename_read(&inner, name);
	b->failed = b->failed || inner.failed;
	series = node_get(inner.root, COMIC_SERIES);
	volume = node_get(inner.root, COMIC_VOLUME);
	issue = node_get(inner.root, COMIC_ISSUE);
	if (b->failed || (series == NULL && issue == NULL))
		return NULL;
	reprint = node_add_map(b, node_make(b, b->root, COMIC_REPRINTS));
	if (reprint == NULL)
		return NULL;
	if (node_get(series, SERIES_NAME) != NULL)
		move(b, node_make(b, reprint, REPRINT_SERIES), REPRINT_SERIES_NAME,
		     node_get(series, SERIES_NAME));
	if (node_get(volume, VOLUME_NUMBER) != NULL)
		move(b, node_make(b, reprint, REPRINT_VOLUME), REPRINT_VOLUME_NUMBER,
		     node_get(volume, VOLUME_NUMBER));
	if (node_get(volume, VOLUME_ISSUE_COUNT) != NULL)
		move(b, node_make(b, reprint, REPRINT_VOLUME), REPRINT_VOLUME_ISSUE_COUNT,
		     node_get(volume, VOLUME_ISSUE_COUNT));
	move(b, reprint, REPRINT_ISSUE, node_get(issue, ISSUE_NAME));
	return reprint;
}

struct text field_page_type(struct text raw)
{
	static const char *const types[] = {
		"FrontCover", "InnerCover", "Roundup",   "Story", "Advertisement", "Editorial",
		"Letters",    "Preview",    "BackCover", "Other", "Deleted",
	};

	raw = text_trim(raw);
	for (size_t i = 0; i < COMIC_COUNT(types); i++) {
		struct text type = text_from(types[i]);

		if (raw.len >= type.len &&
		    text_equal_nocase((struct text){ raw.data, type.len }, type) &&
		    (raw.len == type.len || raw.data[type.len] == ' ')) // a list; the first counts
			return type;
	}
	return TEXT("");
}

struct node *field_add_name(struct builder *b, struct node *names, struct text raw)
{
	return node_add(b, names, field_clean(b, raw));
}

void field_names(struct builder *b, unsigned int key, struct text raw)
{
	struct node *list = NULL;
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		if (item.len == 0)
			continue;
		list = node_make(b, b->root, key);
		if (list == NULL)
			return;
		if (list->shape == META_LIST)
			node_add_item(b, list, field_clean(b, item));
		else
			(void)field_add_name(b, list, item);
	}
	b->failed = b->failed || l.failed;
}

void field_credits(struct builder *b, struct text role, struct text raw)
{
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		struct node *person = NULL;

		if (item.len == 0)
			continue;
		person = field_add_name(b, node_make(b, b->root, COMIC_CREDITS), item);
		(void)node_add(b, node_make(b, person, CREDIT_ROLES), role);
	}
	b->failed = b->failed || l.failed;
}
