// SPDX-License-Identifier: MIT
// filename_name.h: a file name on its way through the steps of filename.c.
#ifndef COMIC_FILENAME_NAME_H
#define COMIC_FILENAME_NAME_H

#include "metadata/filename_match.h"
#include "metadata/model.h"

#define FILENAME_MAX_BYTES ((size_t)1024) // longer names are cut
#define FILENAME_TOKENS_MAX 64
#define NOWHERE SIZE_MAX

struct name {
	struct text whole; // cleaned
	char *left; // the same, but "/" where a step has used it up
	uint16_t starts[FILENAME_MAX_BYTES]; // where a pattern may begin: at a mark or a word
	uint8_t kinds[FILENAME_MAX_BYTES]; // match_kind() of each
	size_t start_count;
	uint32_t kinds_seen; // 1 << kind of each
	bool dotted; // its spaces are points: "Foo.001.digital"
	size_t colon; // where a ":" stood
	size_t title_from; // a title stands after this place,
	size_t title_to; // and before that one
	struct text tokens[FILENAME_TOKENS_MAX]; // what is left, in pieces; emptied when used up
	size_t token_count;
	// What was found, as written in `whole`; empty if not.
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
	struct text part; // "Book 3", "Part 2": the title if there is no other
	struct text groups; // what stood in parentheses and meant nothing
};

// A part of what is left, as the name has it: steps overwrite what they use up.
struct text name_as_written(const struct name *n, struct text part);
// Takes a part out of what is left.
void name_use_up(struct name *n, struct text part);
// A title stands after this part, which is as written.
void name_title_after(struct name *n, struct text part);

// Steps 2 to 6: what has a mark of its own (#1, v2, 2001-02-24, parentheses).
void name_take_marked(struct name *n, struct builder *b);
// Steps 7 to 12: the tokens that are left: bare numbers, publisher, series, title. What is
// nothing of these goes to the list `rest`, which may be NULL.
void name_take_tokens(struct name *n, struct builder *b, struct node *rest);

// The publisher that the whole text names, NULL if none: a text in parentheses, or any.
const char *publisher_find_group(struct text t);
const char *publisher_find(struct text t);
// The first one named inside a text, of those whose name is no ordinary word; NULL if none.
const char *publisher_find_word(struct text t);

#endif
