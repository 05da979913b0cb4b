// SPDX-License-Identifier: MIT
// xml_repair.h: what sloppy writers do to XML, undone before the parser sees it.
//
// Everything before the root element (junk, declarations, a document type) and trailing NULs:
// xml_root(). Comments, processing instructions, control characters, lone "&" and "<", HTML
// entities, references to what is no character; start tags with more attributes than any format
// has (libxml2 compares each with each): xml_repair(). The parser sees elements, text and CDATA
// only: no DTD, so no entity that could be expanded and no file that could be read.
#ifndef COMIC_XML_REPAIR_H
#define COMIC_XML_REPAIR_H

#include "base/text.h"

struct xml_root {
	struct text document; // from the root element on; empty when there is none
	unsigned int lines; // that were left out before it
	bool doctype; // one was among them
};

// Cuts off what stands before the root element, and the NULs and line ends at the end.
struct xml_root xml_root(struct text document);

// What libxml2 is to read of a document in valid UTF-8 that begins with its root element: the
// input itself, or its beginning, where nothing is wrong, else a repaired copy. data NULL: no
// memory.
struct text xml_repair(struct arena *a, struct text document);

// Control characters that XML does not allow.
bool xml_has_control(struct text t);

// A repaired document with &amp; and the like as &#38;, because from its first fault on libxml2
// leaves out the one and keeps the other; and with "]]>" in a text as no fault. data == NULL: no
// memory.
struct text xml_number_references(struct arena *a, struct text document);

#endif
