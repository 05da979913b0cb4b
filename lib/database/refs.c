// SPDX-License-Identifier: MIT
// refs.c: slots and keys of reference rows; see refs.h. Their ids are found in refs_resolve.c.

#include "database/refs.h"

#include "database/ref_tables.h"

#include <stdlib.h>
#include <string.h>

#define COLUMN_TEXT(name)                                                                          \
	{                                                                                          \
		name, PART_TEXT, REF_KINDS                                                         \
	}
#define COLUMN_NUMBER(name)                                                                        \
	{                                                                                          \
		name, PART_NUMBER, REF_KINDS                                                       \
	}
#define COLUMN_PARENT(name, kind)                                                                  \
	{                                                                                          \
		name, PART_PARENT, kind                                                            \
	}
#define NAMED(table)                                                                               \
	{                                                                                          \
		table, 1, { COLUMN_TEXT("name") }, { { NULL, DERIVE_NONE } }, DERIVE_NONE          \
	}

const struct ref_table_shape ref_tables[REF_KINDS] = {
	[REF_FOLDER] = { "folder",
			 1,
			 { COLUMN_TEXT("path") },
			 { { "parent_id", DERIVE_PARENT_FOLDER }, { "name", DERIVE_DISPLAY_NAME } },
			 DERIVE_NONE },
	[REF_PUBLISHER] = { "publisher",
			    1,
			    { COLUMN_TEXT("name") },
			    { { "sort_name", DERIVE_SORT_NAME } },
			    DERIVE_NONE },
	[REF_IMPRINT] = { "imprint",
			  2,
			  { COLUMN_PARENT("publisher_id", REF_PUBLISHER), COLUMN_TEXT("name") },
			  { { "sort_name", DERIVE_SORT_NAME } },
			  DERIVE_NONE },
	[REF_SERIES] = { "series",
			 2,
			 { COLUMN_PARENT("imprint_id", REF_IMPRINT), COLUMN_TEXT("name") },
			 { { "sort_name", DERIVE_SORT_NAME } },
			 DERIVE_NONE },
	[REF_VOLUME] = { "volume",
			 3,
			 { COLUMN_PARENT("series_id", REF_SERIES), COLUMN_NUMBER("number"),
			   COLUMN_NUMBER("number_to") },
			 { { NULL, DERIVE_NONE } },
			 DERIVE_NONE },
	[REF_AGE_RATING] = { "age_rating",
			     1,
			     { COLUMN_TEXT("name") },
			     { { "metron_name", DERIVE_METRON_NAME },
			       { "rank", DERIVE_METRON_RANK } },
			     DERIVE_METRON_NAME },
	[REF_LANGUAGE] = { "language",
			   1,
			   { COLUMN_TEXT("code") },
			   { { "name", DERIVE_LANGUAGE_NAME } },
			   DERIVE_LANGUAGE_NAME },
	[REF_COUNTRY] = { "country",
			  1,
			  { COLUMN_TEXT("code") },
			  { { "name", DERIVE_COUNTRY_NAME } },
			  DERIVE_COUNTRY_NAME },
	[REF_ORIGINAL_FORMAT] = NAMED("original_format"),
	[REF_SCAN_INFO] = NAMED("scan_info"),
	[REF_TAGGER] = NAMED("tagger"),
	[REF_CHARACTER] = NAMED("character"),
	[REF_TEAM] = NAMED("team"),
	[REF_LOCATION] = NAMED("location"),
	[REF_GENRE] = NAMED("genre"),
	[REF_TAG] = NAMED("tag"),
	[REF_STORY] = NAMED("story"),
	[REF_STORY_ARC] = { "story_arc",
			    1,
			    { COLUMN_TEXT("name") },
			    { { "sort_name", DERIVE_SORT_NAME } },
			    DERIVE_NONE },
	[REF_SERIES_GROUP] = NAMED("series_group"),
	[REF_UNIVERSE] = { "universe",
			   2,
			   { COLUMN_TEXT("name"), COLUMN_TEXT("designation") },
			   { { NULL, DERIVE_NONE } },
			   DERIVE_NONE },
	[REF_PERSON] = NAMED("person"),
	[REF_ROLE] = NAMED("role"),
	[REF_CREDIT] = { "credit",
			 2,
			 { COLUMN_PARENT("person_id", REF_PERSON),
			   { "role_id", PART_OPTIONAL_PARENT, REF_ROLE } },
			 { { NULL, DERIVE_NONE } },
			 DERIVE_NONE },
	[REF_IDENTIFIER_SOURCE] = NAMED("identifier_source"),
	[REF_IDENTIFIER] = { "identifier",
			     3,
			     { COLUMN_PARENT("source_id", REF_IDENTIFIER_SOURCE),
			       COLUMN_TEXT("type"), COLUMN_TEXT("key") },
			     { { NULL, DERIVE_NONE } },
			     DERIVE_NONE },
	[REF_REPRINT] = { "reprint",
			  4,
			  { COLUMN_TEXT("series_name"), COLUMN_NUMBER("volume_number"),
			    COLUMN_TEXT("issue"), COLUMN_TEXT("language") },
			  { { NULL, DERIVE_NONE } },
			  DERIVE_NONE },
};

