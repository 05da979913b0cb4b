// SPDX-License-Identifier: MIT
// links.c: the link tables: compared in key order, only differences written; see work.h.

#include "database/search.h"
#include "database/work.h"

#include <stdlib.h>

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "applying a batch");
}

static int64_t object_of(const struct link *l)
{
	return l->extra == NULL ? 0 : l->extra->object;
}

static int compare_numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

// The key, and what decides which of two equal ones stays.
static int compare_links(const void *a, const void *b)
{
	static const struct cell none = { .kind = CELL_NULL };
	const struct link *x = a;
	const struct link *y = b;
	int order = compare_numbers(x->id, y->id);

	if (order == 0)
		order = compare_numbers(object_of(x), object_of(y));
	if (order == 0)
		order = cell_compare(x->extra == NULL ? &none : &x->extra->payload,
				     y->extra == NULL ? &none : &y->extra->payload);
	return order;
}

static bool same_key(const struct link *a, const struct link *b)
{
	return a->id == b->id && object_of(a) == object_of(b);
}

static void give_ids(const struct refs *r, enum link_kind kind, struct link *links, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct link_extra *extra = links[i].extra;

		links[i].id = refs_id(r, link_shapes[kind].kind, links[i].slot);
		if (extra != NULL && extra->object_slot != REF_NONE)
			extra->object = refs_id(r, extra->object_kind, extra->object_slot);
	}
}

// Most lists are short and nearly in order.
static void sort_links(struct link *links, size_t count)
{
	if (count > 16) {
		qsort(links, count, sizeof(*links), compare_links);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct link moving = links[i];
		size_t at = i;

		for (; at > 0 && links[at - 1].id >= moving.id &&
		       compare_links(&links[at - 1], &moving) > 0;
		     at--)
			links[at] = links[at - 1];
		links[at] = moving;
	}
}

// Of links with one key the last stays; what follows moves up.
static void resolve_comic(const struct refs *r, struct comic *c)
{
	uint32_t from = 0;
	uint32_t to = 0;

	for (enum link_kind kind = 0; kind < LINK_KINDS; kind++) {
		uint32_t end = c->link_end[kind];

		give_ids(r, kind, c->links + from, end - from);
		sort_links(c->links + from, end - from);
		for (; from < end; from++) {
			if (from + 1 < end && same_key(&c->links[from], &c->links[from + 1]))
				continue;
			c->links[to++] = c->links[from];
		}
		c->link_end[kind] = to;
	}
}

void links_resolve(struct work *w)
{
	for (size_t i = 0; i < w->count; i++)
		resolve_comic(&w->batch->refs, w->comics[i]);
}

// ---- comparison ---------------------------------------------------------------------------

// One table compared: where the comics, and the links of the current one, have got to.
struct merge {
	struct work *w;
	enum link_kind kind;
	size_t comic;       // of existing
	struct link *links; // of that comic
	size_t count;
	size_t at;
	bool skip; // its old links stay
};

static int add_change(struct link_changes *list, struct link_change change, struct comic_err *err)
{
	if (mem_grow(&list->items, &list->room, list->count + 1, sizeof(*list->items)) < 0)
		return no_memory(err);
	list->items[list->count++] = change;
	return 0;
}

static struct link_change change_of(const struct comic *c, const struct link *l)
{
	return (struct link_change){ c->id, l->id, object_of(l),
				     l->extra == NULL ? NULL : &l->extra->payload };
}

static void note_difference(struct merge *m, bool of_key)
{
	struct comic *c = m->w->existing[m->comic];

	c->state = COMIC_UPDATE;
	if (of_key)
		search_note_links(c, m->kind);
}

static int add_link(struct merge *m, bool of_key, struct comic_err *err)
{
	note_difference(m, of_key);
	return add_change(&m->w->added[m->kind],
			  change_of(m->w->existing[m->comic], &m->links[m->at++]), err);
}

static void start_comic(struct merge *m)
{
	m->at = 0;
	m->links = comic_links(m->w->existing[m->comic], m->kind, &m->count);
	// What identifies objects goes with them: those of the comic may be others now.
	m->skip = m->w->keep_missing && m->count == 0 && !link_shapes[m->kind].object;
}

