// SPDX-License-Identifier: MIT
// dump.c: see dump.h.

#include "database/dump.h"

#include "base/interrupt.h"
#include "database/dump_meta.h"
#include "database/schema.h"
#include "stream/scan.h"

#include <jansson.h>
#include <sqlite3.h>
#include <time.h>
#include <unistd.h>

#define LOCK_TRIES 600 // a minute, as comic-load waits
#define LOCK_PAUSE 100000000 // nanoseconds

struct dump {
	const char *path;
	sqlite3 *db;
	sqlite3_stmt *comics;
	sqlite3_stmt *fails;
	struct dump_links links;
	struct dump_meta meta;
	struct packed_map record; // of the comic at hand, after path and identity
	struct record_writer *w;
	struct dump_counts *counts;
};

// The columns of the comics statement before those of dump_meta_columns().
enum column {
	COLUMN_PATH,
	COLUMN_SIZE,
	COLUMN_MTIME,
	COLUMN_INO,
	COLUMN_ID,
	COLUMN_FORMAT,
	COLUMN_PAGES,
	COLUMN_FINGERPRINT,
	COLUMN_SOURCES,
	COLUMN_WARNINGS,
	COLUMN_META,
};
static const char comics_sql[] =
	"SELECT c.path, c.size, c.mtime, c.ino, c.id, c.format, c.page_count,"
	" c.fingerprint, c.sources, c.warnings";

enum fail_column { FAIL_COLUMN_CODE = COLUMN_INO + 1, FAIL_COLUMN_REASON };
static const char fails_sql[] =
	"SELECT path, size, mtime, ino, code, reason FROM failed ORDER BY path";

// The cache: what a comic links to lies all over the file.
static const char settings[] = "PRAGMA query_only = ON; PRAGMA cell_size_check = ON;"
			       " PRAGMA mmap_size = 0; PRAGMA cache_size = -16384; BEGIN";

static int db_error(const struct dump *d, int code, const char *action, struct comic_err *err)
{
	if (code == SQLITE_NOMEM)
		return err_set_nomem(err, d->path);
	if (code == SQLITE_BUSY && interrupt_check(err) < 0)
		return -1;
	if (code == SQLITE_NOTADB)
		return err_set(err, COMIC_ERR_INPUT, "%s: not a comic database", d->path);
	return err_set(err, COMIC_ERR_DB, "%s: %s: %s", d->path, action, sqlite3_errmsg(d->db));
}

// ---- records --------------------------------------------------------------------------------

static void get_envelope(sqlite3_stmt *st, struct record *r)
{
	r->path = dump_links_column_text(st, COLUMN_PATH);
	r->id.size = (uint64_t)sqlite3_column_int64(st, COLUMN_SIZE);
	r->id.mtime = sqlite3_column_int64(st, COLUMN_MTIME);
	r->id.ino = (uint64_t)sqlite3_column_int64(st, COLUMN_INO);
}

// A column that holds a JSON array of texts, as an array under key. NULL gives nothing.
static int add_texts(struct dump *d, const char *key, int column, struct comic_err *err)
{
	struct text json = dump_links_column_text(d->comics, column);
	json_t *list = NULL;
	size_t at = 0;
	json_t *item = NULL;

	if (json.len == 0)
		return 0;
	list = json_loadb(json.data, json.len, 0, NULL);
	if (!json_is_array(list)) {
		json_decref(list);
		return err_set(err, COMIC_ERR_DB, "%s: comic %lld: %s is not a JSON array", d->path,
			       (long long)sqlite3_column_int64(d->comics, COLUMN_ID), key);
	}
	packed_map_add_key(&d->record, key);
	pack_array(&d->record.pk, json_array_size(list));
	json_array_foreach(list, at, item) {
		struct text t = { json_string_value(item), json_string_length(item) };

		pack_text(&d->record.pk, t.data != NULL ? t : TEXT(""));
	}
	json_decref(list);
	return 0;
}

