// SPDX-License-Identifier: MIT
// merge.h: the trees of several sources made into one.
#ifndef COMIC_MERGE_H
#define COMIC_MERGE_H

#include "metadata/model.h"

// Lays the stronger tree over the weaker one: single values replace, maps and names unite,
// lists of texts unite, lists of maps append. Both stand at the same key of the table, or at
// none; `from` is used up. Names that differ in case only are one; the stronger spelling stays.
void merge_nodes(struct builder *b, struct node *into, struct node *from);

#endif
