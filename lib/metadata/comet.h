// SPDX-License-Identifier: MIT
// comet.h: CoMet.xml, version 1.1.
//
// http://www.denvog.com/comet/comet-specification/
#ifndef COMIC_COMET_H
#define COMIC_COMET_H

#include "metadata/reader.h"

// Fills b->root; see metadata_reader.
COMIC_MUST_CHECK int comet_read(struct metadata_input *in, struct builder *b,
				struct comic_err *err);

#endif
