// SPDX-License-Identifier: MIT
// load.h: a stream of batched records becomes the database's content.
//
//	load_open(&l, path, &options, &err)
//	load_record(&l, &record, bytes, &err)	for each record; a batch record applies what came
//	load_finish(&l, &err)			after the end of a whole stream
//	load_close(&l)
//
// A batch is applied whole or not at all. Small batches share a transaction: one that is
// committed alone writes the pages of the indexes of names, which new names meet at random,
// once more. They share one as long as it saves writes and the stream goes on; see HELD_* in
// load.c. Call
//
//	load_before_read(&l, fd, &err)		before fd, where the stream comes from, is read: it
//						fits a stream_reader's before_read
//	load_settle(&l, &err)			after an error that was not the database's: commits
//						the batches before it
//
// What a run counts is kept in import_run, whose row comes with the first transaction that
// changes something: a run that changes nothing writes nothing. After an error only
// load_settle() and load_close() are left to call; committed batches stay.
#ifndef COMIC_LOAD_H
#define COMIC_LOAD_H

#include "base/err.h"
#include "database/batch.h"
#include "database/database.h"
#include "database/first.h"
#include "database/work.h"

struct load_options {
	uint64_t budget;       // bytes of memory to work with
	uint64_t most;         // bytes of records one batch may take; beyond that it is refused
	int64_t wait;          // nanoseconds to wait for a lock
	unsigned int max_gone; // percent of a root that may be deleted
	bool keep_missing;     // what a comic no longer says stays
	bool dry_run;          // everything is done, but to a copy that is thrown away
};

// The roots that groups of the stream have walked; see newcomers.c.
struct newcomers {
	struct arena texts;
	struct text *roots;
	size_t count;
	size_t room;
	bool ready; // they are sorted, and SQL can ask for them
};

// Batches that were applied and not yet committed.
struct held {
	bool any;
	uint64_t records;
	int64_t since;           // monotonic
	int64_t changes;         // sqlite3_total_changes64() before them
	int spills;              // of the page cache before them
	uint64_t counts[COUNTS]; // without them
};

struct load {
	struct load_options options;
	struct database d;
	struct batch batch;
	struct search search;
	struct held held;
	uint64_t counts[COUNTS]; // of committed and held batches
	char now[32];            // UTC, of the transaction
	char started[32];
	int64_t began;        // monotonic
	int64_t run;          // import_run.id, 0 before something changed
	int64_t first_comic;  // ids of comics this run creates begin here
	int64_t data_version; // changes when another program writes
	bool chunked;         // comic-chunk has seen the stream
	bool any_batch;       // a batch record came
	bool any_complete;    // some group may delete
	bool any_gone;        // rows wait in `gone`
	struct newcomers newcomers;
};

// Makes or migrates the database, or copies it for a dry run. -1: see open_database(); nothing
// is left to close.
COMIC_MUST_CHECK int load_open(struct load *l, const char *path, const struct load_options *options,
			       struct comic_err *err);
// A record of the stream, begin, end and batch included. -1: INPUT (not extracted, no batches),
// LIMIT (a batch beyond options.most), REFUSED, DB, NOMEM, INTERRUPTED.
COMIC_MUST_CHECK int load_record(struct load *l, const struct record *r, size_t bytes,
				 struct comic_err *err);
// The stream ended as it should: deletes what is gone, sweeps, merges the search index.
// -1 also: TRUNCATED (records after the last batch), REFUSED (too much is gone; the rest is
// done all the same).
COMIC_MUST_CHECK int load_finish(struct load *l, struct comic_err *err);
// Commits what is held when fd has nothing to read until the oldest of it is a second old: no
// lock is kept while a slow stream is waited for. -1: DB, NOMEM, INTERRUPTED.
COMIC_MUST_CHECK int load_before_read(void *load, int fd, struct comic_err *err);
// Commits what is held. -1: as above; it is rolled back then.
COMIC_MUST_CHECK int load_settle(struct load *l, struct comic_err *err);
void load_close(struct load *l);

double load_seconds(const struct load *l);

// For finish.c: a transaction of the run, and what goes with it.
COMIC_MUST_CHECK int load_begin(struct load *l, struct comic_err *err);
// Makes the run's row if there is none. In a transaction.
COMIC_MUST_CHECK int load_start_run(struct load *l, struct comic_err *err);
// Writes the counts and commits.
COMIC_MUST_CHECK int load_commit(struct load *l, struct comic_err *err);

#endif
