// SPDX-License-Identifier: MIT
// metron_words.h: the closed vocabularies of MetronInfo, as its schema lists them.
#ifndef COMIC_METRON_WORDS_H
#define COMIC_METRON_WORDS_H

#include "base/text.h"

// True for a role of the schema, in any case.
bool metron_is_role(struct text name);
// The schema's format for one in any spelling or a close one ("Box Set" is Omnibus there), from
// a cleaned name; empty if it has none. data == NULL: no memory.
struct text metron_format(struct arena *a, struct text name);

#endif
