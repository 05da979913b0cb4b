// SPDX-License-Identifier: MIT
// known.c: see known.h.

#include "walk/known.h"

#include "base/interrupt.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#define PAGE_ROWS 1000
#define ARENA_KEEP ((size_t)1 << 20)
#define WAIT_STEP_MS 50

// A row of either table.
struct known_item {
	struct text path;
	struct identity id;
	int64_t number; // comic: id; failed: attempts
	enum fail_code code; // failed
};

static const char comics_page[] = "SELECT path, size, mtime, ino, id, NULL FROM comic"
				  " WHERE path >= ?1 AND path < ?2 ORDER BY path LIMIT 1000";
static const char failed_page[] = "SELECT path, size, mtime, ino, attempts, code FROM failed"
				  " WHERE path >= ?1 AND path < ?2 ORDER BY path LIMIT 1000";
static const char same_file[] = "SELECT id, path FROM comic"
				" WHERE ino = ?1 AND size = ?2 AND mtime = ?3 ORDER BY id LIMIT 16";
static const char any_below[] = "SELECT 1 FROM comic WHERE path >= ?1 AND path < ?2 LIMIT 1";

// Rows are read in their order, once: a larger cache would only hold what is done with.
static const char small_cache[] = "PRAGMA cache_size = -512"; // KiB

static int fail(const struct known *k, const char *action, struct comic_err *err)
{
	if (interrupt_check(err) < 0)
		return -1;
	if (sqlite3_errcode(k->db) == SQLITE_NOMEM)
		return err_set_nomem(err, k->name);
	return err_set(err, COMIC_ERR_DB, "%s: %s: %s", k->name, action, sqlite3_errmsg(k->db));
}

// ---- opening ------------------------------------------------------------------------------

// Waits for another writer, but not longer than a signal.
static int wait_for_writer(void *context, int tries)
{
	(void)context;
	if (interrupt_signal() != 0 || tries >= KNOWN_WAIT_SECONDS * 1000 / WAIT_STEP_MS)
		return 0;
	(void)sqlite3_sleep(WAIT_STEP_MS);
	return 1;
}

static int prepare(struct known *k, const char *sql, sqlite3_stmt **out, struct comic_err *err)
{
	if (sqlite3_prepare_v3(k->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) != SQLITE_OK)
		return fail(k, "read", err);
	return 0;
}

// 1 if the database has the table comic.
static int has_schema(struct known *k, struct comic_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int step = 0;

	if (prepare(k, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'comic'", &stmt,
		    err) < 0)
		return -1;
	step = sqlite3_step(stmt);
	if (step != SQLITE_ROW && step != SQLITE_DONE)
		(void)fail(k, "read", err);
	(void)sqlite3_finalize(stmt);
	return step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? 0 : -1;
}

