// SPDX-License-Identifier: MIT
// finish_moves.c: comics that moved without their inode, known by their pages; see finish.h.
//
// A gone comic and a new one (see newcomers.c) with the same fingerprint are one that moved:
// first those with the same file name, in path order, then those of whose pages
// there is just one gone and one new. The row that was there first keeps its id and
// the time it was added; all else is the new row's.

#include "database/finish.h"

#include <stdlib.h>
#include <string.h>

struct gone_comic {
	int64_t id;
	struct text path;
	struct text fingerprint;
	struct text file_name;
};

struct pair {
	int64_t old;
	int64_t new;
};

// The comics of one transaction.
struct move_page {
	struct arena texts;
	struct gone_comic *gone;
	size_t gone_count;
	struct pair *pairs;
	struct text *paths; // of the old rows that are paired
	size_t pair_count;
	struct intern taken; // ids of new rows
	int64_t first;       // new rows have an id from here on
};

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "finishing");
}

static bool keep_column(struct arena *a, sqlite3_stmt *row, int column, struct text *out)
{
	out->len = (size_t)sqlite3_column_bytes(row, column);
	out->data = arena_copy(a, sqlite3_column_text(row, column), out->len);
	return out->data != NULL;
}

static int read_gone(struct load *l, struct move_page *p, struct text after, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	if (database_prepare(&l->d,
			     "SELECT c.id, c.path, c.fingerprint, c.file_name FROM gone AS g"
			     " CROSS JOIN comic AS c ON c.id = g.comic_id AND c.path = g.path"
			     " WHERE g.run_id = ?1 AND g.path > ?2"
			     " AND c.fingerprint IS NOT NULL AND c.page_count > 0"
			     " ORDER BY g.path LIMIT ?3",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, l->run);
	(void)sqlite3_bind_text(s, 2, after.data, (int)after.len, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 3, (int64_t)finish_page(l));
	while ((got = database_step(&l->d, s, err)) > 0) {
		struct gone_comic *g = &p->gone[p->gone_count++];

		g->id = sqlite3_column_int64(s, 0);
		if (!keep_column(&p->texts, s, 1, &g->path) ||
		    !keep_column(&p->texts, s, 2, &g->fingerprint) ||
		    !keep_column(&p->texts, s, 3, &g->file_name)) {
			(void)sqlite3_reset(s);
			return no_memory(err);
		}
	}
	return got;
}

// A row that came after the gone one, ?4, has the fingerprint ?1, and is not gone itself.
#define NEW_ROWS                                                                                   \
	"FROM comic AS c WHERE c.fingerprint = ?1 AND c.id > ?4 AND c.page_count > 0"              \
	" AND (c.id >= ?2 OR c.id IN (SELECT comic_id FROM newcomer))"                             \
	" AND NOT EXISTS (SELECT 1 FROM gone AS g WHERE g.run_id = ?3 AND g.path = c.path"         \
	" AND g.comic_id = c.id)"

static int start_query(struct load *l, const struct move_page *p, const struct gone_comic *g,
		       const char *sql, sqlite3_stmt **out, struct comic_err *err)
{
	if (database_prepare(&l->d, sql, out, err) < 0)
		return -1;
	(void)sqlite3_bind_text(*out, 1, g->fingerprint.data, (int)g->fingerprint.len,
				SQLITE_STATIC);
	(void)sqlite3_bind_int64(*out, 2, p->first);
	(void)sqlite3_bind_int64(*out, 3, l->run);
	(void)sqlite3_bind_int64(*out, 4, g->id);
	return 0;
}

// The first new row with the same pages and file name that no other gone comic has taken.
static int find_by_name(struct load *l, struct move_page *p, const struct gone_comic *g,
			int64_t *found, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	*found = 0;
	if (start_query(l, p, g, "SELECT c.id " NEW_ROWS " AND c.file_name = ?5 ORDER BY c.path",
			&s, err) < 0)
		return -1;
	(void)sqlite3_bind_text(s, 5, g->file_name.data, (int)g->file_name.len, SQLITE_STATIC);
	while ((got = database_step(&l->d, s, err)) > 0) {
		int64_t id = sqlite3_column_int64(s, 0);
		struct text key = { (const char *)&id, sizeof(id) };

		if (intern_find(&p->taken, key) != INTERN_NONE)
			continue;
		(void)sqlite3_reset(s);
		*found = id;
		return intern_add(&p->taken, key) == INTERN_NONE ? no_memory(err) : 0;
	}
	return got;
}

// The only new row with the same pages, if this is the only gone one.
static int find_alone(struct load *l, struct move_page *p, const struct gone_comic *g,
		      int64_t *found, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = 0;

	*found = 0;
	if (start_query(l, p, g,
			"SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM comic AS o"
			" JOIN gone AS h ON h.run_id = ?3 AND h.path = o.path AND h.comic_id = o.id"
			" WHERE o.fingerprint = ?1 LIMIT 2)),"
			" COUNT(*), MIN(id) FROM (SELECT c.id " NEW_ROWS " LIMIT 2)",
			&s, err) < 0)
		return -1;
	got = database_step(&l->d, s, err);
	if (got <= 0)
		return got;
	if (sqlite3_column_int64(s, 0) == 1 && sqlite3_column_int64(s, 1) == 1)
		*found = sqlite3_column_int64(s, 2);
	(void)sqlite3_reset(s);
	return 0;
}

static int find_pairs(struct load *l, struct move_page *p, bool by_name, struct comic_err *err)
{
	for (size_t i = 0; i < p->gone_count; i++) {
		int64_t found = 0;
		int status = by_name ? find_by_name(l, p, &p->gone[i], &found, err)
				     : find_alone(l, p, &p->gone[i], &found, err);

		if (status < 0)
			return -1;
		if (found == 0)
			continue;
		p->paths[p->pair_count] = p->gone[i].path;
		p->pairs[p->pair_count++] = (struct pair){ p->gone[i].id, found };
	}
	return 0;
}

// ---- the old row goes on as the new one ---------------------------------------------------

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a;
	const struct pair *y = b;

	return (x->old > y->old) - (x->old < y->old);
}

