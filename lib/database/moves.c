// SPDX-License-Identifier: MIT
// moves.c: comics that moved, and inode numbers that changed; see work.h.
//
// One row at a time, in the order of the stream: a move depends on the ones
// before it, and they are few.

#include "database/work.h"

#include "database/derive.h"

static void bind_text(sqlite3_stmt *s, int at, struct text t)
{
	(void)sqlite3_bind_text(s, at, t.data, (int)t.len, SQLITE_STATIC);
}

static void bind_cell(sqlite3_stmt *s, int at, struct cell c)
{
	(void)sqlite3_bind_int64(s, at, c.as.integer);
}

static void bind_dev(sqlite3_stmt *s, int at, const struct identity *id)
{
	if (id->dev != 0)
		(void)sqlite3_bind_int64(s, at, (int64_t)id->dev);
}

// 1: a row, with its first column in *out; 0: none; -1.
static int query_one(struct work *w, sqlite3_stmt *s, int64_t *out, struct comic_err *err)
{
	int got = database_step(w->d, s, err);

	if (got > 0) {
		*out = sqlite3_column_int64(s, 0);
		(void)sqlite3_reset(s);
	}
	return got;
}

// The row of this id and path whose file is as the record says; *folder is where it was.
static int find_source(struct work *w, const struct move *m, int64_t *folder, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(w->d,
			     "SELECT folder_id FROM comic"
			     " WHERE id = ?1 AND path = ?2 AND size = ?3 AND mtime = ?4",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, m->row);
	bind_text(s, 2, m->from);
	bind_cell(s, 3, cell_unsigned(m->id.size));
	(void)sqlite3_bind_int64(s, 4, m->id.mtime);
	return query_one(w, s, folder, err);
}

// 1: the path has a row; *same is 1 if its file is as the record says.
static int find_target(struct work *w, const struct move *m, struct text path, int64_t *same,
		       struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(w->d, "SELECT size = ?2 AND mtime = ?3 FROM comic WHERE path = ?1", &s,
			     err) < 0)
		return -1;
	bind_text(s, 1, path);
	bind_cell(s, 2, cell_unsigned(m->id.size));
	(void)sqlite3_bind_int64(s, 3, m->id.mtime);
	return query_one(w, s, same, err);
}

static int move_row(struct work *w, const struct move *m, struct text path, struct comic_err *err)
{
	struct arena *a = &w->batch->arena;
	struct text name = derive_display_name(a, path);
	sqlite3_stmt *s = NULL;

	if (name.data == NULL)
		return err_set_nomem(err, "applying a batch");
	if (database_prepare(w->d,
			     "UPDATE comic SET path = ?2, folder_id = ?3, file_name = ?4, ino = ?5,"
			     " dev = ?6 WHERE id = ?1",
			     &s, err) < 0)
		return -1;
	(void)sqlite3_bind_int64(s, 1, m->row);
	bind_text(s, 2, path);
	(void)sqlite3_bind_int64(s, 3, refs_id(&w->batch->refs, REF_FOLDER, m->folder));
	bind_text(s, 4, name);
	(void)sqlite3_bind_int64(s, 5, (int64_t)m->id.ino);
	bind_dev(s, 6, &m->id);
	return database_step(w->d, s, err);
}

// Nothing in the database is what moved: the next run looks at the file again.
static int fail_move(struct work *w, const struct move *m, struct path_state *s,
		     struct comic_err *err)
{
	struct failure *f = NULL;

	// The path's folder may have been made for nothing.
	if (work_suspect(w, REF_FOLDER, refs_id(&w->batch->refs, REF_FOLDER, m->folder), err) < 0)
		return -1;
	if (s->decided)
		return 0;
	f = arena_zero(&w->batch->arena, sizeof(*f));
	if (f == NULL)
		return err_set_nomem(err, "applying a batch");
	*f = (struct failure){
		.path = w->batch->paths.keys[m->path].text,
		.id = m->id,
		.code = FAIL_CHANGED,
		.reason = TEXT("moved, but the index has changed since it was scanned"),
		.attempts = 1,
		.fresh = true,
	};
	s->failure = f;
	return 0;
}

// A comic that left its root counts when the run finds out how much of that is gone.
static int note_left(struct work *w, const struct move *m, struct comic_err *err)
{
	struct batch *b = w->batch;
	struct path_state *from = &b->states[intern_find(&b->paths, m->from)];
	struct gone *g = NULL;

	if (m->left.len == 0 || from->gone != NULL || from->present)
		return 0;
	g = arena_zero(&b->arena, sizeof(*g));
	if (g == NULL)
		return err_set_nomem(err, "applying a batch");
	*g = (struct gone){ .path = m->from, .row = m->row, .has_row = true, .root = m->left };
	from->gone = g;
	return 0;
}

static int apply_move(struct work *w, const struct move *m, struct comic_err *err)
{
	struct path_state *s = &w->batch->states[m->path];
	struct text path = w->batch->paths.keys[m->path].text;
	int64_t folder = 0;
	int64_t same = 0;
	int target = find_target(w, m, path, &same, err);
	int source = target == 0 ? find_source(w, m, &folder, err) : 0;

	if (target < 0 || source < 0)
		return -1;
	if (target > 0 && same != 0)
		return 0; // the same stream again
	if (source == 0)
		return fail_move(w, m, s, err);
	if (!s->decided)
		s->failure = NULL;
	w->counts[COUNT_COMICS_MOVED]++;
	if (move_row(w, m, path, err) < 0 || note_left(w, m, err) < 0)
		return -1;
	return work_suspect(w, REF_FOLDER, folder, err);
}

static int apply_touch(struct work *w, const struct move *m, struct comic_err *err)
{
	sqlite3_stmt *s = NULL;

	if (database_prepare(w->d,
			     "UPDATE comic SET ino = ?4, dev = ?5"
			     " WHERE path = ?1 AND size = ?2 AND mtime = ?3 AND ino <> ?4",
			     &s, err) < 0)
		return -1;
	bind_text(s, 1, w->batch->paths.keys[m->path].text);
	bind_cell(s, 2, cell_unsigned(m->id.size));
	(void)sqlite3_bind_int64(s, 3, m->id.mtime);
	(void)sqlite3_bind_int64(s, 4, (int64_t)m->id.ino);
	bind_dev(s, 5, &m->id);
	return database_step(w->d, s, err);
}

int moves_apply(struct work *w, struct comic_err *err)
{
	const struct batch *b = w->batch;

	for (size_t i = 0; i < b->move_count; i++) {
		const struct move *m = &b->moves[i];

		if ((m->from.data != NULL ? apply_move(w, m, err) : apply_touch(w, m, err)) < 0)
			return -1;
	}
	return 0;
}
