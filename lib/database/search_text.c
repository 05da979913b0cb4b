// SPDX-License-Identifier: MIT
// search_text.c: the texts of a row of the search index, made from what is in memory; see
// search.h. They must be what v_search will yield: names in byte order, joined by commas, each
// once where the view says DISTINCT.

#include "database/search.h"

#include <stdlib.h>
#include <string.h>

enum source {
	FROM_CELL,    // a column of the comic
	FROM_LEVEL,   // publisher, imprint or series, from the volume up
	FROM_NAME,    // of a reference row
	FROM_SHOWN,   // its derived text
	FROM_CODE,    // both, with a comma
	FROM_LINKS,   // the names of linked rows
	FROM_PAIRS,   // both texts of their keys, with a comma
	FROM_PARENTS, // the names of rows linked rows refer to, each once
	FROM_SERIES,  // the first texts of their keys, each once
};

// The columns of comic_fts and v_search behind the id, in their order.
static const struct {
	const char *name;
	enum source source;
	int what;    // a comic_column, ref_kind or link_kind
	size_t part; // of the linked row's key: the parent
} columns[] = {
	{ "publisher", FROM_LEVEL, REF_PUBLISHER, 0 },
	{ "imprint", FROM_LEVEL, REF_IMPRINT, 0 },
	{ "series", FROM_LEVEL, REF_SERIES, 0 },
	{ "title", FROM_CELL, COL_TITLE, 0 },
	{ "collection_title", FROM_CELL, COL_COLLECTION_TITLE, 0 },
	{ "summary", FROM_CELL, COL_SUMMARY, 0 },
	{ "notes", FROM_CELL, COL_NOTES, 0 },
	{ "review", FROM_CELL, COL_REVIEW, 0 },
	{ "age_rating", FROM_NAME, COL_AGE_RATING, 0 },
	{ "metron_age_rating", FROM_SHOWN, COL_AGE_RATING, 0 },
	{ "country", FROM_CODE, COL_COUNTRY, 0 },
	{ "language", FROM_CODE, COL_LANGUAGE, 0 },
	{ "original_format", FROM_NAME, COL_ORIGINAL_FORMAT, 0 },
	{ "scan_info", FROM_NAME, COL_SCAN_INFO, 0 },
	{ "tagger", FROM_NAME, COL_TAGGER, 0 },
	{ "characters", FROM_LINKS, LINK_CHARACTER, 0 },
	{ "teams", FROM_LINKS, LINK_TEAM, 0 },
	{ "locations", FROM_LINKS, LINK_LOCATION, 0 },
	{ "genres", FROM_LINKS, LINK_GENRE, 0 },
	{ "tags", FROM_LINKS, LINK_TAG, 0 },
	{ "stories", FROM_LINKS, LINK_STORY, 0 },
	{ "story_arcs", FROM_LINKS, LINK_STORY_ARC, 0 },
	{ "series_groups", FROM_LINKS, LINK_SERIES_GROUP, 0 },
	{ "universes", FROM_PAIRS, LINK_UNIVERSE, 0 },
	{ "credits", FROM_PARENTS, LINK_CREDIT, 0 },
	{ "roles", FROM_PARENTS, LINK_CREDIT, 1 },
	{ "alternate_series", FROM_SERIES, LINK_REPRINT, 0 },
	{ "sources", FROM_PARENTS, LINK_IDENTIFIER, 0 },
};

_Static_assert(COMIC_COUNT(columns) == SEARCH_COLUMNS, "search.h has the number");

struct search_name {
	struct text text;
	struct text second; // of a pair
};

// ---- text ---------------------------------------------------------------------------------

static struct text part_text(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t part)
{
	struct cell c = refs_part(r, kind, slot, part);

	return cell_as_text(&c);
}

static uint32_t level_slot(const struct refs *r, const struct comic *c, enum ref_kind wanted)
{
	uint32_t slot = c->cells[COL_VOLUME].len;
	enum ref_kind kind = REF_VOLUME;

	// The first part of each level's key is the level above, up to the publisher.
	for (; kind != wanted; kind--)
		slot = refs_parent(r, kind, slot, 0);
	return slot;
}

