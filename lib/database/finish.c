// SPDX-License-Identifier: MIT
// finish.c: see finish.h.

#include "database/finish.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_COMIC ((uint64_t)16 << 10) // bytes of budget for each comic of a transaction
#define PAGE_LEAST 1000
#define PAGE_MOST 50000
#define SMALL_ROOT 20     // comics: a root with no more may lose all of them
#define SEGMENTS_MANY 32  // of the search index: each is looked into by a search
#define REFUSED_ROOTS 100 // told apart; above that nothing more is deleted

size_t finish_page(const struct load *l)
{
	uint64_t page = l->options.budget / PAGE_COMIC;

	return page < PAGE_LEAST ? PAGE_LEAST : page > PAGE_MOST ? PAGE_MOST : (size_t)page;
}

// ---- comics that go -----------------------------------------------------------------------

static int note_suspects(struct load *l, const char *kind, const char *column, const char *from,
			 struct feed ids, struct comic_err *err)
{
	char sql[256];

	(void)sqlite3_snprintf(
		sizeof(sql), sql,
		"INSERT OR IGNORE INTO suspect (kind, id) SELECT '%s', t.%s FROM feed AS f"
		" CROSS JOIN %s WHERE t.%s IS NOT NULL",
		kind, column, from, column);
	return database_run_feed(&l->d, sql, ids, err);
}

static int unlink_table(struct load *l, const struct link_shape *shape, struct feed ids,
			struct comic_err *err)
{
	char from[80];
	char sql[128];

	(void)sqlite3_snprintf(sizeof(from), from, "%s AS t ON t.comic_id = f.c0", shape->table);
	(void)sqlite3_snprintf(sizeof(sql), sql,
			       "DELETE FROM %s WHERE comic_id IN (SELECT c0 FROM feed)",
			       shape->table);
	if (note_suspects(l, ref_table_name(shape->kind), shape->column, from, ids, err) < 0 ||
	    database_run_feed(&l->d, sql, ids, err) < 0)
		return -1;
	l->counts[COUNT_LINKS_DELETED] += ids.count > 0 ? database_changes(&l->d) : 0;
	return 0;
}

int finish_unlink(struct load *l, const int64_t *ids, size_t count, struct comic_err *err)
{
	struct feed feed = feed_integers((const sqlite3_int64 *)ids, count);
	int status = search_by_view(&l->d, &l->search, POSTING_OLD, ids, count, err);

	for (size_t i = 0; status == 0 && i < LINK_KINDS; i++)
		status = unlink_table(l, &link_shapes[i], feed, err);
	for (size_t i = 0; status == 0 && i < COMIC_COLUMNS; i++) {
		if (comic_columns[i].kind != REF_KINDS)
			status = note_suspects(l, ref_table_name(comic_columns[i].kind),
					       comic_columns[i].name, "comic AS t ON t.id = f.c0",
					       feed, err);
	}
	return status;
}

// ---- deletions ----------------------------------------------------------------------------

// The roots of which too much is gone.
struct refused {
	struct arena texts;
	struct text roots[REFUSED_ROOTS];
	size_t count;
	char message[512]; // of the first
};

