// SPDX-License-Identifier: MIT
// derive.c: see derive.h.

#include "database/derive.h"

struct text derive_sort_name(struct arena *a, struct text name)
{
	return text_fold(a, name);
}

struct text derive_display_name(struct arena *a, struct text path)
{
	size_t at = path.len;
	struct text name = path;

	while (at > 0 && path.data[at - 1] != '/')
		at--;
	if (at < path.len)
		name = (struct text){ path.data + at, path.len - at };
	name = text_repair(a, name);
	return name.data == NULL ? name : text_nfc(a, name);
}

struct text derive_language_name(struct text code)
{
	return code;
}

struct text derive_country_name(struct text code)
{
	return code;
}

struct text derive_metron_rating(struct text rating)
{
	(void)rating;
	return (struct text){ NULL, 0 };
}

struct cell derive_metron_rank(struct text rating)
{
	(void)rating;
	return (struct cell){ .kind = CELL_NULL };
}
