// SPDX-License-Identifier: MIT
// test_metadata_xml_plain.c: what is read without libxml2 is read as libxml2 reads it.

#include "base/mem.h"
#include "metadata/xml_plain.h"
#include "metadata/xml_repair.h"
#include "tap.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 40000U
#define CHANGES_MOST 3
#define DOCUMENT_MAX 2048

// What a parser says of a document, texts that stand side by side as one.
struct log {
	struct buf bytes;
	bool faulty;
};

static void put(struct log *l, const void *data, size_t len)
{
	if (buf_add(&l->bytes, data, len) < 0)
		abort();
}

static void put_start(void *context, const char *name, const unsigned char **attributes,
		      size_t count)
{
	put(context, "\x01", 1);
	put(context, name, strlen(name));
	for (size_t i = 0; i < count; i++, attributes += 5) {
		put(context, "\x02", 1);
		put(context, attributes[0], strlen((const char *)attributes[0]));
		put(context, "\x03", 1);
		put(context, attributes[3], (size_t)(attributes[4] - attributes[3]));
	}
	put(context, "\x04", 1);
}

static void put_text(void *context, const char *data, size_t len)
{
	put(context, data, len);
}

static void put_end(void *context, const char *name)
{
	put(context, "\x05", 1);
	put(context, name, strlen(name));
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **declared, int count, int defaulted,
		     const xmlChar **list)
{
	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)declared;
	(void)defaulted;
	put_start(context, (const char *)name, list, (size_t)count);
}

static void on_text(void *context, const xmlChar *data, int len)
{
	put(context, data, (size_t)len);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)prefix;
	(void)uri;
	put_end(context, (const char *)name);
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct log *l = context;

	l->faulty = l->faulty || (error->level >= XML_ERR_ERROR && error->domain != XML_FROM_NAMESPACE);
}

// As xml.c sets its parser up.
static void read_by_libxml2(struct log *l, struct text t)
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
	xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, l, NULL, 0, NULL);

	if (parser == NULL)
		abort();
	(void)xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC |
						XML_PARSE_NOENT);
	(void)xmlParseChunk(parser, t.data, (int)t.len, 1);
	xmlFreeParserCtxt(parser);
}

static struct log ours;
static struct log theirs;

// Reads a document from its root element on; libxml2 reads it repaired.
// 1: plain and read alike; 0: not plain, and nothing said of it; -1: a difference.
static int compare_rooted(struct arena *a, struct text document)
{
	struct xml_plain_events events = { put_start, put_text, put_end, &ours };
	int plain = 0;

	ours.bytes.len = 0;
	theirs.bytes.len = 0;
	theirs.faulty = false;
	plain = xml_plain_read(a, document, &events);
	if (plain == 0 && ours.bytes.len > 0)
		plain = -1;
	if (plain > 0)
		read_by_libxml2(&theirs, xml_repair(a, document));
	if (plain > 0 && (theirs.faulty || ours.bytes.len != theirs.bytes.len ||
			  memcmp(ours.bytes.data, theirs.bytes.data, ours.bytes.len) != 0))
		plain = -1;
	return plain;
}

// As it is and, if that is not plain, repaired: the same results.
static int compare(struct text document)
{
	struct arena a = { 0 };
	struct text t = xml_root(text_repair(&a, document)).document;
	int plain = compare_rooted(&a, t);

	if (plain == 0)
		plain = compare_rooted(&a, xml_repair(&a, t));
	arena_clear(&a);
	return plain;
}

static const char *const plain[] = {
	"<ComicInfo/>",
	"<ComicInfo></ComicInfo>\r\n \t",
	"<ComicInfo xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
	" xsi:schemaLocation='a  b' xmlns=\"urn:x\" xml:lang = \"en\"\n>\r\n  <Title>T</Title>\r\n"
	"  <Summary>a &amp; b&#13;&#10;&#xE9;\r\rc\n&lt;i&gt;</Summary >\n<Pages>\t<Page Image=\"0\""
	" Key=\"a\r\nb\tc&#9;&quot;'\" Double.Page-x_='&apos;\"'/><Page Image='1'></Page></Pages>"
	"\n</ComicInfo>",
	"<a b='<'><!-- repaired --> 1 < 2 & 3 <?x?></a>",
	"<a>] ]] ]]&gt; \xC3\xA9\xEF\xBF\xBD\xF0\x9F\x98\x80 > \" '<_b.c-1/>x<br/>y</a>",
};

static const char *const not_plain[] = {
	"", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a/>x", "<a/><b/>", "<a b=\"1\" b=\"2\"/>",
	"<a b=c/>", "<a b/>", "<a b='1'c='2'/>", "<a>]]></a>", "<a>\xEF\xBF\xBE</a>",
	"<a><![CDATA[x]]></a>", "<x:a/>", "<a x:y:z='1'/>",
	"<a :b='1'/>", "<a \xC3\xA9='1'/>", "<\xC3\xA9/>", "<a b='1\"/>", "< a/>", "<a / >",
};

static uint32_t draw(uint32_t *state)
{
	*state = *state * 1664525U + 1013904223U;
	return *state >> 8;
}

// Puts one of what matters in XML over some bytes, or between them.
static size_t change(char *document, size_t len, uint32_t *state)
{
	static const char *const bits[] = {
		"<", ">", "/", "&", ";", "=", "\"", "'", ":", " ", "\r", "\n", "\t", "]]>", "]", "a",
		"&amp;", "&#13;", "&#x0;", "&#60;", "&lt;", "xmlns", "xmlns:", "xml:", "\xC3\xA9", "<b>",
		"</b>", "<b/>", "<!", "<?", "--", "\xEF\xBF\xBF", "\x01", "&nbsp;", "", "",
	};
	const char *bit = bits[draw(state) % COMIC_COUNT(bits)];
	size_t added = strlen(bit);
	size_t at = draw(state) % (len + 1);
	size_t over = draw(state) % 3;

	if (over > len - at)
		over = len - at;
	if (len + added > DOCUMENT_MAX)
		return len;
	memmove(document + at + added, document + at + over, len - at - over);
	memcpy(document + at, bit, added);
	return len + added - over;
}

static void test_changed(void)
{
	static char document[2 * DOCUMENT_MAX];
	uint32_t state = 7;
	unsigned int alike = 0;
	unsigned int wrong = 0;

	for (unsigned int i = 0; i < ROUNDS; i++) {
		const char *seed = plain[1 + draw(&state) % (COMIC_COUNT(plain) - 1)];
		size_t len = strlen(seed);
		int got = 0;

		memcpy(document, seed, len);
		for (uint32_t n = 1 + draw(&state) % CHANGES_MOST; n > 0; n--)
			len = change(document, len, &state);
		got = compare((struct text){ document, len });
		alike += got > 0;
		wrong += got < 0;
		if (got < 0 && wrong < 4)
			printf("# %.*s\n", (int)len, document);
	}
	is_u64(wrong, 0, "documents that are read otherwise");
	ok(alike > ROUNDS / 10, "%u of %u documents were plain", alike, ROUNDS);
}

int main(void)
{
	for (size_t i = 0; i < COMIC_COUNT(plain); i++)
		ok(compare(text_from(plain[i])) == 1, "plain: %s", plain[i]);
	for (size_t i = 0; i < COMIC_COUNT(not_plain); i++)
		ok(compare(text_from(not_plain[i])) == 0, "not plain: %s", not_plain[i]);
	test_changed();
	buf_clear(&ours.bytes);
	buf_clear(&theirs.bytes);
	return done();
}
