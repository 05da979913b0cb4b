// SPDX-License-Identifier: MIT
// comicbox.h: comicbox's own format, the normalized record itself, in JSON and YAML.
//
// https://github.com/ajslater/comicbox/blob/main/schemas/v2.0/comicbox-v2.0.schema.json
// Its keys are those of stream/meta.h. Shapes are taken as people write them: a text where a map
// belongs is the first field of that map, a list or a list text where names belong is those
// names, and a null among names is a name of which nothing more is said.
#ifndef COMIC_COMICBOX_H
#define COMIC_COMICBOX_H

#include "metadata/reader.h"

// Fill b->root; see metadata_reader.
COMIC_MUST_CHECK int comicbox_read_json(struct metadata_input *in, struct builder *b,
					struct comic_err *err);
COMIC_MUST_CHECK int comicbox_read_yaml(struct metadata_input *in, struct builder *b,
					struct comic_err *err);

#endif
