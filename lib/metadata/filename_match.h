// SPDX-License-Identifier: MIT
// filename_match.h: the patterns that mean something in a comic's file name.
//
// A matcher looks at one place of the working text and says how long its match is there, 0 for
// none. The working text has the length of the cleaned name; what steps have used up is "/" in
// it, so every place is a place in the name too.
#ifndef COMIC_FILENAME_MATCH_H
#define COMIC_FILENAME_MATCH_H

#include "base/text.h"

struct match { // which part means what; a len of 0 is not there
	struct text first; // issue, volume, year
	struct text second; // the last volume of a range, the volume of a chapter, month
	struct text third; // day
	struct text count; // of N
};

typedef size_t matcher(struct text t, size_t at, struct match *m);

// What a pattern begins with, behind an opening parenthesis: a letter in any case of ASCII, from
// 0 on, or one of these. It spares most places most matchers.
enum match_kind { MATCH_DIGIT = 26, MATCH_HASH, MATCH_MINUS, MATCH_WIDE, MATCH_NOTHING };

#define FIRST(letter) (1U << ((letter) - 'a'))
#define FIRST_DIGIT (1U << MATCH_DIGIT)
#define FIRST_HASH (1U << MATCH_HASH)
#define FIRST_MINUS (1U << MATCH_MINUS)
#define FIRST_OTHER (1U << MATCH_WIDE) // beyond ASCII

struct pattern {
	matcher *match;
	uint32_t firsts; // it begins with one of these (1 << kind),
	uint32_t needs; // and the name must have all of these somewhere
};

extern const struct pattern pattern_hash_issue; // #1, (#02), #1 (of 5), #1-3, issue #1, #X
extern const struct pattern pattern_word_issue; // Issue 1, No. 1, Nr. 1, n°1, Heft 1
extern const struct pattern pattern_counted_issue; // 1 (of 5), (1 of 5)
extern const struct pattern pattern_volume_chapter; // v01c012
extern const struct pattern pattern_chapter; // c012, Ch. 20, Chapter 3-5, 第12話
extern const struct pattern pattern_volume; // v1, Vol. 2, volume 3 (of 5), v01-03, Tome IV, 第1巻
extern const struct pattern pattern_counted_volume; // 03 (of 06)
extern const struct pattern pattern_book; // Book 3, Book Three
extern const struct pattern pattern_c2c; // the word alone
extern const struct pattern pattern_month_name; // May 2020, Sep-Oct 1951, May 5, 2020
extern const struct pattern pattern_numeric_date; // 02-24-2001, 02-2001, 2001-02-24, 24.2.2001

// A letter less 'a', or an enum match_kind.
uint8_t match_kind(struct text t, size_t at);
// (2001), (2001-), (2001-2004): first is the year, at "(".
size_t match_paren_year(struct text t, size_t at, struct match *m);
// "2001" at `at`: four digits, the first 1 or 2, no digit after.
bool match_is_year(struct text t, size_t at);
// A year that a comic may have come out in: others are part of a name, like "2099".
bool match_is_likely_year(struct text t, size_t at);
// The end of a number as step 9 wants it: 4, 001, 8.54, 27AU, ½, 001½, 1-3; `at` if it is none.
size_t match_plain_issue(struct text t, size_t at);
// The end of " (of 5)", " of 5", "of5" behind a number, which is *count; `at` if there is none.
size_t match_count(struct text t, size_t at, struct text *count);
// The value of the first digits, 9 at most.
unsigned int match_number_value(struct text t);
// True if a text ends with a whole word, in any case of ASCII; spaces behind it do not count.
bool match_ends_with(struct text t, const char *word);
// True before the 2 of "Part 2".
bool match_follows_part(struct text before);
// A number in words or Roman, "Two" or "IV", as digits; any other text as it is.
struct text match_as_digits(struct text t);

#endif