static int compare_ids(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

static void pair_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct pair *pairs = rows;

	sqlite3_result_int64(out, column == 0 ? pairs[row].old : pairs[row].new);
}

static void text_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct text *texts = rows;

	(void)column;
	sqlite3_result_text(out, texts[row].data, (int)texts[row].len, SQLITE_STATIC);
}

#define KEEP_ADDED                                                                                 \
	"UPDATE comic SET added_at = o.added_at FROM feed AS f CROSS JOIN comic AS o"              \
	" ON o.id = f.c0 WHERE comic.id = f.c1"

static int renumber(struct load *l, struct feed pairs, struct comic_err *err)
{
	static const char *const statements[] = {
		KEEP_ADDED,
		"DELETE FROM newcomer WHERE comic_id IN (SELECT c1 FROM feed)",
		"DELETE FROM comic WHERE id IN (SELECT c0 FROM feed)",
		"UPDATE comic SET id = f.c0 FROM feed AS f WHERE comic.id = f.c1",
	};
	char sql[128];

	for (size_t i = 0; i < COMIC_COUNT(statements); i++) {
		if (database_run_feed(&l->d, statements[i], pairs, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < LINK_KINDS; i++) {
		(void)sqlite3_snprintf(
			sizeof(sql), sql,
			"UPDATE %s SET comic_id = f.c0 FROM feed AS f WHERE comic_id = f.c1",
			link_shapes[i].table);
		if (database_run_feed(&l->d, sql, pairs, err) < 0)
			return -1;
	}
	return 0;
}

static int join_ids(struct load *l, struct move_page *p, int64_t *old, int64_t *new,
		    struct comic_err *err)
{
	size_t n = p->pair_count;
	struct feed pairs = { n, pair_column, p->pairs };
	struct feed paths = { n, text_column, p->paths };

	qsort(p->pairs, n, sizeof(*p->pairs), compare_pairs);
	for (size_t i = 0; i < n; i++) {
		old[i] = p->pairs[i].old;
		new[i] = p->pairs[i].new;
	}
	qsort(new, n, sizeof(*new), compare_ids);
	// What was gone stays in `gone`, where it counts as moved: its row has another path now.
	// A comic's id changes before its links follow.
	if (database_run(&l->d, "PRAGMA defer_foreign_keys = ON", err) < 0 ||
	    finish_unlink(l, old, n, err) < 0 ||
	    search_by_view(&l->d, &l->search, POSTING_OLD, new, n, err) < 0 ||
	    renumber(l, pairs, err) < 0 ||
	    search_by_view(&l->d, &l->search, POSTING_NEW, old, n, err) < 0 ||
	    search_flush(&l->d, &l->search, err) < 0)
		return -1;
	l->counts[COUNT_COMICS_MOVED] += n;
	for (size_t i = 0; i < n; i++) {
		// Not new after all.
		if (new[i] >= l->first_comic && l->counts[COUNT_COMICS_CREATED] > 0)
			l->counts[COUNT_COMICS_CREATED]--;
	}
	return database_run_feed(&l->d, "DELETE FROM failed WHERE path IN (SELECT c0 FROM feed)",
				 paths, err);
}

static int join_pairs(struct load *l, struct move_page *p, struct comic_err *err)
{
	int64_t *old = NULL;
	int64_t *new = NULL;
	int status = 0;

	if (p->pair_count == 0)
		return 0;
	old = mem_alloc(p->pair_count, sizeof(*old));
	new = mem_alloc(p->pair_count, sizeof(*new));
	status = old == NULL || new == NULL ? no_memory(err) : join_ids(l, p, old, new, err);
	free(old);
	free(new);
	return status;
}

int finish_first_new(struct load *l, int64_t *first, struct comic_err *err)
{
	return database_number(&l->d,
			       "SELECT MIN(first_comic) FROM import_run WHERE finished_at IS NULL",
			       first, err);
}

// ---- pages --------------------------------------------------------------------------------

static int run_page(struct load *l, struct move_page *p, bool by_name, struct text after,
		    struct comic_err *err)
{
	if (load_begin(l, err) < 0)
		return -1;
	if (finish_first_new(l, &p->first, err) < 0 ||
	    read_gone(l, p, after, err) < 0 || find_pairs(l, p, by_name, err) < 0 ||
	    join_pairs(l, p, err) < 0)
		goto failed;
	return load_commit(l, err);
failed:
	database_rollback(&l->d);
	return -1;
}

// 1: there may be more behind *after, whose text is in `place`.
static int next_page(struct load *l, bool by_name, struct arena *place, struct text *after,
		     struct comic_err *err)
{
	size_t room = finish_page(l);
	struct move_page p = {
		.gone = mem_alloc(room, sizeof(*p.gone)),
		.pairs = mem_alloc(room, sizeof(*p.pairs)),
		.paths = mem_alloc(room, sizeof(*p.paths)),
	};
	int status = -1;

	if (p.gone == NULL || p.pairs == NULL || p.paths == NULL)
		(void)no_memory(err);
	else
		status = run_page(l, &p, by_name, *after, err);
	if (status == 0 && p.gone_count == room) {
		struct text last = p.gone[room - 1].path;

		arena_reset(place, 0);
		*after = (struct text){ arena_copy(place, last.data, last.len), last.len };
		status = after->data == NULL ? no_memory(err) : 1;
	}
	free(p.gone);
	free(p.pairs);
	free(p.paths);
	intern_clear(&p.taken);
	arena_clear(&p.texts);
	return status;
}

int finish_moves(struct load *l, struct comic_err *err)
{
	struct arena place = { 0 };
	int got = 0;

	for (int round = 0; got == 0 && round < 2; round++) {
		struct text after = TEXT("");

		do {
			got = next_page(l, round == 0, &place, &after, err);
		} while (got > 0);
	}
	arena_clear(&place);
	return got;
}
