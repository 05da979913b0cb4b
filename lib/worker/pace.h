// SPDX-License-Identifier: MIT
// pace.h: how long it takes to open files, and what is worth doing about it.
#ifndef COMIC_PACE_H
#define COMIC_PACE_H

#include "worker/opener.h"

// A zeroed one has seen no file yet.
struct pace {
	bool slow; // most files are waited for: threads are worth having
	unsigned int waited; // files that were waited for, less those that were not, within bounds
	unsigned int cached; // files in a row whose bytes were in memory
	unsigned int probe;
};

// Whether what will be read first of the next file is to be asked for.
bool pace_prefetch(struct pace *p);
// A file was opened, or could not be.
void pace_note(struct pace *p, const struct opening *o);

#endif
