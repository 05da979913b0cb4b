// SPDX-License-Identifier: MIT
// extract.h: one comic, from its descriptor to its reply. Runs in a worker process.
#ifndef COMIC_EXTRACT_H
#define COMIC_EXTRACT_H

#include "base/mem.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct extract_options {
	bool full; // also what the database does not keep
	bool origin; // also `from`: which source each value came from
	uint32_t sources; // a set of metadata_parse_sources(); 0: all
};

// The pool_start and pool_work of comic-extract: context is a struct extract_options.
// A job without a descriptor is answered from the name alone.
void *extract_start(const void *context);
int extract_work(void *state, int fd, uint64_t size, struct text name, struct buf *reply);

#endif
