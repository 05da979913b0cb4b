// SPDX-License-Identifier: MIT
// feed.h: rows in memory as a table of SQL.
//
// SQLite's cost per row is mostly that of running a statement. So a batch is not
// written row by row: its rows stand in memory, and one statement per table reads
// them all from the table `feed`, whose columns are c0, c1, ... and whose rowid is
// the row's number from 0:
//
//	INSERT INTO comic_tag (comic_id, tag_id) SELECT c0, c1 FROM feed
//	SELECT f.rowid, t.id FROM feed AS f CROSS JOIN tag AS t ON t.name = f.c0
//
// CROSS JOIN keeps SQLite from turning the join around: the feed comes first.
#ifndef COMIC_FEED_H
#define COMIC_FEED_H

#include "base/err.h"

#include <sqlite3.h>
#include <stddef.h>

#define FEED_COLUMNS 64

struct feed {
	size_t count; // of rows
	// Gives one value of one row with an sqlite3_result function. Texts may be static:
	// they must stay until the statement goes to its next row.
	void (*column)(void *rows, size_t row, int column, sqlite3_context *out);
	void *rows;
};

// Makes the table `feed` known to db. It reads *feed, which the caller fills before a
// statement runs and leaves alone until it is done. 0 or SQLite's result code.
COMIC_MUST_CHECK int feed_register(sqlite3 *db, struct feed *feed);

// A feed of one column of integers.
struct feed feed_integers(const sqlite3_int64 *values, size_t count);

#endif
