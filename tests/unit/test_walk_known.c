// SPDX-License-Identifier: MIT
// test_walk_known.c: pages of rows, the range below a root, both tables merged; and what is gone.

#include "walk/gone.h"
#include "walk/known.h"

#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static char db_name[160];

// An empty file in the folder for temporary ones.
static int make_file(char *name, size_t room)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(name, room, "%s/comic-known-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	return mkstemp(name);
}

static sqlite3 *make_db(void)
{
	sqlite3 *db = NULL;
	int fd = make_file(db_name, sizeof(db_name));

	if (fd < 0 || close(fd) < 0 || sqlite3_open(db_name, &db) != SQLITE_OK ||
	    sqlite3_exec(
		    db,
		    "CREATE TABLE comic (id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER,"
		    " mtime INTEGER, ino INTEGER);"
		    "CREATE TABLE failed (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER,"
		    " ino INTEGER, code TEXT, reason TEXT, attempts INTEGER)",
		    NULL, NULL, NULL) != SQLITE_OK) {
		printf("Bail out! no database\n");
		exit(1);
	}
	return db;
}

static void run(sqlite3 *db, const char *sql)
{
	ok(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%.60s", sql);
}

// The rows below root as "path:flags" joined by blanks; flags: c, f.
static const char *rows_below(struct known *k, const char *root, char *out, size_t room)
{
	struct comic_err err = { 0 };
	struct known_row row;
	size_t used = 0;
	int got = known_start(k, text_from(root), &err);

	out[0] = '\0';
	while (got >= 0 && (got = known_next(k, &row, &err)) > 0 && used < room)
		used += (size_t)snprintf(out + used, room - used, "%s%s:%s%s", used > 0 ? " " : "",
					 row.path.data, row.has_comic ? "c" : "",
					 row.has_failed ? "f" : "");
	ok(got == 0, "rows below %s", root);
	return out;
}

static void test_ranges(sqlite3 *db, struct known *k)
{
	char out[1024];

	run(db, "INSERT INTO comic (path, size, mtime, ino) VALUES"
		" ('/a', 1, 1, 1), ('/a.cbz', 1, 1, 1), ('/a/1', 1, 1, 1), ('/a/2/x', 1, 1, 1),"
		" ('/a/3', 1, 1, 1), ('/a0', 1, 1, 1), ('/b/' || CAST(x'FF' AS TEXT), 1, 1, 1)");
	run(db, "INSERT INTO failed VALUES ('/a/1', 2, 2, 2, 'damaged', '', 1),"
		" ('/a/0', 3, 3, 3, 'crash', '', 2), ('/a/4', 3, 3, 3, 'nonsense', '', 1)");
	is_string(rows_below(k, "/a", out, sizeof(out)),
		  "/a:c /a/0:f /a/1:cf /a/2/x:c /a/3:c /a/4:f",
		  "a root: its own row, then those below it, none beside it");
	is_string(rows_below(k, "/a/2", out, sizeof(out)), "/a/2/x:c", "a folder in it");
	is_string(rows_below(k, "/a.cbz", out, sizeof(out)), "/a.cbz:c", "a file");
	is_string(rows_below(k, "/c", out, sizeof(out)), "", "nothing");
	is_string(rows_below(k, "/b", out, sizeof(out)), "/b/\xFF:c", "a byte that is not UTF-8");
	is_string(rows_below(k, "/", out, sizeof(out)),
		  "/a:c /a.cbz:c /a/0:f /a/1:cf /a/2/x:c /a/3:c /a/4:f /a0:c /b/\xFF:c", "the top");
}

static void test_fields(sqlite3 *db, struct known *k)
{
	struct comic_err err = { 0 };
	struct known_file same[KNOWN_SAME_MAX];
	struct arena a = { .used = 0 };
	struct known_row row;
	const struct identity id = { 9, -7, UINT64_MAX - 1, 5 };
	size_t count = 0;

	run(db, "INSERT INTO comic VALUES (77, '/f', 9, -7, -2)");
	run(db, "INSERT INTO failed VALUES ('/f', 4, 5, -1, 'timeout', '', 3)");
	ok(known_start(k, TEXT("/f"), &err) == 0 && known_next(k, &row, &err) == 1, "one row");
	is_i64(row.comic, 77, "id");
	is_u64(row.comic_id.size, 9, "size");
	is_i64(row.comic_id.mtime, -7, "mtime");
	is_u64(row.comic_id.ino, UINT64_MAX - 1, "inode, a 64-bit pattern");
	is_u64(row.failed_id.ino, UINT64_MAX, "of the failure");
	ok(row.code == FAIL_TIMEOUT && row.attempts == 3, "code and attempts");
	ok(known_same_file(k, &id, &a, same, &count, &err) == 0 && count == 1 &&
		   same[0].comic == 77,
	   "found by its identity");
	is_string(count == 1 ? same[0].path : NULL, "/f", "with its path");
	ok(known_same_file(k, &(struct identity){ 9, -6, UINT64_MAX - 1, 0 }, &a, same, &count,
			   &err) == 0 &&
		   count == 0,
	   "not by another time");
	ok(known_any(k, TEXT("/a"), &err) == 1 && known_any(k, TEXT("/a/2"), &err) == 1 &&
		   known_any(k, TEXT("/f"), &err) == 1 && known_any(k, TEXT("/"), &err) == 1,
	   "comics at or below");
	ok(known_any(k, TEXT("/a/4"), &err) == 0 && known_any(k, TEXT("/zz"), &err) == 0,
	   "a failure is no comic, nothing is none");
	arena_clear(&a);
}

// More than one page of each table, the loader writing meanwhile.
static void test_pages(sqlite3 *db, struct known *k)
{
	struct comic_err err = { 0 };
	struct known_row row;
	char last[64] = "";
	uint64_t comics = 0;
	uint64_t failed = 0;
	bool sorted = true;
	int got = 0;

	run(db, "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)"
		"INSERT INTO comic (path, size, mtime, ino) SELECT printf('/p/%06d', i), 1, 1, 1 "
		"FROM n");
	run(db, "INSERT INTO failed SELECT path, 1, 1, 1, 'empty', '', 1 FROM comic"
		" WHERE path GLOB '/p/*' AND id % 2 = 0");
	ok(known_start(k, TEXT("/p"), &err) == 0, "start");
	while ((got = known_next(k, &row, &err)) > 0) {
		sorted = sorted && strcmp(last, row.path.data) < 0;
		(void)snprintf(last, sizeof(last), "%s", row.path.data);
		comics += row.has_comic;
		failed += row.has_failed;
		// No read transaction is open: a writer gets through at once.
		if (comics == 1500)
			run(db,
			    "BEGIN IMMEDIATE; DELETE FROM comic WHERE path = '/p/004999'; COMMIT");
	}
	ok(got == 0 && sorted, "all in order");
	is_u64(comics, 4999, "comics");
	is_u64(failed, 2500, "failures");
}

static void test_empty(void)
{
	struct comic_err err = { 0 };
	struct known k;
	struct known_row row;
	char name[160];
	int fd = make_file(name, sizeof(name));
	sqlite3 *db = NULL;

	ok(known_open(&k, NULL, &err) == 0 && known_is_empty(&k), "no database");
	known_close(&k);
	ok(known_open(&k, "/nonexistent.db", &err) == 0 && known_is_empty(&k), "a missing one");
	ok(access("/nonexistent.db", F_OK) < 0, "is not made");
	known_close(&k);
	ok(fd >= 0 && known_open(&k, name, &err) == 0 && known_is_empty(&k), "one of zero bytes");
	ok(sqlite3_open(name, &db) == SQLITE_OK, "open");
	run(db, "CREATE TABLE comic (id INTEGER PRIMARY KEY, path TEXT, size, mtime, ino);"
		"INSERT INTO comic VALUES (1, '/a', 1, 1, 1)");
	ok(known_start(&k, TEXT("/"), &err) == 0 && known_next(&k, &row, &err) == 0,
	   "stays empty when another makes it meanwhile");
	known_close(&k);
	run(db, "DROP TABLE comic");
	ok(known_open(&k, name, &err) == 0 && known_is_empty(&k), "one without a schema");
	known_close(&k);
	(void)sqlite3_close(db);
	ok(ftruncate(fd, 0) == 0 && pwrite(fd, "not a database, just text", 25, 0) == 25,
	   "garbage");
	ok(known_open(&k, name, &err) < 0 && err.code == COMIC_ERR_DB, "is an error: %s", err.text);
	(void)close(fd);
	(void)unlink(name);
}

static void add(struct gone *g, const char *path, int64_t comic, bool failed, size_t root)
{
	struct comic_err err = { 0 };
	struct gone_row row = { text_from(path), comic != 0, comic };

	ok(gone_add(g, &row, failed, root, &err) == 0, "missing: %s", path);
}

static void test_gone(void)
{
	struct gone g = { .db = NULL };
	struct gone_row row;
	struct comic_err err = { 0 };
	char out[256] = "";

	ok(gone_next(&g, &row, &err) == 0 && g.db == NULL, "nothing is gone, nothing is made");
	ok(gone_has_moved(&g, 1, &err) == 0 && gone_forget_root(&g, 0, &err) == 0 && g.db == NULL,
	   "nor by asking");
	add(&g, "/b/2", 2, false, 1);
	add(&g, "/b/1", 1, true, 1);
	add(&g, "/b/3", 0, true, 1);
	add(&g, "/a/4", 4, false, 0);
	add(&g, "/a/5", 5, true, 0);
	add(&g, "/c/6", 6, false, 2);
	ok(gone_add_moved(&g, 4, &err) == 0 && gone_add_moved(&g, 5, &err) == 0, "two moved");
	ok(gone_has_moved(&g, 4, &err) == 1 && gone_has_moved(&g, 1, &err) == 0, "it knows which");
	ok(gone_forget_root(&g, 2, &err) == 0, "a root is refused after all");
	while (gone_next(&g, &row, &err) > 0) {
		size_t used = strlen(out);

		(void)snprintf(out + used, sizeof(out) - used, "%s:%d ", row.path.data,
			       row.has_comic ? (int)row.comic : -1);
	}
	is_string(out, "/a/5:-1 /b/1:1 /b/2:2 /b/3:-1 ", "in path order, without what moved");
	gone_clear(&g);
}

int main(void)
{
	struct comic_err err = { 0 };
	struct known k;
	sqlite3 *db = make_db();

	ok(known_open(&k, db_name, &err) == 0 && !known_is_empty(&k), "open");
	test_ranges(db, &k);
	test_fields(db, &k);
	test_pages(db, &k);
	known_close(&k);
	(void)sqlite3_close(db);
	(void)unlink(db_name);
	test_empty();
	test_gone();
	return done();
}
