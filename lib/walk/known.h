// SPDX-License-Identifier: MIT
// known.h: what the database knows of the files below a root, in path order.
//
// Reads the tables `comic` and `failed` of comic-db(5), never writes. Rows come in pages; no read
// transaction stays open between them, because comic-load writes the same file meanwhile.
//
// A database that is missing, of zero bytes or without a table `comic` when it is opened is empty
// for good: comic-load may be making it now. It is opened for reading and writing, so that what a
// killed writer left can be recovered, and read-only where permissions demand: then without locks
// if it is in WAL mode, its folder may not be written and nobody has it open.
#ifndef COMIC_KNOWN_H
#define COMIC_KNOWN_H

#include "base/err.h"
#include "base/text.h"
#include "stream/record.h"

#include <sqlite3.h>
#include <stdbool.h>

// How long another writer is waited for; as comic-load's --wait.
#define KNOWN_WAIT_SECONDS 60

// The comic row, the failed row, or both of a path. dev is 0 throughout.
struct known_row {
	struct text path;
	bool has_comic;
	int64_t comic; // its id
	struct identity comic_id;
	bool has_failed;
	struct identity failed_id;
	enum fail_code code; // FAIL_NONE for one this version does not know
	int64_t attempts;
};

// One of the two tables, a page of it at a time.
struct known_table {
	sqlite3_stmt *page;
	struct known_item *items;
	size_t count;
	size_t next;
	struct arena paths; // of the items
	struct buf from; // where the next page begins
	bool more;
};

struct known {
	sqlite3 *db; // NULL: empty
	const char *name; // for messages
	struct known_table comics;
	struct known_table failed;
	sqlite3_stmt *same_file;
	sqlite3_stmt *any;
	struct text root;
	struct buf to; // where the range being read ends; not itself in it
	bool below; // that range is what lies below the root, else the root itself
};

// path NULL: no database, which is an empty one. name must outlive k.
// 0, or -1 (DB, NOMEM, IO).
COMIC_MUST_CHECK int known_open(struct known *k, const char *path, struct comic_err *err);
void known_close(struct known *k);
bool known_is_empty(const struct known *k); // no rows at all, now and later

// Starts with the rows of root itself and of what lies below it. root must stay valid.
COMIC_MUST_CHECK int known_start(struct known *k, struct text root, struct comic_err *err);
// 1: *row, valid until the next known_next() or known_start(). 0: no more. -1: err.
COMIC_MUST_CHECK int known_next(struct known *k, struct known_row *row, struct comic_err *err);

// Up to KNOWN_SAME_MAX comics with this size, mtime and ino, by id; paths in a.
#define KNOWN_SAME_MAX 16
struct known_file {
	int64_t comic;
	const char *path;
	size_t len;
};
COMIC_MUST_CHECK int known_same_file(struct known *k, const struct identity *id, struct arena *a,
				     struct known_file *out, size_t *count, struct comic_err *err);
// 1 if the database has a comic at root or below it, else 0.
COMIC_MUST_CHECK int known_any(struct known *k, struct text root, struct comic_err *err);

#endif
