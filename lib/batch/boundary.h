// SPDX-License-Identifier: MIT
// boundary.h: where one batch of a stream ends and the next begins.
//
// A batch ends before the first record that does not fit any more: when it holds the full count
// of records, or when the record would take its accounted bytes (budget.h) over the share. So
// no batch is over its share unless it is a single record, and none is empty: whatever the
// stream, the last batch ends at the end of input and holds the last `end`. Only a stream
// without any records is one batch of no records.
// The first batches may be smaller, each twice the one before, up to the full count: then the
// loader has something to do soon. Records are all but begin, end and batch.
#ifndef COMIC_BOUNDARY_H
#define COMIC_BOUNDARY_H

#include "stream/record.h"

struct boundary {
	uint64_t full;  // records of a full batch
	uint64_t most;  // records of the open one
	uint64_t share; // accounted bytes of a batch
	uint64_t accounted;
	struct record batch; // the open one: n (from 1), records, comics, bytes (as encoded)
};

void boundary_init(struct boundary *b, uint64_t full, uint64_t share);
// The first batch, not yet begun, holds no more than this.
void boundary_grow_from(struct boundary *b, uint64_t first);
// True if the open batch is to be ended before this frame.
bool boundary_before(const struct boundary *b, const struct stream_frame *frame);
// Counts the frame to the open batch.
void boundary_add(struct boundary *b, const struct stream_frame *frame);
// Begins the next batch.
void boundary_next(struct boundary *b);

#endif
