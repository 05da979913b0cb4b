// SPDX-License-Identifier: MIT
// cell.h: one value as SQLite will store it.
//
// Rows of a batch are arrays of cells, so that writing a row, comparing it with
// the one in the database and finding what changed are loops over a table of
// columns. A cell does not own its text.
#ifndef COMIC_CELL_H
#define COMIC_CELL_H

#include "base/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

enum cell_kind { CELL_NULL, CELL_INTEGER, CELL_REAL, CELL_TEXT };

struct cell {
	union {
		int64_t integer;
		double real;
		const char *text; // bytes, not always UTF-8, not terminated
	} as;
	uint32_t len;  // of text; of a reference the slot
	uint32_t kind; // enum cell_kind
};

struct cell cell_integer(int64_t value);
// What does not fit a signed 64-bit column becomes its largest value.
struct cell cell_unsigned(uint64_t value);
struct cell cell_real(double value);
// A row of a reference table (refs.h): the slot in `len`, the id once it is known.
struct cell cell_reference(uint32_t slot);
// NULL where t.data is NULL.
struct cell cell_text(struct text t);
// The text of a CELL_TEXT; data NULL for any other.
struct text cell_as_text(const struct cell *c);

// NULL first, then by kind, numbers by value, text in byte order.
int cell_compare(const struct cell *a, const struct cell *b);
// True if the column of the current row holds just this.
bool cell_equals_column(const struct cell *c, sqlite3_stmt *row, int column);
// Makes it the result of a virtual table's column. The text must stay where it is until the
// statement goes to its next row.
void cell_result(const struct cell *c, sqlite3_context *out);

#endif
