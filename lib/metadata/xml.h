// SPDX-License-Identifier: MIT
// xml.h: metadata documents in XML, read as they come.
//
// A format is a table of the elements it knows. The reader decides the encoding, repairs what
// can be repaired, and calls the format once per known element, in document order.
// Broken documents give what was closed before the break. Names match without regard to case
// or prefix; unknown elements are passed over; an element without children in the table is
// text, whatever markup stands inside. Nothing outside the document is ever read: no DTD, no
// entities but the predefined and the HTML ones.
// Limits: depth 64, text CLEAN_TEXT_MAX bytes per element.
#ifndef COMIC_XML_H
#define COMIC_XML_H

#include "base/err.h"
#include "base/text.h"

#define XML_DEPTH_MAX 64

struct xml_element {
	const char *name; // as documentation spells it; tables are sorted by it, without case
	const struct xml_element *children; // NULL: its text is its value
	size_t child_count;
	// Gets the text as written, valid during the call; empty for an element with children. May
	// be NULL.
	void (*close)(void *user, const struct xml_element *e, struct text text);
	// For close: where the value goes. The reader does not look at these.
	int key;
	int sub;
	const char *word;
};

// The attributes of one start tag; valid during xml_format.open().
struct xml_attributes {
	const unsigned char **list; // as libxml2's SAX2 gives them, five pointers each
	size_t count;
};

// The value of the attribute called name (case is ignored), empty if there is none.
struct text xml_attribute(const struct xml_attributes *attributes, const char *name);

struct xml_format {
	const struct xml_element *root; // one element
	// Gets the document in UTF-8, as yet unrepaired, and may take out what it has read itself.
	// data == NULL: no memory. May be NULL.
	struct text (*shorten)(void *user, struct text document);
	// At the start tag of each element in the tables. May be NULL.
	void (*open)(void *user, const struct xml_element *e, const struct xml_attributes *a);
};

struct xml_report {
	bool root; // the format's root was found; if not, this is another kind of document
	bool recoded; // the bytes were neither UTF-8 nor what they declare
	bool doctype; // it had a document type declaration, which was ignored
	bool cut; // a text was longer than the limit
	bool deep; // elements were nested too deep; reading stopped there
	bool strange; // it had ever new elements; reading stopped there
	unsigned int line; // of the first fault, 0 if there was none
	char fault[160]; // what the parser said about it
};

struct xml_reader;

// NULL: no memory. A reader serves any number of documents, one at a time.
COMIC_MUST_CHECK struct xml_reader *xml_reader_new(void);
void xml_reader_free(struct xml_reader *r);

struct xml_job {
	struct text document;
	const struct xml_format *format;
	void *user; // for the format's functions
	struct arena *arena; // for a recoded or repaired copy of the document
};

// Reads a document. 0, whatever state it is in (see *report), or -1 (NOMEM).
COMIC_MUST_CHECK int xml_read(struct xml_reader *r, const struct xml_job *job,
			      struct xml_report *report, struct comic_err *err);

#endif
