// SPDX-License-Identifier: MIT
// test_text.c: lib/base/text.

#include "base/text.h"
#include "tap.h"

#include <stdlib.h>
#include <utf8proc.h>

static void test_utf8(void)
{
	static const struct {
		struct text bytes;
		bool valid;
		const char *repaired;
	} rows[] = {
		{ TEXT_INIT(""), true, "" },
		{ TEXT_INIT("plain"), true, "plain" },
		{ TEXT_INIT("caf\xc3\xa9"), true, "caf\xc3\xa9" },
		{ TEXT_INIT("\xf0\x9f\x98\x80"), true, "\xf0\x9f\x98\x80" },
		{ TEXT_INIT("bad\xff"), false, "bad\xef\xbf\xbd" },
		{ TEXT_INIT("\xc3"), false, "\xef\xbf\xbd" },
		{ TEXT_INIT("\xc0\xaf"), false, "\xef\xbf\xbd\xef\xbf\xbd" }, // overlong '/'
		{ TEXT_INIT("\xed\xa0\x80"), false, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, // surrogate
		{ TEXT_INIT("\xf4\x90\x80\x80"), false,
		  "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }, // beyond U+10FFFF
		{ TEXT_INIT("\xe2\x82"), false, "\xef\xbf\xbd\xef\xbf\xbd" }, // cut
	};
	struct arena a = { 0 };

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		ok(text_is_utf8(rows[i].bytes) == rows[i].valid, "utf8 row %zu", i);
		is_text(text_repair(&a, rows[i].bytes), rows[i].repaired, "repaired");
	}
	arena_clear(&a);
}

static void test_characters(void)
{
	static const uint32_t some[] = { 0, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff };

	for (size_t i = 0; i < COMIC_COUNT(some); i++) {
		char bytes[4];
		size_t len = text_encode(some[i], bytes);
		size_t used = 0;

		is_u64(text_decode(bytes, len, &used), some[i], "encoded and decoded");
		is_u64(used, len, "length");
	}
}

static void test_forms(void)
{
	struct arena a = { 0 };
	struct text plain = TEXT("Plain");

	ok(text_nfc(&a, plain).data == plain.data, "plain text is not copied");
	is_text(text_nfc(&a, TEXT("cafe\xcc\x81")), "caf\xc3\xa9", "NFD to NFC");
	is_text(text_nfc(&a, TEXT("\xe3\x81\x8b\xe3\x82\x99")), "\xe3\x81\x8c", "kana with voiced mark");
	is_text(text_fold(&a, TEXT("STRASSE")), "strasse", "ASCII folds");
	is_text(text_fold(&a, TEXT("Stra\xc3\x9f\x65")), "strasse", "sharp s folds to ss");
	is_text(text_fold(&a, TEXT("\xc3\x89t\xc3\xa9")), "\xc3\xa9t\xc3\xa9", "E acute folds");
	is_text(text_from_windows_1252(&a, TEXT("na\xefve \x93q\x94 \x80")),
		"na\xc3\xafve \xe2\x80\x9cq\xe2\x80\x9d \xe2\x82\xac", "Windows-1252");
	arena_clear(&a);
}

static bool is_as_utf8proc_has_it(struct text t, struct text made, int options)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t len =
		utf8proc_map((const utf8proc_uint8_t *)t.data, (utf8proc_ssize_t)t.len, &mapped,
			     (utf8proc_option_t)options);
	bool same = len >= 0 &&
		    text_equal(made, (struct text){ (const char *)mapped, (size_t)len });

	free(mapped);
	return same;
}

// The ways around utf8proc lead where it leads, for each character and its neighbours.
static void test_short_cuts(void)
{
	const int nfc = (int)UTF8PROC_STABLE | (int)UTF8PROC_COMPOSE;
	static const uint32_t after[] = { 'n', 0x301, 0x3042, 0x3099, 0x11A8, 0x410 };
	struct arena a = { 0 };
	unsigned int wrong = 0;

	for (uint32_t c = 0x20; c < 0x10000; c++) {
		char bytes[16] = "E";
		struct text t = { bytes, 1 };

		if (c >= 0xD800 && c < 0xE000)
			continue;
		t.len += text_encode(c, bytes + t.len);
		t.len += text_encode(after[c % COMIC_COUNT(after)], bytes + t.len);
		wrong += !is_as_utf8proc_has_it(t, text_nfc(&a, t), nfc);
		wrong += !is_as_utf8proc_has_it(t, text_fold(&a, t), nfc | (int)UTF8PROC_CASEFOLD);
		t.len -= text_encode(after[c % COMIC_COUNT(after)], bytes + 12);
		wrong += !is_as_utf8proc_has_it(t, text_nfc(&a, t), nfc);
		wrong += !is_as_utf8proc_has_it(t, text_fold(&a, t), nfc | (int)UTF8PROC_CASEFOLD);
		arena_reset(&a, (size_t)1 << 16);
	}
	is_u64(wrong, 0, "forms that differ from utf8proc's");
	arena_clear(&a);
}

static void test_order(void)
{
	static const char *const sorted[] = { "page 1", "page 02", "page 2", "Page 10", "page 10a",
					      "page 100", "pagf" };

	for (size_t i = 0; i + 1 < COMIC_COUNT(sorted); i++) {
		struct text a = text_from(sorted[i]);
		struct text b = text_from(sorted[i + 1]);

		ok(text_natural_compare(a, b) < 0, "'%s' before '%s'", sorted[i],
		   sorted[i + 1]);
		ok((text_natural_compare(a, b) < 0) == (text_natural_compare(b, a) > 0),
		   "and the other way round");
	}
	ok(text_natural_compare(TEXT("x99999999999999999999998"), TEXT("x99999999999999999999999")) < 0,
	   "numbers beyond 64 bits");
	ok(text_compare(TEXT("a"), TEXT("ab")) < 0, "a prefix first");
	ok(text_compare(TEXT("\x7f"), TEXT("\x80")) < 0, "bytes are unsigned");
	ok(text_equal_nocase(TEXT("ComicInfo.XML"), TEXT("comicinfo.xml")), "no case");
	ok(text_ends_nocase(TEXT("x.CBZ"), ".cbz"), "suffix");
	ok(!text_ends_nocase(TEXT("z"), ".cbz"), "shorter than the suffix");
	is_text(text_trim(TEXT(" \t x y \n")), "x y", "trim");
	is_text(text_trim(TEXT("  ")), "", "trim to nothing");
}

int main(void)
{
	test_utf8();
	test_characters();
	test_forms();
	test_short_cuts();
	test_order();
	return done();
}
