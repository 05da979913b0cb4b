// SPDX-License-Identifier: MIT
// origin.c: see origin.h.

#include "metadata/origin.h"

struct origin {
	const struct text *names;
	struct record_packer *p;
	bool full;
	bool brief; // names are left out
};

static bool is_list(const struct node *n)
{
	switch ((enum meta_shape)n->shape) {
	case META_NAMES:
	case META_LIST:
	case META_MAPS:
	case META_TEXTS:
	case META_DECIMALS:
		return true;
	case META_TEXT:
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
	case META_BOOL:
	case META_MAP:
		break;
	}
	return false;
}

static bool is_written(const struct origin *o, const struct node *map, size_t key)
{
	const struct node *n = map->u.slots == NULL ? NULL : map->u.slots[key];

	if (n == NULL || (map->fields[key].full && !o->full) || (o->brief && is_list(n)))
		return false;
	return !node_is_empty(n);
}

static void pack_list(const struct origin *o, const struct node *n)
{
	if (n->shape == META_MAPS)
		pack_array(o->p, n->u.list.count);
	else
		pack_map(o->p, n->u.list.count);
	for (const struct node *m = n->u.list.first; m != NULL; m = m->next) {
		if (n->shape != META_MAPS)
			pack_text(o->p, m->name);
		pack_text(o->p, o->names[m->source]);
	}
}

// The record and the maps in it: two levels.
static void pack_fields(const struct origin *o, const struct node *n)
{
	size_t count = 0;

	for (size_t i = 0; n->fields[i].key != NULL; i++)
		count += is_written(o, n, i);
	pack_map(o->p, count);
	for (size_t i = 0; n->fields[i].key != NULL; i++) {
		const struct node *value = is_written(o, n, i) ? n->u.slots[i] : NULL;

		if (value == NULL)
			continue;
		pack_key(o->p, n->fields[i].key);
		if (value->shape == META_MAP)
			pack_fields(o, value);
		else if (is_list(value))
			pack_list(o, value);
		else
			pack_text(o->p, o->names[value->source]);
	}
}

void origin_encode(const struct builder *b, const struct text *names, struct record_packer *p)
{
	struct origin o = { names, p, b->full, b->arena->used > ORIGIN_MAX };

	pack_fields(&o, b->root);
}
