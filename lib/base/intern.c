// SPDX-License-Identifier: MIT
// intern.c: see intern.h.

#include "base/intern.h"

#include "base/seed.h"

#include <stdlib.h>
#include <string.h>

// The slot that holds key, or the free one where it belongs.
static size_t probe(const struct intern *in, struct text key, uint64_t hash)
{
	size_t mask = in->slot_count - 1;
	size_t at = (size_t)hash & mask;

	while (in->slots[at] != 0) {
		const struct intern_key *k = &in->keys[in->slots[at] - 1];

		if (k->hash == hash && k->text.len == key.len &&
		    (key.len == 0 || memcmp(k->text.data, key.data, key.len) == 0))
			break;
		at = (at + 1) & mask;
	}
	return at;
}

static int grow_slots(struct intern *in)
{
	size_t count = in->slot_count == 0 ? 64 : in->slot_count * 2;
	uint32_t *slots = mem_zero(count, sizeof(*slots));

	if (slots == NULL)
		return -1;
	for (uint32_t n = 0; n < in->count; n++) {
		size_t at = (size_t)in->keys[n].hash & (count - 1);

		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = n + 1;
	}
	free(in->slots);
	in->slots = slots;
	in->slot_count = count;
	in->seed = seed_get();
	return 0;
}

uint32_t intern_add(struct intern *in, struct text key)
{
	uint64_t hash = 0;
	char *copy = NULL;
	size_t at = 0;

	if ((in->count + 1) * 2 > in->slot_count && grow_slots(in) < 0)
		return INTERN_NONE;
	hash = text_hash_seeded(key, in->seed);
	at = probe(in, key, hash);
	if (in->slots[at] != 0)
		return in->slots[at] - 1;
	if (in->count >= INTERN_NONE - 1 ||
	    mem_grow(&in->keys, &in->room, in->count + 1, sizeof(*in->keys)) < 0)
		return INTERN_NONE;
	copy = arena_copy(&in->bytes, key.data, key.len);
	if (copy == NULL)
		return INTERN_NONE;
	in->keys[in->count] = (struct intern_key){ { copy, key.len }, hash };
	in->slots[at] = (uint32_t)in->count + 1;
	return (uint32_t)in->count++;
}

uint32_t intern_find(const struct intern *in, struct text key)
{
	size_t at = 0;

	if (in->slot_count == 0)
		return INTERN_NONE;
	at = probe(in, key, text_hash_seeded(key, in->seed));
	return in->slots[at] == 0 ? INTERN_NONE : in->slots[at] - 1;
}

size_t intern_memory(const struct intern *in)
{
	return in->bytes.held + in->room * sizeof(*in->keys) + in->slot_count * sizeof(*in->slots);
}

void intern_clear(struct intern *in)
{
	arena_clear(&in->bytes);
	free(in->keys);
	free(in->slots);
	*in = (struct intern){ 0 };
}
