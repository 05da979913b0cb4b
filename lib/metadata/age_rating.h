// SPDX-License-Identifier: MIT
// age_rating.h: the words for who may read a comic, and their order.
#ifndef COMIC_AGE_RATING_H
#define COMIC_AGE_RATING_H

#include "base/text.h"

// The ComicInfo word for a rating in any spelling, empty if it is not known.
struct text age_rating_comicinfo(struct text raw);
// The name of a rating in ComicInfo's or Metron's words, if raw is one but for case and spaces;
// empty for other texts, also for those that only mean one.
struct text age_rating_spelling(struct text raw);
// The place of a stored rating on Metron's scale: Unknown -1, Everyone 0, Teen 1, Teen Plus 2,
// Mature 3, Explicit 4, Adult 5, and its name there. False if the rating is not known.
bool age_rating_rank(struct text name, int *rank, struct text *metron_name);

#endif
