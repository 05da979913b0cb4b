// SPDX-License-Identifier: MIT
// filename.c: see filename.h.
//
// The steps and their order are those of comicfn2dict: each takes what it knows out of the
// name, and what is left in the end is series and title.

#include "metadata/filename.h"

#include "metadata/clean.h"
#include "metadata/date.h"
#include "metadata/field.h"
#include "metadata/filename_match.h"
#include "metadata/format.h"
#include "metadata/scalar.h"

#include <string.h>

#define NAME_MAX_BYTES ((size_t)1024) // longer names are cut
#define NOWHERE SIZE_MAX

struct name {
	struct text whole; // cleaned
	char *left; // the same, but "/" where a step has used it up
	size_t colon; // where a ":" stood
	size_t title_from; // a title stands after this place,
	size_t title_to; // and before that one
	struct text ext;
	struct text issue;
	struct text issue_count;
	struct text volume;
	struct text volume_to;
	struct text volume_count;
	struct text year;
	struct text month;
	struct text day;
	struct text format;
	struct text scan;
	struct text publisher;
	struct text series;
	struct text title;
};

// ---- 0 and 1: suffix and spelling --------------------------------------------------------------

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
		} else if (is_double_underscore(t, i) && close == t.len && find_pair(t, i) < t.len) {
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

// ---- taking a pattern out -----------------------------------------------------------------------

static struct text left(const struct name *n)
{
	return (struct text){ n->left, n->whole.len };
}

static size_t place(const struct name *n, struct text part)
{
	return (size_t)(part.data - n->left);
}

// A part of the name as it was: steps may overwrite what is left of it.
static struct text as_written(const struct name *n, struct text part)
{
	return part.len == 0 ? TEXT("") : (struct text){ n->whole.data + place(n, part), part.len };
}

static void use_up(struct name *n, size_t at, size_t len)
{
	memset(n->left + at, '/', len);
}

// The first match into *m; all matches are used up. False without any.
static bool take(struct name *n, matcher *is_match, struct match *m)
{
	bool found = false;

	*m = (struct match){ 0 };
	for (size_t at = 0; at < n->whole.len; at++) {
		struct match one = { 0 };
		size_t len = is_match(left(n), at, &one);

		if (len == 0)
			continue;
		if (!found)
			*m = (struct match){ as_written(n, one.first), as_written(n, one.second),
					     as_written(n, one.third), as_written(n, one.count) };
		found = true;
		use_up(n, at, len);
	}
	return found;
}

static void title_after(struct name *n, struct text part)
{
	size_t at = (size_t)(part.data - n->whole.data);

	if (at < n->title_from)
		n->title_from = at;
}

static void title_before(struct name *n, size_t at)
{
	if (at < n->title_to)
		n->title_to = at;
}

// ---- 2 to 4: issue, volume, date --------------------------------------------------------------

static void find_issue(struct name *n)
{
	struct match m;

	if (!take(n, match_hash_issue, &m) && !take(n, match_counted_issue, &m) &&
	    !take(n, match_chapter, &m))
		return;
	n->issue = m.first;
	n->issue_count = m.count;
	title_after(n, m.first);
}

static void find_volume(struct name *n)
{
	struct match m;

	if (!take(n, match_volume, &m) && !take(n, match_counted_volume, &m))
		return;
	n->volume = m.first;
	n->volume_to = m.second;
	n->volume_count = m.count;
	title_after(n, m.first);
}

// Years in parentheses. Of two different ones the first is the volume, as in "(1957) #92 (1969)".
static void find_paren_years(struct name *n)
{
	struct match m;

	for (size_t at = 0; at < n->whole.len; at++) {
		size_t len = match_paren_year(left(n), at, &m);
		struct text year;

		if (len == 0)
			continue;
		year = as_written(n, m.first);
		if (n->year.len == 0) {
			n->year = year;
		} else if (n->volume.len == 0 && !text_equal(year, n->year)) {
			bool dated = n->month.len > 0;

			n->volume = dated ? year : n->year;
			n->year = dated ? n->year : year;
		}
		title_after(n, year);
		use_up(n, at, len);
	}
}

static void find_date(struct name *n)
{
	struct match m;

	if (take(n, match_month_name, &m) || take(n, match_month_first, &m) ||
	    take(n, match_year_first, &m)) {
		n->year = m.first;
		n->month = m.second;
		n->day = m.third;
		title_after(n, m.first);
		title_after(n, m.second);
	}
	find_paren_years(n);
}

// ---- 5 and 6: what stands in parentheses --------------------------------------------------------

static size_t find_of(struct text t, size_t at, const char *set)
{
	while (at < t.len && strchr(set, t.data[at]) == NULL)
		at++;
	return at;
}

static bool has_letter(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if ((t.data[i] | 0x20) >= 'a' && (t.data[i] | 0x20) <= 'z')
			return true;
	}
	return false;
}

