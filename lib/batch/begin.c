// SPDX-License-Identifier: MIT
// begin.c: see begin.h.

#include "batch/begin.h"

#include "stream/record.h"
#include "stream/scan.h"

#include <string.h>

struct pairs {
	const uint8_t *data;
	size_t len;
	size_t at;
	uint64_t left;
};

static const char key[] = "budget";

// The bytes before the text of a str or bin of a few bytes, 0 for any other value.
static size_t text_header(uint8_t code)
{
	switch (code) {
	case 0xa0 | (sizeof(key) - 1):
		return 1;
	case 0xc4:
	case 0xd9:
		return 2;
	case 0xc5:
	case 0xda:
		return 3;
	case 0xc6:
	case 0xdb:
		return 5;
	default:
		return 0;
	}
}

static bool is_budget(const uint8_t *data, size_t len)
{
	size_t header = text_header(data[0]);

	return header > 0 && len == header + sizeof(key) - 1 &&
	       memcmp(data + header, key, sizeof(key) - 1) == 0;
}

// The next pair but those of the budget; false after the last.
static bool next_pair(struct pairs *p, struct text *pair)
{
	for (; p->left > 0; p->left--) {
		const uint8_t *start = p->data + p->at;
		size_t key_len = 0;
		size_t value_len = 0;

		if (scan_value(start, p->len - p->at, &key_len) != SCAN_WHOLE ||
		    scan_value(start + key_len, p->len - p->at - key_len, &value_len) != SCAN_WHOLE)
			return false;
		p->at += key_len + value_len;
		if (is_budget(start, key_len))
			continue;
		*pair = (struct text){ (const char *)start, key_len + value_len };
		p->left--;
		return true;
	}
	return false;
}

int begin_set_budget(struct buf *out, const struct stream_frame *begin, uint64_t budget,
		     struct comic_err *err)
{
	struct pairs all = { .data = begin->data, .len = begin->len };
	struct record_packer p;
	struct pairs at;
	struct text pair;
	size_t count = 1;

	all.at = scan_map(begin->data, begin->len, &all.left);
	if (all.at == 0)
		return err_set(err, COMIC_ERR_INPUT, "begin: not a map");
	for (at = all; next_pair(&at, &pair);)
		count++;
	out->len = 0;
	record_packer_init(&p, out);
	pack_map(&p, count);
	for (at = all; next_pair(&at, &pair);)
		pack_raw(&p, pair.data, pair.len);
	pack_key(&p, key);
	pack_unsigned(&p, budget);
	return p.failed ? err_set_nomem(err, "adding the budget") : 0;
}
