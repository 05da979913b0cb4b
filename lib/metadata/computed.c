// SPDX-License-Identifier: MIT
// computed.c: see computed.h.

#include "metadata/computed.h"

#include "metadata/clean.h"
#include "metadata/date.h"
#include "metadata/format.h"
#include "metadata/identifier.h"
#include "metadata/issue.h"
#include "metadata/merge.h"
#include "metadata/notes.h"

#include <stdio.h>
#include <string.h>

#define REPRINTS_MAX 100 // each is compared with each; longer lists stay as they are

// The name of an issue that has only its parts: 43.5 and AU make 43.5AU.
static struct text join_issue(struct builder *b, const struct node *issue)
{
	const struct node *number = node_get(issue, ISSUE_NUMBER);
	struct text suffix = node_text(issue, ISSUE_SUFFIX);
	int64_t value = number == NULL ? 0 : number->u.integer;
	char name[256] = "";
	size_t len = 0;

	if (number != NULL) {
		int64_t rest = value < 0 ? -value % 100 : value % 100;
		const char *sign = value < 0 && value > -100 ? "-" : "";

		(void)snprintf(name, sizeof(name), "%s%lld.%02d", sign, (long long)(value / 100),
			       (int)rest);
		len = strlen(name);
		len -= rest == 0 ? 3 : rest % 10 == 0;
	}
	suffix = clean_cut(suffix, sizeof(name) - 1 - len);
	memcpy(name + len, suffix.data, suffix.len);
	name[len + suffix.len] = '\0';
	return builder_copy(b, name);
}

static void split_issue(struct builder *b, enum comic_key key)
{
	struct node *issue = node_get(b->root, key);
	struct text name = node_text(issue, ISSUE_NAME);
	struct issue_parts parts;

	if (name.len == 0) {
		if (issue != NULL && !node_is_empty(issue))
			node_set_text(b, issue, ISSUE_NAME, join_issue(b, issue));
		return;
	}
	issue_parse(name, &parts);
	if (parts.has_number)
		node_put_integer(b, issue, ISSUE_NUMBER, parts.hundredths);
	node_put_text(b, issue, ISSUE_SUFFIX, parts.suffix);
}

// ---- identifiers ----------------------------------------------------------------------------

static bool has_digit(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.data[i] >= '0' && t.data[i] <= '9')
			return true;
	}
	return false;
}

// Taggers put identifiers among the tags: "urn:metron:9999", "CVDB1234". The tag stays.
static void mine_names(struct builder *b, enum comic_key key)
{
	struct identifier id;

	for (const struct node *n = node_first(node_get(b->root, key)); n != NULL; n = n->next) {
		if (has_digit(n->name) && identifier_parse(n->name, &id) && has_digit(id.key))
			identifier_put(b, &id);
	}
}

static void make_urls(struct builder *b, struct node *identifiers, enum identifier_type type)
{
	for (struct node *n = node_first(identifiers); n != NULL; n = n->next) {
		struct identifier id = { n->name, type, node_text(n, IDENTIFIER_KEY), TEXT("") };

		if (node_get(n, IDENTIFIER_URL) != NULL)
			continue;
		id.url = identifier_url(b->arena, &id);
		if (id.url.data == NULL)
			b->failed = true;
		else
			node_set_text(b, n, IDENTIFIER_URL, id.url);
	}
}

// Where identifiers stand in the members of a list, and what they are of.
static const struct {
	enum comic_key key;
	unsigned int identifiers;
	enum identifier_type type;
} identified[] = {
	{ COMIC_STORIES, NAMED_IDENTIFIERS, IDENTIFIER_STORY },
	{ COMIC_ARCS, ARC_IDENTIFIERS, IDENTIFIER_ARC },
	{ COMIC_CREDITS, CREDIT_IDENTIFIERS, IDENTIFIER_CREATOR },
	{ COMIC_CHARACTERS, NAMED_IDENTIFIERS, IDENTIFIER_CHARACTER },
	{ COMIC_TEAMS, NAMED_IDENTIFIERS, IDENTIFIER_TEAM },
	{ COMIC_LOCATIONS, NAMED_IDENTIFIERS, IDENTIFIER_LOCATION },
	{ COMIC_GENRES, NAMED_IDENTIFIERS, IDENTIFIER_GENRE },
	{ COMIC_TAGS, NAMED_IDENTIFIERS, IDENTIFIER_TAG },
	{ COMIC_UNIVERSES, UNIVERSE_IDENTIFIERS, IDENTIFIER_UNIVERSE },
	{ COMIC_REPRINTS, REPRINT_IDENTIFIERS, IDENTIFIER_REPRINT },
};

