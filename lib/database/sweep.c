// SPDX-License-Identifier: MIT
// sweep.c: reference rows without anything that refers to them; see finish.h.
//
// Batches note the rows that lost a link in `suspect`; only those are tested. A row
// that goes makes suspects of the rows it referred to, which stand before it in
// enum ref_kind: so the kinds are swept from the last to the first, and each until
// it has no suspects left. Which columns refer to a kind follows from the tables of
// links, comics and reference rows.

#include "database/finish.h"

#include "database/ref_tables.h"

#include <stdlib.h>

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "finishing");
}

static int add_condition(struct buf *sql, const char *table, const char *column)
{
	return buf_printf(sql, " AND NOT EXISTS (SELECT 1 FROM %s AS u WHERE u.%s = t.id)", table,
			  column);
}

// "t.id IN (the feed) AND NOT EXISTS (...) AND NOT EXISTS (...)"
static int add_unused(struct buf *sql, enum ref_kind kind)
{
	if (buf_add_text(sql, "t.id IN (SELECT c0 FROM feed)") < 0)
		return -1;
	for (size_t i = 0; i < LINK_KINDS; i++) {
		if (link_shapes[i].kind == kind &&
		    add_condition(sql, link_shapes[i].table, link_shapes[i].column) < 0)
			return -1;
	}
	for (size_t i = 0; i < COMIC_COLUMNS; i++) {
		if (comic_columns[i].kind == kind &&
		    add_condition(sql, "comic", comic_columns[i].name) < 0)
			return -1;
	}
	for (size_t i = 0; i < REF_KINDS; i++) {
		for (size_t c = 0; c < ref_tables[i].columns; c++) {
			if (ref_tables[i].key[c].parent == kind &&
			    add_condition(sql, ref_tables[i].table, ref_tables[i].key[c].name) < 0)
				return -1;
		}
	}
	return kind == REF_FOLDER ? add_condition(sql, "folder", "parent_id") : 0;
}

static int suspect_parents(struct load *l, enum ref_kind kind, const char *column,
			   const char *parent, struct feed ids, struct buf *sql,
			   struct comic_err *err)
{
	sql->len = 0;
	if (buf_printf(sql,
		       "INSERT OR IGNORE INTO suspect (kind, id) SELECT '%s', t.%s FROM %s AS t"
		       " WHERE t.%s IS NOT NULL AND ",
		       parent, column, ref_tables[kind].table, column) < 0 ||
	    add_unused(sql, kind) < 0 || buf_add_byte(sql, '\0') < 0)
		return no_memory(err);
	return database_run_feed(&l->d, (const char *)sql->data, ids, err);
}

static int suspect_all_parents(struct load *l, enum ref_kind kind, struct feed ids, struct buf *sql,
			       struct comic_err *err)
{
	const struct ref_table_shape *shape = &ref_tables[kind];

	if (kind == REF_FOLDER)
		return suspect_parents(l, kind, "parent_id", "folder", ids, sql, err);
	for (size_t i = 0; i < shape->columns; i++) {
		enum ref_kind parent = shape->key[i].parent;

		if (parent != REF_KINDS &&
		    suspect_parents(l, kind, shape->key[i].name, ref_tables[parent].table, ids, sql,
				    err) < 0)
			return -1;
	}
	return 0;
}

static int delete_unused(struct load *l, enum ref_kind kind, struct feed ids, struct buf *sql,
			 struct comic_err *err)
{
	sql->len = 0;
	if (buf_printf(sql, "DELETE FROM %s AS t WHERE ", ref_tables[kind].table) < 0 ||
	    add_unused(sql, kind) < 0 || buf_add_byte(sql, '\0') < 0)
		return no_memory(err);
	if (database_run_feed(&l->d, (const char *)sql->data, ids, err) < 0)
		return -1;
	l->counts[kind == REF_FOLDER ? COUNT_FOLDERS_DELETED : COUNT_TAGS_DELETED] +=
		database_changes(&l->d);
	return 0;
}

// Suspects that are tested are suspects no more. First, since parents of the same kind come.
static int clear_suspects(struct load *l, enum ref_kind kind, struct feed ids, struct buf *sql,
			  struct comic_err *err)
{
	sql->len = 0;
	if (buf_printf(sql, "DELETE FROM suspect WHERE kind = '%s' AND id IN (SELECT c0 FROM feed)",
		       ref_tables[kind].table) < 0 ||
	    buf_add_byte(sql, '\0') < 0)
		return no_memory(err);
	return database_run_feed(&l->d, (const char *)sql->data, ids, err);
}

static int read_suspects(struct load *l, enum ref_kind kind, int64_t *ids, size_t *count,
			 struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	*count = 0;
	if (database_prepare(&l->d, "SELECT id FROM suspect WHERE kind = ?1 ORDER BY id LIMIT ?2",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_text(s, 1, ref_tables[kind].table, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 2, (int64_t)finish_page(l));
	while ((got = database_step(&l->d, s, err)) > 0)
		ids[(*count)++] = sqlite3_column_int64(s, 0);
	return got;
}

// One transaction. *count is how many were tested.
static int sweep_page(struct load *l, enum ref_kind kind, int64_t *ids, size_t *count,
		      struct buf *sql, struct comic_err *err)
{
	struct feed feed;

	if (read_suspects(l, kind, ids, count, err) < 0)
		return -1;
	if (*count == 0)
		return 0;
	if (load_begin(l, err) < 0)
		return -1;
	feed = feed_integers((const sqlite3_int64 *)ids, *count);
	if (clear_suspects(l, kind, feed, sql, err) < 0 ||
	    suspect_all_parents(l, kind, feed, sql, err) < 0 ||
	    delete_unused(l, kind, feed, sql, err) < 0) {
		database_rollback(&l->d);
		return -1;
	}
	return load_commit(l, err);
}

int finish_sweep(struct load *l, struct comic_err *err)
{
	int64_t *ids = mem_alloc(finish_page(l), sizeof(*ids));
	struct buf sql = { 0 };
	int status = 0;

	if (ids == NULL)
		return no_memory(err);
	for (size_t kind = REF_KINDS; status == 0 && kind > 0; kind--) {
		size_t count = 0;

		do {
			status = sweep_page(l, (enum ref_kind)(kind - 1), ids, &count, &sql, err);
		} while (status == 0 && count > 0);
	}
	buf_clear(&sql);
	free(ids);
	return status;
}
