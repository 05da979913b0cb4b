// SPDX-License-Identifier: MIT
// search_merge.c: see search.h.

#include "database/search.h"

#define MERGE_PAGES 1000 // in one transaction

// Runs a command of FTS5 in a transaction.
static int run_command(struct database *d, const char *command, int64_t value, bool keep,
		       struct comic_err *err)
{
	char sql[96];

	(void)sqlite3_snprintf(sizeof(sql), sql,
			       "INSERT INTO comic_fts (comic_fts, rank) VALUES ('%s', %lld)",
			       command, (long long)value);
	if (database_begin(d, err) < 0)
		return -1;
	if (database_run(d, sql, err) == 0 && keep)
		return database_commit(d, err);
	database_rollback(d);
	return keep ? -1 : 0;
}

int search_merge(struct database *d, struct search *s, size_t many, struct comic_err *err)
{
	int64_t before = 0;

	// A new segment gets the lowest number that is free.
	if (database_number(d, "SELECT MAX(segid) FROM comic_fts_idx", &before, err) < 0)
		return -1;
	s->segments = 0;
	if (before < (int64_t)many)
		return 0;
	// FTS5 remembers the list of segments it once read. After a rollback it reads it again.
	if (run_command(d, "automerge", 0, false, err) < 0)
		return -1;
	do {
		before = sqlite3_total_changes64(d->db);
		if (run_command(d, "merge", MERGE_PAGES, true, err) < 0)
			return -1;
		// FTS5: fewer than two changes say that there was nothing to merge.
	} while (sqlite3_total_changes64(d->db) - before >= 2);
	return 0;
}
