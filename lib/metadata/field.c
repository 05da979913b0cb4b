// SPDX-License-Identifier: MIT
// field.c: see field.h.

#include "metadata/field.h"

#include "metadata/clean.h"
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

void field_language(struct builder *b, struct text raw)
{
	struct text code = language_code(raw);

	if (code.len == 0 && text_trim(raw).len > 0)
		field_warn(b, raw, "a language");
	node_put_text(b, b->root, COMIC_LANGUAGE, code);
}

void field_format(struct builder *b, struct text raw)
{
	struct text name = field_clean(b, raw);

	if (name.len > 0)
		node_put_text(b, b->root, COMIC_ORIGINAL_FORMAT,
			      checked(b, format_canonical(b->arena, name)));
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
