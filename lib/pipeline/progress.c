// SPDX-License-Identifier: MIT
// progress.c: see progress.h.

#include "pipeline/progress.h"

#include "base/compiler.h"
#include "base/size.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SECOND 1000000000.0
#define SETTLED 2.0 // seconds before a rate means anything

COMIC_PRINTF(2, 3) static void append(char out[PROGRESS_TEXT], const char *fmt, ...)
{
	size_t used = strlen(out);
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(out + used, PROGRESS_TEXT - used, fmt, args);
	va_end(args);
}

// The two largest units: "39 s", "6 min 20 s", "1 h 23 min", "2 d 3 h".
static void append_duration(char out[PROGRESS_TEXT], double seconds)
{
	uint64_t s = seconds > 1e9 ? (uint64_t)1e9 : (uint64_t)(seconds + 0.5);

	if (s < 60)
		append(out, "%" PRIu64 " s", s);
	else if (s < 3600)
		append(out, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else if (s < 86400)
		append(out, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
	else
		append(out, "%" PRIu64 " d %" PRIu64 " h", s / 86400, s / 3600 % 24);
}

static void append_rate(const struct progress *p, char out[PROGRESS_TEXT])
{
	double seconds = (double)p->elapsed / SECOND;
	char rate[SIZE_TEXT];

	if (seconds < SETTLED || p->read == 0)
		return;
	append(out, ", %s/s", size_format_count((uint64_t)((double)p->read / seconds + 0.5), rate));
	if (!p->found_all || p->read_all || p->taken == 0 || p->taken > p->found)
		return;
	append(out, ", ");
	append_duration(out, (double)(p->found - p->taken) * seconds / (double)p->taken);
	append(out, " left");
}

const char *progress_format(const struct progress *p, char out[PROGRESS_TEXT])
{
	char read[SIZE_TEXT];
	char found[SIZE_TEXT];

	out[0] = '\0';
	(void)size_format_count(p->read, read);
	(void)size_format_count(p->found, found);
	if (p->read_all)
		append(out, "%s comics read", read);
	else if (p->found_all)
		append(out, "%s of %s comics", read, found);
	else
		append(out, "%s comics, %s found so far", read, found);
	append_rate(p, out);
	if (p->failed > 0)
		append(out, ", %s failed", size_format_count(p->failed, read));
	if (p->read_all)
		append(out, ", storing");
	return out;
}
