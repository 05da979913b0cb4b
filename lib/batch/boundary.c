// SPDX-License-Identifier: MIT
// boundary.c: see boundary.h.

#include "batch/boundary.h"

#include "batch/budget.h"

void boundary_init(struct boundary *b, uint64_t full, uint64_t share)
{
	*b = (struct boundary){ .full = full, .most = full, .share = share };
	b->batch.type = STREAM_BATCH;
	b->batch.n = 1;
}

void boundary_grow_from(struct boundary *b, uint64_t first)
{
	b->most = first < b->full ? first : b->full;
}

static bool is_counted(const struct stream_frame *frame)
{
	return frame->type != STREAM_BEGIN && frame->type != STREAM_END &&
	       frame->type != STREAM_BATCH;
}

bool boundary_before(const struct boundary *b, const struct stream_frame *frame)
{
	if (!is_counted(frame) || b->batch.records == 0)
		return false;
	return b->batch.records >= b->most || b->accounted + budget_account(frame) > b->share;
}

void boundary_add(struct boundary *b, const struct stream_frame *frame)
{
	if (!is_counted(frame))
		return;
	b->accounted += budget_account(frame);
	b->batch.records++;
	b->batch.comics += frame->type == STREAM_COMIC;
	b->batch.bytes += frame->len;
}

void boundary_next(struct boundary *b)
{
	uint64_t n = b->batch.n + 1;
	uint64_t twice = b->most > b->full / 2 ? b->full : b->most * 2;

	boundary_init(b, b->full, b->share);
	boundary_grow_from(b, twice);
	b->batch.n = n;
}
