// SPDX-License-Identifier: MIT
// text.c: see text.h.

#include "base/text.h"

#include "base/word.h"

#include <string.h>
#include <xxhash.h>

#define REPLACEMENT 0xFFFDU

static const struct text no_memory = { NULL, 0 };

struct text text_from(const char *string)
{
	return string == NULL ? TEXT("") : (struct text){ string, strlen(string) };
}

bool text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool text_is(struct text a, const char *string)
{
	// Tables of keys are searched with this: mostly the first byte tells.
	if (a.len > 0 && string != NULL && a.data[0] != string[0])
		return false;
	return text_equal(a, text_from(string));
}

int text_compare(struct text a, struct text b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	int order = common == 0 ? 0 : memcmp(a.data, b.data, common);

	if (order != 0)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_equal_nocase(struct text a, struct text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (a.data[i] != b.data[i] && lower(a.data[i]) != lower(b.data[i]))
			return false;
	}
	return true;
}

bool text_ends_nocase(struct text a, const char *suffix)
{
	struct text s = text_from(suffix);

	return a.len >= s.len &&
	       text_equal_nocase((struct text){ a.data + a.len - s.len, s.len }, s);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text text_trim(struct text a)
{
	while (a.len > 0 && is_space(a.data[0])) {
		a.data++;
		a.len--;
	}
	while (a.len > 0 && is_space(a.data[a.len - 1]))
		a.len--;
	return a;
}

uint64_t text_hash(struct text a)
{
	return XXH3_64bits(a.data, a.len);
}

uint64_t text_hash_seeded(struct text a, uint64_t seed)
{
	return XXH3_64bits_withSeed(a.data, a.len, seed);
}

int text_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
		return (c | 0x20) - 'a' + 10;
	return 16;
}

// ---- eight bytes at a time --------------------------------------------------------------------

static uint64_t lower_word(uint64_t word)
{
	uint64_t low = word & EACH(0x7F);
	uint64_t from_a = low + EACH(0x80 - 'A'); // the high bit of each byte tells
	uint64_t beyond_z = low + EACH(0x7F - 'Z');
	uint64_t capitals = (from_a ^ beyond_z) & ~word & EACH(0x80);

	return word | capitals >> 2;
}

// The steps of a hash like FNV-1a's, on words: XXH3 would need a folded copy.
uint64_t text_hash_fold(struct text a)
{
	uint64_t hash = 0xcbf29ce484222325U ^ a.len;
	uint64_t rest = 0;
	size_t at = 0;

	for (; a.len - at >= WORD; at += WORD) {
		hash = (hash ^ lower_word(word_at(a.data + at))) * 0x9E3779B97F4A7C15U;
		hash ^= hash >> 32;
	}
	if (at < a.len) {
		memcpy(&rest, a.data + at, a.len - at);
		hash = (hash ^ lower_word(rest)) * 0x9E3779B97F4A7C15U;
		hash ^= hash >> 32;
	}
	return hash;
}

size_t text_ascii_run(struct text a, size_t from)
{
	size_t at = from;

	while (a.len - at >= WORD && (word_at(a.data + at) & EACH(0x80)) == 0)
		at += WORD;
	while (at < a.len && (uint8_t)a.data[at] < 0x80)
		at++;
	return at - from;
}

// Most texts are short: the last eight bytes are looked at once more rather than one by one. Of
// documents four words are taken in a step.
bool text_is_ascii(struct text a)
{
	const char *at = a.data;
	size_t left = a.len;

	if (a.len < WORD)
		return text_ascii_run(a, 0) == a.len;
	for (; left > 4 * WORD; left -= 4 * WORD, at += 4 * WORD) {
		if (((word_at(at) | word_at(at + WORD) | word_at(at + 2 * WORD) |
		      word_at(at + 3 * WORD)) & EACH(0x80)) != 0)
			return false;
	}
	for (; left > WORD; left -= WORD, at += WORD) {
		if ((word_at(at) & EACH(0x80)) != 0)
			return false;
	}
	return (word_at(a.data + a.len - WORD) & EACH(0x80)) == 0;
}

// ---- UTF-8 ------------------------------------------------------------------------------------

// Bytes after the first of a sequence, and the lowest character it may hold.
static int sequence(uint8_t first, uint32_t *bits, uint32_t *lowest)
{
	if (first >= 0xC2 && first <= 0xDF) {
		*bits = first & 0x1FU;
		*lowest = 0x80;
		return 1;
	}
	if ((first & 0xF0U) == 0xE0) {
		*bits = first & 0x0FU;
		*lowest = 0x800;
		return 2;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*bits = first & 0x07U;
		*lowest = 0x10000;
		return 3;
	}
	return -1;
}