const char *ref_table_name(enum ref_kind kind)
{
	return ref_tables[kind].table;
}

// ---- keys as bytes ------------------------------------------------------------------------

// A key of one text is that text. A longer one is its parts one after another: a text as its
// length and bytes, a number as a kind and 8 bytes, a parent as the 4 bytes of its slot.

static int add_part(struct buf *key, enum part_type type, const struct cell *part)
{
	uint32_t slot = part->kind == CELL_NULL ? REF_NONE : (uint32_t)part->as.integer;
	int64_t number = part->kind == CELL_NULL ? 0 : part->as.integer;

	switch (type) {
	case PART_TEXT:
		return buf_add(key, &part->len, sizeof(part->len)) < 0
			       ? -1
			       : buf_add(key, part->as.text, part->len);
	case PART_NUMBER:
		return buf_add_byte(key, part->kind != CELL_NULL) < 0
			       ? -1
			       : buf_add(key, &number, sizeof(number));
	case PART_PARENT:
	case PART_OPTIONAL_PARENT:
		break;
	}
	return buf_add(key, &slot, sizeof(slot));
}

// The part at *at, which moves behind it.
static struct cell take_part(enum part_type type, const char **at)
{
	struct cell part = { .kind = CELL_NULL };
	uint32_t small = 0;
	int64_t number = 0;

	if (type == PART_NUMBER) {
		memcpy(&number, *at + 1, sizeof(number));
		if (**at != 0)
			part = cell_integer(number);
		*at += 1 + sizeof(number);
		return part;
	}
	memcpy(&small, *at, sizeof(small));
	*at += sizeof(small);
	if (type == PART_TEXT) {
		part = cell_text((struct text){ *at, small });
		*at += small;
	} else if (small != REF_NONE) {
		part = cell_integer(small);
	}
	return part;
}

static uint32_t add_key(struct refs *r, enum ref_kind kind, struct text key)
{
	struct ref_table *t = &r->tables[kind];
	size_t known = t->keys.count;
	uint32_t slot = intern_add(&t->keys, key);

	if (slot == REF_NONE || slot < known)
		return slot;
	// A key without its slot would be found by the next one who asks: then all is lost anyway,
	// no memory ends the run.
	if (mem_grow(&t->slots, &t->room, slot + 1, sizeof(*t->slots)) < 0)
		return REF_NONE;
	t->slots[slot] = (struct ref_slot){ 0 };
	if (ref_tables[kind].shown != DERIVE_NONE) {
		if (mem_grow(&t->shown, &t->shown_room, slot + 1, sizeof(*t->shown)) < 0)
			return REF_NONE;
		t->shown[slot] = (struct text){ NULL, 0 };
	}
	return slot;
}

uint32_t refs_name(struct refs *r, enum ref_kind kind, struct text name)
{
	return add_key(r, kind, name);
}

uint32_t refs_key(struct refs *r, enum ref_kind kind, const struct cell *parts)
{
	const struct ref_table_shape *shape = &ref_tables[kind];

	r->scratch.len = 0;
	for (size_t i = 0; i < shape->columns; i++) {
		if (add_part(&r->scratch, shape->key[i].type, &parts[i]) < 0)
			return REF_NONE;
	}
	return add_key(r, kind, (struct text){ (const char *)r->scratch.data, r->scratch.len });
}

uint32_t refs_find(const struct refs *r, enum ref_kind kind, struct text name)
{
	return intern_find(&r->tables[kind].keys, name);
}

struct cell refs_part(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t column)
{
	const struct ref_table_shape *shape = &ref_tables[kind];
	struct text key = r->tables[kind].keys.keys[slot].text;
	const char *at = key.data;
	struct cell part = cell_text(key);

	if (shape->columns == 1)
		return part;
	for (size_t i = 0; i <= column; i++)
		part = take_part(shape->key[i].type, &at);
	return part;
}

