// SPDX-License-Identifier: MIT
// derive.c: see derive.h.

#include "database/derive.h"

#include "metadata/age_rating.h"
#include "metadata/language.h"
#include "metadata/sort_name.h"

struct text derive_sort_name(struct arena *a, struct text name)
{
	return sort_name(a, name);
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

static struct text name_or_code(const char *name, struct text code)
{
	return name == NULL ? code : text_from(name);
}

struct text derive_language_name(struct text code)
{
	return name_or_code(language_name(code), code);
}

struct text derive_country_name(struct text code)
{
	return name_or_code(country_name(code), code);
}

struct text derive_metron_rating(struct text rating)
{
	struct text name = { NULL, 0 };
	int rank = 0;

	return age_rating_rank(rating, &rank, &name) ? name : (struct text){ NULL, 0 };
}

struct cell derive_metron_rank(struct text rating)
{
	struct text name = { NULL, 0 };
	int rank = 0;

	if (!age_rating_rank(rating, &rank, &name))
		return (struct cell){ .kind = CELL_NULL };
	return cell_integer(rank);
}
