// SPDX-License-Identifier: MIT
// filename.h: what a comic's file name says.
#ifndef COMIC_FILENAME_H
#define COMIC_FILENAME_H

#include "metadata/model.h"

// Reads a base name (any bytes, suffix included) into b->root.
void filename_read(struct builder *b, struct text base_name);

#endif