// The last group after `at` that is in words: "(digital) (4 covers) (Minutemen)". Its text in
// *scan; it is used up.
static bool take_last_group(struct name *n, size_t at, struct text *scan)
{
	struct text t = left(n);
	size_t open = t.len;
	size_t close = t.len;

	for (at = find_of(t, at, "("); at < t.len; at = find_of(t, at + 1, "(")) {
		size_t end = find_of(t, at + 1, "()");

		if (end == t.len || t.data[end] == '(' ||
		    !has_letter((struct text){ t.data + at + 1, end - at - 1 }))
			continue;
		open = at;
		close = end;
	}
	if (open == t.len)
		return false;
	*scan = as_written(n, text_trim((struct text){ t.data + open + 1, close - open - 1 }));
	use_up(n, open, close + 1 - open);
	return true;
}

// "(digital-Minutemen)": the longest beginning that is a format word, and the rest.
static bool split_group(struct name *n, struct text group)
{
	for (size_t i = group.len; i-- > 1;) {
		struct text format = { group.data, i };
		struct text scan = { group.data + i + 1, group.len - i - 1 };

		if (strchr("-/", group.data[i]) == NULL || !format_is_word(format))
			continue;
		scan = text_trim(scan);
		if (scan.len == 0)
			return false;
		n->format = as_written(n, text_trim(format));
		n->scan = as_written(n, scan);
		return true;
	}
	return false;
}

// A format and scan information, in one group or two; one without the other means nothing.
static void find_format(struct name *n)
{
	struct text t = left(n);

	for (size_t at = find_of(t, 0, "("); at < t.len; at = find_of(t, at + 1, "(")) {
		size_t end = find_of(t, at + 1, "()");
		struct text group = text_trim((struct text){ t.data + at + 1, end - at - 1 });
		bool is_format = format_is_word(group);

		if (end == t.len)
			return;
		if (is_format && take_last_group(n, end, &n->scan)) {
			n->format = as_written(n, group);
			use_up(n, at, end - at + (t.data[end] == ')'));
		} else if (!is_format && t.data[end] == ')' && split_group(n, group)) {
			use_up(n, at, end + 1 - at);
		}
		if (n->format.len > 0) {
			title_before(n, at);
			return;
		}
	}
}

static void find_c2c(struct name *n)
{
	struct match m;

	if (!take(n, match_c2c, &m))
		return;
	if (n->scan.len == 0)
		n->scan = m.first;
	title_before(n, (size_t)(m.first.data - n->whole.data));
}

// The place after the ")" that closes the "(" at `at`, t.len if none does.
static size_t group_end(struct text t, size_t at)
{
	int depth = 0;

	for (; at < t.len; at++) {
		depth += t.data[at] == '(';
		depth -= t.data[at] == ')';
		if (depth == 0)
			return at + 1;
	}
	return t.len;
}

// The year that ends a group like "(FCBD 2021)".
static void find_year_in_group(struct name *n, struct text group)
{
	size_t at = group.len < 4 ? 0 : group.len - 4;

	if (n->year.len > 0 || at == 0 || group.data[at - 1] != ' ' || !match_is_year(group, at))
		return;
	n->year = as_written(n, (struct text){ group.data + at, 4 });
	title_after(n, n->year);
}

static const char *find_publisher(struct text t);

// What is still in parentheses, as one text. A publisher there is the publisher.
static struct text take_groups(struct name *n, struct builder *b)
{
	struct text t = left(n);
	char *out = arena_alloc(b->arena, t.len + 1);
	size_t len = 0;

	if (out == NULL) {
		b->failed = true;
		return TEXT("");
	}
	for (size_t at = find_of(t, 0, "("); at < t.len; at = find_of(t, at + 1, "(")) {
		size_t end = group_end(t, at);
		struct text group = text_trim((struct text){ t.data + at + 1, end - at - 2 });

		if (t.data[end - 1] != ')')
			break;
		find_year_in_group(n, group);
		if (n->publisher.len == 0 && find_publisher(group) != NULL) {
			n->publisher = as_written(n, group);
		} else if (find_of(group, 0, "/") == group.len && group.len > 0) {
			if (len > 0)
				out[len++] = ' ';
			memcpy(out + len, t.data + at, end - at);
			len += end - at;
		}
		use_up(n, at, end - at);
	}
	return (struct text){ out, len };
}

// ---- 7 to 9: numbers without a mark -------------------------------------------------------------

static void find_book(struct name *n)
{
	struct match m;
	struct text t = left(n);

	for (size_t at = 0; n->volume.len == 0 && at < t.len; at++) {
		size_t len = match_book(t, at, &m);

		if (len == 0)
			continue;
		n->volume = as_written(n, m.first);
		n->title = as_written(n, (struct text){ t.data + at, len });
		use_up(n, at, len);
	}
}

