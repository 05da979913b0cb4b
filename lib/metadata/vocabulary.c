// SPDX-License-Identifier: MIT
// vocabulary.c: see vocabulary.h.

#include "metadata/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64 // bytes; longer than any key

static int compare_key(const void *key, const void *entry)
{
	const char *name = NULL;

	memcpy(&name, entry, sizeof(name));
	return strcmp(key, name);
}

const void *vocabulary_find(const struct vocabulary *v, struct text word)
{
	char key[WORD_MAX];
	size_t len = 0;

	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];

		if (c == '\0' || len + 1 == sizeof(key))
			return NULL;
		if (v->ignored[0] != '\0' && strchr(v->ignored, c) != NULL)
			continue;
		key[len++] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
	}
	key[len] = '\0';
	return bsearch(key, v->entries, v->count, v->entry_size, compare_key);
}

static bool is_lower_word(struct text t, size_t at)
{
	for (; at < t.len && t.data[at] != ' '; at++) {
		if (t.data[at] >= 'A' && t.data[at] <= 'Z')
			return false;
	}
	return true;
}

struct text vocabulary_title(struct arena *a, struct text word, bool separators)
{
	char *out = arena_copy(a, word.data, word.len);
	struct text made = { out, word.len };

	if (out == NULL)
		return made;
	for (size_t i = 0; separators && i < word.len; i++) {
		if (out[i] == '-' || out[i] == '_')
			out[i] = ' ';
	}
	for (size_t i = 0; i < word.len; i++) {
		bool first = i == 0 || out[i - 1] == ' ' || out[i - 1] == '-';

		if (first && out[i] >= 'a' && out[i] <= 'z' && is_lower_word(made, i))
			out[i] = (char)(out[i] - 'a' + 'A');
	}
	return made;
}
