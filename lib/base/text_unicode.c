// SPDX-License-Identifier: MIT
// text_unicode.c: normal form and case of texts beyond ASCII; see text.h.
//
// utf8proc knows all of Unicode and takes its time. What names of comics are made of, Latin and
// Cyrillic letters, kana, ideographs and typographic quotes, is settled here; the rest goes to it.

#include "base/text.h"

#include <stdlib.h>
#include <utf8proc.h>

#define MARKS_MAX 128 // on one letter; a text with more stays as it is

static const struct text no_memory = { NULL, 0 };

struct range {
	uint32_t first;
	uint32_t last;
};

// Characters that stand in NFC for themselves, whatever is before or behind them, unless it is
// one that is not in these ranges. (NFC_Quick_Check is Yes and the combining class 0.)
static const struct range in_nfc[] = {
	{ 0x0000, 0x02FF }, // Latin
	{ 0x2010, 0x2027 }, // dashes, quotes, bullets, ellipsis
	{ 0x3041, 0x3096 }, // hiragana, without the voiced marks
	{ 0x30A0, 0x30FF }, // katakana
	{ 0x4E00, 0x9FFF }, // ideographs
	{ 0xAC00, 0xD7A3 }, // Hangul syllables
	{ 0x0400, 0x0482 }, // Cyrillic, without its combining marks
	{ 0x048A, 0x052F },
	{ 0x1E00, 0x1EFF }, // Latin with two marks
	{ 0x3001, 0x3029 }, // ideographic punctuation
	{ 0xFF01, 0xFF9D }, // full and half width
};

// Of those, the ones that have no case.
static const struct range caseless[] = {
	{ 0x2010, 0x2027 }, { 0x3041, 0x3096 }, { 0x30A0, 0x30FF },
	{ 0x4E00, 0x9FFF }, { 0xAC00, 0xD7A3 }, { 0x3001, 0x3029 },
};

static bool is_within(const struct range *ranges, size_t count, uint32_t c)
{
	for (size_t i = 0; i < count; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

static bool is_nfc(struct text t)
{
	for (size_t at = text_ascii_run(t, 0); at < t.len; at += text_ascii_run(t, at)) {
		size_t used = 1;

		if ((uint8_t)t.data[at] >= 0xCC && // below is Latin up to U+02FF, or no UTF-8
		    !is_within(in_nfc, COMIC_COUNT(in_nfc),
			       text_decode(t.data + at, t.len - at, &used)))
			return false;
		at += used;
	}
	return true;
}

// utf8proc sorts the marks on a letter by exchanging neighbours; no script has so many.
static bool has_many_marks(struct text t)
{
	size_t marks = 0;
	size_t used = 0;

	for (size_t at = 0; t.len > MARKS_MAX && at < t.len && marks <= MARKS_MAX; at += used) {
		utf8proc_int32_t c = (utf8proc_int32_t)text_decode(t.data + at, t.len - at, &used);

		if (c >= 0x300 && utf8proc_get_property(c)->combining_class > 0)
			marks++;
		else
			marks = 0;
	}
	return marks > MARKS_MAX;
}

static struct text map_unicode(struct arena *a, struct text t, int options)
{
	utf8proc_uint8_t *mapped = NULL;
	utf8proc_ssize_t len = 0;
	char *copy = NULL;

	if (has_many_marks(t))
		return t;
	len = utf8proc_map((const utf8proc_uint8_t *)t.data, (utf8proc_ssize_t)t.len, &mapped,
			    (utf8proc_option_t)options);
	if (len < 0)
		return len == UTF8PROC_ERROR_NOMEM ? no_memory : t; // not UTF-8: leave it be
	copy = arena_copy(a, mapped, (size_t)len);
	free(mapped);
	return copy == NULL ? no_memory : (struct text){ copy, (size_t)len };
}

struct text text_nfc(struct arena *a, struct text t)
{
	if (is_nfc(t))
		return t;
	return map_unicode(a, t, (int)UTF8PROC_STABLE | (int)UTF8PROC_COMPOSE);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct text lower_ascii(struct arena *a, struct text t)
{
	char *out = arena_alloc(a, t.len + 1);

	if (out == NULL)
		return no_memory;
	for (size_t i = 0; i < t.len; i++)
		out[i] = lower(t.data[i]);
	out[t.len] = '\0';
	return (struct text){ out, t.len };
}

struct text text_lower(struct arena *a, struct text t)
{
	char *out = NULL;
	size_t len = 0;
	size_t at = 0;

	if (text_is_ascii(t))
		return lower_ascii(a, t);
	out = arena_alloc(a, t.len * 3); // U+023A has two bytes, its lower case three
	if (out == NULL)
		return no_memory;
	while (at < t.len) {
		size_t used = 0;
		uint32_t c = text_decode(t.data + at, t.len - at, &used);

		len += text_encode((uint32_t)utf8proc_tolower((utf8proc_int32_t)c), out + len);
		at += used;
	}
	return (struct text){ out, len };
}

// The one character that c folds to; 0 if only utf8proc knows.
static uint32_t fold_character(uint32_t c)
{
	if (c < 0x80)
		return (uint8_t)lower((char)c);
	if (c < 0x0300 || (c >= 0x0400 && c <= 0x0482) || (c >= 0x048A && c <= 0x052F)) {
		// Micro, sharp s, I with dot, n with apostrophe, long s, j with caron.
		if (c == 0xB5 || c == 0xDF || c == 0x130 || c == 0x149 || c == 0x17F || c == 0x1F0)
			return 0;
		return (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
	}
	return is_within(caseless, COMIC_COUNT(caseless), c) ? c : 0;
}

struct text text_fold(struct arena *a, struct text t)
{
	const int options = (int)UTF8PROC_STABLE | (int)UTF8PROC_COMPOSE | (int)UTF8PROC_CASEFOLD;
	char *out = NULL;
	size_t len = 0;
	size_t at = 0;

	if (text_is_ascii(t))
		return lower_ascii(a, t);
	out = arena_alloc(a, t.len * 2 + 1); // as in text_lower()
	if (out == NULL)
		return no_memory;
	while (at < t.len) {
		size_t used = 0;
		uint32_t c = fold_character(text_decode(t.data + at, t.len - at, &used));

		if (c == 0)
			return map_unicode(a, t, options);
		len += text_encode(c, out + len);
		at += used;
	}
	out[len] = '\0';
	return (struct text){ out, len };
}
