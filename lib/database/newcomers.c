// SPDX-License-Identifier: MIT
// newcomers.c: comics that may turn out to have moved; see finish.h.
//
// A comic that is gone and one that has come since, with the same pages, are one that moved.
// "Since" is more than this run: a library may be imported at its new place before anybody
// looks at the old one, or while that is refused. Comics that came while an older one with
// the same pages stood where no run looked are kept in `newcomer`, until a complete run has
// looked there: then the older one is gone and they are joined, or both are there to stay.

#include "database/finish.h"

#include <stdlib.h>
#include <string.h>

// More names than this are not kept: what is below them counts as not looked at.
#define ROOTS_BYTES_MAX ((size_t)4 << 20)

int newcomers_add_roots(struct load *l, const struct record *begin, struct comic_err *err)
{
	struct newcomers *n = &l->newcomers;
	size_t count = begin->roots == NULL ? 0 : begin->roots->via.array.size;

	if (!begin->complete)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct text root = TEXT("");
		char *copy = NULL;

		(void)record_text(&begin->roots->via.array.ptr[i], &root);
		if (n->texts.used + root.len > ROOTS_BYTES_MAX)
			break;
		copy = arena_copy(&n->texts, root.data, root.len);
		if (copy == NULL ||
		    mem_grow(&n->roots, &n->room, n->count + 1, sizeof(*n->roots)) < 0)
			return err_set_nomem(err, "the roots");
		n->roots[n->count++] = (struct text){ copy, root.len };
	}
	return 0;
}

void newcomers_clear(struct newcomers *n)
{
	arena_clear(&n->texts);
	free(n->roots);
	*n = (struct newcomers){ .count = 0 };
}

static int compare_texts(const void *a, const void *b)
{
	const struct text *x = a;
	const struct text *y = b;

	return text_compare(*x, *y);
}

static bool is_root(const struct newcomers *n, struct text path)
{
	return n->count > 0 &&
	       bsearch(&path, n->roots, n->count, sizeof(path), compare_texts) != NULL;
}

// is_looked_at(path): the path or a folder above it is a root that this run has walked.
static void is_looked_at(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct newcomers *n = sqlite3_user_data(context);
	struct text path = { (const char *)sqlite3_value_text(values[0]),
			     (size_t)sqlite3_value_bytes(values[0]) };
	bool found = path.data != NULL && (is_root(n, path) || is_root(n, TEXT("/")));

	(void)count;
	for (size_t at = 1; path.data != NULL && !found && at < path.len; at++) {
		if (path.data[at] == '/')
			found = is_root(n, (struct text){ path.data, at });
	}
	sqlite3_result_int(context, found);
}

static int prepare(struct load *l, struct comic_err *err)
{
	struct newcomers *n = &l->newcomers;

	if (n->ready)
		return 0;
	if (n->count > 1)
		qsort(n->roots, n->count, sizeof(*n->roots), compare_texts);
	if (sqlite3_create_function(l->d.db, "is_looked_at", 1, SQLITE_UTF8 | SQLITE_DIRECTONLY, n,
				    is_looked_at, NULL, NULL) != SQLITE_OK)
		return database_fail(&l->d, "finish", err);
	n->ready = true;
	return 0;
}

// Of each set of pages that a newcomer has, the oldest comic that stands where this run did not
// look. Found once for all that have the pages: there may be thousands.
#define UNSEEN                                                                                     \
	"SELECT f.fingerprint AS fingerprint, MIN(o.id) AS oldest FROM"                            \
	" (SELECT DISTINCT c.fingerprint AS fingerprint FROM newcomer CROSS JOIN comic AS c"       \
	" ON c.id = newcomer.comic_id) AS f"                                                       \
	" CROSS JOIN comic AS o ON o.fingerprint = f.fingerprint"                                  \
	" AND NOT is_looked_at(o.path) GROUP BY f.fingerprint"
#define SETTLED                                                                                    \
	"FROM newcomer WHERE comic_id NOT IN (SELECT c.id FROM newcomer AS n"                      \
	" JOIN comic AS c ON c.id = n.comic_id JOIN (" UNSEEN ") AS u"                             \
	" ON u.fingerprint = c.fingerprint AND u.oldest < c.id)"

// One number for all roots.
static int64_t roots_hash(const struct newcomers *n)
{
	uint64_t hash = n->count;

	for (size_t i = 0; i < n->count; i++)
		hash = hash * 31 + text_hash(n->roots[i]);
	return (int64_t)hash;
}

int newcomers_need(struct load *l, bool *needed, struct comic_err *err)
{
	int64_t any = 0;
	int64_t looked_at = 0;

	if (database_number(&l->d, "SELECT EXISTS (SELECT 1 FROM newcomer)", &any, err) < 0)
		return -1;
	if (any == 0)
		return 0;
	if (prepare(l, err) < 0 ||
	    database_number(&l->d, "SELECT value FROM meta WHERE key = 'looked_at'", &looked_at,
			    err) < 0)
		return -1;
	// Where the run before looked, nothing has been found that was not found then.
	if (looked_at == roots_hash(&l->newcomers))
		return 0;
	if (database_number(&l->d, "SELECT EXISTS (SELECT 1 " SETTLED ")",
			    &any, err) < 0)
		return -1;
	*needed = any != 0;
	return 0;
}

static int note_roots(struct load *l, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(&l->d,
			     "REPLACE INTO meta SELECT 'looked_at', ?1"
			     " WHERE EXISTS (SELECT 1 FROM newcomer)",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, roots_hash(&l->newcomers));
	return database_step(&l->d, s, err);
}

static int add_new(struct load *l, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;
	int64_t oldest = 0;
	int64_t first = 0;

	if (database_number(&l->d, "SELECT MIN(id) FROM comic", &oldest, err) < 0 ||
	    finish_first_new(l, &first, err) < 0)
		return -1;
	if (oldest >= first)
		return 0; // a first import has nothing older
	if (database_prepare(&l->d,
			     "INSERT OR IGNORE INTO newcomer SELECT c.id FROM comic AS c"
			     " WHERE c.id >= ?1 AND c.page_count > 0 AND c.fingerprint IN"
			     " (SELECT f.fingerprint FROM (SELECT DISTINCT fingerprint FROM comic"
			     " WHERE id >= ?1 AND page_count > 0 AND fingerprint IS NOT NULL) AS f"
			     " WHERE EXISTS (SELECT 1 FROM comic AS o"
			     " WHERE o.fingerprint = f.fingerprint AND o.id < ?1"
			     " AND NOT is_looked_at(o.path)))",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, first);
	return database_step(&l->d, s, err);
}

int newcomers_settle(struct load *l, struct comic_err *err)
{
	if (prepare(l, err) < 0 || load_begin(l, err) < 0)
		return -1;
	if (database_run(&l->d, "DELETE " SETTLED, err) < 0 ||
	    add_new(l, err) < 0 || note_roots(l, err) < 0) {
		database_rollback(&l->d);
		return -1;
	}
	return load_commit(l, err);
}
