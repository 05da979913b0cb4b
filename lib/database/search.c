// SPDX-License-Identifier: MIT
// search.c: rows of the search index; see search.h and work.h.

#include "database/search.h"

#include "database/first.h"
#include "database/segment.h"

#include <stdlib.h>
#include <string.h>

#define WORTH_A_THREAD 100 // new comics
#define EARLY_SEGMENTS 4   // smaller ones
#define PARTS_MOST 64      // of a row that is too big to be written at once (6 bits: postings.c)
#define FEW_WORDS 32       // in a row that has each of them so often on average
#define MANY_SEGMENTS 128
#define LARGE_SEGMENT ((size_t)64 << 20)
#define ALL_COLUMNS (((uint32_t)1 << SEARCH_COLUMNS) - 1)

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "gathering search rows");
}

// What postings_*() returned.
static int check(const struct database *d, int got, struct comic_err *err)
{
	if (got == SQLITE_OK)
		return 0;
	return got == SQLITE_NOMEM ? no_memory(err)
				   : err_set(err, COMIC_ERR_DB, "%s: tokenize: %s", d->path,
					     sqlite3_errstr(got));
}

int search_open(struct search *s, struct database *d, struct comic_err *err)
{
	return check(d, words_open(&s->postings.words, d->db), err);
}

// There is room for 2,000 segments, and to merge them takes a transaction of its own. Where one
// makes very many, each of comics with huge texts, it is better to take more memory.
static size_t grown(const struct search *s, size_t bytes)
{
	for (size_t many = MANY_SEGMENTS; many <= s->segments && bytes < LARGE_SEGMENT;
	     many += MANY_SEGMENTS)
		bytes *= 2;
	return bytes;
}

// What is held when the stream ends is written while nothing else is left to do: of a small
// library that should not be everything.
static size_t memory_now(const struct search *s)
{
	return grown(s, (size_t)(s->segments < EARLY_SEGMENTS ? s->memory / 4 : s->memory));
}

int search_flush(struct database *d, struct search *s, struct comic_err *err)
{
	s->full = false;
	if (!postings_any(&s->postings))
		return 0;
	if (segment_write(d, &s->postings, &s->segments, err) < 0)
		return -1;
	search_drop(s, memory_now(s) / 2);
	return 0;
}

void search_drop(struct search *s, size_t keep)
{
	postings_reset(&s->postings, keep);
	search_names_clear(&s->names);
}

static bool is_full(const struct search *s)
{
	return s->full || (postings_any(&s->postings) &&
	       postings_memory(&s->postings) + s->names.memory > memory_now(s));
}

void search_clear(struct search *s)
{
	postings_clear(&s->postings);
	search_names_clear(&s->names);
}

// ---- a row --------------------------------------------------------------------------------

static size_t row_most(const struct search *s)
{
	size_t most = memory_now(s) + (size_t)s->memory / 4;
	size_t least = grown(s, (size_t)s->row_least);

	// More parts would not help; nor would it be known in time that a later part is too big.
	if (s->few_words || s->postings.part > 0 || s->postings.parts >= PARTS_MOST)
		return 0;
	return most > least ? most : least;
}

static void begin_row(struct search *s, int64_t id, bool was, bool is)
{
	s->again = false;
	s->postings.most = row_most(s);
	postings_row(&s->postings, id, was, is);
}

// There was no room for the row: after the others, or else in twice as many parts, which is of no
// use where it is a few words again and again.
static void put_off_row(struct search *s)
{
	struct postings *p = &s->postings;
	bool alone = p->told == 0;

	if (alone && p->place_count / (p->touched_count + 1) >= FEW_WORDS)
		s->few_words = true;
	else if (alone)
		p->parts = p->parts < 2 ? 2 : p->parts * 2;
	postings_undo_row(p);
	if (alone)
		search_drop(s, 0);
	s->full = s->again = true;
}

static void end_part(struct search *s)
{
	struct postings *p = &s->postings;

	p->part++;
	s->again = p->part < p->parts;
	if (!s->again)
		p->part = p->parts = 0;
	s->full = true;
}

