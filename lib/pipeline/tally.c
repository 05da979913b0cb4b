// SPDX-License-Identifier: MIT
// tally.c: see tally.h.

#include "pipeline/tally.h"

#include "stream/scan.h"

// Counts the whole records in data; returns the bytes they take.
static size_t count_records(struct tally *t, const uint8_t *data, size_t len)
{
	size_t at = 0;

	while (at < len) {
		enum stream_type type = STREAM_OTHER;
		struct comic_err err = { 0 };
		size_t used = 0;
		enum scan_result got = scan_value(data + at, len - at, &used);

		if (got == SCAN_MORE)
			break;
		if (got == SCAN_BAD || stream_type_of(data + at, used, &type, &err) < 0) {
			t->lost = true;
			break;
		}
		t->count[type]++;
		at += used;
	}
	return at;
}

void tally_add(struct tally *t, const void *data, size_t len)
{
	const uint8_t *at = data;
	size_t used = 0;

	if (t->lost)
		return;
	if (t->rest.len == 0) {
		used = count_records(t, at, len);
		at += used;
		len -= used;
	}
	if (t->lost || buf_add(&t->rest, at, len) < 0) {
		t->lost = true;
		tally_clear(t);
		return;
	}
	if (used == 0)
		buf_consume(&t->rest, count_records(t, t->rest.data, t->rest.len));
}

void tally_clear(struct tally *t)
{
	buf_clear(&t->rest);
}
