// SPDX-License-Identifier: MIT
// segment.c: what goes with the leaves of a segment: the list of segments, and how many rows and
// words there are; see segment.h. The names in quotes are fts5_index.c's.

#include "database/segment.h"

#include "database/segment_leaves.h"
#include "database/varint.h"

#include <string.h>

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "writing the search index");
}

static int damaged(const struct database *d, struct comic_err *err)
{
	return err_set(err, COMIC_ERR_DB, "%s: read: the search index is damaged", d->path);
}

static void put_number(struct buf *b, uint64_t value)
{
	b->len += varint_put(b->data + b->len, value);
}

static void put_bytes(struct buf *b, const void *data, size_t len)
{
	memcpy(b->data + b->len, data, len);
	b->len += len;
}

static int read_block(struct database *d, int64_t id, struct buf *out, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int got = database_prepare(d, "SELECT block FROM comic_fts_data WHERE id = ?1", &s, err);

	if (got < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, id);
	got = database_step(d, s, err);
	if (got <= 0)
		return got < 0 ? -1 : damaged(d, err);
	if (buf_add(out, sqlite3_column_blob(s, 0), (size_t)sqlite3_column_bytes(s, 0)) < 0)
		got = no_memory(err);
	(void)sqlite3_reset(s);
	return got < 0 ? -1 : 0;
}

static int write_block(struct database *d, int64_t id, const struct buf *block,
		       struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(d, "REPLACE INTO comic_fts_data (id, block) VALUES (?1, ?2)", &s,
			     err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, id);
	(void)sqlite3_bind_blob(s, 2, block->data, (int)block->len, SQLITE_STATIC);
	return database_step(d, s, err);
}

// ---- the list of segments -----------------------------------------------------------------

#define STRUCTURE_ROWID 10
#define SEGMENTS_MOST 2000 // "FTS5_MAX_SEGMENT"

// The record: 4 bytes of a cookie; how many levels and segments there are, and a counter of
// writes; then for each level how many of its segments are being merged, how many there are, and
// of each its id, first leaf and last leaf. New segments are the last of level 0.
struct structure {
	struct buf old;
	size_t at; // in old, behind the segments of level 0
	uint64_t levels;
	uint64_t segments;
	uint64_t writes;
	uint64_t merging; // of level 0
	uint64_t fresh;   // segments of level 0
	size_t fresh_at;  // where they begin
	bool taken[SEGMENTS_MOST + 2]; // ids
};

static int check_version(struct database *d, struct comic_err *err)
{
	int64_t version = 0;

	if (database_number(d, "SELECT v FROM comic_fts_config WHERE k = 'version'", &version,
			    err) < 0)
		return -1;
	if (version != 4)
		return err_set(err, COMIC_ERR_DB,
			       "%s: write: a search index of version %lld: only 4 is known",
			       d->path, (long long)version);
	return 0;
}

static bool next_number(struct structure *st, uint64_t *out)
{
	size_t used = varint_get(st->old.data + st->at, st->old.data + st->old.len, out);

	st->at += used;
	return used > 0;
}

static bool read_level(struct structure *st, bool first)
{
	uint64_t merging = 0;
	uint64_t count = 0;

	if (!next_number(st, &merging) || !next_number(st, &count))
		return false;
	if (first) {
		st->merging = merging;
		st->fresh = count;
		st->fresh_at = st->at;
	}
	for (uint64_t i = 0; i < count; i++) {
		uint64_t id = 0;
		uint64_t leaf = 0;

		if (!next_number(st, &id) || !next_number(st, &leaf) || !next_number(st, &leaf))
			return false;
		if (id <= SEGMENTS_MOST)
			st->taken[id] = true;
	}
	return true;
}

static bool read_structure(struct structure *st)
{
	size_t behind = 0;

	st->at = 4;
	if (st->old.len < 4 || !next_number(st, &st->levels) || !next_number(st, &st->segments) ||
	    !next_number(st, &st->writes))
		return false;
	behind = st->at;
	for (uint64_t i = 0; i < st->levels; i++) {
		if (!read_level(st, i == 0))
			return false;
		if (i == 0)
			behind = st->at;
	}
	st->at = behind;
	return st->segments <= SEGMENTS_MOST;
}

// The lowest that is free.
static int64_t free_id(const struct structure *st)
{
	int64_t id = 1;

	while (st->taken[id])
		id++;
	return id;
}

