// SPDX-License-Identifier: MIT
// notes.c: see notes.h.

#include "metadata/notes.h"

#include "metadata/date.h"
#include "metadata/identifier.h"

#include <string.h>

#define BRACKETS_MAX 256 // bytes in a pair of brackets that may be an identifier

static struct text from(struct text t, size_t at)
{
	return (struct text){ t.data + at, t.len - at };
}

static bool begins(struct text t, const char *what)
{
	size_t len = strlen(what);

	return t.len >= len &&
	       text_equal_nocase((struct text){ t.data, len }, (struct text){ what, len });
}

// The place of the first `what`, in lower case, from at on, in any case; t.len if there is none.
static size_t find(struct text t, size_t at, const char *what)
{
	char first = (char)(what[0] | 0x20);

	while (at < t.len && !((t.data[at] | 0x20) == first && begins(from(t, at), what)))
		at++;
	return at;
}

static bool is_one_of(char c, const char *set)
{
	while (*set != '\0' && *set != c)
		set++;
	return *set != '\0';
}

static struct text until(struct text t, const char *stop)
{
	size_t len = 0;

	while (len < t.len && !is_one_of(t.data[len], stop))
		len++;
	return (struct text){ t.data, len };
}

// ---- who and when -----------------------------------------------------------------------------

// Without the point or comma that ends the sentence.
static struct text word(struct text t)
{
	t = until(t, " \n[");
	while (t.len > 0 && is_one_of(t.data[t.len - 1], ".,;"))
		t.len--;
	return t;
}

// "ComicTagger 1.3.5", "comicbox dev": a name, and a version if one follows.
static struct text parse_tagger(struct text t)
{
	size_t fork = find(until(t, "\n["), 0, " fork of "); // "the ninjas.walk.alone fork of X"
	struct text name;
	struct text version;

	if (begins(t, "the ") && fork < t.len && t.data[fork] == ' ')
		t = from(t, fork + strlen(" fork of "));
	name = word(t);
	if (name.len == 0 || name.len == t.len || t.data[name.len] != ' ')
		return name;
	version = word(from(t, name.len + 1));
	if (version.len > 0 &&
	    ((version.data[0] >= '0' && version.data[0] <= '9') ||
	     text_equal_nocase(version, TEXT("dev")) || text_equal_nocase(version, TEXT("test"))))
		name.len += 1 + version.len;
	return name;
}

static void mine_tagger(struct builder *b, struct text notes)
{
	size_t at = find(notes, 0, "tagged ");
	struct text rest;

	if (at == notes.len)
		return;
	rest = from(notes, at + strlen("tagged "));
	if (begins(rest, "with ") || begins(rest, "by "))
		node_put_text(b, b->root, COMIC_TAGGER,
			      parse_tagger(from(rest, begins(rest, "by ") ? 3 : 5)));
}

static void mine_time(struct builder *b, struct text notes)
{
	char time[DATE_TEXT];

	for (size_t at = find(notes, 0, " on "); at < notes.len; at = find(notes, at + 1, " on ")) {
		if (!date_parse_time(from(notes, at + 4), time))
			continue;
		if (node_get(b->root, COMIC_UPDATED_AT) == NULL)
			node_set_text(b, b->root, COMIC_UPDATED_AT, builder_copy(b, time));
		return;
	}
}

// ---- identifiers ------------------------------------------------------------------------------

// The source of "using info from Comic Vine on 2022-...". Comic Vine when the notes name none:
// taggers had no other source when they began to write "[Issue ID n]".
static struct text parse_source(struct text notes)
{
	static const char phrase[] = "using info from ";
	size_t at = find(notes, 0, phrase);
	struct text name;

	if (at == notes.len)
		return TEXT("comicvine");
	name = until(from(notes, at + strlen(phrase)), ".[\n");
	name.len = find(name, 0, " on ");
	return identifier_source(name);
}

static void put_full_date(struct builder *b, struct text t)
{
	struct node *map = node_get(b->root, COMIC_DATE);
	struct date date;

	if ((map != NULL && !node_is_empty(map)) || !date_parse(t, &date) || date.day == 0)
		return;
	map = node_make(b, b->root, COMIC_DATE);
	node_put_integer(b, map, DATE_YEAR, date.year);
	node_put_integer(b, map, DATE_MONTH, date.month);
	node_put_integer(b, map, DATE_DAY, date.day);
}

static void put_issue_id(struct builder *b, struct text source, struct text key)
{
	struct identifier id;

	key = text_trim(key);
	if (source.len == 0 || key.len == 0 || memchr(key.data, ' ', key.len) != NULL)
		return;
	identifier_parse_key(source, key, &id);
	identifier_put(b, &id);
}

// What stands in a pair of brackets. *source is whose number an issue's is, once it was needed.
static void mine_brackets(struct builder *b, struct text notes, struct text inside,
			  struct text *source)
{
	struct identifier id;

	if (begins(inside, "Issue ID ")) {
		if (source->data == NULL)
			*source = parse_source(notes);
		put_issue_id(b, *source, from(inside, strlen("Issue ID ")));
	} else if (begins(inside, "issue_id:")) { // Metron-Tagger, which knows one source
		put_issue_id(b, TEXT("metron"), from(inside, strlen("issue_id:")));
	} else if (begins(inside, "RELDATE:")) {
		put_full_date(b, from(inside, strlen("RELDATE:")));
	} else if (identifier_parse(inside, &id)) {
		identifier_put(b, &id);
	}
}

// From the text after "[": what stands before "]", or before the end of the line.
static struct text bracketed(struct text t)
{
	return until((struct text){ t.data, t.len < BRACKETS_MAX ? t.len : BRACKETS_MAX }, "]\n");
}

static void mine_urns(struct builder *b, struct text notes)
{
	struct identifier id;

	for (size_t at = find(notes, 0, "urn:"); at < notes.len; at = find(notes, at, "urn:")) {
		struct text t = until(from(notes, at), " \n,;)]");

		while (t.len > 0 && t.data[t.len - 1] == '.')
			t.len--;
		if ((at == 0 || is_one_of(notes.data[at - 1], " \n,;([")) &&
		    identifier_parse(t, &id))
			identifier_put(b, &id);
		at += t.len;
	}
}

static void mine_all_brackets(struct builder *b, struct text notes)
{
	struct text source = { NULL, 0 };

	for (size_t at = find(notes, 0, "["); at < notes.len; at = find(notes, at + 1, "["))
		mine_brackets(b, notes, bracketed(from(notes, at + 1)), &source);
}

void notes_mine(struct builder *b)
{
	struct text notes = node_text(b->root, COMIC_NOTES);

	if (notes.len == 0)
		return;
	mine_tagger(b, notes);
	mine_time(b, notes);
	mine_urns(b, notes); // which count more
	mine_all_brackets(b, notes);
}
