// SPDX-License-Identifier: MIT
// scalar.h: numbers and yes/no as people write them in metadata fields.
//
// Lenient on purpose: the first number in the text counts, full-width digits are digits.
// Negative numbers mean "unset" (the default of every ComicInfo number is -1).
#ifndef COMIC_SCALAR_H
#define COMIC_SCALAR_H

#include "base/text.h"

enum scalar_result {
	SCALAR_OK,
	SCALAR_UNSET, // empty or negative: the writer's way to say nothing
	SCALAR_BAD, // no number in it, or one beyond 2^53
};

// The first run of digits: "v3" is 3, "2019-2021" is 2019, "2020.0" is 2020.
enum scalar_result scalar_integer(struct text t, int64_t *out);
// The first decimal number, in hundredths, rounded to 1 or 2 places, half to even. A comma is
// a point, "½" and "1/2" are .5, spaces do not count. Values above most become most.
enum scalar_result scalar_decimal(struct text t, int places, int64_t most, int64_t *hundredths);
// Yes, true, 1: true. Unknown and empty: UNSET. Anything else: false.
enum scalar_result scalar_flag(struct text t, bool *out);
// The same, with all the words of YAML. What is none of them: BAD.
enum scalar_result scalar_bool(struct text t, bool *out);

// The value 0-9 of the digit, ASCII or full-width, that begins at t.data[at], -1 if there is
// none; *used gets its bytes.
int scalar_digit(struct text t, size_t at, size_t *used);

#endif
