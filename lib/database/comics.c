// SPDX-License-Identifier: MIT
// comics.c: the rows of the table comic: found, compared field by field, written; see work.h.

#include "database/search.h"
#include "database/work.h"

#include <stdlib.h>
#include <string.h>

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "applying a batch");
}

static int compare_paths(const void *a, const void *b)
{
	const struct comic *const *x = a;
	const struct comic *const *y = b;

	return cell_compare(&(*x)->cells[COL_PATH], &(*y)->cells[COL_PATH]);
}

static int compare_ids(const void *a, const void *b)
{
	const struct comic *const *x = a;
	const struct comic *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

// The comics of the batch that stand, in path order.
static int collect(struct work *w, struct comic_err *err)
{
	const struct batch *b = w->batch;

	w->comics = mem_alloc(b->paths.count, sizeof(*w->comics));
	w->existing = mem_alloc(b->paths.count, sizeof(struct comic *));
	w->created = mem_alloc(b->paths.count, sizeof(struct comic *));
	if (w->comics == NULL || w->existing == NULL || w->created == NULL)
		return no_memory(err);
	for (size_t i = 0; i < b->paths.count; i++) {
		if (b->states[i].comic != NULL)
			w->comics[w->count++] = b->states[i].comic;
	}
	// They mostly are in order.
	for (size_t i = 1; i < w->count; i++) {
		if (compare_paths(&w->comics[i - 1], &w->comics[i]) > 0) {
			qsort(w->comics, w->count, sizeof(*w->comics), compare_paths);
			break;
		}
	}
	return 0;
}

static void give_reference_ids(struct work *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct cell *cells = w->comics[i]->cells;

		for (size_t c = 0; c < COMIC_COLUMNS; c++) {
			if (comic_columns[c].kind != REF_KINDS && cells[c].kind != CELL_NULL)
				cells[c].as.integer = refs_id(&w->batch->refs,
							      comic_columns[c].kind, cells[c].len);
		}
	}
}

// ---- comparison ---------------------------------------------------------------------------

#define FIRST_COMPARED 3 // of the columns read: the row of the feed, id and updated_at come first

static int make_select(struct buf *sql)
{
	sql->len = 0;
	if (buf_add_text(sql, "SELECT f.rowid, t.id, t.updated_at") < 0)
		return -1;
	for (size_t c = 0; c < COMIC_COLUMNS; c++) {
		if (buf_printf(sql, ", t.%s", comic_columns[c].name) < 0)
			return -1;
	}
	return buf_add_text(sql, " FROM feed AS f CROSS JOIN comic AS t ON t.path = f.c0") < 0
		       ? -1
		       : buf_add_byte(sql, '\0');
}

static int keep_column(struct work *w, sqlite3_stmt *row, int column, struct cell *out)
{
	struct text t = { NULL, 0 };
	char *copy = NULL;

	switch (sqlite3_column_type(row, column)) {
	case SQLITE_INTEGER:
		*out = cell_integer(sqlite3_column_int64(row, column));
		return 0;
	case SQLITE_FLOAT:
		*out = cell_real(sqlite3_column_double(row, column));
		return 0;
	case SQLITE_NULL:
		*out = (struct cell){ .kind = CELL_NULL };
		return 0;
	default:
		break;
	}
	t.data = (const char *)sqlite3_column_text(row, column);
	t.len = (size_t)sqlite3_column_bytes(row, column);
	copy = t.data == NULL ? NULL : arena_copy(&w->batch->arena, t.data, t.len);
	*out = cell_text((struct text){ copy, t.len });
	return copy == NULL ? -1 : 0;
}

static int compare_column(struct work *w, struct comic *c, size_t column, sqlite3_stmt *row,
			  struct comic_err *err)
{
	const struct comic_column_shape *shape = &comic_columns[column];
	int at = (int)column + FIRST_COMPARED;
	struct cell *cell = &c->cells[column];