// Goes on to the first comic whose id is not below this one; what is left of the comics before
// is new.
static int go_to_comic(struct merge *m, int64_t id, struct comic_err *err)
{
	while (m->comic < m->w->existing_count && m->w->existing[m->comic]->id < id) {
		while (m->at < m->count) {
			if (add_link(m, true, err) < 0)
				return -1;
		}
		if (++m->comic < m->w->existing_count)
			start_comic(m);
	}
	return 0;
}

static int remove_row(struct merge *m, const struct link_change *old, struct comic_err *err)
{
	return add_change(&m->w->removed[m->kind], *old, err);
}

static int compare_row(struct merge *m, sqlite3_stmt *row, struct comic_err *err)
{
	static const struct cell none = { .kind = CELL_NULL };
	const struct link_shape *shape = &link_shapes[m->kind];
	struct link_change old = { .comic = sqlite3_column_int64(row, 0),
				   .id = sqlite3_column_int64(row, 1) };
	const struct link *l = NULL;
	int order = -1;

	if (shape->object)
		old.object = sqlite3_column_int64(row, 2);
	if (go_to_comic(m, old.comic, err) < 0)
		return -1;
	if (m->comic == m->w->existing_count || m->w->existing[m->comic]->id != old.comic ||
	    m->skip)
		return 0;
	for (;;) {
		l = m->at < m->count ? &m->links[m->at] : NULL;
		order = l == NULL ? 1 : compare_numbers(l->id, old.id);
		if (order == 0)
			order = compare_numbers(object_of(l), old.object);
		if (order >= 0)
			break;
		if (add_link(m, true, err) < 0)
			return -1;
	}
	if (order > 0) {
		note_difference(m, true);
		if (remove_row(m, &old, err) < 0)
			return -1;
		return work_suspect(m->w, shape->kind, old.id, err);
	}
	if (shape->payload == NULL ||
	    cell_equals_column(l->extra == NULL ? &none : &l->extra->payload, row, 3)) {
		m->at++;
		return 0;
	}
	return remove_row(m, &old, err) < 0 ? -1 : add_link(m, false, err);
}

static void id_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct comic **comics = rows;

	(void)column;
	sqlite3_result_int64(out, comics[row]->id);
}

// Comics that came together have ids without gaps: to read on, past one that is not asked for
// now and then, costs less than to look for each.
static bool is_dense(const struct work *w)
{
	uint64_t first = (uint64_t)w->existing[0]->id;

	return (uint64_t)w->existing[w->existing_count - 1]->id - first < w->existing_count * 2;
}

// Links of the existing comics, by comic and then by reference, in one of two ways. Without an
// upper end, which SQLite would compare with each row: whoever reads sees where it is.
static int select_links(struct work *w, enum link_kind kind, sqlite3_stmt **out,
			struct comic_err *err)
{
	const struct link_shape *shape = &link_shapes[kind];
	bool dense = is_dense(w);

	w->sql.len = 0;
	if (buf_printf(&w->sql, "SELECT l.comic_id, l.%s, %s, %s FROM %s%s AS l %s",
		       shape->column, shape->object ? "l.object_id" : "0",
		       shape->payload == NULL ? "NULL" : shape->payload,
		       dense ? "" : "feed AS f CROSS JOIN ", shape->table,
		       dense ? "WHERE l.comic_id >= ?1 ORDER BY 1, 2, 3" :
			       "ON l.comic_id = f.c0") < 0 ||
	    buf_add_byte(&w->sql, '\0') < 0)
		return no_memory(err);
	if (database_prepare(w->d, (const char *)w->sql.data, out, err) < 0)
		return -1;
	if (dense)
		(void)sqlite3_bind_int64(*out, 1, w->existing[0]->id);
	return 0;
}

static int compare_table(struct work *w, enum link_kind kind, struct comic_err *err)
{
	struct merge m = { .w = w, .kind = kind };
	sqlite3_stmt *statement = NULL;
	int got = 0;

	if (select_links(w, kind, &statement, err) < 0)
		return -1;
	start_comic(&m);
	w->d->feed = (struct feed){ w->existing_count, id_column, w->existing };
	while (m.comic < w->existing_count &&
	       (got = database_step(w->d, statement, err)) > 0) {
		got = compare_row(&m, statement, err);
		if (got < 0)
			break;
	}
	(void)sqlite3_reset(statement);
	return got < 0 ? -1 : go_to_comic(&m, INT64_MAX, err);
}

