// SPDX-License-Identifier: MIT
// folder.c: see folder.h.

#define _GNU_SOURCE // getdents64: no second fstat, no buffer per open folder as with opendir(3)
#include "walk/folder.h"

#include "base/interrupt.h"
#include "walk/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// The names of one chunk.
static int list_chunk(const uint8_t *chunk, size_t len, folder_fn *fn, void *context)
{
	int stop = 0;

	for (size_t at = 0; at < len && stop == 0;) {
		const struct dirent64 *d = (const void *)(chunk + at);
		struct text name = text_from(d->d_name);

		at += d->d_reclen;
		if (!text_is(name, ".") && !text_is(name, ".."))
			stop = fn(context, name, d->d_type);
	}
	return stop;
}

int folder_list(int fd, void *chunk, folder_fn *fn, void *context)
{
	for (;;) {
		ssize_t len = getdents64(fd, chunk, FOLDER_CHUNK);
		int stop = 0;

		if (len < 0 && errno == EINTR && interrupt_signal() == 0)
			continue;
		if (len <= 0)
			return len == 0 ? 0 : -1;
		stop = list_chunk(chunk, (size_t)len, fn, context);
		if (stop != 0)
			return stop;
	}
}

static int compare_name(void *context, struct text name, unsigned char type)
{
	const struct text *wanted = context;

	(void)type;
	return text_equal(name, *wanted) ? 1 : 0;
}

int folder_has_name(const char *path, struct text name)
{
	int fd = path_open(path, O_RDONLY | O_DIRECTORY);
	void *chunk = fd < 0 ? NULL : mem_alloc(1, FOLDER_CHUNK);
	int found = -1;
	int sys = 0;

	if (chunk != NULL)
		found = folder_list(fd, chunk, compare_name, &name);
	sys = errno;
	free(chunk);
	if (fd >= 0)
		(void)close(fd);
	errno = sys;
	return found;
}
