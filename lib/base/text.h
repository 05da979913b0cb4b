// SPDX-License-Identifier: MIT
// text.h: spans of bytes that are usually UTF-8.
//
// A struct text does not own its bytes and is not NUL-terminated. Functions
// that make new text put it in an arena; where the input already is what is
// asked for they return the input itself, so that plain ASCII costs one look.
// A result with data == NULL means no memory. Paths are bytes: never pass one
// through repair, NFC or folding, except to show it.
#ifndef COMIC_TEXT_H
#define COMIC_TEXT_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *data;
	size_t len;
};

// A string literal as a struct text; TEXT_INIT where a constant is needed, in a static table.
#define TEXT(literal) ((struct text)TEXT_INIT(literal))
#define TEXT_INIT(literal) { (literal), sizeof(literal) - 1 }

struct text text_from(const char *string); // NULL gives the empty text with data ""
bool text_equal(struct text a, struct text b);
bool text_is(struct text a, const char *string);
// Byte order, a prefix first: the order of paths, of BINARY in SQLite and of every sorted output.
int text_compare(struct text a, struct text b);
// Equal but for ASCII case: for keywords, suffixes and element names.
bool text_equal_nocase(struct text a, struct text b);
bool text_ends_nocase(struct text a, const char *suffix);
// Without the white space (ASCII) at both ends.
struct text text_trim(struct text a);
// 64-bit hash (XXH3). text_hash_fold ignores ASCII case.
uint64_t text_hash(struct text a);
uint64_t text_hash_seeded(struct text a, uint64_t seed); // for a seed from seed.h
uint64_t text_hash_fold(struct text a);

bool text_is_ascii(struct text a);
// The value of a hexadecimal digit, 16 of any other byte.
int text_digit(char c);
// How many bytes from a.data[from] on are ASCII.
size_t text_ascii_run(struct text a, size_t from);
// Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, at most U+10FFFF.
bool text_is_utf8(struct text a);
// Decodes the character at data[0..len), len > 0; *used gets its bytes. A byte
// that starts nothing valid gives U+FFFD and *used 1.
uint32_t text_decode(const char *data, size_t len, size_t *used);
// Writes the character c to out (room for 4 bytes), returns the bytes written.
size_t text_encode(uint32_t c, char *out);

// Valid UTF-8: each byte that is not part of it becomes U+FFFD.
struct text text_repair(struct arena *a, struct text t);
// The same bytes read as Windows-1252 (every byte has a meaning; the five
// unassigned ones become U+FFFD).
struct text text_from_windows_1252(struct arena *a, struct text t);
// Valid UTF-8: only the bytes that are not part of it are read as Windows-1252.
struct text text_repair_windows_1252(struct arena *a, struct text t);
// Canonical composition (Unicode NFC) of valid UTF-8.
struct text text_nfc(struct arena *a, struct text t);
// Each character in lower case, of valid UTF-8, one by one and without regard to language.
struct text text_lower(struct arena *a, struct text t);
// Unicode case folding and NFC: equal results are names a reader sees as the same.
struct text text_fold(struct arena *a, struct text t);

// Natural order, ignoring ASCII case: runs of digits compare by value, so
// "page 2" comes before "page 10". Ties fall back to text_compare().
int text_natural_compare(struct text a, struct text b);

#endif
