// SPDX-License-Identifier: MIT
// gone.c: see gone.h.

#include "walk/gone.h"

// A file with no name, deleted with the connection. Nobody else sees it and a crash may lose it.
static const char setup[] =
	"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
	"PRAGMA cache_size = -1024;"
	"CREATE TABLE missing (path TEXT PRIMARY KEY, comic INTEGER, failed INTEGER, root INTEGER)"
	" WITHOUT ROWID;"
	"CREATE TABLE moved (comic INTEGER PRIMARY KEY);"
	"BEGIN";

static int fail(struct gone *g, struct comic_err *err)
{
	if (g->db == NULL || sqlite3_errcode(g->db) == SQLITE_NOMEM)
		return err_set_nomem(err, "the list of missing comics");
	return err_set(err, COMIC_ERR_DB, "the list of missing comics (in a temporary file): %s",
		       sqlite3_errmsg(g->db));
}

static int prepare(struct gone *g, const char *sql, sqlite3_stmt **out)
{
	return sqlite3_prepare_v3(g->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
}

static int make(struct gone *g, struct comic_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

	if (g->db != NULL)
		return 0;
	if (sqlite3_open_v2("", &g->db, flags, NULL) != SQLITE_OK ||
	    sqlite3_exec(g->db, setup, NULL, NULL, NULL) != SQLITE_OK ||
	    prepare(g, "INSERT OR IGNORE INTO missing VALUES (?1, ?2, ?3, ?4)", &g->add_missing) !=
		    SQLITE_OK ||
	    prepare(g, "INSERT OR IGNORE INTO moved VALUES (?1)", &g->add_moved) != SQLITE_OK ||
	    prepare(g, "SELECT 1 FROM moved WHERE comic = ?1", &g->find_moved) != SQLITE_OK ||
	    // A comic that moved leaves nothing behind but the failure its old path may have had.
	    prepare(g,
		    "SELECT path, CASE WHEN comic IN moved THEN NULL ELSE comic END FROM missing"
		    " WHERE comic IS NULL OR comic NOT IN moved OR failed ORDER BY path",
		    &g->next) != SQLITE_OK)
		return fail(g, err);
	return 0;
}

void gone_clear(struct gone *g)
{
	(void)sqlite3_finalize(g->add_missing);
	(void)sqlite3_finalize(g->add_moved);
	(void)sqlite3_finalize(g->find_moved);
	(void)sqlite3_finalize(g->next);
	(void)sqlite3_close(g->db);
	*g = (struct gone){ .db = NULL };
}

// Runs a statement that gives at most one row: 1 if it gave one, else 0.
static int run(struct gone *g, sqlite3_stmt *stmt, struct comic_err *err)
{
	int step = sqlite3_step(stmt);

	(void)sqlite3_reset(stmt);
	if (step == SQLITE_ROW)
		return 1;
	return step == SQLITE_DONE ? 0 : fail(g, err);
}

int gone_add(struct gone *g, const struct gone_row *row, bool has_failed, size_t root,
	     struct comic_err *err)
{
	if (make(g, err) < 0)
		return -1;
	(void)sqlite3_bind_text64(g->add_missing, 1, row->path.data, row->path.len, SQLITE_STATIC,
				  SQLITE_UTF8);
	if (row->has_comic)
		(void)sqlite3_bind_int64(g->add_missing, 2, row->comic);
	else
		(void)sqlite3_bind_null(g->add_missing, 2);
	(void)sqlite3_bind_int(g->add_missing, 3, has_failed);
	(void)sqlite3_bind_int64(g->add_missing, 4, (int64_t)root);
	return run(g, g->add_missing, err);
}

int gone_add_moved(struct gone *g, int64_t comic, struct comic_err *err)
{
	if (make(g, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(g->add_moved, 1, comic);
	return run(g, g->add_moved, err);
}

int gone_has_moved(struct gone *g, int64_t comic, struct comic_err *err)
{
	if (g->db == NULL)
		return 0;
	(void)sqlite3_bind_int64(g->find_moved, 1, comic);
	return run(g, g->find_moved, err);
}

int gone_forget_root(struct gone *g, size_t root, struct comic_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int status = 0;

	if (g->db == NULL)
		return 0;
	if (prepare(g, "DELETE FROM missing WHERE root = ?1", &stmt) != SQLITE_OK)
		return fail(g, err);
	(void)sqlite3_bind_int64(stmt, 1, (int64_t)root);
	status = run(g, stmt, err);
	(void)sqlite3_finalize(stmt);
	return status;
}

int gone_next(struct gone *g, struct gone_row *row, struct comic_err *err)
{
	int step = SQLITE_DONE;

	if (g->db != NULL)
		step = sqlite3_step(g->next);
	if (step == SQLITE_DONE)
		return 0;
	if (step != SQLITE_ROW)
		return fail(g, err);
	*row = (struct gone_row){
		.path = { (const char *)sqlite3_column_text(g->next, 0),
			  (size_t)sqlite3_column_bytes(g->next, 0) },
		.has_comic = sqlite3_column_type(g->next, 1) != SQLITE_NULL,
		.comic = sqlite3_column_int64(g->next, 1),
	};
	return 1;
}
