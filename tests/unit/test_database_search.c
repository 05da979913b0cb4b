// SPDX-License-Identifier: MIT
// test_database_search.c: words are those of FTS5's tokenizer, and the segments written are what
// FTS5 would have made of the same rows: told by itself, by its vocabulary tables and by ranks.

#include "database.h"

#include "database/search.h"
#include "database/segment.h"
#include "database/varint.h"

#include <sqlite3.h>

#define ROWS 1000
#define COLUMNS_USED 6 // of SEARCH_COLUMNS; in the last there is nothing, ever

static struct database d;
static struct search search = { .memory = (uint64_t)1 << 20 };
static struct comic_err err;
static uint64_t seed = 4711;

static unsigned int dice(unsigned int sides)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (unsigned int)(seed >> 33) % sides;
}

static void run(const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(d.db, sql, NULL, NULL, &message) != SQLITE_OK)
		ok(false, "%.60s: %s", sql, message);
	sqlite3_free(message);
}

// ---- numbers ------------------------------------------------------------------------------

static void test_varints(void)
{
	static const uint64_t values[] = { 0,
					   1,
					   127,
					   128,
					   16383,
					   16384,
					   (uint64_t)1 << 28,
					   ((uint64_t)1 << 56) - 1,
					   (uint64_t)1 << 56,
					   (uint64_t)1 << 63,
					   UINT64_MAX };

	for (size_t i = 0; i < COMIC_COUNT(values); i++) {
		uint8_t bytes[VARINT_MOST];
		uint64_t back = 0;
		size_t len = varint_put(bytes, values[i]);

		ok(varint_get(bytes, bytes + len, &back) == len && back == values[i],
		   "%" PRIu64 " there and back", values[i]);
		is_u64(varint_len(values[i]), len, "its length");
		ok(varint_get(bytes, bytes + len - 1, &back) == 0, "cut short");
	}
}

// ---- words --------------------------------------------------------------------------------

static int add_line(void *data, struct text word)
{
	struct buf *out = data;

	return buf_add(out, word.data, word.len) < 0 || buf_add_byte(out, '\n') < 0;
}

static const char *const pieces[] = {
	"Batman", "the", "X-Men", "No.", "42", "Ma\xc3\xablle", "\xc3\x89""dition", "caf\x65\xcc\x81",
	"\xe3\x83\xaf\xe3\x83\xb3", "\xd0\x96\xd1\x83\xd0\xba", "it\xe2\x80\x99s", "\xe2\x80\x94",
	"a_b", "'90s", "\xc4\xb0stanbul", "stra\xc3\x9f""e", "\xf0\x9f\xa6\x87", "q\xcc\x84", "\xcc\x81",
	"I", "z", "\x7f", "\t", "...", "(1986)", "\xef\xac\x81n", "\xc2\xb2",
};

static void make_text(struct buf *out, unsigned int words)
{
	out->len = 0;
	for (unsigned int i = 0; i < words; i++) {
		if (buf_add_text(out, pieces[dice(COMIC_COUNT(pieces))]) < 0 ||
		    (dice(4) > 0 && buf_add_byte(out, (uint8_t) " ,-/"[dice(4)]) < 0))
			ok(false, "no memory");
	}
}

struct receiver {
	struct buf *out;
};

static int receive(void *context, int flags, const char *word, int len, int start, int end)
{
	const struct receiver *r = context;

	(void)flags;
	(void)start;
	(void)end;
	return add_line(r->out, (struct text){ word, (size_t)len });
}

static void test_words(void)
{
	struct words ours = { 0 };
	struct buf text = { 0 };
	struct buf got = { 0 };
	struct buf want = { 0 };
	unsigned int differ = 0;

	is_i64(words_open(&ours, d.db), SQLITE_OK, "FTS5's tokenizer is there");
	for (int i = 0; i < 3000; i++) {
		struct receiver r = { &want };
		const struct text t = { (const char *)text.data, text.len };

		make_text(&text, 1 + dice(12));
		got.len = want.len = 0;
		if (words_each(&ours, (struct text){ (const char *)text.data, text.len },
			       add_line, &got) != 0 ||
		    ours.methods.xTokenize(ours.tokenizer, &r, FTS5_TOKENIZE_DOCUMENT,
					   (const char *)text.data, (int)text.len, receive) != 0)
			differ++;
		else if ((got.len != want.len || memcmp(got.data, want.data, got.len) != 0) &&
			 differ++ == 0)
			printf("# %.*s\n", (int)t.len, t.data);
	}
	is_u64(differ, 0, "the words are those of FTS5's tokenizer");
	words_clear(&ours);
	buf_clear(&text);
	buf_clear(&got);
	buf_clear(&want);
}

