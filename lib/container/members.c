// SPDX-License-Identifier: MIT
// members.c: see members.h.

#include "container/members.h"

#include "container/pages.h"

#include <stdlib.h>

#define KEEP ((size_t)8192) // members worth keeping room for

int members_by_name(const void *a, const void *b)
{
	const struct member *left = *(const struct member *const *)a;
	const struct member *right = *(const struct member *const *)b;
	int order = text_compare(left->name, right->name);

	return order != 0 ? order : (left > right) - (left < right);
}

int members_by_place(const void *a, const void *b)
{
	const struct member *left = *(const struct member *const *)a;
	const struct member *right = *(const struct member *const *)b;

	if (left->place != right->place)
		return left->place < right->place ? -1 : 1;
	return (left > right) - (left < right);
}

enum fail_code members_claim(uint64_t *claimed, uint64_t size, uint64_t file_size,
			     struct comic_err *err)
{
	uint64_t most = UINT64_MAX;

	if (file_size < (UINT64_MAX - MEMBERS_CLAIM_BASE) / MEMBERS_CLAIM_RATIO)
		most = MEMBERS_CLAIM_BASE + MEMBERS_CLAIM_RATIO * file_size;
	if (*claimed > most || size > most - *claimed)
		return fail_set(err, FAIL_LIMIT, "it claims to unpack to %u times its size",
				MEMBERS_CLAIM_RATIO);
	*claimed += size;
	return FAIL_NONE;
}

void members_start(struct members *m)
{
	if (m->room > KEEP || m->order_room > KEEP)
		members_clear(m);
	m->count = 0;
}

void members_clear(struct members *m)
{
	free(m->items);
	free(m->order);
	*m = (struct members){ 0 };
}

enum fail_code members_add(struct members *m, const struct member *one, struct comic_err *err)
{
	if (m->count == MEMBERS_MAX)
		return fail_set(err, FAIL_LIMIT, "it has more than %u members", MEMBERS_MAX);
	if (mem_grow(&m->items, &m->room, m->count + 1, sizeof(*m->items)) < 0)
		return fail_set_memory(err, "the list of members");
	m->items[m->count] = *one;
	m->items[m->count].page = pages_is_page(one);
	m->count++;
	return FAIL_NONE;
}

// Members nearly always stand in order, but for one or two. Sorts by moving those, and gives up
// (false, still a permutation) when that becomes more work than sorting.
static bool sort_nearly_sorted(const struct member **order, size_t count,
			       int (*compare)(const void *, const void *))
{
	size_t moves = 0;

	for (size_t i = 1; i < count; i++) {
		const struct member *one = order[i];
		size_t at = i;

		while (at > 0 && compare(&order[at - 1], &one) > 0) {
			order[at] = order[at - 1];
			at--;
		}
		order[at] = one;
		moves += i - at;
		if (moves > 4 * count)
			return false;
	}
	return true;
}

enum fail_code members_sort(struct members *m, int (*compare)(const void *, const void *),
			    struct comic_err *err)
{
	if (mem_grow(&m->order, &m->order_room, m->count, sizeof(*m->order)) < 0)
		return fail_set_memory(err, "the list of members");
	for (size_t i = 0; i < m->count; i++)
		m->order[i] = &m->items[i];
	if (!sort_nearly_sorted(m->order, m->count, compare))
		qsort(m->order, m->count, sizeof(*m->order), compare);
	return FAIL_NONE;
}

enum fail_code members_settle(struct members *m, size_t *dropped, struct comic_err *err)
{
	enum fail_code code = members_sort(m, members_by_name, err);
	size_t kept = 0;

	*dropped = 0;
	if (code != FAIL_NONE)
		return code;
	for (size_t i = 1; i < m->count; i++) {
		const struct member *older = m->order[i - 1];

		if (!text_equal(older->name, m->order[i]->name))
			continue;
		m->items[older - m->items].superseded = true;
		(*dropped)++;
	}
	if (*dropped == 0)
		return FAIL_NONE;
	for (size_t i = 0; i < m->count; i++) {
		if (!m->items[i].superseded)
			m->items[kept++] = m->items[i];
	}
	m->count = kept;
	return members_sort(m, members_by_name, err);
}
