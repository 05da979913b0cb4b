// SPDX-License-Identifier: MIT
// metadata_read.h: what the metadata tests share: a comic in, values of its record out.
#ifndef COMIC_METADATA_READ_H
#define COMIC_METADATA_READ_H

#include "metadata/metadata.h"
#include "stream/meta.h"
#include "tap.h"

#include <stdlib.h>

struct reading {
	struct metadata *m;
	struct buf packed;
	msgpack_unpacked record;
};

static void reading_init(struct reading *r, bool full)
{
	struct comic_err err;

	memset(r, 0, sizeof(*r));
	r->m = metadata_new(full, &err);
	msgpack_unpacked_init(&r->record);
	if (r->m == NULL)
		abort();
}

static void reading_clear(struct reading *r)
{
	metadata_free(r->m);
	buf_clear(&r->packed);
	msgpack_unpacked_destroy(&r->record);
}

// Merges and packs what was added since metadata_reset(). False after a failed check.
static bool reading_finish(struct reading *r)
{
	struct comic_err err = { 0 };
	struct record_packer p;
	struct objects at;
	size_t used = 0;

	if (metadata_finish(r->m, &err) < 0)
		return ok(false, "read: %s", err.text);
	r->packed.len = 0;
	record_packer_init(&p, &r->packed);
	metadata_encode(r->m, &p);
	msgpack_unpacked_destroy(&r->record);
	msgpack_unpacked_init(&r->record);
	if (p.failed || msgpack_unpack_next(&r->record, (const char *)r->packed.data, r->packed.len,
					    &used) != MSGPACK_UNPACK_SUCCESS)
		return ok(false, "the record is msgpack");
	at = (struct objects){ r->packed.data, r->packed.data + r->packed.len };
	if (meta_check(&at, &err) < 0)
		return ok(false, "%s", err.text);
	return true;
}

// Adds a document as the member of this name; false after a failed check.
static bool reading_add(struct reading *r, const char *member, struct text document)
{
	struct comic_err err = { 0 };

	if (metadata_add(r->m, metadata_format_of(text_from(member)), document.data, document.len,
			 &err) < 0)
		return ok(false, "read %s: %s", member, err.text);
	return true;
}

// Reads a comic; either of the two may be empty. False after a failed check.
static bool reading_do(struct reading *r, struct text filename, struct text document)
{
	struct comic_err err = { 0 };

	metadata_reset(r->m);
	if (filename.len > 0 && metadata_add_filename(r->m, filename, &err) < 0)
		return ok(false, "read: %s", err.text);
	if (document.len > 0 && !reading_add(r, "comicinfo.XML", document))
		return false;
	return reading_finish(r);
}

// The same with a document of another format.
COMIC_UNUSED static bool read_member(struct reading *r, const char *member, const char *document)
{
	metadata_reset(r->m);
	return reading_add(r, member, text_from(document)) && reading_finish(r);
}

COMIC_UNUSED static bool read_document(struct reading *r, const char *document)
{
	return reading_do(r, TEXT(""), text_from(document));
}

COMIC_UNUSED static bool read_name(struct reading *r, const char *name)
{
	return reading_do(r, text_from(name), TEXT(""));
}

static void show(const msgpack_object *o, char *out, size_t room)
{
	size_t len = strlen(out);

	switch (o->type) {
	case MSGPACK_OBJECT_STR:
		(void)snprintf(out + len, room - len, "%.*s", (int)o->via.str.size, o->via.str.ptr);
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
		(void)snprintf(out + len, room - len, "%" PRIu64, o->via.u64);
		break;
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		(void)snprintf(out + len, room - len, "%" PRId64, o->via.i64);
		break;
	case MSGPACK_OBJECT_FLOAT64:
		(void)snprintf(out + len, room - len, "%.12g", o->via.f64);
		break;
	case MSGPACK_OBJECT_BOOLEAN:
		(void)snprintf(out + len, room - len, "%s", o->via.boolean ? "true" : "false");
		break;
	case MSGPACK_OBJECT_MAP: // the names in it, or {} if there are none
		for (uint32_t i = 0; i < o->via.map.size; i++) {
			if (i > 0)
				(void)snprintf(out + strlen(out), room - strlen(out), "|");
			show(&o->via.map.ptr[i].key, out, room);
		}
		if (o->via.map.size == 0)
			(void)snprintf(out + len, room - len, "{}");
		break;
	case MSGPACK_OBJECT_ARRAY:
		for (uint32_t i = 0; i < o->via.array.size; i++) {
			if (i > 0)
				(void)snprintf(out + strlen(out), room - strlen(out), "|");
			show(&o->via.array.ptr[i], out, room);
		}
		break;
	case MSGPACK_OBJECT_NIL:
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_BIN:
	case MSGPACK_OBJECT_EXT:
		(void)snprintf(out + len, room - len, "?");
		break;
	}
}

// The value at a path like "series/name" or "reprints/0/issue"; "-" if there is none. Valid
// until the next call.
static const char *value_at(const struct reading *r, const char *path)
{
	static char out[16384];
	const msgpack_object *o = &r->record.data;

	while (o != NULL && *path != '\0') {
		size_t len = strcspn(path, "/");
		char key[256];

		(void)snprintf(key, sizeof(key), "%.*s", (int)len, path);
		if (o->type == MSGPACK_OBJECT_ARRAY) {
			unsigned long at = strtoul(key, NULL, 10);

			o = at < o->via.array.size ? &o->via.array.ptr[at] : NULL;
		} else {
			o = record_get(o, key);
		}
		path += len + (path[len] == '/');
	}
	out[0] = '\0';
	if (o == NULL)
		return "-";
	show(o, out, sizeof(out));
	return out;
}

COMIC_UNUSED static void value_is(const struct reading *r, const char *path, const char *want,
				  const char *what)
{
	const char *got = value_at(r, path);

	if (!ok(strcmp(got, want) == 0, "%s: %s", what, path))
		printf("#   got '%s', want '%s'\n", got, want);
}

// How many warnings hold this text.
COMIC_UNUSED static size_t warnings_with(const struct reading *r, const char *part)
{
	size_t count = 0;
	size_t found = 0;
	const struct text *list = metadata_warnings(r->m, &count);

	for (size_t i = 0; i < count; i++) {
		char line[1024];

		(void)snprintf(line, sizeof(line), "%.*s", (int)list[i].len, list[i].data);
		found += strstr(line, part) != NULL;
	}
	return found;
}

// A whole file in malloc()ed memory; data == NULL if it is not there.
COMIC_UNUSED static struct text read_file(const char *path)
{
	struct text t = { NULL, 0 };
	FILE *f = fopen(path, "rb");
	char *data = NULL;

	if (f == NULL)
		return t;
	data = malloc((size_t)32 << 20);
	if (data != NULL)
		t = (struct text){ data, fread(data, 1, (size_t)32 << 20, f) };
	(void)fclose(f);
	return t;
}

#endif
