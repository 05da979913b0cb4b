// SPDX-License-Identifier: MIT
// test_batch_budget.c: from a limit to a batch.

#include "batch/budget.h"
#include "tap.h"

#define MIB ((uint64_t)1 << 20)

static uint64_t comics(uint64_t limit)
{
	return budget_comics(budget_bytes(limit, BUDGET_FRACTION), BUDGET_COMIC_SIZE,
			     BUDGET_COMICS_LEAST, BUDGET_COMICS_MOST);
}

int main(void)
{
	is_u64(comics(4096 * MIB), 65536, "4 GiB");
	is_u64(comics(1024 * MIB), 16384, "1 GiB");
	is_u64(comics(256 * MIB), 4096, "256 MiB");
	is_u64(comics(64 * MIB), 1024, "64 MiB");
	is_u64(comics(32 * MIB), 1000, "32 MiB: the least");
	is_u64(comics(1), 1000, "1 byte: the least");
	is_u64(comics(1024 * 1024 * MIB), 500000, "1 TiB: the most");
	is_u64(comics(UINT64_MAX), 500000, "as much as can be said");
	is_u64(budget_bytes(1000, 0.5), 500, "half the limit");
	is_u64(budget_bytes(UINT64_MAX, 1), UINT64_MAX, "the whole limit, exactly");
	is_u64(budget_bytes(UINT64_MAX, 0.99999999999999989), UINT64_MAX - 2047,
	       "nearly the whole limit does not overflow");
	is_u64(budget_bytes(0, 0.25), 0, "nothing of nothing");
	is_u64(budget_comics(100, 10, 1, 100), 10, "another comic size");
	is_u64(budget_comics(100, 10, 3, 7), 7, "another most");
	is_u64(budget_comics(100, 10, 20, 30), 20, "another least");
	is_u64(budget_batch_share(64 * MIB), 32 * MIB, "half the budget is the batch's");
	ok(budget_account(&(struct stream_frame){ .type = STREAM_GONE }) > 0,
	   "an empty record costs something");
	ok(budget_account(&(struct stream_frame){ .len = MIB, .type = STREAM_FAIL }) >= MIB,
	   "a record costs at least its bytes");
	ok(budget_account(&(struct stream_frame){ .len = 1000, .type = STREAM_COMIC, .values = 9 }) >
		   budget_account(&(struct stream_frame){ .len = 1000, .type = STREAM_COMIC }),
	   "many short values cost more than a long one");
	return done();
}
