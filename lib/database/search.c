// SPDX-License-Identifier: MIT
// search.c: rows of the search index, comic_fts; see work.h.
//
// The index keeps no text of its own. A row is taken out by telling FTS5 the very
// text it was put in with, which the view v_search yields as long as the comic's
// links are the old ones. A row is put in with the text made here from the names
// in memory; it must be what v_search will yield: names in byte order, joined by
// commas, each once where the view says DISTINCT.

#include "database/search.h"

#include "database/first.h"

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

#define MEMORY_LEAST ((uint64_t)1 << 20)
#define MEMORY_MOST ((uint64_t)64 << 20)

struct search_name {
	struct text text;
	struct text second; // of a pair
};

// The rows being put in.
struct search_rows {
	struct search_maker maker;
	struct comic **comics;
	bool old; // as they were
};

// ---- text ---------------------------------------------------------------------------------

static struct text part_text(const struct refs *r, enum ref_kind kind, uint32_t slot, size_t part)
{
	struct cell c = refs_part(r, kind, slot, part);

	return cell_as_text(&c);
}

static struct text level_text(const struct refs *r, const struct comic *c, enum ref_kind wanted)
{
	uint32_t slot = c->cells[COL_VOLUME].len;
	enum ref_kind kind = REF_VOLUME;

	// The first part of each level's key is the level above, up to the publisher.
	for (; kind != wanted; kind--)
		slot = refs_parent(r, kind, slot, 0);
	return part_text(r, kind, slot, kind == REF_PUBLISHER ? 0 : 1);
}

// The text of one linked row; data NULL: it has none.
static struct search_name linked_name(const struct refs *r, size_t column, uint32_t slot)
{
	enum ref_kind kind = link_shapes[columns[column].what].kind;
	struct search_name name = { { NULL, 0 }, { NULL, 0 } };

	if (columns[column].source == FROM_PARENTS) {
		size_t part = columns[column].part;
		uint32_t parent = refs_parent(r, kind, slot, part);

		if (parent != REF_NONE && kind == REF_CREDIT)
			name.text = part_text(r, part == 0 ? REF_PERSON : REF_ROLE, parent, 0);
		else if (parent != REF_NONE)
			name.text = part_text(r, REF_IDENTIFIER_SOURCE, parent, 0);
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
		*out = part_text(m->refs, kind, cell->len, 0);
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
		*out = level_text(m->refs, c, (enum ref_kind)columns[column].what);
		return 0;
	case FROM_LINKS:
	case FROM_PAIRS:
	case FROM_PARENTS:
	case FROM_SERIES:
		break;
	}
	return links_text(m, c, column, out);
}

void search_maker_clear(struct search_maker *m)
{
	for (size_t i = 0; i < SEARCH_COLUMNS; i++)
		buf_clear(&m->texts[i]);
	free(m->names);
}

// comic_id, then the texts.
static void text_column(void *data, size_t row, int column, sqlite3_context *out)
{
	struct search_rows *rows = data;
	const struct comic *c = rows->comics[row];
	struct text text = { NULL, 0 };

	if (column == 0) {
		sqlite3_result_int64(out, c->id);
		return;
	}
	if (rows->old && columns[column - 1].source == FROM_CELL) {
		text = cell_as_text(&c->was[columns[column - 1].what]);
	} else if (search_text(&rows->maker, c, (size_t)column - 1, &text) < 0) {
		sqlite3_result_error_nomem(out);
		return;
	}
	if (text.data != NULL)
		sqlite3_result_text(out, text.data, (int)text.len, SQLITE_STATIC);
}

// ---- statements ---------------------------------------------------------------------------

// ", p.publisher, p.imprint, ..."
static int add_columns(struct buf *sql, const char *prefix)
{
	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		if (buf_printf(sql, ", %s%s", prefix, columns[i].name) < 0)
			return -1;
	}
	return 0;
}

int search_make_sql(struct buf *sql, bool remove)
{
	const char *head =
		remove ? "INSERT INTO comic_fts (comic_fts, rowid" : "INSERT INTO comic_fts (rowid";

	sql->len = 0;
	if (buf_add_text(sql, head) < 0 || add_columns(sql, "") < 0 ||
	    buf_add_text(sql, remove ? ") SELECT 'delete', v.comic_id" : ") SELECT v.comic_id") <
		    0 ||
	    add_columns(sql, "v.") < 0 ||
	    buf_add_text(sql, " FROM feed AS f CROSS JOIN v_search AS v ON v.comic_id = f.c0") < 0)
		return -1;
	return buf_add_byte(sql, '\0');
}

