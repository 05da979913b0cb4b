// SPDX-License-Identifier: MIT
// filename_marked.c: what a file name says with marks; see filename_name.h.

#include "metadata/filename_name.h"

#include "metadata/filename_scan.h"
#include "metadata/format.h"

#include <string.h>

#define FORMAT_MOST 32 // bytes; no format word is as long

static struct text left(const struct name *n)
{
	return (struct text){ n->left, n->whole.len };
}

static size_t find_char(struct text t, size_t at, char c)
{
	const char *found = at < t.len ? memchr(t.data + at, c, t.len - at) : NULL;

	return found == NULL ? t.len : (size_t)(found - t.data);
}

// The next parenthesis of either kind.
static size_t find_paren(struct text t, size_t at)
{
	while (at < t.len && t.data[at] != '(' && t.data[at] != ')')
		at++;
	return at;
}

struct text name_as_written(const struct name *n, struct text part)
{
	return part.len == 0 ? TEXT("") :
			       (struct text){ n->whole.data + (part.data - n->left), part.len };
}

static void use_up(struct name *n, size_t at, size_t len)
{
	memset(n->left + at, '/', len);
}

void name_use_up(struct name *n, struct text part)
{
	use_up(n, (size_t)(part.data - n->left), part.len);
}

// The first match into *m; all matches are used up. False without any.
static bool take(struct name *n, const struct pattern *pattern, struct match *m)
{
	struct text t = left(n);
	bool found = false;

	*m = (struct match){ 0 };
	if ((n->kinds_seen & pattern->firsts) == 0 ||
	    (n->kinds_seen & pattern->needs) != pattern->needs)
		return false;
	for (size_t i = 0; i < n->start_count; i++) {
		size_t at = n->starts[i];
		struct match one = { 0 };
		size_t len = 0;

		if ((1U << n->kinds[i] & pattern->firsts) != 0)
			len = pattern->match(t, at, &one);
		if (len == 0)
			continue;
		if (!found)
			*m = (struct match){ name_as_written(n, one.first),
					     name_as_written(n, one.second),
					     name_as_written(n, one.third),
					     name_as_written(n, one.count) };
		found = true;
		use_up(n, at, len);
	}
	return found;
}

void name_title_after(struct name *n, struct text part)
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

// ---- issue, volume, date --------------------------------------------------------------

static void find_issue(struct name *n)
{
	struct match m;

	if (!take(n, &pattern_hash_issue, &m) && !take(n, &pattern_word_issue, &m) &&
	    !take(n, &pattern_volume_chapter, &m) && !take(n, &pattern_counted_issue, &m) &&
	    !take(n, &pattern_chapter, &m))
		return;
	n->issue = m.first;
	n->issue_count = m.count;
	n->volume = m.second;
	name_title_after(n, m.first);
}

static void find_volume(struct name *n)
{
	struct match m;

	if (!take(n, &pattern_volume, &m) && !take(n, &pattern_counted_volume, &m))
		return;
	name_title_after(n, m.first);
	n->volume = match_as_digits(m.first);
	n->volume_to = m.second;
	n->volume_count = m.count;
}

// Years in parentheses. Of two different ones the first is the volume, as in "(1957) #92 (1969)".
static void find_paren_years(struct name *n)
{
	struct match m;

	for (size_t at = find_char(left(n), 0, '('); at < n->whole.len;
	     at = find_char(left(n), at + 1, '(')) {
		size_t len = match_paren_year(left(n), at, &m);
		struct text year;

		if (len == 0)
			continue;
		year = name_as_written(n, m.first);
		if (n->year.len == 0) {
			n->year = year;
		} else if (n->volume.len == 0 && !text_equal(year, n->year)) {
			bool dated = n->month.len > 0;

			n->volume = dated ? year : n->year;
			n->year = dated ? n->year : year;
		}
		name_title_after(n, year);
		use_up(n, at, len);
	}
}

static void find_date(struct name *n)
{
	struct match m;

	if (take(n, &pattern_month_name, &m) || take(n, &pattern_numeric_date, &m)) {
		n->year = m.first;
		n->month = m.second;
		n->day = m.third;
		name_title_after(n, m.first);
		name_title_after(n, m.second);
	}
	find_paren_years(n);
}

// ---- what stands in parentheses --------------------------------------------------------

static bool has_letter(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (scan_is_word(t.data[i]) && !scan_is_digit(t.data[i]))
			return true;
	}
	return false;
}

// What says something of a scan but not who made it: "F2", "HD", "4 covers", "1920px", "fixed".
static bool is_scan_note(struct text group)
{
	static const char *const notes[] = { "c2c", "fixed", "noads", "repaired" };

	for (size_t i = 0; i < COMIC_COUNT(notes); i++) {
		if (text_equal_nocase(group, text_from(notes[i])))
			return true;
	}
	return group.len <= 2 || scan_is_digit(group.data[0]);
}

