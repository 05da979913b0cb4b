// SPDX-License-Identifier: MIT
// identifier.h: the numbers under which databases and shops know a comic.
//
// An identifier is a source (comicvine, metron, isbn, ...), the type of thing it names, and a
// key; it may have a page of its own, its url. Texts of results point into the input, the
// arena or static tables.
#ifndef COMIC_IDENTIFIER_H
#define COMIC_IDENTIFIER_H

#include "metadata/model.h"

enum identifier_type {
	IDENTIFIER_ISSUE, // what an identifier names when it does not say
	IDENTIFIER_ARC,
	IDENTIFIER_CHARACTER,
	IDENTIFIER_CREATOR,
	IDENTIFIER_GENRE,
	IDENTIFIER_IMPRINT,
	IDENTIFIER_LOCATION,
	IDENTIFIER_PUBLISHER,
	IDENTIFIER_REPRINT,
	IDENTIFIER_ROLE,
	IDENTIFIER_SERIES,
	IDENTIFIER_STORY,
	IDENTIFIER_TAG,
	IDENTIFIER_TEAM,
	IDENTIFIER_UNIVERSE,
	IDENTIFIER_VOLUME,
	IDENTIFIER_TYPES // how many
};

struct identifier {
	struct text source; // canonical, or a host name
	enum identifier_type type;
	struct text key; // may be empty when there is a url
	struct text url; // may be empty
};

// The canonical name of a source from any of its names (Comic Vine, CVDB, comicvine.com);
// empty if it is not known.
struct text identifier_source(struct text name);
// Sources in order of preference: 0 is the best; unknown ones come after all known.
int identifier_source_rank(struct text source);
// "Comic Vine" for comicvine; NULL for unknown sources.
const char *identifier_source_title(struct text source);

// A whole text that is an identifier: urn:SRC:TYPE:KEY, SRC:TYPE:KEY, SRC:KEY, SRC123,
// 4000-123 (Comic Vine). False if it is none, or of an unknown source.
bool identifier_parse(struct text t, struct identifier *out);
// The same, and numbers without a source: ISBN, UPC, else GTIN.
bool identifier_parse_gtin(struct text t, struct identifier *out);
// An http(s) address. An unknown host is its own source.
bool identifier_parse_url(struct arena *a, struct text t, struct identifier *out);
// What a source of its own element or key says: a bare key, or the long forms of the above.
void identifier_parse_key(struct text source, struct text t, struct identifier *out);
// The address of a source's first page, empty if unknown. data == NULL: no memory.
struct text identifier_home(struct arena *a, struct text source);
// Sets the comic's primary source and its home.
void identifier_put_primary(struct builder *b, struct text source);
// The address of an identifier's page, empty if there is none. data == NULL: no memory.
struct text identifier_url(struct arena *a, const struct identifier *id);

// Adds an identifier found with a comic: to the comic; series, publisher and imprint go to
// those. What is there already stays; a missing key or url is filled in.
void identifier_put(struct builder *b, const struct identifier *id);

#endif
