// SPDX-License-Identifier: MIT
// trial.c: see trial.h.

#include "database/trial.h"

#include "base/interrupt.h"
#include "database/open.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define STEP_PAGES 1024 // copied between two looks for a signal

// Nothing is ever rolled back and gone on with: what is no good any more is thrown away.
static int open_temporary(struct database *d, struct comic_err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	if (sqlite3_open_v2("", &d->db, flags, NULL) == SQLITE_OK &&
	    sqlite3_exec(d->db, "PRAGMA journal_mode = OFF", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return d->db == NULL ? err_set_nomem(err, d->path) : database_fail(d, "copy", err);
}

// ---- the database that is copied ----------------------------------------------------------

// Any name, byte for byte, as a URI. "//": an empty authority, as the name may begin with two
// slashes; "./": to SQLite ":memory:" is no name of a file.
static int make_uri(struct buf *uri, const char *path, bool still)
{
	static const char read[] = "?mode=ro";
	static const char read_still[] = "?immutable=1";
	int status = buf_add_text(uri, path[0] == '/' ? "file://" : "file:./");

	for (const char *c = path; status == 0 && *c != '\0'; c++)
		status = buf_printf(uri, *c == '/' ? "%c" : "%%%02X", (unsigned char)*c);
	if (status == 0)
		status = still ? buf_add(uri, read_still, sizeof(read_still))
			       : buf_add(uri, read, sizeof(read));
	return status;
}

// Begins to read. still: no locks and no files beside it, as nobody writes.
static int open_source(struct database *from, bool still, struct comic_err *err)
{
	struct buf uri = { 0 };
	int64_t tables = 0;
	int got = SQLITE_NOMEM;

	if (make_uri(&uri, from->path, still) == 0)
		got = sqlite3_open_v2((const char *)uri.data, &from->db,
				      SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	buf_clear(&uri);
	if (from->db == NULL)
		return err_set_nomem(err, from->path);
	if (got != SQLITE_OK)
		return database_fail(from, "open", err);
	(void)sqlite3_db_config(from->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	(void)sqlite3_busy_handler(from->db, open_wait_for_lock, from);
	if (database_run(from, "BEGIN", err) == 0 &&
	    database_number(from, "SELECT COUNT(*) FROM sqlite_schema", &tables, err) == 0)
		return 0;
	if (sqlite3_extended_errcode(from->db) == SQLITE_READONLY_ROLLBACK)
		return err_set(err, COMIC_ERR_DB,
			       "%s: read: a killed program left a transaction that the next run "
			       "must undo first",
			       from->path);
	return -1;
}

static int copy_pages(struct database *d, struct database *from, struct comic_err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(d->db, "main", from->db, "main");
	int got = SQLITE_OK;
	int stopped = 0;

	if (backup == NULL)
		return database_fail(d, "copy", err);
	while (got == SQLITE_OK && stopped == 0) {
		got = sqlite3_backup_step(backup, STEP_PAGES);
		stopped = interrupt_check(err);
	}
	// It hands the error on to the copy's connection.
	if (sqlite3_backup_finish(backup) != SQLITE_OK && stopped == 0)
		return database_fail(d, "copy", err);
	return stopped;
}

static int copy(struct database *d, bool still, struct comic_err *err)
{
	struct database from = { .path = d->path, .wait = d->wait };
	int status = open_temporary(d, err);

	if (status == 0)
		status = open_source(&from, still, err);
	if (status == 0)
		status = copy_pages(d, &from, err);
	close_database(&from);
	return status;
}

// ---- whether somebody writes it -----------------------------------------------------------

static bool has_content(const char *path, const char *suffix)
{
	struct buf name = { 0 };
	struct stat st;
	bool has = true; // or it cannot be known

	if (buf_printf(&name, "%s%s", path, suffix) == 0)
		has = stat((const char *)name.data, &st) < 0 ? errno != ENOENT : st.st_size > 0;
	buf_clear(&name);
	return has;
}

static bool is_unchanged(const char *path, const struct stat *before)
{
	struct stat now;

	return stat(path, &now) == 0 && now.st_dev == before->st_dev &&
	       now.st_ino == before->st_ino && now.st_size == before->st_size &&
	       memcmp(&now.st_mtim, &before->st_mtim, sizeof(now.st_mtim)) == 0 &&
	       memcmp(&now.st_ctim, &before->st_ctim, sizeof(now.st_ctim)) == 0;
}

// There must be a folder for a database that is to be made.
static int check_folder(const char *path, struct comic_err *err)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = { 0 };
	struct stat st;
	int status = 0;

	if (slash == NULL)
		return 0;
	if (buf_add(&folder, path, (size_t)(slash - path) + 1) < 0 ||
	    buf_add_byte(&folder, '\0') < 0)
		status = err_set_nomem(err, path);
	else if (stat((const char *)folder.data, &st) < 0)
		status = err_set_errno(err, "%s: open", path);
	buf_clear(&folder);
	return status;
}

int trial_open(struct database *d, struct comic_err *err)
{
	struct stat st;

	if (stat(d->path, &st) < 0) {
		if (errno != ENOENT)
			return err_set_errno(err, "%s: open", d->path);
		return check_folder(d->path, err) < 0 ? -1 : open_temporary(d, err);
	}
	if (!S_ISREG(st.st_mode))
		return err_set(err, COMIC_ERR_DB, "%s: open: not a regular file", d->path);
	if (st.st_size == 0)
		return open_temporary(d, err);
	// With nothing in a log or journal the file alone is the database. It can be read without
	// locks, which may need new files beside it, if it turns out that it did not change.
	if (!has_content(d->path, "-wal") && !has_content(d->path, "-journal")) {
		int status = copy(d, true, err);

		if (is_unchanged(d->path, &st))
			return status;
		(void)sqlite3_close(d->db);
		d->db = NULL;
	}
	return copy(d, false, err);
}
