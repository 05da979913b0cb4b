// SPDX-License-Identifier: MIT
// refs_resolve.c: from slots to ids, one look-up and one insert per table; see refs.h.

#include "database/ref_tables.h"

#include "database/derive.h"

#include <stdlib.h>

// NULL is one value of a key; the unique indexes of schema.sql say so with the same words.
#define NO_NUMBER "-9223372036854775808"

#define SORT_PARTS 3 // of a key, kept at hand while sorting

// Knows its table, so that qsort() can compare keys.
struct pending_slot {
	uint64_t start; // of the first part, in its order: mostly it tells
	struct cell first[SORT_PARTS];
	const struct refs *refs;
	enum ref_kind kind;
	uint32_t slot;
};

// The slots of one table that are without an id, in key order.
struct pending {
	struct refs *refs;
	enum ref_kind kind;
	struct pending_slot *slots;
	size_t count;
};

// A part of the key as it stands in the table: of a parent the id.
static struct cell stored_part(const struct refs *r, enum ref_kind kind, uint32_t slot,
			       size_t column)
{
	struct cell part = refs_part(r, kind, slot, column);
	enum ref_kind parent = ref_tables[kind].key[column].parent;

	if (parent != REF_KINDS && part.kind != CELL_NULL)
		part.as.integer = refs_id(r, parent, (uint32_t)part.as.integer);
	return part;
}

static int compare_slots(const void *a, const void *b)
{
	const struct pending_slot *x = a;
	const struct pending_slot *y = b;
	size_t columns = ref_tables[x->kind].columns;
	int order = 0;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	for (size_t i = 0; order == 0 && i < columns && i < SORT_PARTS; i++)
		order = cell_compare(&x->first[i], &y->first[i]);
	for (size_t i = SORT_PARTS; order == 0 && i < columns; i++) {
		struct cell left = stored_part(x->refs, x->kind, x->slot, i);
		struct cell right = stored_part(y->refs, y->kind, y->slot, i);

		order = cell_compare(&left, &right);
	}
	return order;
}

// Eight bytes that are in order if the cells are: of a text the first ones.
static uint64_t start_of(const struct cell *c)
{
	uint64_t start = 0;

	if (c->kind == CELL_INTEGER)
		return (uint64_t)c->as.integer ^ (uint64_t)1 << 63;
	for (uint32_t i = 0; c->kind == CELL_TEXT && i < sizeof(start); i++)
		start = start << 8 | (i < c->len ? (uint8_t)c->as.text[i] : 0);
	return start;
}

static struct pending_slot pend(const struct pending *p, uint32_t slot)
{
	struct pending_slot pending = { .refs = p->refs, .kind = p->kind, .slot = slot };

	for (size_t i = 0; i < SORT_PARTS && i < ref_tables[p->kind].columns; i++)
		pending.first[i] = stored_part(p->refs, p->kind, slot, i);
	pending.start = start_of(&pending.first[0]);
	return pending;
}

static int collect(struct pending *p, struct comic_err *err)
{
	const struct ref_table *t = &p->refs->tables[p->kind];
	size_t room = 0;

	for (uint32_t i = 0; i < t->keys.count; i++) {
		if (t->slots[i].batch != p->refs->batch || t->slots[i].id != 0)
			continue;
		if (mem_grow(&p->slots, &room, p->count + 1, sizeof(*p->slots)) < 0)
			return err_set_nomem(err, "resolving names");
		p->slots[p->count++] = pend(p, i);
	}
	if (p->count > 1)
		qsort(p->slots, p->count, sizeof(*p->slots), compare_slots);
	return 0;
}

// ---- look-up ------------------------------------------------------------------------------

static void key_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct pending *p = rows;
	struct cell part = stored_part(p->refs, p->kind, p->slots[row].slot, (size_t)column);

	cell_result(&part, out);
}

static const char *shown_column(enum ref_kind kind)
{
	for (size_t i = 0; i < REF_DERIVED; i++) {
		if (ref_tables[kind].shown != DERIVE_NONE &&
		    ref_tables[kind].derived[i].derivation == ref_tables[kind].shown)
			return ref_tables[kind].derived[i].name;
	}
	return "NULL";
}