// The next piece of what is left: between two used up places. Empty at the end.
static struct text next_token(const struct name *n, size_t *at)
{
	struct text t = left(n);
	size_t start = 0;
	struct text token = TEXT("");

	while (token.len == 0 && *at < t.len) {
		start = *at;
		*at = find_of(t, start, "/");
		token = text_trim((struct text){ t.data + start, *at - start });
		*at += *at < t.len;
	}
	return token;
}

static bool is_only_token(const struct name *n, struct text token)
{
	size_t at = 0;
	struct text first = next_token(n, &at);

	return first.data == token.data && next_token(n, &at).len == 0;
}

static size_t last_word(struct text token)
{
	size_t at = token.len;

	while (at > 0 && token.data[at - 1] != ' ')
		at--;
	return at;
}

// "Foo 2001" before a divider. At the end of the name it is an issue: "action comics 1024".
static void find_bare_year(struct name *n)
{
	size_t at = 0;
	struct text token = next_token(n, &at);

	for (; n->year.len == 0 && token.len > 0; token = next_token(n, &at)) {
		size_t word = last_word(token);

		if (word == 0 || at == n->whole.len || !match_is_year(token, word) ||
		    token.len != word + 4)
			continue;
		n->year = as_written(n, (struct text){ token.data + word, 4 });
		title_after(n, n->year);
		use_up(n, place(n, token) + word, 4);
	}
}

static bool take_issue(struct name *n, struct text issue)
{
	struct text written = as_written(n, issue);

	if (issue.len == 0 || text_equal(written, n->year))
		return false;
	n->issue = written;
	title_after(n, written);
	use_up(n, place(n, issue), issue.len);
	return true;
}

// A number as the last word of a token. Alone it is one only behind a series, or as "001".
static struct text issue_at_end(const struct name *n, struct text token, bool first)
{
	size_t word = last_word(token);

	if (match_plain_issue(token, word) != token.len)
		return TEXT("");
	if (word == 0 && first && (token.data[0] != '0' || is_only_token(n, token)))
		return TEXT("");
	return (struct text){ token.data + word, token.len - word };
}

// A number as the first word of a token. At the start of the name many series have one ("100
// Bullets"): there it must look like an issue, "01 Foo" or "1 - Foo".
static struct text issue_at_start(struct text token, bool first)
{
	size_t end = match_plain_issue(token, 0);
	size_t next = end;

	if (end == 0 || end == token.len)
		return TEXT("");
	while (next < token.len && (token.data[next] == ' ' || token.data[next] == '.'))
		next++;
	if (next == end && token.data[end] != '-')
		return TEXT("");
	if (first && token.data[0] != '0' && token.data[next] != '-' && token.data[end] != '.')
		return TEXT("");
	return (struct text){ token.data, end };
}

static void find_bare_issue(struct name *n)
{
	struct text token;
	size_t at = 0;
	bool first = true;

	for (token = next_token(n, &at); token.len > 0; token = next_token(n, &at)) {
		if (take_issue(n, issue_at_end(n, token, first)))
			return;
		first = false;
	}
	at = 0;
	first = true;
	for (token = next_token(n, &at); token.len > 0; token = next_token(n, &at)) {
		if (take_issue(n, issue_at_start(token, first)))
			return;
		first = false;
	}
}

// ---- 10: publisher --------------------------------------------------------------------------------

static const struct publisher {
	const char *name;
	bool anywhere; // it means the publisher inside a longer text too
} publishers[] = {
	{ "Abrams ComicArts", true },
	{ "BOOM! Studios", true },
	{ "DC Comics", true },
	{ "DC", true },
	{ "Dark Horse Comics", true },
	{ "Drawn & Quarterly", true },
	{ "Dynamite Entertainment", true },
	{ "Epic", false },
	{ "Heavy Metal", false },
	{ "Icon Comics", true },
	{ "IDW Publishing", true },
	{ "Image", false },
	{ "Kodansha", true },
	{ "Marvel", true },
	{ "Mirage", false },
	{ "Oni Press", true },
	{ "Pantheon Books", true },
	{ "SelfMadeHero", true },
	{ "SLG Publishing", true },
	{ "Titan Comics", true },
};

// The publisher that the whole text names, NULL if none.
static const char *find_publisher(struct text t)
{
	for (size_t i = 0; i < COMIC_COUNT(publishers); i++) {
		if (text_equal_nocase(t, text_from(publishers[i].name)))
			return publishers[i].name;
	}
	return NULL;
}

// "Captain Marvel" is a hero.
static bool follows_captain(struct text t, size_t at)
{
	struct text before = text_trim((struct text){ t.data, at });

	return text_ends_nocase(before, "captain") || text_ends_nocase(before, "capt.") ||
	       text_ends_nocase(before, "capt");
}

