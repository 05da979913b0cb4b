// SPDX-License-Identifier: MIT
// finish_first.c: the end of the first import; see first.h and finish.h.

#include "database/finish.h"
#include "database/schema.h"

// The first statement at *sql, in a transaction; *sql moves behind it.
static int run_next(struct load *l, const char **sql, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int status = 0;

	if (database_begin(&l->d, err) < 0)
		return -1;
	if (sqlite3_prepare_v2(l->d.db, *sql, -1, &s, sql) != SQLITE_OK)
		status = database_fail(&l->d, "prepare", err);
	else if (s != NULL) // it is NULL for a comment
		status = database_step(&l->d, s, err);
	(void)sqlite3_finalize(s);
	if (status == 0)
		return database_commit(&l->d, err);
	database_rollback(&l->d);
	return -1;
}

static int make_indexes(struct load *l, struct comic_err *err)
{
	const char *sql = indexes_sql;

	while (*sql != '\0') {
		if (run_next(l, &sql, err) < 0)
			return -1;
	}
	sql = "DELETE FROM meta WHERE key = 'first_import'";
	return run_next(l, &sql, err);
}

// Whether the first import goes on; what it holds goes into the index.
static int flush(struct load *l, bool *first, struct comic_err *err)
{
	struct work w = { .d = &l->d,
			  .batch = &l->batch,
			  .search_memory = load_search_memory(l),
			  .hold = &l->hold };
	int status = load_begin(l, err);

	if (status == 0) {
		status = first_begin(&w, err) < 0 || first_flush(&w, err) < 0 ? -1 : 0;
		if (status < 0)
			database_rollback(&l->d);
		else
			status = load_commit(l, err);
	}
	*first = w.first;
	work_clear(&w);
	hold_clear(&l->hold);
	return status;
}

int finish_first(struct load *l, struct comic_err *err)
{
	int64_t marked = 0;
	bool first = false;

	if (database_number(&l->d,
			    "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'first_import')",
			    &marked, err) < 0)
		return -1;
	if (marked == 0)
		return 0;
	if (flush(l, &first, err) < 0)
		return -1;
	return first ? make_indexes(l, err) : 0;
}
