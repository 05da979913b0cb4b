// SPDX-License-Identifier: MIT
// database.h: the one connection a program has to the index, and how statements run on it.
//
// Statements are prepared once and kept; each runs to its end before the next
// one starts. Errors say "PATH: what was done: what SQLite said". A lock held by
// another program is waited for, up to the time given to open_database().
#ifndef COMIC_DATABASE_H
#define COMIC_DATABASE_H

#include "base/err.h"
#include "base/intern.h"
#include "database/feed.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct database {
	sqlite3 *db;
	const char *path;          // for messages; the caller's
	struct feed feed;          // the rows of the table `feed`
	struct intern sql;         // the statements kept, by their text
	sqlite3_stmt **statements; // by the number of their text
	size_t statement_room;
	int64_t wait;       // nanoseconds a lock is waited for
	int64_t busy_since; // monotonic
	bool wal;           // false where the write-ahead log cannot work, and for a copy
	uint64_t page_size; // bytes
	bool patient;       // a signal does not stop a statement
	uint64_t wal_bytes; // in the log after the last commit
	uint64_t wal_most;  // above this a commit is followed by a checkpoint
};

// *out is the statement of this text, ready to run: reset, nothing bound.
COMIC_MUST_CHECK int database_prepare(struct database *d, const char *sql, sqlite3_stmt **out,
				      struct comic_err *err);
// 1: a row; 0: done, and the statement is reset; -1: err, and the statement is reset.
COMIC_MUST_CHECK int database_step(struct database *d, sqlite3_stmt *statement,
				   struct comic_err *err);
// Runs a statement without parameters and without rows that matter.
COMIC_MUST_CHECK int database_run(struct database *d, const char *sql, struct comic_err *err);
// The same, reading these rows as the table `feed`. Does nothing if there are none.
COMIC_MUST_CHECK int database_run_feed(struct database *d, const char *sql, struct feed rows,
				       struct comic_err *err);
// The first column of the first row as an integer; 0 for NULL or no row.
COMIC_MUST_CHECK int database_number(struct database *d, const char *sql, int64_t *out,
				     struct comic_err *err);
// Rows the last database_run() changed.
uint64_t database_changes(const struct database *d);

// A write transaction. Beginning waits for the lock, committing checkpoints a log that grew
// too long. -1 leaves no transaction open, but for database_begin() within one.
COMIC_MUST_CHECK int database_begin(struct database *d, struct comic_err *err);
COMIC_MUST_CHECK int database_commit(struct database *d, struct comic_err *err);
// Does nothing outside a transaction.
void database_rollback(struct database *d);

// Fills err from what SQLite says of the last failure: NOMEM, INTERRUPTED or DB.
int database_fail(struct database *d, const char *action, struct comic_err *err);

#endif
