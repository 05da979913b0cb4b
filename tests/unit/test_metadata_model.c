// SPDX-License-Identifier: MIT
// test_metadata_model.c: the tree, merging, and what is cut before it is packed.

#include "metadata/encode.h"
#include "metadata/merge.h"
#include "metadata_read.h"

static struct arena arena;
static struct warnings warnings;
static struct covers covers;

static void start(struct builder *b, uint8_t source)
{
	struct builder blank = { .arena = &arena, .warnings = &warnings, .covers = &covers };

	builder_init(b, &blank, "test", source);
}

static void finish(void)
{
	arena_reset(&arena, 0);
	warnings.count = 0;
	covers.count = 0;
}

// ---- the table of stream/meta.c --------------------------------------------------------------

static const struct meta_field *fields_of(enum comic_key key)
{
	return meta_fields[key].fields;
}

static void test_table(void)
{
	const struct {
		const struct meta_field *fields;
		unsigned int at;
		const char *key;
	} rows[] = {
		{ meta_fields, COMIC_TITLE, "title" },
		{ meta_fields, COMIC_SERIES, "series" },
		{ meta_fields, COMIC_DATE, "date" },
		{ meta_fields, COMIC_SUMMARY, "summary" },
		{ meta_fields, COMIC_AGE_RATING, "age_rating" },
		{ meta_fields, COMIC_ORIGINAL_FORMAT, "original_format" },
		{ meta_fields, COMIC_MANGA, "manga" },
		{ meta_fields, COMIC_COMMUNITY_RATING, "community_rating" },
		{ meta_fields, COMIC_PROTAGONIST, "protagonist" },
		{ meta_fields, COMIC_CREDITS, "credits" },
		{ meta_fields, COMIC_TAGS, "tags" },
		{ meta_fields, COMIC_SERIES_GROUPS, "series_groups" },
		{ meta_fields, COMIC_IDENTIFIERS, "identifiers" },
		{ meta_fields, COMIC_REPRINTS, "reprints" },
		{ meta_fields, COMIC_COVER, "cover" },
		{ meta_fields, COMIC_COVER_IMAGE, "cover_image" },
		{ meta_fields, COMIC_PAGES, "pages" },
		{ meta_fields, COMIC_UPDATED_AT, "updated_at" },
		{ meta_fields, COMIC_KEYS, NULL },
		{ fields_of(COMIC_IDENTIFIERS), IDENTIFIER_KEY, "key" },
		{ fields_of(COMIC_IDENTIFIERS), IDENTIFIER_URL, "url" },
		{ fields_of(COMIC_TAGS), NAMED_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_IMPRINT), PUBLISHER_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_SERIES), SERIES_NAME, "name" },
		{ fields_of(COMIC_SERIES), SERIES_VOLUME_COUNT, "volume_count" },
		{ fields_of(COMIC_SERIES), SERIES_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_VOLUME), VOLUME_ISSUE_COUNT, "issue_count" },
		{ fields_of(COMIC_ISSUE), ISSUE_SUFFIX, "suffix" },
		{ fields_of(COMIC_DATE), DATE_DAY, "day" },
		{ fields_of(COMIC_DATE), DATE_STORE_DATE, "store_date" },
		{ fields_of(COMIC_ARCS), ARC_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_CREDITS), CREDIT_ROLES, "roles" },
		{ fields_of(COMIC_CREDITS), CREDIT_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_UNIVERSES), UNIVERSE_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_REPRINTS), REPRINT_LANGUAGE, "language" },
		{ fields_of(COMIC_REPRINTS), REPRINT_IDENTIFIERS, "identifiers" },
		{ fields_of(COMIC_REPRINTS)[REPRINT_SERIES].fields, REPRINT_SERIES_SORT_NAME, "sort_name" },
		{ fields_of(COMIC_REPRINTS)[REPRINT_VOLUME].fields, REPRINT_VOLUME_ISSUE_COUNT,
		  "issue_count" },
		{ fields_of(COMIC_COMMUNITY_RATING), RATING_COUNT, "rating_count" },
		{ fields_of(COMIC_PAGES), PAGE_TYPE, "page_type" },
		{ fields_of(COMIC_PAGES), PAGE_BOOKMARK, "bookmark" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		const char *key = rows[i].fields[rows[i].at].key;

		ok(rows[i].key == NULL ? key == NULL : key != NULL && strcmp(key, rows[i].key) == 0,
		   "position of %s", rows[i].key == NULL ? "the end" : rows[i].key);
	}
}

