// SPDX-License-Identifier: MIT
// report.c: see report.h.

#include "database/report.h"

#include "base/size.h"

#include <jansson.h>
#include <stdlib.h>

uint64_t report_comics(const struct load *l)
{
	return l->counts[COUNT_COMICS_CREATED] + l->counts[COUNT_COMICS_UPDATED] +
	       l->counts[COUNT_COMICS_UNCHANGED];
}

static bool changed_nothing(const uint64_t *counts)
{
	for (size_t i = 0; i < COUNTS; i++) {
		if (counts[i] != 0 && i != COUNT_BYTES && i != COUNT_BATCHES &&
		    i != COUNT_COMICS_UNCHANGED)
			return false;
	}
	return true;
}

int report_text(const struct load *l, struct buf *out)
{
	double seconds = load_seconds(l);
	uint64_t comics = report_comics(l);
	char number[SIZE_TEXT];

	if (changed_nothing(l->counts) && buf_add_text(out, "nothing changed, ") < 0)
		return -1;
	for (size_t i = 0; i < COUNTS; i++) {
		if (l->counts[i] == 0 || i == COUNT_BYTES)
			continue;
		if (buf_printf(out, "%s %s, ", count_names[i],
			       size_format_count(l->counts[i], number)) < 0)
			return -1;
	}
	for (size_t i = 0; i < out->len; i++) {
		if (out->data[i] == '_')
			out->data[i] = ' ';
	}
	if (buf_printf(out, "%.1f s", seconds) < 0)
		return -1;
	if (comics > 0 && seconds > 0 &&
	    buf_printf(out, ", %s comics/s",
		       size_format_count((uint64_t)((double)comics / seconds), number)) < 0)
		return -1;
	return buf_add_byte(out, '\0');
}

// What is counted of each kind, in columns; COUNTS where nothing is.
static const struct {
	const char *name;
	enum count counts[6];
} rows[] = {
	{ "comics",
	  { COUNT_COMICS_CREATED, COUNT_COMICS_UPDATED, COUNT_COMICS_UNCHANGED, COUNT_COMICS_MOVED,
	    COUNT_COMICS_DELETED, COUNT_FAILED } },
	{ "tags", { COUNT_TAGS_CREATED, COUNTS, COUNTS, COUNTS, COUNT_TAGS_DELETED, COUNTS } },
	{ "links", { COUNT_LINKS_CREATED, COUNTS, COUNTS, COUNTS, COUNT_LINKS_DELETED, COUNTS } },
	{ "folders",
	  { COUNT_FOLDERS_CREATED, COUNTS, COUNTS, COUNTS, COUNT_FOLDERS_DELETED, COUNTS } },
};

int report_table(const struct load *l, struct buf *out)
{
	char number[SIZE_TEXT];
	int status =
		buf_printf(out, "dry run, nothing was written:\n%-8s%12s%12s%12s%12s%12s%12s", "",
			   "created", "updated", "unchanged", "moved", "deleted", "failed");

	for (size_t i = 0; status == 0 && i < COMIC_COUNT(rows); i++) {
		status = buf_printf(out, "\n%-8s", rows[i].name);
		for (size_t j = 0; status == 0 && j < COMIC_COUNT(rows[i].counts); j++) {
			enum count c = rows[i].counts[j];

			status = buf_printf(out, "%12s",
					    c == COUNTS ? "-"
							: size_format_count(l->counts[c], number));
		}
	}
	if (status < 0 ||
	    buf_printf(out, "\n%s batches, %.1f s",
		       size_format_count(l->counts[COUNT_BATCHES], number), load_seconds(l)) < 0)
		return -1;
	return buf_add_byte(out, '\0');
}

int report_json(const struct load *l, bool finished, struct buf *out)
{
	json_t *report = json_object();
	char *text = NULL;
	int status = 0;

	for (size_t i = 0; i < COUNTS; i++)
		status |= json_object_set_new(report, count_names[i],
					      json_integer((json_int_t)l->counts[i]));
	status |= json_object_set_new(report, "seconds", json_real(load_seconds(l)));
	status |= json_object_set_new(report, "finished", json_boolean(finished));
	status |= json_object_set_new(report, "dry_run", json_boolean(l->options.dry_run));
	if (status == 0)
		text = json_dumps(report, JSON_COMPACT | JSON_REAL_PRECISION(6));
	if (text == NULL || buf_add_text(out, text) < 0 || buf_add_byte(out, '\0') < 0)
		status = -1;
	free(text);
	json_decref(report);
	return status;
}
