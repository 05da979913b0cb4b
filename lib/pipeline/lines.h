// SPDX-License-Identifier: MIT
// lines.h: the whole lines that come out of a descriptor.
#ifndef COMIC_LINES_H
#define COMIC_LINES_H

#include "base/text.h"

#include <stddef.h>

#define LINES_MAX 8192 // a longer line comes in pieces

struct lines {
	int fd; // -1: at its end. Non-blocking, the caller's to close
	size_t len;
	char data[LINES_MAX];
};

// Reads what there is and hands each line to take, without its newline. At the end of input,
// fd becomes -1 and an unfinished line counts as one.
void lines_read(struct lines *l, void (*take)(void *data, struct text line), void *data);
// No more is expected: what is left counts as a line.
void lines_finish(struct lines *l, void (*take)(void *data, struct text line), void *data);

#endif
