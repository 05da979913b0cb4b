// SPDX-License-Identifier: MIT
// budget.h: from a memory limit to the size of a batch.
//
//	budget = limit x fraction        what comic-load may use in all
//	comics per batch = budget / 16 KiB, from 1,000 to 500,000
//	share = budget / 2               what the records of a batch may take of it
//
// The rest of the budget is the loader's page cache (3/8) and id cache (1/8).
#ifndef COMIC_BUDGET_H
#define COMIC_BUDGET_H

#include <stdint.h>

#define BUDGET_FRACTION 0.25
#define BUDGET_COMIC_SIZE ((uint64_t)16 << 10) // bytes of budget for a typical comic
#define BUDGET_COMICS_LEAST ((uint64_t)1000) // smaller batches rewrite the same index pages
#define BUDGET_COMICS_MOST ((uint64_t)500000)

// What a record of `encoded` bytes costs in a batch: FACTOR for each byte (the record as read and
// its texts for the database), OVERHEAD for the rows, links and names made of it. Measured on
// comic-load as the growth of its peak memory when the batch grows, the same stream and budget
// (60,000 records, batches of 1,000 to 15,000): 2.7 KB for a record of 0.9 KB, 3.6 for 1.5, 8.8 for
// 5.9, 136 for 101; that is 1.35 x bytes + 1.7 KB, and a quarter more for records unlike these.
#define BUDGET_FACTOR 1.5
#define BUDGET_RECORD_OVERHEAD ((uint64_t)2048) // bytes

uint64_t budget_bytes(uint64_t limit, double fraction);
// comic_size is not 0.
uint64_t budget_comics(uint64_t budget, uint64_t comic_size, uint64_t least, uint64_t most);
uint64_t budget_batch_share(uint64_t budget);
uint64_t budget_account(uint64_t encoded);

// Extraction workers: one for each CPU, but so many that a quarter of the limit holds them at
// 8 MiB each; at least 1, at most `most`.
uint64_t budget_workers(uint64_t limit, long cpus, uint64_t most);

// Address space of a worker where the whole import shall do with `limit`: the programs' own 60 MiB
// and the dictionary of an ordinary archive must fit, whatever the limit.
uint64_t budget_worker_memory(uint64_t limit);

#endif
