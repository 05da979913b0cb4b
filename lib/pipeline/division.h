// SPDX-License-Identifier: MIT
// division.h: one memory limit for all stages.
#ifndef COMIC_DIVISION_H
#define COMIC_DIVISION_H

#include "pipeline/arguments.h"

#include <stdbool.h>

// Adds to the words of comic-extract what follows for it from a memory limit of the whole (0:
// none was given): workers that fit, unless their number is chosen, and the address space of each.
COMIC_MUST_CHECK int division_for_extract(struct arguments *extract, uint64_t limit, bool chosen,
					  struct comic_err *err);

#endif
