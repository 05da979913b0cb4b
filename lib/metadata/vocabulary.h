// SPDX-License-Identifier: MIT
// vocabulary.h: looking up a word in a sorted table, however it is spelled.
#ifndef COMIC_VOCABULARY_H
#define COMIC_VOCABULARY_H

#include "base/text.h"

struct vocabulary {
	const void *entries; // structs whose first member is `const char *key`, in byte order of it
	size_t count;
	size_t entry_size;
	const char *ignored; // characters that do not count: keys do not hold them
};

#define VOCABULARY(table, ignored) { (table), COMIC_COUNT(table), sizeof((table)[0]), (ignored) }

// The entry for a word, NULL if there is none. Keys are in lower case.
const void *vocabulary_find(const struct vocabulary *v, struct text word);

// A word without an entry, fit to stand beside those that have one: "-" and "_" become spaces
// where separators is set, words in lower case get a capital letter, others stay as they are.
struct text vocabulary_title(struct arena *a, struct text word, bool separators);

#endif
