// SPDX-License-Identifier: MIT
// filename_tokens.c: what a file name says without marks; see filename_name.h.

#include "metadata/filename_name.h"

#include "metadata/field.h"
#include "metadata/filename_scan.h"
#include "metadata/format.h"

#include <string.h>

static size_t place(const struct name *n, struct text part)
{
	return (size_t)(part.data - n->left);
}

// What is left, cut at the places that are used up.
static void split_tokens(struct name *n)
{
	size_t at = 0;

	n->token_count = 0;
	while (at < n->whole.len && n->token_count < FILENAME_TOKENS_MAX) {
		const char *end = memchr(n->left + at, '/', n->whole.len - at);
		size_t len = end == NULL ? n->whole.len - at : (size_t)(end - n->left) - at;
		struct text token = text_trim((struct text){ n->left + at, len });

		if (token.len > 0)
			n->tokens[n->token_count++] = token;
		at += len + 1;
	}
}

// ---- numbers without a mark ---------------------------------------------------------------------

static void find_book(struct name *n)
{
	struct text t = { n->left, n->whole.len };
	struct match m;

	if (n->volume.len > 0 || (n->kinds_seen & pattern_book.firsts) == 0)
		return;
	for (size_t i = 0; n->volume.len == 0 && i < n->start_count; i++) {
		struct text found = { n->left + n->starts[i], 0 };

		found.len = pattern_book.match(t, n->starts[i], &m);
		if (found.len == 0)
			continue;
		n->volume = match_as_digits(name_as_written(n, m.first));
		n->part = name_as_written(n, found);
		name_title_after(n, n->part);
		name_use_up(n, found);
	}
}

static size_t last_word(struct text token)
{
	size_t at = token.len;

	while (at > 0 && token.data[at - 1] != ' ')
		at--;
	return at;
}

// Nothing was used up behind the token.
static bool ends_name(const struct name *n, struct text token)
{
	size_t end = place(n, token) + token.len;

	return text_trim((struct text){ n->left + end, n->whole.len - end }).len == 0;
}

// "Annual 1995": where the number is the year even at the end of the name.
static bool is_yearly(struct text before)
{
	static const char *const words[] = { "annual", "special", "yearbook", "fcbd",
					     "free comic book day" };

	for (size_t i = 0; i < COMIC_COUNT(words); i++) {
		if (match_ends_with(before, words[i]))
			return true;
	}
	return false;
}

// " - " at a place
static bool begins_dash(struct text t, size_t at)
{
	size_t dash = scan_spaces(t, at);
	size_t used = scan_dash(t, dash);

	return dash > at && used > 0 && scan_byte(t, dash + used) == ' ';
}

static bool begins_format(struct text t)
{
	const char *gap = memchr(t.data, ' ', t.len);

	return format_is_word(gap == NULL ? t : (struct text){ t.data, (size_t)(gap - t.data) });
}

// Where the year stands in a token, token.len if there is none. "Foo 2001" has one before
// something else; at the end of the name it is an issue: "action comics 1024".
static size_t find_bare_year(const struct name *n, size_t i)
{
	struct text token = n->tokens[i];
	size_t word = last_word(token);
	struct text after = text_trim(scan_span(token, token.len < 4 ? token.len : 4, token.len));

	if (word > 0 && token.len == word + 4 && match_is_likely_year(token, word) &&
	    (!ends_name(n, token) || is_yearly(scan_span(token, 0, word))))
		return word;
	if (!match_is_likely_year(token, 0) || scan_is_word_at(token, 4))
		return token.len;
	if (begins_dash(token, 4) || (i > 0 && (after.len == 0 || begins_format(after))))
		return 0;
	return token.len;
}

static void find_year(struct name *n)
{
	for (size_t i = 0; n->year.len == 0 && i < n->token_count; i++) {
		struct text *token = &n->tokens[i];
		size_t at = find_bare_year(n, i);

		if (at == token->len)
			continue;
		n->year = name_as_written(n, scan_span(*token, at, at + 4));
		name_title_after(n, n->year);
		*token = text_trim(at > 0 ? scan_span(*token, 0, at) :
					    scan_span(*token, 4, token->len));
	}
}

