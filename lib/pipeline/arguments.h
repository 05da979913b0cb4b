// SPDX-License-Identifier: MIT
// arguments.h: the words of a command line, ended by NULL as execve(2) wants them.
#ifndef COMIC_ARGUMENTS_H
#define COMIC_ARGUMENTS_H

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>

// A zeroed struct arguments is empty.
struct arguments {
	const char **words; // count of them and a NULL
	size_t count;
	size_t room;
	struct arena texts; // of those that were made here
};

// word must outlive it. NULL is no word: nothing is added.
COMIC_MUST_CHECK int arguments_add(struct arguments *a, const char *word, struct comic_err *err);
// The long option "--name", and its value unless that is NULL.
COMIC_MUST_CHECK int arguments_add_option(struct arguments *a, const char *name, const char *value,
					  struct comic_err *err);
// The same with a number as its value.
COMIC_MUST_CHECK int arguments_add_number(struct arguments *a, const char *name, uint64_t value,
					  struct comic_err *err);
void arguments_clear(struct arguments *a);

#endif
