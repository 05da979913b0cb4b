// SPDX-License-Identifier: MIT
// sort_name.c: see sort_name.h.

#include "metadata/sort_name.h"

#include "metadata/vocabulary.h"

#include <string.h>

// Of the languages comics are published in: Codex's list.
static const struct {
	const char *key;
} articles[] = {
	{ "a" },   { "an" },   { "das" }, { "de" },   { "dem" }, { "der" }, { "des" },
	{ "een" }, { "ei" },   { "el" },  { "en" },   { "et" },  { "ett" }, { "gli" },
	{ "het" }, { "il" },   { "l'" },  { "la" },   { "las" }, { "le" },  { "les" },
	{ "lo" },  { "los" },  { "na" },  { "o" },    { "os" },  { "the" }, { "un" },
	{ "una" }, { "unas" }, { "une" }, { "unos" }, { "uns" },
};

static const struct vocabulary vocabulary = VOCABULARY(articles, "");

struct text sort_name(struct arena *a, struct text name)
{
	struct text lower = text_lower(a, name);
	const char *space = lower.data == NULL ? NULL : memchr(lower.data, ' ', lower.len);
	size_t first = space == NULL ? 0 : (size_t)(space - lower.data);
	size_t rest = 0;
	char *out = NULL;

	if (space == NULL ||
	    vocabulary_find(&vocabulary, (struct text){ lower.data, first }) == NULL)
		return lower;
	rest = lower.len - first - 1;
	if (text_trim((struct text){ space + 1, rest }).len == 0)
		return lower;
	out = arena_alloc(a, lower.len + 1);
	if (out == NULL)
		return (struct text){ NULL, 0 };
	memcpy(out, space + 1, rest);
	memcpy(out + rest, ", ", 2);
	memcpy(out + rest + 2, lower.data, first);
	return (struct text){ out, lower.len + 1 };
}
