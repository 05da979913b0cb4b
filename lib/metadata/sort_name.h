// SPDX-License-Identifier: MIT
// sort_name.h: names as they stand in an alphabetical list.
#ifndef COMIC_SORT_NAME_H
#define COMIC_SORT_NAME_H

#include "base/text.h"

// In lower case, and an article at the start goes to the end: "The Amazing X" becomes
// "amazing x, the". In the arena; data == NULL: no memory.
struct text sort_name(struct arena *a, struct text name);

#endif
