// SPDX-License-Identifier: MIT
// load.c: see load.h. What is left to do at the end of a run is in finish.c.

#include "database/load.h"

#include "database/finish.h"
#include "database/open.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>

// How the budget is spent: half on the batch (comic-chunk sees to that), the rest here.
#define SHARE_CACHE(budget) ((budget) / 4) // SQLite's pages
#define CACHE_LEAST ((uint64_t)1 << 20)
#define CACHE_MOST ((uint64_t)1 << 30)
#define SHARE_SEARCH(budget) ((budget) / 8) // words of the search index not yet written
#define SEARCH_LEAST ((uint64_t)1 << 20)
#define SEARCH_MOST ((uint64_t)64 << 20)
#define SEARCH_ROW ((uint64_t)8 << 20) // so much for a single comic, if it must be
#define SEGMENTS_MOST 64 // of the search index: merging takes memory for each
#define SHARE_IDS(budget) ((budget) / 16)   // names and ids kept from batch to batch
#define WAL_LEAST ((uint64_t)64 << 20)
#define BATCH_LEAST ((uint64_t)1 << 20) // of a batch's memory, whatever it holds

// How long batches are held. Of 50,000 comics in batches of 1,000 each in its own transaction,
// a third more is written than at once; with 8,000 in a transaction it is a twenty-fifth.
#define HELD_RECORDS 8192
#define HELD_MS 1000

