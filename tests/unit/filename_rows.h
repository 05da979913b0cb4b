// SPDX-License-Identifier: MIT
// filename_rows.h: tables of file names and what they say.
#ifndef COMIC_FILENAME_ROWS_H
#define COMIC_FILENAME_ROWS_H

#include "metadata_read.h"

struct filename_row {
	const char *name;
	const char *want; // "letter=value" for every field that is there, in the order of keys
};

// What a name gives: the fields in the order of the letters of `keys`, divided by " / ".
//   s series, i issue as written, c issue count, v volume, w last volume, n volume count,
//   y year, m month, d day, t title, f format, a scan info, p publisher, r remainders
static const struct {
	char letter;
	const char *path;
} keys[] = {
	{ 's', "series/name" },
	{ 'i', "issue/name" },
	{ 'c', "volume/issue_count" },
	{ 'v', "volume/number" },
	{ 'w', "volume/number_to" },
	{ 'n', "series/volume_count" },
	{ 'y', "date/year" },
	{ 'm', "date/month" },
	{ 'd', "date/day" },
	{ 't', "title" },
	{ 'f', "original_format" },
	{ 'a', "scan_info" },
	{ 'p', "publisher/name" },
	{ 'r', "remainders" },
};

static const char *summary(const struct reading *r)
{
	static char out[4096];
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < COMIC_COUNT(keys); i++) {
		const char *value = value_at(r, keys[i].path);

		if (strcmp(value, "-") == 0 && strcmp(keys[i].path, "remainders") != 0)
			continue;
		if (record_get(&r->record.data, "remainders") == NULL && keys[i].letter == 'r')
			continue;
		(void)snprintf(out + len, sizeof(out) - len, "%s%c=%s", len > 0 ? " " : "",
			       keys[i].letter, value);
		len = strlen(out);
	}
	return out;
}

static void check_rows(struct reading *r, const struct filename_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (reading_do(r, text_from(rows[i].name), TEXT("")))
			is_string(summary(r), rows[i].want, rows[i].name);
	}
}

#endif
