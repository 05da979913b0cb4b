// SPDX-License-Identifier: MIT
// origin.h: which source each value of a comic came from.
#ifndef COMIC_ORIGIN_H
#define COMIC_ORIGIN_H

#include "metadata/model.h"
#include "stream/record.h"

#define ORIGIN_MAX ((size_t)1 << 20) // bytes of a comic's tree beyond which names are left out

// Packs a map in the shape of the tree: names[source] for each value, a map of names to that for
// lists of names and texts, an array of it for lists of maps. What encode_tree() leaves out is
// not in it either.
void origin_encode(const struct builder *b, const struct text *names, struct record_packer *p);

#endif
