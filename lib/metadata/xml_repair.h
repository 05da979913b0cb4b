// SPDX-License-Identifier: MIT
// xml_repair.h: what sloppy writers do to XML, undone before the parser sees it.
//
// Leading junk and XML declarations, trailing NULs, control characters, lone "&" and "<",
// HTML entities, character references to what is no character; start tags with more
// attributes than any format has (libxml2 compares each with each).
#ifndef COMIC_XML_REPAIR_H
#define COMIC_XML_REPAIR_H

#include "base/text.h"

// A document libxml2 can begin with, from valid UTF-8: the input where nothing is wrong, else a
// repaired copy. Empty when there is no "<" in it. data == NULL: no memory.
struct text xml_repair(struct arena *a, struct text document);

#endif
