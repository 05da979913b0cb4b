// SPDX-License-Identifier: MIT
// scan.c: see scan.h. The byte codes are those of the MessagePack specification.

#include "stream/scan.h"

// What one value is: a header (code and length bytes), then bytes of its own,
// then elements that are values themselves.
struct head {
	size_t header;
	uint64_t bytes;
	uint64_t elements;
};

static uint64_t big_endian(const uint8_t *at, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | at[i];
	return value;
}

// Codes 0xc0-0xdf: how many length bytes follow, and what they count.
enum counted { FIXED, BYTES, EXTENSION, ELEMENTS, PAIRS, RESERVED };
static const struct {
	uint8_t what;
	uint8_t size; // FIXED: bytes of payload; else bytes of the length
} codes[32] = {
	{ FIXED, 0 }, { RESERVED, 0 }, { FIXED, 0 }, { FIXED, 0 }, // nil, -, false, true
	{ BYTES, 1 }, { BYTES, 2 }, { BYTES, 4 }, // bin
	{ EXTENSION, 1 }, { EXTENSION, 2 }, { EXTENSION, 4 }, // ext
	{ FIXED, 4 }, { FIXED, 8 }, // float
	{ FIXED, 1 }, { FIXED, 2 }, { FIXED, 4 }, { FIXED, 8 }, // uint
	{ FIXED, 1 }, { FIXED, 2 }, { FIXED, 4 }, { FIXED, 8 }, // int
	{ FIXED, 2 }, { FIXED, 3 }, { FIXED, 5 }, { FIXED, 9 }, { FIXED, 17 }, // fixext
	{ BYTES, 1 }, { BYTES, 2 }, { BYTES, 4 }, // str
	{ ELEMENTS, 2 }, { ELEMENTS, 4 }, // array
	{ PAIRS, 2 }, { PAIRS, 4 }, // map
};

static enum scan_result read_coded(const uint8_t *at, size_t left, struct head *h)
{
	uint8_t what = codes[at[0] - 0xc0].what;
	size_t size = codes[at[0] - 0xc0].size;
	uint64_t count = 0;

	if (what == RESERVED)
		return SCAN_BAD;
	if (what == FIXED) {
		h->bytes = size;
		return SCAN_WHOLE;
	}
	if (left < 1 + size)
		return SCAN_MORE;
	count = big_endian(at + 1, size);
	h->header = 1 + size;
	if (what == BYTES)
		h->bytes = count;
	else if (what == EXTENSION)
		h->bytes = count + 1;
	else
		h->elements = what == PAIRS ? count * 2 : count;
	return SCAN_WHOLE;
}

static enum scan_result read_head(const uint8_t *at, size_t left, struct head *h)
{
	uint8_t code = at[0];

	*h = (struct head){ .header = 1 };
	if (code < 0x80 || code >= 0xe0)
		return SCAN_WHOLE;
	if (code >= 0xc0)
		return read_coded(at, left, h);
	if (code >= 0xa0)
		h->bytes = code & 0x1fU;
	else if (code >= 0x90)
		h->elements = code & 0x0fU;
	else
		h->elements = (uint64_t)(code & 0x0fU) * 2;
	return SCAN_WHOLE;
}

// Where a scan is.
struct place {
	size_t at;
	uint64_t left; // values still to come in the innermost container
	uint64_t count; // of values that were seen or announced
	size_t depth;
	uint64_t around[SCAN_DEPTH_MAX]; // values still to come in the containers around
};

// How many bytes a value takes that begins with this one, where that says it; else 0.
#define EIGHT(size) size, size, size, size, size, size, size, size
#define ONE_EACH EIGHT(1), EIGHT(1), EIGHT(1), EIGHT(1)
static const uint8_t short_sizes[256] = {
	ONE_EACH, ONE_EACH, ONE_EACH, ONE_EACH, // numbers from 0
	1, 0, 0, 0, 0, 0, 0, 0, EIGHT(0), // maps, the first of them empty
	1, 0, 0, 0, 0, 0, 0, 0, EIGHT(0), // arrays
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, // texts
	17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
	1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 5, 9, 2, 3, 5, 9, // nil, -, false, true ... as in codes
	2, 3, 5, 9, 3, 4, 6, 10, 18, 0, 0, 0, 0, 0, 0, 0,
	ONE_EACH, // numbers below 0
};

// Nearly every value of a record is a short text, a small number or a short container. Steps over
// those as far as they lie before `end` whole. What is too deep is left to the caller.
static void skip_short(const uint8_t *data, size_t end, struct place *p)
{
	size_t at = p->at;
	uint64_t left = p->left;

	for (;;) {
		size_t size = 1;

		for (; left > 0 && at < end; left--) {
			size = short_sizes[data[at]];
			if (size == 0 || size > end - at)
				break;
			at += size;
		}
		if (left == 0 && p->depth > 0) {
			left = p->around[--p->depth];
			continue;
		}
		if (left == 0 || at == end || size != 0 || (data[at] & 0xe0U) != 0x80 ||
		    p->depth == SCAN_DEPTH_MAX)
			break;
		p->around[p->depth++] = left - 1;
		left = (uint64_t)(data[at] & 0x0fU) << (data[at] < 0x90);
		p->count += left;
		at++;
	}
	p->at = at;
	p->left = left;
}

// The header of any value and the bytes of its own: *at moves behind them.
static enum scan_result skip_value(const uint8_t *data, size_t len, size_t *at, uint64_t *elements)
{
	struct head h;
	enum scan_result got = read_head(data + *at, len - *at, &h);

	if (got != SCAN_WHOLE)
		return got;
	*at += h.header;
	*elements = h.elements;
	if (*at > SCAN_RECORD_MAX || h.bytes > SCAN_RECORD_MAX - *at ||
	    h.elements > SCAN_RECORD_MAX - *at)
		return SCAN_BAD;
	*at += h.bytes;
	return *at > len ? SCAN_MORE : SCAN_WHOLE;
}

enum scan_result scan_value(const uint8_t *data, size_t len, size_t *used)
{
	uint64_t values = 0;

	return scan_count(data, len, used, &values);
}

enum scan_result scan_count(const uint8_t *data, size_t len, size_t *used, uint64_t *values)
{
	size_t end = len < SCAN_RECORD_MAX ? len : SCAN_RECORD_MAX;
	struct place p;

	p.at = 0;
	p.left = p.count = 1;
	p.depth = 0;
	for (;;) {
		uint64_t elements = 0;
		enum scan_result got = SCAN_MORE;

		skip_short(data, end, &p);
		if (p.left == 0) {
			*used = p.at;
			*values = p.count;
			return SCAN_WHOLE;
		}
		if (p.at >= len)
			return SCAN_MORE;
		got = skip_value(data, len, &p.at, &elements);
		if (got != SCAN_WHOLE)
			return got;
		p.left--;
		if (elements == 0)
			continue;
		if (p.depth == SCAN_DEPTH_MAX)
			return SCAN_BAD;
		p.around[p.depth++] = p.left;
		p.left = elements;
		p.count += elements;
	}
}

size_t scan_map(const uint8_t *data, size_t len, uint64_t *pairs)
{
	struct head h;

	*pairs = 0;
	if (len == 0 || ((data[0] & 0xf0U) != 0x80 && data[0] != 0xde && data[0] != 0xdf))
		return 0;
	if (read_head(data, len, &h) != SCAN_WHOLE)
		return 0;
	*pairs = h.elements / 2;
	return h.header;
}
