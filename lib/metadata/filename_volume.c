// SPDX-License-Identifier: MIT
// filename_volume.c: chapters and volumes in file names; see filename_match.h.

#include "metadata/filename_match.h"
#include "metadata/filename_scan.h"

// ---- numbers --------------------------------------------------------------------------------

static const char *const roman[] = { "I",   "II",   "III", "IV", "V",	"VI",
				     "VII", "VIII", "IX",  "X",	 "XI",	"XII" };
static const char *const words[] = { "one",   "two",   "three", "four", "five",	  "six",
				     "seven", "eight", "nine",	"ten",	"eleven", "twelve" };

struct text match_as_digits(struct text t)
{
	static const char *const digits[] = { "1", "2", "3", "4",  "5",	 "6",
					      "7", "8", "9", "10", "11", "12" };

	if (t.len == 0 || t.len > strlen("eleven") || !scan_is_letter(t.data[0]))
		return t;
	for (size_t i = 0; i < COMIC_COUNT(digits); i++) {
		if (text_is(t, roman[i]) || text_equal_nocase(t, text_from(words[i])))
			return text_from(digits[i]);
	}
	return t;
}

// The end of a number of a volume: 3, 1.5, IV, Two; `at` if it is none.
static size_t volume_number_end(struct text t, size_t at)
{
	size_t p = scan_digits(t, at);

	if (p == at) {
		p = scan_letters(t, at);
		return match_as_digits(scan_span(t, at, p)).data == t.data + at ? at : p;
	}
	if (scan_byte(t, p) == '.' && scan_is_digit(scan_byte(t, p + 1)) &&
	    scan_digits(t, p + 1) - p <= 3)
		p = scan_digits(t, p + 1);
	return p;
}

// ---- chapters -------------------------------------------------------------------------------

// 12, 12.5
static size_t skip_decimal(struct text t, size_t at)
{
	size_t p = scan_digits(t, at);

	if (p > at && scan_byte(t, p) == '.' && scan_digit(t, p + 1) > 0)
		p = scan_digits(t, p + 1);
	return p;
}

// 12, 12.5, 1-5, and 1-c5
static size_t skip_range(struct text t, size_t at)
{
	size_t p = skip_decimal(t, at);
	size_t to = p + 1 + (scan_byte(t, p + 1) == 'c');

	if (p == at || scan_byte(t, p) != '-' || scan_digit(t, to) == 0)
		return p;
	return skip_decimal(t, to);
}

// Over the "a" of 12a, the "x1" of 1-5x1 (extras).
static size_t skip_extra(struct text t, size_t at)
{
	size_t p = at + 1;

	if (!scan_is_letter(scan_byte(t, at)))
		return at;
	if (scan_byte(t, at) == 'x')
		p = scan_digits(t, p);
	return scan_is_word_at(t, p) ? at : p;
}

// "c012", "Ch. 20", "Chapters 1-5" at `at`, whatever stands before. The end, or `at`.
static size_t chapter_end(struct text t, size_t at, struct match *m)
{
	static const char *const names[] = { "ch", "chap", "chapter", "chapters" };
	size_t p = scan_letters(t, at);
	struct text name = scan_span(t, at, p);
	bool is_c = text_equal_nocase(name, TEXT("c"));
	bool known = is_c;
	size_t number = 0;

	for (size_t i = 0; !known && i < COMIC_COUNT(names); i++)
		known = text_equal_nocase(name, text_from(names[i]));
	if (!known)
		return at;
	if (!is_c)
		p = scan_spaces(t, p + (scan_byte(t, p) == '.'));
	number = p;
	p = skip_range(t, p);
	if (p - number < (is_c ? 2U : 1U))
		return at;
	p = skip_extra(t, p);
	m->first = scan_span(t, number, p);
	if (scan_byte(t, p) == 'v') { // a volume, c012v02, or the second version, c012v2
		number = p + 1;
		p = scan_digits(t, number);
		if (scan_byte(t, number) == '0')
			m->second = scan_span(t, number, p);
	}
	return scan_is_word_at(t, p) ? at : p;
}

