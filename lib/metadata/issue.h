// SPDX-License-Identifier: MIT
// issue.h: issue numbers, which are not numbers: "001", "-1", "½", "78.BEY", "27AU".
#ifndef COMIC_ISSUE_H
#define COMIC_ISSUE_H

#include "base/text.h"

#define ISSUE_NUMBER_MAX ((int64_t)99999999)
#define ISSUE_SUFFIX_MAX 16 // characters

struct issue_parts {
	bool has_number;
	int64_t hundredths; // cut off after two places, at most ISSUE_NUMBER_MAX either way
	struct text suffix; // what is not number, part of the name; maybe empty
};

// Splits a cleaned name. A leading "#" does not count; ½ ¼ ¾ and 1/2 1/4 3/4 are fractions; the
// point in "78.BEY" belongs to neither part. A name that begins with no number is all suffix.
void issue_parse(struct text name, struct issue_parts *out);

#endif
