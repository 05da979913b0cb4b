// SPDX-License-Identifier: MIT
// failures.c: comics that could not be read, and comics that are gone; see work.h.

#include "database/work.h"

#include <stdlib.h>

struct path_feed {
	const struct batch *batch;
	uint32_t *numbers; // of paths
	size_t count;
};

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "applying a batch");
}

static void path_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct path_feed *feed = rows;
	struct text path = feed->batch->paths.keys[feed->numbers[row]].text;

	(void)column;
	sqlite3_result_text(out, path.data, (int)path.len, SQLITE_STATIC);
}

// The paths of the batch for which this holds.
static int collect(const struct batch *b, bool (*wanted)(const struct path_state *),
		   struct path_feed *out, struct comic_err *err)
{
	*out = (struct path_feed){ .batch = b };
	out->numbers = mem_alloc(b->paths.count, sizeof(*out->numbers));
	if (out->numbers == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < b->paths.count; i++) {
		if (wanted(&b->states[i]))
			out->numbers[out->count++] = i;
	}
	return 0;
}

// Keeps the paths `find` has a row for, then runs `remove` on them.
static int remove_found(struct work *w, struct path_feed *paths, const char *find,
			const char *remove, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	size_t found = 0;
	int got = 0;

	if (database_prepare(w->d, find, &statement, err) < 0)
		return -1;
	w->d->feed = (struct feed){ paths->count, path_column, paths };
	// Rows come in the feed's order: the place written is never ahead of the one read.
	while ((got = database_step(w->d, statement, err)) > 0)
		paths->numbers[found++] = paths->numbers[sqlite3_column_int64(statement, 0)];
	paths->count = found;
	if (got < 0)
		return -1;
	return database_run_feed(w->d, remove, (struct feed){ found, path_column, paths }, err);
}

// ---- failures -----------------------------------------------------------------------------

static bool is_over(const struct path_state *s)
{
	return s->success || (s->failure != NULL && s->failure->fresh);
}

static int remove_over(struct work *w, struct comic_err *err)
{
	struct path_feed paths = { 0 };
	int64_t any = 0;
	int status = 0;

	if (database_number(w->d, "SELECT EXISTS (SELECT 1 FROM failed)", &any, err) < 0)
		return -1;
	if (any == 0)
		return 0;
	status = collect(w->batch, is_over, &paths, err);
	if (status == 0)
		status =
			remove_found(w, &paths,
				     "SELECT f.rowid FROM feed AS f"
				     " CROSS JOIN failed AS t ON t.path = f.c0",
				     "DELETE FROM failed WHERE path IN (SELECT c0 FROM feed)", err);
	free(paths.numbers);
	return status;
}

struct failure_feed {
	const struct failure **failures;
	size_t count;
	const char *now;
};

static void failure_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct failure_feed *feed = rows;
	const struct failure *f = feed->failures[row];
	struct cell cells[9] = {
		cell_text(f->path),
		cell_unsigned(f->id.size),
		cell_integer(f->id.mtime),
		cell_integer((int64_t)f->id.ino),
		f->id.dev == 0 ? (struct cell){ .kind = CELL_NULL }
			       : cell_integer((int64_t)f->id.dev),
		cell_text(text_from(fail_code_name(f->code))),
		cell_text(f->reason),
		cell_integer(f->attempts),
		cell_text(text_from(feed->now)),
	};

	cell_result(&cells[column], out);
}

_Static_assert(FAIL_ATTEMPTS_MAX == 2, "the statement below has the number as a literal");

