// SPDX-License-Identifier: MIT
// encode.c: see encode.h.

#include "metadata/encode.h"

#include "metadata/clean.h"

#include <string.h>

_Static_assert(COMIC_KEYS < 64, "pack_fields has a bit for each");

static void pack_node(const struct node *n, bool full, struct record_packer *p);

static bool is_written(const struct meta_field *field, const struct node *n, bool full)
{
	return n != NULL && (full || !field->full) && !node_is_empty(n);
}

static void pack_fields(const struct node *n, bool full, struct record_packer *p)
{
	uint64_t written = 0; // a bit for each field: no table has 64
	size_t count = 0;

	for (size_t i = 0; n->u.slots != NULL && n->fields[i].key != NULL; i++) {
		if (is_written(&n->fields[i], n->u.slots[i], full)) {
			written |= UINT64_C(1) << i;
			count++;
		}
	}
	pack_map(p, count);
	for (size_t i = 0; written >> i != 0; i++) {
		if ((written >> i & 1) == 0)
			continue;
		pack_name(p, (struct text){ n->fields[i].key, n->fields[i].key_len });
		pack_node(n->u.slots[i], full, p);
	}
}

static void pack_members(const struct node *n, bool full, struct record_packer *p)
{
	bool named = n->shape != META_LIST && n->shape != META_MAPS;

	if (named)
		pack_map(p, n->u.list.count);
	else
		pack_array(p, n->u.list.count);
	for (const struct node *m = n->u.list.first; m != NULL; m = m->next) {
		if (named)
			pack_text(p, m->name);
		pack_node(m, full, p);
	}
}

// As deep as the table, four levels.
static void pack_node(const struct node *n, bool full, struct record_packer *p)
{
	switch ((enum meta_shape)n->shape) {
	case META_TEXT:
		pack_text(p, n->u.text);
		break;
	case META_UNSIGNED:
	case META_INTEGER:
		pack_signed(p, n->u.integer);
		break;
	case META_DECIMAL:
		pack_decimal(p, (double)n->u.integer / 100);
		break;
	case META_BOOL:
		pack_bool(p, n->u.flag);
		break;
	case META_MAP:
		pack_fields(n, full, p);
		break;
	case META_NAMES:
	case META_LIST:
	case META_MAPS:
	case META_TEXTS:
	case META_DECIMALS:
		pack_members(n, full, p);
		break;
	}
}

void encode_tree(const struct builder *b, struct record_packer *p)
{
	pack_node(b->root, b->full, p);
}

// ---- what does not fit --------------------------------------------------------------------

#define VALUE_BYTES 9 // of the longest number; the head of a text or list has fewer
#define KEEP ((size_t)64 << 10) // bytes of a list or text that is never cut

struct largest {
	struct node *list; // NULL: none above KEEP
	size_t list_size;
	struct node *text;
};

static size_t measure(struct node *n, struct largest *most);

static size_t measure_members(struct node *n, struct largest *most)
{
	size_t size = VALUE_BYTES;

	for (struct node *m = n->u.list.first; m != NULL; m = m->next)
		size += m->name.len + VALUE_BYTES + measure(m, most);
	if (size > KEEP && size > most->list_size && n->u.list.count > 1) {
		most->list = n;
		most->list_size = size;
	}
	return size;
}

// Bytes of the packed node, rather too many than too few; notes the largest parts on the way.
static size_t measure(struct node *n, struct largest *most)
{
	size_t size = VALUE_BYTES;

	switch ((enum meta_shape)n->shape) {
	case META_TEXT:
		if (n->u.text.len > KEEP &&
		    (most->text == NULL || n->u.text.len > most->text->u.text.len))
			most->text = n;
		return size + n->u.text.len;
	case META_MAP:
		for (size_t i = 0; n->u.slots != NULL && n->fields[i].key != NULL; i++) {
			if (n->u.slots[i] != NULL)
				size += strlen(n->fields[i].key) + 1 + measure(n->u.slots[i], most);
		}
		return size;
	case META_NAMES:
	case META_LIST:
	case META_MAPS:
	case META_TEXTS:
	case META_DECIMALS:
		return measure_members(n, most);
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
	case META_BOOL:
		break;
	}
	return size;
}

static void halve_list(struct node *n)
{
	struct node_list *l = &n->u.list;
	struct node *last = l->first;

	l->count /= 2;
	for (uint32_t i = 1; i < l->count; i++)
		last = last->next;
	last->next = NULL;
	l->last = last;
	l->index = NULL; // nothing is looked up any more
}

void encode_shrink(struct builder *b)
{
	struct largest most = { 0 };
	bool cut = false;

	// Each node is larger in the arena than packed: most comics need no measuring.
	if (b->arena->used <= ENCODE_MAX)
		return;
	while (measure(b->root, &most) > ENCODE_MAX) {
		if (most.list != NULL)
			halve_list(most.list);
		else if (most.text != NULL)
			most.text->u.text = clean_cut(most.text->u.text, most.text->u.text.len / 2);
		else
			break;
		cut = true;
		most = (struct largest){ 0 };
	}
	if (cut)
		builder_warn(b, "more metadata than a record may hold: the longest lists and texts "
				"were cut");
}
