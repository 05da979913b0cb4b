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
#include "metadata/filename_scan.h"

#include <string.h>

// ---- suffix and spelling --------------------------------------------------------------

// The known suffix of a name, empty if it has none.
static struct text find_ext(struct text t)
{
	static const struct text known[] = {
		TEXT_INIT("cbz"), TEXT_INIT("cbr"), TEXT_INIT("cb7"), TEXT_INIT("cbt"),
		TEXT_INIT("cba"), TEXT_INIT("pdf"), TEXT_INIT("zip"), TEXT_INIT("rar"),
		TEXT_INIT("7z"),  TEXT_INIT("tar"), TEXT_INIT("epub"),
	};
	size_t at = t.len;

	while (at > 1 && t.data[at - 1] != '.' && t.len - at < sizeof("epub"))
		at--;
	if (at < 2 || t.data[at - 1] != '.')
		return TEXT("");
	t = scan_span(t, at, t.len);
	for (size_t i = 0; i < COMIC_COUNT(known); i++) {
		if (text_equal_nocase(t, known[i]))
			return t;
	}
	return TEXT("");
}

// Cuts the suffix off and gives it; of "Foo.cbr.cbz" the last, and both are cut off.
static struct text take_ext(struct text *t)
{
	struct text ext = find_ext(*t);

	for (struct text more = ext; more.len > 0; more = find_ext(*t))
		t->len -= more.len + 1;
	return ext;
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

// Brackets beyond ASCII: the parenthesis that is meant, 0 for any other character.
static char wide_bracket(struct text t, size_t at)
{
	static const struct {
		const char *utf8;
		char meant;
	} brackets[] = {
		{ "\xEF\xBC\x88", '(' }, { "\xEF\xBC\x89", ')' }, // U+FF08, U+FF09
		{ "\xE3\x80\x90", '(' }, { "\xE3\x80\x91", ')' }, // U+3010, U+3011
	};

	for (size_t i = 0; i < COMIC_COUNT(brackets); i++) {
		if (scan_word(t, at, brackets[i].utf8) != at)
			return brackets[i].meant;
	}
	return 0;
}

static bool is_letter_at(struct text t, size_t at)
{
	return scan_is_word_at(t, at) && !scan_is_digit(t.data[at]);
}

// A place that stands for a space: not the points of "S.H.I.E.L.D." and "1.5", nor the first "-"
// of a date.
static bool is_gap(struct text t, size_t at, char gap)
{
	bool initial = (at < 2 || !scan_is_word(t.data[at - 2])) && at > 0 &&
		       is_letter_at(t, at - 1);

	if (t.data[at] != gap)
		return false;
	if (at > 0 && scan_is_digit(t.data[at - 1]) && scan_digits(t, at + 1) > at + 1)
		return scan_digits(t, at + 1) > at + (gap == '.' ? 2 : 3); // but in 1.5, 02-24
	if (gap == '-')
		return true;
	return !(initial && is_letter_at(t, at + 1) && !is_letter_at(t, at + 2));
}

// The character that stands for spaces in a name without any, 0 for none: "." if the name has a
// number too, "Foo.001.2012", or "-" in "foo-bar-001", which is the way of addresses.
static char find_gap(struct text t)
{
	size_t hyphens = 0;
	bool points = false;
	bool digits = false;
	bool upper = false;

	for (size_t i = 0; i < t.len; i++) {
		char c = t.data[i];

		if (c == ' ' || c == '_' || (uint8_t)c >= 0x80)
			return 0;
		points = points || is_gap(t, i, '.');
		digits = digits || scan_is_digit(c);
		hyphens += c == '-';
		upper = upper || (c >= 'A' && c <= 'Z');
	}
	return points && digits ? '.' : hyphens > 1 && !upper ? '-' : 0;
}

// Brackets become parentheses, underscores spaces, runs of spaces one; the first ":" divides.
static void clean_spelling(struct name *n, char *out, struct text t)
{
	size_t len = 0;
	size_t close = t.len;
	char gap = find_gap(t);

	n->colon = NOWHERE;
	n->dotted = gap == '.';
	for (size_t i = 0; i < t.len; i++) {
		char c = t.data[i];

		if (scan_is_letter(c) || scan_is_digit(c)) {
			out[len++] = c;
			continue;
		}
		if ((uint8_t)c >= 0xE3 && wide_bracket(t, i) != 0) {
			c = wide_bracket(t, i);
			i += 2;
		} else if (i == close) {
			c = ')';
			i++;
			close = t.len;
		} else if (is_double_underscore(t, i) && close == t.len &&
			   find_pair(t, i) < t.len) {
			close = find_pair(t, i);
			c = '(';
			i++;
		} else if (c == '[' || c == ']' || c == '{' || c == '}') {
			c = c == '[' || c == '{' ? '(' : ')';
		} else if (c == '_' || c == '/' || (gap != 0 && is_gap(t, i, gap))) {
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

// Within a word of other scripts patterns begin at digits and at U+7B2C: "Foo第01巻".
static bool starts_wide(struct text t, size_t at)
{
	if ((uint8_t)t.data[at - 1] >= 0x80 && scan_digit(t, at) > 0)
		return at < 3 || scan_digit(t, at - 3) != 3; // the first digit
	return t.data[at] == '\xE7' && scan_word(t, at, "\xE7\xAC\xAC") != at;
}

// Patterns begin at marks and words.
static void note_starts(struct name *n)
{
	struct text t = n->whole;
	bool was_word = false;

	for (size_t at = 0; at < t.len; at++) {
		char c = t.data[at];
		bool is_word = scan_is_word_at(t, at);
		bool starts = is_word ? !was_word || starts_wide(t, at) :
					c == '(' || c == '#' || c == '-';

		was_word = is_word;
		if (scan_is_punctuation(t, at))
			at += 2;
		if (!starts)
			continue;
		n->starts[n->start_count] = (uint16_t)at;
		n->kinds[n->start_count] = match_kind(t, at);
		n->kinds_seen |= 1U << n->kinds[n->start_count++];
	}
}

// ---- into the record ----------------------------------------------------------------------------

// In "Avengers.Hulk" the dot is a space; not in "1.5", "Dr. Doom" or "S.H.I.E.L.D.".
static bool is_space_dot(struct text t, size_t at)
{
	bool initial = at < 2 || !scan_is_word(t.data[at - 2]);

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
	struct text t = b->failed ? TEXT("") : clean_name(b->arena, base_name);
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
	if (n.issue.len == 0 && !match_is_likely_year(n.volume, 0)) // "v2012" is no issue 2012
		n.issue = n.volume;
	if (rest != NULL)
		node_add_item(b, rest, field_clean(b, n.groups));
	if (!b->failed)
		put_all(b, &n, ext);
}