static void make_all_urls(struct builder *b)
{
	make_urls(b, node_get(b->root, COMIC_IDENTIFIERS), IDENTIFIER_ISSUE);
	make_urls(b, node_get(node_get(b->root, COMIC_SERIES), SERIES_IDENTIFIERS),
		  IDENTIFIER_SERIES);
	make_urls(b, node_get(node_get(b->root, COMIC_PUBLISHER), PUBLISHER_IDENTIFIERS),
		  IDENTIFIER_PUBLISHER);
	make_urls(b, node_get(node_get(b->root, COMIC_IMPRINT), PUBLISHER_IDENTIFIERS),
		  IDENTIFIER_IMPRINT);
	for (size_t i = 0; i < COMIC_COUNT(identified); i++) {
		const struct node *n = node_first(node_get(b->root, identified[i].key));

		for (; n != NULL; n = n->next)
			make_urls(b, node_get(n, identified[i].identifiers), identified[i].type);
	}
}

// ---- dates ----------------------------------------------------------------------------------

static int64_t integer(const struct node *map, unsigned int key)
{
	const struct node *n = node_get(map, key);

	return n == NULL ? 0 : n->u.integer;
}

// Year, month and day make the cover date; without all three the cover date makes them.
static void join_date(struct builder *b)
{
	struct node *map = node_get(b->root, COMIC_DATE);
	int64_t year = integer(map, DATE_YEAR);
	int64_t month = integer(map, DATE_MONTH);
	int64_t day = integer(map, DATE_DAY);
	char text[DATE_TEXT];
	struct date cover;

	if (map == NULL)
		return;
	if (year > 0 && month > 0 && day > 0) {
		node_remove(map, DATE_COVER_DATE);
		if (date_exists(year, month, day))
			node_set_text(b, map, DATE_COVER_DATE,
				      builder_copy(b, date_format(year, month, day, text)));
		else
			builder_warn(b, "%lld-%02d-%02d is no date", (long long)year, (int)month,
				     (int)day);
	} else if (date_parse(node_text(map, DATE_COVER_DATE), &cover) && cover.day > 0) {
		node_set_integer(b, map, DATE_YEAR, cover.year);
		node_set_integer(b, map, DATE_MONTH, cover.month);
		node_set_integer(b, map, DATE_DAY, cover.day);
	}
}

// ---- title and stories ------------------------------------------------------------------------

static void add_stories(struct builder *b, struct text title)
{
	struct node *stories = node_make(b, b->root, COMIC_STORIES);

	while (title.len > 0) {
		const char *end = memchr(title.data, ';', title.len);
		size_t len = end == NULL ? title.len : (size_t)(end - title.data);

		(void)node_add(b, stories, text_trim((struct text){ title.data, len }));
		len += len < title.len;
		title.data += len;
		title.len -= len;
	}
}

static struct text join_names(struct builder *b, const struct node *names)
{
	size_t len = 0;
	char *out = NULL;

	for (const struct node *n = names->u.list.first; n != NULL; n = n->next)
		len += n->name.len + 2;
	out = arena_alloc(b->arena, len + 1);
	if (out == NULL) {
		b->failed = true;
		return TEXT("");
	}
	len = 0;
	for (const struct node *n = names->u.list.first; n != NULL; n = n->next) {
		memcpy(out + len, n->name.data, n->name.len);
		memcpy(out + len + n->name.len, "; ", 2);
		len += n->name.len + 2;
	}
	return clean_cut((struct text){ out, len - 2 }, CLEAN_NAME_MAX);
}

