// SPDX-License-Identifier: MIT
// why.h: which rule takes a path out of the walk, or leaves it in.
#ifndef COMIC_WHY_H
#define COMIC_WHY_H

#include "base/err.h"
#include "base/mem.h"
#include "walk/ignore.h"
#include "walk/roots.h"

// Fills the empty line with one sentence about operand (a path, given like a root), ended by a NUL:
// "PATH: taken", "PATH: ignored: FOLDER/.comicignore:3: *.pdf", ...
// Restarts ignore. 0, or -1: INPUT, IO, LIMIT (a .comicignore that cannot be read), NOMEM.
COMIC_MUST_CHECK int why_explain(struct roots *roots, struct ignore *ignore, const char *operand,
				 struct buf *line, struct comic_err *err);

#endif
