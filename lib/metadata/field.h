// SPDX-License-Identifier: MIT
// field.h: raw values of a document into fields of the record.
//
// What every format needs: cleaning, parsing, the value vocabularies. All follow the rule of
// one document: the first usable value wins, an empty one is none, a bad one is dropped with
// a warning that names builder.field. Nothing here fails but for memory (builder.failed).
#ifndef COMIC_FIELD_H
#define COMIC_FIELD_H

#include "metadata/model.h"

// One line of text: titles, names, numbers as written.
void field_name(struct builder *b, struct node *map, unsigned int key, struct text raw);
// Text of many lines: summary, notes, review.
void field_text(struct builder *b, struct node *map, unsigned int key, struct text raw);
// A whole number from 0; negative is unset.
void field_count(struct builder *b, struct node *map, unsigned int key, struct text raw);
// The same from 1, values above most become most: month, day, year.
void field_bounded(struct builder *b, struct node *map, unsigned int key, struct text raw,
		   int64_t most);
// The average of community_rating or critical_rating: 0 to 5, one place.
void field_rating(struct builder *b, unsigned int key, struct text raw);

// How many rated it: at least one.
void field_rating_count(struct builder *b, unsigned int key, struct text raw);

// These set a key of the whole record.
void field_language(struct builder *b, struct text raw);
void field_country(struct builder *b, struct text raw);
void field_format(struct builder *b, struct text raw); // original_format
void field_direction(struct builder *b, struct text raw); // reading_direction
void field_manga(struct builder *b, struct text raw);
void field_time(struct builder *b, struct text raw); // updated_at
// Known ratings in their usual spelling, others as they are.
void field_age_rating(struct builder *b, struct text raw);

// A date of the record, key being DATE_COVER_DATE or DATE_STORE_DATE. What is left open stays
// so: of a cover date without a day the year and month are set.
void field_date(struct builder *b, unsigned int key, struct text raw);
// A price in a country, which may be empty.
void field_price(struct builder *b, struct text country, struct text raw);

// A page type of ComicInfo in its usual spelling, the first of a list; empty if it is none.
struct text field_page_type(struct text raw);

// The items of a list text into a META_NAMES or META_LIST of the whole record.
void field_names(struct builder *b, unsigned int key, struct text raw);
// One person or name, not split; NULL when it is empty.
struct node *field_add_name(struct builder *b, struct node *names, struct text raw);
// A reprint, its series, volume and issue written like a file name; NULL when nothing was read.
struct node *field_reprint(struct builder *b, struct text raw);
// The persons of a list text with a role, in its canonical spelling.
void field_credits(struct builder *b, struct text role, struct text raw);

// "'RAW' is not WHAT", as a warning.
void field_warn(struct builder *b, struct text raw, const char *what);

// A cleaned name in the arena, empty when nothing is left or memory ended.
struct text field_clean(struct builder *b, struct text raw);

#endif
