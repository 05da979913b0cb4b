// SPDX-License-Identifier: MIT
// filename_match.c: issues and what other patterns share; see filename_match.h.

#include "metadata/filename_match.h"

#include "metadata/filename_scan.h"

#define LAST_LETTERS 3 // of an issue without "#": 27AU

uint8_t match_kind(struct text t, size_t at)
{
	char c = scan_byte(t, scan_open(t, at));

	if (scan_is_letter(c))
		return (uint8_t)((c | 0x20) - 'a');
	if (scan_is_digit(c))
		return MATCH_DIGIT;
	if ((uint8_t)c >= 0x80)
		return MATCH_WIDE;
	return c == '#' ? MATCH_HASH : c == '-' ? MATCH_MINUS : MATCH_NOTHING;
}

size_t match_count(struct text t, size_t at, struct text *count)
{
	size_t start = scan_spaces(t, at);
	size_t p = scan_open(t, start);
	size_t of = scan_word(t, p, "of");
	size_t digits = scan_spaces(t, of);
	size_t end = scan_digits(t, digits);

	if (of == p || end == digits ||
	    (!scan_starts_word(t, p) && !scan_is_digit(t.data[p - 1])))
		return at;
	*count = scan_span(t, digits, end);
	return scan_close(t, start, end);
}

// ---- numbers --------------------------------------------------------------------------------

// ¼ ½ ¾
static bool is_fraction(struct text t, size_t at)
{
	return scan_byte(t, at) == '\xC2' && scan_byte(t, at + 1) >= '\xBC' &&
	       scan_byte(t, at + 1) <= '\xBE';
}

static size_t skip_number(struct text t, size_t at)
{
	size_t used = 0;

	do {
		at += used;
		used = is_fraction(t, at) ? 2 : scan_byte(t, at) == '.' ? 1 : scan_digit(t, at);
	} while (used > 0);
	return at;
}

unsigned int match_number_value(struct text t)
{
	unsigned int value = 0;

	for (size_t i = 0; i < t.len && i < 9 && scan_is_digit(t.data[i]); i++)
		value = value * 10 + (unsigned int)(t.data[i] - '0');
	return value;
}

// The place of the 3 of "1-3", "1-#3" and "1 - 3", from the place behind the 1; `at` if none.
static size_t range_to(struct text t, size_t at)
{
	size_t dash = scan_spaces(t, at);
	size_t to = dash + scan_dash(t, dash);

	if (to == dash || (scan_byte(t, to) == ' ') != (dash > at))
		return at;
	to = scan_spaces(t, to);
	to += scan_byte(t, to) == '#';
	return scan_is_digit(scan_byte(t, to)) ? to : at;
}

// The end of a range whose first number is at `from` and ends at `at`; `at` unless the second
// counts on. With spaces nothing but a parenthesis may follow.
static size_t range_end(struct text t, size_t from, size_t at)
{
	size_t to = range_to(t, at);
	size_t end = to;
	size_t next = 0;

	if (to == at || scan_digits(t, from) != at || match_is_likely_year(t, from))
		return at;
	while (scan_is_digit(scan_byte(t, end)))
		end++;
	next = scan_spaces(t, end);
	if (scan_is_word_at(t, end) || scan_dash(t, end) > 0 || end - to > 4 ||
	    at - from > end - to ||
	    (scan_byte(t, at) == ' ' && next < t.len && t.data[next] != '('))
		return at;
	return match_number_value(scan_span(t, from, at)) <
			       match_number_value(scan_span(t, to, end)) ?
		       end :
		       at;
}

// The widest: 1, 1-3, B01, 78.BEY, -1, ½
static size_t any_issue_end(struct text t, size_t at)
{
	size_t start = at + (scan_byte(t, at) == '-');
	size_t p = scan_letters(t, start);

	if (scan_digit(t, p) == 0 && !is_fraction(t, p))
		return at;
	p = skip_number(t, p);
	if (scan_word(t, p, "of") != p && scan_is_digit(scan_byte(t, p + 2))) // #1of5
		return p;
	while (scan_is_letter(scan_byte(t, p)) || scan_is_digit(scan_byte(t, p)))
		p++;
	while (t.data[p - 1] == '.')
		p--;
	return range_end(t, start, p);
}

static bool is_ordinal(struct text t, size_t at)
{
	return scan_word(t, at, "st") != at || scan_word(t, at, "nd") != at ||
	       scan_word(t, at, "rd") != at || scan_word(t, at, "th") != at;
}

size_t match_plain_issue(struct text t, size_t at)
{
	size_t start = at + (scan_byte(t, at) == '-');
	size_t p = skip_number(t, start);
	size_t letters = 0;

	if (p == start || scan_byte(t, start) == '.')
		return at;
	letters = scan_letters(t, p) - p;
	// "27AU" is an issue; "80th" and "3D" are words of a name.
	if (letters > LAST_LETTERS || (letters > 0 && (p - start < 2 || is_ordinal(t, p))))
		return at;
	p += letters;
	while (t.data[p - 1] == '.')
		p--;
	p = range_end(t, start, p);
	return scan_is_word_at(t, p) ? at : p;
}

