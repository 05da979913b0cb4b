// SPDX-License-Identifier: MIT
// base64.h: RFC 4648 section 4, with padding.
#ifndef COMIC_BASE64_H
#define COMIC_BASE64_H

#include "base/mem.h"
#include "base/text.h"

// Appends the text for bytes. -1: no memory.
COMIC_MUST_CHECK int base64_encode(struct buf *out, struct text bytes);
// Appends the bytes of text. -1: not base64, or no memory.
COMIC_MUST_CHECK int base64_decode(struct buf *out, struct text text);

#endif