	if ((shape->traits & (COLUMN_KEY | COLUMN_HINT)) != 0 || cell_equals_column(cell, row, at))
		return 0;
	if (w->keep_missing && cell->kind == CELL_NULL && (shape->traits & COLUMN_FACT) == 0)
		return keep_column(w, row, at, cell) < 0 ? no_memory(err) : 0;
	c->index_changed = c->index_changed || (shape->traits & COLUMN_INDEXED) != 0;
	search_note_column(c, (enum comic_column)column);
	if ((shape->traits & COLUMN_IDENTITY) == 0)
		c->state = COMIC_UPDATE;
	else if (c->state == COMIC_SAME)
		c->state = COMIC_REFRESH;
	if (shape->kind != REF_KINDS && sqlite3_column_type(row, at) != SQLITE_NULL)
		return work_suspect(w, shape->kind, sqlite3_column_int64(row, at), err);
	return 0;
}

// The old texts of the comic itself that the search row was made of: taking their words out then
// needs no look at the view.
static int keep_texts(struct work *w, struct comic *c, sqlite3_stmt *row)
{
	c->was = arena_zero(&w->batch->arena, COMIC_COLUMNS * sizeof(*c->was));
	if (c->was == NULL)
		return -1;
	w->search_kept += COMIC_COLUMNS * sizeof(*c->was);
	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		enum comic_column column = COL_PATH;

		if ((c->search_changed >> i & 1) == 0 || !search_column_is_own(i, &column))
			continue;
		if (keep_column(w, row, (int)column + FIRST_COMPARED, &c->was[column]) < 0)
			return -1;
		w->search_kept += c->was[column].kind == CELL_TEXT ? c->was[column].len : 0;
	}
	return 0;
}

static int compare_row(struct work *w, sqlite3_stmt *row, struct comic_err *err)
{
	struct comic *c = w->comics[sqlite3_column_int64(row, 0)];

	c->id = sqlite3_column_int64(row, 1);
	c->state = COMIC_SAME;
	if (keep_column(w, row, 2, &c->updated_at) < 0)
		return no_memory(err);
	for (size_t column = 0; column < COMIC_COLUMNS; column++) {
		if (compare_column(w, c, column, row, err) < 0)
			return -1;
	}
	if (c->search_changed == 0 || w->keep_missing || w->search_kept > w->search->memory / 4)
		return 0;
	return keep_texts(w, c, row) < 0 ? no_memory(err) : 0;
}

static void path_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct comic **comics = rows;

	(void)column;
	cell_result(&comics[row]->cells[COL_PATH], out);
}

static int compare_rows(struct work *w, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	int got = 0;

	if (make_select(&w->sql) < 0)
		return no_memory(err);
	if (database_prepare(w->d, (const char *)w->sql.data, &statement, err) < 0)
		return -1;
	w->d->feed = (struct feed){ w->count, path_column, w->comics };
	while ((got = database_step(w->d, statement, err)) > 0) {
		if (compare_row(w, statement, err) < 0) {
			(void)sqlite3_reset(statement);
			return -1;
		}
	}
	return got;
}

int comics_compare(struct work *w, struct comic_err *err)
{
	int64_t last = 0;

	if (collect(w, err) < 0)
		return -1;
	if (w->count == 0)
		return 0;
	give_reference_ids(w);
	if (compare_rows(w, err) < 0 ||
	    database_number(w->d, "SELECT seq FROM sqlite_sequence WHERE name = 'comic'", &last,
			    err) < 0)
		return -1;
	for (size_t i = 0; i < w->count; i++) {
		struct comic *c = w->comics[i];

		if (c->state == COMIC_NEW) {
			c->id = ++last;
			w->created[w->created_count++] = c;
		} else {
			w->existing[w->existing_count++] = c;
		}
	}
	for (size_t i = 1; i < w->existing_count; i++) {
		if (compare_ids(&w->existing[i - 1], &w->existing[i]) > 0) {
			qsort(w->existing, w->existing_count, sizeof(*w->existing), compare_ids);
			break;
		}
	}
	return 0;
}

// ---- writing ------------------------------------------------------------------------------

struct row_feed {
	struct comic **comics;
	struct cell now;
};

