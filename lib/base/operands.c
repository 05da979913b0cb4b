// SPDX-License-Identifier: MIT
// operands.c: see operands.h.

#include "base/operands.h"

#include "base/interrupt.h"

#include <stdlib.h>
#include <string.h>

int operands_open(struct operands *o, char **names, size_t count, const char *file,
		  struct comic_err *err)
{
	*o = (struct operands){ .names = names, .count = count, .file_name = file };
	if (file == NULL)
		return 0;
	if (strcmp(file, "-") == 0) {
		o->file = stdin;
		o->file_name = "standard input";
		return 0;
	}
	o->file = fopen(file, "re");
	return o->file == NULL ? err_set_errno(err, "%s: open", file) : 0;
}

static int next_in_file(struct operands *o, const char **name, struct comic_err *err)
{
	ssize_t len = getdelim(&o->line, &o->room, '\0', o->file);

	if (interrupt_check(err) < 0)
		return -1;
	if (len < 0 && feof(o->file) == 0)
		return err_set_errno(err, "%s: read", o->file_name);
	if (len < 0)
		return 0;
	if (o->line[0] == '\0')
		return err_set(err, COMIC_ERR_INPUT, "%s: an empty name", o->file_name);
	*name = o->line;
	return 1;
}

int operands_next(struct operands *o, const char **name, struct comic_err *err)
{
	if (o->file != NULL)
		return next_in_file(o, name, err);
	if (o->at >= o->count)
		return 0;
	*name = o->names[o->at++];
	return 1;
}

void operands_close(struct operands *o)
{
	if (o->file != NULL && o->file != stdin)
		(void)fclose(o->file);
	free(o->line);
	*o = (struct operands){ 0 };
}