// got is what telling its texts returned. A row that is to be told again is not an error.
static int end_row(struct search *s, int got)
{
	if (got == SQLITE_OK)
		got = postings_end_row(&s->postings);
	if (got == SQLITE_TOOBIG) {
		put_off_row(s);
		return SQLITE_OK;
	}
	s->few_words = false;
	if (got == SQLITE_OK && s->postings.parts > 1)
		end_part(s);
	return got;
}

// ---- texts of the view --------------------------------------------------------------------

// Comics whose rows are read from the view, some of their columns.
struct viewed {
	sqlite3_stmt *rows; // the row of the feed, the id, the texts
	uint32_t columns;
};

#define FIRST_TEXT 2

// The feed has the ids. CROSS JOIN says that it comes before the comic, but not that it comes
// before the other tables of the view: the order has to be asked for, and costs nothing where it is
// what it is.
static int open_view(struct database *d, struct viewed *v, uint32_t columns, struct comic_err *err)
{
	struct buf sql = { 0 };
	int status = buf_add_text(&sql, "SELECT f.rowid, v.comic_id");

	for (size_t i = 0; status == 0 && i < SEARCH_COLUMNS; i++)
		status = buf_printf(&sql, ", %s%s", (columns >> i & 1) != 0 ? "v." : "NULL AS ",
				    search_column_name(i));
	if (status == 0)
		status = buf_add_text(&sql, " FROM feed AS f CROSS JOIN v_search AS v"
					    " ON v.comic_id = f.c0 ORDER BY f.rowid");
	if (status < 0 || buf_add_byte(&sql, '\0') < 0)
		status = no_memory(err);
	else if (sqlite3_prepare_v2(d->db, (const char *)sql.data, -1, &v->rows, NULL) != SQLITE_OK)
		status = database_fail(d, "prepare", err);
	v->columns = columns;
	buf_clear(&sql);
	return status;
}

static void close_view(struct database *d, struct viewed *v)
{
	(void)sqlite3_finalize(v->rows);
	v->rows = NULL;
	d->feed = (struct feed){ 0 };
}

static struct text viewed_text(const struct viewed *v, size_t column)
{
	int at = FIRST_TEXT + (int)column;

	return (struct text){ (const char *)sqlite3_column_text(v->rows, at),
			      (size_t)sqlite3_column_bytes(v->rows, at) };
}

static int add_viewed(struct search *s, const struct viewed *v, enum posting_side side)
{
	struct postings *p = &s->postings;
	int got = 0;

	begin_row(s, sqlite3_column_int64(v->rows, 1), side == POSTING_OLD, side == POSTING_NEW);
	for (size_t i = 0; got == 0 && i < SEARCH_COLUMNS; i++)
		got = postings_text(p, i, side, viewed_text(v, i));
	return end_row(s, got);
}

// As many of the ids as fit; *done is how many.
static int add_some(struct database *d, struct search *s, enum posting_side side, struct feed ids,
		    size_t *done, struct comic_err *err)
{
	struct viewed v = { 0 };
	int got = 0;

	*done = 0;
	d->feed = ids;
	if (open_view(d, &v, ALL_COLUMNS, err) < 0)
		return -1;
	while (!is_full(s) && (got = database_step(d, v.rows, err)) > 0) {
		*done = (size_t)sqlite3_column_int64(v.rows, 0);
		got = check(d, add_viewed(s, &v, side), err);
		if (got < 0)
			break;
		*done += !s->again;
	}
	if (got == 0 && !is_full(s))
		*done = ids.count; // the view may have no row of the last
	close_view(d, &v);
	return got < 0 ? -1 : 0;
}

int search_by_view(struct database *d, struct search *s, enum posting_side side,
		   const int64_t *ids, size_t count, struct comic_err *err)
{
	if (count > 0 && !postings_can_add(&s->postings, ids[0]) && search_flush(d, s, err) < 0)
		return -1;
	while (count > 0) {
		size_t done = 0;

		if (add_some(d, s, side, feed_integers((const sqlite3_int64 *)ids, count), &done,
			     err) < 0 ||
		    (is_full(s) && search_flush(d, s, err) < 0))
			return -1;
		ids += done;
		count -= done;
	}
	return 0;
}

