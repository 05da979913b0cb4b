// SPDX-License-Identifier: MIT
// test_metadata_fixtures.c: files of other projects, and the values their readers give.
//
// The files are not part of this project: without them the test is one line.

#include "metadata_read.h"

#include <jansson.h>
#include <math.h>

#define FIXTURES "../shared/fixtures/"

// Where ours differs from the reference on purpose: file, path in the record, our value, why.
static const struct {
	const char *file;
	const char *path;
	const char *want;
} deliberate[] = {
	// the first of two publishers, not none; repeated lists split each
	{ "comicbox/metadata/comicinfo-bad-multiple.xml", "publisher", "name" },
	{ "comicbox/metadata/comicinfo-bad-multiple.xml", "genres",
	  "Science Fiction|Fantasy|BAD DO NOT PARSE" },
};

static const char *deliberate_value(const char *file, const char *key)
{
	for (size_t i = 0; i < COMIC_COUNT(deliberate); i++) {
		if (strcmp(deliberate[i].file, file) == 0 && strcmp(deliberate[i].path, key) == 0)
			return deliberate[i].want;
	}
	return NULL;
}

// Numbers of the reference are decimal strings.
static bool is_same_number(double got, const json_t *want)
{
	double value = json_is_string(want) ? strtod(json_string_value(want), NULL) :
					      json_number_value(want);

	return fabs(got - value) < 1e-9;
}

static bool is_same(const msgpack_object *got, const json_t *want);

static bool is_same_map(const msgpack_object *got, const json_t *want)
{
	if (!json_is_object(want) || json_object_size(want) != got->via.map.size)
		return false;
	for (uint32_t i = 0; i < got->via.map.size; i++) {
		const msgpack_object *key = &got->via.map.ptr[i].key;
		char name[256];

		(void)snprintf(name, sizeof(name), "%.*s", (int)key->via.str.size, key->via.str.ptr);
		if (!is_same(&got->via.map.ptr[i].val, json_object_get(want, name)))
			return false;
	}
	return true;
}

static bool is_same(const msgpack_object *got, const json_t *want)
{
	switch (got->type) {
	case MSGPACK_OBJECT_STR:
		return json_is_string(want) &&
		       text_equal((struct text){ got->via.str.ptr, got->via.str.size },
				  text_from(json_string_value(want)));
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		return is_same_number((double)got->via.u64, want);
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return is_same_number((double)got->via.i64, want);
	case MSGPACK_OBJECT_FLOAT64:
		return is_same_number(got->via.f64, want);
	case MSGPACK_OBJECT_BOOLEAN:
		return json_is_boolean(want) && json_is_true(want) == got->via.boolean;
	case MSGPACK_OBJECT_MAP:
		return is_same_map(got, want);
	case MSGPACK_OBJECT_ARRAY:
		if (json_array_size(want) != got->via.array.size)
			return false;
		for (uint32_t i = 0; i < got->via.array.size; i++) {
			if (!is_same(&got->via.array.ptr[i], json_array_get(want, i)))
				return false;
		}
		return true;
	case MSGPACK_OBJECT_NIL:
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_BIN:
	case MSGPACK_OBJECT_EXT:
		break;
	}
	return false;
}

static void compare(const struct reading *r, const char *file, const json_t *want)
{
	const msgpack_object_map *map = &r->record.data.via.map;
	const char *key = NULL;
	json_t *value = NULL;

	json_object_foreach((json_t *)(uintptr_t)want, key, value) {
		const msgpack_object *got = record_get(&r->record.data, key);

		if (deliberate_value(file, key) != NULL)
			continue;
		if (!ok(got != NULL && is_same(got, value), "%s: %s", file, key)) {
			char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

			printf("#   got %s, want %s\n", value_at(r, key), text);
			free(text);
		}
	}
	for (uint32_t i = 0; i < map->size; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%.*s", (int)map->ptr[i].key.via.str.size,
			       map->ptr[i].key.via.str.ptr);
		if (deliberate_value(file, name) != NULL)
			value_is(r, name, deliberate_value(file, name), file);
		else if (!ok(json_object_get(want, name) != NULL, "%s: %s is in the reference", file, name))
			printf("#   got %s\n", value_at(r, name));
	}
}

static void test_file(struct reading *r, const char *file, const json_t *want)
{
	char path[512];
	struct text document = TEXT("");

	(void)snprintf(path, sizeof(path), FIXTURES "%s", file);
	document = read_file(path);
	if (document.data == NULL) {
		ok(false, "%s can be read", path);
		return;
	}
	if (reading_do(r, TEXT(""), document))
		compare(r, file, want);
	free((char *)(uintptr_t)document.data);
}

static void test_files(struct reading *r)
{
	json_t *all = json_load_file(FIXTURES "expected/metadata-files.json", 0, NULL);
	const char *file = NULL;
	json_t *row = NULL;

	ok(true, "%s", all == NULL ? "no fixtures here" : "fixtures are here");
	json_object_foreach(all, file, row) {
		const char *format = json_string_value(json_object_get(row, "format"));

		if (format != NULL && strcmp(format, "ComicInfo") == 0)
			test_file(r, file, json_object_get(row, "metadata"));
	}
	json_decref(all);
}

int main(void)
{
	struct reading r;

	reading_init(&r, true);
	test_files(&r);
	reading_clear(&r);
	return done();
}
