// SPDX-License-Identifier: MIT
// xml_plain.c: see xml_plain.h.
//
// First the whole document is taken apart into pieces, which shows whether it is plain; then the
// events are made of the pieces. What is refused here costs a look at most, what is accepted
// wrongly would be read wrongly: in doubt it is not plain.

#include "metadata/xml_plain.h"

#include "metadata/xml_repair.h"

#include <string.h>

#define DOCUMENT_MAX ((size_t)256 << 10) // bytes
#define NAME_MAX_LEN 63 // bytes of a name
#define DEPTH_MAX 32
#define ATTRIBUTES_MAX 16 // of an element
#define ATTRIBUTE_POINTERS 5 // as libxml2's: local name, prefix, URI, value, end of value

enum piece_kind { PIECE_START, PIECE_TEXT, PIECE_END };

struct piece {
	enum piece_kind kind;
	struct text text; // or the element's name
	const unsigned char **attributes;
	size_t count; // of attributes
};

struct attribute {
	struct text name; // with its prefix
	struct text local;
	struct text value;
};

struct plain {
	struct arena *arena;
	struct text t;
	size_t at;
	size_t reference; // the first "&" that is not before at, as far as it was looked for
	struct attribute attributes[ATTRIBUTES_MAX]; // of the tag at hand: here, as it is large
	struct piece *pieces;
	size_t count;
	size_t room;
	struct text open[DEPTH_MAX];
	size_t depth;
	bool returns; // there are carriage returns in it
	bool nomem;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Letters first: nearly all are.
static bool is_name_byte(char c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26 || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '.';
}

static char byte_at(const struct plain *p, size_t at)
{
	return at < p->t.len ? p->t.data[at] : '\0';
}

static size_t find_byte(struct text t, size_t at, char c)
{
	const char *found = at < t.len ? memchr(t.data + at, (uint8_t)c, t.len - at) : NULL;

	return found == NULL ? t.len : (size_t)(found - t.data);
}

// Neither "]]>" in a text, which is a fault, nor U+FFFE, U+FFFF and controls, which are no
// characters.
static bool has_nothing_odd(struct text t)
{
	for (size_t at = find_byte(t, 0, ']'); at < t.len; at = find_byte(t, at + 1, ']')) {
		if (t.len - at >= 3 && memcmp(t.data + at, "]]>", 3) == 0)
			return false;
	}
	for (size_t at = find_byte(t, 0, '\xEF'); at < t.len; at = find_byte(t, at + 1, '\xEF')) {
		if (t.len - at >= 3 && t.data[at + 1] == '\xBF' && (uint8_t)t.data[at + 2] >= 0xBE)
			return false;
	}
	return !xml_has_control(t);
}

// ---- references ---------------------------------------------------------------------------

// "&#233;" or "&#xE9;": its length, 0 if it stands for no character.
static size_t parse_number(struct text t, uint32_t *c)
{
	size_t at = 2;
	uint32_t base = 10;
	size_t start = 0;

	if (at < t.len && t.data[at] == 'x') {
		base = 16;
		at++;
	}
	start = at;
	*c = 0;
	for (; at < t.len && at < start + 7 && text_digit(t.data[at]) < (int)base; at++)
		*c = *c * base + (uint32_t)text_digit(t.data[at]);
	if (at == start || at == t.len || t.data[at] != ';')
		return 0;
	if ((*c < 0x20 && *c != '\t' && *c != '\n' && *c != '\r') || *c > 0x10FFFF ||
	    (*c >= 0xD800 && *c <= 0xDFFF) || *c == 0xFFFE || *c == 0xFFFF)
		return 0;
	return at + 1;
}

// The reference that t begins with: its length, 0 if it is none or stands for no character.
static size_t parse_reference(struct text t, uint32_t *c)
{
	static const struct {
		struct text name;
		char c;
	} named[] = {
		{ TEXT_INIT("&amp;"), '&' },   { TEXT_INIT("&quot;"), '"' },
		{ TEXT_INIT("&apos;"), '\'' }, { TEXT_INIT("&lt;"), '<' },
		{ TEXT_INIT("&gt;"), '>' },
	};

	if (t.len > 2 && t.data[1] == '#')
		return parse_number(t, c);
	for (size_t i = 0; i < COMIC_COUNT(named); i++) {
		size_t len = named[i].name.len;

		*c = (uint8_t)named[i].c;
		if (t.len >= len && memcmp(t.data, named[i].name.data, len) == 0)
			return len;
	}
	return 0;
}

static bool has_good_references(struct text t)
{
	for (size_t at = find_byte(t, 0, '&'); at < t.len; at = find_byte(t, at + 1, '&')) {
		uint32_t c = 0;

		if (parse_reference((struct text){ t.data + at, t.len - at }, &c) == 0)
			return false;
	}
	return true;
}

// Copies what has no reference in it. A line end is one byte, and in an attribute it is a space,
// as a tab is. Returns the length.
static size_t copy_lines(char *out, struct text t, bool attribute)
{
	size_t len = 0;

	if (!attribute && find_byte(t, 0, '\r') == t.len) {
		memcpy(out, t.data, t.len);
		return t.len;
	}
	for (size_t at = 0; at < t.len; at++) {
		char c = t.data[at];

		if (c == '\r') {
			at += at + 1 < t.len && t.data[at + 1] == '\n';
			c = '\n';
		}
		out[len++] = attribute && (c == '\n' || c == '\t') ? ' ' : c;
	}
	return len;
}

// t with its references and line ends resolved, in the arena. data == NULL: no memory.
static struct text resolve(struct arena *a, struct text t, bool attribute)
{
	char *out = arena_alloc(a, t.len + 1); // a character is never longer than its reference
	size_t len = 0;
	size_t at = 0;

