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

// The connection is used by one thread at a time (open_configure()): then a value may be looked at
// where it is (https://sqlite.org/c3ref/value.html).
bool cell_equals_column(const struct cell *c, sqlite3_stmt *row, int column)
{
	sqlite3_value *value = sqlite3_column_value(row, column);
	int type = sqlite3_value_type(value);
	const void *text = NULL;

	switch ((enum cell_kind)c->kind) {
	case CELL_NULL:
		return type == SQLITE_NULL;
	case CELL_INTEGER:
		return type == SQLITE_INTEGER && sqlite3_value_int64(value) == c->as.integer;
	case CELL_REAL:
		return type == SQLITE_FLOAT &&
		       compare_numbers(sqlite3_value_double(value), c->as.real) == 0;
	case CELL_TEXT:
		break;
	}
	if (type != SQLITE_TEXT)
		return false;
	text = sqlite3_value_blob(value); // the bytes as they are, without a copy
	return (uint32_t)sqlite3_value_bytes(value) == c->len &&
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