// The table's columns in its order, for which SQLite takes them as they come: the id, columns,
// added_at, updated_at, and from here on the other columns.
#define COL_BEHIND_TIMES COL_WARNINGS

static void row_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct row_feed *feed = rows;
	const struct comic *c = feed->comics[row];

	if (column == 0)
		sqlite3_result_int64(out, c->id);
	else if (column <= COL_BEHIND_TIMES)
		cell_result(&c->cells[column - 1], out);
	else if (column > COL_BEHIND_TIMES + 2)
		cell_result(&c->cells[column - 3], out);
	else if (column == COL_BEHIND_TIMES + 1 || c->state != COMIC_REFRESH)
		cell_result(&feed->now, out);
	else
		cell_result(&c->updated_at, out);
}

// Updates are an upsert on the id, so that they too read the feed.
static int make_write(struct buf *sql, unsigned int update, unsigned int without)
{
	sql->len = 0;
	if (buf_add_text(sql, "INSERT OR ROLLBACK INTO comic (id") < 0)
		return -1;
	for (size_t c = 0; c < COMIC_COLUMNS; c++) {
		if (buf_printf(sql, "%s, %s",
			       c == COL_BEHIND_TIMES ? ", added_at, updated_at" : "",
			       comic_columns[c].name) < 0)
			return -1;
	}
	if (buf_add_text(sql, ") SELECT c0") < 0)
		return -1;
	for (size_t c = 1; c < COMIC_COLUMNS + 3; c++) {
		if (buf_printf(sql, ", c%zu", c) < 0)
			return -1;
	}
	if (buf_add_text(sql, " FROM feed") < 0)
		return -1;
	if (update && buf_add_text(sql, " WHERE true ON CONFLICT (id) DO UPDATE SET "
					"updated_at = excluded.updated_at") < 0)
		return -1;
	for (size_t c = 0; update && c < COMIC_COLUMNS; c++) {
		const char *name = comic_columns[c].name;

		if ((comic_columns[c].traits & (COLUMN_KEY | without)) == 0 &&
		    buf_printf(sql, ", %s = excluded.%s", name, name) < 0)
			return -1;
	}
	return buf_add_byte(sql, '\0');
}

static int write_rows(struct work *w, struct row_feed *rows, size_t count, struct comic_err *err)
{
	return database_run_feed(w->d, (const char *)w->sql.data,
				 (struct feed){ count, row_column, rows }, err);
}

static int write_created(struct work *w, struct comic_err *err)
{
	struct row_feed rows = { w->created, cell_text(text_from(w->now)) };

	w->counts[COUNT_COMICS_CREATED] += w->created_count;
	if (make_write(&w->sql, 0, 0) < 0)
		return no_memory(err);
	return write_rows(w, &rows, w->created_count, err);
}

// Rows whose indexed columns changed, or the others: an index that is named is rewritten.
static int write_changed(struct work *w, bool indexed, struct comic_err *err)
{
	struct row_feed rows = { NULL, cell_text(text_from(w->now)) };
	size_t count = 0;
	int status = 0;

	rows.comics = mem_alloc(w->existing_count, sizeof(*rows.comics));
	if (rows.comics == NULL || make_write(&w->sql, 1, indexed ? 0 : COLUMN_INDEXED) < 0) {
		free(rows.comics);
		return no_memory(err);
	}
	for (size_t i = 0; i < w->existing_count; i++) {
		struct comic *c = w->existing[i];

		if (c->state != COMIC_SAME && c->index_changed == indexed)
			rows.comics[count++] = c;
	}
	status = write_rows(w, &rows, count, err);
	free(rows.comics);
	return status;
}

int comics_write(struct work *w, struct comic_err *err)
{
	for (size_t i = 0; i < w->existing_count; i++)
		w->counts[w->existing[i]->state == COMIC_UPDATE ? COUNT_COMICS_UPDATED
								: COUNT_COMICS_UNCHANGED]++;
	if (write_changed(w, true, err) < 0 || write_changed(w, false, err) < 0)
		return -1;
	return write_created(w, err);
}
