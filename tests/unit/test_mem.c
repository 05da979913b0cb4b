// SPDX-License-Identifier: MIT
// test_mem.c: lib/base/mem, intern and size.

#include "base/intern.h"
#include "base/mem.h"
#include "base/size.h"
#include "tap.h"

#include <stdlib.h>

static void test_buf(void)
{
	struct buf b;

	buf_init(&b, 1000);
	for (int i = 0; i < 100; i++)
		ok(i >= 100 || buf_add(&b, "0123456789", 10) == 0, "add %d", i);
	is_u64(b.len, 1000, "full");
	ok(buf_add_byte(&b, 'x') < 0, "beyond the maximum");
	ok(buf_at_max(&b, 1), "and it says so");
	buf_consume(&b, 995);
	is_text((struct text){ (char *)b.data, b.len }, "56789", "consume keeps the rest");
	ok(buf_printf(&b, "-%d", 42) == 0, "printf");
	is_text((struct text){ (char *)b.data, b.len }, "56789-42", "printf appends");
	ok(buf_reserve(&b, SIZE_MAX) < 0, "an overflowing size is refused");
	buf_clear(&b);
	is_u64(b.max, 1000, "the maximum stays");
}

static void test_arena(void)
{
	struct arena a = { .max = 1 << 20 };
	size_t held = 0;

	for (int i = 0; i < 1000; i++) {
		char *p = arena_zero(&a, 100);

		if (p == NULL || p[99] != 0)
			ok(false, "allocation %d", i);
	}
	held = a.held;
	arena_reset(&a, 1 << 20);
	is_u64(a.used, 0, "reset");
	for (int i = 0; i < 1000; i++) {
		if (arena_alloc(&a, 100) == NULL)
			ok(false, "allocation after reset %d", i);
	}
	is_u64(a.held, held, "blocks are reused");
	ok(arena_alloc(&a, 2 << 20) == NULL, "beyond the maximum");
	ok(arena_alloc(&a, SIZE_MAX) == NULL, "an absurd size");
	arena_reset(&a, 0);
	is_u64(a.held, 0, "reset can give everything back");
	is_text(text_from(arena_copy(&a, "abcdef", 3)), "abc", "copy ends with NUL");
	arena_clear(&a);
}

static void test_intern(void)
{
	struct intern in = { 0 };
	char name[32];
	bool all = true;

	for (uint32_t i = 0; i < 5000; i++) {
		(void)snprintf(name, sizeof(name), "name %u", i);
		all = all && intern_add(&in, text_from(name)) == i;
	}
	ok(all, "numbers in order of first sight");
	is_u64(intern_add(&in, TEXT("name 77")), 77, "known again");
	is_u64(intern_find(&in, TEXT("name 4999")), 4999, "found");
	is_u64(intern_find(&in, TEXT("other")), INTERN_NONE, "not found");
	is_text(in.keys[3].text, "name 3", "the key is kept");
	is_u64(intern_add(&in, TEXT("")), 5000, "the empty key is a key");
	ok(intern_memory(&in) > 5000 * 10, "memory is counted");
	intern_clear(&in);
	is_u64(intern_find(&in, TEXT("name 77")), INTERN_NONE, "empty after clear");
}

static void test_sizes(void)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t bytes;
	} rows[] = {
		{ "0", true, 0 }, { "4096", true, 4096 }, { "1K", true, 1024 },
		{ "256M", true, 256ULL << 20 }, { "256m", true, 256ULL << 20 },
		{ "256MiB", true, 256ULL << 20 }, { "256MB", true, 256ULL << 20 },
		{ "1.5G", true, 3ULL << 29 }, { "18446744073709551615", true, UINT64_MAX },
		{ "", false, 0 }, { "M", false, 0 }, { "-1", false, 0 }, { "1X", false, 0 },
		{ "1.2.3M", false, 0 }, { "10 M", false, 0 }, { "9999999999G", false, 0 },
		{ "18446744073709551616", false, 0 }, { "0x10", false, 0 },
	};
	char out[SIZE_TEXT];
	int64_t ns = 0;
	double fraction = 0;

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		uint64_t bytes = 0;
		bool good = size_parse_bytes(rows[i].text, &bytes);

		ok(good == rows[i].good && (!good || bytes == rows[i].bytes), "size '%s'",
		   rows[i].text);
	}
	is_string(size_format_bytes(64ULL << 20, out), "64 MiB", "64 MiB");
	is_string(size_format_bytes(3ULL << 29, out), "1.5 GiB", "1.5 GiB");
	is_string(size_format_bytes(2ULL << 30, out), "2 GiB", "2 GiB");
	is_string(size_format_bytes(512, out), "512 B", "bytes");
	is_string(size_format_count(1234567, out), "1,234,567", "count");
	is_string(size_format_count(999, out), "999", "small count");
	ok(size_parse_seconds("0.5", &ns) && ns == 500000000, "half a second");
	ok(!size_parse_seconds("1s", &ns), "no unit");
	ok(size_parse_fraction("0.25", &fraction) && fraction > 0.24, "fraction");
	ok(!size_parse_fraction("0", &fraction) && !size_parse_fraction("1.1", &fraction),
	   "fractions outside");
}

int main(void)
{
	test_buf();
	test_arena();
	test_intern();
	test_sizes();
	return done();
}
