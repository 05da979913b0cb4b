// SPDX-License-Identifier: MIT
// comicinfo_pages.h: the front covers in a ComicInfo Pages list, without parsing it.
#ifndef COMIC_COMICINFO_PAGES_H
#define COMIC_COMICINFO_PAGES_H

#include "metadata/model.h"

// Takes the Pages element out of a document whose pages can be read so, leaving its line ends;
// any other document comes back as it is, for the XML parser. *covers gets the numbers of front
// covers as written, *has_page_0 whether the list counts from 0 (if there are covers).
// data == NULL: no memory.
struct text comicinfo_take_pages(struct arena *a, struct text document, struct covers *covers,
				 bool *has_page_0);

#endif
