// SPDX-License-Identifier: MIT
// open.h: opening the index for writing, making or migrating it first.
//
// The schema's version stands in meta('schema_version'). An empty database has
// version 0; each migration leads to the next version in one transaction. A
// version this program does not know is refused and left untouched.
#ifndef COMIC_OPEN_H
#define COMIC_OPEN_H

#include "database/database.h"

struct open_options {
	uint64_t cache;    // bytes for SQLite's page cache
	uint64_t wal_most; // bytes of write-ahead log after which a commit checkpoints
	int64_t wait;      // nanoseconds to wait for a lock
	bool dry_run;      // work on a copy that is thrown away (trial.h)
};

// Settings of SQLite as a whole; once per process, before the first database is opened: no
// mutexes around a connection and no memory statistics, a tenth of the loader's instructions.
COMIC_MUST_CHECK int open_configure(struct comic_err *err);

// Opens path, creating the file and the schema if need be. path must outlive the connection.
// -1: DB, VERSION, NOMEM, INTERRUPTED; there is nothing to close then.
COMIC_MUST_CHECK int open_database(struct database *d, const char *path,
				   const struct open_options *options, struct comic_err *err);
// Rolls back what is open, empties the write-ahead log if nobody reads it.
void close_database(struct database *d);

// SQLite's busy handler; data is the struct database. 0 gives up, after d->wait or a signal.
int open_wait_for_lock(void *data, int tries);

#endif
