// SPDX-License-Identifier: MIT
// clean.h: texts as files hold them, made fit for the record.
//
// All results are valid UTF-8 in NFC, without control characters, trimmed, copied into the
// arena, and empty when nothing is left. data == NULL means no memory.
#ifndef COMIC_CLEAN_H
#define COMIC_CLEAN_H

#include "base/text.h"

#define CLEAN_NAME_MAX ((size_t)4096) // bytes of a name
#define CLEAN_TEXT_MAX ((size_t)1 << 20) // bytes of a summary, notes, review

// One line: each run of white space, of any script, becomes one space.
struct text clean_name(struct arena *a, struct text raw);
// Many lines: line ends become \n, tabs become spaces, the rest of the spacing stays.
struct text clean_text(struct arena *a, struct text raw);

// The first max bytes or less, so that no character is cut.
struct text clean_cut(struct text t, size_t max);

// Walks the items of a list text: separated by "," or ";", in double quotes (RFC 4180) if they
// hold one. An item that is only a suffix of a name (Inc., Jr., III) stays with the item before
// it. Items are trimmed of ASCII white space; empty ones are given too, since a list beside
// this one may count on their place.
struct list_reader {
	struct arena *arena; // for items with doubled quotes
	struct text rest;
	bool more; // an item follows, maybe an empty one
	bool failed; // no memory
};

void list_init(struct list_reader *l, struct arena *a, struct text raw);
// False at the end.
bool list_next(struct list_reader *l, struct text *item);

#endif
