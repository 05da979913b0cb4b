// SPDX-License-Identifier: MIT
// derive.h: what follows from a key: the columns of reference rows that are no key.
//
// Texts are static, in the arena, or the input itself; data NULL means the column is NULL
// (or, for derive_sort_name and derive_display_name, that there is no memory).
#ifndef COMIC_DERIVE_H
#define COMIC_DERIVE_H

#include "base/text.h"
#include "database/cell.h"

// "The Amazing X" sorts as "amazing x, the".
struct text derive_sort_name(struct arena *a, struct text name);
// The last part of a path, to be shown: UTF-8, NFC.
struct text derive_display_name(struct arena *a, struct text path);
// The English name of an ISO code, the code itself if it has none.
struct text derive_language_name(struct text code);
struct text derive_country_name(struct text code);
// Where a rating stands on the Metron scale; NULL cells if nowhere.
struct text derive_metron_rating(struct text rating);
struct cell derive_metron_rank(struct text rating);

#endif
