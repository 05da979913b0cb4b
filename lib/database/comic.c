// SPDX-License-Identifier: MIT
// comic.c: the tables of comic.h.

#include "database/comic.h"

#define PLAIN(name)                                                                                \
	{                                                                                          \
		name, REF_KINDS, 0                                                                 \
	}
#define KEY(name)                                                                                  \
	{                                                                                          \
		name, REF_KINDS, COLUMN_KEY                                                        \
	}
#define FACT(name, traits)                                                                         \
	{                                                                                          \
		name, REF_KINDS, COLUMN_FACT | (traits)                                            \
	}
#define REFERENCE(name, kind)                                                                      \
	{                                                                                          \
		name, kind, COLUMN_INDEXED                                                         \
	}

const struct comic_column_shape comic_columns[COMIC_COLUMNS] = {
	[COL_PATH] = KEY("path"),
	[COL_FOLDER] = { "folder_id", REF_FOLDER, COLUMN_KEY },
	[COL_FILE_NAME] = KEY("file_name"),
	[COL_SIZE] = FACT("size", COLUMN_IDENTITY),
	[COL_MTIME] = FACT("mtime", COLUMN_IDENTITY),
	[COL_INO] = FACT("ino", COLUMN_IDENTITY | COLUMN_INDEXED),
	[COL_DEV] = FACT("dev", COLUMN_HINT),
	[COL_FORMAT] = FACT("format", 0),
	[COL_PAGE_COUNT] = FACT("page_count", 0),
	[COL_FINGERPRINT] = FACT("fingerprint", COLUMN_INDEXED),
	[COL_VOLUME] = REFERENCE("volume_id", REF_VOLUME),
	[COL_TITLE] = PLAIN("title"),
	[COL_SORT_NAME] = PLAIN("sort_name"),
	[COL_COLLECTION_TITLE] = PLAIN("collection_title"),
	[COL_SERIES_SORT_NAME] = PLAIN("series_sort_name"),
	[COL_SERIES_START_YEAR] = PLAIN("series_start_year"),
	[COL_SERIES_VOLUME_COUNT] = PLAIN("series_volume_count"),
	[COL_VOLUME_ISSUE_COUNT] = PLAIN("volume_issue_count"),
	[COL_ISSUE_NAME] = PLAIN("issue_name"),
	[COL_ISSUE_NUMBER] = PLAIN("issue_number"),
	[COL_ISSUE_SUFFIX] = PLAIN("issue_suffix"),
	[COL_ALTERNATIVE_ISSUE_NAME] = PLAIN("alternative_issue_name"),
	[COL_ALTERNATIVE_ISSUE_NUMBER] = PLAIN("alternative_issue_number"),
	[COL_ALTERNATIVE_ISSUE_SUFFIX] = PLAIN("alternative_issue_suffix"),
	[COL_YEAR] = PLAIN("year"),
	[COL_MONTH] = PLAIN("month"),
	[COL_DAY] = PLAIN("day"),
	[COL_COVER_DATE] = PLAIN("cover_date"),
	[COL_STORE_DATE] = PLAIN("store_date"),
	[COL_AGE_RATING] = REFERENCE("age_rating_id", REF_AGE_RATING),
	[COL_ORIGINAL_FORMAT] =
		REFERENCE("original_format_id", REF_ORIGINAL_FORMAT),
	[COL_SCAN_INFO] = REFERENCE("scan_info_id", REF_SCAN_INFO),
	[COL_TAGGER] = REFERENCE("tagger_id", REF_TAGGER),
	[COL_LANGUAGE] = REFERENCE("language_id", REF_LANGUAGE),
	[COL_COUNTRY] = REFERENCE("country_id", REF_COUNTRY),
	[COL_MAIN_CHARACTER] = REFERENCE("main_character_id", REF_CHARACTER),
	[COL_MAIN_TEAM] = REFERENCE("main_team_id", REF_TEAM),
	[COL_MANGA] = PLAIN("manga"),
	[COL_READING_DIRECTION] = PLAIN("reading_direction"),
	[COL_MONOCHROME] = PLAIN("monochrome"),
	[COL_COMMUNITY_RATING] = PLAIN("community_rating"),
	[COL_COMMUNITY_RATING_COUNT] = PLAIN("community_rating_count"),
	[COL_CRITICAL_RATING] = PLAIN("critical_rating"),
	[COL_CRITICAL_RATING_COUNT] = PLAIN("critical_rating_count"),
	[COL_COVER] = PLAIN("cover"),
	[COL_SOURCES] = FACT("sources", 0),
	[COL_WARNINGS] = FACT("warnings", 0),
	[COL_RIGHTS] = PLAIN("rights"),
	[COL_REVIEW] = PLAIN("review"),
	[COL_NOTES] = PLAIN("notes"),
	[COL_SUMMARY] = PLAIN("summary"),
};

const struct link_shape link_shapes[LINK_KINDS] = {
	[LINK_CHARACTER] = { "comic_character", "character_id", REF_CHARACTER, NULL, false },
	[LINK_TEAM] = { "comic_team", "team_id", REF_TEAM, NULL, false },
	[LINK_LOCATION] = { "comic_location", "location_id", REF_LOCATION, NULL, false },
	[LINK_GENRE] = { "comic_genre", "genre_id", REF_GENRE, NULL, false },
	[LINK_TAG] = { "comic_tag", "tag_id", REF_TAG, NULL, false },
	[LINK_STORY] = { "comic_story", "story_id", REF_STORY, NULL, false },
	[LINK_STORY_ARC] = { "comic_story_arc", "story_arc_id", REF_STORY_ARC, "number", false },
	[LINK_SERIES_GROUP] = { "comic_series_group", "series_group_id", REF_SERIES_GROUP, NULL,
				false },
	[LINK_UNIVERSE] = { "comic_universe", "universe_id", REF_UNIVERSE, NULL, false },
	[LINK_CREDIT] = { "comic_credit", "credit_id", REF_CREDIT, NULL, false },
	[LINK_REPRINT] = { "comic_reprint", "reprint_id", REF_REPRINT, "issue_count", false },
	[LINK_IDENTIFIER] = { "comic_identifier", "identifier_id", REF_IDENTIFIER, "url", false },
	[LINK_OBJECT_IDENTIFIER] = { "comic_object_identifier", "identifier_id", REF_IDENTIFIER,
				     "url", true },
};

struct link *comic_links(const struct comic *c, enum link_kind kind, size_t *count)
{
	uint32_t first = kind == 0 ? 0 : c->link_end[kind - 1];

	*count = c->link_end[kind] - first;
	return c->links + first;
}
