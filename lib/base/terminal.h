// SPDX-License-Identifier: MIT
// terminal.h: one line on standard error that shows how far a program is and is written over.
//
// Only where standard error is a terminal, and not while the program runs in the
// background. Whoever prints something else erases the line first.
#ifndef COMIC_TERMINAL_H
#define COMIC_TERMINAL_H

#include <stdbool.h>

struct terminal_line {
	bool shown; // false: nothing is ever drawn
	int drawn; // characters that stand there now
};

void terminal_line_init(struct terminal_line *line, bool quiet);
// text is ASCII without control characters.
void terminal_line_draw(struct terminal_line *line, const char *text);
void terminal_line_erase(struct terminal_line *line);

#endif
