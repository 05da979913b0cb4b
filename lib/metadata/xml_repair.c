// SPDX-License-Identifier: MIT
// xml_repair.c: see xml_repair.h.

#include "metadata/xml_repair.h"

#include "base/word.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#define ENTITY_NAME_MAX 10 // "thetasym" is the longest in HTML 4
#define WIDE_FROM ((size_t)64 << 10) // bytes; in smaller documents a wide tag costs little
#define ATTRIBUTES_MAX 64

static bool begins(struct text t, size_t at, const char *what)
{
	size_t len = strlen(what);

	return t.len - at >= len && memcmp(t.data + at, what, len) == 0;
}

// The place of the next byte c, t.len if there is none.
static size_t find_byte(struct text t, size_t at, char c)
{
	const char *found = at < t.len ? memchr(t.data + at, c, t.len - at) : NULL;

	return found == NULL ? t.len : (size_t)(found - t.data);
}

// The place after the next `what`, t.len if there is none.
static size_t find_end(struct text t, size_t at, const char *what)
{
	at = find_byte(t, at, what[0]);
	while (at < t.len && !begins(t, at, what))
		at = find_byte(t, at + 1, what[0]);
	return at < t.len ? at + strlen(what) : t.len;
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       (uint8_t)c >= 0x80;
}

