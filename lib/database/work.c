// SPDX-License-Identifier: MIT
// work.c: what the steps of work.h share.

#include "database/work.h"

#include <stdlib.h>

const char *const count_names[COUNTS] = {
	[COUNT_BATCHES] = "batches",
	[COUNT_BYTES] = "bytes",
	[COUNT_COMICS_CREATED] = "comics_created",
	[COUNT_COMICS_UPDATED] = "comics_updated",
	[COUNT_COMICS_UNCHANGED] = "comics_unchanged",
	[COUNT_COMICS_MOVED] = "comics_moved",
	[COUNT_COMICS_DELETED] = "comics_deleted",
	[COUNT_FAILED] = "failed",
	[COUNT_TAGS_CREATED] = "tags_created",
	[COUNT_TAGS_DELETED] = "tags_deleted",
	[COUNT_LINKS_CREATED] = "links_created",
	[COUNT_LINKS_DELETED] = "links_deleted",
	[COUNT_FOLDERS_CREATED] = "folders_created",
	[COUNT_FOLDERS_DELETED] = "folders_deleted",
};

int work_suspect(struct work *w, enum ref_kind kind, int64_t id, struct comic_err *err)
{
	if (mem_grow(&w->suspects, &w->suspect_room, w->suspect_count + 1, sizeof(*w->suspects)) <
	    0)
		return err_set_nomem(err, "applying a batch");
	w->suspects[w->suspect_count++] = (struct suspect){ kind, id };
	return 0;
}

static void suspect_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct suspect *s = (const struct suspect *)rows + row;

	if (column == 0)
		sqlite3_result_text(out, ref_table_name(s->kind), -1, SQLITE_STATIC);
	else
		sqlite3_result_int64(out, s->id);
}

static int compare_suspects(const void *a, const void *b)
{
	const struct suspect *x = a;
	const struct suspect *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

// A row that lost a hundred links is one suspect.
static void drop_repeated(struct work *w)
{
	size_t kept = 0;

	if (w->suspect_count > 1)
		qsort(w->suspects, w->suspect_count, sizeof(*w->suspects), compare_suspects);
	for (size_t i = 0; i < w->suspect_count; i++) {
		if (kept == 0 || compare_suspects(&w->suspects[kept - 1], &w->suspects[i]) != 0)
			w->suspects[kept++] = w->suspects[i];
	}
	w->suspect_count = kept;
}

int suspects_write(struct work *w, struct comic_err *err)
{
	drop_repeated(w);
	return database_run_feed(
		w->d, "INSERT OR IGNORE INTO suspect (kind, id) SELECT c0, c1 FROM feed",
		(struct feed){ w->suspect_count, suspect_column, w->suspects }, err);
}

void work_clear(struct work *w)
{
	beside_wait(&w->gathering);
	for (size_t kind = 0; kind < LINK_KINDS; kind++) {
		free(w->removed[kind].items);
		free(w->added[kind].items);
	}
	free(w->comics);
	free(w->existing);
	free(w->created);
	free(w->suspects);
	buf_clear(&w->sql);
	*w = (struct work){ 0 };
}
