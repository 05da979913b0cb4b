// SPDX-License-Identifier: MIT
// value.c: see value.h.

#include "metadata/value.h"

const struct value *value_get(const struct value *v, const char *name)
{
	if (v == NULL || v->kind != VALUE_MAP)
		return NULL;
	for (const struct value *m = v->first; m != NULL; m = m->next) {
		if (m->kind != VALUE_NOTHING && text_equal_nocase(m->name, text_from(name)))
			return m;
	}
	return NULL;
}

struct text value_text(const struct value *v)
{
	return v == NULL || v->kind != VALUE_TEXT ? TEXT("") : v->text;
}

struct value *value_add(struct arena *a, struct value *parent, struct text name)
{
	struct value *v = arena_zero(a, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->name = name;
	v->size = 1;
	if (parent->last == NULL)
		parent->first = v;
	else
		parent->last->next = v;
	parent->last = v;
	return v;
}
