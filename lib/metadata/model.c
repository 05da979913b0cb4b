// SPDX-License-Identifier: MIT
// model.c: see model.h.

#include "metadata/model.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INDEX_FROM 16 // members; below that a walk along the list is cheaper

static struct node *new_node(struct builder *b, enum meta_shape shape,
			     const struct meta_field *fields)
{
	struct node *n = b->failed ? NULL : arena_zero(b->arena, sizeof(*n));

	if (n == NULL) {
		b->failed = true;
		return NULL;
	}
	n->shape = (uint8_t)shape;
	n->fields = fields;
	n->source = b->source;
	return n;
}

void builder_init(struct builder *b, const struct builder *like, const char *name, uint8_t source)
{
	*b = *like;
	b->name = name;
	b->field = NULL;
	b->source = source;
	b->root = new_node(b, META_MAP, meta_fields);
}

void builder_warn(struct builder *b, const char *fmt, ...)
{
	char line[512];
	size_t len = 0;
	struct text t = TEXT("");
	va_list args;
	char *copy = NULL;

	if (b->warnings->count == MODEL_WARNINGS_MAX)
		return;
	(void)snprintf(line, sizeof(line), "%s: %s%s", b->name, b->field == NULL ? "" : b->field,
		       b->field == NULL ? "" : ": ");
	len = strlen(line);
	va_start(args, fmt);
	(void)vsnprintf(line + len, sizeof(line) - len, fmt, args);
	va_end(args);
	copy = arena_copy(b->arena, line, strlen(line));
	// A character that was cut at the end of the line must not reach the record.
	t = copy == NULL ? (struct text){ NULL, 0 } : text_repair(b->arena, text_from(copy));
	if (t.data == NULL)
		b->failed = true;
	else
		b->warnings->list[b->warnings->count++] = t;
}

struct text builder_copy(struct builder *b, const char *string)
{
	struct text t = text_from(string);

	t.data = arena_copy(b->arena, string, t.len);
	if (t.data != NULL)
		return t;
	b->failed = true;
	return TEXT("");
}

void covers_add(struct covers *c, uint32_t page)
{
	size_t at = 0;

	while (at < c->count && c->pages[at] < page)
		at++;
	if ((at < c->count && c->pages[at] == page) || c->count == MODEL_COVERS_MAX)
		return;
	memmove(c->pages + at + 1, c->pages + at, (c->count - at) * sizeof(c->pages[0]));
	c->pages[at] = page;
	c->count++;
}

// ---- maps -------------------------------------------------------------------------------

struct node *node_get(const struct node *map, unsigned int key)
{
	return map == NULL || map->u.slots == NULL ? NULL : map->u.slots[key];
}

struct text node_text(const struct node *map, unsigned int key)
{
	const struct node *n = node_get(map, key);

	return n == NULL ? TEXT("") : n->u.text;
}

struct node *node_first(const struct node *list)
{
	return list == NULL ? NULL : list->u.list.first;
}

static size_t field_count(const struct meta_field *fields)
{
	size_t count = fields == meta_fields ? COMIC_KEYS : 0; // the long one is always the same

	while (fields[count].key != NULL)
		count++;
	return count;
}

bool node_is_empty(const struct node *n)
{
	switch ((enum meta_shape)n->shape) {
	case META_MAP:
		for (size_t i = 0; n->u.slots != NULL && n->fields[i].key != NULL; i++) {
			if (n->u.slots[i] != NULL && !node_is_empty(n->u.slots[i]))
				return false;
		}
		return true;
	case META_NAMES:
	case META_LIST:
	case META_MAPS:
	case META_TEXTS:
	case META_DECIMALS:
		return n->u.list.count == 0;
	case META_TEXT:
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
	case META_BOOL:
		break;
	}
	return false;
}

struct node *node_make(struct builder *b, struct node *map, unsigned int key)
{
	const struct meta_field *field = NULL;

	if (b->failed || map == NULL)
		return NULL;
	field = &map->fields[key];
	if (map->u.slots == NULL) {
		map->u.slots =
			arena_zero(b->arena, field_count(map->fields) * sizeof(*map->u.slots));
		if (map->u.slots == NULL) {
			b->failed = true;
			return NULL;
		}
	}
	if (map->u.slots[key] == NULL)
		map->u.slots[key] = new_node(b, field->shape, field->fields);
	return map->u.slots[key];
}

void node_remove(struct node *map, unsigned int key)
{
	if (map->u.slots != NULL)
		map->u.slots[key] = NULL;
}

void node_set_text(struct builder *b, struct node *map, unsigned int key, struct text value)
{
	struct node *n = value.len == 0 ? NULL : node_make(b, map, key);

	if (n != NULL) {
		n->u.text = value;
		n->source = b->source;
	}
}

void node_put_text(struct builder *b, struct node *map, unsigned int key, struct text value)
{
	if (node_get(map, key) == NULL)
		node_set_text(b, map, key, value);
}

