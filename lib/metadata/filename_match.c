// SPDX-License-Identifier: MIT
// filename_match.c: see filename_match.h.

#include "metadata/filename_match.h"

#include "metadata/date.h"

#include <string.h>

// The byte at a place, "/" beyond the end: it stops every pattern.
static char byte_at(struct text t, size_t at)
{
	return at < t.len ? t.data[at] : '/';
}

bool match_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool match_is_word(char c)
{
	return match_is_digit(c) || is_letter(c) || (uint8_t)c >= 0x80;
}

bool match_starts_word(struct text t, size_t at)
{
	return at == 0 || !match_is_word(t.data[at - 1]);
}

static size_t skip_spaces(struct text t, size_t at)
{
	while (byte_at(t, at) == ' ')
		at++;
	return at;
}

static size_t skip_digits(struct text t, size_t at)
{
	while (match_is_digit(byte_at(t, at)))
		at++;
	return at;
}

static size_t skip_letters(struct text t, size_t at)
{
	while (is_letter(byte_at(t, at)))
		at++;
	return at;
}

// ¼ ½ ¾
static bool is_fraction(struct text t, size_t at)
{
	return byte_at(t, at) == '\xC2' && byte_at(t, at + 1) >= '\xBC' &&
	       byte_at(t, at + 1) <= '\xBE';
}

static struct text span(struct text t, size_t from, size_t to)
{
	return (struct text){ t.data + from, to - from };
}

static bool is_at(struct text t, size_t at, const char *word)
{
	size_t len = strlen(word);

	return at <= t.len && t.len - at >= len &&
	       text_equal_nocase(span(t, at, at + len), (struct text){ word, len });
}

// The place after "(" and spaces if a parenthesis opens at `at`, else `at`.
static size_t open_paren(struct text t, size_t at)
{
	return byte_at(t, at) == '(' ? skip_spaces(t, at + 1) : at;
}

// The place after the ")" of a parenthesis that opened at `start`; `at` if none did or the
// pattern does not reach to its end.
static size_t close_paren(struct text t, size_t start, size_t at)
{
	size_t end = skip_spaces(t, at);

	return byte_at(t, start) == '(' && byte_at(t, end) == ')' ? end + 1 : at;
}

// " (of 5)", " of 5"; the end, or `at`.
static size_t match_count(struct text t, size_t at, struct text *count)
{
	size_t start = skip_spaces(t, at);
	size_t p = open_paren(t, start);
	size_t digits = 0;

	if (!is_at(t, p, "of") || !match_starts_word(t, p))
		return at;
	digits = skip_spaces(t, p + 2);
	p = skip_digits(t, digits);
	if (p == digits)
		return at;
	*count = span(t, digits, p);
	return close_paren(t, start, p);
}

// ---- issues ---------------------------------------------------------------------------------

static size_t skip_number(struct text t, size_t at)
{
	while (match_is_digit(byte_at(t, at)) || byte_at(t, at) == '.' || is_fraction(t, at))
		at += is_fraction(t, at) ? 2 : 1;
	return at;
}

static size_t any_issue_end(struct text t, size_t at)
{
	size_t p = skip_letters(t, at + (byte_at(t, at) == '-'));

	if (!match_is_digit(byte_at(t, p)) && !is_fraction(t, p))
		return at;
	p = skip_number(t, p);
	while (is_letter(byte_at(t, p)) || match_is_digit(byte_at(t, p)))
		p++;
	while (t.data[p - 1] == '.')
		p--;
	return p;
}

size_t match_any_issue(struct text t, size_t at, struct match *m)
{
	size_t end = any_issue_end(t, at);

	m->first = span(t, at, end);
	return end - at;
}

static bool is_ordinal(struct text t, size_t at)
{
	return is_at(t, at, "st") || is_at(t, at, "nd") || is_at(t, at, "rd") || is_at(t, at, "th");
}

size_t match_plain_issue(struct text t, size_t at)
{
	size_t start = at + (byte_at(t, at) == '-');
	size_t p = skip_number(t, start);
	size_t letters = 0;

	if (p == start || byte_at(t, start) == '.')
		return at;
	letters = skip_letters(t, p) - p;
	// "27AU" is an issue; "80th" and "3D" are words of a name.
	if (letters > 3 || (letters > 0 && (p - start < 2 || is_ordinal(t, p))))
		return at;
	p += letters;
	while (t.data[p - 1] == '.')
		p--;
	return match_is_word(byte_at(t, p)) ? at : p;
}

