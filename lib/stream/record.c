// SPDX-License-Identifier: MIT
// record.c: names on the wire, and decoding; see record.h. Writing is in record_write.c.

#include "stream/record.h"

#include "stream/meta.h"
#include "stream/objects.h"

#include <stddef.h>
#include <string.h>

#define ARENA_KEEP ((size_t)64 << 10) // bytes kept from record to record
#define TEXTS_MOST 65536 // sources or warnings of a comic: each becomes many bytes of a tree

static const char *const change_names[] = {
	[FILE_NEW] = "new",
	[FILE_MODIFIED] = "modified",
	[FILE_TOUCHED] = "touched",
	[FILE_UNSETTLED] = "unsettled",
};

static const char *const format_names[] = {
	[FORMAT_CBZ] = "cbz", [FORMAT_CBR] = "cbr", [FORMAT_CB7] = "cb7",
	[FORMAT_CBT] = "cbt", [FORMAT_PDF] = "pdf",
};

static const char *const code_names[] = {
	[FAIL_NONE] = "",
	[FAIL_UNREADABLE] = "unreadable",
	[FAIL_EMPTY] = "empty",
	[FAIL_NOT_AN_ARCHIVE] = "not-an-archive",
	[FAIL_ENCRYPTED] = "encrypted",
	[FAIL_VOLUME] = "volume",
	[FAIL_UNSUPPORTED] = "unsupported",
	[FAIL_DAMAGED] = "damaged",
	[FAIL_LIMIT] = "limit",
	[FAIL_MEMORY] = "memory",
	[FAIL_TIMEOUT] = "timeout",
	[FAIL_CRASH] = "crash",
	[FAIL_CHANGED] = "changed",
};

bool fail_code_counted(enum fail_code code)
{
	return code == FAIL_CRASH || code == FAIL_TIMEOUT;
}

const char *file_change_name(enum file_change change)
{
	return change_names[change];
}

const char *comic_format_name(enum comic_format format)
{
	return format_names[format];
}

const char *fail_code_name(enum fail_code code)
{
	return code_names[code];
}