// ---- comics of a batch --------------------------------------------------------------------

// The existing comics whose search row changes, in id order; freed by the caller.
static int collect_changed(const struct work *w, struct comic ***out, size_t *count,
			   struct comic_err *err)
{
	*count = 0;
	*out = mem_alloc(w->existing_count + 1, sizeof(**out));
	if (*out == NULL)
		return no_memory(err);
	for (size_t i = 0; i < w->existing_count; i++) {
		if (w->existing[i]->search_changed != 0)
			(*out)[(*count)++] = w->existing[i];
	}
	return 0;
}

static bool needs_view(const struct comic *c)
{
	return c->names_changed || c->was == NULL;
}

// What the comic said before in one of the columns that changed.
static struct text old_text(const struct comic *c, const struct viewed *v, size_t column)
{
	enum comic_column own = COL_PATH;

	if (!search_column_is_own(column, &own) || c->was == NULL)
		return viewed_text(v, column);
	return cell_as_text(&c->was[own]);
}

static int add_column(struct postings *p, struct search_maker *m, const struct comic *c,
		      const struct viewed *v, size_t column)
{
	bool changed = (c->search_changed >> column & 1) != 0;
	struct text text = { NULL, 0 };
	int got = search_text(m, c, column, &text) < 0 ? SQLITE_NOMEM : 0;

	if (got == 0 && changed)
		got = postings_text(p, column, POSTING_OLD, old_text(c, v, column));
	if (got == 0)
		got = postings_text(p, column, changed ? POSTING_NEW : POSTING_KEPT, text);
	return got;
}

// True if the row read from the view is this comic's.
static bool is_viewed(const struct viewed *v, const struct comic *c)
{
	return sqlite3_column_int64(v->rows, 1) == c->id;
}

static int add_changed(struct search *s, struct search_maker *m, const struct comic *c,
		       const struct viewed *v)
{
	int got = 0;

	begin_row(s, c->id, true, true);
	for (size_t i = 0; got == 0 && i < SEARCH_COLUMNS; i++)
		got = add_column(&s->postings, m, c, v, i);
	return end_row(s, got);
}

static void id_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct comic **comics = rows;

	(void)column;
	sqlite3_result_int64(out, comics[row]->id);
}

// As many of the changed comics as fit, all of them needing the view or none; *done is how many.
static int change_some(struct work *w, struct search_maker *m, struct comic **comics, size_t count,
		       size_t *done, struct comic_err *err)
{
	bool view = needs_view(comics[0]);
	struct viewed v = { 0 };
	uint32_t columns = 0;
	size_t end = 0;
	int got = 0;

	for (; end < count && needs_view(comics[end]) == view; end++)
		columns |= comics[end]->search_changed;
	w->d->feed = (struct feed){ end, id_column, comics };
	if (view && open_view(w->d, &v, columns, err) < 0)
		return -1;
	*done = 0;
	while (*done < end && !is_full(w->search)) {
		got = view ? database_step(w->d, v.rows, err) : 1;
		if (got == 0 || (got > 0 && view && !is_viewed(&v, comics[*done])))
			got = err_set(err, COMIC_ERR_DB,
				      "%s: read: comic %lld is not in v_search", w->d->path,
				      (long long)comics[*done]->id);
		if (got > 0)
			got = check(w->d, add_changed(w->search, m, comics[*done], &v), err);
		if (got < 0)
			break;
		*done += !w->search->again;
	}
	close_view(w->d, &v);
	return got < 0 ? -1 : 0;
}

static int change_rows(struct work *w, struct comic **comics, size_t count, struct comic_err *err)
{
	struct search_maker m = { .refs = &w->batch->refs };
	int status = 0;

	while (status == 0 && count > 0) {
		size_t done = 0;

		status = change_some(w, &m, comics, count, &done, err);
		if (status == 0 && is_full(w->search))
			status = search_flush(w->d, w->search, err);
		comics += done;
		count -= done;
	}
	search_maker_clear(&m);
	return status;
}

// The ids of comics, for search_by_view().
static int view_rows(struct work *w, enum posting_side side, struct comic **comics, size_t count,
		     struct comic_err *err)
{
	int64_t *ids = mem_alloc(count + 1, sizeof(*ids));
	int status = 0;