size_t match_hash_issue(struct text t, size_t at, struct match *m)
{
	size_t p = open_paren(t, at);
	size_t end = 0;

	if (byte_at(t, p) != '#')
		return 0;
	p = skip_spaces(t, p + 1);
	end = any_issue_end(t, p);
	if (end == p)
		return 0;
	m->first = span(t, p, end);
	end = match_count(t, end, &m->count);
	return close_paren(t, at, end) - at;
}

size_t match_counted_issue(struct text t, size_t at, struct match *m)
{
	size_t p = open_paren(t, at);
	size_t number = p;
	size_t end = 0;

	if (!match_starts_word(t, p))
		return 0;
	p = any_issue_end(t, number);
	end = match_count(t, p, &m->count);
	if (p == number || end == p)
		return 0;
	m->first = span(t, number, p);
	// Without parentheses "2 of 5" may be words of a name.
	if (byte_at(t, end - 1) != ')' && close_paren(t, at, end) == end)
		return 0;
	return close_paren(t, at, end) - at;
}

// 12, 12.5, 1-5
static size_t skip_range(struct text t, size_t at)
{
	size_t p = skip_digits(t, at);

	if (byte_at(t, p) == '.' && match_is_digit(byte_at(t, p + 1)))
		p = skip_digits(t, p + 1);
	if (p > at && byte_at(t, p) == '-' && match_is_digit(byte_at(t, p + 1)))
		p = skip_digits(t, p + 1);
	return p;
}

size_t match_chapter(struct text t, size_t at, struct match *m)
{
	size_t word = open_paren(t, at);
	size_t p = skip_letters(t, word);
	struct text name = span(t, word, p);
	bool is_c = text_equal_nocase(name, TEXT("c"));
	size_t number = 0;

	if (!match_starts_word(t, word) ||
	    !(is_c || text_equal_nocase(name, TEXT("ch")) ||
	      text_equal_nocase(name, TEXT("chap")) || text_equal_nocase(name, TEXT("chapter"))))
		return 0;
	if (!is_c) {
		p += byte_at(t, p) == '.';
		p = skip_spaces(t, p);
	}
	number = p;
	p = skip_range(t, p);
	if (p - number < (is_c ? 2U : 1U) || match_is_word(byte_at(t, p)))
		return 0;
	m->first = span(t, number, p);
	return close_paren(t, at, p) - at;
}

// ---- volumes --------------------------------------------------------------------------------

// "v", "vol.", "volume" and the number that follows, `at` if there is none.
static size_t volume_number(struct text t, size_t at)
{
	size_t p = skip_letters(t, at);
	struct text name = span(t, at, p);
	bool is_v = text_equal_nocase(name, TEXT("v"));

	if (!is_v && !text_equal_nocase(name, TEXT("vol")) &&
	    !text_equal_nocase(name, TEXT("volume")))
		return at;
	p += byte_at(t, p) == '.';
	if (!is_v)
		p = skip_spaces(t, p);
	return match_is_digit(byte_at(t, p)) ? p : at;
}

size_t match_volume(struct text t, size_t at, struct match *m)
{
	size_t word = open_paren(t, at);
	size_t number = volume_number(t, word);
	size_t p = skip_digits(t, number);

	if (number == word || !match_starts_word(t, word) || match_is_word(byte_at(t, p)))
		return 0;
	m->first = span(t, number, p);
	if (byte_at(t, p) == '-') {
		size_t to = p + 1 + (byte_at(t, p + 1) == 'v');
		size_t end = skip_digits(t, to);

		if (end > to && !match_is_word(byte_at(t, end)) && byte_at(t, end) != '-') {
			m->second = span(t, to, end);
			p = end;
		}
	}
	p = match_count(t, p, &m->count);
	return close_paren(t, at, p) - at;
}

size_t match_counted_volume(struct text t, size_t at, struct match *m)
{
	size_t p = skip_digits(t, at);
	size_t end = match_count(t, p, &m->count);

	if (p == at || end == p || !match_starts_word(t, at) || byte_at(t, end - 1) != ')')
		return 0;
	m->first = span(t, at, p);
	return end - at;
}

size_t match_book(struct text t, size_t at, struct match *m)
{
	size_t number = 0;
	size_t p = 0;

	if (!match_starts_word(t, at) || !is_at(t, at, "book"))
		return 0;
	number = skip_spaces(t, at + 4);
	p = skip_digits(t, number);
	if (number == at + 4 || p == number || match_is_word(byte_at(t, p)))
		return 0;
	m->first = span(t, number, p);
	return p - at;
}