	if (out == NULL)
		return (struct text){ NULL, 0 };
	while (at < t.len) {
		size_t next = find_byte(t, at, '&');
		uint32_t c = 0;

		len += copy_lines(out + len, (struct text){ t.data + at, next - at }, attribute);
		at = next;
		if (at == t.len)
			break;
		at += parse_reference((struct text){ t.data + at, t.len - at }, &c);
		len += text_encode(c, out + len);
	}
	return (struct text){ out, len };
}

// ---- pieces -------------------------------------------------------------------------------

static struct piece *add_piece(struct plain *p, enum piece_kind kind, struct text t)
{
	struct piece *piece = NULL;

	if (p->count == p->room) {
		size_t room = p->room == 0 ? 128 : 2 * p->room;
		struct piece *grown = arena_alloc(p->arena, room * sizeof(*grown));

		if (grown == NULL) {
			p->nomem = true;
			return NULL;
		}
		if (p->count > 0)
			memcpy(grown, p->pieces, p->count * sizeof(*grown));
		p->pieces = grown;
		p->room = room;
	}
	piece = &p->pieces[p->count++];
	*piece = (struct piece){ .kind = kind, .text = t };
	return piece;
}

// The name at p->at, which moves behind it; empty if there is none, or a long one.
static struct text take_name(struct plain *p)
{
	size_t start = p->at;

	size_t at = start;

	if (is_name_start(byte_at(p, start))) {
		while (at < p->t.len && is_name_byte(p->t.data[at]))
			at++;
	}
	p->at = at;
	if (at - start > NAME_MAX_LEN)
		return TEXT("");
	return (struct text){ p->t.data + start, at - start };
}

static bool skip_space(struct plain *p)
{
	size_t start = p->at;

	while (is_space(byte_at(p, p->at)))
		p->at++;
	return p->at > start;
}

// name="value"
static bool take_attribute(struct plain *p, struct attribute *out)
{
	struct text first = take_name(p);
	char quote = 0;
	size_t end = 0;

	out->name = first;
	out->local = first;
	if (first.len > 0 && byte_at(p, p->at) == ':') {
		p->at++;
		out->local = take_name(p);
		out->name.len = (size_t)(p->t.data + p->at - first.data);
	}
	(void)skip_space(p);
	if (out->local.len == 0 || byte_at(p, p->at) != '=')
		return false;
	p->at++;
	(void)skip_space(p);
	quote = byte_at(p, p->at);
	if (quote != '"' && quote != '\'')
		return false;
	end = find_byte(p->t, p->at + 1, quote);
	out->value = (struct text){ p->t.data + p->at + 1, end - p->at - 1 };
	p->at = end + 1;
	return end < p->t.len && find_byte(out->value, 0, '<') == out->value.len &&
	       has_good_references(out->value);
}

static bool is_declaration(const struct attribute *a)
{
	return text_is(a->name, "xmlns") ||
	       (a->name.len > 6 && memcmp(a->name.data, "xmlns:", 6) == 0);
}

static bool has_twice(const struct attribute *list, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(list[i].name, name))
			return true;
	}
	return false;
}