int links_compare(struct work *w, struct comic_err *err)
{
	for (enum link_kind kind = 0; w->existing_count > 0 && kind < LINK_KINDS; kind++) {
		if (compare_table(w, kind, err) < 0)
			return -1;
	}
	return 0;
}

// ---- writing ------------------------------------------------------------------------------

// comic_id, the reference, then object_id and the payload where the table has them.
static void change_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct link_change *change = (const struct link_change *)rows + row;

	if (column == 0)
		sqlite3_result_int64(out, change->comic);
	else if (column == 1)
		sqlite3_result_int64(out, change->id);
	else if (column == 2)
		sqlite3_result_int64(out, change->object);
	else if (change->payload != NULL)
		cell_result(change->payload, out);
}

static int remove_links(struct work *w, enum link_kind kind, struct comic_err *err)
{
	const struct link_shape *shape = &link_shapes[kind];
	struct link_changes *list = &w->removed[kind];

	w->sql.len = 0;
	if (buf_printf(&w->sql,
		       "DELETE FROM %s WHERE (comic_id, %s%s) IN (SELECT c0, c1%s FROM feed)",
		       shape->table, shape->column, shape->object ? ", object_id" : "",
		       shape->object ? ", c2" : "") < 0 ||
	    buf_add_byte(&w->sql, '\0') < 0)
		return no_memory(err);
	w->counts[COUNT_LINKS_DELETED] += list->count;
	return database_run_feed(w->d, (const char *)w->sql.data,
				 (struct feed){ list->count, change_column, list->items }, err);
}

// Links to insert: to existing comics, then those of new comics, whose ids are the highest. They
// are read from first to last.
struct link_feed {
	struct work *w;
	enum link_kind kind;
	size_t comic; // the new one that has the current row
	size_t first; // its first row
	const struct link *links;
	size_t count;
};

static size_t count_created(const struct work *w, enum link_kind kind)
{
	size_t total = 0;
	size_t count = 0;

	for (size_t i = 0; i < w->created_count; i++) {
		(void)comic_links(w->created[i], kind, &count);
		total += count;
	}
	return total;
}

static void added_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	struct link_feed *f = rows;
	const struct link_changes *existing = &f->w->added[f->kind];
	const struct link *l = NULL;

	if (row < existing->count) {
		change_column(existing->items, row, column, out);
		return;
	}
	row -= existing->count;
	while (row >= f->first + f->count) {
		f->first += f->count;
		f->links = comic_links(f->w->created[f->comic++], f->kind, &f->count);
	}
	l = &f->links[row - f->first];
	if (column == 0)
		sqlite3_result_int64(out, f->w->created[f->comic - 1]->id);
	else if (column == 1)
		sqlite3_result_int64(out, l->id);
	else if (column == 2)
		sqlite3_result_int64(out, object_of(l));
	else if (l->extra != NULL)
		cell_result(&l->extra->payload, out);
}

static int add_links(struct work *w, enum link_kind kind, struct comic_err *err)
{
	const struct link_shape *shape = &link_shapes[kind];
	struct link_changes *list = &w->added[kind];
	struct link_feed rows = { .w = w, .kind = kind };
	size_t count = list->count + count_created(w, kind);
	int status = 0;

	w->sql.len = 0;
	if (buf_printf(&w->sql,
		       "INSERT OR ROLLBACK INTO %s (comic_id, %s%s%s%s)"
		       " SELECT c0, c1%s%s FROM feed",
		       shape->table, shape->column, shape->object ? ", object_id" : "",
		       shape->payload != NULL ? ", " : "",
		       shape->payload != NULL ? shape->payload : "", shape->object ? ", c2" : "",
		       shape->payload != NULL ? ", c3" : "") < 0 ||
	    buf_add_byte(&w->sql, '\0') < 0)
		return no_memory(err);
	w->counts[COUNT_LINKS_CREATED] += count;
	status = database_run_feed(w->d, (const char *)w->sql.data,
				   (struct feed){ count, added_column, &rows }, err);
	free(list->items);
	*list = (struct link_changes){ 0 };
	return status;
}

int links_write(struct work *w, struct comic_err *err)
{
	for (enum link_kind kind = 0; kind < LINK_KINDS; kind++) {
		if (remove_links(w, kind, err) < 0 || add_links(w, kind, err) < 0)
			return -1;
	}
	return 0;
}
