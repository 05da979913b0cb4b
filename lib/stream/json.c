// SPDX-License-Identifier: MIT
// json.c: see json.h.

#include "stream/json.h"

#include "stream/base64.h"
#include "stream/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT_MAX ((int64_t)1 << 53) // what a double, so jq, holds exactly

// The keys of a record whose value is an integer of 64 bits.
static bool is_wide_key(struct text key)
{
	static const char *const wide[] = { "mtime", "ino", "size", "dev", "id", "budget",
					    "n", "records", "comics", "bytes", "pages" };

	for (size_t i = 0; i < COMIC_COUNT(wide); i++) {
		if (text_is(key, wide[i]))
			return true;
	}
	return false;
}

static bool is_always_string(struct text key)
{
	return text_is(key, "mtime") || text_is(key, "ino");
}

// ---- to JSON ------------------------------------------------------------------------------

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "writing JSON");
}

static bool is_escaped(char c)
{
	return (uint8_t)c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

static int write_escaped(struct buf *out, char c)
{
	if (c == '"' || c == '\\')
		return buf_printf(out, "\\%c", c);
	if (c == '\n')
		return buf_add_text(out, "\\n");
	return buf_printf(out, "\\u%04x", (unsigned int)c);
}

static int write_string(struct buf *out, struct text t)
{
	int status = buf_add_byte(out, '"');

	for (size_t i = 0; i < t.len && status == 0; i++) {
		size_t start = i;

		while (i < t.len && !is_escaped(t.data[i]))
			i++;
		status = buf_add(out, t.data + start, i - start);
		if (i < t.len && status == 0)
			status = write_escaped(out, t.data[i]);
	}
	return status < 0 ? -1 : buf_add_byte(out, '"');
}

// A text where an integer belongs is shown as bytes: as a string it would come back as a number.
static int write_text(struct buf *out, const msgpack_object *o, struct text key,
		      struct comic_err *err)
{
	struct text t = TEXT("");
	int status = 0;

	(void)record_text(o, &t);
	if (o->type == MSGPACK_OBJECT_STR && text_is_utf8(t) && !is_wide_key(key))
		return write_string(out, t) < 0 ? no_memory(err) : 0;
	status |= buf_add_text(out, "{\"$bytes\":\"");
	status |= base64_encode(out, t);
	status |= buf_add_text(out, "\"}");
	return status < 0 ? no_memory(err) : 0;
}

static int write_float(struct buf *out, double value, struct comic_err *err)
{
	char text[40] = "";

	if (!isfinite(value))
		return err_set(err, COMIC_ERR_INPUT, "a float that is not a number");
	for (int digits = 1; digits <= 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	if (strpbrk(text, ".e") == NULL)
		(void)strncat(text, ".0", sizeof(text) - strlen(text) - 1);
	return buf_add_text(out, text) < 0 ? no_memory(err) : 0;
}

// key is the record's own key for its value, the empty text deeper down.
static int write_integer(struct buf *out, const msgpack_object *o, struct text key,
			 struct comic_err *err)
{
	bool negative = o->type == MSGPACK_OBJECT_NEGATIVE_INTEGER;
	bool exact = negative ? o->via.i64 >= -EXACT_MAX : o->via.u64 <= (uint64_t)EXACT_MAX;
	const char *before = "";
	const char *after = "";
	int status = 0;

	if (is_always_string(key) || (!exact && is_wide_key(key))) {
		before = after = "\"";
	} else if (!exact) {
		before = "{\"$int\":\"";
		after = "\"}";
	}
	if (negative)
		status = buf_printf(out, "%s%" PRId64 "%s", before, o->via.i64, after);
	else
		status = buf_printf(out, "%s%" PRIu64 "%s", before, o->via.u64, after);
	return status < 0 ? no_memory(err) : 0;
}

static int write_value(struct buf *out, const msgpack_object *o, struct text key,
		       struct comic_err *err);

static int write_array(struct buf *out, const msgpack_object *o, struct comic_err *err)
{
	if (buf_add_byte(out, '[') < 0)
		return no_memory(err);
	for (uint32_t i = 0; i < o->via.array.size; i++) {
		if (i > 0 && buf_add_byte(out, ',') < 0)
			return no_memory(err);
		if (write_value(out, &o->via.array.ptr[i], TEXT(""), err) < 0)
			return -1;
	}
	return buf_add_byte(out, ']') < 0 ? no_memory(err) : 0;
}

static int write_map(struct buf *out, const msgpack_object *o, bool outermost,
		     struct comic_err *err)
{
	if (buf_add_byte(out, '{') < 0)
		return no_memory(err);
	for (uint32_t i = 0; i < o->via.map.size; i++) {
		const msgpack_object_kv *pair = &o->via.map.ptr[i];
		struct text key = TEXT("");

		if (pair->key.type != MSGPACK_OBJECT_STR || !record_text(&pair->key, &key) ||
		    !text_is_utf8(key))
			return err_set(err, COMIC_ERR_INPUT, "a key that is not text");
		if ((i > 0 && buf_add_byte(out, ',') < 0) || write_string(out, key) < 0 ||
		    buf_add_byte(out, ':') < 0)
			return no_memory(err);
		if (write_value(out, &pair->val, outermost ? key : TEXT(""), err) < 0)
			return -1;
	}
	return buf_add_byte(out, '}') < 0 ? no_memory(err) : 0;
}

// The scanner has bounded the depth of this recursion.
static int write_value(struct buf *out, const msgpack_object *o, struct text key,
		       struct comic_err *err)
{
	const char *word = "null";

	switch (o->type) {
	case MSGPACK_OBJECT_NIL:
		break;
	case MSGPACK_OBJECT_BOOLEAN:
		word = o->via.boolean ? "true" : "false";
		break;
	case MSGPACK_OBJECT_POSITIVE_INTEGER:
	case MSGPACK_OBJECT_NEGATIVE_INTEGER:
		return write_integer(out, o, key, err);
	case MSGPACK_OBJECT_FLOAT32:
	case MSGPACK_OBJECT_FLOAT64:
		return write_float(out, o->via.f64, err);
	case MSGPACK_OBJECT_STR:
	case MSGPACK_OBJECT_BIN:
		return write_text(out, o, key, err);
	case MSGPACK_OBJECT_ARRAY:
		return write_array(out, o, err);
	case MSGPACK_OBJECT_MAP:
		return write_map(out, o, false, err);
	case MSGPACK_OBJECT_EXT:
		return err_set(err, COMIC_ERR_INPUT, "a msgpack extension type");
	}
	return buf_add_text(out, word) < 0 ? no_memory(err) : 0;
}

int json_from_record(struct record_decoder *d, const struct stream_frame *frame, struct buf *out,
		     struct comic_err *err)
{
	msgpack_object map;

	if (record_unpack(d, frame, &map, err) < 0)
		return -1;
	if (write_map(out, &map, true, err) < 0)
		return err_prefix(err, "record at byte %" PRIu64, frame->offset);
	return buf_add_byte(out, '\n') < 0 ? no_memory(err) : 0;
}

// ---- from JSON ----------------------------------------------------------------------------

static int pack_value(struct record_packer *p, const json_t *value, struct text key,
		      struct comic_err *err);

static struct text string_of(const json_t *value)
{
	return (struct text){ json_string_value(value), json_string_length(value) };
}

// A decimal integer of 64 bits, signed or unsigned; false if t is anything else.
static bool pack_decimal_string(struct record_packer *p, struct text t)
{
	char plain[24] = "";
	char *end = NULL;

	if (t.len == 0 || t.len >= sizeof(plain) || strspn(t.data, "-0123456789") != t.len)
		return false;
	memcpy(plain, t.data, t.len);
	errno = 0;
	if (plain[0] == '-')
		pack_signed(p, strtoll(plain, &end, 10));
	else
		pack_unsigned(p, strtoull(plain, &end, 10));
	return errno == 0 && *end == '\0';
}

static int pack_base64(struct record_packer *p, struct text base64, struct comic_err *err)
{
	struct buf bytes = { 0 };
	int status = base64_decode(&bytes, base64);

	if (status == 0)
		pack_bytes(p, (struct text){ (const char *)bytes.data, bytes.len });
	buf_clear(&bytes);
	return status < 0 ? err_set(err, COMIC_ERR_INPUT, "$bytes: base64 was expected") : 0;
}

static int pack_object_value(struct record_packer *p, const json_t *object, bool outermost,
			     struct comic_err *err)
{
	json_t *bytes = json_object_get(object, "$bytes");
	json_t *integer = json_object_get(object, "$int");
	void *at = NULL;

	if (json_object_size(object) == 1 && json_is_string(bytes))
		return pack_base64(p, string_of(bytes), err);
	if (json_object_size(object) == 1 && json_is_string(integer)) {
		if (!pack_decimal_string(p, string_of(integer)))
			return err_set(err, COMIC_ERR_INPUT, "$int: an integer was expected");
		return 0;
	}
	pack_map(p, json_object_size(object));
	// The iterator API takes a json_t *, though it only reads it.
	for (at = json_object_iter((json_t *)(uintptr_t)object); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)object, at)) {
		struct text key = text_from(json_object_iter_key(at));

		pack_text(p, key);
		if (pack_value(p, json_object_iter_value(at), outermost ? key : TEXT(""), err) < 0)
			return -1;
	}
	return 0;
}

