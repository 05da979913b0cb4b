// SPDX-License-Identifier: MIT
// first.c: see first.h.

#include "database/first.h"

#include <stdlib.h>
#include <string.h>

struct held_row {
	int64_t id;
	uint32_t ends[SEARCH_COLUMNS]; // of the texts, one behind the other
	char texts[];
};

void hold_clear(struct search_hold *h)
{
	arena_clear(&h->texts);
	free(h->rows);
	*h = (struct search_hold){ 0 };
}

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "holding search texts");
}

// ---- what is held goes into the index -----------------------------------------------------

static int set_end(struct work *w, int64_t id, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(w->d, "UPDATE meta SET value = ?1 WHERE key = 'first_import'", &s,
			     err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, id);
	w->search_end = id;
	return database_step(w->d, s, err);
}

// The id, then the texts.
static void held_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct held_row **held = rows;
	const struct held_row *r = held[row];
	uint32_t start = column < 2 ? 0 : r->ends[column - 2];

	if (column == 0)
		sqlite3_result_int64(out, r->id);
	else if (r->ends[column - 1] > start)
		sqlite3_result_text(out, r->texts + start, (int)(r->ends[column - 1] - start),
				    SQLITE_STATIC);
}

int first_flush(struct work *w, struct comic_err *err)
{
	struct search_hold *h = w->hold;

	if (h->count == 0)
		return 0;
	if (search_make_insert(&w->sql) < 0)
		return no_memory(err);
	if (search_set_memory(w, err) < 0 ||
	    database_run_feed(w->d, (const char *)w->sql.data,
			      (struct feed){ h->count, held_column, h->rows }, err) < 0 ||
	    set_end(w, h->last, err) < 0)
		return -1;
	h->count = 0;
	arena_reset(&h->texts, w->search_memory / 2);
	return 0;
}

// ---- what nobody holds any more -----------------------------------------------------------

static void next_id_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const int64_t *end = rows;

	(void)column;
	sqlite3_result_int64(out, *end + 1 + (int64_t)row);
}

static int catch_up(struct work *w, int64_t last, struct comic_err *err)
{
	int64_t end = w->search_end;

	hold_clear(w->hold);
	if (search_make_sql(&w->sql, false) < 0)
		return no_memory(err);
	// The view reaches as far as the index shall.
	if (search_set_memory(w, err) < 0 || set_end(w, last, err) < 0)
		return -1;
	return database_run_feed(w->d, (const char *)w->sql.data,
				 (struct feed){ (size_t)(last - end), next_id_column, &end }, err);
}

int first_begin(struct work *w, struct comic_err *err)
{
	const struct search_hold *h = w->hold;
	int64_t last = 0;

	if (database_number(w->d,
			    "SELECT IFNULL((SELECT value FROM meta"
			    " WHERE key = 'first_import'), -1)",
			    &w->search_end, err) < 0)
		return -1;
	w->first = w->search_end >= 0;
	if (!w->first) {
		hold_clear(w->hold);
		return 0;
	}
	if (database_number(w->d, "SELECT seq FROM sqlite_sequence WHERE name = 'comic'", &last,
			    err) < 0)
		return -1;
	if (w->search_end + (int64_t)h->count == last && (h->count == 0 || h->last == last))
		return 0;
	return catch_up(w, last, err);
}

// ---- new comics ---------------------------------------------------------------------------

static struct held_row *new_row(struct arena *a, const struct text *texts)
{
	struct held_row *r = NULL;
	size_t len = 0;

	for (size_t i = 0; i < SEARCH_COLUMNS; i++)
		len += texts[i].len;
	r = len > UINT32_MAX ? NULL : arena_alloc(a, sizeof(*r) + len);
	len = 0;
	for (size_t i = 0; r != NULL && i < SEARCH_COLUMNS; i++) {
		if (texts[i].len > 0)
			memcpy(r->texts + len, texts[i].data, texts[i].len);
		len += texts[i].len;
		r->ends[i] = (uint32_t)len;
	}
	return r;
}

static int add_row(struct search_hold *h, struct search_maker *m, const struct comic *c)
{
	struct text texts[SEARCH_COLUMNS];
	struct held_row *r = NULL;

	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		if (search_text(m, c, i, &texts[i]) < 0)
			return -1;
	}
	r = new_row(&h->texts, texts);
	if (r == NULL || mem_grow(&h->rows, &h->room, h->count + 1, sizeof(*h->rows)) < 0)
		return -1;
	r->id = c->id;
	h->rows[h->count++] = r;
	h->last = c->id;
	return 0;
}

int first_add(struct work *w, struct comic_err *err)
{
	struct search_maker m = { .refs = &w->batch->refs };
	int status = 0;

	for (size_t i = 0; status == 0 && i < w->created_count; i++) {
		if (add_row(w->hold, &m, w->created[i]) < 0)
			status = no_memory(err);
		else if (w->hold->texts.held > w->search_memory / 2)
			status = first_flush(w, err);
	}
	search_maker_clear(&m);
	return status;
}
