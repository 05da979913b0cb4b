// SPDX-License-Identifier: MIT
// reader.h: what metadata.c and the formats promise each other.
//
// A format is one function that reads a document into a builder, and one line in the table of
// metadata.c. A document in any state is no error: what is readable counts, the rest is a
// warning. Errors are memory only.
#ifndef COMIC_METADATA_READER_H
#define COMIC_METADATA_READER_H

#include "base/err.h"
#include "metadata/model.h"
#include "metadata/value.h"
#include "metadata/xml.h"

struct metadata_input {
	struct text document;
	struct xml_reader *xml;
	bool recognized; // set by the format: it is a document of this kind
};

// Reads an XML document and turns what was wrong with it into warnings.
COMIC_MUST_CHECK int reader_xml(struct metadata_input *in, struct builder *b,
				const struct xml_format *format, void *user, struct comic_err *err);

// Reads a document of nested values with one of the functions of value.h. *inside gets the value
// at the key that marks this kind of document, NULL without one; then a warning says so,
// unless is_guess: the document may well be something else.
struct value_document {
	int (*read)(struct arena *a, struct text document, struct value *out,
		    struct value_report *report, struct comic_err *err);
	const char *mark;
	bool is_guess;
	struct value whole;
	const struct value *inside;
};
COMIC_MUST_CHECK int reader_value(struct metadata_input *in, struct builder *b,
				  struct value_document *d, struct comic_err *err);

#endif
