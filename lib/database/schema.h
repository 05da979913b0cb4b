// SPDX-License-Identifier: MIT
// schema.h: the SQL that makes an empty database, from schema.sql, and what its first import ends with.
#ifndef COMIC_SCHEMA_H
#define COMIC_SCHEMA_H

#define SCHEMA_VERSION 1

// NUL-terminated; several statements.
extern const char schema_sql[];
// The secondary indexes, from indexes.sql: one statement a line.
extern const char indexes_sql[];

#endif