// How sure it is that a number is the issue: the least is taken, the first of equal ones.
enum rank {
	RANK_ALONE, // 001, a token of its own
	RANK_END, // 001 at the end of a token
	RANK_ALONE_PLAIN, // 1, a token of its own
	RANK_DASHED, // 001 before " - "
	RANK_INNER, // 001 before a word
	RANK_END_PLAIN, // 1 at the end
	RANK_END_LONG, // 1024 at the end
	RANK_INNER_PLAIN, // 1 before " - "
	RANK_START, // 1 before a word, in a token that does not begin the name
	RANK_PART, // Part 2
	RANK_NONE
};

struct number {
	enum rank rank;
	size_t token;
	struct text text; // in the token
};

static bool has_word(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (scan_is_word_at(t, i))
			return true;
		if (scan_is_punctuation(t, i))
			i += 2;
	}
	return false;
}

// "2 of" 3
static bool follows_count(struct text before)
{
	struct text number = text_trim(before);

	if (!match_ends_with(before, "of"))
		return false;
	number = text_trim(scan_span(number, 0, number.len - 2));
	return number.len > 0 && scan_is_digit(number.data[number.len - 1]);
}

// What a number is that stands behind nothing but marks, in a token that other things precede.
static enum rank rank_behind(struct text token, struct text number, bool at_end)
{
	size_t end = (size_t)(number.data + number.len - token.data);
	bool padded = number.data[0] == '0';

	if (at_end && number.len == token.len)
		return padded ? RANK_ALONE : RANK_ALONE_PLAIN;
	if (padded || (begins_dash(token, end) && number.data == token.data))
		return RANK_DASHED;
	return at_end || begins_dash(token, end) ? RANK_END_PLAIN : RANK_START;
}

// The same at the start of the name. Many series begin with a number ("100 Bullets"): it must
// look like an issue, "01 Foo" or "1 - Foo" or "1. Foo".
static enum rank rank_at_start(const struct name *n, struct text token, struct text number)
{
	size_t end = (size_t)(number.data + number.len - token.data);
	bool at_end = !has_word(scan_span(token, end, token.len));

	if (number.data[0] == '0' && (!at_end || n->token_count > 1 || n->volume.len > 0))
		return RANK_INNER;
	if (at_end || !(begins_dash(token, end) || scan_byte(token, end) == '.'))
		return RANK_NONE;
	return RANK_START;
}

static enum rank rank_of(const struct name *n, const struct number *number)
{
	struct text token = n->tokens[number->token];
	size_t at = (size_t)(number->text.data - token.data);
	size_t end = at + number->text.len;
	struct text before = scan_span(token, 0, at);
	struct text after = text_trim(scan_span(token, end, token.len));
	bool at_end = !has_word(after) || publisher_find(after) != NULL || format_is_word(after) ||
		      match_is_likely_year(after, 0);
	bool padded = number->text.data[0] == '0' && number->text.len > 1;

	if (text_equal(name_as_written(n, number->text), n->year))
		return RANK_NONE;
	if (!has_word(before) && (number->token > 0 || (place(n, token) > 0 && n->volume.len > 0)))
		return rank_behind(token, number->text, at_end);
	if (!has_word(before))
		return rank_at_start(n, token, number->text);
	if (follows_count(before) || text_equal_nocase(text_trim(before), TEXT("no.")))
		return RANK_NONE; // "2 of 3", and "No. 6", which begins a name
	if (match_follows_part(before))
		return at_end ? RANK_PART : RANK_NONE;
	if (padded)
		return at_end ? RANK_END : begins_dash(token, end) ? RANK_DASHED : RANK_INNER;
	if (at_end)
		return scan_digits(number->text, 0) > 3 ? RANK_END_LONG : RANK_END_PLAIN;
	return begins_dash(token, end) && scan_digits(number->text, 0) < 4 ? RANK_INNER_PLAIN :
									     RANK_NONE;
}

// Directly behind something used up, as in "V1-067", a "-" only divides.
static bool divides(const struct name *n, struct text token, size_t at)
{
	size_t before = place(n, token);

	return at == 0 && before > 0 && n->left[before - 1] == '/' && token.data[0] == '-';
}

