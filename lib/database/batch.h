// SPDX-License-Identifier: MIT
// batch.h: the records of one batch in memory, boiled down to what shall be true at its end.
//
// The batch is read whole before it is applied. Records about one path
// act in the order of the stream: the last comic wins, a comic ends a failure, a
// fail leaves the comic as it is, a gone waits until the end of the run unless
// something else is said of its path. What comes out does not depend on where a
// stream was cut into batches.
#ifndef COMIC_BATCH_H
#define COMIC_BATCH_H

#include "base/intern.h"
#include "database/comic.h"
#include "stream/record.h"

struct failure {
	struct text path;
	struct identity id;
	enum fail_code code;
	struct text reason; // UTF-8
	uint32_t attempts;  // in this batch, of this state of the file
	bool fresh;         // what the database counted does not go on
};

struct gone {
	struct text path;
	int64_t row;
	bool has_row;
	struct text root; // of the scan; empty if none fits
};

// A comic that moved (from is set) or whose inode number alone changed.
struct move {
	struct text from;
	uint32_t path; // number in batch.paths
	struct identity id;
	int64_t row;
	uint32_t folder;  // slot
	struct text left; // the root it was below, if it is below another now; else empty
};

struct path_state {
	struct comic *comic;
	struct failure *failure; // that stands at the end of the batch
	struct gone *gone;
	bool success; // what the database holds as its failure is over
	bool present; // a gone of an earlier batch is void
	bool decided; // a comic or fail came after the last move
};

struct batch {
	struct arena arena; // everything below but the tables
	struct refs refs;
	struct intern paths;
	struct path_state *states; // by number of the path
	size_t state_room;
	struct move *moves; // in order
	size_t move_count;
	size_t move_room;
	struct intern lists;    // arrays of texts: few comics have sources all their own
	struct cell *list_json; // by number of the list
	size_t list_room;
	struct buf list;                // the one being looked up
	struct link *links[LINK_KINDS]; // of the comic being decoded
	size_t link_count[LINK_KINDS];
	size_t link_room[LINK_KINDS];
	struct arena group; // roots of the open group
	struct text *roots;
	size_t root_count;
	bool complete;    // the open group may delete
	uint64_t records; // since the last batch_reset()
	uint64_t bytes;
};

// A zeroed struct batch is an empty one.

// A group begins: its roots and whether its gone records count.
COMIC_MUST_CHECK int batch_begin_group(struct batch *b, const struct record *r,
				       struct comic_err *err);
// Takes in a file, moved, gone, comic or fail record of this many encoded bytes. A file that is
// new or modified has not been extracted: INPUT. -1: INPUT, NOMEM.
COMIC_MUST_CHECK int batch_add(struct batch *b, const struct record *r, size_t bytes,
			       struct comic_err *err);
// True if what the batch holds must be applied before this record can be added: a move of a
// path the batch has a comic for already.
bool batch_must_end(const struct batch *b, const struct record *r);
size_t batch_memory(const struct batch *b);
// Forgets the records. Slots and ids of reference rows are kept while they take no more than
// this many bytes.
void batch_reset(struct batch *b, size_t keep);
void batch_clear(struct batch *b);

// One comic record as cells and links (decode.c). NULL: NOMEM.
COMIC_MUST_CHECK struct comic *batch_decode(struct batch *b, const struct record *r,
					    struct text path);

#endif
