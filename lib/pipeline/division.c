// SPDX-License-Identifier: MIT
// division.c: see division.h.

#include "pipeline/division.h"

#include "batch/budget.h"
#include "worker/pool.h"

#include <unistd.h>

int division_for_extract(struct arguments *extract, uint64_t limit, bool chosen,
			 struct comic_err *err)
{
	uint64_t jobs = budget_workers(limit, sysconf(_SC_NPROCESSORS_ONLN), POOL_WORKERS_MAX);

	if (limit == 0)
		return 0;
	if (!chosen && arguments_add_number(extract, "jobs", jobs, err) < 0)
		return -1;
	return arguments_add_number(extract, "memory", budget_worker_memory(limit), err);
}
