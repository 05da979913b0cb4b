// SPDX-License-Identifier: MIT
// open.h: opening a comic by an absolute path of any length.
#ifndef COMIC_OPEN_H
#define COMIC_OPEN_H

#include "base/text.h"

// Opens for reading, without waiting for a fifo's writer and without taking a
// terminal. A path the kernel finds too long is walked in parts. The
// descriptor, or -1 with errno set.
int open_comic(struct text path);

#endif
