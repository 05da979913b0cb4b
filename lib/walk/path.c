// SPDX-License-Identifier: MIT
// path.c: see path.h.

#define _GNU_SOURCE // O_PATH
#include "walk/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NANOSECONDS INT64_C(1000000000)

const char *const path_comic_suffixes[] = { ".cbz", ".cbr", ".cb7", ".cbt", ".pdf", NULL };

// Adds the components of text to the absolute path in out, whose length is *len. out has room for
// both; the path of "/" is kept as the empty one while it grows.
static void add_components(char *out, size_t *len, const char *text)
{
	while (*text != '\0') {
		size_t part = strcspn(text, "/");

		if (part == 2 && memcmp(text, "..", 2) == 0) {
			while (*len > 0 && out[--*len] != '/')
				;
		} else if (part > 0 && !(part == 1 && *text == '.')) {
			out[(*len)++] = '/';
			memcpy(out + *len, text, part);
			*len += part;
		}
		text += part + (text[part] == '/');
	}
}

int path_absolute(struct arena *a, const char *operand, struct text *out, struct comic_err *err)
{
	char *here = NULL;
	char *path = NULL;
	size_t len = 0;

	if (*operand == '\0')
		return err_set(err, COMIC_ERR_INPUT, "a path may not be empty");
	if (*operand != '/' && (here = getcwd(NULL, 0)) == NULL)
		return err_set_errno(err, "working directory");
	path = arena_alloc(a, (here == NULL ? 0 : strlen(here)) + strlen(operand) + 3);
	if (path != NULL) {
		if (here != NULL)
			add_components(path, &len, here);
		add_components(path, &len, operand);
		if (len == 0)
			path[len++] = '/';
		path[len] = '\0';
		*out = (struct text){ path, len };
	}
	free(here);
	return path == NULL ? err_set_nomem(err, "a path") : 0;
}

bool path_is_below(struct text path, struct text folder)
{
	size_t len = folder.len > 1 ? folder.len : 0; // the "/" of the root is its whole path

	return path.len > len + 1 && path.data[len] == '/' &&
	       memcmp(path.data, folder.data, len) == 0;
}

struct text path_base(struct text path)
{
	size_t at = path.len;

	while (at > 0 && path.data[at - 1] != '/')
		at--;
	return (struct text){ path.data + at, path.len - at };
}

// Closes what open_near() opened, keeping errno.
static void close_near(int folder)
{
	int sys = errno;

	if (folder >= 0)
		(void)close(folder);
	errno = sys;
}

// A folder near enough to path that *rest, what is left of it, fits one system call.
static int open_near(const char *path, const char **rest)
{
	char step[PATH_MAX];
	int folder = AT_FDCWD;

	*rest = path;
	while (strlen(*rest) >= PATH_MAX) {
		size_t len = PATH_MAX - 1;
		int next = -1;

		while (len > 0 && (*rest)[len] != '/')
			len--;
		memcpy(step, *rest, len);
		step[len] = '\0';
		*rest += len + strspn(*rest + len, "/");
		if (len > 0)
			next = openat(folder, step, O_PATH | O_DIRECTORY | O_CLOEXEC);
		else
			errno = ENAMETOOLONG; // one component alone is too long
		close_near(folder);
		if (next < 0)
			return -1;
		folder = next;
	}
	return folder;
}

int path_open(const char *path, int flags)
{
	const char *rest = NULL;
	int folder = open_near(path, &rest);
	int fd = folder == -1 ? -1 : openat(folder, rest, flags | O_CLOEXEC);

	close_near(folder);
	return fd;
}

int path_stat(const char *path, struct stat *out)
{
	const char *rest = NULL;
	int folder = open_near(path, &rest);
	int status = folder == -1 ? -1 : fstatat(folder, rest, out, 0);

	close_near(folder);
	return status;
}

static int64_t nanoseconds(const struct timespec *t)
{
	if (t->tv_sec >= INT64_MAX / NANOSECONDS)
		return INT64_MAX;
	if (t->tv_sec <= INT64_MIN / NANOSECONDS)
		return INT64_MIN;
	return (int64_t)t->tv_sec * NANOSECONDS + t->tv_nsec;
}

struct identity path_identity(const struct stat *st)
{
	return (struct identity){
		.size = (uint64_t)st->st_size,
		.mtime = nanoseconds(&st->st_mtim),
		.ino = st->st_ino,
		.dev = st->st_dev,
	};
}

bool path_identity_equal(const struct identity *a, const struct identity *b)
{
	return a->size == b->size && a->mtime == b->mtime;
}

bool path_is_comic(struct text name)
{
	for (const char *const *suffix = path_comic_suffixes; *suffix != NULL; suffix++) {
		if (text_ends_nocase(name, *suffix))
			return true;
	}
	return false;
}
