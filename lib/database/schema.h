// SPDX-License-Identifier: MIT
// schema.h: the SQL that makes an empty database and that its first import ends with.
#ifndef COMIC_SCHEMA_H
#define COMIC_SCHEMA_H

#define SCHEMA_VERSION 2

// From schema.sql; NUL-terminated, several statements.
extern const char schema_sql[];
// The secondary indexes, from indexes.sql.
extern const char indexes_sql[];

#endif
