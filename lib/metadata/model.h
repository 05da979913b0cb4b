// SPDX-License-Identifier: MIT
// model.h: the normalized record of one comic, as a tree.
//
// Every metadata source fills one tree in the shape of stream/meta.h; merge.h makes one of
// them and encode.h writes it. Nodes and the texts they point to live in one arena, which
// the caller resets between comics.
//
// Functions that add to a tree never fail in the middle: when memory ends they set
// builder.failed and do nothing from then on. Look once, at the end.
#ifndef COMIC_MODEL_H
#define COMIC_MODEL_H

#include "base/text.h"
#include "stream/meta.h"

#include <stdbool.h>
#include <stdint.h>

#define MODEL_NAMES_MAX 10000 // names or items in one list
#define MODEL_INTEGER_MAX ((int64_t)1 << 53) // what META_UNSIGNED allows

// Positions in the tables of stream/meta.c; a unit test compares them with its keys.
enum comic_key {
	COMIC_TITLE,
	COMIC_COLLECTION_TITLE,
	COMIC_PUBLISHER,
	COMIC_IMPRINT,
	COMIC_SERIES,
	COMIC_VOLUME,
	COMIC_ISSUE,
	COMIC_ALTERNATIVE_ISSUE,
	COMIC_DATE,
	COMIC_SUMMARY,
	COMIC_NOTES,
	COMIC_REVIEW,
	COMIC_RIGHTS,
	COMIC_AGE_RATING,
	COMIC_ORIGINAL_FORMAT,
	COMIC_SCAN_INFO,
	COMIC_TAGGER,
	COMIC_LANGUAGE,
	COMIC_COUNTRY,
	COMIC_MANGA,
	COMIC_READING_DIRECTION,
	COMIC_MONOCHROME,
	COMIC_COMMUNITY_RATING,
	COMIC_CRITICAL_RATING,
	COMIC_PROTAGONIST,
	COMIC_STORIES,
	COMIC_ARCS,
	COMIC_CREDITS,
	COMIC_CHARACTERS,
	COMIC_TEAMS,
	COMIC_LOCATIONS,
	COMIC_GENRES,
	COMIC_TAGS,
	COMIC_UNIVERSES,
	COMIC_SERIES_GROUPS,
	COMIC_IDENTIFIERS,
	COMIC_REPRINTS,
	COMIC_COVER,
	COMIC_IDENTIFIER_PRIMARY_SOURCE,
	COMIC_CREDIT_PRIMARIES,
	COMIC_COVER_IMAGE,
	COMIC_PRICES,
	COMIC_PAGE_COUNT,
	COMIC_BOOKMARK,
	COMIC_PAGES,
	COMIC_REMAINDERS,
	COMIC_EXT,
	COMIC_UPDATED_AT,
	COMIC_KEYS // how many
};
enum { IDENTIFIER_KEY, IDENTIFIER_URL };
enum { NAMED_IDENTIFIERS };
enum { PUBLISHER_NAME, PUBLISHER_IDENTIFIERS }; // and imprint
enum { SERIES_NAME, SERIES_SORT_NAME, SERIES_START_YEAR, SERIES_VOLUME_COUNT, SERIES_IDENTIFIERS };
enum { VOLUME_NUMBER, VOLUME_NUMBER_TO, VOLUME_ISSUE_COUNT };
enum { ISSUE_NAME, ISSUE_NUMBER, ISSUE_SUFFIX };
enum { DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_COVER_DATE, DATE_STORE_DATE };
enum { ARC_NUMBER, ARC_IDENTIFIERS };
enum { CREDIT_ROLES, CREDIT_IDENTIFIERS };
enum { UNIVERSE_DESIGNATION, UNIVERSE_IDENTIFIERS };
enum { REPRINT_LANGUAGE, REPRINT_SERIES, REPRINT_VOLUME, REPRINT_ISSUE, REPRINT_IDENTIFIERS };
enum { REPRINT_SERIES_NAME, REPRINT_SERIES_SORT_NAME };
enum { REPRINT_VOLUME_NUMBER, REPRINT_VOLUME_ISSUE_COUNT };
enum { PRIMARY_SOURCE, PRIMARY_URL };
enum { RATING_AVERAGE, RATING_COUNT };
enum { PAGE_TYPE, PAGE_SIZE, PAGE_WIDTH, PAGE_HEIGHT, PAGE_DOUBLE, PAGE_KEY, PAGE_BOOKMARK };