static int write_comic(struct dump *d, struct comic_err *err)
{
	struct record r = { .type = STREAM_COMIC };
	struct packed_map *m = &d->record;
	struct text fingerprint = dump_links_column_text(d->comics, COLUMN_FINGERPRINT);
	struct text body = TEXT("");
	int code = dump_links_read(&d->links, sqlite3_column_int64(d->comics, COLUMN_ID));

	if (code != SQLITE_OK)
		return db_error(d, code, "read", err);
	dump_meta_pack(&d->meta);
	get_envelope(d->comics, &r);
	packed_map_start(m);
	packed_map_add_key(m, "format");
	pack_text(&m->pk, dump_links_column_text(d->comics, COLUMN_FORMAT));
	packed_map_add_key(m, "pages");
	pack_signed(&m->pk, sqlite3_column_int64(d->comics, COLUMN_PAGES));
	if (fingerprint.len > 0) {
		packed_map_add_key(m, "fingerprint");
		pack_text(&m->pk, fingerprint);
	}
	if (add_texts(d, "sources", COLUMN_SOURCES, err) < 0)
		return -1;
	packed_map_add_map(m, "meta", &d->meta.meta);
	if (add_texts(d, "warnings", COLUMN_WARNINGS, err) < 0)
		return -1;
	body = (struct text){ (const char *)m->bytes.data, m->bytes.len };
	if (m->pk.failed)
		return err_set_nomem(err, d->path);
	if (record_pack_comic(d->w, &r, m->pairs, body, err) < 0)
		return -1;
	if (d->w->scratch.len > SCAN_RECORD_MAX)
		return err_set(err, COMIC_ERR_LIMIT, "%s: comic %lld: larger than a record may be",
			       d->path, (long long)sqlite3_column_int64(d->comics, COLUMN_ID));
	d->counts->comics++;
	return record_write_packed(d->w, err);
}

static int write_fail(struct dump *d, struct comic_err *err)
{
	struct record r = { .type = STREAM_FAIL };
	struct text code = dump_links_column_text(d->fails, FAIL_COLUMN_CODE);

	get_envelope(d->fails, &r);
	r.reason = dump_links_column_text(d->fails, FAIL_COLUMN_REASON);
	if (!fail_code_from(code, &r.code))
		return err_set(err, COMIC_ERR_DB,
			       "%s: failed: '%.*s' is not a code of this version", d->path,
			       (int)(code.len < 100 ? code.len : 100), code.data);
	d->counts->fails++;
	return record_write(d->w, &r, err);
}

// ---- the merge ------------------------------------------------------------------------------

// Steps to the next row: 1, 0 at the end, -1.
static int step(struct dump *d, sqlite3_stmt *st, struct comic_err *err)
{
	int code = SQLITE_OK;

	if (interrupt_check(err) < 0)
		return -1;
	code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		return 1;
	return code == SQLITE_DONE ? 0 : db_error(d, code, "read", err);
}

static int compare_paths(const struct dump *d)
{
	return text_compare(dump_links_column_text(d->comics, COLUMN_PATH),
			    dump_links_column_text(d->fails, COLUMN_PATH));
}

// Two lists in path order become one; of equal paths the comic comes first.
static int write_all(struct dump *d, struct comic_err *err)
{
	int comic = step(d, d->comics, err);
	int fail = comic < 0 ? -1 : step(d, d->fails, err);

	while (comic >= 0 && fail >= 0 && comic + fail > 0) {
		bool comic_first = fail == 0 || (comic == 1 && compare_paths(d) <= 0);

		if (comic_first)
			comic = write_comic(d, err) < 0 ? -1 : step(d, d->comics, err);
		else
			fail = write_fail(d, err) < 0 ? -1 : step(d, d->fails, err);
	}
	return comic < 0 || fail < 0 ? -1 : 0;
}

// ---- the database ---------------------------------------------------------------------------

