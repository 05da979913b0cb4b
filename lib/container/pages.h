// SPDX-License-Identifier: MIT
// pages.h: which members of a comic are pages, in which order, and which are metadata.
//
// A page is a file whose name ends in .jxl .jpg .jpeg .webp .png .gif or .avif, any case, and
// which is not junk. Junk is whatever has a component that begins with "__MACOSX" (any case)
// or with a dot followed by something else than a dot. Nothing looks inside: a broken image is
// a page. Reading order is text_natural_compare() of the whole names.
#ifndef COMIC_PAGES_H
#define COMIC_PAGES_H

#include "container/container.h"

bool pages_is_junk(struct text name);
// The rule itself; looks at name and directory. Members of a container have the answer in
// `page`, which everything below goes by.
bool pages_is_page(const struct member *m);
size_t pages_count(const struct member *members, size_t count);

// The page number n (0: the first) in reading order, NULL if there are not so many. The first
// ones cost one look at every member each; from PAGES_SCANNED on pages are sorted, and NULL
// may then also mean no memory.
#define PAGES_SCANNED 8U
const struct member *pages_nth(const struct member *members, size_t count, size_t n);

// The member called basename (no page's), any case, at any depth, not junk: the one with the fewest
// components; of several such, the first in order of the lower-cased names. NULL if none.
const struct member *pages_find(const struct member *members, size_t count,
				const char *basename);

#endif
