// SPDX-License-Identifier: MIT
// value_yaml.c: YAML by libyaml; see value.h.

#include "metadata/value.h"

#include "metadata/encoding.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#define ANCHORS_MAX 1024U // the rest of a document's aliases stand for nothing
#define DIRECTIVES_MAX 64U // libyaml compares each %TAG with each

struct anchor {
	struct anchor *next;
	struct text name;
	const struct value *value; // counts once it is finished
};

struct open_value {
	struct value *value;
	struct text key; // of a map: what the next value belongs to
	bool has_key;
};

struct yaml {
	struct arena *arena;
	struct value *root;
	struct open_value open[VALUE_DEPTH_MAX];
	size_t depth;
	uint32_t values;
	struct anchor *anchors;
	size_t anchor_count;
	const char *fault;
	bool nomem;
	bool done;
};

// Where the next value goes; NULL when there is no memory or a limit is reached.
static struct value *place(struct yaml *y, uint32_t size)
{
	struct open_value *parent = y->depth == 0 ? NULL : &y->open[y->depth - 1];
	struct value *v = NULL;

	if (y->values + size > VALUES_MAX) {
		y->fault = "too many values";
		return NULL;
	}
	y->values += size;
	if (parent == NULL)
		return y->root;
	v = value_add(y->arena, parent->value, parent->has_key ? parent->key : TEXT(""));
	y->nomem = y->nomem || v == NULL;
	parent->has_key = false;
	return v;
}

static bool expects_key(const struct yaml *y)
{
	return y->depth > 0 && y->open[y->depth - 1].value->kind == VALUE_MAP &&
	       !y->open[y->depth - 1].has_key;
}

static void set_key(struct yaml *y, struct text key)
{
	y->open[y->depth - 1].key = key;
	y->open[y->depth - 1].has_key = true;
}

static void add_anchor(struct yaml *y, const yaml_char_t *name, const struct value *value)
{
	struct anchor *n = NULL;
	struct text t = text_from((const char *)name);

	if (name == NULL || y->anchor_count == ANCHORS_MAX)
		return;
	y->anchor_count++;
	n = arena_alloc(y->arena, sizeof(*n));
	t.data = arena_copy(y->arena, t.data, t.len);
	if (n == NULL || t.data == NULL) {
		y->nomem = true;
		return;
	}
	*n = (struct anchor){ y->anchors, t, value };
	y->anchors = n;
}

static bool is_null(const yaml_event_t *event, struct text t)
{
	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (t.len == 0 || text_is(t, "~") || text_equal_nocase(t, TEXT("null")));
}

static void on_scalar(struct yaml *y, const yaml_event_t *event)
{
	struct text t = { (const char *)event->data.scalar.value, event->data.scalar.length };
	struct value *v = NULL;

	t.data = arena_copy(y->arena, t.data, t.len);
	if (t.data == NULL) {
		y->nomem = true;
		return;
	}
	if (expects_key(y)) {
		set_key(y, t);
		return;
	}
	v = place(y, 1);
	if (v == NULL)
		return;
	v->kind = is_null(event, t) ? VALUE_NOTHING : VALUE_TEXT;
	v->text = t;
	v->size = 1;
	add_anchor(y, event->data.scalar.anchor, v);
}

static void on_open(struct yaml *y, enum value_kind kind, const yaml_char_t *anchor)
{
	// A list or map as a key means nothing here; it takes the place of a value without one.
	bool is_key = expects_key(y);
	struct value *v = NULL;

	if (y->depth == VALUE_DEPTH_MAX) {
		y->fault = "values nested too deep";
		return;
	}
	v = place(y, 1);
	if (v == NULL)
		return;
	if (is_key)
		set_key(y, TEXT(""));
	v->kind = kind;
	v->size = 0; // until it is finished
	y->open[y->depth++] = (struct open_value){ v, TEXT(""), false };
	add_anchor(y, anchor, v);
}

static void on_close(struct yaml *y)
{
	struct value *v = y->depth == 0 ? NULL : y->open[--y->depth].value;

	if (v == NULL) // libyaml ends nothing that it did not begin
		return;
	v->size = 1;
	for (const struct value *m = v->first; m != NULL; m = m->next)
		v->size += m->size;
}

