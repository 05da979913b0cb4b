// SPDX-License-Identifier: MIT
// filename.c: see filename.h.
//
// The steps and their order are those of comicfn2dict: each takes what it knows out of the
// name, and what is left in the end is series and title.

#include "metadata/filename.h"

#include "metadata/clean.h"
#include "metadata/date.h"
#include "metadata/field.h"
#include "metadata/filename_name.h"

#include <string.h>

// ---- suffix and spelling --------------------------------------------------------------

static struct text take_ext(struct text *t)
{
	static const char *const known[] = { "cbz", "cbr", "cb7", "cbt",  "cba", "pdf",
					     "zip", "rar", "7z",  "epub", "tar" };

	for (size_t i = 0; i < COMIC_COUNT(known); i++) {
		struct text ext = text_from(known[i]);
		size_t stem = t->len > ext.len ? t->len - ext.len - 1 : 0;

		if (stem > 0 && t->data[stem] == '.' && text_ends_nocase(*t, known[i])) {
			ext.data = t->data + stem + 1;
			t->len = stem;
			return ext;
		}
	}
	return TEXT("");
}

// The second "__" of a pair, t.len if there is none: "__repaired__" stands for "(repaired)".
static size_t find_pair(struct text t, size_t at)
{
	for (at += 2; at + 1 < t.len; at++) {
		if (t.data[at] == '_' && t.data[at + 1] == '_')
			return at;
	}
	return t.len;
}

static bool is_double_underscore(struct text t, size_t at)
{
	return t.data[at] == '_' && at + 1 < t.len && t.data[at + 1] == '_';
}

// Brackets become parentheses, underscores spaces, runs of spaces one; the first ":" divides.
static void clean_spelling(struct name *n, char *out, struct text t)
{
	size_t len = 0;
	size_t close = t.len;

	n->colon = NOWHERE;
	for (size_t i = 0; i < t.len; i++) {
		char c = t.data[i];

		if (i == close) {
			c = ')';
			i++;
			close = t.len;
		} else if (is_double_underscore(t, i) && close == t.len &&
			   find_pair(t, i) < t.len) {
			close = find_pair(t, i);
			c = '(';
			i++;
		} else if (c == '[' || c == ']') {
			c = c == '[' ? '(' : ')';
		} else if (c == '_' || c == '/') {
			c = ' ';
		} else if (c == ':' && n->colon == NOWHERE) {
			n->colon = len;
			c = '/';
		}
		if (c != ' ' || (len > 0 && out[len - 1] != ' '))
			out[len++] = c;
	}
	n->whole = (struct text){ out, len };
}

static void note_starts(struct name *n)
{
	for (size_t at = 0; at < n->whole.len; at++) {
		char c = n->whole.data[at];

		if (c == '(' || c == '#' || c == '-' ||
		    (match_is_word(c) && match_starts_word(n->whole, at)))
			n->starts[n->start_count++] = (uint16_t)at;
	}
}

// ---- into the record ----------------------------------------------------------------------------

static bool is_letter_at(struct text t, size_t at)
{
	return at < t.len && match_is_word(t.data[at]) && !match_is_digit(t.data[at]);
}

// In "Avengers.Hulk" the dot is a space; not in "1.5", "Dr. Doom" or "S.H.I.E.L.D.".
static bool is_space_dot(struct text t, size_t at)
{
	bool initial = at < 2 || !match_is_word(t.data[at - 2]);

	if (t.data[at] != '.' || at == 0 || !is_letter_at(t, at - 1) || !is_letter_at(t, at + 1))
		return false;
	return !(initial && !is_letter_at(t, at + 2));
}

static struct text without_dots(struct builder *b, struct text t)
{
	char *out = arena_copy(b->arena, t.data, t.len);

	if (out == NULL) {
		b->failed = true;
		return t;
	}
	for (size_t i = 0; i < t.len; i++) {
		if (is_space_dot(t, i))
			out[i] = ' ';
	}
	return (struct text){ out, t.len };
}

static void put_number(struct builder *b, enum comic_key key, unsigned int sub, struct text t)
{
	if (t.len > 0)
		field_count(b, node_make(b, b->root, key), sub, t);
}

static void put_in(struct builder *b, enum comic_key key, unsigned int sub, struct text t)
{
	if (t.len > 0)
		field_name(b, node_make(b, b->root, key), sub, t);
}

static void put_month(struct builder *b, struct text t)
{
	int month = date_month(t);

	if (month > 0)
		node_put_integer(b, node_make(b, b->root, COMIC_DATE), DATE_MONTH, month);
	else
		put_number(b, COMIC_DATE, DATE_MONTH, t);
}

static void put_all(struct builder *b, const struct name *n, struct text ext)
{
	put_in(b, COMIC_SERIES, SERIES_NAME, without_dots(b, n->series));
	put_in(b, COMIC_PUBLISHER, PUBLISHER_NAME, n->publisher);
	put_in(b, COMIC_ISSUE, ISSUE_NAME, n->issue);
	put_number(b, COMIC_VOLUME, VOLUME_NUMBER, n->volume);
	put_number(b, COMIC_VOLUME, VOLUME_NUMBER_TO, n->volume_to);
	put_number(b, COMIC_VOLUME, VOLUME_ISSUE_COUNT, n->issue_count);
	put_number(b, COMIC_SERIES, SERIES_VOLUME_COUNT, n->volume_count);
	put_number(b, COMIC_DATE, DATE_YEAR, n->year);
	put_month(b, n->month);
	put_number(b, COMIC_DATE, DATE_DAY, n->day);
	field_name(b, b->root, COMIC_TITLE, without_dots(b, n->title));
	field_name(b, b->root, COMIC_SCAN_INFO, n->scan);
	if (n->format.len > 0)
		field_format(b, n->format);
	if (b->full && ext.len > 0) {
		ext = text_lower(b->arena, ext);
		b->failed = b->failed || ext.data == NULL;
		node_put_text(b, b->root, COMIC_EXT, ext);
	}
}

void filename_read(struct builder *b, struct text base_name)
{
	struct name n = { .title_from = NOWHERE, .title_to = NOWHERE };
	struct node *rest = b->full ? node_make(b, b->root, COMIC_REMAINDERS) : NULL;
	struct text t = b->failed ? TEXT("") : text_repair(b->arena, base_name);
	struct text ext = take_ext(&t);
	char *clean = t.data == NULL ? NULL : arena_alloc(b->arena, FILENAME_MAX_BYTES);

	n.left = clean == NULL ? NULL : arena_alloc(b->arena, FILENAME_MAX_BYTES);
	if (n.left == NULL) {
		b->failed = true;
		return;
	}
	clean_spelling(&n, clean, clean_cut(t, FILENAME_MAX_BYTES));
	memcpy(n.left, n.whole.data, n.whole.len);
	note_starts(&n);
	name_take_marked(&n, b);
	name_take_tokens(&n, b, rest);
	if (n.issue.len == 0)
		n.issue = n.volume;
	if (rest != NULL)
		node_add_item(b, rest, field_clean(b, n.groups));
	if (!b->failed)
		put_all(b, &n, ext);
}
