// SPDX-License-Identifier: MIT
// err.c: see err.h.

#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int err_set(struct comic_err *err, enum comic_err_code code, const char *fmt, ...)
{
	va_list args;

	err->code = code;
	err->sys = 0;
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	return -1;
}

static void append(struct comic_err *err, const char *text)
{
	size_t used = strlen(err->text);

	(void)snprintf(err->text + used, sizeof(err->text) - used, "%s", text);
}

int err_set_errno(struct comic_err *err, const char *fmt, ...)
{
	int sys = errno;
	char reason[128];
	va_list args;

	err->code = sys == ENOMEM ? COMIC_ERR_NOMEM : COMIC_ERR_IO;
	err->sys = sys;
	if (strerror_r(sys, reason, sizeof(reason)) != 0)
		(void)snprintf(reason, sizeof(reason), "error %d", sys);
	va_start(args, fmt); // a long path is cut, never the reason
	(void)vsnprintf(err->text, sizeof(err->text) - strlen(reason) - 2, fmt, args);
	va_end(args);
	append(err, ": ");
	append(err, reason);
	return -1;
}

int err_set_nomem(struct comic_err *err, const char *what)
{
	return err_set(err, COMIC_ERR_NOMEM, "%s: out of memory", what);
}

int err_prefix(struct comic_err *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	memcpy(text, err->text, sizeof(text));
	va_start(args, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	append(err, ": ");
	append(err, text);
	return -1;
}