// The stories that documents name make the title, and the title names stories. One from the file
// name is a guess: it becomes a story only when nothing else names one.
static void join_title(struct builder *b)
{
	struct node *title = node_get(b->root, COMIC_TITLE);
	struct node *stories = node_get(b->root, COMIC_STORIES);
	bool has_stories = node_first(stories) != NULL;
	struct text named = title == NULL ? TEXT("") : title->u.text;
	bool guessed = title != NULL && title->source == SOURCE_FILENAME;

	if (has_stories)
		node_set_text(b, b->root, COMIC_TITLE, join_names(b, stories));
	if (named.len > 0 && !(has_stories && guessed))
		add_stories(b, named);
}

// ---- reprints -------------------------------------------------------------------------------

static bool equal_values(const struct node *a, const struct node *b)
{
	if (a->shape == META_TEXT)
		return text_equal_nocase(a->u.text, b->u.text);
	return a->u.integer == b->u.integer;
}

// False when the two maps say different things; *shared counts what both say.
static bool agree(const struct node *a, const struct node *b, size_t *shared)
{
	for (size_t i = 0; a->u.slots != NULL && b->u.slots != NULL && a->fields[i].key != NULL;
	     i++) {
		const struct node *left = a->u.slots[i];
		const struct node *right = b->u.slots[i];

		if (left == NULL || right == NULL || left->shape == META_NAMES)
			continue;
		if (left->shape == META_MAP ? !agree(left, right, shared) :
					      !equal_values(left, right))
			return false;
		*shared += left->shape != META_MAP;
	}
	return true;
}

// Sources tell of the same reprint with more or less detail: those that agree become one.
static void join_reprints(struct builder *b)
{
	struct node *list = node_get(b->root, COMIC_REPRINTS);

	if (list == NULL || list->u.list.count > REPRINTS_MAX)
		return;
	for (struct node *n = list->u.list.first; n != NULL; n = n->next) {
		struct node *before = n;

		while (before->next != NULL) {
			struct node *other = before->next;
			size_t shared = 0;

			if (!agree(n, other, &shared) || shared == 0) {
				before = other;
				continue;
			}
			before->next = other->next;
			if (list->u.list.last == other)
				list->u.list.last = before;
			list->u.list.count--;
			merge_nodes(b, n, other);
		}
	}
}

// ---- the rest -------------------------------------------------------------------------------

// "(digital)" in the scan information, when nothing gives the format.
static void find_format(struct builder *b)
{
	struct text scan = node_text(b->root, COMIC_SCAN_INFO);
	const char *open = scan.len == 0 ? NULL : memchr(scan.data, '(', scan.len);

	if (node_get(b->root, COMIC_ORIGINAL_FORMAT) != NULL)
		return;
	while (open != NULL) {
		size_t left = scan.len - (size_t)(open - scan.data) - 1;
		const char *close = memchr(open + 1, ')', left);
		struct text word = { open + 1, close == NULL ? 0 : (size_t)(close - open) - 1 };

		if (close == NULL)
			return;
		if (format_is_word(word)) {
			word = format_canonical(b->arena, text_trim(word));
			b->failed = b->failed || word.data == NULL;
			node_put_text(b, b->root, COMIC_ORIGINAL_FORMAT, word);
			return;
		}
		open = memchr(open + 1, '(', left);
	}
}

// Japanese order is said in two ways, and either may say the other.
static void set_direction(struct builder *b)
{
	if (text_is(node_text(b->root, COMIC_MANGA), "Yes") &&
	    text_is(node_text(b->root, COMIC_READING_DIRECTION), "rtl"))
		node_set_text(b, b->root, COMIC_MANGA, TEXT("YesAndRightToLeft"));
	if (text_is(node_text(b->root, COMIC_MANGA), "YesAndRightToLeft"))
		node_put_text(b, b->root, COMIC_READING_DIRECTION, TEXT("rtl"));
}

void computed_add(struct builder *b)
{
	notes_mine(b);
	split_issue(b, COMIC_ISSUE);
	split_issue(b, COMIC_ALTERNATIVE_ISSUE);
	mine_names(b, COMIC_TAGS);
	mine_names(b, COMIC_GENRES);
	make_all_urls(b);
	join_date(b);
	join_title(b);
	join_reprints(b);
	find_format(b);
	set_direction(b);
}
