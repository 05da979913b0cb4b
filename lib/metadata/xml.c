// SPDX-License-Identifier: MIT
// xml.c: see xml.h.

#include "metadata/xml.h"

#include "metadata/clean.h"
#include "metadata/encoding.h"
#include "metadata/xml_plain.h"
#include "metadata/xml_repair.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DICTIONARY_MAX ((size_t)256 << 10) // bytes of names kept from document to document
#define DOCUMENT_KEEP ((size_t)1 << 20) // after larger ones the parser's memory is given back
#define ERRORS_MAX 10000 // in one document; then it is no document
#define NAMES_MAX ((size_t)1 << 20) // bytes of names in one: the parser's table for them is small
#define NAMES_EACH 1024 // unknown elements, after which that is looked at
#define MET 256 // find_known() takes eight bits
#define ATTRIBUTE_POINTERS 5 // local name, prefix, URI, value, end of value

// An element met before, spelled as it is in its table.
struct met {
	const struct xml_element *table;
	const struct xml_element *found;
	size_t len; // of its name
};

struct xml_reader {
	xmlParserCtxtPtr parser;
	struct met met[MET];
	struct buf text; // of the open element
	const struct xml_format *format;
	void *user;
	struct xml_report *report;
	const struct xml_element *open[XML_DEPTH_MAX];
	size_t known; // elements in open
	size_t unknown; // open elements inside the last of them that are not in the table
	size_t errors;
	size_t strange; // elements in no table
	unsigned int lines; // of the document before what the parser sees
	bool nomem;
};

// ---- events of the parser -------------------------------------------------------------------

static const struct xml_element *current(const struct xml_reader *r)
{
	return r->known == 0 ? NULL : r->open[r->known - 1];
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static int compare_name(const char *a, const char *b)
{
	while (*a != '\0' && (*a == *b || lower(*a) == lower(*b))) {
		a++;
		b++;
	}
	return (int)lower(*a) - (int)lower(*b);
}

static const struct xml_element *find_element(const struct xml_element *table, size_t count,
					      const char *name)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;
		int order = compare_name(name, table[middle].name);

		if (order == 0)
			return &table[middle];
		if (order < 0)
			count = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

// Elements come again from document to document: one met before is found by a glance at its name.
static const struct xml_element *find_known(struct xml_reader *r, const struct xml_element *table,
					    size_t count, const char *name)
{
	size_t len = strlen(name);
	uint64_t start = len;
	struct met *met = NULL;
	const struct xml_element *found = NULL;

	memcpy(&start, name, len < sizeof(start) ? len : sizeof(start));
	met = &r->met[((start ^ len << 56) * 0x9E3779B97F4A7C15U) >> 56];
	if (met->table == table && met->len == len && memcmp(met->found->name, name, len) == 0)
		return met->found;
	found = find_element(table, count, name);
	if (found != NULL && strcmp(found->name, name) == 0)
		*met = (struct met){ table, found, len };
	return found;
}

// Which element of the table opens; NULL for markup in a text and for unknown ones.
static const struct xml_element *match(struct xml_reader *r, const char *name)
{
	const struct xml_element *parent = current(r);

	if (r->unknown > 0)
		return NULL;
	if (parent == NULL)
		return find_known(r, r->format->root, 1, name);
	if (parent->children == NULL)
		return NULL;
	return find_known(r, parent->children, parent->child_count, name);
}

static void start_element(void *context, const char *name, const unsigned char **list, size_t count)
{
	struct xml_reader *r = context;
	const struct xml_element *e = match(r, name);
	struct xml_attributes attributes = { list, count };

	if (r->known + r->unknown == XML_DEPTH_MAX) {
		r->report->deep = true;
		xmlStopParser(r->parser);
		return;
	}
	if (e == NULL) {
		r->unknown++;
		return;
	}
	r->report->root = true;
	r->open[r->known++] = e;
	r->text.len = 0;
	if (r->format->open != NULL)
		r->format->open(r->user, e, &attributes);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **declared, int count, int defaulted,
		     const xmlChar **list)
{
	struct xml_reader *r = context;

	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)declared;
	(void)defaulted;
	start_element(r, (const char *)name, list, (size_t)count);
	if (r->unknown > 0 && ++r->strange % NAMES_EACH == 0 &&
	    xmlDictGetUsage(r->parser->dict) > NAMES_MAX) {
		r->report->strange = true;
		xmlStopParser(r->parser);
	}
}

// Words on both sides of these do not run together when the markup goes.
static bool is_block(const char *name)
{
	static const char *const blocks[] = { "br", "div", "li", "p" };

	for (size_t i = 0; i < COMIC_COUNT(blocks); i++) {
		if (compare_name(name, blocks[i]) == 0)
			return true;
	}
	return false;
}

static void add_text(void *context, const char *data, size_t len)
{
	struct xml_reader *r = context;
	const struct xml_element *e = current(r);

	if (e == NULL || e->children != NULL)
		return;
	if (len > CLEAN_TEXT_MAX - r->text.len) {
		r->report->cut = true;
		len = CLEAN_TEXT_MAX - r->text.len;
	}
	if (buf_add(&r->text, data, len) < 0) {
		r->nomem = true;
		xmlStopParser(r->parser);
	}
}

static void on_text(void *context, const xmlChar *data, int len)
{
	add_text(context, (const char *)data, (size_t)len);
}

