// SPDX-License-Identifier: MIT
// merge.c: see merge.h.

#include "metadata/merge.h"

static void merge_map(struct builder *b, struct node *into, const struct node *from)
{
	if (from->u.slots == NULL)
		return;
	if (into->u.slots == NULL) {
		into->u.slots = from->u.slots;
		return;
	}
	for (size_t i = 0; into->fields[i].key != NULL; i++) {
		if (into->u.slots[i] == NULL)
			into->u.slots[i] = from->u.slots[i];
		else if (from->u.slots[i] != NULL)
			merge_nodes(b, into->u.slots[i], from->u.slots[i]);
	}
}

static void merge_members(struct builder *b, struct node *into, struct node *from)
{
	struct node *next = NULL;

	for (struct node *n = from->u.list.first; n != NULL && !b->failed; n = next) {
		struct node *known = NULL;

		next = n->next;
		if (into->shape != META_MAPS)
			known = node_find(b, into, n->name);
		if (known != NULL) {
			known->name = n->name;
			known->source = n->source;
			merge_nodes(b, known, n);
		} else if (into->u.list.count < MODEL_NAMES_MAX) {
			node_append(b, into, n);
		}
	}
}

// Both have the shape that their key has in the table. As deep as the table, four levels.
void merge_nodes(struct builder *b, struct node *into, struct node *from)
{
	switch ((enum meta_shape)into->shape) {
	case META_TEXT:
	case META_UNSIGNED:
	case META_INTEGER:
	case META_DECIMAL:
	case META_BOOL:
		into->u = from->u;
		into->source = from->source;
		break;
	case META_MAP:
		merge_map(b, into, from);
		break;
	case META_NAMES:
	case META_LIST:
	case META_MAPS:
	case META_TEXTS:
	case META_DECIMALS:
		merge_members(b, into, from);
		break;
	}
}