static int write_structure(struct database *d, const struct structure *st, int64_t id, int64_t last,
			   struct comic_err *err)
{
	struct buf new = { 0 };
	int status = -1;

	if (buf_reserve(&new, st->old.len + 8 * (size_t)VARINT_MOST) < 0) {
		(void)no_memory(err);
		goto out;
	}
	put_bytes(&new, st->old.data, 4);
	put_number(&new, st->levels == 0 ? 1 : st->levels);
	put_number(&new, st->segments + 1);
	put_number(&new, st->writes);
	put_number(&new, st->merging);
	put_number(&new, st->fresh + 1);
	if (st->levels > 0)
		put_bytes(&new, st->old.data + st->fresh_at, st->at - st->fresh_at);
	put_number(&new, (uint64_t)id);
	put_number(&new, 1);
	put_number(&new, (uint64_t)last);
	put_bytes(&new, st->old.data + st->at, st->old.len - st->at);
	status = write_block(d, STRUCTURE_ROWID, &new, err);
out:
	buf_clear(&new);
	return status;
}

// ---- how many rows and words there are ----------------------------------------------------

#define TOTALS_ROWID 1

static int write_totals(struct database *d, const struct postings *p, struct comic_err *err)
{
	struct buf old = { 0 };
	struct buf new = { 0 };
	size_t at = 0;
	int status = read_block(d, TOTALS_ROWID, &old, err);

	if (status == 0 && buf_reserve(&new, (SEARCH_COLUMNS + 1) * (size_t)VARINT_MOST) < 0)
		status = no_memory(err);
	for (size_t i = 0; status == 0 && i <= SEARCH_COLUMNS; i++) {
		uint64_t value = 0; // that of an empty index is an empty block

		at += varint_get(old.data + at, old.data + old.len, &value);
		value += (uint64_t)(i == 0 ? p->rows : p->totals[i - 1]);
		put_number(&new, value);
	}
	if (status == 0)
		status = write_block(d, TOTALS_ROWID, &new, err);
	buf_clear(&old);
	buf_clear(&new);
	return status;
}

static void size_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct posting_size *size = (const struct posting_size *)rows + row;

	if (column == 0)
		sqlite3_result_int64(out, size->id);
	else if (size->sizes != NULL)
		sqlite3_result_blob(out, size->sizes, (int)size->len, SQLITE_STATIC);
}

static int write_sizes(struct database *d, const struct postings *p, struct comic_err *err)
{
	struct feed sizes = { p->size_count, size_column, p->sizes };

	if (database_run_feed(d,
			      "REPLACE INTO comic_fts_docsize (id, sz) SELECT c0, c1 FROM feed"
			      " WHERE c1 IS NOT NULL",
			      sizes, err) < 0)
		return -1;
	return database_run_feed(d,
				 "DELETE FROM comic_fts_docsize WHERE id IN"
				 " (SELECT c0 FROM feed WHERE c1 IS NULL)",
				 sizes, err);
}

// ---- all of it ----------------------------------------------------------------------------

static int write_all(struct database *d, struct postings *p, size_t *segments,
		     struct comic_err *err)
{
	struct structure st = { 0 };
	int64_t id = 0;
	int64_t last = 0;
	int status = -1;

	if (check_version(d, err) < 0 || read_block(d, STRUCTURE_ROWID, &st.old, err) < 0)
		goto out;
	if (!read_structure(&st)) {
		(void)damaged(d, err);
		goto out;
	}
	if (st.segments >= SEGMENTS_MOST) {
		(void)err_set(err, COMIC_ERR_DB, "%s: write: too many segments", d->path);
		goto out;
	}
	id = free_id(&st);
	if (segment_write_leaves(d, id, p, &last, err) < 0 || write_totals(d, p, err) < 0 ||
	    write_sizes(d, p, err) < 0)
		goto out;
	*segments = st.fresh + (last > 0);
	status = last > 0 ? write_structure(d, &st, id, last, err) : 0;
out:
	buf_clear(&st.old);
	return status;
}

int segment_write(struct database *d, struct postings *p, size_t *segments, struct comic_err *err)
{
	int status = 0;

	// Otherwise the tables behind a virtual table are closed to SQL, whoever's it is.
	(void)sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	status = write_all(d, p, segments, err);
	(void)sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	return status;
}
