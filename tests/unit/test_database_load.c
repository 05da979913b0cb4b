// SPDX-License-Identifier: MIT
// test_database_load.c: streams into a database, with memory running out at every place.

#include "database.h"
#include "database/load.h"
#include "stream/reader.h"

#include <fcntl.h>
#include <inttypes.h>

static char stream_path[300];

// ---- streams ------------------------------------------------------------------------------

static void pack_names(struct record_packer *p, const char *key, int first, int count)
{
	char name[32];

	pack_key(p, key);
	pack_map(p, (size_t)count);
	for (int i = 0; i < count; i++) {
		(void)snprintf(name, sizeof(name), "%s %d", key, first + i);
		pack_key(p, name);
		pack_map(p, 0);
	}
}

static void pack_body(struct record_packer *p, int i, const char *title)
{
	pack_key(p, "format");
	pack_key(p, "cbz");
	pack_key(p, "pages");
	pack_unsigned(p, 10);
	pack_key(p, "meta");
	pack_map(p, 4);
	pack_key(p, "title");
	pack_key(p, title);
	pack_key(p, "language");
	pack_key(p, "en");
	pack_names(p, "tags", i, 5);
	pack_names(p, "characters", i / 2, 7);
}

static int write_comic(struct record_writer *w, int i, const char *title, struct comic_err *err)
{
	struct buf body = { 0 };
	struct record_packer p;
	struct record r = { .type = STREAM_COMIC, .id = { .size = 5, .mtime = i, .ino = 9 } };
	char path[64];
	int status = 0;

	(void)snprintf(path, sizeof(path), "/lib/%d/%d.cbz", i % 3, i);
	r.path = text_from(path);
	record_packer_init(&p, &body);
	pack_body(&p, i, title);
	status = p.failed ? -1
			  : record_pack_comic(w, &r, 3,
					      (struct text){ (char *)body.data, body.len }, err);
	if (status == 0)
		status = record_write_packed(w, err);
	buf_clear(&body);
	return status;
}

// A complete stream of comics in batches of `batch`, every third gone if `gone`.
static bool write_stream(int count, int batch, const char *title, bool gone)
{
	struct comic_err err = { 0 };
	struct output out;
	struct record_writer w;
	struct text root = TEXT("/lib");
	bool fine = output_open(&out, stream_path, &err) == 0;

	if (!fine)
		return false;
	record_writer_init(&w, &out);
	fine = record_write_begin(&w, "test", &root, 1, true, &err) == 0;
	for (int i = 1; fine && i <= count; i++) {
		struct record r = { .type = STREAM_GONE, .has_row = true, .row = i };
		char path[64];

		(void)snprintf(path, sizeof(path), "/lib/%d/%d.cbz", i % 3, i);
		r.path = text_from(path);
		if (gone && i % 3 == 0)
			fine = record_write(&w, &r, &err) == 0;
		else
			fine = write_comic(&w, i, title, &err) == 0;
		r = (struct record){ .type = STREAM_BATCH, .n = 1, .records = 1 };
		if (fine && i % batch == 0)
			fine = record_write(&w, &r, &err) == 0;
	}
	if (fine) {
		struct record r = { .type = STREAM_BATCH, .n = 1 };

		fine = record_write_end(&w, NULL, 0, &err) == 0 &&
		       record_write(&w, &r, &err) == 0 && output_commit(&out, &err) == 0;
	}
	record_writer_clear(&w);
	if (!fine)
		printf("# %s\n", err.text);
	return fine;
}

// ---- loading ------------------------------------------------------------------------------

static const struct load_options plain = {
	.budget = 8 << 20,
	.most = 64 << 20,
	.max_gone = 50,
};

static int load_frames(struct load *l, int fd, struct comic_err *err)
{
	struct stream_reader in;
	struct record_decoder decoder = { 0 };
	struct stream_frame frame;
	struct record r;
	int got = 0;

	stream_reader_init(&in, fd, "stream");
	while (got == 0 && (got = stream_next(&in, &frame, err)) > 0) {
		got = record_decode(&decoder, &frame, &r, err);
		if (got == 0)
			got = load_record(l, &r, frame.len, err);
	}
	stream_reader_clear(&in);
	record_decoder_clear(&decoder);
	return got < 0 ? -1 : load_finish(l, err);
}