static void end_element(void *context, const char *name)
{
	struct xml_reader *r = context;
	const struct xml_element *e = NULL;
	struct text text = TEXT("");

	if (r->unknown > 0) {
		r->unknown--;
		if (is_block(name))
			add_text(r, "\n", 1);
		return;
	}
	if (r->known == 0)
		return;
	e = r->open[--r->known];
	if (r->text.len > 0)
		text = (struct text){ (const char *)r->text.data, r->text.len };
	if (e->close != NULL)
		e->close(r->user, e, text);
	r->text.len = 0;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix;
	(void)uri;
	end_element(context, (const char *)name);
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct xml_reader *r = context;

	if (error->code == XML_ERR_NO_MEMORY)
		r->nomem = true;
	if (r->report == NULL)
		return; // the parser is being made
	if (++r->errors == ERRORS_MAX)
		xmlStopParser(r->parser);
	if (r->report->line != 0 || error->level < XML_ERR_ERROR ||
	    error->code == XML_ERR_USER_STOP)
		return;
	if (error->domain == XML_FROM_NAMESPACE) // an undeclared prefix; nobody here asks for it
		return;
	r->report->line = r->lines + (error->line > 0 ? (unsigned int)error->line : 1);
	(void)snprintf(r->report->fault, sizeof(r->report->fault), "%s",
		       error->message == NULL ? "not well-formed" : error->message);
	r->report->fault[strcspn(r->report->fault, "\r\n")] = '\0';
}

// ---- the reader -----------------------------------------------------------------------------

static int make_parser(struct xml_reader *r)
{
	xmlSAXHandler handler = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.serror = on_error,
	};

	r->parser = xmlCreatePushParserCtxt(&handler, r, NULL, 0, NULL);
	if (r->parser == NULL)
		return -1;
	// The encoding is settled before the parser sees the document. There are no entities but
	// the predefined ones; without NOENT "&amp;" in an attribute would become "&#38;".
	(void)xmlCtxtUseOptions(r->parser, XML_PARSE_RECOVER | XML_PARSE_NONET |
						   XML_PARSE_IGNORE_ENC | XML_PARSE_NOENT);
	return 0;
}

// What libxml2 would print where it has no parser to tell: that memory ended.
static void discard(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}

struct xml_reader *xml_reader_new(void)
{
	struct xml_reader *r = mem_zero(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	xmlSetGenericErrorFunc(NULL, discard);
	xmlInitParser();
	if (make_parser(r) < 0) {
		free(r);
		return NULL;
	}
	return r;
}

void xml_reader_free(struct xml_reader *r)
{
	if (r == NULL)
		return;
	xmlFreeParserCtxt(r->parser);
	buf_clear(&r->text);
	free(r);
}

// Names of hostile documents would pile up in the parser's dictionary.
static int refresh_parser(struct xml_reader *r)
{
	if (r->parser != NULL && xmlDictGetUsage(r->parser->dict) <= DICTIONARY_MAX)
		return xmlCtxtResetPush(r->parser, NULL, 0, NULL, NULL) == 0 ? 0 : -1;
	xmlFreeParserCtxt(r->parser);
	return make_parser(r);
}

// The document from its root element on. data == NULL: no memory.
static struct text prepare(struct xml_reader *r, const struct xml_job *job)
{
	struct text t = encoding_decode(job->arena, job->document, &r->report->recoded);
	struct xml_root root;

	if (t.data != NULL && job->format->shorten != NULL)
		t = job->format->shorten(job->user, t);
	if (t.data == NULL)
		return t;
	root = xml_root(t);
	r->report->doctype = root.doctype;
	r->lines = root.lines;
	return root.document;
}

// The way that does for nearly all documents; what it does not do for is repaired. *t becomes what
// libxml2 is to read. As xml_plain_read().
static int read_plain(struct xml_reader *r, struct arena *a, struct text *t)
{
	struct xml_plain_events events = { start_element, add_text, end_element, r };
	int got = xml_plain_read(a, *t, &events);
	const char *unrepaired = t->data;

	if (got != 0)
		return got;
	*t = xml_repair(a, *t);
	if (t->data != NULL && t->data != unrepaired)
		got = xml_plain_read(a, *t, &events);
	if (got == 0 && t->data != NULL)
		*t = xml_number_references(a, *t);
	return t->data == NULL ? -1 : got;
}

int xml_read(struct xml_reader *r, const struct xml_job *job, struct xml_report *report,
	     struct comic_err *err)
{
	struct text t;
	int plain = 0;

	*report = (struct xml_report){ 0 };
	r->format = job->format;
	r->user = job->user;
	r->report = report;
	r->known = 0;
	r->unknown = 0;
	r->text.len = 0;
	r->errors = 0;
	r->strange = 0;
	r->nomem = false;
	t = prepare(r, job);
	if (t.data != NULL)
		plain = read_plain(r, job->arena, &t);
	if (t.data == NULL || plain < 0 || (plain == 0 && refresh_parser(r) < 0))
		return err_set_nomem(err, "reading XML");
	if (plain > 0)
		return r->nomem ? err_set_nomem(err, "reading XML") : 0;
	if (t.len == 0 || t.len > INT_MAX)
		return 0;
	// All at once: measured faster than the pull interface. on_error hears what is wrong.
	// It does not hear when the document could not be taken in at all.
	if (xmlParseChunk(r->parser, t.data, (int)t.len, 1) == XML_PARSER_EOF ||
	    r->parser->errNo == XML_ERR_NO_MEMORY)
		r->nomem = true;
	if (t.len > DOCUMENT_KEEP) {
		xmlFreeParserCtxt(r->parser);
		r->parser = NULL;
	}
	return r->nomem ? err_set_nomem(err, "reading XML") : 0;
}

struct text xml_attribute(const struct xml_attributes *attributes, const char *name)
{
	for (size_t i = 0; i < attributes->count; i++) {
		const unsigned char **a = attributes->list + i * ATTRIBUTE_POINTERS;

		if (compare_name((const char *)a[0], name) == 0)
			return (struct text){ (const char *)a[3], (size_t)(a[4] - a[3]) };
	}
	return TEXT("");
}