// ---- names ------------------------------------------------------------------------------------

static void test_names(void)
{
	struct builder b;
	struct node *tags = NULL;
	struct node *n = NULL;

	start(&b, 1);
	tags = node_make(&b, b.root, COMIC_TAGS);
	n = node_add(&b, tags, TEXT("Sci-Fi"));
	ok(n != NULL && node_add(&b, tags, TEXT("sci-fi")) == n, "case is ignored");
	is_text(n->name, "Sci-Fi", "the first spelling stays");
	n = node_add(&b, tags, TEXT("\xC3\x89mile")); // É
	ok(n != NULL && node_find(&b, tags, TEXT("\xC3\xA9MILE")) == n, "in other scripts too");
	n = node_add(&b, tags, TEXT("stra\xC3\x9F" "e")); // ß
	ok(n != NULL && node_find(&b, tags, TEXT("STRASSE")) == n, "between scripts too");
	ok(node_add(&b, tags, TEXT("")) == NULL && !b.failed, "an empty name is none");
	ok(node_find(&b, tags, TEXT("other")) == NULL, "an unknown name is not found");
	ok(node_find(&b, NULL, TEXT("other")) == NULL, "nor is any in no list");
	is_u64(tags->u.list.count, 3, "names");
	finish();
}

static void test_many_names(void)
{
	struct builder b;
	struct node *tags = NULL;
	char name[32];
	size_t found = 0;

	start(&b, 1);
	tags = node_make(&b, b.root, COMIC_TAGS);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 12000; i++) {
			(void)snprintf(name, sizeof(name), "%s %d", round == 0 ? "Name" : "NAME", i);
			(void)node_add(&b, tags, builder_copy(&b, name));
		}
	}
	is_u64(tags->u.list.count, MODEL_NAMES_MAX, "a list has an end");
	is_u64(warnings.count, 1, "one warning says so");
	for (int i = 0; i < MODEL_NAMES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "name %d", i);
		found += node_find(&b, tags, text_from(name)) != NULL;
	}
	is_u64(found, MODEL_NAMES_MAX, "all are found");
	ok(!b.failed, "nothing failed");
	finish();
}

static void test_warnings(void)
{
	struct builder b;

	start(&b, 1);
	b.field = "Month";
	builder_warn(&b, "'%s' is not a number", "May");
	is_text(warnings.list[0], "test: Month: 'May' is not a number", "a warning names its place");
	for (int i = 0; i < 100; i++)
		builder_warn(&b, "%0600d", i);
	is_u64(warnings.count, MODEL_WARNINGS_MAX, "warnings have an end");
	ok(warnings.list[1].len < 512, "a warning has an end");
	finish();
}

static void test_covers(void)
{
	covers_add(&covers, 7);
	covers_add(&covers, 2);
	covers_add(&covers, 7);
	covers_add(&covers, 9);
	ok(covers.count == 3 && covers.pages[0] == 2 && covers.pages[1] == 7 && covers.pages[2] == 9,
	   "covers are in order, each once");
	for (uint32_t i = 0; i < 100; i++)
		covers_add(&covers, i);
	is_u64(covers.count, MODEL_COVERS_MAX, "covers have an end");
	finish();
}

// ---- merging ------------------------------------------------------------------------------------

static void fill_weak(struct builder *b)
{
	struct node *person = NULL;

	start(b, 1);
	node_put_text(b, b->root, COMIC_TITLE, TEXT("weak"));
	node_put_text(b, b->root, COMIC_SUMMARY, TEXT("only weak"));
	node_put_integer(b, node_make(b, b->root, COMIC_VOLUME), VOLUME_NUMBER, 999);
	node_put_integer(b, node_make(b, b->root, COMIC_VOLUME), VOLUME_ISSUE_COUNT, 1);
	(void)node_add(b, node_make(b, b->root, COMIC_TAGS), TEXT("a"));
	(void)node_add(b, node_make(b, b->root, COMIC_TAGS), TEXT("sci-fi"));
	person = node_add(b, node_make(b, b->root, COMIC_CREDITS), TEXT("wally wood"));
	(void)node_add(b, node_make(b, person, CREDIT_ROLES), TEXT("Inker"));
	node_add_item(b, node_make(b, b->root, COMIC_SERIES_GROUPS), TEXT("one"));
	node_put_text(b, node_add_map(b, node_make(b, b->root, COMIC_REPRINTS)), REPRINT_ISSUE,
		      TEXT("1"));
	node_put_flag(b, b->root, COMIC_MONOCHROME, true);
}

