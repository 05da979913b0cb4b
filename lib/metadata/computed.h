// SPDX-License-Identifier: MIT
// computed.h: what follows from the merged record.
#ifndef COMIC_COMPUTED_H
#define COMIC_COMPUTED_H

#include "metadata/model.h"

// Numbers of sources: of values that computed.c made itself, then of real ones, weakest first.
// The formats of metadata.c follow.
#define SOURCE_COMPUTED 0
#define SOURCE_FILENAME 1
#define SOURCE_PDF 2
#define SOURCE_COMMENT 3

// Adds to the merged tree: identifiers, tagger and time from notes, issue number parts, dates,
// stories and title, and what else one field says about another.
void computed_add(struct builder *b);

#endif
