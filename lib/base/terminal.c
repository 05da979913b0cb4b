// SPDX-License-Identifier: MIT
// terminal.c: see terminal.h.

#include "base/terminal.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

void terminal_line_init(struct terminal_line *line, bool quiet)
{
	*line = (struct terminal_line){ .shown = !quiet && isatty(STDERR_FILENO) != 0 };
}

// What fits: a line that wraps could not be written over.
static int columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 2)
		return 79;
	return size.ws_col - 1;
}

void terminal_line_draw(struct terminal_line *line, const char *text)
{
	int before = line->drawn;
	int len = (int)strlen(text);

	if (!line->shown || tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	line->drawn = len < columns() ? len : columns();
	(void)fprintf(stderr, "\r%.*s%*s", line->drawn, text,
		      before > line->drawn ? before - line->drawn : 0, "");
}

void terminal_line_erase(struct terminal_line *line)
{
	if (line->drawn > 0)
		(void)fprintf(stderr, "\r%*s\r", line->drawn, "");
	line->drawn = 0;
}