static int add_failures(struct work *w, struct comic_err *err)
{
	const struct batch *b = w->batch;
	struct failure_feed feed = { .now = w->now };
	int status = 0;

	feed.failures = mem_alloc(b->paths.count, sizeof(const struct failure *));
	if (feed.failures == NULL)
		return no_memory(err);
	for (size_t i = 0; i < b->paths.count; i++) {
		if (b->states[i].failure != NULL)
			feed.failures[feed.count++] = b->states[i].failure;
	}
	w->counts[COUNT_FAILED] += feed.count;
	status = database_run_feed(
		w->d,
		"INSERT OR ROLLBACK INTO failed"
		" (path, size, mtime, ino, dev, code, reason, attempts, failed_at)"
		" SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8 FROM feed WHERE true"
		" ON CONFLICT (path) DO UPDATE SET"
		" attempts = MIN(2, excluded.attempts + CASE WHEN size = excluded.size"
		" AND mtime = excluded.mtime AND code IN ('crash', 'timeout')"
		" AND excluded.code IN ('crash', 'timeout') THEN attempts ELSE 0 END),"
		" size = excluded.size, mtime = excluded.mtime, ino = excluded.ino,"
		" dev = excluded.dev, code = excluded.code, reason = excluded.reason,"
		" failed_at = excluded.failed_at"
		" WHERE (size, mtime, ino, dev, code, reason) IS NOT (excluded.size, "
		"excluded.mtime,"
		" excluded.ino, excluded.dev, excluded.code, excluded.reason)"
		// Only these codes become final by their number; to fail as before writes nothing.
		" OR (excluded.code IN ('crash', 'timeout') AND attempts < 2)",
		(struct feed){ feed.count, failure_column, &feed }, err);
	free(feed.failures);
	return status;
}

int failures_write(struct work *w, struct comic_err *err)
{
	return remove_over(w, err) < 0 ? -1 : add_failures(w, err);
}

// ---- gone ---------------------------------------------------------------------------------

static bool is_present(const struct path_state *s)
{
	return s->present;
}

bool gone_wanted(const struct work *w)
{
	for (size_t i = 0; i < w->batch->paths.count; i++) {
		if (w->batch->states[i].gone != NULL)
			return true;
	}
	return false;
}

struct gone_feed {
	const struct gone **gone;
	size_t count;
	int64_t run;
};

static void gone_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct gone_feed *feed = rows;
	const struct gone *g = feed->gone[row];
	struct cell cells[4] = {
		cell_integer(feed->run),
		cell_text(g->path),
		g->has_row ? cell_integer(g->row) : (struct cell){ .kind = CELL_NULL },
		cell_text(g->root),
	};

	cell_result(&cells[column], out);
}

static int add_gone(struct work *w, int64_t run, struct comic_err *err)
{
	const struct batch *b = w->batch;
	struct gone_feed feed = { .run = run };
	int status = 0;

	feed.gone = mem_alloc(b->paths.count, sizeof(const struct gone *));
	if (feed.gone == NULL)
		return no_memory(err);
	for (size_t i = 0; i < b->paths.count; i++) {
		if (b->states[i].gone != NULL)
			feed.gone[feed.count++] = b->states[i].gone;
	}
	status = database_run_feed(w->d,
				   "REPLACE INTO gone (run_id, path, comic_id, root)"
				   " SELECT c0, c1, c2, c3 FROM feed",
				   (struct feed){ feed.count, gone_column, &feed }, err);
	free(feed.gone);
	return status;
}

int gone_write(struct work *w, int64_t run, struct comic_err *err)
{
	struct path_feed paths = { 0 };
	char find[128];
	char remove[128];
	int status = collect(w->batch, is_present, &paths, err);

	(void)sqlite3_snprintf(sizeof(find), find,
			       "SELECT f.rowid FROM feed AS f CROSS JOIN gone AS t"
			       " ON t.run_id = %lld AND t.path = f.c0",
			       (long long)run);
	(void)sqlite3_snprintf(sizeof(remove), remove,
			       "DELETE FROM gone WHERE run_id = %lld AND path IN"
			       " (SELECT c0 FROM feed)",
			       (long long)run);
	if (status == 0)
		status = remove_found(w, &paths, find, remove, err);
	free(paths.numbers);
	return status < 0 ? -1 : add_gone(w, run, err);
}