static int open_database(struct known *k, const char *name, int flags, struct comic_err *err)
{
	if (sqlite3_open_v2(name, &k->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		if (k->db == NULL)
			return err_set_nomem(err, k->name);
		return fail(k, "open", err);
	}
	(void)sqlite3_busy_handler(k->db, wait_for_writer, NULL);
	(void)sqlite3_db_config(k->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(k->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (sqlite3_exec(k->db, "PRAGMA query_only = ON", NULL, NULL, NULL) != SQLITE_OK)
		return fail(k, "open", err);
	return 0;
}

// True if the database could not be read because this user may not make its -wal and -shm files,
// and nobody has it open: then it can be read without them.
static bool needs_no_locks(struct known *k)
{
	int code = sqlite3_errcode(k->db);
	struct buf wal = { .len = 0 };
	struct stat st;
	bool alone = false;

	if (code != SQLITE_READONLY && code != SQLITE_CANTOPEN)
		return false;
	if (buf_printf(&wal, "%s-wal", k->name) == 0)
		alone = stat((const char *)wal.data, &st) < 0 && errno == ENOENT;
	buf_clear(&wal);
	return alone;
}

// Opens it as a file that nobody writes.
static int open_without_locks(struct known *k, struct comic_err *err)
{
	struct buf uri = { .len = 0 };
	int status = buf_add_text(&uri, "file:");

	for (const char *c = k->name; status == 0 && *c != '\0'; c++)
		status = buf_printf(&uri, *c == '/' ? "%c" : "%%%02X", (uint8_t)*c);
	if (status == 0)
		status = buf_add(&uri, "?immutable=1", sizeof("?immutable=1"));
	if (status < 0)
		(void)err_set_nomem(err, k->name);
	(void)sqlite3_close(k->db);
	k->db = NULL;
	if (status == 0)
		status = open_database(k, (const char *)uri.data,
				       SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	buf_clear(&uri);
	return status;
}

static int prepare_all(struct known *k, struct comic_err *err)
{
	k->comics.items = mem_alloc(PAGE_ROWS, sizeof(*k->comics.items));
	k->failed.items = mem_alloc(PAGE_ROWS, sizeof(*k->failed.items));
	if (k->comics.items == NULL || k->failed.items == NULL)
		return err_set_nomem(err, k->name);
	if (sqlite3_exec(k->db, small_cache, NULL, NULL, NULL) != SQLITE_OK)
		return fail(k, "read", err);
	if (prepare(k, comics_page, &k->comics.page, err) < 0 ||
	    prepare(k, failed_page, &k->failed.page, err) < 0 ||
	    prepare(k, same_file, &k->same_file, err) < 0)
		return -1;
	return prepare(k, any_below, &k->any, err);
}

// 1 if there is something to read, else 0.
static int open_tables(struct known *k, struct comic_err *err)
{
	int has = 0;

	// Read-only where permissions say so.
	if (open_database(k, k->name, SQLITE_OPEN_READWRITE, err) < 0)
		return -1;
	has = has_schema(k, err);
	if (has < 0 && needs_no_locks(k))
		has = open_without_locks(k, err) < 0 ? -1 : has_schema(k, err);
	if (has <= 0)
		return has;
	return prepare_all(k, err) < 0 ? -1 : 1;
}

int known_open(struct known *k, const char *path, struct comic_err *err)
{
	struct stat st;
	int got = 0;

	*k = (struct known){ .name = path };
	if (path == NULL || (stat(path, &st) < 0 && errno == ENOENT))
		return 0;
	if (stat(path, &st) < 0)
		return err_set_errno(err, "%s: stat", path);
	if (S_ISREG(st.st_mode) && st.st_size == 0)
		return 0;
	got = open_tables(k, err);
	if (got <= 0)
		known_close(k);
	return got < 0 ? -1 : 0;
}

static void clear_table(struct known_table *t)
{
	(void)sqlite3_finalize(t->page);
	free(t->items);
	arena_clear(&t->paths);
	buf_clear(&t->from);
}

void known_close(struct known *k)
{
	clear_table(&k->comics);
	clear_table(&k->failed);
	(void)sqlite3_finalize(k->same_file);
	(void)sqlite3_finalize(k->any);
	(void)sqlite3_close(k->db);
	buf_clear(&k->to);
	*k = (struct known){ .db = NULL };
}

bool known_is_empty(const struct known *k)
{
	return k->db == NULL;
}

// ---- ranges -------------------------------------------------------------------------------

static int bind_text(sqlite3_stmt *stmt, int at, const struct buf *b)
{
	return sqlite3_bind_text64(stmt, at, (const char *)b->data, b->len, SQLITE_STATIC,
				   SQLITE_UTF8);
}

// The range of the root itself, or of the paths below it, in from and to. Byte order: what follows
// a path at once is that path and a NUL; what follows all that begin with "x/" is "x0".
static int set_range(struct buf *from, struct buf *to, struct text root, bool below,
		     struct comic_err *err)
{
	if (root.len == 1 && below)
		root.len = 0; // the path of "/" is its own slash
	from->len = 0;
	to->len = 0;
	if (buf_add(from, root.data, root.len) < 0 || buf_add(to, root.data, root.len) < 0 ||
	    (below && buf_add(from, "/", 1) < 0) || buf_add(to, below ? "0" : "\0", 1) < 0)
		return err_set_nomem(err, "a range of paths");
	return 0;
}

static int start_range(struct known *k, bool below, struct comic_err *err)
{
	struct known_table *tables[] = { &k->comics, &k->failed };

	k->below = below;
	for (size_t i = 0; i < COMIC_COUNT(tables); i++) {
		tables[i]->count = 0;
		tables[i]->next = 0;
		tables[i]->more = true;
		if (set_range(&tables[i]->from, &k->to, k->root, below, err) < 0)
			return -1;
	}
	return 0;
}

int known_start(struct known *k, struct text root, struct comic_err *err)
{
	k->root = root;
	return k->db == NULL ? 0 : start_range(k, false, err);
}

int known_any(struct known *k, struct text root, struct comic_err *err)
{
	struct buf from = { .len = 0 };
	struct buf to = { .len = 0 };
	int got = 0;

	for (int below = 0; below < 2 && got == 0 && k->db != NULL; below++) {
		int step = SQLITE_DONE;

		if (set_range(&from, &to, root, below == 1, err) < 0) {
			got = -1;
			break;
		}
		(void)bind_text(k->any, 1, &from);
		(void)bind_text(k->any, 2, &to);
		step = sqlite3_step(k->any);
		if (step != SQLITE_ROW && step != SQLITE_DONE)
			got = fail(k, "read", err);
		else
			got = step == SQLITE_ROW;
		(void)sqlite3_reset(k->any);
	}
	buf_clear(&from);
	buf_clear(&to);
	return got;
}

// ---- rows ---------------------------------------------------------------------------------

static int take_row(struct known_table *t, struct comic_err *err)
{
	struct known_item *item = &t->items[t->count];
	const unsigned char *code = sqlite3_column_text(t->page, 5);
	const void *path = sqlite3_column_text(t->page, 0);
	size_t len = (size_t)sqlite3_column_bytes(t->page, 0);

	*item = (struct known_item){
		.path = { path == NULL ? NULL : arena_copy(&t->paths, path, len), len },
		.id = { .size = (uint64_t)sqlite3_column_int64(t->page, 1),
			.mtime = sqlite3_column_int64(t->page, 2),
			.ino = (uint64_t)sqlite3_column_int64(t->page, 3) },
		.number = sqlite3_column_int64(t->page, 4),
	};
	if (item->path.data == NULL)
		return err_set_nomem(err, "a page of the database");
	if (code != NULL && !fail_code_from(text_from((const char *)code), &item->code))
		item->code = FAIL_NONE;
	t->count++;
	return 0;
}

// Reads the next page; t->count is 0 after the last.
static int read_page(struct known *k, struct known_table *t, struct comic_err *err)
{
	int step = SQLITE_DONE;
	int status = 0;

	t->count = 0;
	t->next = 0;
	arena_reset(&t->paths, ARENA_KEEP);
	(void)bind_text(t->page, 1, &t->from);
	(void)bind_text(t->page, 2, &k->to);
	while (status == 0 && t->count < PAGE_ROWS && (step = sqlite3_step(t->page)) == SQLITE_ROW)
		status = take_row(t, err);
	if (status == 0 && step != SQLITE_ROW && step != SQLITE_DONE)
		status = fail(k, "read", err);
	(void)sqlite3_reset(t->page);
	t->more = t->count == PAGE_ROWS;
	if (status == 0 && t->more) {
		struct text last = t->items[t->count - 1].path;

		t->from.len = 0;
		if (buf_add(&t->from, last.data, last.len + 1) < 0) // its NUL: the path after it
			status = err_set_nomem(err, "a page of the database");
	}
	return status;
}

// The table's next row in *item, NULL after the last of the range; it stays the next one.
static int peek(struct known *k, struct known_table *t, const struct known_item **item,
		struct comic_err *err)
{
	if (t->next == t->count && t->more && read_page(k, t, err) < 0)
		return -1;
	*item = t->next < t->count ? &t->items[t->next] : NULL;
	return 0;
}

int known_next(struct known *k, struct known_row *row, struct comic_err *err)
{
	const struct known_item *comic = NULL;
	const struct known_item *failed = NULL;
	int order = 0;

	if (k->db == NULL)
		return 0;
	for (;;) {
		if (peek(k, &k->comics, &comic, err) < 0 || peek(k, &k->failed, &failed, err) < 0)
			return -1;
		if (comic != NULL || failed != NULL)
			break;
		if (k->below)
			return 0;
		if (start_range(k, true, err) < 0)
			return -1;
	}
	if (comic != NULL && failed != NULL)
		order = text_compare(comic->path, failed->path);
	else
		order = comic != NULL ? -1 : 1;
	*row = (struct known_row){ .path = order <= 0 ? comic->path : failed->path };
	if (order <= 0) {
		row->has_comic = true;
		row->comic = comic->number;
		row->comic_id = comic->id;
		k->comics.next++;
	}
	if (order >= 0) {
		row->has_failed = true;
		row->failed_id = failed->id;
		row->attempts = failed->number;
		row->code = failed->code;
		k->failed.next++;
	}
	return 1;
}

int known_same_file(struct known *k, const struct identity *id, struct arena *a,
		    struct known_file *out, size_t *count, struct comic_err *err)
{
	int step = SQLITE_DONE;
	int status = 0;

	*count = 0;
	if (k->db == NULL)
		return 0;
	(void)sqlite3_bind_int64(k->same_file, 1, (int64_t)id->ino);
	(void)sqlite3_bind_int64(k->same_file, 2, (int64_t)id->size);
	(void)sqlite3_bind_int64(k->same_file, 3, id->mtime);
	while (*count < KNOWN_SAME_MAX && (step = sqlite3_step(k->same_file)) == SQLITE_ROW) {
		const void *path = sqlite3_column_text(k->same_file, 1);
		size_t len = (size_t)sqlite3_column_bytes(k->same_file, 1);
		const char *copy = path == NULL ? NULL : arena_copy(a, path, len);

		if (copy == NULL) {
			status = err_set_nomem(err, "a row of the database");
			break;
		}
		out[(*count)++] =
			(struct known_file){ sqlite3_column_int64(k->same_file, 0), copy, len };
	}
	if (status == 0 && step != SQLITE_ROW && step != SQLITE_DONE)
		status = fail(k, "read", err);
	(void)sqlite3_reset(k->same_file);
	return status;
}
