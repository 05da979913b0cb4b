// SPDX-License-Identifier: MIT
// test_database_feed.c: rows in memory as a table of SQL.

#include "database/cell.h"
#include "database/feed.h"
#include "tap.h"

#include <stdlib.h>

static struct feed feed;

static const char *ask(sqlite3 *db, const char *sql)
{
	static char text[256];
	sqlite3_stmt *s = NULL;

	text[0] = '\0';
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		(void)snprintf(text, sizeof(text), "error: %s", sqlite3_errmsg(db));
	while (sqlite3_step(s) == SQLITE_ROW) {
		size_t used = strlen(text);

		(void)snprintf(text + used, sizeof(text) - used, "%s%s", used > 0 ? " " : "",
			       sqlite3_column_text(s, 0) == NULL
				       ? "NULL"
				       : (const char *)sqlite3_column_text(s, 0));
	}
	(void)sqlite3_finalize(s);
	return text;
}

static void cells_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct cell(*cells)[4] = rows;

	if (column < 4)
		cell_result(&cells[row][column], out);
}

static void test_integers(sqlite3 *db)
{
	static const sqlite3_int64 numbers[] = { 5, -7, INT64_MAX };

	feed = (struct feed){ 0 };
	is_string(ask(db, "SELECT c0 FROM feed"), "", "no rows");
	feed = feed_integers(numbers, 3);
	is_string(ask(db, "SELECT c0 FROM feed"), "5 -7 9223372036854775807", "rows in order");
	is_string(ask(db, "SELECT rowid FROM feed"), "0 1 2", "the rowid is the row's number");
	is_string(ask(db, "SELECT c0 FROM feed ORDER BY rowid"), "5 -7 9223372036854775807",
		  "in this order");
	is_string(ask(db, "SELECT c0 FROM feed ORDER BY rowid DESC"), "9223372036854775807 -7 5",
		  "and, sorted, in another");
	is_string(ask(db, "SELECT c0 FROM feed ORDER BY c0"), "-7 5 9223372036854775807",
		  "and by a column");
	is_string(ask(db, "SELECT COUNT(*) FROM feed AS a CROSS JOIN feed AS b"), "9",
		  "a scan can begin again");
	is_string(ask(db, "SELECT 5 IN (SELECT c0 FROM feed) + (6 IN (SELECT c0 FROM feed))"), "1",
		  "in a subquery");
	is_string(ask(db, "SELECT COUNT(c63) FROM feed"), "3", "64 columns");
	ok(strncmp(ask(db, "SELECT c64 FROM feed"), "error", 5) == 0, "and no more");
	ok(strncmp(ask(db, "CREATE VIEW v AS SELECT * FROM feed; "), "error", 5) != 0 &&
		   strncmp(ask(db, "SELECT * FROM v"), "error", 5) == 0,
	   "a schema cannot reach it");
}

static void test_cells(sqlite3 *db)
{
	struct cell rows[2][4] = {
		{ cell_text((struct text){ "a\0b", 3 }),
		  cell_real(1.5),
		  { .kind = CELL_NULL },
		  cell_unsigned(UINT64_MAX) },
		{ cell_text((struct text){ "\xff", 1 }), cell_integer(2), cell_text(TEXT("")),
		  cell_text((struct text){ NULL, 0 }) },
	};

	feed = (struct feed){ 2, cells_column, rows };
	is_string(ask(db, "SELECT hex(c0) FROM feed"), "610062 FF", "texts are bytes");
	is_string(ask(db, "SELECT typeof(c1) || typeof(c2) || typeof(c3) FROM feed"),
		  "realnullinteger integertextnull", "types");
	is_string(ask(db, "SELECT c3 FROM feed"), "9223372036854775807 NULL", "clamped to 64 bits");
	is_string(ask(db, "CREATE TABLE t (x TEXT PRIMARY KEY, y) WITHOUT ROWID"), "", "a table");
	is_string(ask(db, "INSERT INTO t SELECT c0, c1 FROM feed"), "", "filled by one statement");
	is_string(ask(db, "SELECT f.rowid || ':' || t.y FROM feed AS f CROSS JOIN t ON t.x = f.c0"),
		  "0:1.5 1:2", "looked up by one statement");
}

static void test_compare(void)
{
	struct cell null = { .kind = CELL_NULL };
	struct cell a = cell_text(TEXT("a"));
	struct cell b = cell_text(TEXT("ab"));
	struct cell one = cell_integer(1);
	struct cell two = cell_integer(2);
	struct cell half = cell_real(0.5);

	ok(cell_compare(&null, &null) == 0 && cell_compare(&null, &one) < 0, "NULL is first");
	ok(cell_compare(&one, &two) < 0 && cell_compare(&two, &one) > 0, "integers by value");
	ok(cell_compare(&one, &half) < 0 && cell_compare(&half, &a) < 0, "then by kind");
	ok(cell_compare(&a, &b) < 0 && cell_compare(&b, &b) == 0, "texts in byte order");
}

int main(void)
{
	sqlite3 *db = NULL;

	if (!ok(sqlite3_open(":memory:", &db) == SQLITE_OK && feed_register(db, &feed) == SQLITE_OK,
		"the table is there"))
		return done();
	test_integers(db);
	test_cells(db);
	test_compare();
	(void)sqlite3_close(db);
	return done();
}
