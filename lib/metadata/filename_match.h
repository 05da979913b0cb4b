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
	struct text second; // the last volume of a range, month
	struct text third; // day
	struct text count; // of N
};

typedef size_t matcher(struct text t, size_t at, struct match *m);

matcher match_hash_issue; // #1, (#02), #1 (of 5)
matcher match_counted_issue; // 1 (of 5), (1 of 5)
matcher match_chapter; // c012, Ch. 20, Chapter 3
matcher match_volume; // v1, Vol. 2, volume 3 (of 5), v01-03
matcher match_counted_volume; // 03 (of 06)
matcher match_month_name; // May 2020, Sep-Oct 1951, May 5, 2020
matcher match_month_first; // 02-24-2001, 02-2001
matcher match_year_first; // 2001-02-24
matcher match_paren_year; // (2001)
matcher match_book; // Book 3: first is the number
matcher match_c2c; // the word alone
matcher match_any_issue; // the widest: B01, 78.BEY, -1, ½ at the start of t

bool match_is_digit(char c);
bool match_is_word(char c); // a letter, a digit, or part of a character beyond ASCII
// True where a word begins: not inside letters or digits.
bool match_starts_word(struct text t, size_t at);
// "2001" at `at`: four digits, the first 1 or 2, no digit after.
bool match_is_year(struct text t, size_t at);
// The end of a number as step 9 wants it: 4, 001, 8.54, 27AU, ½, 001½; `at` if it is none.
size_t match_plain_issue(struct text t, size_t at);

#endif
