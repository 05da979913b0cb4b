// SPDX-License-Identifier: MIT
// budget.h: from a memory limit to the size of a batch.
//
//	budget = limit x fraction        what comic-load may use in all
//	comics per batch = budget / 16 KiB, from 1,000 to 500,000
//	share = budget / 2               what the records of a batch may take of it
//
// The rest of the budget is the loader's: pages of the database 1/4, the search index 1/8 and what
// is held for it 1/16, names and ids kept from batch to batch 1/16 (lib/database/load.c).
#ifndef COMIC_BUDGET_H
#define COMIC_BUDGET_H

#include "stream/reader.h"

#include <stdint.h>

#define BUDGET_FRACTION 0.25
#define BUDGET_COMIC_SIZE ((uint64_t)16 << 10) // bytes of budget for a typical comic
#define BUDGET_COMICS_LEAST ((uint64_t)1000) // smaller batches rewrite the same index pages
#define BUDGET_COMICS_MOST ((uint64_t)500000)
#define BUDGET_COMICS_FIRST ((uint64_t)500) // of the first batch; each next is twice as large

// What a record costs in a batch: its texts, something for each of its values (a name is a link,
// and a row of the names known if it is new), and the row it becomes. Measured as what a batch
// has allocated, for records of eight kinds (tests/unit/test_database_memory.c, which prints the
// ratios and holds them between 1 and 2).
#define BUDGET_VALUE ((uint64_t)23) // bytes
#define BUDGET_COMIC ((uint64_t)1600)
#define BUDGET_RECORD ((uint64_t)256) // that is no comic

uint64_t budget_bytes(uint64_t limit, double fraction);
// comic_size is not 0.
uint64_t budget_comics(uint64_t budget, uint64_t comic_size, uint64_t least, uint64_t most);
uint64_t budget_batch_share(uint64_t budget);
uint64_t budget_account(const struct stream_frame *record);

// Extraction workers: one for each CPU, but so many that a quarter of the limit holds them at
// 8 MiB each; at least 1, at most `most`.
uint64_t budget_workers(uint64_t limit, long cpus, uint64_t most);

// Address space of a worker where the whole import shall do with `limit`: the programs' own 60 MiB
// and the dictionary of an ordinary archive must fit, whatever the limit.
uint64_t budget_worker_memory(uint64_t limit);

#endif