static int check_schema(struct dump *d, struct comic_err *err)
{
	static const char sql[] = "SELECT (SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
				  " AND name IN ('comic', 'failed', 'import_run')),"
				  " (SELECT value FROM meta WHERE key = 'schema_version')";
	sqlite3_stmt *st = NULL;
	int code = sqlite3_prepare_v2(d->db, sql, -1, &st, NULL);

	if (code == SQLITE_ERROR) // no table meta
		code = SQLITE_NOTADB;
	if (code == SQLITE_OK)
		code = sqlite3_step(st);
	if (code == SQLITE_ROW && sqlite3_column_int(st, 0) != 3)
		code = SQLITE_NOTADB;
	if (code != SQLITE_ROW)
		(void)db_error(d, code, "read", err);
	else if (sqlite3_column_int64(st, 1) > SCHEMA_VERSION)
		code = err_set(err, COMIC_ERR_VERSION,
			       "%s: made by a newer comicpipe (schema %lld, this knows %d)",
			       d->path, (long long)sqlite3_column_int64(st, 1), SCHEMA_VERSION);
	(void)sqlite3_finalize(st);
	return code == SQLITE_ROW ? 0 : -1;
}

static int prepare(struct dump *d, struct comic_err *err)
{
	struct buf sql = { 0 };
	int code = SQLITE_NOMEM;

	if (buf_add_text(&sql, comics_sql) == 0 && dump_meta_columns(&sql) == 0 &&
	    buf_printf(&sql, "%s ORDER BY c.path", dump_meta_from) == 0)
		code = sqlite3_prepare_v2(d->db, (const char *)sql.data, (int)sql.len, &d->comics,
					  NULL);
	buf_clear(&sql);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(d->db, fails_sql, -1, &d->fails, NULL);
	if (code == SQLITE_OK)
		code = dump_links_open(&d->links, d->db);
	if (code != SQLITE_OK)
		return db_error(d, code, "prepare", err);
	d->meta.row = d->comics;
	d->meta.column = COLUMN_META;
	d->meta.links = &d->links;
	return 0;
}

// SQLite calls this while another program holds the lock: 0 gives up.
static int wait_for_lock(void *data, int tries)
{
	static const struct timespec pause = { .tv_nsec = LOCK_PAUSE };

	(void)data;
	if (interrupt_signal() != 0 || tries >= LOCK_TRIES)
		return 0;
	(void)nanosleep(&pause, NULL);
	return 1;
}

// "./" before a relative name: to SQLite ":memory:" and "file:x" are no names of files.
static int open_file(struct dump *d, struct comic_err *err)
{
	struct buf name = { 0 };
	int code = SQLITE_NOMEM;

	if ((d->path[0] == '/' || buf_add_text(&name, "./") == 0) &&
	    buf_printf(&name, "%s", d->path) == 0)
		code = sqlite3_open_v2((const char *)name.data, &d->db,
				       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	buf_clear(&name);
	return code == SQLITE_OK ? 0 : db_error(d, code, "open", err);
}

// Opened for writing although nothing is written: what a killed loader left in the write-ahead
// log is then recovered. SQLite falls back to reading where permissions demand.
static int open_database(struct dump *d, struct comic_err *err)
{
	int code = SQLITE_OK;

	if (access(d->path, R_OK) < 0)
		return err_set_errno(err, "%s: open", d->path);
	if (open_file(d, err) < 0)
		return -1;
	(void)sqlite3_busy_handler(d->db, wait_for_lock, NULL);
	(void)sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	code = sqlite3_exec(d->db, settings, NULL, NULL, NULL);
	return code == SQLITE_OK ? 0 : db_error(d, code, "open", err);
}

int dump_write(const char *path, struct record_writer *w, struct dump_counts *counts,
	       struct comic_err *err)
{
	struct dump d = { .path = path, .w = w, .counts = counts };
	int status = -1;

	*counts = (struct dump_counts){ 0 };
	if (open_database(&d, err) == 0 && check_schema(&d, err) == 0 && prepare(&d, err) == 0)
		status = write_all(&d, err);
	dump_links_close(&d.links);
	dump_meta_clear(&d.meta);
	packed_map_clear(&d.record);
	(void)sqlite3_finalize(d.comics);
	(void)sqlite3_finalize(d.fails);
	(void)sqlite3_close(d.db);
	return status;
}
