// SPDX-License-Identifier: MIT
// members.h: the list of members while a container is being opened.
//
// Whatever read the archive adds members in the order they stand in it; members_settle() then
// makes of them what container.h promises. The arrays are reused from file to file.
#ifndef COMIC_MEMBERS_H
#define COMIC_MEMBERS_H

#include "container/container.h"

#define MEMBERS_MAX 100000U // a comic with more members is refused: FAIL_LIMIT
// So is an archive that may have to be unpacked as a whole and claims to become larger than this
// many bytes and times its size.
#define MEMBERS_CLAIM_BASE ((uint64_t)256 << 20)
#define MEMBERS_CLAIM_RATIO 32U

struct members {
	struct member *items;
	const struct member **order; // all of them once settled, by name in byte order
	size_t count;
	size_t room;
	size_t order_room;
};

// Compares two elements of `order`, as qsort(3) wants it; ties must be impossible.
int members_by_name(const void *a, const void *b); // then by place in the list
int members_by_place(const void *a, const void *b); // by member.place, then by place in the list

// Adds size to *claimed. LIMIT if that is more than an archive of file_size bytes may claim.
COMIC_MUST_CHECK enum fail_code members_claim(uint64_t *claimed, uint64_t size,
					      uint64_t file_size, struct comic_err *err);

void members_start(struct members *m);
void members_clear(struct members *m);
// LIMIT or MEMORY.
COMIC_MUST_CHECK enum fail_code members_add(struct members *m, const struct member *one,
					    struct comic_err *err);
// Fills `order`, sorted.
COMIC_MUST_CHECK enum fail_code members_sort(struct members *m,
					     int (*compare)(const void *, const void *),
					     struct comic_err *err);
// Of members with one name only the last stays (a ZIP is updated by appending). *dropped gets
// the number of the others. Leaves `order` sorted by name.
COMIC_MUST_CHECK enum fail_code members_settle(struct members *m, size_t *dropped,
					       struct comic_err *err);

#endif
