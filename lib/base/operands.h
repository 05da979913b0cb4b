// SPDX-License-Identifier: MIT
// operands.h: input names from the command line, or from a file that ends each with a NUL.
#ifndef COMIC_OPERANDS_H
#define COMIC_OPERANDS_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

struct operands {
	char **names; // not owned
	size_t count;
	size_t at;
	FILE *file; // NULL: the names
	const char *file_name;
	char *line;
	size_t room;
};

// file NULL: the count names. Else the names in file ("-": standard input), as find -print0
// writes them. 0 or -1 (IO).
COMIC_MUST_CHECK int operands_open(struct operands *o, char **names, size_t count,
				   const char *file, struct comic_err *err);
// 1: *name is the next one, valid until the next call. 0: there are no more. -1: INPUT (an
// empty name), IO, INTERRUPTED.
COMIC_MUST_CHECK int operands_next(struct operands *o, const char **name, struct comic_err *err);
void operands_close(struct operands *o);

#endif