// Only parents stand before a parent, and each is as long as the other.
uint32_t refs_parent(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t column)
{
	uint32_t parent = REF_NONE;

	memcpy(&parent, r->tables[kind].keys.keys[slot].text.data + column * sizeof(parent),
	       sizeof(parent));
	return parent;
}

struct text refs_name_of(const struct refs *r, enum ref_kind kind, uint32_t slot)
{
	struct text key = r->tables[kind].keys.keys[slot].text;
	struct cell name = { 0 };

	if (ref_tables[kind].columns == 1)
		return key;
	name = refs_part(r, kind, slot, ref_tables[kind].columns - 1);
	return cell_as_text(&name);
}

struct text refs_shown(const struct refs *r, enum ref_kind kind, uint32_t slot)
{
	return r->tables[kind].shown[slot];
}

// ---- folders ------------------------------------------------------------------------------

// "/a" for "/a/b", "/" for "/a"; the empty text for "/".
struct text ref_folder_above(struct text path)
{
	size_t len = path.len;

	if (len == 1)
		return TEXT("");
	while (len > 0 && path.data[len - 1] != '/')
		len--;
	return (struct text){ path.data, len > 1 ? len - 1 : len };
}

uint32_t refs_folder(struct refs *r, struct text path)
{
	size_t known = 0;
	uint32_t slot = REF_NONE;
	uint32_t first = REF_NONE;

	struct text dir = path.len == 1 ? path : ref_folder_above(path);

	// What has a slot already has given one to the folders above it.
	for (; dir.len > 0; dir = ref_folder_above(dir)) {
		known = r->tables[REF_FOLDER].keys.count;
		slot = add_key(r, REF_FOLDER, dir);
		if (slot == REF_NONE)
			return REF_NONE;
		first = first == REF_NONE ? slot : first;
		if (slot < known)
			break;
	}
	return first;
}

static void use_folders_above(struct refs *r, uint32_t slot)
{
	const struct ref_table *t = &r->tables[REF_FOLDER];
	struct text dir = ref_folder_above(t->keys.keys[slot].text);

	while (dir.len > 0) {
		uint32_t above = intern_find(&t->keys, dir);

		if (above == REF_NONE || t->slots[above].batch == r->batch)
			return;
		t->slots[above].batch = r->batch;
		dir = ref_folder_above(dir);
	}
}

// ---- use ----------------------------------------------------------------------------------

void refs_use(struct refs *r, enum ref_kind kind, uint32_t slot)
{
	const struct ref_table_shape *shape = &ref_tables[kind];
	struct ref_slot *s = &r->tables[kind].slots[slot];

	if (s->batch == r->batch)
		return;
	s->batch = r->batch;
	if (kind == REF_FOLDER)
		use_folders_above(r, slot);
	if (shape->columns == 1)
		return;
	for (size_t i = 0; i < shape->columns; i++) {
		uint32_t parent = REF_NONE;

		if (shape->key[i].parent != REF_KINDS)
			parent = refs_parent(r, kind, slot, i);
		if (parent != REF_NONE)
			refs_use(r, shape->key[i].parent, parent);
	}
}

int64_t refs_id(const struct refs *r, enum ref_kind kind, uint32_t slot)
{
	return r->tables[kind].slots[slot].id;
}

void refs_next_batch(struct refs *r)
{
	r->batch++;
}

void refs_forget(struct refs *r)
{
	for (size_t kind = 0; kind < REF_KINDS; kind++) {
		struct ref_table *t = &r->tables[kind];

		t->whole = false;
		for (size_t i = 0; i < t->keys.count; i++)
			t->slots[i].id = 0;
	}
}

size_t refs_count(const struct refs *r, enum ref_kind kind)
{
	return r->tables[kind].keys.count;
}

uint32_t refs_age(const struct refs *r)
{
	return r->age;
}

size_t refs_memory(const struct refs *r)
{
	size_t total = 0;

	for (size_t kind = 0; kind < REF_KINDS; kind++) {
		const struct ref_table *t = &r->tables[kind];

		total += intern_memory(&t->keys) + t->room * sizeof(*t->slots) +
			 t->shown_room * sizeof(*t->shown);
	}
	return total;
}

void refs_clear(struct refs *r)
{
	struct refs emptied = { .batch = r->batch, .age = r->age + 1 };

	for (size_t kind = 0; kind < REF_KINDS; kind++) {
		struct ref_table *t = &r->tables[kind];

		intern_clear(&t->keys);
		free(t->slots);
		free(t->shown);
	}
	buf_clear(&r->scratch);
	arena_clear(&r->derived);
	*r = emptied;
}
