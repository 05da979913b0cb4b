// SPDX-License-Identifier: MIT
// open.c: see open.h.

#include "worker/open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define COMIC_FLAGS (O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

// The longest leading part of t, up to a '/', that the kernel takes at once; 0 if there is none.
static size_t leading_part(struct text t)
{
	size_t len = PATH_MAX - 1;

	while (len > 0 && t.data[len] != '/')
		len--;
	return len;
}

static int open_at(int folder, struct text part, int flags)
{
	char path[PATH_MAX];

	if (part.len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, part.data, part.len);
	path[part.len] = '\0';
	return openat(folder, path, flags);
}

int open_comic(struct text path)
{
	int folder = AT_FDCWD;
	int fd = -1;

	while (path.len >= PATH_MAX) {
		struct text part = { path.data, leading_part(path) };
		int next = open_at(folder, part.len == 0 ? path : part, FOLDER_FLAGS);

		if (folder != AT_FDCWD)
			(void)close(folder);
		if (next < 0)
			return -1;
		folder = next;
		path = (struct text){ path.data + part.len + 1, path.len - part.len - 1 };
	}
	fd = open_at(folder, path, COMIC_FLAGS);
	if (folder != AT_FDCWD) {
		int saved = errno;

		(void)close(folder);
		errno = saved;
	}
	return fd;
}
