// SPDX-License-Identifier: MIT
// encode.h: the tree of a comic onto the wire.
#ifndef COMIC_ENCODE_H
#define COMIC_ENCODE_H

#include "metadata/model.h"
#include "stream/record.h"

// Bytes of meta: a record may have 4 MiB, of which path, sources and warnings need a little.
#define ENCODE_MAX (((size_t)4 << 20) - ((size_t)64 << 10))

// Writes a META_MAP with its keys in the order of the table. Empty maps and lists are left
// out, and what the table marks full unless b->full.
void encode_tree(const struct builder *b, struct record_packer *p);
// Cuts the longest lists, then the longest texts, until the tree fits ENCODE_MAX; a warning
// says so.
void encode_shrink(struct builder *b);

#endif
