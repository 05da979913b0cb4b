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

// Nearly every value of a record is a short text, a small number or an empty map. Steps over those
// in a row, of `left` at most, as far as they lie before `end` whole; returns how many.
static uint64_t skip_short(const uint8_t *data, size_t end, size_t *at, uint64_t left)
{
	uint64_t skipped = 0;
	size_t here = *at;

	while (skipped < left && here < end) {
		uint8_t code = data[here];
		size_t size = 1;

		if ((code & 0xe0U) == 0xa0)
			size += code & 0x1fU;
		else if (code > 0x80 && code < 0xe0 && code != 0x90)
			break;
		if (size > end - here)
			break;
		here += size;
		skipped++;
	}
	*at = here;
	return skipped;
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
	uint64_t around[SCAN_DEPTH_MAX] = { 0 }; // values still to come in the containers around
	uint64_t left = 1; // in the innermost one
	size_t end = len < SCAN_RECORD_MAX ? len : SCAN_RECORD_MAX;
	uint64_t count = 1;
	size_t depth = 0;
	size_t at = 0;

	for (;;) {
		uint64_t elements = 0;
		enum scan_result got = SCAN_MORE;

		left -= skip_short(data, end, &at, left);
		for (; left == 0; left = around[--depth]) {
			if (depth == 0) {
				*used = at;
				*values = count;
				return SCAN_WHOLE;
			}
		}
		if (at >= len)
			return SCAN_MORE;
		left--;
		got = skip_value(data, len, &at, &elements);
		if (got != SCAN_WHOLE)
			return got;
		if (elements == 0)
			continue;
		if (depth == SCAN_DEPTH_MAX)
			return SCAN_BAD;
		around[depth++] = left;
		left = elements;
		count += elements;
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
