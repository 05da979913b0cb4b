// SPDX-License-Identifier: MIT
// chunk.h: a stream passed on with its batches marked.
//
// Records go on as the bytes they came in, but for two changes: each begin gets the budget
// (begin.h), and batch records of an earlier pass are dropped, so that a stream can be cut anew.
// After each batch (boundary.h) a batch record is written and the output flushed: the loader
// starts on a batch when it has read its end.
#ifndef COMIC_CHUNK_H
#define COMIC_CHUNK_H

#include "batch/boundary.h"

struct chunk {
	struct boundary boundary;
	struct record_writer writer;
	struct buf begin;
	uint64_t budget;   // bytes
	uint64_t records;  // of all batches
	uint64_t failures; // fail records among them
};

// At most `comics` records a batch, the first one `first`, and as many bytes as the budget lets.
// out must outlive it.
void chunk_init(struct chunk *c, struct output *out, uint64_t budget, uint64_t comics,
		uint64_t first);
void chunk_clear(struct chunk *c);
// Passes a whole stream on; behind it stands the last batch record. That it is missing after an
// error tells the loader that the stream was cut. -1: err is that of stream_next() or
// output_write(), or NOMEM.
COMIC_MUST_CHECK int chunk_stream(struct chunk *c, struct stream_reader *in, struct comic_err *err);

#endif
