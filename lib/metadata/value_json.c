// SPDX-License-Identifier: MIT
// value_json.c: JSON by jansson; see value.h.
//
// jansson builds its own tree first, recursively, and knows no limit but depth. So the text is
// bounded before, and on the way made ready: numbers and other bare words become texts, which
// keeps them as written and of any size, and control characters in texts are escaped.

#include "metadata/value.h"

#include "metadata/encoding.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

// A place in the text that is made ready, and the lists and maps that are open there.
struct place {
	size_t len;
	uint32_t depth;
	char close[VALUE_DEPTH_MAX];
};

struct ready {
	char *out; // room for twice the input and a little
	struct place at;
	struct place good; // before the last comma
	uint32_t values;
	const char *fault;
};

static bool is_bare(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
	       c == '+' || c == '.' || c == '_';
}

static void put(struct ready *r, const char *data, size_t len)
{
	memcpy(r->out + r->at.len, data, len);
	r->at.len += len;
}

// A text in quotes that begins at t.data[0]; returns its bytes.
static size_t ready_text(struct ready *r, struct text t)
{
	size_t at = 1;

	put(r, "\"", 1);
	while (at < t.len && t.data[at] != '"') {
		if (t.data[at] == '\\' && at + 1 < t.len && (uint8_t)t.data[at + 1] >= ' ') {
			put(r, t.data + at, 2);
			at += 2;
			continue;
		}
		if (t.data[at] == '\n')
			put(r, "\\n", 2);
		else
			put(r, (uint8_t)t.data[at] < ' ' || t.data[at] == '\\' ? " " : t.data + at,
			    1);
		at++;
	}
	if (at < t.len)
		put(r, "\"", 1);
	return at < t.len ? at + 1 : at;
}

static size_t ready_word(struct ready *r, struct text t)
{
	size_t len = 0;
	struct text word;

	while (len < t.len && is_bare(t.data[len]))
		len++;
	word = (struct text){ t.data, len };
	if (text_is(word, "true") || text_is(word, "false") || text_is(word, "null")) {
		put(r, word.data, len);
	} else {
		put(r, "\"", 1);
		put(r, word.data, len);
		put(r, "\"", 1);
	}
	return len;
}

// Before an end: a comma there divides nothing.
static void drop_comma(struct ready *r)
{
	size_t len = r->at.len;

	while (len > 0 && strchr(" \t\r\n", r->out[len - 1]) != NULL)
		len--;
	if (len > 0 && r->out[len - 1] == ',')
		r->at.len = len - 1;
}

static void ready_mark(struct ready *r, char c)
{
	r->values += c == ',' || c == '[' || c == '{';
	if (c == ',') {
		r->good = r->at;
	} else if (c == '[' || c == '{') {
		if (r->at.depth < VALUE_DEPTH_MAX)
			r->at.close[r->at.depth] = c == '[' ? ']' : '}';
		r->at.depth++;
	} else if (c == ']' || c == '}') {
		drop_comma(r);
		r->at.depth -= r->at.depth > 0;
	}
	if (r->at.depth > VALUE_DEPTH_MAX)
		r->fault = "values nested too deep";
	else if (r->values > VALUES_MAX)
		r->fault = "too many values";
	put(r, &c, 1);
}

// What stood before the last comma of a document that was cut off, with all that is open closed.
static void close_all(struct ready *r)
{
	r->at = r->good;
	while (r->at.depth > 0)
		put(r, &r->at.close[--r->at.depth], 1);
}

static void make_ready(struct ready *r, struct text t)
{
	while (t.len > 0 && r->fault == NULL) {
		size_t used = 1;

		if (t.data[0] == '"')
			used = ready_text(r, t);
		else if (is_bare(t.data[0]))
			used = ready_word(r, t);
		else
			ready_mark(r, t.data[0]);
		t.data += used;
		t.len -= used;
	}
}

// ---- from jansson's tree --------------------------------------------------------------------

static int copy_text(struct arena *a, const char *data, size_t len, struct text *out)
{
	out->data = arena_copy(a, data, len);
	out->len = len;
	return out->data == NULL ? -1 : 0;
}

static int convert(struct arena *a, json_t *json, struct value *out);

static int convert_map(struct arena *a, json_t *json, struct value *out)
{
	const char *key = NULL;
	json_t *member = NULL;

	out->kind = VALUE_MAP;
	json_object_foreach(json, key, member) {
		struct text name;
		struct value *v = NULL;

		if (copy_text(a, key, strlen(key), &name) < 0)
			return -1;
		v = value_add(a, out, name);
		if (v == NULL || convert(a, member, v) < 0)
			return -1;
	}
	return 0;
}

static int convert_list(struct arena *a, json_t *json, struct value *out)
{
	out->kind = VALUE_LIST;
	for (size_t i = 0; i < json_array_size(json); i++) {
		struct value *v = value_add(a, out, TEXT(""));

		if (v == NULL || convert(a, json_array_get(json, i), v) < 0)
			return -1;
	}
	return 0;
}

// As deep as VALUE_DEPTH_MAX.
static int convert(struct arena *a, json_t *json, struct value *out)
{
	if (json_is_object(json))
		return convert_map(a, json, out);
	if (json_is_array(json))
		return convert_list(a, json, out);
	if (json_is_null(json))
		return 0;
	out->kind = VALUE_TEXT;
	if (json_is_string(json))
		return copy_text(a, json_string_value(json), json_string_length(json), &out->text);
	out->text = json_is_true(json) ? TEXT("true") : TEXT("false");
	return 0;
}

static json_t *load(const struct ready *r, json_error_t *error)
{
	return json_loadb(r->out, r->at.len, JSON_ALLOW_NUL | JSON_DISABLE_EOF_CHECK, error);
}

int value_read_json(struct arena *a, struct text document, struct value *out,
		    struct value_report *report, struct comic_err *err)
{
	struct text t = encoding_decode(a, document, &report->recoded);
	struct ready r = { 0 };
	json_error_t error;
	json_t *json = NULL;
	int status = 0;

	*out = (struct value){ 0 };
	report->fault[0] = '\0';
	r.out = t.data == NULL ? NULL : arena_alloc(a, 2 * t.len + 2);
	if (r.out == NULL)
		return err_set_nomem(err, "reading JSON");
	make_ready(&r, t);
	if (r.fault != NULL) {
		(void)snprintf(report->fault, sizeof(report->fault), "%s", r.fault);
		return 0;
	}
	json = load(&r, &error);
	if (json == NULL)
		(void)snprintf(report->fault, sizeof(report->fault), "line %d: %s", error.line,
			       error.text);
	if (json == NULL && r.at.depth > 0 && r.good.depth > 0) {
		close_all(&r);
		json = load(&r, &error);
	}
	if (json == NULL && json_error_code(&error) == json_error_out_of_memory)
		return err_set_nomem(err, "reading JSON");
	if (json != NULL)
		status = convert(a, json, out);
	json_decref(json);
	return status < 0 ? err_set_nomem(err, "reading JSON") : 0;
}