// ---- dates ----------------------------------------------------------------------------------

bool match_is_year(struct text t, size_t at)
{
	return (byte_at(t, at) == '1' || byte_at(t, at) == '2') && skip_digits(t, at) == at + 4;
}

static int two_digits(struct text t, size_t at, size_t end)
{
	int value = 0;

	if (end - at < 1 || end - at > 2)
		return 0;
	for (; at < end; at++)
		value = value * 10 + (t.data[at] - '0');
	return value;
}

static bool is_month(struct text t, size_t at, size_t end)
{
	int value = two_digits(t, at, end);

	return value >= 1 && value <= 12;
}

static bool is_day(struct text t, size_t at, size_t end)
{
	int value = two_digits(t, at, end);

	return value >= 1 && value <= 31;
}

// A month's name at `at`, and a second one joined to it by "-" or "/": the end, or `at`.
static size_t month_name_end(struct text t, size_t at)
{
	size_t p = skip_letters(t, at);
	size_t next = 0;

	if (date_month(span(t, at, p)) == 0)
		return at;
	p += byte_at(t, p) == '.';
	if (byte_at(t, p) != '-')
		return p;
	next = skip_letters(t, p + 1);
	return date_month(span(t, p + 1, next)) == 0 ? p : next;
}

size_t match_month_name(struct text t, size_t at, struct match *m)
{
	size_t word = open_paren(t, at);
	size_t p = month_name_end(t, word);
	size_t digits = 0;

	if (p == word || !match_starts_word(t, word))
		return 0;
	m->second = span(t, word, skip_letters(t, word));
	digits = skip_spaces(t, p + (byte_at(t, p) == ','));
	p = skip_digits(t, digits);
	if (is_day(t, digits, p)) {
		m->third = span(t, digits, p);
		digits = skip_spaces(t, p + (byte_at(t, p) == ','));
		p = digits + 4;
	}
	if (!match_is_year(t, digits) || match_is_word(byte_at(t, p)))
		return 0;
	m->first = span(t, digits, p);
	return close_paren(t, at, p) - at;
}

size_t match_month_first(struct text t, size_t at, struct match *m)
{
	size_t month = open_paren(t, at);
	size_t p = skip_digits(t, month);
	size_t next = p + 1;

	if (!match_starts_word(t, month) || !is_month(t, month, p) || byte_at(t, p) != '-' ||
	    (month > 0 && t.data[month - 1] == '-'))
		return 0;
	m->second = span(t, month, p);
	p = skip_digits(t, next);
	if (is_day(t, next, p) && byte_at(t, p) == '-') {
		m->third = span(t, next, p);
		next = p + 1;
	}
	if (!match_is_year(t, next) || match_is_word(byte_at(t, next + 4)))
		return 0;
	m->first = span(t, next, next + 4);
	return close_paren(t, at, next + 4) - at;
}

size_t match_year_first(struct text t, size_t at, struct match *m)
{
	size_t year = open_paren(t, at);
	size_t month = year + 5;
	size_t day = 0;
	size_t p = 0;

	if (!match_starts_word(t, year) || !match_is_year(t, year) || byte_at(t, year + 4) != '-')
		return 0;
	p = skip_digits(t, month);
	if (!is_month(t, month, p) || byte_at(t, p) != '-')
		return 0;
	m->first = span(t, year, year + 4);
	m->second = span(t, month, p);
	day = p + 1;
	p = skip_digits(t, day);
	if (!is_day(t, day, p) || match_is_word(byte_at(t, p)))
		return 0;
	m->third = span(t, day, p);
	return close_paren(t, at, p) - at;
}

size_t match_paren_year(struct text t, size_t at, struct match *m)
{
	size_t year = open_paren(t, at);

	if (year == at || !match_is_year(t, year) || close_paren(t, at, year + 4) == year + 4)
		return 0;
	m->first = span(t, year, year + 4);
	return close_paren(t, at, year + 4) - at;
}

size_t match_c2c(struct text t, size_t at, struct match *m)
{
	if (!match_starts_word(t, at) || !is_at(t, at, "c2c") || match_is_word(byte_at(t, at + 3)))
		return 0;
	m->first = span(t, at, at + 3);
	return 3;
}