// "第12話", "12話": digits and one of the counters. The end, or `at`.
static size_t counter_end(struct text t, size_t at, const char *const *counters, struct match *m)
{
	size_t number = scan_word(t, at, "\xE7\xAC\xAC");
	size_t p = skip_range(t, number);

	for (; p > number && (uint8_t)scan_byte(t, p) >= 0x80 && *counters != NULL; counters++) {
		size_t end = scan_word(t, p, *counters);

		if (end == p)
			continue;
		m->first = scan_span(t, number, p);
		return end;
	}
	return at;
}

// "Глава 3": one of the words and digits behind it. The end, or `at`.
static size_t wide_word_end(struct text t, size_t at, const char *const *names, struct match *m)
{
	for (; scan_starts_word(t, at) && *names != NULL; names++) {
		size_t word = scan_word(t, at, *names);
		size_t number = scan_spaces(t, word);
		size_t p = skip_range(t, number);

		if (word == at || p == number)
			continue;
		m->first = scan_span(t, number, p);
		return p;
	}
	return at;
}

static size_t match_chapter(struct text t, size_t at, struct match *m)
{
	static const char *const counters[] = {
		"\xE8\xA9\xB1", "\xE8\xAF\x9D", "\xE5\x9B\x9E", "\xE7\xAB\xA0", // 話 话 回 章
		"\xED\x99\x94", NULL, // 화
	};
	static const char *const names[] = {
		"\xD0\x93\xD0\xBB\xD0\xB0\xD0\xB2\xD0\xB0", // Глава
		"\xD0\xB3\xD0\xBB\xD0\xB0\xD0\xB2\xD0\xB0", NULL, // глава
	};
	size_t word = scan_open(t, at);
	size_t p = word;

	if (word > 0 && scan_open(t, 0) == word && scan_word(t, word, "c") != word)
		return 0; // "(C90) Foo": where it was sold
	if (scan_starts_word(t, word))
		p = chapter_end(t, word, m);
	if (p == word)
		p = counter_end(t, word, counters, m);
	if (p == word)
		p = wide_word_end(t, word, names, m);
	return p == word ? 0 : scan_close(t, at, p) - at;
}

const struct pattern pattern_chapter = { match_chapter, FIRST('c') | FIRST_DIGIT | FIRST_OTHER, 0 };

// ---- volumes --------------------------------------------------------------------------------

// Over "v", "vol.", "tome" to the number that follows, and its end; `at` if there is none.
static size_t volume_number(struct text t, size_t at, size_t *end)
{
	static const char *const names[] = { "vol",  "vols", "volume", "volumes", "tome",
					     "tomo", "band", "bd" };
	size_t p = scan_letters(t, at);
	struct text name = scan_span(t, at, p);
	size_t number = p + (scan_byte(t, p) == '.');

	if (text_equal_nocase(name, TEXT("v"))) {
		*end = scan_is_digit(scan_byte(t, number)) ? volume_number_end(t, number) : at;
		return *end == at ? at : number;
	}
	number = scan_spaces(t, number);
	for (size_t i = 0; i < COMIC_COUNT(names); i++) {
		if (!text_equal_nocase(name, text_from(names[i])))
			continue;
		*end = volume_number_end(t, number);
		return *end == number ? at : number;
	}
	return at;
}

// "T01", "T1" of French albums, behind a series.
static size_t tome_end(struct text t, size_t at)
{
	size_t p = scan_digits(t, at + 1);
	size_t len = p - at - 1;

	if (at == 0 || len < 1 || len > 3 || scan_is_word_at(t, p) ||
	    (scan_byte(t, at) != 'T' && (scan_byte(t, at) != 't' || t.data[at + 1] != '0')) ||
	    (len == 3 && t.data[at + 1] != '0'))
		return at;
	return p;
}

// The end of "-03", "-v03" behind the number of a volume, which is m->first; `at` if the number
// behind it is an issue, as in "V1-067".
static size_t volume_range(struct text t, size_t at, struct match *m)
{
	size_t dash = scan_spaces(t, at);
	size_t to = dash + scan_dash(t, dash);
	size_t end = 0;

	if (to == dash + 3) // "1 – 32"; with spaces a hyphen may also stand before an issue
		to = scan_spaces(t, to);
	else if (to == dash || dash > at)
		return at;
	to += scan_byte(t, to) == 'v' || scan_byte(t, to) == 'V';
	end = scan_digits(t, to);
	if (end == to || scan_is_word_at(t, end) ||
	    scan_byte(t, end) == '-')
		return at;
	if ((t.data[to] == '0' && end - to != m->first.len) ||
	    match_number_value(scan_span(t, to, end)) <= match_number_value(m->first))
		return at;
	m->second = scan_span(t, to, end);
	return end;
}

