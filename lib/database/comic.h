// SPDX-License-Identifier: MIT
// comic.h: one comic of a batch: the cells of its row, and its links to reference rows.
#ifndef COMIC_COMIC_H
#define COMIC_COMIC_H

#include "database/cell.h"
#include "database/refs.h"

// The columns of the table comic but id, added_at and updated_at.
enum comic_column {
	COL_PATH,
	COL_FOLDER,
	COL_FILE_NAME,
	COL_SIZE,
	COL_MTIME,
	COL_INO,
	COL_DEV,
	COL_FORMAT,
	COL_PAGE_COUNT,
	COL_FINGERPRINT,
	COL_VOLUME,
	COL_TITLE,
	COL_SORT_NAME,
	COL_COLLECTION_TITLE,
	COL_SERIES_SORT_NAME,
	COL_SERIES_START_YEAR,
	COL_SERIES_VOLUME_COUNT,
	COL_VOLUME_ISSUE_COUNT,
	COL_ISSUE_NAME,
	COL_ISSUE_NUMBER,
	COL_ISSUE_SUFFIX,
	COL_ALTERNATIVE_ISSUE_NAME,
	COL_ALTERNATIVE_ISSUE_NUMBER,
	COL_ALTERNATIVE_ISSUE_SUFFIX,
	COL_YEAR,
	COL_MONTH,
	COL_DAY,
	COL_COVER_DATE,
	COL_STORE_DATE,
	COL_AGE_RATING,
	COL_ORIGINAL_FORMAT,
	COL_SCAN_INFO,
	COL_TAGGER,
	COL_LANGUAGE,
	COL_COUNTRY,
	COL_MAIN_CHARACTER,
	COL_MAIN_TEAM,
	COL_MANGA,
	COL_READING_DIRECTION,
	COL_MONOCHROME,
	COL_COMMUNITY_RATING,
	COL_COMMUNITY_RATING_COUNT,
	COL_CRITICAL_RATING,
	COL_CRITICAL_RATING_COUNT,
	COL_COVER,
	COL_SOURCES,
	COL_WARNINGS,
	COL_RIGHTS,
	COL_REVIEW,
	COL_NOTES,
	COL_SUMMARY,
	COMIC_COLUMNS,
};

enum column_trait {
	COLUMN_KEY = 1, // the path and what follows from it: never updated
	COLUMN_IDENTITY =
		2,       // of the file: a difference is written, but it is no change of the comic
	COLUMN_HINT = 4, // written when something else is
	COLUMN_INDEXED = 8,   // updating it costs an index
	COLUMN_FACT = 16,     // of the file, not of its tags: --keep-missing does not keep it
};

struct comic_column_shape {
	const char *name;
	enum ref_kind kind; // of a reference, else REF_KINDS
	unsigned int traits;
};

extern const struct comic_column_shape comic_columns[COMIC_COLUMNS];

enum link_kind {
	LINK_CHARACTER,
	LINK_TEAM,
	LINK_LOCATION,
	LINK_GENRE,
	LINK_TAG,
	LINK_STORY,
	LINK_STORY_ARC,
	LINK_SERIES_GROUP,
	LINK_UNIVERSE,
	LINK_CREDIT,
	LINK_REPRINT,
	LINK_IDENTIFIER,
	LINK_OBJECT_IDENTIFIER,
	LINK_KINDS,
};

struct link_shape {
	const char *table;
	const char *column; // that refers to kind's table
	enum ref_kind kind;
	const char *payload; // what the comic says about the link; NULL: the table has none
	bool object;         // the key has a third part, object_id
};

extern const struct link_shape link_shapes[LINK_KINDS];

// What few links have.
struct link_extra {
	struct cell payload;
	int64_t object;       // id, once resolved
	uint32_t object_slot; // REF_NONE: no object
	enum ref_kind object_kind;
};

struct link {
	int64_t id;               // of the reference row, once resolved
	struct link_extra *extra; // NULL: none
	uint32_t slot;
};

enum comic_state {
	COMIC_NEW,     // not in the database
	COMIC_SAME,    // there, and nothing differs
	COMIC_REFRESH, // only the file's identity differs
	COMIC_UPDATE,  // columns or links differ
};

struct comic {
	struct cell cells[COMIC_COLUMNS];
	struct link *links;            // of all kinds, in the order of enum link_kind
	uint32_t link_end[LINK_KINDS]; // where each kind's end
	int64_t id;
	struct cell updated_at;
	enum comic_state state;
	bool index_changed;  // a column with an index differs
	uint32_t search_changed; // columns of the search row that differ (search.h)
	bool names_changed;      // ... in more than its own texts
	struct cell *was; // its own texts that differ by column, as the row had them; or NULL
};

// The links of one kind, *count of them.
struct link *comic_links(const struct comic *c, enum link_kind kind, size_t *count);

#endif
