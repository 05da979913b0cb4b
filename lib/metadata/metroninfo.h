// SPDX-License-Identifier: MIT
// metroninfo.h: MetronInfo.xml, versions 1.0 and 1.1.
//
// https://metron-project.github.io/docs/category/metroninfo
#ifndef COMIC_METRONINFO_H
#define COMIC_METRONINFO_H

#include "metadata/reader.h"

// Fills b->root; see metadata_reader.
COMIC_MUST_CHECK int metroninfo_read(struct metadata_input *in, struct builder *b,
				     struct comic_err *err);

#endif
