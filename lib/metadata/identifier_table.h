// SPDX-License-Identifier: MIT
// identifier_table.h: what identifier.c and identifier_url.c share.
#ifndef COMIC_IDENTIFIER_TABLE_H
#define COMIC_IDENTIFIER_TABLE_H

#include "metadata/identifier.h"

enum source { // in order of preference
	SOURCE_METRON,
	SOURCE_COMICVINE,
	SOURCE_GCD,
	SOURCE_LOCG,
	SOURCE_MARVEL,
	SOURCE_PANELSYNDICATE,
	SOURCE_ANILIST,
	SOURCE_KITSU,
	SOURCE_MANGADEX,
	SOURCE_MANGAUPDATES,
	SOURCE_MYANIMELIST,
	SOURCE_GTIN,
	SOURCE_ISBN,
	SOURCE_UPC,
	SOURCE_ASIN,
	SOURCE_COMIXOLOGY,
};

struct text identifier_name_of(enum source s);
bool identifier_find_source(struct text name, enum source *out); // by name, alias or host
bool identifier_host_source(struct text host, enum source *out);
const char *identifier_type_name(enum identifier_type type);
bool identifier_find_type(struct text name, enum identifier_type *out);
const char *identifier_comicvine_code(enum identifier_type type); // "4000"; NULL if it has none
bool identifier_parse_comicvine(struct text t, struct identifier *out); // "4000-123", all of t

#endif