// The last group after `at` that is in words: "(digital) (4 covers) (Minutemen)", rather one
// that is no note. Its text in *scan; it is used up.
static bool take_last_group(struct name *n, size_t at, struct text *scan)
{
	struct text t = left(n);
	struct text best = TEXT("");
	size_t open = t.len;
	size_t close = t.len;

	for (at = find_char(t, at, '('); at < t.len; at = find_char(t, at + 1, '(')) {
		size_t end = find_paren(t, at + 1);
		struct text group = text_trim(scan_span(t, at + 1, end));

		if (end == t.len || t.data[end] == '(' || !has_letter(group) ||
		    (best.len > 0 && is_scan_note(group) && !is_scan_note(best)))
			continue;
		best = group;
		open = at;
		close = end;
	}
	if (open == t.len)
		return false;
	*scan = name_as_written(n, best);
	use_up(n, open, close + 1 - open);
	return true;
}

// "(digital-Minutemen)": the longest beginning that is a format word, and the rest.
static bool split_group(struct name *n, struct text group)
{
	for (size_t i = group.len < FORMAT_MOST ? group.len : FORMAT_MOST; i-- > 1;) {
		struct text format = { group.data, i };
		struct text scan = { group.data + i + 1, group.len - i - 1 };

		if (strchr("-/", group.data[i]) == NULL || !format_is_word(format))
			continue;
		scan = text_trim(scan);
		if (scan.len == 0)
			return false;
		n->format = name_as_written(n, text_trim(format));
		n->scan = name_as_written(n, scan);
		return true;
	}
	return false;
}

// A format and scan information, in one group or two; one without the other means nothing.
static void find_format(struct name *n)
{
	struct text t = left(n);

	for (size_t at = find_char(t, 0, '('); at < t.len; at = find_char(t, at + 1, '(')) {
		size_t end = find_paren(t, at + 1);
		struct text group = text_trim((struct text){ t.data + at + 1, end - at - 1 });
		bool is_format = format_is_word(group);

		if (end == t.len)
			return;
		if (is_format && take_last_group(n, end, &n->scan)) {
			n->format = name_as_written(n, group);
			use_up(n, at, end - at + (t.data[end] == ')'));
		} else if (!is_format && t.data[end] == ')' && split_group(n, group)) {
			use_up(n, at, end + 1 - at);
			if (is_scan_note(n->scan)) // (Digital-HD) (Minutemen)
				(void)take_last_group(n, end, &n->scan);
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

	if (!take(n, &pattern_c2c, &m))
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

// The year that ends a text like "FCBD 2021", "Winter 1942-43".
static struct text year_at_end(struct text t)
{
	size_t at = t.len;

	while (at > 0 && t.data[at - 1] != ' ')
		at--;
	if (!match_is_year(t, at) ||
	    (t.len != at + 4 && (t.len != at + 7 || t.data[at + 4] != '-')))
		return TEXT("");
	return (struct text){ t.data + at, 4 };
}

// The publisher and the year that stand in a group, divided by commas: "(Image, 2012)". True if
// it says nothing else.
static bool read_group(struct name *n, struct text group)
{
	bool known = true;
	size_t at = 0;

	while (at < group.len) {
		size_t comma = find_char(group, at, ',');
		struct text part = text_trim(scan_span(group, at, comma));
		struct text year = year_at_end(part);

		if (n->publisher.len == 0 && publisher_find_group(part) != NULL) {
			n->publisher = name_as_written(n, part);
		} else {
			known = known && year.len == part.len;
			if (n->year.len == 0 && year.len > 0) {
				n->year = name_as_written(n, year);
				name_title_after(n, n->year);
			}
		}
		at = comma + 1;
	}
	return known;
}

// What is still in parentheses, as one text, but for what read_group() knows.
static struct text take_groups(struct name *n, struct builder *b)
{
	struct text t = left(n);
	size_t at = find_char(t, 0, '(');
	char *out = NULL;
	size_t len = 0;

	if (at == t.len)
		return TEXT("");
	out = arena_alloc(b->arena, 2 * t.len); // "(a)(b)" gets a space between
	if (out == NULL) {
		b->failed = true;
		return TEXT("");
	}
	for (; at < t.len; at = find_char(t, at + 1, '(')) {
		size_t end = group_end(t, at);
		struct text group;

		if (end - at < 2 || t.data[end - 1] != ')')
			break;
		group = (struct text){ t.data + at, end - at };
		if (group.data[1] == '(' && group_end(group, 1) == group.len - 1) // "[(x)]"
			group = (struct text){ group.data + 1, group.len - 2 };
		if (!read_group(n, text_trim(scan_span(group, 1, group.len - 1))) &&
		    find_char(group, 0, '/') == group.len) {
			if (len > 0)
				out[len++] = ' ';
			memcpy(out + len, group.data, group.len);
			len += group.len;
		}
		use_up(n, at, end - at);
	}
	return (struct text){ out, len };
}

void name_take_marked(struct name *n, struct builder *b)
{
	find_issue(n);
	find_volume(n);
	find_date(n);
	find_format(n);
	find_c2c(n);
	n->groups = take_groups(n, b);
}