// The number that ends a word, behind a "-" and with a 0: Saga-001, but 2020-01 is none.
static struct text number_behind_dash(struct text token, size_t at, size_t end)
{
	size_t dash = end;

	while (dash > at && token.data[dash - 1] != '-')
		dash--;
	if (dash < at + 2 || scan_byte(token, dash) != '0' ||
	    scan_is_digit(token.data[dash - 2]) || match_plain_issue(token, dash) != end ||
	    has_word(scan_span(token, end, token.len)))
		return TEXT("");
	return scan_span(token, dash, end);
}

// The number that a word of a token is, or holds: 12, 12., -067 behind a mark, 01-Foo, Saga-001.
static struct text number_in(const struct name *n, struct text token, size_t at, size_t end)
{
	size_t p = match_plain_issue(token, at);

	if (p > at && divides(n, token, at))
		at++;
	if (p > at && (p >= end || (p + 1 == end && strchr(".,", token.data[p]) != NULL) ||
		       (p + 3 == end && scan_is_punctuation(token, p))))
		return scan_span(token, at, p);
	if (p == at + 2 && token.data[at] == '0' && token.data[p] == '-')
		return scan_span(token, at, p);
	return number_behind_dash(token, at, end);
}

static struct number best_number(const struct name *n)
{
	struct number best = { .rank = RANK_NONE };

	for (size_t i = 0; i < n->token_count; i++) {
		struct text token = n->tokens[i];
		size_t end = 0;

		for (size_t at = 0; at < token.len; at = end + 1) {
			struct number one = { .token = i };
			size_t word = 0;

			end = at;
			while (end < token.len && token.data[end] != ' ')
				end++;
			word = end;
			while (word > at + 1 && token.data[word - 1] == '-') // "Foo-001-"
				word--;
			one.text = number_in(n, token, at, word);
			if (one.text.len == 0)
				continue;
			one.rank = rank_of(n, &one);
			if (one.rank < best.rank)
				best = one;
		}
	}
	return best;
}

// Makes two tokens of one, without the number between them.
static void split_at_number(struct name *n, const struct number *number)
{
	struct text *token = &n->tokens[number->token];
	size_t at = (size_t)(number->text.data - token->data);
	size_t end = at + number->text.len;
	size_t next = end + (scan_byte(*token, end) == '.'); // "2. Foo"
	struct text before = text_trim(scan_span(*token, 0, at));
	struct text after = text_trim(scan_span(*token, next, token->len));
	size_t last = n->token_count;

	if (number->rank == RANK_PART) {
		size_t part = last_word(before);

		n->part = name_as_written(n, scan_span(*token, part, end));
		before = text_trim(scan_span(before, 0, part));
	}
	if (number->token > 0 && text_equal_nocase(before, TEXT("no")))
		before = TEXT(""); // "Vol 1 No 1"
	if (match_ends_with(before, "episode") || match_ends_with(before, "ep") ||
	    match_ends_with(before, "ep."))
		before = text_trim(scan_span(before, 0, last_word(before)));
	*token = has_word(before) ? before : TEXT("");
	if (!has_word(after))
		return;
	if (token->len == 0) {
		*token = after;
	} else if (last < FILENAME_TOKENS_MAX) {
		memmove(token + 2, token + 1, (last - number->token - 1) * sizeof(*token));
		token[1] = after;
		n->token_count++;
	}
}

static void find_issue(struct name *n)
{
	// "008 - Title 03 (of 06)": what counts there are volumes.
	bool counted = n->issue_count.len > 0 && n->volume.len == 0;
	struct number best = { .rank = RANK_NONE };

	if (n->issue.len == 0 || counted)
		best = best_number(n);
	if (best.rank == RANK_NONE || (counted && best.rank != RANK_DASHED))
		return;
	if (counted) {
		n->volume = n->issue;
		n->volume_count = n->issue_count;
		n->issue_count.len = 0;
	}
	n->issue = name_as_written(n, best.text);
	name_title_after(n, n->issue);
	split_at_number(n, &best);
}

// ---- words ----------------------------------------------------------------------------------

