// SPDX-License-Identifier: MIT
// search_names.c: see search_names.h.

#include "database/search_names.h"

#include "base/word.h"

#include <stdlib.h>
#include <string.h>

#define FEW 16 // names to sort by insertion

struct name_words {
	uint64_t head;              // of the name
	struct posting_words words; // .from 0: the name was not met yet
};

struct ordered_name {
	uint64_t head;
	struct text text;
	uint32_t slot;
};

// The first eight bytes as a number, in the order of the texts: what is equal has to be compared
// further.
static uint64_t head_of(struct text name)
{
	uint64_t head = 0;

	for (size_t i = 0; i < WORD; i++)
		head = head << 8 | (i < name.len ? (uint8_t)name.data[i] : 0);
	return head;
}

// ---- the tables ---------------------------------------------------------------------------

static void drop_tables(struct search_names *n)
{
	for (size_t kind = 0; kind < REF_KINDS; kind++) {
		free(n->tables[kind]);
		n->tables[kind] = NULL;
		n->counts[kind] = 0;
	}
	n->memory = 0;
}

void search_names_open(struct search_names *n, const struct refs *r)
{
	if (n->age != refs_age(r))
		drop_tables(n);
	n->age = refs_age(r);
}

int search_names_room(struct search_names *n, const struct refs *r, enum ref_kind kind, size_t most)
{
	size_t count = refs_count(r, kind);
	size_t more = 0;
	struct name_words *table = NULL;

	if (count <= n->counts[kind])
		return 1;
	more = (count - n->counts[kind]) * sizeof(*table);
	if (n->memory + more > most)
		return 0;
	table = realloc(n->tables[kind], count * sizeof(*table));
	if (table == NULL)
		return -1;
	memset(table + n->counts[kind], 0, more);
	n->tables[kind] = table;
	n->counts[kind] = count;
	n->memory += more;
	return 1;
}

void search_names_clear(struct search_names *n)
{
	drop_tables(n);
	free(n->ordered);
	*n = (struct search_names){ 0 };
}

// ---- a column -----------------------------------------------------------------------------

static int order_of(const struct ordered_name *a, const struct ordered_name *b)
{
	return a->head != b->head ? (a->head > b->head ? 1 : -1) : text_compare(a->text, b->text);
}

static int compare(const void *a, const void *b)
{
	return order_of(a, b);
}

static void sort(struct ordered_name *names, size_t count)
{
	if (count > FEW) {
		qsort(names, count, sizeof(*names), compare);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct ordered_name moving = names[i];
		size_t at = i;

		for (; at > 0 && order_of(&names[at - 1], &moving) > 0; at--)
			names[at] = names[at - 1];
		names[at] = moving;
	}
}

static int look_up(struct name_words *w, struct postings *p, struct text name)
{
	if (w->words.from != 0)
		return 0;
	w->head = head_of(name);
	return postings_find(p, name, &w->words);
}

int search_names_add(struct search_names *n, struct postings *p, const struct refs *r,
		     size_t column, enum ref_kind kind, const uint32_t *slots, size_t count)
{
	struct name_words *table = n->tables[kind];
	int got = 0;

	if (mem_grow(&n->ordered, &n->ordered_room, count, sizeof(*n->ordered)) < 0)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < count && got == 0; i++) {
		struct text name = refs_name_of(r, kind, slots[i]);

		got = look_up(&table[slots[i]], p, name);
		n->ordered[i] = (struct ordered_name){ table[slots[i]].head, name, slots[i] };
	}
	if (got == 0)
		sort(n->ordered, count);
	for (size_t i = 0; i < count && got == 0; i++) {
		if (i == 0 || n->ordered[i].slot != n->ordered[i - 1].slot)
			got = postings_known(p, column, table[n->ordered[i].slot].words);
	}
	return got;
}