// The "01-10" of "第01-10巻" into its two numbers.
static void split_range(struct match *m)
{
	const char *dash = memchr(m->first.data, '-', m->first.len);
	size_t at = dash == NULL ? m->first.len : (size_t)(dash - m->first.data);

	if (dash != NULL)
		m->second = scan_span(m->first, at + 1, m->first.len);
	m->first.len = at;
}

static size_t match_volume(struct text t, size_t at, struct match *m)
{
	static const char *const counters[] = {
		"\xE5\xB7\xBB", "\xE5\x8D\xB7", "\xE5\x86\x8C", "\xE5\x86\x8A", // 巻 卷 册 冊
		"\xEA\xB6\x8C", NULL, // 권
	};
	static const char *const names[] = {
		"\xD0\xA2\xD0\xBE\xD0\xBC", "\xD1\x82\xD0\xBE\xD0\xBC", // Том том
		"\xE0\xB9\x80\xE0\xB8\xA5\xE0\xB9\x88\xE0\xB8\xA1", NULL, // เล่ม
	};
	size_t word = scan_open(t, at);
	size_t p = word;
	size_t number = word;

	if (scan_starts_word(t, word)) {
		number = volume_number(t, word, &p);
		if (number == word) {
			p = tome_end(t, word);
			number = word + (p > word);
		}
	}
	if (number > word && (!scan_is_word_at(t, p) || scan_dash(t, p) > 0)) {
		m->first = scan_span(t, number, p);
		p = match_count(t, volume_range(t, p, m), &m->count);
	} else {
		p = counter_end(t, word, counters, m);
		if (p == word)
			p = wide_word_end(t, word, names, m);
		if (p > word)
			split_range(m);
	}
	return p == word ? 0 : scan_close(t, at, p) - at;
}

const struct pattern pattern_volume = {
	match_volume, FIRST('v') | FIRST('t') | FIRST('b') | FIRST_DIGIT | FIRST_OTHER, 0
};

static size_t match_volume_chapter(struct text t, size_t at, struct match *m)
{
	size_t word = scan_open(t, at);
	size_t end = word;
	size_t number = volume_number(t, word, &end);
	size_t p = 0;

	if (number == word || !scan_starts_word(t, word) || scan_digit(t, number) == 0)
		return 0;
	m->second = scan_span(t, number, end);
	p = chapter_end(t, end, m);
	if (p == end && (scan_byte(t, end) | 0x20) == 'n') { // v01n02
		p = scan_digits(t, end + 1);
		m->first = scan_span(t, end + 1, p);
		p = p > end + 1 && !scan_is_word_at(t, p) ? p : end;
	}
	return p == end ? 0 : scan_close(t, at, p) - at;
}

const struct pattern pattern_volume_chapter = { match_volume_chapter, FIRST('v'), 0 };

static size_t match_counted_volume(struct text t, size_t at, struct match *m)
{
	size_t p = scan_digits(t, at);
	size_t end = match_count(t, p, &m->count);

	if (p == at || end == p || !scan_starts_word(t, at) || t.data[end - 1] != ')')
		return 0;
	m->first = scan_span(t, at, p);
	return end - at;
}

const struct pattern pattern_counted_volume = { match_counted_volume, FIRST_DIGIT, FIRST('o') };

static size_t match_book(struct text t, size_t at, struct match *m)
{
	size_t word = scan_word(t, at, "book");
	size_t number = scan_spaces(t, word);
	size_t p = volume_number_end(t, number);

	// "Book I" may go on: "Book I Read".
	if (word == at || number == word || p == number || !scan_starts_word(t, at) ||
	    scan_is_word_at(t, p) || text_is(scan_span(t, number, p), "I"))
		return 0;
	m->first = scan_span(t, number, p);
	return p - at;
}

const struct pattern pattern_book = { match_book, FIRST('b'), 0 };