static void fill_strong(struct builder *b)
{
	struct node *person = NULL;

	start(b, 2);
	node_put_text(b, b->root, COMIC_TITLE, TEXT("strong"));
	node_put_integer(b, node_make(b, b->root, COMIC_VOLUME), VOLUME_ISSUE_COUNT, 77);
	(void)node_make(b, b->root, COMIC_GENRES); // empty: must not hide anything
	(void)node_add(b, node_make(b, b->root, COMIC_TAGS), TEXT("Sci-Fi"));
	(void)node_add(b, node_make(b, b->root, COMIC_TAGS), TEXT("b"));
	person = node_add(b, node_make(b, b->root, COMIC_CREDITS), TEXT("Wally Wood"));
	(void)node_add(b, node_make(b, person, CREDIT_ROLES), TEXT("Penciller"));
	(void)node_add(b, node_make(b, person, CREDIT_ROLES), TEXT("inker"));
	node_add_item(b, node_make(b, b->root, COMIC_SERIES_GROUPS), TEXT("ONE"));
	node_add_item(b, node_make(b, b->root, COMIC_SERIES_GROUPS), TEXT("two"));
	node_put_text(b, node_add_map(b, node_make(b, b->root, COMIC_REPRINTS)), REPRINT_ISSUE,
		      TEXT("2"));
	node_put_flag(b, b->root, COMIC_MONOCHROME, false);
}

// Packs the tree into r's record.
static void pack(struct reading *r, const struct builder *b)
{
	struct record_packer p;
	struct comic_err err;
	struct objects at;
	size_t used = 0;

	r->packed.len = 0;
	record_packer_init(&p, &r->packed);
	encode_tree(b, &p);
	at = (struct objects){ r->packed.data, r->packed.data + r->packed.len };
	msgpack_unpacked_destroy(&r->record);
	msgpack_unpacked_init(&r->record);
	ok(!p.failed && msgpack_unpack_next(&r->record, (const char *)r->packed.data, r->packed.len,
					    &used) == MSGPACK_UNPACK_SUCCESS &&
		   meta_check(&at, &err) == 0,
	   "packed in the shape of meta.h");
}

static void test_merge(struct reading *r)
{
	struct builder b;
	struct builder weak;
	struct builder strong;

	fill_weak(&weak);
	fill_strong(&strong);
	start(&b, 0);
	merge_nodes(&b, b.root, weak.root);
	merge_nodes(&b, b.root, strong.root);
	pack(r, &b);
	value_is(r, "title", "strong", "the stronger replaces");
	value_is(r, "summary", "only weak", "what only the weaker has stays");
	value_is(r, "volume/number", "999", "maps mix");
	value_is(r, "volume/issue_count", "77", "maps mix");
	value_is(r, "tags", "a|Sci-Fi|b", "names unite without case");
	value_is(r, "credits", "Wally Wood", "persons unite");
	value_is(r, "credits/Wally Wood/roles", "inker|Penciller", "so do their roles");
	value_is(r, "series_groups", "ONE|two", "texts unite");
	value_is(r, "reprints/0/issue", "1", "maps append");
	value_is(r, "reprints/1/issue", "2", "maps append");
	value_is(r, "monochrome", "false", "flags replace");
	value_is(r, "genres", "-", "nothing empty is packed");
	ok(node_get(b.root, COMIC_TITLE)->source == 2, "a value knows its source");
	ok(node_get(b.root, COMIC_SUMMARY)->source == 1, "a value knows its source");
	finish();
}

static void test_order(struct reading *r)
{
	struct builder b;
	const msgpack_object_map *map = NULL;
	size_t at = 0;

	start(&b, 1);
	for (unsigned int key = COMIC_KEYS; key-- > 0;) { // backwards on purpose
		if (meta_fields[key].shape == META_TEXT)
			node_put_text(&b, b.root, key, TEXT("x"));
	}
	b.full = true;
	pack(r, &b);
	map = &r->record.data.via.map;
	for (uint32_t i = 0; i < map->size; i++) {
		while (meta_fields[at].key != NULL &&
		       !text_equal(text_from(meta_fields[at].key),
				   (struct text){ map->ptr[i].key.via.str.ptr, map->ptr[i].key.via.str.size }))
			at++;
	}
	ok(meta_fields[at].key != NULL, "keys come in the order of the table");
	value_is(r, "cover_image", "x", "full has all");
	b.full = false;
	pack(r, &b);
	value_is(r, "cover_image", "-", "without full, what is not stored is left out");
	finish();
}