static int make_lookup(enum ref_kind kind, struct buf *sql)
{
	const struct ref_table_shape *shape = &ref_tables[kind];

	if (buf_printf(sql, "SELECT f.rowid, t.id, %s FROM feed AS f CROSS JOIN %s AS t ON ",
		       shown_column(kind), shape->table) < 0)
		return -1;
	for (size_t i = 0; i < shape->columns; i++) {
		const char *name = shape->key[i].name;
		int status = 0;

		if (i > 0 && buf_add_text(sql, " AND ") < 0)
			return -1;
		if (shape->key[i].type == PART_NUMBER)
			status = buf_printf(sql,
					    "COALESCE(t.%s, " NO_NUMBER
					    ") = COALESCE(f.c%zu, " NO_NUMBER ")",
					    name, i);
		else if (shape->key[i].type == PART_OPTIONAL_PARENT)
			status =
				buf_printf(sql, "COALESCE(t.%s, 0) = COALESCE(f.c%zu, 0)", name, i);
		else
			status = buf_printf(sql, "t.%s = f.c%zu", name, i);
		if (status < 0)
			return -1;
	}
	return buf_add_byte(sql, '\0');
}

static int keep_shown(struct refs *r, enum ref_kind kind, uint32_t slot, struct text shown)
{
	struct ref_table *t = &r->tables[kind];
	char *copy = NULL;

	if (ref_tables[kind].shown == DERIVE_NONE || shown.data == NULL)
		return 0;
	copy = arena_copy(&t->keys.bytes, shown.data, shown.len);
	t->shown[slot] = (struct text){ copy, shown.len };
	return copy == NULL ? -1 : 0;
}

static int take_found(const struct pending *p, sqlite3_stmt *row)
{
	uint32_t slot = p->slots[sqlite3_column_int64(row, 0)].slot;
	struct text shown = { (const char *)sqlite3_column_text(row, 2),
			      (size_t)sqlite3_column_bytes(row, 2) };

	p->refs->tables[p->kind].slots[slot].id = sqlite3_column_int64(row, 1);
	return keep_shown(p->refs, p->kind, slot, shown);
}

static int look_up(struct pending *p, struct database *d, struct buf *sql, struct comic_err *err)
{
	sqlite3_stmt *statement = NULL;
	int got = 0;

	sql->len = 0;
	if (make_lookup(p->kind, sql) < 0)
		return err_set_nomem(err, "resolving names");
	if (database_prepare(d, (const char *)sql->data, &statement, err) < 0)
		return -1;
	d->feed = (struct feed){ p->count, key_column, p };
	while ((got = database_step(d, statement, err)) > 0) {
		if (take_found(p, statement) < 0) {
			(void)sqlite3_reset(statement);
			return err_set_nomem(err, "resolving names");
		}
	}
	return got;
}

// ---- insert -------------------------------------------------------------------------------

static struct cell derive(struct refs *r, enum ref_kind kind, uint32_t slot, enum derivation what)
{
	struct cell last = refs_part(r, kind, slot, ref_tables[kind].columns - 1);
	struct text key = cell_as_text(&last);
	struct text above = TEXT("");

	switch (what) {
	case DERIVE_NONE:
		break;
	case DERIVE_PARENT_FOLDER:
		above = ref_folder_above(key);
		if (above.len == 0)
			break;
		return cell_integer(refs_id(r, REF_FOLDER, refs_find(r, REF_FOLDER, above)));
	case DERIVE_DISPLAY_NAME:
		return cell_text(derive_display_name(&r->derived, key));
	case DERIVE_SORT_NAME:
		return cell_text(derive_sort_name(&r->derived, key));
	case DERIVE_METRON_NAME:
		return cell_text(derive_metron_rating(key));
	case DERIVE_METRON_RANK:
		return derive_metron_rank(key);
	case DERIVE_LANGUAGE_NAME:
		return cell_text(derive_language_name(key));
	case DERIVE_COUNTRY_NAME:
		return cell_text(derive_country_name(key));
	}
	return (struct cell){ .kind = CELL_NULL };
}

// The key, then what is derived.
static void row_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const struct pending *p = rows;
	const struct ref_table_shape *shape = &ref_tables[p->kind];
	uint32_t slot = p->slots[row].slot;
	size_t at = (size_t)column;
	struct cell value = { .kind = CELL_NULL };

	if (at == 0)
		arena_reset(&p->refs->derived, SIZE_MAX);
	if (at < shape->columns)
		value = stored_part(p->refs, p->kind, slot, at);
	else
		value = derive(p->refs, p->kind, slot,
			       shape->derived[at - shape->columns].derivation);
	cell_result(&value, out);
}

