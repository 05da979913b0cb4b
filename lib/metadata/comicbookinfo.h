// SPDX-License-Identifier: MIT
// comicbookinfo.h: ComicBookInfo/1.0, JSON in an archive's comment or a member of its own.
//
// https://code.google.com/archive/p/comicbookinfo/wikis/Example.wiki; of ComicBookLover.
#ifndef COMIC_COMICBOOKINFO_H
#define COMIC_COMICBOOKINFO_H

#include "metadata/reader.h"

// Fills b->root; see metadata_reader.
COMIC_MUST_CHECK int comicbookinfo_read(struct metadata_input *in, struct builder *b,
					struct comic_err *err);
// The same from an archive comment: anything else is an ordinary comment, not worth a warning.
COMIC_MUST_CHECK int comicbookinfo_read_comment(struct metadata_input *in, struct builder *b,
						struct comic_err *err);

#endif
