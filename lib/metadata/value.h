// SPDX-License-Identifier: MIT
// value.h: metadata documents in JSON and YAML as one kind of tree.
//
// Scalars are texts as they were written ("1.50", "No", "0591"): what they mean is a matter of
// the field they go to. null is nothing. Limits: depth 64, VALUES_MAX values.
// JSON is read a little more widely than RFC 8259: bare words, control characters in texts, commas
// before an end; of a document that is cut off what stood before its last comma counts.
// YAML is 1.1 by libyaml: the first document counts, an alias stands for a finished anchor and
// counts for all values below it, tags mean nothing. A broken YAML document gives what stood
// before the break, one in JSON that is broken elsewhere than at its end nothing.
#ifndef COMIC_VALUE_H
#define COMIC_VALUE_H

#include "base/err.h"
#include "base/text.h"

#define VALUE_DEPTH_MAX 64U
#define VALUES_MAX 131072U // in one document

enum value_kind { VALUE_NOTHING, VALUE_TEXT, VALUE_LIST, VALUE_MAP };

struct value {
	enum value_kind kind;
	struct text name; // in a map: its key
	struct text text;
	struct value *first; // of a list or map
	struct value *last;
	struct value *next; // in the list or map that holds it
	uint32_t size; // itself and all below it
};

struct value_report {
	bool recoded; // the bytes were not UTF-8
	char fault[200]; // what was wrong with it, empty if nothing was
};

// Reads a document into the arena. 0, whatever state it is in (see *report; *out may be
// VALUE_NOTHING), or -1 (NOMEM).
COMIC_MUST_CHECK int value_read_json(struct arena *a, struct text document, struct value *out,
				     struct value_report *report, struct comic_err *err);
COMIC_MUST_CHECK int value_read_yaml(struct arena *a, struct text document, struct value *out,
				     struct value_report *report, struct comic_err *err);

// The member of a map, case ignored; NULL if there is none, it is nothing, or v is no map or
// NULL.
const struct value *value_get(const struct value *v, const char *name);
// The text of a scalar; empty for all else, NULL included.
struct text value_text(const struct value *v);

// For readers: a new value at the end of a list or map. NULL: no memory.
struct value *value_add(struct arena *a, struct value *parent, struct text name);

#endif