static bool is_bad_control(char c)
{
	return (uint8_t)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

// ---- what is wrong -------------------------------------------------------------------------

// The high bit of each byte of a word that is 0.
static uint64_t zero_bytes(uint64_t word)
{
	return ~(((word & EACH(0x7F)) + EACH(0x7F)) | word) & EACH(0x80);
}

// The same for bytes below space.
static uint64_t low_bytes(uint64_t word)
{
	return ~(((word & EACH(0x7F)) + EACH(0x60)) | word) & EACH(0x80);
}

// Eight bytes a step: this looks at every byte of every document.
bool xml_has_control(struct text t)
{
	size_t at = 0;

	for (; at + WORD <= t.len; at += WORD) {
		uint64_t word = word_at(t.data + at);
		uint64_t low = 0;

		if (((word - EACH(0x20)) & ~word & EACH(0x80)) == 0)
			continue; // none is below space
		low = low_bytes(word);
		if (low != 0 &&
		    (low & ~(zero_bytes(word ^ EACH('\n')) | zero_bytes(word ^ EACH('\t')) |
			     zero_bytes(word ^ EACH('\r')))) != 0)
			return true;
	}
	for (; at < t.len; at++) {
		if (is_bad_control(t.data[at]))
			return true;
	}
	return false;
}

// A reference at t.data[at], which is "&": its length with ";" (0 if it is none), and the
// character it stands for (0 if it stands for none).
static size_t parse_reference(struct text t, size_t at, uint32_t *c)
{
	size_t room = t.len - at < ENTITY_NAME_MAX + 2 ? t.len - at : ENTITY_NAME_MAX + 2;
	const char *semicolon = memchr(t.data + at, ';', room);
	char name[ENTITY_NAME_MAX + 1];
	size_t len = semicolon == NULL ? 0 : (size_t)(semicolon - (t.data + at)) - 1;
	const htmlEntityDesc *entity = NULL;

	*c = 0;
	if (len == 0 || len > ENTITY_NAME_MAX)
		return 0;
	memcpy(name, t.data + at + 1, len);
	name[len] = '\0';
	entity = htmlEntityLookup((const xmlChar *)name);
	if (entity == NULL)
		return 0;
	*c = entity->value;
	return len + 2;
}

// The same for "&#" references.
static size_t parse_number(struct text t, size_t at, uint32_t *c)
{
	size_t start = at;
	int base = 10;
	uint32_t value = 0;

	at += 2;
	if (at < t.len && t.data[at] == 'x') {
		base = 16;
		at++;
	}
	*c = 0;
	while (at < t.len && text_digit(t.data[at]) < base) {
		if (value <= 0x10FFFF)
			value = value * (uint32_t)base + (uint32_t)text_digit(t.data[at]);
		at++;
	}
	if (at >= t.len || t.data[at] != ';' || text_digit(t.data[at - 1]) >= base)
		return 0;
	if (value <= 0x10FFFF &&
	    (value >= 0x20 || value == '\t' || value == '\n' || value == '\r') &&
	    !(value >= 0xD800 && value <= 0xDFFF) && value != 0xFFFE && value != 0xFFFF)
		*c = value;
	return at + 1 - start;
}

static bool is_predefined(struct text t, size_t at)
{
	return begins(t, at, "&amp;") || begins(t, at, "&lt;") || begins(t, at, "&gt;") ||
	       begins(t, at, "&quot;") || begins(t, at, "&apos;");
}

static bool is_good_reference(struct text t, size_t at)
{
	uint32_t c = 0;

	if (is_predefined(t, at))
		return true;
	return begins(t, at, "&#") && parse_number(t, at, &c) > 0 && c != 0;
}

static bool is_tag(struct text t, size_t at)
{
	char next = at + 1 < t.len ? t.data[at + 1] : ' ';

	return is_name_start(next) || next == '/';
}

static bool needs_repair(struct text t)
{
	for (size_t at = find_byte(t, 0, '&'); at < t.len; at = find_byte(t, at + 1, '&')) {
		if (!is_good_reference(t, at))
			return true;
	}
	for (size_t at = find_byte(t, 0, '<'); at < t.len; at = find_byte(t, at + 1, '<')) {
		if (!is_tag(t, at))
			return true;
	}
	return xml_has_control(t);
}

// Steps over the start tag at *at, or over as much of it as tells that it is too wide.
// Attributes are counted by their "=" outside quotes.
static bool is_wide(struct text t, size_t *at)
{
	size_t count = 0;

	for (; *at < t.len && t.data[*at] != '>' && count <= ATTRIBUTES_MAX; (*at)++) {
		if (t.data[*at] == '"' || t.data[*at] == '\'')
			*at = find_byte(t, *at + 1, t.data[*at]);
		else
			count += t.data[*at] == '=';
	}
	return count > ATTRIBUTES_MAX;
}

// The document up to the first start tag that is too wide.
static struct text cut_wide(struct text t)
{
	for (size_t at = find_byte(t, 0, '<'); at < t.len; at = find_byte(t, at + 1, '<')) {
		size_t start = at;

		if (is_tag(t, start) && is_wide(t, &at))
			return (struct text){ t.data, start };
	}
	return t;
}

// ---- the repaired copy ---------------------------------------------------------------------

static size_t copy_clean(char *out, struct text t)
{
	size_t len = 0;

	for (size_t i = 0; i < t.len; i++) {
		if (!is_bad_control(t.data[i]))
			out[len++] = t.data[i];
	}
	return len;
}

static size_t put(char *out, const char *what)
{
	size_t len = strlen(what);

	memcpy(out, what, len);
	return len;
}

// Writes what the "&" at *at becomes; steps over it.
static size_t repair_reference(struct text t, size_t *at, char *out)
{
	uint32_t c = 0;
	size_t len = 0;

	if (is_predefined(t, *at)) {
		(*at)++;
		return put(out, "&");
	}
	len = begins(t, *at, "&#") ? parse_number(t, *at, &c) : parse_reference(t, *at, &c);
	if (len == 0) {
		(*at)++;
		return put(out, "&amp;");
	}
	*at += len;
	if (c == '<' || c == '&')
		return put(out, c == '<' ? "&lt;" : "&amp;");
	return c == 0 ? 0 : text_encode(c, out);
}

// Steps over a comment, a processing instruction or a declaration at `at`; `at` if it is none.
static size_t skip_remark(struct text t, size_t at)
{
	if (begins(t, at, "<!--"))
		return find_end(t, at + 4, "-->");
	return begins(t, at, "<?") ? find_end(t, at + 2, "?>") : at;
}

// Writes what the "<" at *at becomes; steps over it.
static size_t repair_markup(struct text t, size_t *at, char *out)
{
	size_t start = *at;

	if (begins(t, start, "<![CDATA[")) {
		*at = find_end(t, start, "]]>");
		return copy_clean(out, (struct text){ t.data + start, *at - start });
	}
	*at = skip_remark(t, start);
	if (*at > start)
		return 0;
	(*at)++;
	return put(out, is_tag(t, start) ? "<" : "&lt;");
}

static struct text repair(struct arena *a, struct text t)
{
	size_t room = t.len + 1;
	size_t len = 0;
	size_t at = 0;
	char *out = NULL;

	for (size_t i = 0; i < t.len; i++)
		room += t.data[i] == '&' || t.data[i] == '<' ? 4 : 0; // "&amp;"
	out = arena_alloc(a, room);
	if (out == NULL)
		return (struct text){ NULL, 0 };
	while (at < t.len) {
		if (t.data[at] == '&') {
			len += repair_reference(t, &at, out + len);
		} else if (t.data[at] == '<') {
			len += repair_markup(t, &at, out + len);
		} else {
			if (!is_bad_control(t.data[at]))
				out[len++] = t.data[at];
			at++;
		}
	}
	return (struct text){ out, len };
}

// ---- what stands before the root element ----------------------------------------------------

// The place after a document type declaration: its internal subset is in brackets, and ">" may
// stand in quotes and comments.
static size_t skip_doctype(struct text t, size_t at)
{
	bool subset = false;

	while (at < t.len) {
		char c = t.data[at];

		if (begins(t, at, "<!--")) {
			at = find_end(t, at + 4, "-->");
			continue;
		}
		if (c == '"' || c == '\'')
			at = find_byte(t, at + 1, c);
		else if (c == '[' || c == ']')
			subset = c == '[';
		else if (c == '>' && !subset)
			return at + 1;
		at++;
	}
	return t.len;
}

static bool begins_doctype(struct text t, size_t at)
{
	static const struct text doctype = { "<!DOCTYPE", 9 };

	return t.len - at >= doctype.len &&
	       text_equal_nocase((struct text){ t.data + at, doctype.len }, doctype);
}

static size_t find_root(struct text t, bool *doctype)
{
	size_t at = find_byte(t, 0, '<');

	while (at < t.len && !is_tag(t, at)) {
		size_t next = skip_remark(t, at);

		if (begins_doctype(t, at)) {
			*doctype = true;
			next = skip_doctype(t, at);
		}
		at = find_byte(t, next == at ? at + 1 : next, '<');
	}
	return at < t.len ? at : t.len;
}

static unsigned int count_lines(struct text t)
{
	unsigned int count = 0;

	for (size_t at = find_byte(t, 0, '\n'); at < t.len; at = find_byte(t, at + 1, '\n'))
		count++;
	return count;
}

struct xml_root xml_root(struct text document)
{
	struct xml_root out = { .document = document };
	size_t root = find_root(document, &out.doctype);
	struct text *t = &out.document;

	out.lines = count_lines((struct text){ document.data, root });
	*t = (struct text){ document.data + root, document.len - root };
	while (t->len > 0 && (t->data[t->len - 1] == '\0' || t->data[t->len - 1] == '\n'))
		t->len--;
	return out;
}

struct text xml_repair(struct arena *a, struct text document)
{
	struct text t = document.len >= WIDE_FROM ? cut_wide(document) : document;

	return needs_repair(t) ? repair(a, t) : t;
}

// ---- references by number -------------------------------------------------------------------

// Writes what stands at t.data[*at] as libxml2 never fails to read it; steps over it.
static size_t put_number(struct text t, size_t *at, char *out)
{
	static const char *const names[][2] = {
		{ "&amp;", "&#38;" },  { "&lt;", "&#60;" },   { "&gt;", "&#62;" },
		{ "&quot;", "&#34;" }, { "&apos;", "&#39;" }, { "]]>", "]]&#62;" },
	};

	for (size_t i = 0; i < COMIC_COUNT(names); i++) {
		if (begins(t, *at, names[i][0])) {
			*at += strlen(names[i][0]);
			return put(out, names[i][1]);
		}
	}
	out[0] = t.data[(*at)++];
	return 1;
}

struct text xml_number_references(struct arena *a, struct text t)
{
	size_t room = t.len + 1;
	size_t len = 0;
	char *out = NULL;

	for (size_t at = find_byte(t, 0, '&'); at < t.len; at = find_byte(t, at + 1, '&'))
		room++; // "&#60;" is longer than "&lt;"
	for (size_t at = find_byte(t, 0, ']'); at < t.len; at = find_byte(t, at + 1, ']'))
		room += begins(t, at, "]]>") ? 4 : 0;
	if (room == t.len + 1)
		return t;
	out = arena_alloc(a, room);
	for (size_t at = 0; out != NULL && at < t.len;) {
		if (t.data[at] == '&' || t.data[at] == ']') {
			len += put_number(t, &at, out + len);
		} else if (begins(t, at, "<![CDATA[")) {
			size_t end = find_end(t, at, "]]>");

			memcpy(out + len, t.data + at, end - at);
			len += end - at;
			at = end;
		} else {
			out[len++] = t.data[at++];
		}
	}
	return (struct text){ out, len };
}
