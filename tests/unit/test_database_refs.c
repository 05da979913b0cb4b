// SPDX-License-Identifier: MIT
// test_database_refs.c: slots of reference rows, and the ids they get.

#include "database.h"
#include "database/refs.h"

#include <inttypes.h>

static struct database d;
static struct refs refs;
static struct comic_err err;

// Resolves what was used since the last call, in a transaction of its own; rows inserted.
static int64_t resolve(void)
{
	struct ref_counts made = { 0 };

	if (database_begin(&d, &err) < 0 || refs_resolve(&refs, &d, &made, &err) < 0 ||
	    database_commit(&d, &err) < 0) {
		printf("# %s\n", err.text);
		return -1;
	}
	refs_next_batch(&refs);
	return (int64_t)(made.tags + made.folders);
}

static uint32_t use_name(enum ref_kind kind, const char *name)
{
	uint32_t slot = refs_name(&refs, kind, text_from(name));

	refs_use(&refs, kind, slot);
	return slot;
}

static uint32_t use_volume(uint32_t series, bool numbered, int64_t number)
{
	struct cell null = { .kind = CELL_NULL };
	struct cell parts[3] = { cell_integer(series), numbered ? cell_integer(number) : null,
				 null };
	uint32_t slot = refs_key(&refs, REF_VOLUME, parts);

	refs_use(&refs, REF_VOLUME, slot);
	return slot;
}

static uint32_t series_of(const char *publisher, const char *series)
{
	uint32_t p = refs_name(&refs, REF_PUBLISHER, text_from(publisher));
	uint32_t i = refs_key(&refs, REF_IMPRINT,
			      (struct cell[]){ cell_integer(p), cell_text(TEXT("")) });

	return refs_key(&refs, REF_SERIES,
			(struct cell[]){ cell_integer(i), cell_text(text_from(series)) });
}

static void test_names(void)
{
	uint32_t b = use_name(REF_TAG, "b");
	uint32_t a = use_name(REF_TAG, "a");
	uint32_t unused = refs_name(&refs, REF_TAG, TEXT("unused"));

	ok(use_name(REF_TAG, "b") == b && a != b, "one slot for a name");
	ok(refs_find(&refs, REF_TAG, TEXT("a")) == a &&
		   refs_find(&refs, REF_TAG, TEXT("c")) == REF_NONE,
	   "found, or not");
	is_i64(resolve(), 2, "only what is used is inserted");
	ok(refs_id(&refs, REF_TAG, a) == 1 && refs_id(&refs, REF_TAG, b) == 2, "in key order");
	is_i64(refs_id(&refs, REF_TAG, unused), 0, "what is not used has no id");
	(void)use_name(REF_TAG, "a");
	(void)use_name(REF_TAG, "c");
	is_i64(resolve(), 1, "known ids are not asked for again");
	is_string(query(d.db, "SELECT group_concat(id || name) FROM tag"), "1a,2b,3c", "stored");
	refs_forget(&refs);
	(void)use_name(REF_TAG, "c");
	is_i64(resolve(), 0, "forgotten ids are found again");
	is_i64(refs_id(&refs, REF_TAG, refs_find(&refs, REF_TAG, TEXT("c"))), 3, "as they were");
}

static void test_levels(void)
{
	uint32_t s = series_of("P", "S");
	uint32_t none = use_volume(s, false, 0);
	uint32_t zero = use_volume(s, true, 0);
	uint32_t other = use_volume(series_of("Q", "S"), false, 0);

	ok(none != zero && none != other, "NULL, 0 and another series' are three volumes");
	is_i64(resolve(), 9, "with the levels above them");
	is_i64(refs_parent(&refs, REF_VOLUME, none, 0), s, "a parent is a slot");
	refs_clear(&refs);
	refs_next_batch(&refs);
	none = use_volume(series_of("P", "S"), false, 0);
	is_i64(resolve(), 0, "NULLs in a key are found");
	is_string(query(d.db, "SELECT COUNT(*) FROM volume WHERE number IS NULL"), "2",
		  "and not doubled");
	is_string(query(d.db, "SELECT sort_name FROM series LIMIT 1"), "s", "derived columns");
}

static void test_folders(void)
{
	uint32_t slot = refs_folder(&refs, TEXT("/a/b/c.cbz"));

	refs_use(&refs, REF_FOLDER, slot);
	is_i64(resolve(), 3, "a folder and all above it");
	refs_use(&refs, REF_FOLDER, refs_folder(&refs, TEXT("/a/x/y/d.cbz")));
	refs_use(&refs, REF_FOLDER, refs_folder(&refs, TEXT("/top.cbz")));
	is_i64(resolve(), 2, "those that are there already are used");
	is_string(query(d.db,
			"SELECT group_concat(f.path || '<' || coalesce(p.path, '')) FROM folder"
			" f LEFT JOIN folder p ON p.id = f.parent_id"),
		  "/<,/a</,/a/b</a,/a/x</a,/a/x/y</a/x", "each knows the one above");
	is_string(query(d.db, "SELECT group_concat(name) FROM folder"), "/,a,b,x,y",
		  "and its name");
}

static void test_shown(void)
{
	uint32_t en = use_name(REF_LANGUAGE, "en");
	uint32_t odd = use_name(REF_AGE_RATING, "No such rating");

	is_i64(resolve(), 2, "a language and a rating");
	is_text(refs_shown(&refs, REF_LANGUAGE, en), "English", "derived when inserted");
	ok(refs_shown(&refs, REF_AGE_RATING, odd).data == NULL, "or nothing");
	query(d.db, "UPDATE language SET name = 'Englisch'");
	refs_forget(&refs);
	en = use_name(REF_LANGUAGE, "en");
	is_i64(resolve(), 0, "found");
	is_text(refs_shown(&refs, REF_LANGUAGE, en), "Englisch", "as the database has it");
}

static void test_memory(void)
{
	size_t before = refs_memory(&refs);
	char name[32];

	for (int i = 0; i < 20000; i++) {
		(void)snprintf(name, sizeof(name), "person %d", i * 7919 % 20000);
		(void)use_name(REF_PERSON, name);
	}
	ok(refs_memory(&refs) > before + 400000, "memory is accounted");
	is_i64(resolve(), 20000, "many rows");
	refs_clear(&refs);
	ok(refs_memory(&refs) == 0, "and given back");
}

int main(void)
{
	struct open_options options = { .cache = 1 << 20, .wal_most = 1 << 20 };

	if (!ok(make_folder() && open_database(&d, test_path, &options, &err) == 0, "a database"))
		return done();
	refs_next_batch(&refs);
	test_names();
	test_levels();
	test_folders();
	test_shown();
	test_memory();
	is_string(query(d.db, "PRAGMA foreign_key_check"), "", "nothing dangles");
	refs_clear(&refs);
	close_database(&d);
	remove_folder();
	return done();
}
