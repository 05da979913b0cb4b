// SPDX-License-Identifier: MIT
// open.c: see open.h.

#include "database/open.h"

#include "base/interrupt.h"
#include "database/schema.h"
#include "database/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// migrations[n] leads from version n to n + 1; the first makes a new database as it is now.
static const char *const migrations[SCHEMA_VERSION] = {
	schema_sql,
	// v_search stays: what it has more in version 2 matters only during a first import.
	"CREATE TABLE newcomer (comic_id INTEGER PRIMARY KEY REFERENCES comic ON DELETE CASCADE)"
	" STRICT;"
	"INSERT INTO comic_fts (comic_fts, rank) VALUES ('crisismerge', 64)",
};

int open_configure(struct comic_err *err)
{
	mem_one_heap();
	if (sqlite3_config(SQLITE_CONFIG_MULTITHREAD) != SQLITE_OK ||
	    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		return err_set(err, COMIC_ERR_BUG,
			       "SQLite: built without threads, or configured too late");
	return 0;
}

static int64_t monotonic(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int open_wait_for_lock(void *data, int tries)
{
	struct database *d = data;
	int64_t sleep = tries < 7 ? (int64_t)1000000 << tries : 100000000;
	struct timespec pause = { .tv_nsec = (long)sleep };

	if (tries == 0)
		d->busy_since = monotonic();
	if (interrupt_signal() != 0 || monotonic() - d->busy_since >= d->wait)
		return 0;
	(void)nanosleep(&pause, NULL);
	return 1;
}

// A long statement stops soon after a signal.
static int stop_on_signal(void *data)
{
	const struct database *d = data;

	return interrupt_signal() != 0 && !d->patient;
}

static int remember_wal(void *data, sqlite3 *db, const char *name, int pages)
{
	struct database *d = data;

	(void)db;
	(void)name;
	d->wal_bytes = (uint64_t)pages * d->page_size;
	return SQLITE_OK;
}

// The file is ours, what comics say is not: bounds for what a statement may meet.
static void harden(sqlite3 *db)
{
	static const struct {
		int what;
		int value;
	} switches[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	}, limits[] = {
		{ SQLITE_LIMIT_LENGTH, 16 << 20 },
		{ SQLITE_LIMIT_SQL_LENGTH, 64 << 10 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 64 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256 },
		{ SQLITE_LIMIT_VDBE_OP, 100000 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
	};

	for (size_t i = 0; i < COMIC_COUNT(switches); i++)
		(void)sqlite3_db_config(db, switches[i].what, switches[i].value, NULL);
	for (size_t i = 0; i < COMIC_COUNT(limits); i++)
		(void)sqlite3_limit(db, limits[i].what, limits[i].value);
}

// A name like "file:x" or ":memory:" is a file's name here, nothing special.
static int open_file(struct database *d, struct comic_err *err)
{
	struct buf name = { 0 };
	int status = -1;

	if ((d->path[0] != '/' && buf_add_text(&name, "./") < 0) ||
	    buf_add_text(&name, d->path) < 0 || buf_add_byte(&name, '\0') < 0)
		(void)err_set_nomem(err, d->path);
	else if (sqlite3_open_v2((const char *)name.data, &d->db,
				 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK)
		status = 0;
	else if (d->db == NULL)
		(void)err_set_nomem(err, d->path);
	else
		(void)database_fail(d, "open", err);
	buf_clear(&name);
	return status;
}

static int read_version(struct database *d, int64_t *version, struct comic_err *err)
{
	int64_t tables = 0;

	*version = 0;
	if (database_number(d, "SELECT COUNT(*) FROM sqlite_schema", &tables, err) < 0)
		return -1;
	if (tables == 0)
		return 0;
	if (database_number(d,
			    "SELECT COUNT(*) FROM sqlite_schema"
			    " WHERE name IN ('meta', 'comic', 'import_run') AND type = 'table'",
			    &tables, err) < 0)
		return -1;
	if (tables != 3)
		return err_set(err, COMIC_ERR_DB, "%s: open: a database, but not of comics",
			       d->path);
	if (database_number(d, "SELECT value FROM meta WHERE key = 'schema_version'", version,
			    err) < 0)
		return -1;
	if (*version > SCHEMA_VERSION)
		return err_set(err, COMIC_ERR_VERSION,
			       "%s: open: made by a newer comicpipe (schema %lld, this knows %d)",
			       d->path, (long long)*version, SCHEMA_VERSION);
	if (*version < 1)
		return err_set(err, COMIC_ERR_DB, "%s: open: its schema has no version", d->path);
	return 0;
}

// Two programs that make the same database at once would each wait, within one statement,
// for the read lock the other keeps: so here nobody waits holding one, and tries again.
static int switch_to_wal(struct database *d)
{
	int got = SQLITE_BUSY;
	int tries = 0;

	(void)sqlite3_busy_handler(d->db, NULL, NULL);
	do {
		got = sqlite3_exec(d->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	} while (got == SQLITE_BUSY && open_wait_for_lock(d, tries++) != 0);
	(void)sqlite3_busy_handler(d->db, open_wait_for_lock, d);
	return got;
}

// Where no write-ahead log can be had, TRUNCATE does without shared memory.
static int set_journal(struct database *d, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	int got = 0;

	if (switch_to_wal(d) != SQLITE_OK)
		return database_fail(d, "open", err);
	if (database_prepare(d, "PRAGMA journal_mode", &statement, err) < 0)
		return -1;
	got = database_step(d, statement, err);
	if (got < 0)
		return -1;
	d->wal = got > 0 &&
		 sqlite3_stricmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
	(void)sqlite3_reset(statement);
	return d->wal ? 0 : database_run(d, "PRAGMA journal_mode = TRUNCATE", err);
}

static int set_pragmas(struct database *d, uint64_t cache, struct comic_err *err)
{
	static const char *const pragmas[] = {
		"PRAGMA foreign_keys = ON",      "PRAGMA synchronous = NORMAL",
		"PRAGMA secure_delete = OFF",    "PRAGMA temp_store = FILE",
		"PRAGMA cell_size_check = ON",   "PRAGMA mmap_size = 0",
		"PRAGMA wal_autocheckpoint = 0",
	};
	int64_t page_size = 0;
	char sql[64];

	for (size_t i = 0; i < COMIC_COUNT(pragmas); i++) {
		if (database_run(d, pragmas[i], err) < 0)
			return -1;
	}
	(void)snprintf(sql, sizeof(sql), "PRAGMA cache_size = -%llu",
		       (unsigned long long)(cache / 1024));
	if (database_run(d, sql, err) < 0 ||
	    database_number(d, "PRAGMA page_size", &page_size, err) < 0)
		return -1;
	d->page_size = (uint64_t)page_size;
	(void)sqlite3_wal_hook(d->db, remember_wal, d);
	return 0;
}

// One migration. Another program may have done it meanwhile: the version is read again inside.
static int migrate(struct database *d, int64_t from, struct comic_err *err)
{
	int64_t version = 0;
	char sql[128];

	if (database_begin(d, err) < 0)
		return -1;
	if (read_version(d, &version, err) < 0)
		goto failed;
	if (version != from) {
		database_rollback(d);
		return 0;
	}
	(void)snprintf(sql, sizeof(sql), "REPLACE INTO meta VALUES ('schema_version', %lld)",
		       from == 0 ? (long long)SCHEMA_VERSION : (long long)from + 1);
	if (sqlite3_exec(d->db, migrations[from], NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(d->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		(void)database_fail(d, "migrate", err);
		goto failed;
	}
	return database_commit(d, err);
failed:
	database_rollback(d);
	return -1;
}

// Before anything is in it. Twice SQLite's own choice: a fifteenth less CPU for the loader, at any
// size of the cache, and 16 KiB would write a quarter more where the cache is small.
static int set_page_size(struct database *d, struct comic_err *err)
{
	return database_run(d, "PRAGMA page_size = 8192", err);
}

static int open_schema(struct database *d, const struct open_options *options,
		       struct comic_err *err)
{
	int64_t version = 0;

	if (read_version(d, &version, err) < 0 || (version == 0 && set_page_size(d, err) < 0) ||
	    (!options->dry_run && set_journal(d, err) < 0) ||
	    set_pragmas(d, options->cache, err) < 0)
		return -1;
	for (; version < SCHEMA_VERSION; version++) {
		if (migrate(d, version, err) < 0)
			return -1;
	}
	return 0;
}

int open_database(struct database *d, const char *path, const struct open_options *options,
		  struct comic_err *err)
{
	*d = (struct database){ .path = path,
				.wait = options->wait,
				.wal_most = options->wal_most };
	if ((options->dry_run ? trial_open(d, err) : open_file(d, err)) < 0)
		goto failed;
	(void)sqlite3_extended_result_codes(d->db, 0);
	harden(d->db);
	(void)sqlite3_busy_handler(d->db, open_wait_for_lock, d);
	sqlite3_progress_handler(d->db, 100000, stop_on_signal, d);
	if (feed_register(d->db, &d->feed) != SQLITE_OK) {
		(void)database_fail(d, "open", err);
		goto failed;
	}
	if (sqlite3_db_readonly(d->db, "main") > 0) {
		(void)err_set(err, COMIC_ERR_DB, "%s: open: it may only be read", path);
		goto failed;
	}
	if (open_schema(d, options, err) < 0)
		goto failed;
	return 0;
failed:
	close_database(d);
	return -1;
}

void close_database(struct database *d)
{
	database_rollback(d);
	for (size_t i = 0; i < d->sql.count && i < d->statement_room; i++)
		(void)sqlite3_finalize(d->statements[i]);
	free(d->statements);
	intern_clear(&d->sql);
	(void)sqlite3_close(d->db);
	*d = (struct database){ 0 };
}
