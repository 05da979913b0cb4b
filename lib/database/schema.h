// SPDX-License-Identifier: MIT
// schema.h: the SQL that makes an empty database, from schema.sql.
#ifndef COMIC_SCHEMA_H
#define COMIC_SCHEMA_H

#define SCHEMA_VERSION 2

// NUL-terminated; several statements.
extern const char schema_sql[];

#endif