// ---- segments -----------------------------------------------------------------------------

static void make_tables(void)
{
	char sql[4096] = "";
	char columns[SEARCH_COLUMNS * 16] = "";

	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		size_t used = strlen(columns);

		(void)snprintf(columns + used, sizeof(columns) - used, ", %s", search_column_name(i));
	}
	run("DROP TABLE comic_fts; DROP VIEW v_search");
	(void)snprintf(sql, sizeof(sql),
		       "CREATE TABLE texts (comic_id INTEGER PRIMARY KEY%s);"
		       "CREATE VIEW v_search AS SELECT * FROM texts",
		       columns);
	run(sql);
	for (int i = 0; i < 2; i++) {
		(void)snprintf(sql, sizeof(sql),
			       "CREATE VIRTUAL TABLE %s USING fts5 (%s, content = 'v_search',"
			       " content_rowid = 'comic_id',"
			       " tokenize = 'unicode61 remove_diacritics 2')",
			       i == 0 ? "comic_fts" : "twin", columns + 2);
		run(sql);
	}
	run("INSERT INTO comic_fts (comic_fts, rank) VALUES ('automerge', 0), ('usermerge', 8);"
	    "CREATE VIRTUAL TABLE temp.ours USING fts5vocab ('main', 'comic_fts', 'instance');"
	    "CREATE VIRTUAL TABLE temp.theirs USING fts5vocab ('main', 'twin', 'instance')");
}

// A text that many rows have words of in common, and sometimes one without an end.
static void random_text(struct buf *out)
{
	unsigned int kind = dice(300);

	make_text(out, kind == 0 ? 0 : 1 + dice(10));
	if (kind == 1) {
		for (int i = 0; i < 6000; i++) {
			if (buf_add_text(out, i % 3 == 0 ? " the" : " other") < 0)
				ok(false, "no memory");
		}
	}
	if (kind == 2) {
		for (int i = 0; i < 33000 + (int)dice(3); i++) {
			if (buf_add_byte(out, 'w') < 0)
				ok(false, "no memory");
		}
	}
}

static void put_text(int64_t id, size_t column, const struct buf *text)
{
	char sql[128];
	sqlite3_stmt *s = NULL;

	(void)snprintf(sql, sizeof(sql), "UPDATE texts SET %s = ?2 WHERE comic_id = ?1",
		       search_column_name(column));
	(void)sqlite3_prepare_v2(d.db, sql, -1, &s, NULL);
	(void)sqlite3_bind_int64(s, 1, id);
	(void)sqlite3_bind_text(s, 2, (const char *)text->data, (int)text->len, SQLITE_STATIC);
	(void)sqlite3_step(s);
	(void)sqlite3_finalize(s);
}

// The text of a row, in a buffer of its own.
static void get_text(int64_t id, size_t column, struct buf *out)
{
	char sql[128];
	sqlite3_stmt *s = NULL;

	out->len = 0;
	(void)snprintf(sql, sizeof(sql), "SELECT %s FROM texts WHERE comic_id = ?1",
		       search_column_name(column));
	(void)sqlite3_prepare_v2(d.db, sql, -1, &s, NULL);
	(void)sqlite3_bind_int64(s, 1, id);
	if (sqlite3_step(s) == SQLITE_ROW &&
	    buf_add(out, sqlite3_column_text(s, 0), (size_t)sqlite3_column_bytes(s, 0)) < 0)
		ok(false, "no memory");
	(void)sqlite3_finalize(s);
}

static struct text as_text(const struct buf *b)
{
	return (struct text){ (const char *)b->data, b->len };
}

static void add_row(int64_t id)
{
	struct buf text = { 0 };
	char sql[96];
	int got = 0;

	(void)snprintf(sql, sizeof(sql), "INSERT INTO texts (comic_id) VALUES (%" PRId64 ")", id);
	run(sql);
	postings_row(&search.postings, id, false, true);
	for (size_t i = 0; i < COLUMNS_USED - 1; i++) {
		random_text(&text);
		put_text(id, i, &text);
		got |= postings_text(&search.postings, i, POSTING_NEW, as_text(&text));
	}
	got |= postings_end_row(&search.postings);
	if (got != 0)
		is_i64(got, 0, "a row is added");
	buf_clear(&text);
}

