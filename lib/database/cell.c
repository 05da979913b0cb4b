// SPDX-License-Identifier: MIT
// cell.c: see cell.h.

#include "database/cell.h"

#include <string.h>

struct cell cell_integer(int64_t value)
{
	return (struct cell){ .as.integer = value, .kind = CELL_INTEGER };
}

struct cell cell_unsigned(uint64_t value)
{
	return cell_integer(value > INT64_MAX ? INT64_MAX : (int64_t)value);
}

struct cell cell_real(double value)
{
	return (struct cell){ .as.real = value, .kind = CELL_REAL };
}

struct cell cell_reference(uint32_t slot)
{
	return (struct cell){ .as.integer = 0, .len = slot, .kind = CELL_INTEGER };
}

struct cell cell_text(struct text t)
{
	if (t.data == NULL)
		return (struct cell){ .kind = CELL_NULL };
	return (struct cell){ .as.text = t.data, .len = (uint32_t)t.len, .kind = CELL_TEXT };
}

struct text cell_as_text(const struct cell *c)
{
	return c->kind == CELL_TEXT ? (struct text){ c->as.text, c->len }
				    : (struct text){ NULL, 0 };
}

static int compare_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

int cell_compare(const struct cell *a, const struct cell *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	switch ((enum cell_kind)a->kind) {
	case CELL_NULL:
		return 0;
	case CELL_INTEGER:
		return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
	case CELL_REAL:
		return compare_numbers(a->as.real, b->as.real);
	case CELL_TEXT:
		break;
	}
	return text_compare(cell_as_text(a), cell_as_text(b));
}

bool cell_equals_column(const struct cell *c, sqlite3_stmt *row, int column)
{
	const void *text = NULL;

	switch ((enum cell_kind)c->kind) {
	case CELL_NULL:
		return sqlite3_column_type(row, column) == SQLITE_NULL;
	case CELL_INTEGER:
		return sqlite3_column_type(row, column) == SQLITE_INTEGER &&
		       sqlite3_column_int64(row, column) == c->as.integer;
	case CELL_REAL:
		return sqlite3_column_type(row, column) == SQLITE_FLOAT &&
		       compare_numbers(sqlite3_column_double(row, column), c->as.real) == 0;
	case CELL_TEXT:
		break;
	}
	if (sqlite3_column_type(row, column) != SQLITE_TEXT)
		return false;
	text = sqlite3_column_blob(row, column); // the bytes as they are, without a copy
	return (uint32_t)sqlite3_column_bytes(row, column) == c->len &&
	       (c->len == 0 || memcmp(text, c->as.text, c->len) == 0);
}

void cell_result(const struct cell *c, sqlite3_context *out)
{
	switch ((enum cell_kind)c->kind) {
	case CELL_NULL:
		sqlite3_result_null(out);
		break;
	case CELL_INTEGER:
		sqlite3_result_int64(out, c->as.integer);
		break;
	case CELL_REAL:
		sqlite3_result_double(out, c->as.real);
		break;
	case CELL_TEXT:
		sqlite3_result_text(out, c->as.text, (int)c->len, SQLITE_STATIC);
		break;
	}
}
