// SPDX-License-Identifier: MIT
// budget.c: see budget.h.

#include "batch/budget.h"

uint64_t budget_bytes(uint64_t limit, double fraction)
{
	double bytes = (double)limit * fraction;

	if (fraction >= 1 || bytes >= (double)limit)
		return limit;
	return (uint64_t)bytes;
}

uint64_t budget_comics(uint64_t budget, uint64_t comic_size, uint64_t least, uint64_t most)
{
	uint64_t comics = budget / comic_size;

	if (comics > most)
		comics = most;
	return comics < least ? least : comics;
}

uint64_t budget_batch_share(uint64_t budget)
{
	return budget / 2;
}

uint64_t budget_account(const struct stream_frame *record)
{
	uint64_t bytes = record->len + record->len / 12;

	if (record->type != STREAM_COMIC)
		return bytes + BUDGET_RECORD;
	return bytes + record->values * BUDGET_VALUE + BUDGET_COMIC;
}

uint64_t budget_workers(uint64_t limit, long cpus, uint64_t most)
{
	uint64_t fitting = limit / 4 / ((uint64_t)8 << 20);
	uint64_t workers = cpus < 1 ? 1 : (uint64_t)cpus;

	workers = fitting < workers ? fitting : workers;
	workers = most < workers ? most : workers;
	return workers < 1 ? 1 : workers;
}

uint64_t budget_worker_memory(uint64_t limit)
{
	uint64_t least = (uint64_t)192 << 20;
	uint64_t most = (uint64_t)512 << 20;

	return limit < least ? least : limit > most ? most : limit;
}