static void change_row(int64_t id)
{
	struct buf old = { 0 };
	struct buf new = { 0 };
	int got = 0;

	postings_row(&search.postings, id, true, true);
	for (size_t i = 0; i < COLUMNS_USED; i++) {
		get_text(id, i, &old);
		if (dice(3) > 0) {
			got |= postings_text(&search.postings, i, POSTING_KEPT, as_text(&old));
			continue;
		}
		if (i < COLUMNS_USED - 1)
			random_text(&new);
		else
			new.len = 0;
		got |= postings_text(&search.postings, i, POSTING_OLD, as_text(&old));
		got |= postings_text(&search.postings, i, POSTING_NEW, as_text(&new));
		put_text(id, i, &new);
	}
	got |= postings_end_row(&search.postings);
	if (got != 0)
		is_i64(got, 0, "a row is changed");
	buf_clear(&old);
	buf_clear(&new);
}

static void remove_row(int64_t id)
{
	struct buf old = { 0 };
	char sql[96];
	int got = 0;

	postings_row(&search.postings, id, true, false);
	for (size_t i = 0; i < COLUMNS_USED; i++) {
		get_text(id, i, &old);
		got |= postings_text(&search.postings, i, POSTING_OLD, as_text(&old));
	}
	got |= postings_end_row(&search.postings);
	if (got != 0)
		is_i64(got, 0, "a row is taken out");
	(void)snprintf(sql, sizeof(sql), "DELETE FROM texts WHERE comic_id = %" PRId64, id);
	run(sql);
	buf_clear(&old);
}

static bool is_there(int64_t id)
{
	char sql[96];

	(void)snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM texts WHERE comic_id = %" PRId64, id);
	return query(d.db, sql)[0] == '1';
}

static void flush(void)
{
	if (search_flush(&d, &search, &err) < 0)
		ok(false, "written: %s", err.text);
}

#define RANKED(table)                                                                              \
	"SELECT group_concat(rowid || ':' || round(rank, 6)) FROM (SELECT rowid, rank FROM " table \
	" WHERE " table " MATCH 'batman NOT 42' ORDER BY rank, rowid LIMIT 50)"

static void compare_with_twin(const char *when)
{
	static char ranks[1024];

	// FTS5 remembers what the index was made of; see search_merge().
	run("BEGIN; INSERT INTO comic_fts (comic_fts, rank) VALUES ('automerge', 0); ROLLBACK");
	run("INSERT INTO twin (twin) VALUES ('rebuild')");
	run("INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)");
	is_string(query(d.db, "SELECT COUNT(*) FROM (SELECT * FROM ours EXCEPT SELECT * FROM theirs)"),
		  "0", when);
	is_string(query(d.db, "SELECT COUNT(*) FROM (SELECT * FROM theirs EXCEPT SELECT * FROM ours)"),
		  "0", when);
	is_string(query(d.db, "SELECT COUNT(*) FROM comic_fts_docsize AS a JOIN twin_docsize AS b"
			      " ON b.id = a.id AND b.sz = a.sz"),
		  query(d.db, "SELECT COUNT(*) FROM texts"), when);
	(void)snprintf(ranks, sizeof(ranks), "%s", query(d.db, RANKED("twin")));
	ok(ranks[0] != '\0', "something is found");
	is_string(query(d.db, RANKED("comic_fts")), ranks, when);
}

static void change_rows(void)
{
	for (int64_t id = 1; id <= ROWS; id++) {
		unsigned int what = dice(10);

		if (what > 4)
			continue;
		if (!is_there(id))
			add_row(id);
		else if (what == 0)
			remove_row(id);
		else
			change_row(id);
	}
}

static void test_segments(void)
{
	make_tables();
	is_i64(search_open(&search, &d, &err), 0, "the search index is ready");
	run("BEGIN");
	for (int64_t id = 1; id <= ROWS; id++)
		add_row(id);
	flush();
	run("COMMIT");
	is_u64(search.segments, 1, "one segment");
	ok(atoi(query(d.db, "SELECT COUNT(*) FROM comic_fts_idx WHERE pgno & 1")) > 0,
	   "with an index of a long list");
	compare_with_twin("a first segment is what FTS5 makes");
	for (int i = 0; i < 3; i++) {
		run("BEGIN");
		change_rows();
		flush();
		run("COMMIT");
		compare_with_twin("and so are changes upon it");
	}
	ok(search_merge(&d, &search, 2, &err) == 0, "merged: %s", err.text);
	compare_with_twin("merged by FTS5 it is the same");
	run("BEGIN");
	change_rows();
	flush();
	run("COMMIT");
	compare_with_twin("and with what came later");
}

