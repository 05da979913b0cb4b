// SPDX-License-Identifier: MIT
// filename.c: see filename.h.

#include "metadata/filename.h"

#include "metadata/field.h"

void filename_read(struct builder *b, struct text base_name)
{
	struct text t = text_repair(b->arena, base_name);
	size_t dot = t.len;

	while (dot > 0 && t.data[dot - 1] != '.')
		dot--;
	if (dot > 1)
		t.len = dot - 1;
	field_name(b, node_make(b, b->root, COMIC_SERIES), SERIES_NAME, t);
}
