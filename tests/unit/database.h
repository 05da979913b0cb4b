// SPDX-License-Identifier: MIT
// database.h: a database in a folder of its own, for the unit tests of lib/database.
#ifndef COMIC_TEST_DATABASE_H
#define COMIC_TEST_DATABASE_H

#include "database/open.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static char test_folder[256];
static char test_path[300];

// Makes the folder; the database is made by whoever opens test_path.
static bool make_folder(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(test_folder, sizeof(test_folder), "%s/comic-database-XXXXXX",
		       tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(test_folder) == NULL)
		return false;
	(void)snprintf(test_path, sizeof(test_path), "%s/a.db", test_folder);
	return true;
}

static void remove_database(void)
{
	static const char *const suffixes[] = { "", "-wal", "-shm", "-journal" };
	char name[320];

	for (size_t i = 0; i < COMIC_COUNT(suffixes); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", test_path, suffixes[i]);
		(void)unlink(name);
	}
}

static void remove_folder(void)
{
	remove_database();
	(void)rmdir(test_folder);
}

// The first column of the first row as text, "" for none; in a buffer used again.
COMIC_UNUSED static const char *query(sqlite3 *db, const char *sql)
{
	static char text[1024];
	sqlite3_stmt *s = NULL;

	text[0] = '\0';
	if (sqlite3_prepare_v2(db, sql, -1, &s, NULL) != SQLITE_OK)
		(void)snprintf(text, sizeof(text), "error: %s", sqlite3_errmsg(db));
	else if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0) != NULL)
		(void)snprintf(text, sizeof(text), "%s", (const char *)sqlite3_column_text(s, 0));
	(void)sqlite3_finalize(s);
	return text;
}

#endif
