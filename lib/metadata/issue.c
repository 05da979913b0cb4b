// SPDX-License-Identifier: MIT
// issue.c: see issue.h.

#include "metadata/issue.h"

#include "metadata/scalar.h"

#include <string.h>

static bool begins(struct text t, const char *what)
{
	size_t len = strlen(what);

	return t.len >= len && memcmp(t.data, what, len) == 0;
}

static void skip(struct text *t, size_t len)
{
	t->data += len;
	t->len -= len;
}

static bool take(struct text *t, const char *what)
{
	if (!begins(*t, what))
		return false;
	skip(t, strlen(what));
	return true;
}

static bool begins_digit(struct text t)
{
	size_t used = 0;

	return scalar_digit(t, 0, &used) >= 0;
}

// Takes digits, if there are any; the value stops growing at the largest number.
static bool take_digits(struct text *t, int64_t *value)
{
	size_t used = 0;
	int digit = scalar_digit(*t, 0, &used);

	if (digit < 0)
		return false;
	for (*value = 0; digit >= 0; digit = scalar_digit(*t, 0, &used)) {
		*value = *value * 10 + digit;
		if (*value > ISSUE_NUMBER_MAX)
			*value = ISSUE_NUMBER_MAX;
		skip(t, used);
	}
	return true;
}

// ".75", ".5", ".758": hundredths.
static int64_t take_decimals(struct text *t)
{
	int64_t value = 0;
	size_t used = 0;

	skip(t, 1);
	for (int place = 10;; place /= 10) {
		int digit = scalar_digit(*t, 0, &used);

		if (digit < 0)
			return value;
		value += (int64_t)digit * place;
		skip(t, used);
	}
}

// A fraction as one sign or as "1/2"; 0 if there is none.
static int64_t take_fraction(struct text *t)
{
	static const struct {
		const char *sign;
		const char *digits;
		int64_t hundredths;
	} fractions[] = {
		{ "\xC2\xBC", "1/4", 25 }, // U+00BC
		{ "\xC2\xBD", "1/2", 50 },
		{ "\xC2\xBE", "3/4", 75 },
	};

	for (size_t i = 0; i < COMIC_COUNT(fractions); i++) {
		struct text rest = *t;

		if (take(t, fractions[i].sign))
			return fractions[i].hundredths;
		if (take(&rest, fractions[i].digits) && !begins_digit(rest)) {
			*t = rest;
			return fractions[i].hundredths;
		}
	}
	return 0;
}

static bool begins_decimals(struct text t)
{
	return t.len > 1 && t.data[0] == '.' &&
	       begins_digit((struct text){ t.data + 1, t.len - 1 });
}

// The number at the start of *t, without sign, and steps over it.
static bool take_number(struct text *t, int64_t *hundredths)
{
	int64_t whole = 0;
	int64_t part = take_fraction(t);
	struct text after;
	bool any = false;

	if (part > 0) {
		*hundredths = part;
		return true;
	}
	any = take_digits(t, &whole);
	if (begins_decimals(*t)) {
		part = take_decimals(t);
		any = true;
	} else if (any) {
		after = *t;
		(void)take(&after, " "); // "1 1/2"
		part = take_fraction(&after);
		if (part > 0)
			*t = after;
		else
			(void)take(t, "."); // "78.BEY", "1."
	}
	*hundredths = whole * 100 + part;
	return any;
}

static struct text cut_suffix(struct text t)
{
	size_t at = 0;
	size_t used = 0;

	t = text_trim(t);
	for (int i = 0; i < ISSUE_SUFFIX_MAX && at < t.len; i++) {
		(void)text_decode(t.data + at, t.len - at, &used);
		at += used;
	}
	return text_trim((struct text){ t.data, at });
}

void issue_parse(struct text name, struct issue_parts *out)
{
	struct text t = text_trim(name);
	struct text rest;
	bool negative = false;
	int64_t value = 0;

	while (take(&t, "#"))
		t = text_trim(t);
	rest = t;
	negative = take(&rest, "-") || take(&rest, "\xE2\x88\x92"); // U+2212
	if (!take_number(&rest, &value)) {
		*out = (struct issue_parts){ false, 0, cut_suffix(t) };
		return;
	}
	if (value > ISSUE_NUMBER_MAX * 100)
		value = ISSUE_NUMBER_MAX * 100;
	*out = (struct issue_parts){ true, negative ? -value : value, cut_suffix(rest) };
}