static int count_below(struct load *l, struct text root, int64_t *out, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	*out = 0;
	// '0' is the byte after '/'. No root, or '/', is above everything.
	if (database_prepare(&l->d,
			     "SELECT COUNT(*) FROM comic WHERE ?1 IN ('', '/')"
			     " OR (path >= ?1 || '/' AND path < ?1 || '0') OR path = ?1",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_text(s, 1, root.data, (int)root.len, SQLITE_STATIC);
	got = database_step(&l->d, s, err);
	if (got > 0) {
		*out = sqlite3_column_int64(s, 0);
		(void)sqlite3_reset(s);
	}
	return got < 0 ? -1 : 0;
}

struct root_loss {
	struct text root;
	int64_t gone;
	int64_t left; // comics of this run, and of ones that were not finished, that moved away
};

#define IS_BELOW                                                                                   \
	"(g.root IN ('', '/') OR c.path = g.root"                                                  \
	" OR (c.path >= g.root || '/' AND c.path < g.root || '0'))"

// The roots below which comics are gone, *count of them, in the arena.
static int read_losses(struct load *l, struct arena *a, struct root_loss **out, size_t *count,
		       struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	size_t room = 0;
	int got = 0;

	*count = 0;
	if (database_prepare(&l->d,
			     "SELECT g.root, SUM(g.run_id = ?1 AND c.path = g.path),"
			     " SUM(NOT " IS_BELOW ")"
			     " FROM gone AS g CROSS JOIN comic AS c ON c.id = g.comic_id"
			     " GROUP BY g.root",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, l->run);
	while ((got = database_step(&l->d, s, err)) > 0) {
		size_t len = (size_t)sqlite3_column_bytes(s, 0);
		char *copy = arena_copy(a, sqlite3_column_text(s, 0), len);

		if (copy == NULL || mem_grow(out, &room, *count + 1, sizeof(**out)) < 0) {
			(void)sqlite3_reset(s);
			return err_set_nomem(err, "finishing");
		}
		(*out)[(*count)++] = (struct root_loss){ { copy, len },
							 sqlite3_column_int64(s, 1),
							 sqlite3_column_int64(s, 2) };
	}
	return got;
}

static int guard_root(struct load *l, const struct root_loss *loss, struct refused *refused,
		      struct comic_err *err)
{
	int64_t all = 0;

	if (count_below(l, loss->root, &all, err) < 0)
		return -1;
	all += loss->left;
	if (all <= SMALL_ROOT || loss->gone * 100 <= all * (int64_t)l->options.max_gone)
		return 0;
	if (refused->count == 0)
		(void)sqlite3_snprintf(
			sizeof(refused->message), refused->message,
			"%.300s: delete: %lld of %lld comics are gone, more than %u %%:"
			" nothing was deleted (--max-gone allows more)",
			loss->root.data, (long long)loss->gone, (long long)all,
			l->options.max_gone);
	if (refused->count == REFUSED_ROOTS)
		return err_set(err, COMIC_ERR_REFUSED, "%s", refused->message);
	refused->roots[refused->count++] = loss->root;
	return 0;
}

static int guard_roots(struct load *l, struct refused *refused, struct comic_err *err)
{
	struct root_loss *losses = NULL;
	size_t count = 0;
	int status = read_losses(l, &refused->texts, &losses, &count, err);

	for (size_t i = 0; status == 0 && i < count; i++)
		status = guard_root(l, &losses[i], refused, err);
	free(losses);
	return status;
}

static bool is_refused(const struct refused *refused, struct text root)
{
	for (size_t i = 0; i < refused->count; i++) {
		if (text_equal(refused->roots[i], root))
			return true;
	}
	return false;
}

// One transaction's worth of rows of `gone`.
struct page {
	struct arena texts;
	int64_t *comics; // to delete
	size_t comic_count;
	struct text *paths; // whose failures are over too
	size_t path_count;
	struct text last; // path; the next page begins behind it
	size_t rows;
};

static int take_gone(struct page *p, const struct refused *refused, sqlite3_stmt *row)
{
	struct text path = { (const char *)sqlite3_column_text(row, 0),
			     (size_t)sqlite3_column_bytes(row, 0) };
	struct text root = { (const char *)sqlite3_column_text(row, 3),
			     (size_t)sqlite3_column_bytes(row, 3) };
	bool named = sqlite3_column_type(row, 1) != SQLITE_NULL;
	bool found = sqlite3_column_type(row, 2) != SQLITE_NULL;

	p->last = (struct text){ arena_copy(&p->texts, path.data, path.len), path.len };
	p->rows++;
	if (p->last.data == NULL)
		return -1;
	// A row that is no longer what the scan saw is left alone.
	if (is_refused(refused, root) || (named && !found))
		return 0;
	p->paths[p->path_count++] = p->last;
	if (found)
		p->comics[p->comic_count++] = sqlite3_column_int64(row, 2);
	return 0;
}

static int read_page(struct load *l, struct page *p, const struct refused *refused,
		     struct text after, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	if (database_prepare(&l->d,
			     "SELECT g.path, g.comic_id, c.id, g.root FROM gone AS g"
			     " LEFT JOIN comic AS c ON c.id = g.comic_id AND c.path = g.path"
			     " WHERE g.run_id = ?1 AND g.path > ?2 ORDER BY g.path LIMIT ?3",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, l->run);
	(void)sqlite3_bind_text(s, 2, after.data, (int)after.len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 3, (int64_t)finish_page(l));
	while ((got = database_step(&l->d, s, err)) > 0) {
		if (take_gone(p, refused, s) < 0) {
			(void)sqlite3_reset(s);
			return err_set_nomem(err, "finishing");
		}
	}
	return got;
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

static void text_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct text *texts = rows;

	(void)column;
	sqlite3_result_text(out, texts[row].data, (int)texts[row].len, SQLITE_STATIC);
}

static int delete_page(struct load *l, struct page *p, struct comic_err *err)
{
	struct feed paths = { p->path_count, text_column, p->paths };

	if (p->comic_count > 1)
		qsort(p->comics, p->comic_count, sizeof(*p->comics), compare_ids);
	if (finish_unlink(l, p->comics, p->comic_count, err) < 0 ||
	    search_flush(&l->d, &l->search, err) < 0 ||
	    database_run_feed(&l->d, "DELETE FROM comic WHERE id IN (SELECT c0 FROM feed)",
			      feed_integers((const sqlite3_int64 *)p->comics, p->comic_count),
			      err) < 0)
		return -1;
	l->counts[COUNT_COMICS_DELETED] += p->comic_count;
	return database_run_feed(&l->d, "DELETE FROM failed WHERE path IN (SELECT c0 FROM feed)",
				 paths, err);
}

// 1: there may be more; *after is where to go on, in `place`.
static int delete_next(struct load *l, const struct refused *refused, struct arena *place,
		       struct text *after, struct comic_err *err)
{
	struct page p = { 0 };
	size_t room = finish_page(l);
	int status = -1;

	p.comics = mem_alloc(room, sizeof(*p.comics));
	p.paths = mem_alloc(room, sizeof(*p.paths));
	if (p.comics == NULL || p.paths == NULL) {
		(void)err_set_nomem(err, "finishing");
		goto out;
	}
	if (load_begin(l, err) < 0)
		goto out;
	if (read_page(l, &p, refused, *after, err) < 0 || delete_page(l, &p, err) < 0) {
		database_rollback(&l->d);
		goto out;
	}
	if (load_commit(l, err) < 0)
		goto out;
	status = p.rows == room;
	if (status > 0) {
		arena_reset(place, 0);
		*after = (struct text){ arena_copy(place, p.last.data, p.last.len), p.last.len };
		if (after->data == NULL)
			status = err_set_nomem(err, "finishing");
	}
out:
	free(p.comics);
	free(p.paths);
	arena_clear(&p.texts);
	return status;
}

static int delete_gone(struct load *l, struct refused *refused, struct comic_err *err)
{
	struct arena place = { 0 };
	struct text after = TEXT("");
	int got = guard_roots(l, refused, err) < 0 ? -1 : 1;

	while (got > 0)
		got = delete_next(l, refused, &place, &after, err);
	arena_clear(&place);
	return got;
}

// ---- the rest -----------------------------------------------------------------------------

// Rows of `gone` of this run and of dead ones.
static int drop_gone(struct load *l, struct comic_err *err)
{
	char sql[160];
	uint64_t dropped = 0;

	(void)sqlite3_snprintf(sizeof(sql), sql,
			       "DELETE FROM gone WHERE (run_id, path) IN"
			       " (SELECT run_id, path FROM gone LIMIT %lld)",
			       (long long)finish_page(l));
	do {
		if (database_begin(&l->d, err) < 0)
			return -1;
		if (database_run(&l->d, sql, err) < 0) {
			database_rollback(&l->d);
			return -1;
		}
		dropped = database_changes(&l->d);
		if (database_commit(&l->d, err) < 0)
			return -1;
	} while (dropped > 0);
	return 0;
}

// The planner's statistics follow the number of comics: a run that only changed some has none.
// In a transaction, whose beginning waits for the lock: SQLite's own would begin by reading, and
// be refused at once if another program wrote before it came to write.
static int optimize(struct load *l, struct comic_err *err)
{
	if (l->counts[COUNT_COMICS_CREATED] == 0 && l->counts[COUNT_COMICS_DELETED] == 0)
		return 0;
	if (database_run(&l->d, "PRAGMA analysis_limit = 400", err) < 0 ||
	    database_begin(&l->d, err) < 0)
		return -1;
	if (database_run(&l->d, "PRAGMA optimize", err) == 0)
		return database_commit(&l->d, err);
	database_rollback(&l->d);
	return -1;
}

// What a run left undone is done only by a run that saw everything below its roots.
static int mark_finished(struct load *l, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (load_begin(l, err) < 0)
		return -1;
	if (database_prepare(&l->d,
			     "UPDATE import_run SET finished_at = ?1"
			     " WHERE finished_at IS NULL AND (id = ?2 OR ?3)",
			     &s, err) < 0)
		goto failed;
	(void)sqlite3_bind_text(s, 1, l->now, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 2, l->run);
	(void)sqlite3_bind_int(s, 3, l->any_complete);
	if (database_step(&l->d, s, err) < 0)
		goto failed;
	return load_commit(l, err);
failed:
	database_rollback(&l->d);
	return -1;
}

// True if this run changed something, or one before it was not finished and this one may.
static int is_needed(struct load *l, bool *needed, struct comic_err *err)
{
	int64_t unfinished = 0;

	*needed = l->run != 0;
	if (*needed || !l->any_complete)
		return 0;
	if (database_number(&l->d,
			    "SELECT EXISTS (SELECT 1 FROM import_run WHERE finished_at IS NULL)",
			    &unfinished, err) < 0)
		return -1;
	*needed = unfinished != 0;
	return *needed ? 0 : newcomers_need(l, needed, err);
}

static int adopt_run(struct load *l, struct comic_err *err)
{
	if (l->run != 0)
		return 0;
	if (load_begin(l, err) < 0)
		return -1;
	if (load_start_run(l, err) < 0) {
		database_rollback(&l->d);
		return -1;
	}
	return load_commit(l, err);
}

int finish_run(struct load *l, struct comic_err *err)
{
	struct refused refused = { 0 };
	bool needed = false;
	int status = is_needed(l, &needed, err);

	if (status < 0 || !needed)
		return status;
	status = adopt_run(l, err);
	if (status == 0)
		status = finish_first(l, err);
	if (status == 0 && l->any_gone)
		status = finish_moves(l, err);
	if (status == 0 && l->any_gone)
		status = delete_gone(l, &refused, err);
	if (status == 0)
		status = newcomers_settle(l, err);
	if (status == 0 &&
	    (finish_sweep(l, err) < 0 ||
	     search_merge(&l->d, &l->search, SEGMENTS_MANY, err) < 0 || drop_gone(l, err) < 0 ||
	     optimize(l, err) < 0 || mark_finished(l, err) < 0))
		status = -1;
	// Whoever still reads keeps the log; it is no error and shrinks with the next run.
	if (status == 0)
		(void)sqlite3_wal_checkpoint_v2(l->d.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
						NULL);
	if (status == 0 && refused.count > 0)
		status = err_set(err, COMIC_ERR_REFUSED, "%s", refused.message);
	arena_clear(&refused.texts);
	return status;
}
