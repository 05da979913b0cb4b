// SPDX-License-Identifier: MIT
// ref_tables.h: the tables of reference rows, described; for refs.c and refs_resolve.c only.
#ifndef COMIC_REF_TABLES_H
#define COMIC_REF_TABLES_H

#include "database/refs.h"

enum part_type {
	PART_TEXT,
	PART_NUMBER,          // or NULL
	PART_PARENT,          // another row
	PART_OPTIONAL_PARENT, // or NULL
};

struct ref_column {
	const char *name;
	enum part_type type;
	enum ref_kind parent; // REF_KINDS: no parent
};

// What a column that is no key follows from; see derive.h.
enum derivation {
	DERIVE_NONE,
	DERIVE_PARENT_FOLDER, // the id of the folder above
	DERIVE_DISPLAY_NAME,
	DERIVE_SORT_NAME, // of the key's last part
	DERIVE_METRON_NAME,
	DERIVE_METRON_RANK,
	DERIVE_LANGUAGE_NAME,
	DERIVE_COUNTRY_NAME,
};

#define REF_DERIVED 2

struct ref_table_shape {
	const char *table;
	size_t columns; // of the key
	struct ref_column key[REF_PARTS];
	struct {
		const char *name; // NULL: no more
		enum derivation derivation;
	} derived[REF_DERIVED];
	enum derivation shown; // the derived text that is searched
};

extern const struct ref_table_shape ref_tables[REF_KINDS];

// "/a" for "/a/b", "/" for "/a"; the empty text for "/".
struct text ref_folder_above(struct text path);

#endif
