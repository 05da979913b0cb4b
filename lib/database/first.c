// SPDX-License-Identifier: MIT
// first.c: see first.h.

#include "database/first.h"

#define PAGE_IDS 1024 // read from the view at a time

static int set_end(struct work *w, int64_t id, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(w->d, "UPDATE meta SET value = ?1 WHERE key = 'first_import'", &s,
			     err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, id);
	w->search_end = id;
	return database_step(w->d, s, err);
}

int first_flush(struct work *w, struct comic_err *err)
{
	const struct postings *held = &w->search->postings;

	// It may be a part of a row (postings.h), which counts when all of it is there.
	if (held->size_count > 0 && set_end(w, held->last, err) < 0)
		return -1;
	return search_flush(w->d, w->search, err);
}

// ---- what nobody holds any more -----------------------------------------------------------

static int catch_up(struct work *w, int64_t last, struct comic_err *err)
{
	int64_t next = w->search_end + 1;
	int64_t ids[PAGE_IDS];

	search_drop(w->search, 0);
	// The view reaches as far as the index shall.
	if (set_end(w, last, err) < 0)
		return -1;
	while (next <= last) {
		size_t count = 0;

		while (count < PAGE_IDS && next <= last)
			ids[count++] = next++;
		if (search_by_view(w->d, w->search, POSTING_NEW, ids, count, err) < 0)
			return -1;
	}
	return search_flush(w->d, w->search, err);
}

int first_begin(struct work *w, struct comic_err *err)
{
	const struct postings *held = &w->search->postings;
	int64_t last = 0;

	if (database_number(w->d,
			    "SELECT IFNULL((SELECT value FROM meta"
			    " WHERE key = 'first_import'), -1)",
			    &w->search_end, err) < 0)
		return -1;
	w->first = w->search_end >= 0;
	if (!w->first) {
		// Another program ended it, and put in what is held.
		search_drop(w->search, 0);
		return 0;
	}
	if (database_number(w->d, "SELECT seq FROM sqlite_sequence WHERE name = 'comic'", &last,
			    err) < 0)
		return -1;
	if (w->search_end + (int64_t)held->size_count == last &&
	    (held->size_count == 0 || held->last == last))
		return 0;
	return catch_up(w, last, err);
}