// Of which what is kept for the next rows is more already.
static void test_little_memory(void)
{
	int64_t ids[20];

	for (size_t i = 0; i < COMIC_COUNT(ids); i++)
		ids[i] = (int64_t)i + 1;
	search.memory = 1;
	run("BEGIN");
	ok(search_by_view(&d, &search, POSTING_OLD, ids, COMIC_COUNT(ids), &err) == 0 &&
		   search_by_view(&d, &search, POSTING_NEW, ids, COMIC_COUNT(ids), &err) == 0,
	   "rows out and in with no memory to speak of: %s", err.text);
	flush();
	run("COMMIT");
	compare_with_twin("are the same");
}

// Words that begin alike.
static void add_new_words(int64_t id)
{
	struct buf text = { 0 };
	int status = 0;

	for (int i = 0; i < 600; i++)
		status |= buf_printf(&text, "%s%u ", i % 2 == 0 ? "2026" : "pre", dice(9000) + 1000);
	if (status == 0)
		put_text(id, 0, &text);
	buf_clear(&text);
}

// Rows that would take more than there is are written in parts: alone, and behind others.
static void test_parts(void)
{
	static const uint64_t memory[] = { 1, 200000 };
	int64_t ids[40];
	char most[64];

	for (size_t i = 0; i < COMIC_COUNT(ids); i++)
		ids[i] = (int64_t)i + 1;
	for (size_t i = 0; i < COMIC_COUNT(memory); i++) {
		size_t before = 0;

		search.memory = 64 << 20;
		search.row_least = 0;
		run("BEGIN");
		ok(search_by_view(&d, &search, POSTING_OLD, ids, COMIC_COUNT(ids), &err) == 0,
		   "rows out: %s", err.text);
		flush();
		for (size_t k = 0; k < COMIC_COUNT(ids); k++)
			add_new_words(ids[k]);
		before = search.segments;
		search.memory = memory[i];
		search.row_least = 8000;
		ok(search_by_view(&d, &search, POSTING_NEW, ids, COMIC_COUNT(ids), &err) == 0,
		   "and in, in parts: %s", err.text);
		flush();
		run("COMMIT");
		(void)snprintf(most, sizeof(most), "%zu of memory", (size_t)memory[i]);
		ok(search.segments > before + (i == 0 ? COMIC_COUNT(ids) : 1),
		   "%s: %zu segments", most, search.segments - before);
		compare_with_twin(most);
		ok(search_merge(&d, &search, 2, &err) == 0, "merged: %s", err.text);
		compare_with_twin("and merged");
	}
	search.row_least = 0;
}

static void test_refusals(void)
{
	(void)sqlite3_db_config(d.db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	run("BEGIN");
	run("UPDATE comic_fts_config SET v = 5 WHERE k = 'version'");
	postings_row(&search.postings, ROWS + 1, false, true);
	ok(postings_text(&search.postings, 0, POSTING_NEW, TEXT("word")) == 0 &&
		   postings_end_row(&search.postings) == 0,
	   "a row more");
	ok(search_flush(&d, &search, &err) < 0 && strstr(err.text, "version 5") != NULL,
	   "another version is refused: %s", err.text);
	(void)sqlite3_db_config(d.db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
	run("UPDATE comic_fts_config SET v = 4 WHERE k = 'version'");
	run("UPDATE comic_fts_data SET block = x'00000000ff' WHERE id = 10");
	ok(search_flush(&d, &search, &err) < 0 && strstr(err.text, "damaged") != NULL,
	   "a damaged list of segments is refused: %s", err.text);
	run("ROLLBACK");
}

int main(void)
{
	struct open_options options = { .cache = 8 << 20, .wal_most = 64 << 20 };

	if (!make_folder() || open_database(&d, test_path, &options, &err) < 0) {
		ok(false, "opened: %s", err.text);
		return done();
	}
	test_varints();
	test_words();
	test_segments();
	test_little_memory();
	test_parts();
	test_refusals();
	search_clear(&search);
	close_database(&d);
	remove_folder();
	return done();
}
