// SPDX-License-Identifier: MIT
// notes.h: what taggers leave in the notes of a comic.
//
// "Tagged with ComicTagger 1.3.5 using info from Comic Vine on 2022-04-16 15:52:26.
// [Issue ID 903000]" and its kin. Only what nothing else says is filled in.
#ifndef COMIC_NOTES_H
#define COMIC_NOTES_H

#include "metadata/model.h"

// Reads the notes of the merged record: tagger, updated_at, identifiers, date.
void notes_mine(struct builder *b);

#endif
