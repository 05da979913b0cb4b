// SPDX-License-Identifier: MIT
// scalar.c: see scalar.h.

#include "metadata/scalar.h"

#include "metadata/model.h"

#include <string.h>

int scalar_digit(struct text t, size_t at, size_t *used)
{
	uint8_t c = at < t.len ? (uint8_t)t.data[at] : 0;

	*used = 1;
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c != 0xEF || t.len - at < 3 || (uint8_t)t.data[at + 1] != 0xBC)
		return -1;
	*used = 3; // U+FF10-FF19 are EF BC 90-99
	c = (uint8_t)t.data[at + 2];
	return c >= 0x90 && c <= 0x99 ? c - 0x90 : -1;
}

static size_t first_digit(struct text t)
{
	size_t at = 0;
	size_t used = 0;

	while (at < t.len && scalar_digit(t, at, &used) < 0)
		at++;
	return at;
}

// A sign counts when it stands alone before the number: not in "2019-2021" or "v-3".
static bool is_negative(struct text t, size_t number)
{
	static const char minus[] = "\xE2\x88\x92"; // U+2212

	t = text_trim((struct text){ t.data, number });
	return text_is(t, "-") || text_is(t, minus);
}

// Reads digits from *at on; the value stops growing beyond MODEL_INTEGER_MAX.
static int64_t read_digits(struct text t, size_t *at)
{
	int64_t value = 0;
	size_t used = 0;
	int digit = scalar_digit(t, *at, &used);

	while (digit >= 0) {
		if (value <= MODEL_INTEGER_MAX)
			value = value * 10 + digit;
		*at += used;
		digit = scalar_digit(t, *at, &used);
	}
	return value;
}

enum scalar_result scalar_integer(struct text t, int64_t *out)
{
	size_t at = 0;
	int64_t value = 0;

	t = text_trim(t);
	at = first_digit(t);
	if (t.len == 0 || (at < t.len && is_negative(t, at)))
		return SCALAR_UNSET;
	if (at == t.len)
		return SCALAR_BAD;
	value = read_digits(t, &at);
	if (value > MODEL_INTEGER_MAX)
		return SCALAR_BAD;
	*out = value;
	return SCALAR_OK;
}

static bool starts_half(struct text t, size_t at)
{
	return at + 2 <= t.len && memcmp(t.data + at, "\xC2\xBD", 2) == 0; // U+00BD
}

// The digits from at on as a fraction, in 2000ths: thousandths, and one more if digits follow.
static int64_t read_fraction(struct text t, size_t at)
{
	int64_t value = 0;
	size_t used = 0;
	bool more = false;
	int digit = scalar_digit(t, at, &used);

	for (int place = 100; digit >= 0; place /= 10) {
		value += (int64_t)digit * place;
		more = more || (place == 0 && digit > 0);
		at += used;
		digit = scalar_digit(t, at, &used);
	}
	return value * 2 + more;
}

static int64_t round_half_even(int64_t value, int64_t unit)
{
	int64_t whole = value / unit;
	int64_t twice = value % unit * 2;

	return twice > unit || (twice == unit && whole % 2 != 0) ? whole + 1 : whole;
}

// The text without spaces and with 1/2 as one sign, so that "4 1/2" reads as 4½.
static struct text squeeze(struct text t, char out[64])
{
	size_t len = 0;

	for (size_t i = 0; i < t.len && len + 2 < 64; i++) {
		if (t.len - i >= 3 && memcmp(t.data + i, "1/2", 3) == 0) {
			memcpy(out + len, "\xC2\xBD", 2);
			len += 2;
			i += 2;
		} else if (t.data[i] != ' ') {
			out[len++] = t.data[i] == ',' ? '.' : t.data[i];
		}
	}
	return (struct text){ out, len };
}

enum scalar_result scalar_decimal(struct text t, int places, int64_t most, int64_t *hundredths)
{
	char squeezed[64];
	size_t at = 0;
	size_t used = 0;
	int64_t value = 0;

	t = squeeze(text_trim(t), squeezed);
	if (t.len == 0)
		return SCALAR_UNSET;
	while (at < t.len && !starts_half(t, at) && scalar_digit(t, at, &used) < 0)
		at++;
	if (at == t.len)
		return SCALAR_BAD;
	if (at > 0 && t.data[at - 1] == '.')
		at--;
	if (is_negative(t, at))
		return SCALAR_UNSET;
	value = read_digits(t, &at);
	value = value > most / 100 ? most * 20 : value * 2000;
	if (starts_half(t, at))
		value += 1000;
	else if (at < t.len && t.data[at] == '.')
		value += read_fraction(t, at + 1);
	value = places == 1 ? round_half_even(value, 200) * 10 : round_half_even(value, 20);
	*hundredths = value > most ? most : value;
	return SCALAR_OK;
}

enum scalar_result scalar_flag(struct text t, bool *out)
{
	t = text_trim(t);
	if (t.len == 0 || text_equal_nocase(t, TEXT("Unknown")))
		return SCALAR_UNSET;
	*out = text_equal_nocase(t, TEXT("Yes")) || text_equal_nocase(t, TEXT("true")) ||
	       text_is(t, "1");
	return SCALAR_OK;
}

enum scalar_result scalar_bool(struct text t, bool *out)
{
	static const char *const words[][2] = {
		{ "yes", "no" }, { "true", "false" }, { "1", "0" },
		{ "on", "off" }, { "y", "n" },        { "t", "f" },
	};

	t = text_trim(t);
	for (size_t i = 0; i < COMIC_COUNT(words); i++) {
		for (int side = 0; side < 2; side++) {
			if (text_equal_nocase(t, text_from(words[i][side]))) {
				*out = side == 0;
				return SCALAR_OK;
			}
		}
	}
	return t.len == 0 || text_equal_nocase(t, TEXT("Unknown")) ? SCALAR_UNSET : SCALAR_BAD;
}
