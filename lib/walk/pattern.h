// SPDX-License-Identifier: MIT
// pattern.h: one line of an ignore file, in the syntax of gitignore(5).
//
// `*` and `?` and `[...]` never match a "/"; `**` between slashes, at the start or at the end
// matches any number of folders. A pattern with a "/" before its end holds for the path below the
// folder of its file, one without for the last name alone. A "/" at the end: folders only. Bytes,
// no locale; letters count in their case.
#ifndef COMIC_PATTERN_H
#define COMIC_PATTERN_H

#include "base/text.h"

#include <stdbool.h>

enum pattern_kind {
	PATTERN_EXACT, // no special character
	PATTERN_SUFFIX, // "*" and then none: the text after the star
	PATTERN_GLOB,
};

// Spans of the line it was parsed from, which must outlive it.
struct pattern {
	struct text source; // as written, for people
	struct text text; // what to match
	enum pattern_kind kind;
	bool negated; // "!": what matches is not ignored after all
	bool folder_only;
	bool whole_path; // match the path, not the last name
};

// A line of an ignore file without its line end (a carriage return before it is dropped).
// False if it says nothing: blank, or a comment.
bool pattern_parse_line(struct text line, struct pattern *out);
// The same syntax without comments and the trimming of blanks: a command line argument.
void pattern_parse(struct text glob, struct pattern *out);

// path is relative to the folder of the pattern's file, without a "/" at either end; name is its
// last component.
bool pattern_match(const struct pattern *p, struct text path, struct text name, bool folder);

#endif
