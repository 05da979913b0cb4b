// SPDX-License-Identifier: MIT
// format.h: the words for the form a comic was published in: Trade Paperback, One-Shot, ...
#ifndef COMIC_FORMAT_H
#define COMIC_FORMAT_H

#include "base/text.h"

// The one spelling of a format, from a cleaned name. A word without an entry keeps its own,
// with capital letters. data == NULL: no memory.
struct text format_canonical(struct arena *a, struct text name);
// True for the words that mean a format when they stand in a file name or in scan information.
bool format_is_word(struct text word);

#endif
