// SPDX-License-Identifier: MIT
// database.c: see database.h. Opening is in open.c.

#include "database/database.h"

#include "base/interrupt.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int fail_busy(const struct database *d, const char *action, struct comic_err *err)
{
	return err_set(err, COMIC_ERR_DB,
		       "%s: %s: locked by another program for more than %" PRId64 " s", d->path,
		       action, d->wait / 1000000000);
}

// SQLite's text, and behind it what the system said of a failed read or write.
static int fail_system(struct database *d, const char *action, struct comic_err *err)
{
	int sys = sqlite3_system_errno(d->db);
	char reason[128] = "";

	if (sys == 0 || strerror_r(sys, reason, sizeof(reason)) != 0)
		return err_set(err, COMIC_ERR_DB, "%s: %s: %s", d->path, action,
			       sqlite3_errmsg(d->db));
	return err_set(err, COMIC_ERR_DB, "%s: %s: %s: %s", d->path, action, sqlite3_errmsg(d->db),
		       reason);
}

// A write that finds no room; that of the log's index is an I/O error to SQLite.
static bool is_disk_full(struct database *d)
{
	int sys = sqlite3_system_errno(d->db);

	return sqlite3_errcode(d->db) == SQLITE_FULL || sys == ENOSPC || sys == EDQUOT;
}

int database_fail(struct database *d, const char *action, struct comic_err *err)
{
	switch (sqlite3_errcode(d->db)) {
	case SQLITE_NOMEM:
		return err_set_nomem(err, d->path);
	case SQLITE_INTERRUPT:
		return err_set(err, COMIC_ERR_INTERRUPTED, "%s: %s: interrupted", d->path, action);
	case SQLITE_BUSY:
		// The wait ends at once when a signal arrives.
		return interrupt_check(err) < 0 ? -1 : fail_busy(d, action, err);
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		if (is_disk_full(d))
			return err_set(err, COMIC_ERR_DB, "%s: %s: disk full", d->path, action);
		return fail_system(d, action, err);
	default:
		return err_set(err, COMIC_ERR_DB, "%s: %s: %s", d->path, action,
			       sqlite3_errmsg(d->db));
	}
}

int database_prepare(struct database *d, const char *sql, sqlite3_stmt **out, struct comic_err *err)
{
	size_t known = d->sql.count;
	uint32_t number = intern_add(&d->sql, text_from(sql));
	size_t room = d->statement_room;

	if (number == INTERN_NONE ||
	    mem_grow(&d->statements, &d->statement_room, d->sql.count, sizeof(*d->statements)) < 0)
		return err_set_nomem(err, d->path);
	if (d->statement_room > room)
		memset(d->statements + room, 0,
		       (d->statement_room - room) * sizeof(*d->statements));
	if ((number == known || d->statements[number] == NULL) &&
	    sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &d->statements[number],
			       NULL) != SQLITE_OK)
		return database_fail(d, "prepare", err);
	*out = d->statements[number];
	return 0;
}

// What a statement does, for messages: its first word.
static const char *action_of(sqlite3_stmt *statement)
{
	const char *sql = sqlite3_sql(statement);

	if (sql != NULL && strncmp(sql, "SELECT", 6) == 0)
		return "read";
	if (sql != NULL && strncmp(sql, "BEGIN", 5) == 0)
		return "begin";
	if (sql != NULL && strncmp(sql, "COMMIT", 6) == 0)
		return "commit";
	return "write";
}

int database_step(struct database *d, sqlite3_stmt *statement, struct comic_err *err)
{
	int got = sqlite3_step(statement);
	int status = 0;

	if (got == SQLITE_ROW)
		return 1;
	if (got != SQLITE_DONE)
		status = database_fail(d, action_of(statement), err);
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
	return status;
}

int database_run(struct database *d, const char *sql, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	int got = 0;

	if (database_prepare(d, sql, &statement, err) < 0)
		return -1;
	do {
		got = database_step(d, statement, err);
	} while (got > 0);
	return got;
}

int database_run_feed(struct database *d, const char *sql, struct feed rows, struct comic_err *err)
{
	int status = 0;

	if (rows.count == 0)
		return 0;
	d->feed = rows;
	status = database_run(d, sql, err);
	d->feed = (struct feed){ 0 };
	return status;
}

int database_number(struct database *d, const char *sql, int64_t *out, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	int got = 0;

	*out = 0;
	if (database_prepare(d, sql, &statement, err) < 0)
		return -1;
	got = database_step(d, statement, err);
	if (got <= 0)
		return got;
	*out = sqlite3_column_int64(statement, 0);
	(void)sqlite3_reset(statement);
	return 0;
}

uint64_t database_changes(const struct database *d)
{
	return (uint64_t)sqlite3_changes64(d->db);
}

int database_begin(struct database *d, struct comic_err *err)
{
	return database_run(d, "BEGIN IMMEDIATE", err);
}

int database_commit(struct database *d, struct comic_err *err)
{
	if (database_run(d, "COMMIT", err) < 0) {
		database_rollback(d);
		return -1;
	}
	// Readers that keep the log from being moved back are not waited for.
	if (d->wal_bytes > d->wal_most)
		(void)sqlite3_wal_checkpoint_v2(d->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	return 0;
}

void database_rollback(struct database *d)
{
	// Some errors have ended the transaction already.
	if (d->db != NULL && sqlite3_get_autocommit(d->db) == 0)
		(void)sqlite3_exec(d->db, "ROLLBACK", NULL, NULL, NULL);
}