void node_set_integer(struct builder *b, struct node *map, unsigned int key, int64_t value)
{
	struct node *n = node_make(b, map, key);

	if (n != NULL) {
		n->u.integer = value;
		n->source = b->source;
	}
}

void node_put_integer(struct builder *b, struct node *map, unsigned int key, int64_t value)
{
	if (node_get(map, key) == NULL)
		node_set_integer(b, map, key, value);
}

void node_put_flag(struct builder *b, struct node *map, unsigned int key, bool value)
{
	struct node *n = node_get(map, key) == NULL ? node_make(b, map, key) : NULL;

	if (n != NULL)
		n->u.flag = value;
}

// ---- names and lists ----------------------------------------------------------------------

static void index_add(struct node_list *list, struct node *member)
{
	uint32_t mask = list->index_size - 1;
	uint32_t at = (uint32_t)member->hash & mask;

	while (list->index[at] != NULL)
		at = (at + 1) & mask;
	list->index[at] = member;
}

// The index is at most half full. A new one is made at every doubling; the arena keeps the old.
static int index_grow(struct builder *b, struct node_list *list)
{
	uint32_t size = list->index_size == 0 ? 4 * INDEX_FROM : 2 * list->index_size;

	list->index = arena_zero(b->arena, size * sizeof(struct node *));
	if (list->index == NULL)
		return -1;
	list->index_size = size;
	for (struct node *n = list->first; n != NULL; n = n->next)
		index_add(list, n);
	return 0;
}

static struct node *list_find(const struct node_list *list, struct text fold, uint64_t hash)
{
	if (list->index == NULL) {
		struct node *n = list->first;

		while (n != NULL && !(n->hash == hash && text_equal_nocase(n->fold, fold)))
			n = n->next;
		return n;
	}
	for (uint32_t at = (uint32_t)hash;; at++) {
		struct node *n = list->index[at & (list->index_size - 1)];

		if (n == NULL || (n->hash == hash && text_equal_nocase(n->fold, fold)))
			return n;
	}
}

// ASCII folds while it is hashed and compared; other scripts need a copy.
static struct text fold_name(struct builder *b, struct text name)
{
	struct text fold = text_is_ascii(name) ? name : text_fold(b->arena, name);

	if (fold.data == NULL)
		b->failed = true;
	return fold;
}

struct node *node_find(struct builder *b, const struct node *names, struct text name)
{
	struct text fold = TEXT("");

	if (names == NULL || names->u.list.count == 0)
		return NULL;
	fold = fold_name(b, name);
	return b->failed ? NULL : list_find(&names->u.list, fold, text_hash_fold(fold));
}

void node_append(struct builder *b, struct node *list, struct node *member)
{
	struct node_list *l = &list->u.list;

	member->next = NULL;
	if (l->last == NULL)
		l->first = member;
	else
		l->last->next = member;
	l->last = member;
	l->count++;
	if (list->shape == META_MAPS || l->count < INDEX_FROM)
		return;
	if (l->count * 2 <= l->index_size)
		index_add(l, member);
	else if (index_grow(b, l) < 0)
		b->failed = true;
}

static bool has_room(struct builder *b, struct node *list)
{
	if (list->u.list.count < MODEL_NAMES_MAX)
		return true;
	if (!list->u.list.full)
		builder_warn(b, "more than %d names in one list: the rest is left out",
			     MODEL_NAMES_MAX);
	list->u.list.full = true;
	return false;
}

static enum meta_shape member_shape(const struct node *list)
{
	switch ((enum meta_shape)list->shape) {
	case META_NAMES:
	case META_MAPS:
		return META_MAP;
	case META_DECIMALS:
		return META_DECIMAL;
	case META_LIST:
	case META_TEXTS:
	case META_TEXT:
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
	case META_BOOL:
	case META_MAP:
		break;
	}
	return META_TEXT;
}

struct node *node_add(struct builder *b, struct node *names, struct text name)
{
	struct text fold = TEXT("");
	struct node *n = NULL;
	uint64_t hash = 0;

	if (b->failed || names == NULL || (name.len == 0 && names->shape != META_DECIMALS))
		return NULL;
	fold = fold_name(b, name);
	if (b->failed)
		return NULL;
	hash = text_hash_fold(fold);
	n = list_find(&names->u.list, fold, hash);
	if (n != NULL || !has_room(b, names))
		return n;
	n = new_node(b, member_shape(names), names->fields);
	if (n == NULL)
		return NULL;
	n->name = name;
	n->fold = fold;
	n->hash = hash;
	node_append(b, names, n);
	return n;
}

void node_add_item(struct builder *b, struct node *list, struct text item)
{
	struct node *n = node_add(b, list, item);

	if (n != NULL && n->u.text.len == 0)
		n->u.text = item;
}

struct node *node_add_map(struct builder *b, struct node *maps)
{
	struct node *n = NULL;

	if (b->failed || maps == NULL || !has_room(b, maps))
		return NULL;
	n = new_node(b, META_MAP, maps->fields);
	if (n != NULL)
		node_append(b, maps, n);
	return n;
}
