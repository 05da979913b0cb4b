// SPDX-License-Identifier: MIT
// tap.h: the whole unit test harness. A test file is a program that prints TAP.
//
//	int main(void)
//	{
//		is_u64(1 + 1, 2, "one and one");
//		return done();
//	}
#ifndef COMIC_TAP_H
#define COMIC_TAP_H

#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static unsigned int tap_run;
static unsigned int tap_failed;

// One check. The format names what was checked, not what went wrong.
COMIC_UNUSED COMIC_PRINTF(2, 3) static bool ok(bool passed, const char *fmt, ...)
{
	va_list args;

	tap_run++;
	tap_failed += !passed;
	printf("%sok %u - ", passed ? "" : "not ", tap_run);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
	return passed;
}

COMIC_UNUSED static bool is_u64(uint64_t got, uint64_t want, const char *what)
{
	bool passed = ok(got == want, "%s", what);

	if (!passed)
		printf("#   got %" PRIu64 ", want %" PRIu64 "\n", got, want);
	return passed;
}

COMIC_UNUSED static bool is_i64(int64_t got, int64_t want, const char *what)
{
	bool passed = ok(got == want, "%s", what);

	if (!passed)
		printf("#   got %" PRId64 ", want %" PRId64 "\n", got, want);
	return passed;
}

COMIC_UNUSED static bool is_text(struct text got, const char *want, const char *what)
{
	bool passed = ok(got.data != NULL && text_is(got, want), "%s", what);

	if (!passed)
		printf("#   got '%.*s', want '%s'\n", (int)got.len, got.data == NULL ? "" : got.data,
		       want);
	return passed;
}

COMIC_UNUSED static bool is_string(const char *got, const char *want, const char *what)
{
	return is_text(text_from(got == NULL ? "(null)" : got), want, what);
}

// Prints the plan; main returns this.
static int done(void)
{
	printf("1..%u\n", tap_run);
	return tap_failed > 0 ? 1 : 0;
}

#endif