static void keep_attributes(struct plain *p, struct piece *piece, const struct attribute *list,
			    size_t count)
{
	const unsigned char **out =
		arena_zero(p->arena, count * ATTRIBUTE_POINTERS * sizeof(*out));

	piece->attributes = out;
	for (size_t i = 0; out != NULL && i < count; i++) {
		struct text value = TEXT("");
		const char *local = NULL;

		if (is_declaration(&list[i]))
			continue;
		value = resolve(p->arena, list[i].value, true);
		local = arena_copy(p->arena, list[i].local.data, list[i].local.len);
		if (value.data == NULL || local == NULL) {
			p->nomem = true;
			return;
		}
		out[0] = (const unsigned char *)local;
		out[3] = (const unsigned char *)value.data;
		out[4] = out[3] + value.len;
		out += ATTRIBUTE_POINTERS;
		piece->count++;
	}
	p->nomem = p->nomem || out == NULL;
}

// The start tag whose name follows; false if it is not plain.
static bool take_start(struct plain *p)
{
	struct text name = take_name(p);
	struct attribute *list = p->attributes;
	size_t count = 0;
	struct piece *piece = NULL;
	bool empty = false;

	if (name.len == 0 || p->depth == DEPTH_MAX)
		return false;
	while (skip_space(p) && is_name_start(byte_at(p, p->at))) {
		if (count == ATTRIBUTES_MAX || !take_attribute(p, &list[count]) ||
		    has_twice(list, count, list[count].name))
			return false;
		count++;
	}
	empty = byte_at(p, p->at) == '/';
	p->at += empty;
	if (byte_at(p, p->at) != '>')
		return false;
	p->at++;
	piece = add_piece(p, PIECE_START, name);
	if (piece != NULL && count > 0)
		keep_attributes(p, piece, list, count);
	if (empty)
		(void)add_piece(p, PIECE_END, name);
	else
		p->open[p->depth++] = name;
	return true;
}

static bool take_end(struct plain *p)
{
	struct text name = p->depth == 0 ? TEXT("") : p->open[p->depth - 1];

	if (name.len == 0 || p->t.len - p->at < name.len ||
	    memcmp(p->t.data + p->at, name.data, name.len) != 0)
		return false;
	p->at += name.len;
	(void)skip_space(p);
	if (byte_at(p, p->at) != '>')
		return false;
	p->at++;
	p->depth--;
	(void)add_piece(p, PIECE_END, name);
	return true;
}

static bool take_markup(struct plain *p)
{
	p->at++;
	if (byte_at(p, p->at) != '/')
		return take_start(p);
	p->at++;
	return take_end(p);
}

// Most texts have no reference: what was seen for one is not looked through again.
static bool has_reference(struct plain *p, size_t end)
{
	if (p->reference < p->at)
		p->reference = find_byte(p->t, p->at, '&');
	return p->reference < end;
}

static bool take_text(struct plain *p)
{
	size_t end = find_byte(p->t, p->at, '<');
	struct text t = { p->t.data + p->at, end - p->at };
	bool referring = has_reference(p, end);

	p->at = end;
	if (referring) {
		if (!has_good_references(t))
			return false;
		t = resolve(p->arena, t, false);
	} else if (p->returns && find_byte(t, 0, '\r') < t.len) {
		t = resolve(p->arena, t, false);
	}
	p->nomem = p->nomem || t.data == NULL;
	if (t.len > 0)
		(void)add_piece(p, PIECE_TEXT, t);
	return true;
}

static bool take_apart(struct plain *p)
{
	if (p->t.len > DOCUMENT_MAX || byte_at(p, 0) != '<' || !has_nothing_odd(p->t))
		return false;
	p->returns = find_byte(p->t, 0, '\r') < p->t.len;
	do {
		if (!take_markup(p) || (p->depth > 0 && !take_text(p)) || p->nomem)
			return false;
	} while (p->depth > 0);
	(void)skip_space(p);
	return p->at == p->t.len;
}

static void give(const struct piece *piece, const struct xml_plain_events *events)
{
	char name[NAME_MAX_LEN + 1];

	if (piece->kind == PIECE_TEXT) {
		events->text(events->context, piece->text.data, piece->text.len);
		return;
	}
	memcpy(name, piece->text.data, piece->text.len);
	name[piece->text.len] = '\0';
	if (piece->kind == PIECE_START)
		events->start(events->context, name, piece->attributes, piece->count);
	else
		events->end(events->context, name);
}

int xml_plain_read(struct arena *a, struct text document, const struct xml_plain_events *events)
{
	struct plain p = { .arena = a, .t = document };

	if (!take_apart(&p))
		return p.nomem ? -1 : 0;
	for (size_t i = 0; i < p.count; i++)
		give(&p.pieces[i], events);
	return 1;
}