bool match_ends_with(struct text t, const char *word)
{
	struct text trimmed = text_trim(t);
	size_t len = strlen(word);

	return text_ends_nocase(trimmed, word) && scan_starts_word(trimmed, trimmed.len - len);
}

bool match_follows_part(struct text before)
{
	return match_ends_with(before, "part") || match_ends_with(before, "pt.") ||
	       match_ends_with(before, "pt");
}

// ---- issues ---------------------------------------------------------------------------------

// Over "issue ", "No. ", "n°": words that say that a number is one of an issue.
static size_t issue_word_end(struct text t, size_t at)
{
	static const struct {
		const char *word;
		bool with_mark; // words of a name without one, and at its start: "No. 6"
	} marks[] = {
		{ "issue", false },   { "issues", false },	{ "no", true },
		{ "nr", false },      { "n", true },		{ "num", false },
		{ "n\xC3\xBAm", false }, { "numero", false },	{ "n\xC3\xBAmero", false },
		{ "num\xC3\xA9ro", false }, { "heft", false },	{ "ausgabe", false },
		{ "prog", false },    { "\xE2\x84\x96", false }, // U+2116, the sign for No.
	};

	for (size_t i = 0; scan_starts_word(t, at) && i < COMIC_COUNT(marks); i++) {
		size_t word = scan_word(t, at, marks[i].word);
		size_t p = word;

		if (word == at)
			continue;
		if (scan_byte(t, p) == '.')
			p++;
		else if (scan_word(t, p, "\xC2\xB0") != p || scan_word(t, p, "\xC2\xBA") != p)
			p += 2; // n°, nº
		if (!scan_is_word_at(t, p) || scan_digit(t, p) > 0) {
			if (!marks[i].with_mark || (p > word && at > 0))
				return scan_spaces(t, p);
		}
	}
	return at;
}

// "#Omega", "#X", "#∞": one word and nothing behind it but a parenthesis.
static size_t named_issue_end(struct text t, size_t at)
{
	size_t p = at;
	size_t next = 0;

	while (scan_is_word_at(t, p))
		p++;
	next = scan_spaces(t, p);
	return next == t.len || scan_byte(t, next) == '(' || scan_byte(t, next) == ')' ? p : at;
}

static size_t match_hash_issue(struct text t, size_t at, struct match *m)
{
	size_t p = issue_word_end(t, scan_open(t, at));
	size_t end = 0;

	if (scan_byte(t, p) != '#')
		return 0;
	p = scan_spaces(t, p + 1);
	end = any_issue_end(t, p);
	if (end == p)
		end = named_issue_end(t, p);
	if (end == p)
		return 0;
	m->first = scan_span(t, p, end);
	end = match_count(t, end, &m->count);
	return scan_close(t, at, end) - at;
}

#define ISSUE_WORDS (FIRST('a') | FIRST('h') | FIRST('i') | FIRST('n') | FIRST('p'))

const struct pattern pattern_hash_issue = { match_hash_issue, FIRST_HASH | ISSUE_WORDS,
					    FIRST_HASH };

static size_t match_word_issue(struct text t, size_t at, struct match *m)
{
	size_t word = scan_open(t, at);
	size_t p = issue_word_end(t, word);
	size_t end = any_issue_end(t, p);

	if (p == word || end == p || scan_digit(t, p) == 0)
		return 0;
	m->first = scan_span(t, p, end);
	end = match_count(t, end, &m->count);
	return scan_close(t, at, end) - at;
}

const struct pattern pattern_word_issue = { match_word_issue, ISSUE_WORDS | FIRST_OTHER, 0 };

// Without parentheses "2 of 5" may be words of a name, and is a part of a story.
static bool is_bare_count(struct text t, size_t number, size_t end)
{
	size_t next = scan_spaces(t, end);

	return number > 0 && scan_digit(t, number) > 0 &&
	       !match_follows_part(scan_span(t, 0, number)) &&
	       (next == t.len || t.data[next] == '(' || t.data[next] == '/');
}

static size_t match_counted_issue(struct text t, size_t at, struct match *m)
{
	size_t number = scan_open(t, at);
	size_t p = any_issue_end(t, number);
	size_t end = match_count(t, p, &m->count);
	size_t close = scan_close(t, at, end);

	if (p == number || end == p || !scan_starts_word(t, number) ||
	    (t.data[end - 1] != ')' && close == end && !is_bare_count(t, number, end)))
		return 0;
	m->first = scan_span(t, number, p);
	return close - at;
}

const struct pattern pattern_counted_issue = { match_counted_issue, UINT32_MAX, FIRST('o') };

static size_t match_c2c(struct text t, size_t at, struct match *m)
{
	size_t end = scan_word(t, at, "c2c");

	if (end == at || !scan_starts_word(t, at) || scan_is_word_at(t, end))
		return 0;
	m->first = scan_span(t, at, end);
	return end - at;
}

const struct pattern pattern_c2c = { match_c2c, FIRST('c'), 0 };
