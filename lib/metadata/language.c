// SPDX-License-Identifier: MIT
// language.c: see language.h.

#include "metadata/language.h"

#include "metadata/iso_codes.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MAX 128 // bytes; the longest English name has fewer

static int compare_key(const void *key, const void *entry)
{
	const struct iso_code *code = entry;

	return strcmp(key, code->key);
}

static const char *find(const struct iso_code *table, size_t count, struct text t)
{
	const struct iso_code *found = NULL;
	char key[KEY_MAX];

	if (t.len >= sizeof(key) || memchr(t.data, '\0', t.len) != NULL)
		return NULL;
	memcpy(key, t.data, t.len);
	key[t.len] = '\0';
	found = bsearch(key, table, count, sizeof(*table), compare_key);
	return found == NULL ? NULL : found->value;
}

static const char *find_lower(const struct iso_code *table, size_t count, struct text t)
{
	char lower[KEY_MAX];

	if (t.len > sizeof(lower))
		return NULL;
	for (size_t i = 0; i < t.len; i++)
		lower[i] =
			t.data[i] >= 'A' && t.data[i] <= 'Z' ? (char)(t.data[i] | 0x20) : t.data[i];
	return find(table, count, (struct text){ lower, t.len });
}

// "pt" of "pt-BR", "en" of "en_US": only codes may be followed by more.
static struct text first_subtag(struct text t)
{
	size_t len = 0;

	while (len < t.len && t.data[len] != '-' && t.data[len] != '_')
		len++;
	return len == 2 || len == 3 ? (struct text){ t.data, len } : t;
}

struct text language_code(struct text t)
{
	return text_from(
		find_lower(iso_language_keys, iso_language_key_count, first_subtag(text_trim(t))));
}

struct text country_code(struct text t)
{
	return text_from(find_lower(iso_country_keys, iso_country_key_count, text_trim(t)));
}

const char *language_name(struct text code)
{
	return find(iso_language_names, iso_language_name_count, code);
}

const char *country_name(struct text code)
{
	return find(iso_country_names, iso_country_name_count, code);
}
