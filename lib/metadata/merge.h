// SPDX-License-Identifier: MIT
// merge.h: the trees of several sources made into one.
#ifndef COMIC_MERGE_H
#define COMIC_MERGE_H

#include "metadata/model.h"

// Lays the stronger tree over the weaker one of `into`: single values replace, maps and names
// unite, lists of texts unite, lists of maps append. `from` is used up. Names spelled
// differently in case are one; the stronger spelling stays.
void merge_trees(struct builder *into, struct node *from);

#endif
