// SPDX-License-Identifier: MIT
// progress.h: how far an import is, as a person wants to read it.
#ifndef COMIC_PROGRESS_H
#define COMIC_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	uint64_t found; // files that comic-scan reported new, modified or the like
	bool found_all; // it has ended
	uint64_t read; // of these, those whose record went on to comic-load
	uint64_t failed; // of these, those that could not be read
	uint64_t taken; // of these, those that comic-load has taken up
	bool read_all; // no more will come
	int64_t elapsed; // nanoseconds since the first was found
};

#define PROGRESS_TEXT 128 // longer than any line
// "12,345 of 60,000 comics, 1,234/s, 39 s left, 3 failed" into out; returns out. The rate is
// that since the first was found, and the time left what that rate gives.
const char *progress_format(const struct progress *p, char out[PROGRESS_TEXT]);

#endif
