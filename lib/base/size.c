// SPDX-License-Identifier: MIT
// size.c: see size.h.

#include "base/size.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool size_parse_count(const char *text, uint64_t *out)
{
	uint64_t value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (!is_digit(*text) || value > (UINT64_MAX - (uint64_t)(*text - '0')) / 10)
			return false;
		value = value * 10 + (uint64_t)(*text - '0');
	}
	*out = value;
	return true;
}

// The leading "digits[.digits]" of text as a double; *rest is what follows.
static bool parse_decimal(const char *text, double *out, const char **rest)
{
	char plain[32];
	size_t len = strspn(text, "0123456789.");

	if (!is_digit(text[0]) || len >= sizeof(plain))
		return false;
	memcpy(plain, text, len);
	plain[len] = '\0';
	if (strchr(plain, '.') != strrchr(plain, '.'))
		return false;
	*out = strtod(plain, NULL);
	*rest = text + len;
	return true;
}

bool size_parse_bytes(const char *text, uint64_t *out)
{
	static const char units[] = "KMGTP";
	double value = 0;
	const char *unit = NULL;
	const char *rest = NULL;

	if (!parse_decimal(text, &value, &rest))
		return false;
	if (*rest == '\0' && size_parse_count(text, out))
		return true; // exact, beyond the 2^53 of a double
	unit = *rest == '\0' ? NULL : strchr(units, *rest >= 'a' ? *rest - 'a' + 'A' : *rest);
	if (unit != NULL) {
		for (const char *u = units; u <= unit; u++)
			value *= 1024;
		rest++;
		if (*rest == 'i' && (rest[1] == 'B' || rest[1] == 'b'))
			rest++;
	}
	if (*rest == 'B' || *rest == 'b')
		rest++;
	if (*rest != '\0' || value >= 9.2e18)
		return false;
	*out = (uint64_t)value;
	return true;
}

bool size_parse_seconds(const char *text, int64_t *nanoseconds)
{
	const char *rest = NULL;
	double value = 0;

	if (!parse_decimal(text, &value, &rest) || *rest != '\0' || value > 9e9)
		return false;
	*nanoseconds = (int64_t)(value * 1e9);
	return true;
}

bool size_parse_fraction(const char *text, double *out)
{
	const char *rest = NULL;

	return parse_decimal(text, out, &rest) && *rest == '\0' && *out > 0 && *out <= 1;
}

const char *size_format_bytes(uint64_t bytes, char out[SIZE_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	double value = (double)bytes;
	size_t unit = 0;

	while (value >= 1024 && unit + 1 < COMIC_COUNT(units)) {
		value /= 1024;
		unit++;
	}
	(void)snprintf(out, SIZE_TEXT, value < 10 && unit > 0 ? "%.1f %s" : "%.0f %s", value,
		       units[unit]);
	if (strstr(out, ".0 ") != NULL) // "2.0 GiB" reads better as "2 GiB"
		(void)snprintf(out, SIZE_TEXT, "%.0f %s", value, units[unit]);
	return out;
}

const char *size_format_count(uint64_t count, char out[SIZE_TEXT])
{
	char plain[SIZE_TEXT];
	int len = snprintf(plain, sizeof(plain), "%" PRIu64, count);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	out[at] = '\0';
	return out;
}