struct node_list { // META_NAMES META_LIST META_MAPS META_TEXTS META_DECIMALS
	struct node *first;
	struct node *last;
	struct node **index; // by hash, once there are many; NULL before
	uint32_t index_size; // a power of two
	uint32_t count;
	bool full; // something was left out, and a warning says so
};

struct node {
	struct node *next; // in the parent's list
	const struct meta_field
		*fields; // of a map: its keys; of META_NAMES and META_MAPS: their members'
	struct text name; // the key under META_NAMES, as first written
	struct text fold; // name in one case: equal folds are one name
	uint64_t hash; // of fold
	uint8_t shape; // enum meta_shape
	uint8_t source; // which source set it: struct builder.source
	union {
		struct text text;
		int64_t integer; // META_UNSIGNED META_INTEGER; META_DECIMAL in hundredths
		bool flag;
		struct node **slots; // META_MAP: one per field, NULL while it is empty
		struct node_list list;
	} u;
};

#define MODEL_WARNINGS_MAX 32

struct warnings {
	struct text list[MODEL_WARNINGS_MAX]; // in the builder's arena
	size_t count;
};

#define MODEL_COVERS_MAX 16

struct covers { // page indexes from 0 that tags call a front cover, ascending, each once
	uint32_t pages[MODEL_COVERS_MAX];
	size_t count;
};

struct builder {
	struct arena *arena;
	struct warnings *warnings;
	struct covers *covers;
	struct node *root; // META_MAP of meta_fields
	const char *name; // of the source, for warnings: "ComicInfo.xml"
	const char *field; // the element or key being read, for warnings; NULL for the whole
	uint8_t source;
	bool full; // keep what only comic-extract --full writes
	bool failed; // no memory
};

// An empty tree for one source. On failure root is NULL and failed is set.
void builder_init(struct builder *b, const struct builder *like, const char *name, uint8_t source);

// Adds "SOURCE: FIELD: text" to the warnings; beyond MODEL_WARNINGS_MAX nothing.
COMIC_PRINTF(2, 3) void builder_warn(struct builder *b, const char *fmt, ...);

// A copy in the arena, empty when memory ended.
struct text builder_copy(struct builder *b, const char *string);

void covers_add(struct covers *c, uint32_t page);

// What stands at a key of a map, NULL if nothing. map may be NULL.
struct node *node_get(const struct node *map, unsigned int key);
// The text at a key of a map, empty if there is none.
struct text node_text(const struct node *map, unsigned int key);
// The first member of a list, NULL if it has none; list may be NULL.
struct node *node_first(const struct node *list);
// True for a map or list in which nothing is set.
bool node_is_empty(const struct node *n);

// The map or list at a key of a map, made if need be. NULL only when failed is set.
struct node *node_make(struct builder *b, struct node *map, unsigned int key);
void node_remove(struct node *map, unsigned int key);

// Set the value at a key. Texts must live as long as the arena; an empty one sets nothing.
// put keeps a value that is already there: within one document the first wins.
void node_set_text(struct builder *b, struct node *map, unsigned int key, struct text value);
void node_put_text(struct builder *b, struct node *map, unsigned int key, struct text value);
void node_set_integer(struct builder *b, struct node *map, unsigned int key, int64_t value);
void node_put_integer(struct builder *b, struct node *map, unsigned int key, int64_t value);
void node_put_flag(struct builder *b, struct node *map, unsigned int key, bool value);

// The member called name, NULL if there is none. Case is ignored, in any script.
struct node *node_find(struct builder *b, const struct node *names, struct text name);
// The same, added if need be. NULL for an empty name (but for a price: one without a country),
// when the list is full (warned once) or failed is set.
struct node *node_add(struct builder *b, struct node *names, struct text name);
// Adds a text to a META_LIST that does not hold it yet.
void node_add_item(struct builder *b, struct node *list, struct text item);
// A new map at the end of a META_MAPS; NULL as node_add.
struct node *node_add_map(struct builder *b, struct node *maps);
// Adds a node made elsewhere (names and lists: not yet in it).
void node_append(struct builder *b, struct node *list, struct node *member);

#endif
