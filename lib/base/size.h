// SPDX-License-Identifier: MIT
// size.h: numbers people type and read.
#ifndef COMIC_SIZE_H
#define COMIC_SIZE_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Decimal digits only, no sign, no white space. False on anything else or overflow.
COMIC_MUST_CHECK bool size_parse_count(const char *text, uint64_t *out);
// A byte count: digits, an optional fraction ("1.5G"), then nothing, B, or K M G T P with an
// optional "B" or "iB"; letters in any case. Units are powers of 1024, as in dd(1) and sort(1).
COMIC_MUST_CHECK bool size_parse_bytes(const char *text, uint64_t *out);
// A non-negative decimal number of seconds ("2", "0.5"), in nanoseconds.
COMIC_MUST_CHECK bool size_parse_seconds(const char *text, int64_t *nanoseconds);
// A decimal fraction above 0 and at most 1 ("0.25").
COMIC_MUST_CHECK bool size_parse_fraction(const char *text, double *out);

#define SIZE_TEXT 32
// "64 MiB", "1.5 GiB", "512 B" into out; returns out.
const char *size_format_bytes(uint64_t bytes, char out[SIZE_TEXT]);
// "1,234,567" into out; returns out.
const char *size_format_count(uint64_t count, char out[SIZE_TEXT]);

#endif
