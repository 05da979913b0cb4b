// SPDX-License-Identifier: MIT
// segment.h: postings become a segment of the search index, comic_fts.
//
// FTS5 keeps an index as a list of segments, each sorted by word, newer ones over older ones. It
// would make the same segment of the same rows, but only one word at a time: half of the time of
// an import. So the rows are gathered in memory (postings.h) and written here straight into the
// tables in which FTS5 keeps an index: comic_fts_data (leaves of segments, the list of segments,
// how many rows and words there are), comic_fts_idx (which leaf a word is in) and
// comic_fts_docsize (words of each row). Their format is described in SQLite's fts5_index.c and
// has had version 4 since 2015; another version is refused. FTS5 checks what is written here with
// its 'integrity-check', which comic-db(5) shows.
//
// FTS5 itself only searches and merges segments (search_merge()). It remembers the list of
// segments it read and does not notice another one written on the same connection: see there.
#ifndef COMIC_SEGMENT_H
#define COMIC_SEGMENT_H

#include "database/database.h"
#include "database/postings.h"

// Writes what was gathered, in the transaction; *segments is how many have not been merged yet.
// -1: DB (damaged, another version, too many segments), NOMEM.
COMIC_MUST_CHECK int segment_write(struct database *d, struct postings *p, size_t *segments,
				   struct comic_err *err);

#endif