// The id is left to SQLite, which then does not look whether it is free: it gives the next one.
static int make_insert(enum ref_kind kind, struct buf *sql)
{
	const struct ref_table_shape *shape = &ref_tables[kind];
	size_t columns = shape->columns;

	if (buf_printf(sql, "INSERT OR ROLLBACK INTO %s (", shape->table) < 0)
		return -1;
	for (size_t i = 0; i < shape->columns; i++) {
		if (buf_printf(sql, "%s%s", i == 0 ? "" : ", ", shape->key[i].name) < 0)
			return -1;
	}
	for (size_t i = 0; i < REF_DERIVED && shape->derived[i].name != NULL; i++, columns++) {
		if (buf_printf(sql, ", %s", shape->derived[i].name) < 0)
			return -1;
	}
	if (buf_add_text(sql, ") SELECT c0") < 0)
		return -1;
	for (size_t i = 1; i < columns; i++) {
		if (buf_printf(sql, ", c%zu", i) < 0)
			return -1;
	}
	return buf_add_text(sql, " FROM feed") < 0 ? -1 : buf_add_byte(sql, '\0');
}

static int insert(struct pending *p, struct database *d, struct buf *sql, struct comic_err *err)
{
	uint32_t last = 0;

	sql->len = 0;
	if (p->count == 0)
		return 0;
	last = p->slots[p->count - 1].slot;
	if (make_insert(p->kind, sql) < 0)
		return err_set_nomem(err, "resolving names");
	if (database_run_feed(d, (const char *)sql->data,
			      (struct feed){ p->count, row_column, p }, err) < 0)
		return -1;
	if (sqlite3_last_insert_rowid(d->db) != p->refs->tables[p->kind].slots[last].id)
		return err_set(err, COMIC_ERR_BUG, "load: %s: not the ids that were expected",
			       ref_tables[p->kind].table);
	return 0;
}

// ---- one table ----------------------------------------------------------------------------

// Leaves the slots that are still without an id, and gives them the next ones.
static int number_missing(struct pending *p, int64_t last, struct comic_err *err)
{
	struct ref_slot *slots = p->refs->tables[p->kind].slots;
	size_t missing = 0;

	for (size_t i = 0; i < p->count; i++) {
		uint32_t slot = p->slots[i].slot;
		struct cell shown;

		if (slots[slot].id != 0)
			continue;
		slots[slot].id = ++last;
		p->slots[missing++] = p->slots[i];
		shown = derive(p->refs, p->kind, slot, ref_tables[p->kind].shown);
		if (keep_shown(p->refs, p->kind, slot, cell_as_text(&shown)) < 0)
			return err_set_nomem(err, "resolving names");
	}
	p->count = missing;
	return 0;
}

static int resolve_table(struct pending *p, struct database *d, struct buf *sql,
			 struct comic_err *err)
{
	struct ref_table *t = &p->refs->tables[p->kind];
	int64_t last = 0;

	sql->len = 0;
	if (collect(p, err) < 0)
		return -1;
	if (p->count == 0)
		return 0;
	if (buf_printf(sql, "SELECT MAX(id) FROM %s", ref_tables[p->kind].table) < 0 ||
	    buf_add_byte(sql, '\0') < 0)
		return err_set_nomem(err, "resolving names");
	if (database_number(d, (const char *)sql->data, &last, err) < 0)
		return -1;
	t->whole = t->whole || last == 0;
	if (!t->whole && look_up(p, d, sql, err) < 0)
		return -1;
	return number_missing(p, last, err) < 0 ? -1 : insert(p, d, sql, err);
}

int refs_resolve(struct refs *r, struct database *d, struct ref_counts *counts,
		 struct comic_err *err)
{
	struct buf sql = { 0 };
	int status = 0;

	for (enum ref_kind kind = 0; status == 0 && kind < REF_KINDS; kind++) {
		struct pending p = { .refs = r, .kind = kind };

		status = resolve_table(&p, d, &sql, err);
		if (status == 0 && kind == REF_FOLDER)
			counts->folders += p.count;
		else if (status == 0)
			counts->tags += p.count;
		free(p.slots);
	}
	buf_clear(&sql);
	return status;
}
