// SPDX-License-Identifier: MIT
// comicinfo.h: ComicInfo.xml, versions 1.0, 2.0 and 2.1 (draft), as it is written in the wild.
//
// https://anansi-project.github.io/docs/comicinfo/; defined first by ComicRack.
#ifndef COMIC_COMICINFO_H
#define COMIC_COMICINFO_H

#include "metadata/reader.h"

// Fills b->root; see metadata_reader.
COMIC_MUST_CHECK int comicinfo_read(struct metadata_input *in, struct builder *b,
				    struct comic_err *err);

#endif