static void on_alias(struct yaml *y, const char *name)
{
	const struct anchor *n = y->anchors;
	struct value *v = NULL;

	while (n != NULL && !text_is(n->name, name))
		n = n->next;
	if (n != NULL && n->value->size == 0)
		n = NULL; // it would hold itself
	if (expects_key(y)) {
		set_key(y, n == NULL ? TEXT("") : value_text(n->value));
		return;
	}
	v = place(y, n == NULL ? 1 : n->value->size);
	if (v == NULL || n == NULL)
		return;
	v->kind = n->value->kind;
	v->text = n->value->text;
	v->first = n->value->first;
	v->size = n->value->size;
}

static void on_event(struct yaml *y, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		on_scalar(y, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		on_open(y, VALUE_LIST, event->data.sequence_start.anchor);
		break;
	case YAML_MAPPING_START_EVENT:
		on_open(y, VALUE_MAP, event->data.mapping_start.anchor);
		break;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		on_close(y);
		break;
	case YAML_ALIAS_EVENT:
		on_alias(y, (const char *)event->data.alias.anchor);
		break;
	case YAML_DOCUMENT_END_EVENT:
	case YAML_STREAM_END_EVENT:
		y->done = true;
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_DOCUMENT_START_EVENT:
		break;
	}
}

static bool has_many_directives(struct text t)
{
	const char *end = t.data + t.len;
	size_t count = 0;

	for (const char *at = memchr(t.data, '%', t.len); at != NULL && count <= DIRECTIVES_MAX;
	     at = memchr(at + 1, '%', (size_t)(end - at) - 1))
		count += at == t.data || at[-1] == '\n' || at[-1] == '\r';
	return count > DIRECTIVES_MAX;
}

// libyaml refuses a document for a control character.
static struct text without_controls(struct arena *a, struct text t)
{
	char *out = arena_copy(a, t.data, t.len);

	for (size_t i = 0; out != NULL && i < t.len; i++) {
		bool is_space = out[i] == '\t' || out[i] == '\n' || out[i] == '\r';

		if (((uint8_t)out[i] < ' ' && !is_space) || out[i] == 0x7F)
			out[i] = ' ';
	}
	return (struct text){ out, t.len };
}

static void set_fault(const struct yaml *y, const yaml_parser_t *parser,
		      struct value_report *report)
{
	if (y->fault != NULL)
		(void)snprintf(report->fault, sizeof(report->fault), "%s", y->fault);
	else if (parser->error != YAML_NO_ERROR)
		(void)snprintf(report->fault, sizeof(report->fault), "line %zu: %s",
			       parser->problem_mark.line + 1,
			       parser->problem == NULL ? "not YAML" : parser->problem);
}

int value_read_yaml(struct arena *a, struct text document, struct value *out,
		    struct value_report *report, struct comic_err *err)
{
	struct yaml y = { .arena = a, .root = out };
	struct text t = encoding_decode(a, document, &report->recoded);
	yaml_parser_t parser;
	yaml_event_t event;

	*out = (struct value){ 0 };
	report->fault[0] = '\0';
	t = t.data == NULL ? t : without_controls(a, t);
	if (t.data != NULL && has_many_directives(t)) {
		(void)snprintf(report->fault, sizeof(report->fault), "too many directives");
		return 0;
	}
	if (t.data == NULL || yaml_parser_initialize(&parser) == 0)
		return err_set_nomem(err, "reading YAML");
	yaml_parser_set_input_string(&parser, (const unsigned char *)t.data, t.len);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	while (!y.done && !y.nomem && y.fault == NULL) {
		if (yaml_parser_parse(&parser, &event) == 0)
			break;
		on_event(&y, &event);
		yaml_event_delete(&event);
	}
	while (y.depth > 0) // of a broken document
		on_close(&y);
	y.nomem = y.nomem || parser.error == YAML_MEMORY_ERROR;
	set_fault(&y, &parser, report);
	yaml_parser_delete(&parser);
	return y.nomem ? err_set_nomem(err, "reading YAML") : 0;
}