static void test_numbers(struct reading *r)
{
	struct builder b;
	struct node *issue = NULL;

	start(&b, 1);
	issue = node_make(&b, b.root, COMIC_ISSUE);
	node_put_integer(&b, issue, ISSUE_NUMBER, 150);
	pack(r, &b);
	value_is(r, "issue/number", "1.5", "a decimal");
	node_set_integer(&b, issue, ISSUE_NUMBER, -100);
	pack(r, &b);
	value_is(r, "issue/number", "-1", "a whole decimal is an integer");
	node_set_integer(&b, issue, ISSUE_NUMBER, 110);
	pack(r, &b);
	value_is(r, "issue/number", "1.1", "no other digits appear");
	finish();
}

// ---- size ---------------------------------------------------------------------------------------

// A text of its own length and number.
static struct text long_text(struct builder *b, size_t len, int number)
{
	char *out = arena_alloc(b->arena, len);

	if (out == NULL)
		abort();
	memset(out, 'x', len);
	for (int i = 0; number > 0; i++, number /= 10)
		out[i] = (char)('0' + number % 10);
	return (struct text){ out, len };
}

static void test_shrink(struct reading *r)
{
	struct builder b;

	start(&b, 1);
	for (unsigned int key = COMIC_CHARACTERS; key <= COMIC_TAGS; key++) {
		for (int i = 1; i <= 300; i++)
			(void)node_add(&b, node_make(&b, b.root, key), long_text(&b, 4096, i));
	}
	node_put_text(&b, b.root, COMIC_TITLE, TEXT("stays"));
	for (unsigned int key = COMIC_SUMMARY; key <= COMIC_REVIEW; key++)
		node_put_text(&b, b.root, key, long_text(&b, (size_t)1 << 20, 0));
	encode_shrink(&b);
	pack(r, &b);
	ok(r->packed.len <= ENCODE_MAX, "%zu bytes fit", r->packed.len);
	ok(r->packed.len > ENCODE_MAX / 2, "no more is cut than must be");
	is_u64(warnings.count, 1, "a warning says so");
	value_is(r, "title", "stays", "short values stay");
	ok(node_get(b.root, COMIC_SUMMARY)->u.text.len == (size_t)1 << 20,
	   "texts are not cut while lists are long");
	finish();
}

static void test_no_shrink(void)
{
	struct builder b;

	start(&b, 1);
	for (unsigned int key = COMIC_SUMMARY; key <= COMIC_REVIEW; key++)
		node_put_text(&b, b.root, key, long_text(&b, (size_t)1 << 20, 0));
	encode_shrink(&b);
	is_u64(warnings.count, 0, "what fits is left alone");
	finish();
}

static void test_no_memory(void)
{
	struct builder b;
	size_t failures = 0;

	for (size_t max = 0; max < (size_t)4 << 20; max += (size_t)64 << 10) {
		arena_clear(&arena);
		arena.max = max + 1;
		start(&b, 1);
		for (int i = 0; i < 3000; i++) {
			char name[32];

			(void)snprintf(name, sizeof(name), "name %d \xC3\xA9", i);
			(void)node_add(&b, node_make(&b, b.root, COMIC_TAGS), builder_copy(&b, name));
			node_add_item(&b, node_make(&b, b.root, COMIC_SERIES_GROUPS), TEXT("x"));
			builder_warn(&b, "x");
		}
		failures += b.failed;
		finish();
	}
	arena_clear(&arena);
	arena.max = 0;
	ok(failures > 2 && failures < 60, "little memory is told, no crash (%zu)", failures);
}

int main(void)
{
	struct reading r;

	reading_init(&r, false);
	test_table();
	test_names();
	test_many_names();
	test_warnings();
	test_covers();
	test_merge(&r);
	test_order(&r);
	test_numbers(&r);
	test_shrink(&r);
	test_no_shrink();
	test_no_memory();
	arena_clear(&arena);
	reading_clear(&r);
	return done();
}
