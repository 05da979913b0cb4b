// SPDX-License-Identifier: MIT
// test_stream_values.c: lib/stream: values packed and unpacked as msgpack-c does it.

#include "stream/objects.h"
#include "stream/record.h"
#include "stream/scan.h"
#include "tap.h"

#include <msgpack.h>
#include <stdlib.h>
#include <string.h>

// The bytes that msgpack-c makes of o.
static msgpack_sbuffer packed(const msgpack_object *o)
{
	msgpack_sbuffer out;
	msgpack_packer pk;

	msgpack_sbuffer_init(&out);
	msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
	(void)msgpack_pack_object(&pk, *o);
	return out;
}

static bool is_same(const msgpack_object *a, const msgpack_object *b)
{
	msgpack_sbuffer left = packed(a);
	msgpack_sbuffer right = packed(b);
	bool same = left.size == right.size && memcmp(left.data, right.data, left.size) == 0;

	msgpack_sbuffer_destroy(&left);
	msgpack_sbuffer_destroy(&right);
	return same;
}

// What scan_value() takes as one whole value is unpacked as msgpack-c does; the rest is refused.
static bool agrees(const uint8_t *data, size_t len)
{
	struct arena a = { 0 };
	msgpack_object ours;
	msgpack_unpacked theirs;
	size_t used = 0;
	size_t at = 0;
	bool whole = scan_value(data, len, &used) == SCAN_WHOLE && used == len;
	bool same = objects_unpack(&a, data, len, &ours) == (whole ? 1 : 0);

	msgpack_unpacked_init(&theirs);
	if (same && whole)
		same = msgpack_unpack_next(&theirs, (const char *)data, len, &at) ==
			       MSGPACK_UNPACK_SUCCESS &&
		       is_same(&ours, &theirs.data);
	msgpack_unpacked_destroy(&theirs);
	arena_clear(&a);
	return same;
}

static uint32_t draw(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

static void test_unpack(void)
{
	uint32_t state = 1;
	uint8_t bytes[300];
	unsigned int wrong = 0;

	for (unsigned int code = 0; code < 256; code++) { // each code, with all lengths behind it
		for (size_t len = 1; len < 24; len++) {
			memset(bytes, 0, sizeof(bytes));
			bytes[0] = (uint8_t)code;
			bytes[1 + len % 5] = (uint8_t)len;
			wrong += !agrees(bytes, len);
		}
	}
	is_u64(wrong, 0, "disagreements about each code");
	for (unsigned int i = 0; i < 100000; i++) {
		size_t len = 1 + draw(&state) % 12;

		for (size_t n = 0; n < len; n++) {
			bytes[n] = (uint8_t)draw(&state);
			if (draw(&state) % 4 == 0) // small containers are rare in noise
				bytes[n] = (uint8_t)(0x80U | (bytes[n] & 0x13U));
		}
		wrong += !agrees(bytes, len);
	}
	is_u64(wrong, 0, "disagreements about noise");
	memset(bytes, 0x91, SCAN_DEPTH_MAX + 1);
	bytes[SCAN_DEPTH_MAX] = 0xc0;
	ok(agrees(bytes, SCAN_DEPTH_MAX + 1), "as deep as may be");
	bytes[SCAN_DEPTH_MAX] = 0x91;
	bytes[SCAN_DEPTH_MAX + 1] = 0xc0;
	ok(agrees(bytes, SCAN_DEPTH_MAX + 2), "deeper");
}

static void check_packed(const struct buf *b, const msgpack_sbuffer *theirs, const char *what)
{
	ok(b->len == theirs->size && memcmp(b->data, theirs->data, b->len) == 0, "%s", what);
}

static void test_pack_numbers(void)
{
	static const int64_t edges[] = { 0, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000, 0xffffffff,
					 0x100000000, INT64_MAX };
	struct buf b = { 0 };
	struct record_packer p;
	msgpack_sbuffer theirs;
	msgpack_packer pk;

	record_packer_init(&p, &b);
	msgpack_sbuffer_init(&theirs);
	msgpack_packer_init(&pk, &theirs, msgpack_sbuffer_write);
	for (size_t i = 0; i < COMIC_COUNT(edges); i++) {
		for (int64_t near = -40; near <= 40; near += 1 + (near < 30 && near > -30)) {
			int64_t value = edges[i] < INT64_MAX - 40 ? edges[i] + near : edges[i];

			pack_signed(&p, value);
			pack_signed(&p, -value);
			pack_unsigned(&p, (uint64_t)value);
			(void)msgpack_pack_int64(&pk, value);
			(void)msgpack_pack_int64(&pk, -value);
			(void)msgpack_pack_uint64(&pk, (uint64_t)value);
		}
	}
	pack_signed(&p, INT64_MIN);
	(void)msgpack_pack_int64(&pk, INT64_MIN);
	pack_double(&p, -1.5);
	(void)msgpack_pack_double(&pk, -1.5);
	pack_bool(&p, true);
	(void)msgpack_pack_true(&pk);
	pack_bool(&p, false);
	(void)msgpack_pack_false(&pk);
	pack_nil(&p);
	(void)msgpack_pack_nil(&pk);
	check_packed(&b, &theirs, "numbers, true, false and nil");
	msgpack_sbuffer_destroy(&theirs);
	buf_clear(&b);
}

static void test_pack_counts(void)
{
	static const size_t counts[] = { 0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536 };
	static char bytes[65536];
	struct buf b = { 0 };
	struct record_packer p;
	msgpack_sbuffer theirs;
	msgpack_packer pk;

	memset(bytes, 'x', sizeof(bytes));
	record_packer_init(&p, &b);
	msgpack_sbuffer_init(&theirs);
	msgpack_packer_init(&pk, &theirs, msgpack_sbuffer_write);
	for (size_t i = 0; i < COMIC_COUNT(counts); i++) {
		size_t n = counts[i];

		pack_text(&p, (struct text){ bytes, n });
		(void)msgpack_pack_str(&pk, n);
		(void)msgpack_pack_str_body(&pk, bytes, n);
		pack_bytes(&p, (struct text){ bytes, n });
		(void)msgpack_pack_bin(&pk, n);
		(void)msgpack_pack_bin_body(&pk, bytes, n);
		pack_map(&p, n);
		(void)msgpack_pack_map(&pk, n);
		pack_array(&p, n);
		(void)msgpack_pack_array(&pk, n);
	}
	check_packed(&b, &theirs, "texts, bytes, maps and arrays");
	msgpack_sbuffer_destroy(&theirs);
	buf_clear(&b);
}

int main(void)
{
	test_unpack();
	test_pack_numbers();
	test_pack_counts();
	return done();
}
