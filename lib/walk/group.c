// SPDX-License-Identifier: MIT
// group.c: see group.h.

#include "walk/group.h"

#include <stdlib.h>

void group_init(struct group *r, struct output *out, bool paths)
{
	record_writer_init(&r->writer, out);
	r->paths = paths;
}

void group_clear(struct group *r)
{
	record_writer_clear(&r->writer);
}

int group_begin(struct group *r, const struct roots *roots, struct comic_err *err)
{
	struct text *walked = NULL;
	size_t count = 0;
	int status = 0;

	if (r->paths)
		return 0;
	walked = mem_alloc(roots->count, sizeof(*walked));
	if (walked == NULL)
		return err_set_nomem(err, "the roots");
	for (size_t i = 0; i < roots->count; i++) {
		if (roots->items[i].refused == NULL)
			walked[count++] = roots->items[i].path;
	}
	status = record_write_begin(&r->writer, "comic-scan " COMIC_VERSION, walked, count, true,
				    err);
	free(walked);
	return status;
}

int group_record(struct group *r, const struct record *record, struct comic_err *err)
{
	if (!r->paths)
		return record_write(&r->writer, record, err);
	if (record->type != STREAM_FILE ||
	    (record->change != FILE_NEW && record->change != FILE_MODIFIED))
		return 0;
	// The NUL behind the path goes with it.
	return output_write(r->writer.out, record->path.data, record->path.len + 1, err);
}

int group_end(struct group *r, const struct change_counts *counts, struct comic_err *err)
{
	const struct record_count pairs[] = {
		{ "files", counts->files },
		{ "new", counts->new_files },
		{ "modified", counts->modified },
		{ "touched", counts->touched },
		{ "moved", counts->moved },
		{ "unsettled", counts->unsettled },
		{ "gone", counts->gone },
		{ "unchanged", counts->unchanged },
		{ "unreadable", counts->unreadable },
		{ "refused", counts->refused },
	};

	return r->paths ? 0 : record_write_end(&r->writer, pairs, COMIC_COUNT(pairs), err);
}