// The length of the valid sequence at data, 0 if there is none.
static size_t decode_strict(const char *data, size_t len, uint32_t *out)
{
	uint8_t first = (uint8_t)data[0];
	uint32_t c = 0;
	uint32_t lowest = 0;
	int more = 0;

	if (first < 0x80) {
		*out = first;
		return 1;
	}
	more = sequence(first, &c, &lowest);
	if (more < 0 || (size_t)more >= len)
		return 0;
	for (int i = 1; i <= more; i++) {
		uint8_t next = (uint8_t)data[i];

		if ((next & 0xC0U) != 0x80)
			return 0;
		c = (c << 6) | (next & 0x3FU);
	}
	if (c < lowest || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*out = c;
	return (size_t)more + 1;
}

bool text_is_utf8(struct text a)
{
	size_t at = 0;
	uint32_t c = 0;

	if (text_is_ascii(a))
		return true;
	while (at < a.len) {
		size_t used = 0;

		at += text_ascii_run(a, at);
		if (at == a.len)
			break;
		used = decode_strict(a.data + at, a.len - at, &c);
		if (used == 0)
			return false;
		at += used;
	}
	return true;
}

uint32_t text_decode(const char *data, size_t len, size_t *used)
{
	uint32_t c = REPLACEMENT;

	*used = decode_strict(data, len, &c);
	if (*used == 0) {
		*used = 1;
		return REPLACEMENT;
	}
	return c;
}

size_t text_encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0U | (c >> 6));
		out[1] = (char)(0x80U | (c & 0x3FU));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0U | (c >> 12));
		out[1] = (char)(0x80U | ((c >> 6) & 0x3FU));
		out[2] = (char)(0x80U | (c & 0x3FU));
		return 3;
	}
	out[0] = (char)(0xF0U | (c >> 18));
	out[1] = (char)(0x80U | ((c >> 12) & 0x3FU));
	out[2] = (char)(0x80U | ((c >> 6) & 0x3FU));
	out[3] = (char)(0x80U | (c & 0x3FU));
	return 4;
}

struct text text_repair(struct arena *a, struct text t)
{
	char *out = NULL;
	size_t at = 0;
	size_t len = 0;

	if (text_is_utf8(t))
		return t;
	out = arena_alloc(a, t.len * 3); // a bad byte becomes the three of U+FFFD
	if (out == NULL)
		return no_memory;
	while (at < t.len) {
		size_t used = 0;
		uint32_t c = text_decode(t.data + at, t.len - at, &used);

		len += text_encode(c, out + len);
		at += used;
	}
	return (struct text){ out, len };
}

static uint32_t windows_1252(uint8_t byte)
{
	static const uint16_t high[32] = { // 0x80-0x9F, as in the WHATWG/Unicode mapping table
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
		0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
	};

	return byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte;
}

struct text text_from_windows_1252(struct arena *a, struct text t)
{
	char *out = NULL;
	size_t len = 0;

	if (text_is_ascii(t))
		return t;
	out = arena_alloc(a, t.len * 3);
	if (out == NULL)
		return no_memory;
	for (size_t i = 0; i < t.len; i++)
		len += text_encode(windows_1252((uint8_t)t.data[i]), out + len);
	return (struct text){ out, len };
}

struct text text_repair_windows_1252(struct arena *a, struct text t)
{
	char *out = NULL;
	size_t len = 0;
	size_t at = 0;

	if (text_is_utf8(t))
		return t;
	out = arena_alloc(a, t.len * 3);
	if (out == NULL)
		return no_memory;
	while (at < t.len) {
		uint32_t c = 0;
		size_t used = decode_strict(t.data + at, t.len - at, &c);

		if (used == 0)
			c = windows_1252((uint8_t)t.data[at]);
		len += text_encode(c, out + len);
		at += used + (used == 0);
	}
	return (struct text){ out, len };
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digits(struct text t, size_t at)
{
	size_t start = at;

	while (at < t.len && is_digit(t.data[at]))
		at++;
	return at - start;
}

static size_t zeros(struct text t, size_t at)
{
	size_t start = at;

	while (at < t.len && t.data[at] == '0')
		at++;
	return at - start;
}

// Compares the digit runs at *i and *j by value and steps over them.
static int compare_numbers(struct text a, size_t *i, struct text b, size_t *j)
{
	size_t left = 0;
	size_t right = 0;
	int order = 0;

	*i += zeros(a, *i);
	*j += zeros(b, *j);
	left = digits(a, *i);
	right = digits(b, *j);
	if (left != right)
		return left < right ? -1 : 1;
	order = left == 0 ? 0 : memcmp(a.data + *i, b.data + *j, left);
	*i += left;
	*j += right;
	return order;
}

// Bytes that are the same in both, as far as no digit run is cut: names in one archive share
// long beginnings.
static size_t common_start(struct text a, struct text b)
{
	size_t common = a.len < b.len ? a.len : b.len;
	size_t at = 0;

	while (common - at >= WORD && word_at(a.data + at) == word_at(b.data + at))
		at += WORD;
	while (at < common && a.data[at] == b.data[at])
		at++;
	while (at > 0 && is_digit(a.data[at - 1]))
		at--;
	return at;
}

int text_natural_compare(struct text a, struct text b)
{
	size_t i = common_start(a, b);
	size_t j = i;

	while (i < a.len && j < b.len) {
		int order = 0;

		if (is_digit(a.data[i]) && is_digit(b.data[j])) {
			order = compare_numbers(a, &i, b, &j);
		} else {
			order = (int)(uint8_t)lower(a.data[i]) - (int)(uint8_t)lower(b.data[j]);
			i++;
			j++;
		}
		if (order != 0)
			return order;
	}
	if (i < a.len || j < b.len)
		return i < a.len ? 1 : -1;
	return text_compare(a, b);
}