// The rows a column names, of those linked by links of a kind.
static enum ref_kind parent_kind(size_t column)
{
	if (columns[column].what == LINK_IDENTIFIER)
		return REF_IDENTIFIER_SOURCE;
	return columns[column].part == 0 ? REF_PERSON : REF_ROLE;
}

// The text of one linked row; data NULL: it has none.
static struct search_name linked_name(const struct refs *r, size_t column, uint32_t slot)
{
	enum ref_kind kind = link_shapes[columns[column].what].kind;
	struct search_name name = { { NULL, 0 }, { NULL, 0 } };

	if (columns[column].source == FROM_PARENTS) {
		uint32_t parent = refs_parent(r, kind, slot, columns[column].part);

		if (parent != REF_NONE)
			name.text = refs_name_of(r, parent_kind(column), parent);
		return name;
	}
	name.text = part_text(r, kind, slot, 0);
	if (columns[column].source == FROM_PAIRS)
		name.second = part_text(r, kind, slot, 1);
	return name;
}

static int compare_names(const void *a, const void *b)
{
	const struct search_name *x = a;
	const struct search_name *y = b;
	int order = text_compare(x->text, y->text);

	return order != 0 || x->second.data == NULL ? order : text_compare(x->second, y->second);
}

static void sort_names(struct search_name *names, size_t count)
{
	if (count > 16) {
		qsort(names, count, sizeof(*names), compare_names);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct search_name moving = names[i];
		size_t at = i;

		for (; at > 0 && compare_names(&names[at - 1], &moving) > 0; at--)
			names[at] = names[at - 1];
		names[at] = moving;
	}
}

static int join_names(struct search_maker *m, size_t column, size_t count, struct text *out)
{
	enum source source = columns[column].source;
	bool distinct = source == FROM_PARENTS || source == FROM_SERIES;
	struct buf *text = &m->texts[column];

	text->len = 0;
	for (size_t i = 0; i < count; i++) {
		const struct search_name *n = &m->names[i];

		if (distinct && i > 0 && text_equal(n->text, m->names[i - 1].text))
			continue;
		if ((i > 0 && buf_add_byte(text, ',') < 0) ||
		    buf_add(text, n->text.data, n->text.len) < 0)
			return -1;
		if (n->second.data != NULL && (buf_add_byte(text, ',') < 0 ||
					       buf_add(text, n->second.data, n->second.len) < 0))
			return -1;
	}
	*out = (struct text){ (const char *)text->data, text->len };
	return 0;
}

static int links_text(struct search_maker *m, const struct comic *c, size_t column,
		      struct text *out)
{
	size_t link_count = 0;
	const struct link *links =
		comic_links(c, (enum link_kind)columns[column].what, &link_count);
	size_t count = 0;

	if (link_count == 0)
		return 0;
	if (mem_grow(&m->names, &m->room, link_count, sizeof(*m->names)) < 0)
		return -1;
	for (size_t i = 0; i < link_count; i++) {
		struct search_name name = linked_name(m->refs, column, links[i].slot);

		if (name.text.data != NULL)
			m->names[count++] = name;
	}
	sort_names(m->names, count);
	return count == 0 ? 0 : join_names(m, column, count, out);
}

// "en,English"
static int code_text(struct search_maker *m, enum ref_kind kind, uint32_t slot, struct buf *text)
{
	struct text code = part_text(m->refs, kind, slot, 0);
	struct text name = refs_shown(m->refs, kind, slot);

	text->len = 0;
	if (buf_add(text, code.data, code.len) < 0 || buf_add_byte(text, ',') < 0)
		return -1;
	return buf_add(text, name.data, name.len);
}

// A text of the comic's own row or of a row it refers to.
static int cell_column_text(struct search_maker *m, const struct comic *c, size_t column,
			    struct text *out)
{
	enum comic_column from = (enum comic_column)columns[column].what;
	enum ref_kind kind = comic_columns[from].kind;
	const struct cell *cell = &c->cells[from];
	struct buf *text = &m->texts[column];

	if (cell->kind == CELL_NULL)
		return 0;
	if (columns[column].source == FROM_CELL) {
		*out = cell_as_text(cell);
	} else if (columns[column].source == FROM_NAME) {
		*out = refs_name_of(m->refs, kind, cell->len);
	} else if (columns[column].source == FROM_SHOWN) {
		*out = refs_shown(m->refs, kind, cell->len);
	} else {
		if (code_text(m, kind, cell->len, text) < 0)
			return -1;
		*out = (struct text){ (const char *)text->data, text->len };
	}
	return 0;
}

