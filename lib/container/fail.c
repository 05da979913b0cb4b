// SPDX-License-Identifier: MIT
// fail.c: see fail.h.

#include "container/fail.h"

#include <stdarg.h>
#include <stdio.h>

static enum comic_err_code err_code(enum fail_code code)
{
	if (code == FAIL_MEMORY)
		return COMIC_ERR_NOMEM;
	if (code == FAIL_UNREADABLE)
		return COMIC_ERR_IO;
	return code == FAIL_LIMIT ? COMIC_ERR_LIMIT : COMIC_ERR_INPUT;
}

enum fail_code fail_set(struct comic_err *err, enum fail_code code, const char *fmt, ...)
{
	char text[sizeof(err->text)]; // an argument may be err->text itself
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	(void)err_set(err, err_code(code), "%s", text);
	return code;
}

enum fail_code fail_set_memory(struct comic_err *err, const char *what)
{
	(void)err_set_nomem(err, what);
	return FAIL_MEMORY;
}