static bool has_word(struct text t, struct text word)
{
	for (size_t at = 0; at + word.len <= t.len; at++) {
		size_t end = at + word.len;

		if (text_equal_nocase((struct text){ t.data + at, word.len }, word) &&
		    match_starts_word(t, at) && (end == t.len || !match_is_word(t.data[end])) &&
		    !follows_captain(t, at))
			return true;
	}
	return false;
}

// Without what may stand around a series or title.
static struct text trim_marks(struct text t)
{
	static const char marks[] = "() -,'\"/";

	while (t.len > 0 && strchr(marks, t.data[0]) != NULL) {
		t.data++;
		t.len--;
	}
	while (t.len > 0 && strchr(marks, t.data[t.len - 1]) != NULL)
		t.len--;
	return t;
}

// A token that is a publisher is used up; the word inside a token stays part of it.
static void find_publisher_token(struct name *n)
{
	const char *known = NULL;
	size_t at = 0;
	struct text token = next_token(n, &at);

	for (; n->publisher.len == 0 && token.len > 0; token = next_token(n, &at)) {
		known = is_only_token(n, token) ? NULL : find_publisher(trim_marks(token));
		if (known == NULL)
			continue;
		n->publisher = text_from(known);
		use_up(n, place(n, token), token.len);
	}
	at = 0;
	for (token = next_token(n, &at); token.len > 0; token = next_token(n, &at)) {
		for (size_t i = 0; n->publisher.len == 0 && i < COMIC_COUNT(publishers); i++) {
			if (publishers[i].anywhere && has_word(token, text_from(publishers[i].name)))
				n->publisher = text_from(publishers[i].name);
		}
	}
}

// ---- 11 and 12: series, title, the rest ---------------------------------------------------------

static bool stands_after(const struct name *n, struct text token, size_t mark)
{
	return mark != NOWHERE && place(n, token) > mark;
}

// A title follows the series and one of its numbers, or the colon, and no format or scanner.
static bool is_title(const struct name *n, struct text token)
{
	if (n->title.len > 0 || trim_marks(token).len == 0)
		return false;
	if (n->title_to != NOWHERE && place(n, token) > n->title_to)
		return false;
	return stands_after(n, token, n->title_from) || stands_after(n, token, n->colon);
}

// The first token is the series, the next the title; *rest gets what is neither.
static void assign_tokens(struct name *n, struct builder *b, struct node *rest)
{
	size_t at = 0;

	for (struct text token = next_token(n, &at); token.len > 0; token = next_token(n, &at)) {
		struct text written = as_written(n, token);

		if (n->series.len == 0 && trim_marks(token).len > 0) {
			n->series = as_written(n, trim_marks(token));
		} else if (!is_title(n, token)) {
			node_add_item(b, rest, field_clean(b, written));
		} else if (format_is_word(trim_marks(token)) && n->format.len == 0) {
			n->format = as_written(n, trim_marks(token));
		} else {
			n->title = as_written(n, trim_marks(token));
		}
	}
}

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

// ---- into the record ----------------------------------------------------------------------------

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

static void put_all(struct builder *b, const struct name *n)
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
	if (b->full && n->ext.len > 0) {
		struct text ext = text_lower(b->arena, n->ext);

		b->failed = b->failed || ext.data == NULL;
		node_put_text(b, b->root, COMIC_EXT, ext);
	}
}

static void parse(struct name *n, struct builder *b)
{
	struct node *rest = node_make(b, b->root, COMIC_REMAINDERS);
	struct text groups;

	find_issue(n);
	find_volume(n);
	find_date(n);
	find_format(n);
	find_c2c(n);
	groups = take_groups(n, b);
	find_book(n);
	find_bare_year(n);
	if (n->issue.len == 0)
		find_bare_issue(n);
	find_publisher_token(n);
	assign_tokens(n, b, rest);
	node_add_item(b, rest, field_clean(b, groups));
	if (n->issue.len == 0)
		n->issue = n->volume;
}

void filename_read(struct builder *b, struct text base_name)
{
	struct name n = { .title_from = NOWHERE, .title_to = NOWHERE };
	struct text t = b->failed ? TEXT("") : text_repair(b->arena, base_name);
	char *clean = NULL;

	if (t.data != NULL) {
		n.ext = take_ext(&t);
		t = clean_cut(t, NAME_MAX_BYTES);
		clean = arena_alloc(b->arena, t.len + 1);
		n.left = arena_alloc(b->arena, t.len + 1);
	}
	if (clean == NULL || n.left == NULL) {
		b->failed = true;
		return;
	}
	clean_spelling(&n, clean, t);
	memcpy(n.left, n.whole.data, n.whole.len);
	parse(&n, b);
	if (!b->failed)
		put_all(b, &n);
}