// The index of name in a table of names from first on; false if it is not there.
static bool find_name(const char *const *names, size_t first, size_t count, struct text name,
		      size_t *out)
{
	for (size_t i = first; i < count; i++) {
		if (text_is(name, names[i])) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool comic_format_from(struct text name, enum comic_format *out)
{
	size_t found = 0;

	if (!find_name(format_names, 0, COMIC_COUNT(format_names), name, &found))
		return false;
	*out = (enum comic_format)found;
	return true;
}

bool fail_code_from(struct text name, enum fail_code *out)
{
	size_t found = 0;

	if (!find_name(code_names, FAIL_UNREADABLE, COMIC_COUNT(code_names), name, &found))
		return false;
	*out = (enum fail_code)found;
	return true;
}

void record_decoder_clear(struct record_decoder *d)
{
	arena_clear(&d->arena);
}

bool record_text(const msgpack_object *o, struct text *out)
{
	if (o->type == MSGPACK_OBJECT_STR)
		*out = (struct text){ o->via.str.ptr, o->via.str.size };
	else if (o->type == MSGPACK_OBJECT_BIN)
		*out = (struct text){ o->via.bin.ptr, o->via.bin.size };
	else
		return false;
	return true;
}

const msgpack_object *record_get(const msgpack_object *map, const char *key)
{
	size_t len = strlen(key);

	if (map == NULL || map->type != MSGPACK_OBJECT_MAP)
		return NULL;
	for (uint32_t i = 0; i < map->via.map.size; i++) {
		struct text name;

		if (record_text(&map->via.map.ptr[i].key, &name) && name.len == len &&
		    memcmp(name.data, key, len) == 0)
			return &map->via.map.ptr[i].val;
	}
	return NULL;
}

// ---- one value ----------------------------------------------------------------------------

static int wrong(const char *key, const char *want, struct comic_err *err)
{
	return err_set(err, COMIC_ERR_INPUT, "%s: %s was expected", key, want);
}

static int get_unsigned(const msgpack_object *o, const char *key, uint64_t *out,
			struct comic_err *err)
{
	if (o->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
		return wrong(key, "a whole number from 0", err);
	*out = o->via.u64;
	return 0;
}

static int get_signed(const msgpack_object *o, const char *key, int64_t *out, struct comic_err *err)
{
	if (o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
		*out = o->via.i64;
	else if (o->type == MSGPACK_OBJECT_POSITIVE_INTEGER && o->via.u64 <= INT64_MAX)
		*out = (int64_t)o->via.u64;
	else
		return wrong(key, "a whole number of 64 bits", err);
	return 0;
}

static int get_bool(const msgpack_object *o, const char *key, bool *out, struct comic_err *err)
{
	if (o->type != MSGPACK_OBJECT_BOOLEAN)
		return wrong(key, "true or false", err);
	*out = o->via.boolean;
	return 0;
}

static int get_text(const msgpack_object *o, const char *key, struct text *out,
		    struct comic_err *err)
{
	return record_text(o, out) ? 0 : wrong(key, "a text", err);
}

// A path is never empty and holds no NUL: no file has such a name, and in C it would be cut.
static int get_path(const msgpack_object *o, const char *key, struct text *out,
		    struct comic_err *err)
{
	if (!record_text(o, out) || out->len == 0 || out->data[0] != '/' ||
	    memchr(out->data, '\0', out->len) != NULL)
		return wrong(key, "an absolute path", err);
	return 0;
}

static int get_row(const msgpack_object *o, struct record *r, struct comic_err *err)
{
	r->has_row = o->type != MSGPACK_OBJECT_NIL;
	return r->has_row ? get_signed(o, "id", &r->row, err) : 0;
}

static int get_change(const msgpack_object *o, struct record *r, struct comic_err *err)
{
	struct text name = TEXT("");
	size_t found = 0;

	if (!record_text(o, &name) ||
	    !find_name(change_names, 0, COMIC_COUNT(change_names), name, &found))
		return wrong("change", "new, modified, touched or unsettled", err);
	r->change = (enum file_change)found;
	return 0;
}

static int get_format(const msgpack_object *o, struct record *r, struct comic_err *err)
{
	struct text name = TEXT("");

	if (!record_text(o, &name) || !comic_format_from(name, &r->format))
		return wrong("format", "cbz, cbr, cb7, cbt or pdf", err);
	return 0;
}

static int get_code(const msgpack_object *o, struct record *r, struct comic_err *err)
{
	struct text name = TEXT("");

	if (!record_text(o, &name) || !fail_code_from(name, &r->code))
		return wrong("code", "a failure code", err);
	return 0;
}

static bool is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// Hex digits only: it goes into the database and into people's scripts.
static int get_fingerprint(const msgpack_object *o, struct record *r, struct comic_err *err)
{
	if (!record_text(o, &r->fingerprint) || r->fingerprint.len != 32)
		return wrong("fingerprint", "32 hex digits", err);
	for (size_t i = 0; i < 32; i++) {
		if (!is_hex_digit(r->fingerprint.data[i]))
			return wrong("fingerprint", "32 hex digits", err);
	}
	return 0;
}

// ---- whole records ------------------------------------------------------------------------

// How a key's value is read.
enum kind {
	VERSION, UNSIGNED, SIGNED, FLAG, BUDGET, BYTES, PATH, TEXTS,
	ROW, CHANGE, FORMAT, CODE, FINGERPRINT, META,
};

#define BIT(type) (1U << (type))
#define FILES (BIT(STREAM_FILE) | BIT(STREAM_MOVED) | BIT(STREAM_COMIC) | BIT(STREAM_FAIL))
#define PATHS (FILES | BIT(STREAM_GONE))
#define ROWS (BIT(STREAM_MOVED) | BIT(STREAM_GONE))
#define COUNTS (BIT(STREAM_BATCH) | BIT(STREAM_END))
#define AT(field) offsetof(struct record, field)

// The keys of every type. `types` has a bit for each type the key belongs to,
// `needed` for each that cannot do without; `at` is where its value goes.
static const struct key {
	struct text name;
	unsigned int types;
	unsigned int needed;
	enum kind kind;
	size_t at;
} keys[] = {
	{ TEXT_INIT("path"), PATHS, PATHS, PATH, AT(path) },
	{ TEXT_INIT("size"), FILES, FILES, UNSIGNED, AT(id.size) },
	{ TEXT_INIT("mtime"), FILES, FILES, SIGNED, AT(id.mtime) },
	{ TEXT_INIT("ino"), FILES, 0, UNSIGNED, AT(id.ino) },
	{ TEXT_INIT("dev"), FILES, 0, UNSIGNED, AT(id.dev) },
	{ TEXT_INIT("change"), BIT(STREAM_FILE), BIT(STREAM_FILE), CHANGE, 0 },
	{ TEXT_INIT("id"), ROWS, ROWS, ROW, 0 },
	{ TEXT_INIT("from"), BIT(STREAM_MOVED), BIT(STREAM_MOVED), PATH, AT(from) },
	{ TEXT_INIT("format"), BIT(STREAM_COMIC), BIT(STREAM_COMIC), FORMAT, 0 },
	{ TEXT_INIT("pages"), BIT(STREAM_COMIC), BIT(STREAM_COMIC), UNSIGNED, AT(pages) },
	{ TEXT_INIT("fingerprint"), BIT(STREAM_COMIC), 0, FINGERPRINT, 0 },
	{ TEXT_INIT("sources"), BIT(STREAM_COMIC), 0, TEXTS, AT(sources) },
	{ TEXT_INIT("meta"), BIT(STREAM_COMIC), 0, META, 0 },
	{ TEXT_INIT("warnings"), BIT(STREAM_COMIC), 0, TEXTS, AT(warnings) },
	{ TEXT_INIT("code"), BIT(STREAM_FAIL), BIT(STREAM_FAIL), CODE, 0 },
	{ TEXT_INIT("reason"), BIT(STREAM_FAIL), 0, BYTES, AT(reason) },
	{ TEXT_INIT("v"), BIT(STREAM_BEGIN), BIT(STREAM_BEGIN), VERSION, 0 },
	{ TEXT_INIT("by"), BIT(STREAM_BEGIN), 0, BYTES, AT(by) },
	{ TEXT_INIT("roots"), BIT(STREAM_BEGIN), 0, TEXTS, AT(roots) },
	{ TEXT_INIT("complete"), BIT(STREAM_BEGIN), BIT(STREAM_BEGIN), FLAG, AT(complete) },
	{ TEXT_INIT("budget"), BIT(STREAM_BEGIN), 0, BUDGET, 0 },
	{ TEXT_INIT("n"), BIT(STREAM_BATCH), BIT(STREAM_BATCH), UNSIGNED, AT(n) },
	{ TEXT_INIT("records"), COUNTS, COUNTS, UNSIGNED, AT(records) },
	{ TEXT_INIT("comics"), BIT(STREAM_BATCH), 0, UNSIGNED, AT(comics) },
	{ TEXT_INIT("bytes"), BIT(STREAM_BATCH), 0, UNSIGNED, AT(bytes) },
};

#define KEY_COUNT COMIC_COUNT(keys)

static int get_version(const msgpack_object *o, struct comic_err *err)
{
	uint64_t version = 0;

	if (get_unsigned(o, "v", &version, err) < 0)
		return -1;
	if (version != STREAM_VERSION)
		return err_set(err, COMIC_ERR_VERSION, "stream version %llu, this is %d",
			       (unsigned long long)version, STREAM_VERSION);
	return 0;
}

static int not_a_record(struct comic_err *err)
{
	return err_set(err, COMIC_ERR_INPUT, "not a record");
}

// The packed value from `from` to `to` as a tree.
static int make_tree(struct record_decoder *d, const uint8_t *from, const uint8_t *to,
		     const msgpack_object **out, struct comic_err *err)
{
	msgpack_object *o = arena_alloc(&d->arena, sizeof(*o));
	int got = o == NULL ? -1 : objects_unpack(&d->arena, from, (size_t)(to - from), o);

	*out = o;
	if (got < 0)
		return err_set_nomem(err, "decoding a record");
	return got == 0 ? not_a_record(err) : 0;
}

static int get_meta(struct record_decoder *d, struct objects *at, struct record *r,
		    struct comic_err *err)
{
	msgpack_object *meta = NULL;

	if (d->check_only)
		return meta_check(at, err);
	meta = arena_alloc(&d->arena, sizeof(*meta));
	if (meta == NULL)
		return err_set_nomem(err, "decoding a record");
	r->meta = meta;
	return meta_read(at, &d->arena, meta, err);
}

static int get_texts(struct record_decoder *d, const char *key, uint32_t most, struct objects *at,
		     const msgpack_object **out, struct comic_err *err)
{
	const uint8_t *from = at->at;
	struct objects ahead = *at;
	msgpack_object list;
	struct text t;

	if (!objects_take(&ahead, &list) || !objects_skip(at))
		return not_a_record(err);
	if (list.type == MSGPACK_OBJECT_ARRAY && list.via.array.size > most)
		return wrong(key, "an array of fewer texts", err);
	if (make_tree(d, from, at->at, out, err) < 0)
		return -1;
	if ((*out)->type != MSGPACK_OBJECT_ARRAY)
		return wrong(key, "an array of texts", err);
	for (uint32_t i = 0; i < (*out)->via.array.size; i++) {
		if (!record_text(&(*out)->via.array.ptr[i], &t))
			return wrong(key, "an array of texts", err);
	}
	return 0;
}

// A value that is no container.
static int get_scalar(const struct key *key, const msgpack_object *o, struct record *r,
		      struct comic_err *err)
{
	void *at = (char *)r + key->at;

	switch (key->kind) {
	case VERSION:
		return get_version(o, err);
	case UNSIGNED:
		return get_unsigned(o, key->name.data, at, err);
	case SIGNED:
		return get_signed(o, key->name.data, at, err);
	case FLAG:
		return get_bool(o, key->name.data, at, err);
	case BUDGET:
		r->has_budget = true;
		return get_unsigned(o, key->name.data, &r->budget, err);
	case BYTES:
		return get_text(o, key->name.data, at, err);
	case PATH:
		return get_path(o, key->name.data, at, err);
	case ROW:
		return get_row(o, r, err);
	case CHANGE:
		return get_change(o, r, err);
	case FORMAT:
		return get_format(o, r, err);
	case CODE:
		return get_code(o, r, err);
	case FINGERPRINT:
		return get_fingerprint(o, r, err);
	case TEXTS:
	case META:
		break;
	}
	return err_set(err, COMIC_ERR_BUG, "unknown key");
}

static int get_value(struct record_decoder *d, const struct key *key, struct objects *at,
		     struct record *r, struct comic_err *err)
{
	void *out = (char *)r + key->at;
	msgpack_object o;

	if (key->kind == META)
		return get_meta(d, at, r, err);
	if (key->kind == TEXTS)
		return get_texts(d, key->name.data,
				 r->type == STREAM_COMIC ? TEXTS_MOST : UINT32_MAX, at, out, err);
	return objects_take(at, &o) ? get_scalar(key, &o, r, err) : not_a_record(err);
}

// Our own writers keep the table's order, so the search goes on where it last hit.
static size_t find_key(struct text name, size_t from)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		size_t key = from + i < KEY_COUNT ? from + i : from + i - KEY_COUNT;

		if (keys[key].name.len == name.len &&
		    memcmp(keys[key].name.data, name.data, name.len) == 0)
			return key;
	}
	return KEY_COUNT;
}

// The next key: KEY_COUNT for one that is not ours. False: there is no whole one.
static bool take_key(struct objects *at, size_t from, size_t *key)
{
	const uint8_t *start = at->at;
	struct text name;
	msgpack_object o;

	*key = KEY_COUNT;
	if (objects_take_short(at, &name)) {
		*key = find_key(name, from);
		return true;
	}
	if (!objects_take(at, &o))
		return false;
	if (record_text(&o, &name)) {
		*key = find_key(name, from);
		return true;
	}
	at->at = start; // it may be a container
	return objects_skip(at);
}

static int get_pair(struct record_decoder *d, struct objects *at, struct record *out,
		    unsigned int *seen, size_t *from, struct comic_err *err)
{
	size_t key = KEY_COUNT;

	if (!take_key(at, *from, &key))
		return not_a_record(err);
	if (key == KEY_COUNT || (keys[key].types & BIT(out->type)) == 0)
		return objects_skip(at) ? 0 : not_a_record(err);
	*from = key + 1;
	*seen |= 1U << key;
	return get_value(d, &keys[key], at, out, err);
}

static int get_values(struct record_decoder *d, struct objects *at, struct record *out,
		      struct comic_err *err)
{
	unsigned int seen = 0;
	size_t from = 0;
	msgpack_object map;

	if (!objects_take(at, &map) || map.type != MSGPACK_OBJECT_MAP)
		return not_a_record(err);
	for (uint32_t i = 0; i < map.via.map.size; i++) {
		if (get_pair(d, at, out, &seen, &from, err) < 0)
			return -1;
	}
	if (at->at != at->end)
		return not_a_record(err);
	for (size_t key = 0; key < KEY_COUNT; key++) {
		if ((keys[key].needed & BIT(out->type)) != 0 && (seen & (1U << key)) == 0)
			return err_set(err, COMIC_ERR_INPUT, "%s is missing", keys[key].name.data);
	}
	return 0;
}

int record_unpack(struct record_decoder *d, const struct stream_frame *frame, msgpack_object *map,
		  struct comic_err *err)
{
	int got = 0;

	arena_reset(&d->arena, ARENA_KEEP);
	got = objects_unpack(&d->arena, frame->data, frame->len, map);
	if (got < 0)
		return err_set_nomem(err, "decoding a record");
	if (got == 0 || map->type != MSGPACK_OBJECT_MAP)
		return err_set(err, COMIC_ERR_INPUT, "not a record");
	return 0;
}

int record_decode(struct record_decoder *d, const struct stream_frame *frame, struct record *out,
		  struct comic_err *err)
{
	struct objects at = { frame->data, frame->data + frame->len };

	*out = (struct record){ .type = frame->type };
	arena_reset(&d->arena, ARENA_KEEP);
	if (get_values(d, &at, out, err) < 0)
		return err_prefix(err, "%s record at byte %llu", stream_type_name(out->type),
				  (unsigned long long)frame->offset);
	return 0;
}
