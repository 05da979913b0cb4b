// SPDX-License-Identifier: MIT
// finish_first.c: the end of the first import; see first.h and finish.h.

#include "database/finish.h"

#include "base/mem.h"
#include "database/checkpoint.h"
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

static int set_cache(struct load *l, int64_t size, struct comic_err *err)
{
	char sql[64];

	(void)sqlite3_snprintf(sizeof(sql), sql, "PRAGMA cache_size = %lld", (long long)size);
	return database_run(&l->d, sql, err);
}

// Sorting takes as much as the cache may, and half of that once more where it grows, in large
// pieces, for which what was freed of others is too small.
static int make_indexes(struct load *l, struct checkpoint *beside, struct comic_err *err)
{
	const char *sql = indexes_sql;
	int64_t cache = 0;
	int status = 0;

	if (database_number(&l->d, "PRAGMA cache_size", &cache, err) < 0 ||
	    set_cache(l, cache / 4 * 3, err) < 0)
		return -1;
	mem_trim();
	while (status == 0 && *sql != '\0') {
		status = run_next(l, &sql, err);
		checkpoint_begin(beside, &l->d);
	}
	return status < 0 ? -1 : set_cache(l, cache, err);
}

static int end_in_transaction(struct work *w, bool last, struct comic_err *err)
{
	if (first_begin(w, err) < 0 || first_flush(w, err) < 0)
		return -1;
	return last ? database_run(w->d, "DELETE FROM meta WHERE key = 'first_import'", err) : 0;
}

// Brings the search index up to the last comic of this and of other programs. The last time the
// marker goes in the same transaction: what another program then still holds is in the index,
// and it lets go of it (first_begin()).
static int write_search(struct load *l, bool last, struct comic_err *err)
{
	struct work w = { .d = &l->d,
			  .batch = &l->batch,
			  .search = &l->search };
	int status = load_begin(l, err);

	if (status == 0 && end_in_transaction(&w, last, err) == 0) {
		status = load_commit(l, err);
	} else if (status == 0) {
		database_rollback(&l->d);
		status = -1;
	}
	work_clear(&w);
	return status;
}

int finish_first(struct load *l, struct comic_err *err)
{
	struct checkpoint beside = { 0 };
	int64_t marked = 0;
	int status = 0;

	if (database_number(&l->d,
			    "SELECT EXISTS (SELECT 1 FROM meta WHERE key = 'first_import')",
			    &marked, err) < 0)
		return -1;
	if (marked == 0)
		return 0;
	checkpoint_begin(&beside, &l->d);
	// Most of the search index first: the last transaction is then a short one.
	status = write_search(l, false, err);
	if (status == 0)
		status = make_indexes(l, &beside, err);
	if (status == 0)
		status = write_search(l, true, err);
	checkpoint_end(&beside);
	return status;
}
