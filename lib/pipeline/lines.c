// SPDX-License-Identifier: MIT
// lines.c: see lines.h.

#include "pipeline/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void take_lines(struct lines *l, void (*take)(void *data, struct text line), void *data)
{
	char *from = l->data;
	char *end = l->data + l->len;
	char *newline = NULL;

	while ((newline = memchr(from, '\n', (size_t)(end - from))) != NULL) {
		take(data, (struct text){ from, (size_t)(newline - from) });
		from = newline + 1;
	}
	l->len = (size_t)(end - from);
	memmove(l->data, from, l->len);
}

void lines_read(struct lines *l, void (*take)(void *data, struct text line), void *data)
{
	ssize_t got = 0;

	if (l->fd < 0)
		return;
	while ((got = read(l->fd, l->data + l->len, sizeof(l->data) - l->len)) > 0) {
		l->len += (size_t)got;
		take_lines(l, take, data);
		if (l->len == sizeof(l->data)) {
			take(data, (struct text){ l->data, l->len });
			l->len = 0;
		}
	}
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		lines_finish(l, take, data);
}

void lines_finish(struct lines *l, void (*take)(void *data, struct text line), void *data)
{
	if (l->len > 0)
		take(data, (struct text){ l->data, l->len });
	l->len = 0;
	l->fd = -1;
}
