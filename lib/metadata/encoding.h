// SPDX-License-Identifier: MIT
// encoding.h: the bytes of a metadata document as UTF-8.
//
// The bytes decide, not the label: a byte order mark, then the look of UTF-16, then valid
// UTF-8. Only what is none of these is read as the declaration says, if it names one of the
// legacy encodings of encoding.c, and else as UTF-8 with stray Windows-1252 bytes.
#ifndef COMIC_ENCODING_H
#define COMIC_ENCODING_H

#include "base/text.h"

// Without a byte order mark. *recoded: it was neither UTF-8 nor what it is marked as.
// data == NULL: no memory.
struct text encoding_decode(struct arena *a, struct text document, bool *recoded);

#endif