	if (ids == NULL)
		return no_memory(err);
	for (size_t i = 0; i < count; i++)
		ids[i] = comics[i]->id;
	status = search_by_view(w->d, w->search, side, ids, count, err);
	free(ids);
	return status;
}

int search_change(struct work *w, struct comic_err *err)
{
	struct comic **comics = NULL;
	size_t count = 0;
	int status = collect_changed(w, &comics, &count, err);

	// Only what is in the index can be changed, and what is held comes behind it.
	if (status == 0 && count > 0 && w->first)
		status = first_flush(w, err);
	if (status == 0 && count > 0 && !postings_can_add(&w->search->postings, comics[0]->id))
		status = search_flush(w->d, w->search, err);
	// What was kept of an existing comic is not in memory.
	if (status == 0 && w->keep_missing)
		status = view_rows(w, POSTING_OLD, comics, count, err);
	else if (status == 0)
		status = change_rows(w, comics, count, err);
	// What first.h holds is of new comics only.
	if (status == 0 && count > 0 && (w->first || w->keep_missing))
		status = search_flush(w->d, w->search, err);
	free(comics);
	return status;
}

// Names where they can be known already, else the text, as of a row that is told in parts.
static int add_new_column(struct search *s, struct search_maker *m, const struct comic *c,
			  size_t column)
{
	enum ref_kind kind = search_named(column);
	struct text text = { NULL, 0 };
	size_t count = 0;
	int room = 0;

	if (kind != REF_KINDS && s->postings.parts < 2)
		room = search_names_room(&s->names, m->refs, kind, memory_now(s) / 4);
	if (room == 0)
		return search_text(m, c, column, &text) < 0
			       ? SQLITE_NOMEM
			       : postings_text(&s->postings, column, POSTING_NEW, text);
	if (room < 0 || search_slots(m, c, column, &count) < 0)
		return SQLITE_NOMEM;
	return search_names_add(&s->names, &s->postings, m->refs, column, kind, m->slots, count);
}

static int add_new(struct search *s, struct search_maker *m, const struct comic *c)
{
	int got = 0;

	begin_row(s, c->id, false, true);
	for (size_t i = 0; got == 0 && i < SEARCH_COLUMNS; i++)
		got = add_new_column(s, m, c, i);
	return end_row(s, got);
}

// As many of the new comics as fit.
static void gather_created(void *work)
{
	struct work *w = work;
	struct search_maker m = { .refs = &w->batch->refs };

	search_names_open(&w->search->names, m.refs);
	while (w->gathered < w->created_count && w->gather_result == SQLITE_OK &&
	       !is_full(w->search)) {
		w->gather_result = add_new(w->search, &m, w->created[w->gathered]);
		w->gathered += !w->search->again;
	}
	search_maker_clear(&m);
}

void search_begin_add(struct work *w)
{
	// Rows that are put back come before these.
	if (w->created_count >= WORTH_A_THREAD && !w->keep_missing)
		beside_start(&w->gathering, gather_created, w);
}

static int add_created(struct work *w, struct comic_err *err)
{
	for (;;) {
		if (check(w->d, w->gather_result, err) < 0)
			return -1;
		if (is_full(w->search) &&
		    (w->first ? first_flush(w, err) : search_flush(w->d, w->search, err)) < 0)
			return -1;
		if (w->gathered == w->created_count)
			return 0;
		gather_created(w);
	}
}

static int put_back(struct work *w, struct comic_err *err)
{
	struct comic **comics = NULL;
	size_t count = 0;
	int status = collect_changed(w, &comics, &count, err);

	if (status == 0)
		status = view_rows(w, POSTING_NEW, comics, count, err);
	if (status == 0 && w->first && count > 0)
		status = search_flush(w->d, w->search, err);
	free(comics);
	return status;
}

int search_add(struct work *w, struct comic_err *err)
{
	beside_wait(&w->gathering);
	if (w->keep_missing && put_back(w, err) < 0)
		return -1;
	if (add_created(w, err) < 0)
		return -1;
	return w->first ? 0 : search_flush(w->d, w->search, err);
}
