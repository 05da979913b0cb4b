// SPDX-License-Identifier: MIT
// test_wal_file.c: the write-ahead log in large pieces: few writes, and nothing committed is held
// back, wherever a write fails.

#include "database.h"
#include "database/wal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

static char log_path[320];
static char copy_path[320];
static unsigned int log_writes;
static unsigned int fail_at; // the write to the log that finds the disk full; 0: none does

static bool is_log(int fd)
{
	struct stat file;
	struct stat log;

	return fstat(fd, &file) == 0 && stat(log_path, &log) == 0 && file.st_ino == log.st_ino;
}

static ssize_t watched_write(int fd, const void *data, size_t len, off_t to)
{
	if (is_log(fd) && ++log_writes == fail_at) {
		errno = ENOSPC;
		return -1;
	}
	return pwrite(fd, data, len, to);
}

static void watch_writes(void)
{
	static const char *const names[] = { "pwrite", "pwrite64" };
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	union {
		ssize_t (*write)(int, const void *, size_t, off_t);
		sqlite3_syscall_ptr call;
	} as = { watched_write };

	for (size_t i = 0; i < COMIC_COUNT(names); i++)
		(void)vfs->xSetSystemCall(vfs, names[i], as.call);
}

static sqlite3 *open_with(const char *path, const char *vfs)
{
	sqlite3 *db = NULL;

	(void)sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
	return db;
}

static int run(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

static const char *ask(sqlite3 *db, const char *sql)
{
	static char text[64];
	sqlite3_stmt *s = NULL;

	(void)snprintf(text, sizeof(text), "no answer");
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_step(s) == SQLITE_ROW)
		(void)snprintf(text, sizeof(text), "%s", (const char *)sqlite3_column_text(s, 0));
	(void)sqlite3_finalize(s);
	return text;
}

#define SUM "SELECT COUNT(*) || ' ' || TOTAL(n * LENGTH(x)) FROM t"

// A small cache: pages go to the log, and there again, before the transaction ends.
static sqlite3 *open_small(void)
{
	sqlite3 *db = NULL;

	remove_database();
	db = open_with(test_path, WAL_FILE_VFS);
	(void)run(db, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"
		      "PRAGMA synchronous = NORMAL; PRAGMA cache_size = 10;"
		      "PRAGMA wal_autocheckpoint = 0;"
		      "CREATE TABLE t (n INTEGER PRIMARY KEY, x BLOB)");
	return db;
}

// Rows `from` to `to` of about a page each.
static int add_rows(sqlite3 *db, int from, int to)
{
	char sql[256];

	(void)snprintf(sql, sizeof(sql),
		       "WITH RECURSIVE i(n) AS (SELECT %d UNION ALL SELECT n + 1 FROM i"
		       " WHERE n < %d) INSERT INTO t SELECT n, randomblob(3000 + n %% 500) FROM i",
		       from, to);
	return run(db, sql);
}

static void test_pieces(void)
{
	sqlite3 *db = open_small();

	(void)run(db, "PRAGMA cache_size = 1000");
	log_writes = 0;
	ok(run(db, "BEGIN") == SQLITE_OK && add_rows(db, 1, 500) == SQLITE_OK &&
		   run(db, "COMMIT") == SQLITE_OK,
	   "a transaction of 500 pages");
	ok(log_writes > 0 && log_writes < 50, "few writes: %u", log_writes);
	(void)sqlite3_close(db);
}

static void copy_file(const char *from, const char *to)
{
	static char bytes[65536];
	int in = open(from, O_RDONLY);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t got = 0;

	while (in >= 0 && out >= 0 && (got = read(in, bytes, sizeof(bytes))) > 0) {
		if (write(out, bytes, (size_t)got) != got)
			break;
	}
	(void)close(in);
	(void)close(out);
}

