// SPDX-License-Identifier: MIT
// feed.c: an eponymous virtual table; see feed.h.

#include "database/feed.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct feed_table {
	sqlite3_vtab base;
	struct feed *feed;
};

struct feed_cursor {
	sqlite3_vtab_cursor base;
	struct feed *feed;
	size_t row;
};

static int connect_feed(sqlite3 *db, void *feed, int argc, const char *const *argv,
			sqlite3_vtab **out, char **message)
{
	char sql[16 + FEED_COLUMNS * 5] = "CREATE TABLE x(c0";
	size_t used = strlen(sql);
	struct feed_table *table = NULL;
	int status = SQLITE_OK;

	(void)argc;
	(void)argv;
	(void)message;
	for (int i = 1; i < FEED_COLUMNS; i++) {
		(void)sqlite3_snprintf((int)(sizeof(sql) - used), sql + used, ",c%d", i);
		used += strlen(sql + used);
	}
	sql[used++] = ')';
	sql[used] = '\0';
	status = sqlite3_declare_vtab(db, sql);
	if (status != SQLITE_OK)
		return status;
	(void)sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	table = mem_zero(1, sizeof(*table));
	if (table == NULL)
		return SQLITE_NOMEM;
	table->feed = feed;
	*out = &table->base;
	return SQLITE_OK;
}

static int disconnect_feed(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

// The only plan is to read it all; whoever joins it puts it first.
static int plan_feed(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1000;
	info->estimatedRows = 1000;
	// Rows come in the order of their rowid.
	info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == -1 &&
				info->aOrderBy[0].desc == 0;
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
	struct feed_table *table = (struct feed_table *)base;
	struct feed_cursor *cursor = mem_zero(1, sizeof(*cursor));

	if (cursor == NULL)
		return SQLITE_NOMEM;
	cursor->feed = table->feed;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int first_row(sqlite3_vtab_cursor *base, int plan, const char *plan_text, int argc,
		     sqlite3_value **argv)
{
	struct feed_cursor *cursor = (struct feed_cursor *)base;

	(void)plan;
	(void)plan_text;
	(void)argc;
	(void)argv;
	cursor->row = 0;
	return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
	struct feed_cursor *cursor = (struct feed_cursor *)base;

	cursor->row++;
	return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
	const struct feed_cursor *cursor = (const struct feed_cursor *)base;

	return cursor->row >= cursor->feed->count;
}

static int column_value(sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
	const struct feed_cursor *cursor = (const struct feed_cursor *)base;

	cursor->feed->column(cursor->feed->rows, cursor->row, column, out);
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
	const struct feed_cursor *cursor = (const struct feed_cursor *)base;

	*out = (sqlite3_int64)cursor->row;
	return SQLITE_OK;
}

int feed_register(sqlite3 *db, struct feed *feed)
{
	static const sqlite3_module module = {
		.xConnect = connect_feed, // and no xCreate: the table is simply there
		.xBestIndex = plan_feed,
		.xDisconnect = disconnect_feed,
		.xOpen = open_cursor,
		.xClose = close_cursor,
		.xFilter = first_row,
		.xNext = next_row,
		.xEof = at_end,
		.xColumn = column_value,
		.xRowid = row_number,
	};

	return sqlite3_create_module_v2(db, "feed", &module, feed, NULL);
}

static void integer_column(void *rows, size_t row, int column, sqlite3_context *out)
{
	const sqlite3_int64 *values = rows;

	(void)column;
	sqlite3_result_int64(out, values[row]);
}

struct feed feed_integers(const sqlite3_int64 *values, size_t count)
{
	// The callback only reads them.
	union {
		const sqlite3_int64 *read;
		void *rows;
	} as = { values };

	return (struct feed){ count, integer_column, as.rows };
}
