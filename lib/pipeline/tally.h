// SPDX-License-Identifier: MIT
// tally.h: how many records of each type pass by in a stream of bytes.
//
// Looks on only: a stream that is broken is counted no further, and whoever
// reads it says what is wrong with it.
#ifndef COMIC_TALLY_H
#define COMIC_TALLY_H

#include "base/mem.h"
#include "stream/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tally {
	uint64_t count[STREAM_END + 1]; // by enum stream_type
	struct buf rest; // the beginning of a record whose end has not come yet
	bool lost; // no more is counted
};

// A zeroed struct tally has counted nothing.
void tally_add(struct tally *t, const void *data, size_t len);
void tally_clear(struct tally *t);

#endif