static int64_t monotonic(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void utc_now(char out[32])
{
	time_t now = time(NULL);
	struct tm parts = { 0 };

	if (gmtime_r(&now, &parts) == NULL || strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		out[0] = '\0';
}

double load_seconds(const struct load *l)
{
	return (double)(monotonic() - l->began) / 1e9;
}

static uint64_t between(uint64_t least, uint64_t value, uint64_t most)
{
	return value < least ? least : value > most ? most : value;
}

int load_open(struct load *l, const char *path, const struct load_options *options,
	      struct comic_err *err)
{
	struct open_options how = {
		.cache = between(CACHE_LEAST, SHARE_CACHE(options->budget), CACHE_MOST),
		.wal_most = between(WAL_LEAST, options->budget, UINT64_MAX),
		.wait = options->wait,
		.dry_run = options->dry_run,
	};

	*l = (struct load){ .options = *options, .began = monotonic() };
	utc_now(l->started);
	refs_next_batch(&l->batch.refs);
	if (open_database(&l->d, path, &how, err) < 0)
		return -1;
	l->search.memory = between(SEARCH_LEAST, SHARE_SEARCH(options->budget), SEARCH_MOST);
	l->search.row_least = SEARCH_ROW;
	// A batch refers only to rows it has just found or made, under the same lock: checking
	// each reference again would be a sixth of all work. finish_run() checks again. And a
	// format comes from an enumeration: to check it, SQLite makes a table for each comic.
	if (search_open(&l->search, &l->d, err) == 0 &&
	    database_run(&l->d, "PRAGMA foreign_keys = OFF", err) == 0 &&
	    database_run(&l->d, "PRAGMA ignore_check_constraints = ON", err) == 0)
		return 0;
	load_close(l);
	return -1;
}

void load_close(struct load *l)
{
	batch_clear(&l->batch);
	search_clear(&l->search);
	close_database(&l->d);
	newcomers_clear(&l->newcomers);
}

// ---- transactions -------------------------------------------------------------------------

int load_begin(struct load *l, struct comic_err *err)
{
	int64_t version = 0;

	utc_now(l->now);
	if (database_begin(&l->d, err) < 0)
		return -1;
	if (database_number(&l->d, "PRAGMA data_version", &version, err) < 0)
		goto failed;
	if (version != l->data_version)
		refs_forget(&l->batch.refs);
	l->data_version = version;
	if (l->run != 0)
		return 0;
	if (database_number(&l->d, "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'comic'",
			    &l->first_comic, err) < 0)
		goto failed;
	return 0;
failed:
	database_rollback(&l->d);
	return -1;
}

int load_start_run(struct load *l, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (l->run != 0)
		return 0;
	if (database_prepare(&l->d,
			     "INSERT INTO import_run (started_at, first_comic) VALUES (?1, ?2)", &s,
			     err) < 0)
		return -1;
	(void)sqlite3_bind_text(s, 1, l->started, -1, SQLITE_STATIC);
	(void)sqlite3_bind_int64(s, 2, l->first_comic);
	if (database_step(&l->d, s, err) < 0)
		return -1;
	l->run = sqlite3_last_insert_rowid(l->d.db);
	return 0;
}

static int write_counts(struct load *l, struct comic_err *err)
{
	struct buf sql = { 0 };
	sqlite3_stmt *s = NULL;
	int status = buf_add_text(&sql, "UPDATE import_run SET seconds = ?2");

	for (size_t i = 0; status == 0 && i < COUNTS; i++)
		status = buf_printf(&sql, ", %s = ?%zu", count_names[i], i + 3);
	if (status < 0 || buf_add_text(&sql, " WHERE id = ?1") < 0 || buf_add_byte(&sql, '\0') < 0)
		status = err_set_nomem(err, "counting");
	else
		status = database_prepare(&l->d, (const char *)sql.data, &s, err);
	buf_clear(&sql);
	if (status < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, l->run);
	(void)sqlite3_bind_double(s, 2, load_seconds(l));
	for (size_t i = 0; i < COUNTS; i++)
		(void)sqlite3_bind_int64(s, (int)i + 3, (int64_t)l->counts[i]);
	return database_step(&l->d, s, err);
}

int load_commit(struct load *l, struct comic_err *err)
{
	if (write_counts(l, err) < 0) {
		database_rollback(&l->d);
		return -1;
	}
	return database_commit(&l->d, err);
}

// ---- one batch ----------------------------------------------------------------------------

static void use_comic(struct refs *r, const struct comic *c)
{
	for (size_t i = 0; i < COMIC_COLUMNS; i++) {
		if (comic_columns[i].kind != REF_KINDS && c->cells[i].kind != CELL_NULL)
			refs_use(r, comic_columns[i].kind, c->cells[i].len);
	}
	for (enum link_kind kind = 0; kind < LINK_KINDS; kind++) {
		size_t count = 0;
		const struct link *links = comic_links(c, kind, &count);

		for (size_t i = 0; i < count; i++)
			refs_use(r, link_shapes[kind].kind, links[i].slot);
	}
}

// Only what stands at the end of the batch is needed: a comic that came twice counts once.
static void use_batch(struct batch *b)
{
	for (size_t i = 0; i < b->paths.count; i++) {
		if (b->states[i].comic != NULL)
			use_comic(&b->refs, b->states[i].comic);
	}
	for (size_t i = 0; i < b->move_count; i++) {
		if (b->moves[i].from.data != NULL)
			refs_use(&b->refs, REF_FOLDER, b->moves[i].folder);
	}
}

static int resolve(struct work *w, struct comic_err *err)
{
	struct ref_counts made = { 0 };

	use_batch(w->batch);
	if (refs_resolve(&w->batch->refs, w->d, &made, err) < 0)
		return -1;
	w->counts[COUNT_TAGS_CREATED] += made.tags;
	w->counts[COUNT_FOLDERS_CREATED] += made.folders;
	return 0;
}

static int compare_and_write(struct work *w, struct comic_err *err)
{
	if (moves_apply(w, err) < 0 || comics_compare(w, err) < 0)
		return -1;
	links_resolve(w);
	if (links_compare(w, err) < 0 || search_change(w, err) < 0)
		return -1;
	search_begin_add(w);
	if (comics_write(w, err) < 0 || links_write(w, err) < 0 || search_add(w, err) < 0)
		return -1;
	return failures_write(w, err) < 0 ? -1 : suspects_write(w, err);
}

static int write_gone(struct load *l, struct work *w, struct comic_err *err)
{
	bool wanted = gone_wanted(w);

	if (!wanted && !l->any_gone)
		return 0;
	if (load_start_run(l, err) < 0 || gone_write(w, l->run, err) < 0)
		return -1;
	l->any_gone = true;
	return 0;
}

static int apply_in_transaction(struct load *l, struct comic_err *err)
{
	struct work w = { .d = &l->d,
			  .batch = &l->batch,
			  .now = l->now,
			  .keep_missing = l->options.keep_missing,
			  .search = &l->search };
	int status = -1;

	if (first_begin(&w, err) == 0 && resolve(&w, err) == 0 && compare_and_write(&w, err) == 0)
		status = write_gone(l, &w, err);
	for (size_t i = 0; i < COUNTS; i++)
		l->counts[i] += w.counts[i];
	l->counts[COUNT_BATCHES]++;
	l->counts[COUNT_BYTES] += l->batch.bytes;
	work_clear(&w);
	return status;
}

// ---- batches that share a transaction -----------------------------------------------------

static int spills(const struct load *l)
{
	int now = 0;
	int most = 0;

	(void)sqlite3_db_status(l->d.db, SQLITE_DBSTATUS_CACHE_SPILL, &now, &most, 0);
	return now;
}

static int hold_begin(struct load *l, struct comic_err *err)
{
	if (l->held.any)
		return 0;
	if (load_begin(l, err) < 0)
		return -1;
	l->held = (struct held){ .any = true,
				 .since = monotonic(),
				 .changes = sqlite3_total_changes64(l->d.db),
				 .spills = spills(l) };
	memcpy(l->held.counts, l->counts, sizeof(l->counts));
	return 0;
}

static void hold_undo(struct load *l)
{
	database_rollback(&l->d);
	memcpy(l->counts, l->held.counts, sizeof(l->counts));
	l->held = (struct held){ 0 };
}

int load_settle(struct load *l, struct comic_err *err)
{
	int status = 0;

	if (!l->held.any)
		return 0;
	if (sqlite3_total_changes64(l->d.db) == l->held.changes)
		status = database_commit(&l->d, err); // nothing to write: it writes nothing
	else if (load_start_run(l, err) == 0)
		status = load_commit(l, err);
	else
		status = -1;
	if (status < 0)
		hold_undo(l);
	else
		l->held = (struct held){ 0 };
	return status;
}

// A page that left the cache for want of room is written once more when it changes again.
static bool holds_enough(const struct load *l)
{
	return l->held.records >= HELD_RECORDS || spills(l) != l->held.spills ||
	       l->search.segments >= SEGMENTS_MOST;
}

int load_before_read(void *load, int fd, struct comic_err *err)
{
	struct load *l = load;
	struct pollfd input = { .fd = fd, .events = POLLIN };
	int64_t left = 0;

	if (!l->held.any)
		return 0;
	left = HELD_MS - (monotonic() - l->held.since) / 1000000;
	// A signal ends the wait, but may not end the read.
	return poll(&input, 1, left > 0 ? (int)left : 0) > 0 ? 0 : load_settle(l, err);
}

static int apply(struct load *l, struct comic_err *err)
{
	if (l->batch.records == 0)
		return 0;
	if (l->held.records + l->batch.records > HELD_RECORDS && load_settle(l, err) < 0)
		return -1;
	// What is held shall not be lost to a signal; it and this are not much.
	l->d.patient = l->held.any;
	if (hold_begin(l, err) < 0)
		return -1;
	if (apply_in_transaction(l, err) < 0) {
		hold_undo(l);
		return -1;
	}
	l->d.patient = false;
	l->held.records += l->batch.records;
	batch_reset(&l->batch, SHARE_IDS(l->options.budget));
	if (holds_enough(l) && load_settle(l, err) < 0)
		return -1;
	if (l->search.segments >= SEGMENTS_MOST)
		return search_merge(&l->d, &l->search, SEGMENTS_MOST, err);
	return 0;
}

// ---- records ------------------------------------------------------------------------------

static int too_large(const struct load *l, struct comic_err *err)
{
	if (!l->chunked)
		return err_set(err, COMIC_ERR_INPUT,
			       "load: %" PRIu64 " records without a batch: pipe the stream through "
			       "comic-chunk",
			       l->batch.records);
	return err_set(err, COMIC_ERR_LIMIT,
		       "load: a batch of more than %" PRIu64
		       " bytes in memory: give comic-chunk less "
		       "--memory, or this more",
		       l->options.most);
}

static int add(struct load *l, const struct record *r, size_t bytes, struct comic_err *err)
{
	if (batch_must_end(&l->batch, r) && apply(l, err) < 0)
		return -1;
	if (batch_add(&l->batch, r, bytes, err) < 0)
		return -1;
	// A single record cannot be less.
	if (l->batch.records <= 1 || batch_memory(&l->batch) <= l->options.most + BATCH_LEAST)
		return 0;
	return too_large(l, err);
}

int load_record(struct load *l, const struct record *r, size_t bytes, struct comic_err *err)
{
	switch (r->type) {
	case STREAM_BEGIN:
		l->chunked = l->chunked || r->has_budget;
		l->any_complete = l->any_complete || r->complete;
		if (newcomers_add_roots(l, r, err) < 0)
			return -1;
		return batch_begin_group(&l->batch, r, err);
	case STREAM_END:
	case STREAM_OTHER:
		return 0;
	case STREAM_BATCH:
		l->any_batch = true;
		return apply(l, err);
	case STREAM_FILE:
	case STREAM_MOVED:
	case STREAM_GONE:
	case STREAM_COMIC:
	case STREAM_FAIL:
		break;
	}
	return add(l, r, bytes, err);
}

int load_finish(struct load *l, struct comic_err *err)
{
	if (!l->any_batch)
		return err_set(err, COMIC_ERR_INPUT,
			       "load: a stream without batches: pipe it through comic-chunk");
	if (l->batch.records > 0)
		return err_set(err, COMIC_ERR_TRUNCATED,
			       "load: truncated stream: %" PRIu64 " records after the last batch",
			       l->batch.records);
	if (load_settle(l, err) < 0)
		return -1;
	// To end a run takes memory of its own: this goes before.
	batch_clear(&l->batch);
	return database_run(&l->d, "PRAGMA foreign_keys = ON", err) < 0 ? -1 : finish_run(l, err);
}