static int pack_string_value(struct record_packer *p, struct text t, struct text key,
			     struct comic_err *err)
{
	if (!is_wide_key(key))
		pack_text(p, t);
	else if (!pack_decimal_string(p, t))
		return err_set(err, COMIC_ERR_INPUT, "%.*s: an integer was expected", (int)key.len,
			       key.data);
	return 0;
}

// jansson has bounded the depth of this recursion; scan_value() bounds it further.
static int pack_value(struct record_packer *p, const json_t *value, struct text key,
		      struct comic_err *err)
{
	size_t count = 0;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return pack_object_value(p, value, false, err);
	case JSON_ARRAY:
		count = json_array_size(value);
		pack_array(p, count);
		for (size_t i = 0; i < count; i++) {
			if (pack_value(p, json_array_get(value, i), TEXT(""), err) < 0)
				return -1;
		}
		return 0;
	case JSON_STRING:
		return pack_string_value(p, string_of(value), key, err);
	case JSON_INTEGER:
		pack_signed(p, json_integer_value(value));
		return 0;
	case JSON_REAL:
		pack_double(p, json_real_value(value));
		return 0;
	case JSON_TRUE:
	case JSON_FALSE:
		pack_bool(p, json_is_true(value));
		return 0;
	case JSON_NULL:
		break;
	}
	pack_nil(p);
	return 0;
}

int json_to_record(const json_t *value, struct buf *out, struct comic_err *err)
{
	struct record_packer p;
	enum stream_type type = STREAM_OTHER;
	size_t start = out->len;
	size_t used = 0;

	if (!json_is_object(value))
		return err_set(err, COMIC_ERR_INPUT, "not a record: an object was expected");
	record_packer_init(&p, out);
	if (pack_object_value(&p, value, true, err) < 0)
		return -1;
	if (p.failed)
		return err_set_nomem(err, "reading JSON");
	if (scan_value(out->data + start, out->len - start, &used) != SCAN_WHOLE)
		return err_set(err, COMIC_ERR_LIMIT, "record too deep or longer than 8 MiB");
	return stream_type_of(out->data + start, out->len - start, &type, err);
}