static int make_from_feed(struct buf *sql, bool remove)
{
	sql->len = 0;
	if (buf_printf(sql, "INSERT INTO comic_fts (%srowid", remove ? "comic_fts, " : "") < 0 ||
	    add_columns(sql, "") < 0 ||
	    buf_printf(sql, ") SELECT %sc0", remove ? "'delete', " : "") < 0)
		return -1;
	for (size_t i = 1; i <= SEARCH_COLUMNS; i++) {
		if (buf_printf(sql, ", c%zu", i) < 0)
			return -1;
	}
	return buf_add_text(sql, " FROM feed") < 0 ? -1 : buf_add_byte(sql, '\0');
}

int search_make_insert(struct buf *sql)
{
	return make_from_feed(sql, false);
}

static void id_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct comic **comics = rows;

	(void)column;
	sqlite3_result_int64(out, comics[row]->id);
}

// The existing comics whose search row changes, in id order.
static int collect_changed(const struct work *w, struct comic ***out, size_t *count,
			   struct comic_err *err)
{
	*count = 0;
	*out = mem_alloc(w->existing_count + w->created_count, sizeof(**out));
	if (*out == NULL)
		return err_set_nomem(err, "applying a batch");
	for (size_t i = 0; i < w->existing_count; i++) {
		if (w->existing[i]->search_changed)
			(*out)[(*count)++] = w->existing[i];
	}
	return 0;
}

static int run_view(struct work *w, bool remove, struct comic **comics, size_t count,
		    struct comic_err *err)
{
	if (search_make_sql(&w->sql, remove) < 0)
		return err_set_nomem(err, "applying a batch");
	return database_run_feed(w->d, (const char *)w->sql.data,
				 (struct feed){ count, id_column, comics }, err);
}

// FTS5 writes a segment when this much waits, and few large ones cost less than many small
// ones. The size stands in the database; it follows the budget of whoever writes.
int search_set_memory(struct work *w, struct comic_err *err)
{
	uint64_t want = w->search_memory;
	int64_t have = 0;
	char sql[128];

	want = want < MEMORY_LEAST ? MEMORY_LEAST : want > MEMORY_MOST ? MEMORY_MOST : want;
	if (database_number(w->d, "SELECT v FROM comic_fts_config WHERE k = 'hashsize'", &have,
			    err) < 0)
		return -1;
	if ((uint64_t)have == want)
		return 0;
	(void)sqlite3_snprintf(sizeof(sql), sql,
			       "INSERT INTO comic_fts (comic_fts, rank) VALUES ('hashsize', %lld)",
			       (long long)want);
	return database_run(w->d, sql, err);
}

// Takes rows out, or puts them in, with texts made from memory.
static int run_texts(struct work *w, bool remove, struct comic **comics, size_t count,
		     struct comic_err *err)
{
	struct search_rows rows = { .maker = { .refs = &w->batch->refs },
				    .comics = comics,
				    .old = remove };
	int status = 0;

	if (make_from_feed(&w->sql, remove) < 0)
		return err_set_nomem(err, "applying a batch");
	status = database_run_feed(w->d, (const char *)w->sql.data,
				   (struct feed){ count, text_column, &rows }, err);
	search_maker_clear(&rows.maker);
	return status;
}

// In id order: runs of comics of one kind, as rows go in and out in order.
static int remove_rows(struct work *w, struct comic **comics, size_t count, struct comic_err *err)
{
	size_t end = 0;
	int status = 0;

	for (size_t i = 0; status == 0 && i < count; i = end) {
		bool view = comics[i]->names_changed || comics[i]->was == NULL;

		for (end = i + 1; end < count; end++) {
			if (view != (comics[end]->names_changed || comics[end]->was == NULL))
				break;
		}
		status = view ? run_view(w, true, comics + i, end - i, err) :
				run_texts(w, true, comics + i, end - i, err);
	}
	return status;
}

int search_remove(struct work *w, struct comic_err *err)
{
	struct comic **comics = NULL;
	size_t count = 0;
	int status = collect_changed(w, &comics, &count, err);

	// Only what is in the index can be taken out.
	if (status == 0 && w->first && count > 0 && comics[count - 1]->id > w->search_end)
		status = first_flush(w, err);
	if (status == 0 && count + w->created_count > 0)
		status = search_set_memory(w, err);
	if (status == 0)
		status = remove_rows(w, comics, count, err);
	free(comics);
	return status;
}

int search_add(struct work *w, struct comic_err *err)
{
	struct comic **comics = NULL;
	size_t count = 0;
	int status = collect_changed(w, &comics, &count, err);

	if (status < 0)
		return -1;
	// What was kept of an existing comic is not in memory.
	if (w->keep_missing) {
		status = run_view(w, false, comics, count, err);
		count = 0;
	}
	if (w->created_count > 0 && !w->first) {
		memcpy(comics + count, w->created, w->created_count * sizeof(*comics));
		count += w->created_count;
	}
	if (status == 0)
		status = run_texts(w, false, comics, count, err);
	if (status == 0 && w->first)
		status = first_add(w, err);
	free(comics);
	return status;
}
