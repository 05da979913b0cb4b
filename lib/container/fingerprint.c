// SPDX-License-Identifier: MIT
// fingerprint.c: see fingerprint.h.

#include "container/fingerprint.h"

#include "container/bytes.h"

#include <string.h>
#include <xxhash.h>

#define NUMBERS ((size_t)1 + 8 + 4) // bytes behind a page's name
#define END_BYTES ((uint64_t)64 << 10)

static enum fail_code add_pages(const struct members *list, struct buf *work,
				struct comic_err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct member *m = list->order[i];
		uint8_t *at = NULL;

		if (!m->page)
			continue;
		if (buf_reserve(work, m->name.len + NUMBERS) < 0)
			return fail_set_memory(err, "the fingerprint");
		at = work->data + work->len;
		memcpy(at, m->name.data, m->name.len);
		at += m->name.len;
		at[0] = 0;
		put_le64(at + 1, m->size);
		put_le32(at + 9, m->crc);
		work->len += m->name.len + NUMBERS;
	}
	return FAIL_NONE;
}

// Empties work and puts there the second form of what container.h says.
static enum fail_code add_ends(const struct source *s, struct buf *work, struct comic_err *err)
{
	uint64_t first = s->size < END_BYTES ? s->size : END_BYTES;
	uint64_t last = s->size - first < END_BYTES ? s->size - first : END_BYTES;
	enum fail_code code = FAIL_NONE;

	work->len = 0;
	if (buf_reserve(work, (size_t)(8 + first + last)) < 0)
		return fail_set_memory(err, "the fingerprint");
	put_le64(work->data, s->size);
	code = source_read(s, 0, work->data + 8, (size_t)first, err);
	if (code == FAIL_NONE)
		code = source_read(s, s->size - last, work->data + 8 + first, (size_t)last, err);
	work->len = (size_t)(8 + first + last);
	return code;
}

static void hash_into(const struct buf *work, char out[CONTAINER_FINGERPRINT])
{
	static const char digits[] = "0123456789abcdef";
	XXH128_canonical_t hash;

	XXH128_canonicalFromHash(&hash, XXH3_128bits(work->data, work->len));
	for (size_t i = 0; i < sizeof(hash.digest); i++) {
		out[2 * i] = digits[hash.digest[i] >> 4];
		out[2 * i + 1] = digits[hash.digest[i] & 0x0fU];
	}
	out[2 * sizeof(hash.digest)] = '\0';
}

enum fail_code fingerprint_make(const struct members *list, const struct source *source,
				struct buf *work, char out[CONTAINER_FINGERPRINT],
				struct comic_err *err)
{
	bool all_crcs = true;
	size_t pages = 0;
	enum fail_code code = FAIL_NONE;

	out[0] = '\0';
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].page) {
			pages++;
			all_crcs = all_crcs && list->items[i].has_crc;
		}
	}
	if (pages == 0)
		return FAIL_NONE;
	if (!all_crcs)
		return fingerprint_make_from_ends(source, work, out, err);
	work->len = 0;
	code = add_pages(list, work, err);
	if (code == FAIL_NONE)
		hash_into(work, out);
	return code;
}

enum fail_code fingerprint_make_from_ends(const struct source *source, struct buf *work,
					  char out[CONTAINER_FINGERPRINT], struct comic_err *err)
{
	enum fail_code code = add_ends(source, work, err);

	out[0] = '\0';
	if (code == FAIL_NONE)
		hash_into(work, out);
	return code;
}
