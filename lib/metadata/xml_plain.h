// SPDX-License-Identifier: MIT
// xml_plain.h: the plain documents that nearly all are, read without a parser for all of XML.
//
// Plain is a well-formed document of elements with names in ASCII and without a prefix, of
// attributes, texts and references to characters: no comment, CDATA section, instruction or
// declaration in it, nothing but white space behind it. Of such a document the events are those
// that libxml2 gives, for a third of the cost; of any other there are none.
#ifndef COMIC_XML_PLAIN_H
#define COMIC_XML_PLAIN_H

#include "base/text.h"

struct xml_plain_events {
	void (*start)(void *context, const char *name, const unsigned char **attributes,
		      size_t count);
	void (*text)(void *context, const char *data, size_t len);
	void (*end)(void *context, const char *name);
	void *context;
};

// The document, in valid UTF-8, begins with its root element (xml_repair.h). One that needs repair
// is not plain. Attributes as in xml_attributes (xml.h). 1: read; 0: it is not plain, nothing was
// called; -1: no memory.
COMIC_MUST_CHECK int xml_plain_read(struct arena *a, struct text document,
				    const struct xml_plain_events *events);

#endif
