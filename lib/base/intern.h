// SPDX-License-Identifier: MIT
// intern.h: distinct byte strings numbered 0, 1, 2, ... in order of first sight.
//
// The loader gives every distinct name of a batch one number and asks the
// database once per number. Keys are copied. A zeroed struct intern is empty.
#ifndef COMIC_INTERN_H
#define COMIC_INTERN_H

#include "base/text.h"

struct intern_key {
	struct text text; // in the intern's arena; valid until clear or reset
	uint64_t hash;
};

struct intern {
	struct arena bytes;
	struct intern_key *keys; // count of them
	uint32_t *slots; // open addressing; number + 1, 0 is free
	size_t count;
	size_t room; // of keys
	size_t slot_count; // a power of two, or 0
	uint64_t seed; // of the hashes
};

#define INTERN_NONE UINT32_MAX

// The number of key, added if it is new. INTERN_NONE: no memory.
COMIC_MUST_CHECK uint32_t intern_add(struct intern *in, struct text key);
// The number of key, INTERN_NONE if it was never added.
uint32_t intern_find(const struct intern *in, struct text key);
// Bytes held, for a memory budget.
size_t intern_memory(const struct intern *in);
// Empties it; memory is given back.
void intern_clear(struct intern *in);

#endif