// The bytes of a mark that may stand around a series or title, 0 if there is none.
static size_t mark_at(struct text t, size_t at)
{
	if (at < t.len && strchr("() -,'\"", t.data[at]) != NULL)
		return 1;
	if (!scan_is_punctuation(t, at) || ((uint8_t)scan_byte(t, at + 2) & 0xF0U) != 0x90)
		return 0;
	return 3; // U+2010 to U+201F: dashes and quotes
}

static size_t mark_at_end(struct text t)
{
	if (t.len > 0 && mark_at(t, t.len - 1) == 1)
		return 1;
	return t.len > 3 && mark_at(t, t.len - 3) == 3 ? 3 : 0;
}

// Without such marks; but "'68" keeps its first.
static struct text trim_marks(struct text t)
{
	while (mark_at(t, 0) > 0 &&
	       !(t.data[0] == '\'' && scan_is_digit(scan_byte(t, 1))))
		t = scan_span(t, mark_at(t, 0), t.len);
	while (mark_at_end(t) > 0)
		t.len -= mark_at_end(t);
	return t;
}

// A token that is a publisher is used up, unless the name begins with it: then it is the series.
// The word inside a token stays part of it.
static void find_publisher(struct name *n)
{
	for (size_t i = 1; n->publisher.len == 0 && i < n->token_count; i++) {
		n->publisher = text_from(publisher_find(trim_marks(n->tokens[i])));
		if (n->publisher.len > 0)
			n->tokens[i].len = 0;
	}
	for (size_t i = 0; n->publisher.len == 0 && i < n->token_count; i++)
		n->publisher = text_from(publisher_find_word(n->tokens[i]));
}

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

// "v1 Annual #1": annuals are a series of their own, as in "Annual v1 #1".
static bool is_annual(const struct name *n, struct text words)
{
	return text_equal_nocase(words, TEXT("annual")) && n->issue.data > words.data &&
	       n->issue.data < n->whole.data + n->whole.len;
}

static void add_to_series(struct name *n, struct builder *b, struct text words)
{
	size_t len = n->series.len;
	char *out = arena_alloc(b->arena, len + 1 + words.len);

	if (out == NULL) {
		b->failed = true;
		return;
	}
	memcpy(out, n->series.data, len);
	out[len] = ' ';
	memcpy(out + len + 1, words.data, words.len);
	n->series = (struct text){ out, len + 1 + words.len };
}

// "digital Minutemen" where points divide the words and parentheses are missing.
static bool take_scene_words(struct name *n, struct text words)
{
	const char *gap = memchr(words.data, ' ', words.len);
	size_t len = gap == NULL ? 0 : (size_t)(gap - words.data);

	if (!n->dotted || n->format.len > 0 || n->scan.len > 0 ||
	    !format_is_word(scan_span(words, 0, len)))
		return false;
	n->format = scan_span(words, 0, len);
	n->scan = scan_span(words, len + 1, words.len);
	return true;
}

// Of "Foo Part 2 (of 3)" the series is Foo.
static struct text without_part(const struct name *n, struct text words)
{
	if (n->issue_count.len == 0 || !match_follows_part(words))
		return words;
	return text_trim(scan_span(words, 0, last_word(words)));
}

// The first token is the series, the next the title; rest gets what is neither.
static void assign_words(struct name *n, struct builder *b, struct node *rest)
{
	for (size_t i = 0; i < n->token_count; i++) {
		struct text token = n->tokens[i];
		struct text words = name_as_written(n, trim_marks(token));

		if (token.len == 0)
			continue;
		if (n->series.len == 0 && words.len > 0)
			n->series = without_part(n, words);
		else if (n->series.len > 0 && is_annual(n, words))
			add_to_series(n, b, words);
		else if (is_title(n, token) && n->format.len == 0 && format_is_word(words))
			n->format = words;
		else if (!is_title(n, token) && rest != NULL)
			node_add_item(b, rest, field_clean(b, name_as_written(n, token)));
		else if (is_title(n, token) && !take_scene_words(n, words))
			n->title = words;
	}
	if (n->title.len == 0)
		n->title = n->part;
}

void name_take_tokens(struct name *n, struct builder *b, struct node *rest)
{
	find_book(n);
	split_tokens(n);
	find_year(n);
	find_issue(n);
	find_year(n);
	find_publisher(n);
	assign_words(n, b, rest);
}