// What a program finds that comes after this one was killed now.
static const char *found_after_kill(const char *sql)
{
	static char found[64];
	char copy_log[330];
	sqlite3 *db = NULL;

	(void)snprintf(copy_log, sizeof(copy_log), "%s-wal", copy_path);
	copy_file(test_path, copy_path);
	copy_file(log_path, copy_log);
	db = open_with(copy_path, NULL);
	(void)snprintf(found, sizeof(found), "%s", ask(db, sql));
	(void)sqlite3_close(db);
	(void)unlink(copy_path);
	(void)unlink(copy_log);
	return found;
}

// Adds, changes and takes back rows; every page is written more than once.
static void change_at_random(sqlite3 *db, int round)
{
	char sql[160];

	(void)run(db, "BEGIN");
	(void)add_rows(db, round * 100, round * 100 + rand() % 60);
	(void)run(db, "SAVEPOINT s");
	(void)run(db, "UPDATE t SET x = randomblob(2000) WHERE n % 3 = 0");
	if (rand() % 2 == 0)
		(void)run(db, "ROLLBACK TO s");
	(void)snprintf(sql, sizeof(sql), "UPDATE t SET x = randomblob(3100) WHERE n %% 7 = %d",
		       rand() % 7);
	(void)run(db, sql);
	(void)run(db, rand() % 8 == 0 ? "ROLLBACK" : "COMMIT");
	if (rand() % 10 == 0)
		(void)run(db, "PRAGMA wal_checkpoint(TRUNCATE)");
}

static void test_kills(void)
{
	sqlite3 *db = open_small();
	char want[64];
	int same = 0;
	int whole = 0;

	srand(1);
	for (int round = 1; round <= 40; round++) {
		change_at_random(db, round);
		(void)snprintf(want, sizeof(want), "%s", ask(db, SUM));
		same += strcmp(found_after_kill(SUM), want) == 0;
		whole += strcmp(found_after_kill("PRAGMA integrity_check"), "ok") == 0;
	}
	is_i64(same, 40, "what is committed is in the file");
	is_i64(whole, 40, "which is whole");
	(void)sqlite3_close(db);
}

static void test_full_disk(void)
{
	int refused = 0;
	int kept = 0;
	int works = 0;

	for (unsigned int at = 1; at <= 12; at++) {
		sqlite3 *db = open_small();
		char before[64];
		bool failed = false;

		(void)add_rows(db, 1, 20);
		(void)snprintf(before, sizeof(before), "%s", ask(db, SUM));
		log_writes = 0;
		fail_at = at;
		failed = run(db, "BEGIN") != SQLITE_OK || add_rows(db, 21, 200) != SQLITE_OK ||
			 run(db, "UPDATE t SET x = randomblob(2000)") != SQLITE_OK ||
			 run(db, "COMMIT") != SQLITE_OK;
		refused += failed && sqlite3_errcode(db) == SQLITE_FULL;
		fail_at = 0;
		if (sqlite3_get_autocommit(db) == 0)
			(void)run(db, "ROLLBACK");
		kept += strcmp(ask(db, SUM), before) == 0 &&
			strcmp(found_after_kill(SUM), before) == 0;
		works += add_rows(db, 300, 310) == SQLITE_OK &&
			 strcmp(found_after_kill("SELECT COUNT(*) FROM t"), "31") == 0 &&
			 strcmp(ask(db, "PRAGMA integrity_check"), "ok") == 0;
		(void)sqlite3_close(db);
	}
	is_i64(refused, 12, "a write that fails ends the transaction, whichever it is");
	is_i64(kept, 12, "of which nothing stays");
	is_i64(works, 12, "and the next one is as ever");
}

int main(void)
{
	if (!make_folder())
		return 1;
	(void)snprintf(log_path, sizeof(log_path), "%s-wal", test_path);
	(void)snprintf(copy_path, sizeof(copy_path), "%s-copy", test_path);
	ok(wal_file_register() == SQLITE_OK && wal_file_register() == SQLITE_OK, "registered");
	watch_writes();
	test_pieces();
	test_kills();
	test_full_disk();
	remove_folder();
	return done();
}