int search_text(struct search_maker *m, const struct comic *c, size_t column, struct text *out)
{
	*out = (struct text){ NULL, 0 };
	switch (columns[column].source) {
	case FROM_CELL:
	case FROM_NAME:
	case FROM_SHOWN:
	case FROM_CODE:
		return cell_column_text(m, c, column, out);
	case FROM_LEVEL:
		*out = refs_name_of(m->refs, (enum ref_kind)columns[column].what,
				    level_slot(m->refs, c, (enum ref_kind)columns[column].what));
		return 0;
	case FROM_LINKS:
	case FROM_PAIRS:
	case FROM_PARENTS:
	case FROM_SERIES:
		break;
	}
	return links_text(m, c, column, out);
}

// ---- names --------------------------------------------------------------------------------

enum ref_kind search_named(size_t column)
{
	switch (columns[column].source) {
	case FROM_LEVEL:
		return (enum ref_kind)columns[column].what;
	case FROM_NAME:
		return comic_columns[columns[column].what].kind;
	case FROM_LINKS:
		return link_shapes[columns[column].what].kind;
	case FROM_PARENTS:
		return parent_kind(column);
	case FROM_CELL:
	case FROM_SHOWN:
	case FROM_CODE:
	case FROM_PAIRS:
	case FROM_SERIES:
		break;
	}
	return REF_KINDS;
}

static int linked_slots(struct search_maker *m, const struct comic *c, size_t column, size_t *count)
{
	enum link_kind kind = (enum link_kind)columns[column].what;
	size_t links = 0;
	const struct link *l = comic_links(c, kind, &links);

	*count = 0;
	if (mem_grow(&m->slots, &m->slot_room, links, sizeof(*m->slots)) < 0)
		return -1;
	for (size_t i = 0; i < links; i++) {
		uint32_t slot = l[i].slot;

		if (columns[column].source == FROM_PARENTS)
			slot = refs_parent(m->refs, link_shapes[kind].kind, slot,
					   columns[column].part);
		m->slots[*count] = slot;
		*count += slot != REF_NONE;
	}
	return 0;
}

int search_slots(struct search_maker *m, const struct comic *c, size_t column, size_t *count)
{
	bool level = columns[column].source == FROM_LEVEL;
	const struct cell *cell = NULL;

	if (columns[column].source >= FROM_LINKS)
		return linked_slots(m, c, column, count);
	if (mem_grow(&m->slots, &m->slot_room, 1, sizeof(*m->slots)) < 0)
		return -1;
	if (level) {
		m->slots[0] = level_slot(m->refs, c, (enum ref_kind)columns[column].what);
		*count = 1;
		return 0;
	}
	cell = &c->cells[columns[column].what];
	m->slots[0] = cell->len;
	*count = cell->kind != CELL_NULL;
	return 0;
}

void search_maker_clear(struct search_maker *m)
{
	for (size_t i = 0; i < SEARCH_COLUMNS; i++)
		buf_clear(&m->texts[i]);
	free(m->names);
	free(m->slots);
}

// ---- columns ------------------------------------------------------------------------------

const char *search_column_name(size_t column)
{
	return columns[column].name;
}

void search_note_column(struct comic *c, enum comic_column column)
{
	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		bool of_link = columns[i].source >= FROM_LINKS;
		bool of_level = columns[i].source == FROM_LEVEL;

		if (of_level ? column != COL_VOLUME : of_link || columns[i].what != (int)column)
			continue;
		c->search_changed |= (uint32_t)1 << i;
		c->names_changed |= columns[i].source != FROM_CELL;
	}
}

void search_note_links(struct comic *c, enum link_kind kind)
{
	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		if (columns[i].source < FROM_LINKS || columns[i].what != (int)kind)
			continue;
		c->search_changed |= (uint32_t)1 << i;
		c->names_changed = true;
	}
}

bool search_column_is_own(size_t column, enum comic_column *cell)
{
	*cell = (enum comic_column)columns[column].what;
	return columns[column].source == FROM_CELL;
}
