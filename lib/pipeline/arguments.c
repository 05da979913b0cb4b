// SPDX-License-Identifier: MIT
// arguments.c: see arguments.h.

#include "pipeline/arguments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int arguments_add(struct arguments *a, const char *word, struct comic_err *err)
{
	if (word == NULL)
		return 0;
	if (mem_grow(&a->words, &a->room, a->count + 2, sizeof(*a->words)) < 0)
		return err_set_nomem(err, "a command line");
	a->words[a->count++] = word;
	a->words[a->count] = NULL;
	return 0;
}

int arguments_add_option(struct arguments *a, const char *name, const char *value,
			 struct comic_err *err)
{
	size_t len = strlen(name);
	char *option = arena_alloc(&a->texts, len + sizeof("--"));

	if (option == NULL)
		return err_set_nomem(err, "a command line");
	memcpy(option, "--", 2);
	memcpy(option + 2, name, len + 1);
	return arguments_add(a, option, err) < 0 ? -1 : arguments_add(a, value, err);
}

int arguments_add_number(struct arguments *a, const char *name, uint64_t value,
			 struct comic_err *err)
{
	char digits[24];
	char *copy = NULL;

	(void)snprintf(digits, sizeof(digits), "%" PRIu64, value);
	copy = arena_copy(&a->texts, digits, strlen(digits));
	if (copy == NULL)
		return err_set_nomem(err, "a command line");
	return arguments_add_option(a, name, copy, err);
}

void arguments_clear(struct arguments *a)
{
	free(a->words);
	arena_clear(&a->texts);
	*a = (struct arguments){ 0 };
}