// arena_max 0: no bound.
static int load_stream(size_t arena_max, struct load *l, struct comic_err *err)
{
	int fd = -1;
	int status = load_open(l, test_path, &plain, err);

	if (status < 0)
		return -1;
	l->batch.arena.max = arena_max;
	fd = open(stream_path, O_RDONLY);
	status = load_frames(l, fd, err);
	(void)close(fd);
	load_close(l);
	return status;
}

static const char *ask(const char *sql)
{
	static char text[1024];
	sqlite3 *db = NULL;

	if (sqlite3_open(test_path, &db) != SQLITE_OK)
		return "cannot open";
	(void)snprintf(text, sizeof(text), "%s", query(db, sql));
	(void)sqlite3_close(db);
	return text;
}

static bool sane(void)
{
	return strcmp(ask("PRAGMA integrity_check"), "ok") == 0 &&
	       strcmp(ask("PRAGMA foreign_key_check"), "") == 0 &&
	       strcmp(ask("INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)"),
		      "") == 0;
}

static void test_counts(void)
{
	struct comic_err err = { 0 };
	struct load l;

	ok(write_stream(30, 1, "first", false) && load_stream(0, &l, &err) == 0, "load");
	is_u64(l.counts[COUNT_COMICS_CREATED], 30, "created");
	is_u64(l.counts[COUNT_LINKS_CREATED], 360, "links created");
	is_u64(l.counts[COUNT_FOLDERS_CREATED], 5, "folders created");
	is_u64(l.counts[COUNT_BATCHES], 30, "batches, so that the ids are the numbers");
	ok(load_stream(0, &l, &err) == 0 && l.run == 0, "again: no run");
	is_u64(l.counts[COUNT_COMICS_UNCHANGED], 30, "unchanged");
	ok(write_stream(30, 4, "second", true) && load_stream(0, &l, &err) == 0,
	   "retagged and gone");
	is_u64(l.counts[COUNT_COMICS_UPDATED], 20, "updated");
	is_u64(l.counts[COUNT_COMICS_DELETED], 10, "deleted");
	is_u64(l.counts[COUNT_FOLDERS_DELETED], 1, "a folder without comics is deleted");
	ok(sane(), "sound");
	is_string(ask("SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'second'"), "20",
		  "searchable");
}

// From too little memory to enough: every failure is an error and leaves whole batches.
static void test_sqlite_memory(void)
{
	struct comic_err err = { 0 };
	struct load l;
	int failed = 0;
	int status = -1;
	bool whole = true;
	bool told = true;

	for (sqlite3_int64 limit = 40 << 10; status < 0 && limit < 64 << 20; limit += 6 << 10) {
		remove_database();
		err = (struct comic_err){ 0 };
		(void)sqlite3_hard_heap_limit64(limit);
		status = load_stream(0, &l, &err);
		(void)sqlite3_hard_heap_limit64(0);
		failed += status < 0;
		told = told && (status == 0 || err.text[0] != '\0');
		whole = whole && (strcmp(ask("SELECT COUNT(*) FROM sqlite_schema"), "0") == 0 ||
				  (sane() && atoi(ask("SELECT COUNT(*) % 20 FROM comic")) == 0));
	}
	printf("# %d loads failed for want of memory\n", failed);
	ok(failed > 20, "SQLite runs out of memory at many places");
	ok(status == 0, "and enough is enough");
	ok(told, "each time it is told");
	ok(whole, "each time whole batches are there");
}

static void test_batch_memory(void)
{
	struct comic_err err = { 0 };
	struct load l;
	int status = -1;
	int failed = 0;
	bool told = true;

	for (size_t max = 1; status < 0 && max < 64 << 20; max += 32 << 10) {
		remove_database();
		status = load_stream(max, &l, &err);
		failed += status < 0;
		told = told && (status == 0 || err.code == COMIC_ERR_NOMEM);
	}
	ok(failed > 2 && status == 0, "a batch runs out of memory, until it does not");
	ok(told, "each time it is told");
}

int main(void)
{
	if (!ok(make_folder(), "a folder"))
		return done();
	(void)snprintf(stream_path, sizeof(stream_path), "%s/stream", test_folder);
	test_counts();
	ok(write_stream(100, 20, "memory", false), "a stream");
	test_sqlite_memory();
	ok(write_stream(100, 100, "memory", false), "a stream of one batch");
	test_batch_memory();
	(void)unlink(stream_path);
	remove_folder();
	return done();
}
