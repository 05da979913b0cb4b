// SPDX-License-Identifier: MIT
// filename_date.c: dates in file names; see filename_match.h.

#include "metadata/date.h"
#include "metadata/filename_match.h"
#include "metadata/filename_scan.h"

bool match_is_year(struct text t, size_t at)
{
	char first = scan_byte(t, at);

	return (first == '1' || first == '2') && scan_is_digit(scan_byte(t, at + 1)) &&
	       scan_is_digit(scan_byte(t, at + 2)) && scan_is_digit(scan_byte(t, at + 3)) &&
	       !scan_is_digit(scan_byte(t, at + 4));
}

bool match_is_likely_year(struct text t, size_t at)
{
	return match_is_year(t, at) &&
	       (memcmp(t.data + at, "19", 2) == 0 ||
		(memcmp(t.data + at, "20", 2) == 0 && t.data[at + 2] < '4'));
}

// The value of one or two digits, 0 for any other text.
static int two_digits(struct text t)
{
	int value = 0;

	for (size_t i = 0; i < t.len && t.len <= 2; i++) {
		if (!scan_is_digit(t.data[i]))
			return 0;
		value = value * 10 + (t.data[i] - '0');
	}
	return value;
}

static bool is_month(struct text t)
{
	return two_digits(t) >= 1 && two_digits(t) <= 12;
}

static bool is_day(struct text t)
{
	return two_digits(t) >= 1 && two_digits(t) <= 31;
}

static bool is_year(struct text t)
{
	return t.len == 4 && match_is_year(t, 0);
}

// ---- with the name of a month ---------------------------------------------------------------

// A month's name at `at`, and a second one joined to it by "-": the end, or `at`.
static size_t month_name_end(struct text t, size_t at)
{
	size_t p = scan_letters(t, at);
	size_t next = p;

	// A number or another month must follow, which spares most words a look into the table.
	while (scan_byte(t, next) == '.' || scan_byte(t, next) == ',' || scan_byte(t, next) == ' ')
		next++;
	if ((!scan_is_digit(scan_byte(t, next)) && scan_byte(t, next) != '-') ||
	    date_month(scan_span(t, at, p)) == 0)
		return at;
	p += scan_byte(t, p) == '.';
	if (scan_byte(t, p) != '-')
		return p;
	next = scan_letters(t, p + 1);
	return date_month(scan_span(t, p + 1, next)) == 0 ? p : next;
}

static size_t skip_comma(struct text t, size_t at)
{
	return scan_spaces(t, at + (scan_byte(t, at) == ','));
}

static size_t match_month_name(struct text t, size_t at, struct match *m)
{
	size_t start = scan_open(t, at);
	size_t word = start;
	size_t p = scan_digits(t, word);
	size_t year = 0;

	if (p > word && start > at) { // (5 May 2020); without parentheses the 5 is an issue
		m->third = scan_span(t, word, p);
		word = scan_spaces(t, p);
		if (!is_day(m->third) || word == p)
			return 0;
	}
	p = month_name_end(t, word);
	if (p == word || !scan_starts_word(t, start))
		return 0;
	m->second = scan_span(t, word, scan_letters(t, word));
	year = skip_comma(t, p);
	p = scan_digits(t, year);
	if (m->third.len == 0 && is_day(scan_span(t, year, p))) { // May 5, 2020
		m->third = scan_span(t, year, p);
		year = skip_comma(t, p);
	}
	if (!match_is_year(t, year) || scan_is_word_at(t, year + 4))
		return 0;
	m->first = scan_span(t, year, year + 4);
	return scan_close(t, at, year + 4) - at;
}

const struct pattern pattern_month_name = {
	match_month_name,
	FIRST('j') | FIRST('f') | FIRST('m') | FIRST('a') | FIRST('s') | FIRST('o') | FIRST('n') |
		FIRST('d') | FIRST_DIGIT,
	FIRST_DIGIT,
};

// ---- in numbers -----------------------------------------------------------------------------

// 2001-02-24, 02-24-2001, and the day first where it must be, or where points divide.
static bool put_three(const struct text *part, bool points, struct match *m)
{
	bool day_first = points || !is_month(part[0]);

	if (is_year(part[0]))
		*m = (struct match){ .first = part[0], .second = part[1], .third = part[2] };
	else if (day_first)
		*m = (struct match){ .first = part[2], .second = part[1], .third = part[0] };
	else
		*m = (struct match){ .first = part[2], .second = part[0], .third = part[1] };
	return is_year(m->first) && is_month(m->second) && is_day(m->third);
}

// 02-2001 and 2001-02; in parentheses or at the start of the name, `sure`, also 1002-3.
static bool put_two(const struct text *part, bool sure, struct match *m)
{
	bool year_first = is_year(part[0]);

	*m = (struct match){ .first = part[!year_first], .second = part[year_first] };
	return is_year(m->first) && is_month(m->second) &&
	       (sure || !year_first || (match_is_likely_year(part[0], 0) && part[1].len == 2));
}

static size_t match_numeric_date(struct text t, size_t at, struct match *m)
{
	size_t start = scan_open(t, at);
	size_t p = scan_digits(t, start);
	char sep = scan_byte(t, p);
	struct text part[3] = { scan_span(t, start, p) };
	size_t parts = 1;
	size_t end = 0;
	bool found = false;

	if (p == start || (sep != '-' && sep != '.') || !scan_starts_word(t, start) ||
	    (start > 0 && (t.data[start - 1] == '-' || t.data[start - 1] == '.')))
		return 0;
	while (parts < 3 && scan_byte(t, p) == sep && scan_digit(t, p + 1) > 0) {
		end = scan_digits(t, p + 1);
		part[parts++] = scan_span(t, p + 1, end);
		p = end;
	}
	end = scan_close(t, at, p);
	if (scan_is_word_at(t, p) || (scan_byte(t, p) == sep && scan_digit(t, p + 1) > 0))
		return 0;
	if (parts == 3)
		found = put_three(part, sep == '.', m);
	else if (parts == 2)
		found = (sep == '-' || end > p) && put_two(part, end > p || start == 0, m);
	return found ? end - at : 0;
}

const struct pattern pattern_numeric_date = { match_numeric_date, FIRST_DIGIT, 0 };

// ---- a year ---------------------------------------------------------------------------------

// Over "-", "-2004", "-04", " - 2004", " series" behind the first year of a series.
static size_t skip_last_year(struct text t, size_t at)
{
	size_t dash = scan_spaces(t, at);
	size_t used = scan_dash(t, dash);
	size_t last = scan_spaces(t, dash + used);
	size_t end = scan_digits(t, last);

	if (used == 0)
		return scan_word(t, dash, "series") != dash ? dash + strlen("series") : at;
	return end == last || end - last == 2 || match_is_year(t, last) ? end : at;
}

size_t match_paren_year(struct text t, size_t at, struct match *m)
{
	size_t year = scan_open(t, at);
	size_t end = 0;

	if (year == at || !match_is_year(t, year))
		return 0;
	end = skip_last_year(t, year + 4);
	m->first = scan_span(t, year, year + 4);
	return scan_close(t, at, end) == end ? 0 : scan_close(t, at, end) - at;
}
