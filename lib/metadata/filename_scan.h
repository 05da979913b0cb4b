// SPDX-License-Identifier: MIT
// filename_scan.h: small steps over a file name, shared by its matchers.
//
// A place beyond the end reads as "/", which no pattern holds. A skip gives the place after
// what it skips, or the one it was given.
#ifndef COMIC_FILENAME_SCAN_H
#define COMIC_FILENAME_SCAN_H

#include "base/text.h"

#include <string.h>

static inline char scan_byte(struct text t, size_t at)
{
	return at < t.len ? t.data[at] : '/';
}

static inline bool scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool scan_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// A letter, a digit, or part of a character beyond ASCII.
static inline bool scan_is_word(char c)
{
	return scan_is_digit(c) || scan_is_letter(c) || (uint8_t)c >= 0x80;
}

// U+2000 to U+207F at `at`: dashes, quotes and other marks, three bytes each.
static inline bool scan_is_punctuation(struct text t, size_t at)
{
	return scan_byte(t, at) == '\xE2' &&
	       (scan_byte(t, at + 1) == '\x80' || scan_byte(t, at + 1) == '\x81');
}

static inline bool scan_is_word_at(struct text t, size_t at)
{
	return scan_is_word(scan_byte(t, at)) && !scan_is_punctuation(t, at);
}

// True where a word begins: not inside letters or digits.
static inline bool scan_starts_word(struct text t, size_t at)
{
	return at == 0 || !scan_is_word(t.data[at - 1]) ||
	       (at >= 3 && scan_is_punctuation(t, at - 3));
}

static inline size_t scan_spaces(struct text t, size_t at)
{
	while (scan_byte(t, at) == ' ')
		at++;
	return at;
}

static inline size_t scan_letters(struct text t, size_t at)
{
	while (scan_is_letter(scan_byte(t, at)))
		at++;
	return at;
}

// The bytes of a digit: 1, or 3 for a fullwidth one (U+FF10 to U+FF19), else 0.
static inline size_t scan_digit(struct text t, size_t at)
{
	char c = scan_byte(t, at);

	if (c != '\xEF')
		return scan_is_digit(c);
	if (scan_byte(t, at + 1) != '\xBC' || (uint8_t)scan_byte(t, at + 2) < 0x90 ||
	    (uint8_t)scan_byte(t, at + 2) > 0x99)
		return 0;
	return 3;
}

static inline size_t scan_digits(struct text t, size_t at)
{
	for (size_t used = scan_digit(t, at); used > 0; used = scan_digit(t, at))
		at += used;
	return at;
}

static inline struct text scan_span(struct text t, size_t from, size_t to)
{
	return (struct text){ t.data + from, to - from };
}

// The place after a word that stands at `at`, in any case of ASCII.
static inline size_t scan_word(struct text t, size_t at, const char *word)
{
	size_t len = 0;

	if ((scan_byte(t, at) | 0x20) != (word[0] | 0x20)) // most words end here
		return at;
	len = strlen(word);
	if (t.len - at < len ||
	    !text_equal_nocase(scan_span(t, at, at + len), (struct text){ word, len }))
		return at;
	return at + len;
}

// Over "(" and the spaces behind it.
static inline size_t scan_open(struct text t, size_t at)
{
	return scan_byte(t, at) == '(' ? scan_spaces(t, at + 1) : at;
}

// Over the ")" of a parenthesis that opened at `start`, if the pattern reaches to its end.
static inline size_t scan_close(struct text t, size_t start, size_t at)
{
	size_t end = scan_spaces(t, at);

	return scan_byte(t, start) == '(' && scan_byte(t, end) == ')' ? end + 1 : at;
}

// The bytes of a dash: 1, or 3 for U+2010 to U+2015, else 0.
static inline size_t scan_dash(struct text t, size_t at)
{
	if (scan_byte(t, at) != '\xE2')
		return scan_byte(t, at) == '-';
	return scan_byte(t, at + 1) == '\x80' && (uint8_t)scan_byte(t, at + 2) >= 0x90 &&
			       (uint8_t)scan_byte(t, at + 2) <= 0x95 ?
		       3 :
		       0;
}

#endif
