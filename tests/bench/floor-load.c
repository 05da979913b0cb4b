// SPDX-License-Identifier: MIT
// floor-load.c: floor-load FROM [TO]: the rows of a loaded database, inserted blindly.
//
// Every row of every table of FROM is read into memory, and with TO put into a new database of
// the same schema: one transaction, prepared statements, nothing looked up or checked, the rows
// of the search index last. What a run with TO costs beyond a run without is the floor.

#include "database/schema.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLES_MAX 128
#define SQL_MAX 4096

struct cell {
	int type; // SQLITE_INTEGER, ...
	int len;
	union {
		sqlite3_int64 integer;
		double real;
		char *bytes;
	} u;
};

struct table {
	char insert[SQL_MAX];
	int columns;
	struct cell *cells;
	size_t count; // of cells
	size_t room;
};

static struct table tables[TABLES_MAX];
static size_t table_count;
static sqlite3_int64 hash_size; // of the search index, 0: SQLite's own

static void die(const char *what, sqlite3 *db)
{
	(void)fprintf(stderr, "floor-load: %s: %s\n", what, db == NULL ? "" : sqlite3_errmsg(db));
	exit(3);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		die(sql, db);
	return s;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sql, db);
}

// ---- reading ------------------------------------------------------------------------------

static struct cell copy_cell(sqlite3_stmt *s, int column)
{
	struct cell c = { .type = sqlite3_column_type(s, column) };
	const void *bytes = NULL;

	if (c.type == SQLITE_INTEGER) {
		c.u.integer = sqlite3_column_int64(s, column);
	} else if (c.type == SQLITE_FLOAT) {
		c.u.real = sqlite3_column_double(s, column);
	} else if (c.type != SQLITE_NULL) {
		bytes = sqlite3_column_blob(s, column);
		c.len = sqlite3_column_bytes(s, column);
		c.u.bytes = malloc((size_t)c.len + 1);
		if (c.u.bytes == NULL)
			die("memory", NULL);
		if (c.len > 0 && bytes != NULL)
			memcpy(c.u.bytes, bytes, (size_t)c.len);
	}
	return c;
}

static void add_row(struct table *t, sqlite3_stmt *s)
{
	if (t->count + (size_t)t->columns > t->room) {
		t->room = t->room == 0 ? 1024 : 2 * t->room;
		t->cells = realloc(t->cells, t->room * sizeof(*t->cells));
		if (t->cells == NULL)
			die("memory", NULL);
	}
	for (int i = 0; i < t->columns; i++)
		t->cells[t->count++] = copy_cell(s, i);
}

// INSERT INTO name (the columns of s) VALUES (?, ...)
static void make_insert(struct table *t, sqlite3_stmt *s, const char *name)
{
	size_t len = (size_t)snprintf(t->insert, SQL_MAX, "INSERT INTO %s (", name);

	for (int i = 0; i < t->columns; i++) {
		const char *column = sqlite3_column_name(s, i);

		if (i == 0 && strcmp(name, "comic_fts") == 0) // first in the view it is filled from
			column = "rowid";
		len += (size_t)snprintf(t->insert + len, SQL_MAX - len, "%s%s", i > 0 ? ", " : "",
					column);
	}
	len += (size_t)snprintf(t->insert + len, SQL_MAX - len, ") VALUES (?");
	for (int i = 1; i < t->columns; i++)
		len += (size_t)snprintf(t->insert + len, SQL_MAX - len, ", ?");
	(void)snprintf(t->insert + len, SQL_MAX - len, ")");
}

static void read_table(sqlite3 *db, const char *name, const char *select)
{
	struct table *t = &tables[table_count++];
	sqlite3_stmt *s = NULL;

	if (table_count > TABLES_MAX)
		die("too many tables", NULL);
	s = prepare(db, select);
	t->columns = sqlite3_column_count(s);
	make_insert(t, s, name);
	while (sqlite3_step(s) == SQLITE_ROW)
		add_row(t, s);
	(void)sqlite3_finalize(s);
}

static void read_all(const char *path)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *s = NULL;
	char select[256];

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		die(path, db);
	s = prepare(db, "SELECT name FROM sqlite_schema WHERE type = 'table'"
			" AND name NOT LIKE 'comic_fts%' AND name NOT LIKE 'sqlite_%'");
	while (sqlite3_step(s) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(s, 0);

		(void)snprintf(select, sizeof(select), "SELECT * FROM %s", name);
		read_table(db, name, select);
	}
	(void)sqlite3_finalize(s);
	read_table(db, "comic_fts", "SELECT * FROM v_search");
	s = prepare(db, "SELECT v FROM comic_fts_config WHERE k = 'hashsize'");
	if (sqlite3_step(s) == SQLITE_ROW)
		hash_size = sqlite3_column_int64(s, 0);
	(void)sqlite3_finalize(s);
	(void)sqlite3_close(db);
}

// ---- inserting ----------------------------------------------------------------------------

static void bind(sqlite3_stmt *s, int at, const struct cell *c)
{
	if (c->type == SQLITE_INTEGER)
		(void)sqlite3_bind_int64(s, at, c->u.integer);
	else if (c->type == SQLITE_FLOAT)
		(void)sqlite3_bind_double(s, at, c->u.real);
	else if (c->type == SQLITE_TEXT)
		(void)sqlite3_bind_text(s, at, c->u.bytes, c->len, SQLITE_STATIC);
	else if (c->type == SQLITE_BLOB)
		(void)sqlite3_bind_blob(s, at, c->u.bytes, c->len, SQLITE_STATIC);
	else
		(void)sqlite3_bind_null(s, at);
}

static void insert_table(sqlite3 *db, const struct table *t)
{
	sqlite3_stmt *s = prepare(db, t->insert);

	for (size_t at = 0; at < t->count; at += (size_t)t->columns) {
		for (int i = 0; i < t->columns; i++)
			bind(s, i + 1, &t->cells[at + (size_t)i]);
		if (sqlite3_step(s) != SQLITE_DONE)
			die(t->insert, db);
		(void)sqlite3_reset(s);
	}
	(void)sqlite3_finalize(s);
}

static void insert_all(const char *path)
{
	sqlite3 *db = NULL;
	char sql[128];

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, db);
	run(db, "PRAGMA journal_mode = WAL");
	run(db, "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;"
		" PRAGMA cache_size = -65536; BEGIN");
	run(db, schema_sql);
	run(db, indexes_sql);
	if (hash_size > 0) {
		(void)snprintf(sql, sizeof(sql),
			       "INSERT INTO comic_fts (comic_fts, rank) VALUES ('hashsize', %lld)",
			       (long long)hash_size);
		run(db, sql);
	}
	run(db, "DELETE FROM meta");
	for (size_t i = 0; i < table_count; i++)
		insert_table(db, &tables[i]);
	run(db, "COMMIT");
	(void)sqlite3_close(db); // and with it the checkpoint
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3)
		return 2;
	(void)sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	read_all(argv[1]);
	if (argc == 3)
		insert_all(argv[2]);
	return 0;
}
