// SPDX-License-Identifier: MIT
// filename_tokens.c: what a file name says without marks; see filename_name.h.

#include "metadata/filename_name.h"

#include "metadata/field.h"
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
	struct match m;

	for (size_t i = 0; n->volume.len == 0 && i < n->start_count; i++) {
		struct text found = { n->left + n->starts[i], 0 };

		found.len = match_book((struct text){ n->left, n->whole.len }, n->starts[i], &m);
		if (found.len == 0)
			continue;
		n->volume = name_as_written(n, m.first);
		n->title = name_as_written(n, found);
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

// "Foo 2001" before something else. At the end of the name it is an issue: "action comics 1024".
static void find_year(struct name *n)
{
	for (size_t i = 0; n->year.len == 0 && i < n->token_count; i++) {
		struct text *token = &n->tokens[i];
		size_t word = last_word(*token);

		if (word == 0 || token->len != word + 4 || !match_is_year(*token, word) ||
		    ends_name(n, *token))
			continue;
		n->year = name_as_written(n, (struct text){ token->data + word, 4 });
		name_title_after(n, n->year);
		token->len = text_trim((struct text){ token->data, word }).len;
	}
}

// A number as the last word of a token. Alone it is one only behind a series, or as "001".
static struct text issue_at_end(const struct name *n, size_t i)
{
	struct text token = n->tokens[i];
	size_t word = last_word(token);

	if (token.len == 0 || match_plain_issue(token, word) != token.len)
		return TEXT("");
	if (word == 0 && i == 0 && (token.data[0] != '0' || n->token_count == 1))
		return TEXT("");
	return (struct text){ token.data + word, token.len - word };
}

// A number as the first word of a token. At the start of the name many series have one ("100
// Bullets"): there it must look like an issue, "01 Foo" or "1 - Foo".
static struct text issue_at_start(const struct name *n, size_t i)
{
	struct text token = n->tokens[i];
	size_t end = match_plain_issue(token, 0);
	size_t next = end;

	while (next < token.len && (token.data[next] == ' ' || token.data[next] == '.'))
		next++;
	if (end == 0 || next == token.len || (next == end && token.data[end] != '-'))
		return TEXT("");
	if (i == 0 && token.data[0] != '0' && token.data[next] != '-' && token.data[end] != '.')
		return TEXT("");
	return (struct text){ token.data, end };
}

static bool take_issue(struct name *n, size_t i, struct text issue)
{
	struct text *token = &n->tokens[i];
	struct text written = name_as_written(n, issue);

	if (issue.len == 0 || text_equal(written, n->year))
		return false;
	n->issue = written;
	name_title_after(n, written);
	token->len -= issue.len;
	if (issue.data == token->data) {
		token->data += issue.len;
		while (token->len > 0 && token->data[0] == '.') { // "2. Foo"
			token->data++;
			token->len--;
		}
	}
	*token = text_trim(*token);
	return true;
}

static void find_issue(struct name *n)
{
	for (size_t i = 0; n->issue.len == 0 && i < n->token_count; i++)
		(void)take_issue(n, i, issue_at_end(n, i));
	for (size_t i = 0; n->issue.len == 0 && i < n->token_count; i++)
		(void)take_issue(n, i, issue_at_start(n, i));
}

// ---- words ----------------------------------------------------------------------------------

// Without what may stand around a series or title.
static struct text trim_marks(struct text t)
{
	static const char marks[] = "() -,'\"";

	while (t.len > 0 && memchr(marks, t.data[0], sizeof(marks) - 1) != NULL) {
		t.data++;
		t.len--;
	}
	while (t.len > 0 && memchr(marks, t.data[t.len - 1], sizeof(marks) - 1) != NULL)
		t.len--;
	return t;
}

// A token that is a publisher is used up; the word inside a token stays part of it.
static void find_publisher(struct name *n)
{
	for (size_t i = 0; n->publisher.len == 0 && n->token_count > 1 && i < n->token_count; i++) {
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

// The first token is the series, the next the title; rest gets what is neither.
static void assign_words(struct name *n, struct builder *b, struct node *rest)
{
	for (size_t i = 0; i < n->token_count; i++) {
		struct text token = n->tokens[i];
		struct text words = name_as_written(n, trim_marks(token));

		if (token.len == 0)
			continue;
		if (n->series.len == 0 && words.len > 0)
			n->series = words;
		else if (is_title(n, token) && n->format.len == 0 && format_is_word(words))
			n->format = words;
		else if (is_title(n, token))
			n->title = words;
		else if (rest != NULL)
			node_add_item(b, rest, field_clean(b, name_as_written(n, token)));
	}
}

void name_take_tokens(struct name *n, struct builder *b, struct node *rest)
{
	find_book(n);
	split_tokens(n);
	find_year(n);
	find_issue(n);
	find_publisher(n);
	assign_words(n, b, rest);
}
