// SPDX-License-Identifier: MIT
// chunk.c: see chunk.h.

#include "batch/chunk.h"

#include "batch/begin.h"
#include "batch/budget.h"

void chunk_init(struct chunk *c, struct output *out, uint64_t budget, uint64_t comics,
		uint64_t first)
{
	*c = (struct chunk){ .budget = budget };
	boundary_init(&c->boundary, comics, budget_batch_share(budget));
	boundary_grow_from(&c->boundary, first);
	record_writer_init(&c->writer, out);
}

void chunk_clear(struct chunk *c)
{
	record_writer_clear(&c->writer);
	buf_clear(&c->begin);
}

static int end_batch(struct chunk *c, struct comic_err *err)
{
	c->records += c->boundary.batch.records;
	if (record_write(&c->writer, &c->boundary.batch, err) < 0)
		return -1;
	boundary_next(&c->boundary);
	return output_flush(c->writer.out, err);
}

static int pass(struct chunk *c, const struct stream_frame *frame, struct comic_err *err)
{
	struct stream_frame begin = *frame;

	if (frame->type == STREAM_BATCH)
		return 0;
	if (boundary_before(&c->boundary, frame) && end_batch(c, err) < 0)
		return -1;
	boundary_add(&c->boundary, frame);
	c->failures += frame->type == STREAM_FAIL;
	if (frame->type != STREAM_BEGIN)
		return record_write_frame(&c->writer, frame, err);
	if (begin_set_budget(&c->begin, frame, c->budget, err) < 0)
		return -1;
	begin.data = c->begin.data;
	begin.len = c->begin.len;
	return record_write_frame(&c->writer, &begin, err);
}

int chunk_stream(struct chunk *c, struct stream_reader *in, struct comic_err *err)
{
	struct stream_frame frame;
	int got = 0;

	while ((got = stream_next(in, &frame, err)) > 0) {
		if (pass(c, &frame, err) < 0)
			return -1;
	}
	return got < 0 ? -1 : end_batch(c, err);
}
