// SPDX-License-Identifier: MIT
// why.c: see why.h.

#include "walk/why.h"

#include "walk/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// The root that path is, or lies below.
static const struct root *find_root(const struct roots *roots, struct text path)
{
	for (size_t i = 0; i < roots->count; i++) {
		struct text root = roots->items[i].path;

		if (text_equal(path, root) || path_is_below(path, root))
			return &roots->items[i];
	}
	return NULL;
}

static int add(struct buf *line, struct text t)
{
	return buf_add(line, t.data, t.len);
}

// ": what: rule". folder is the one that is ignored with all below it, data NULL for path itself.
static int describe_rule(struct buf *line, const char *what, struct text folder,
			 const struct ignore_rule *rule)
{
	if (buf_printf(line, ": %s", what) < 0)
		return -1;
	if (folder.data != NULL && (buf_add_text(line, " with ") < 0 || add(line, folder) < 0))
		return -1;
	if (rule->pattern.data == NULL)
		return 0;
	if (buf_add_text(line, ": ") < 0)
		return -1;
	switch (rule->source) {
	case IGNORE_BUILTIN:
		if (buf_add_text(line, "built-in rule: ") < 0)
			return -1;
		break;
	case IGNORE_EXCLUDE:
		if (buf_add_text(line, "--exclude: ") < 0)
			return -1;
		break;
	case IGNORE_FROM_FILE:
		if (add(line, rule->folder) < 0 ||
		    buf_printf(line, IGNORE_FILE ":%u: ", rule->line) < 0)
			return -1;
		break;
	}
	return add(line, rule->pattern);
}

// What no rule ignores may still be nothing for the walk.
static int describe_file(struct buf *line, struct text path, const struct ignore_rule *rule)
{
	struct stat st;

	if (path_stat(path.data, &st) < 0)
		return buf_printf(line, ": %s", strerror(errno));
	if (S_ISDIR(st.st_mode) && !path_is_comic(path))
		return describe_rule(line, "a folder that is walked", (struct text){ NULL, 0 },
				     rule);
	if (!path_is_comic(path))
		return buf_add_text(line, ": not a comic by its name");
	if (!S_ISREG(st.st_mode))
		return buf_add_text(line, ": not a regular file");
	return describe_rule(line, "taken", (struct text){ NULL, 0 }, rule);
}

// Takes in the .comicignore of the folder whose path is the first len bytes of path.
static int push_folder(struct ignore *ignore, struct text path, size_t len, struct arena *scratch,
		       struct comic_err *err)
{
	const char *folder = arena_copy(scratch, path.data, len);
	int fd = folder == NULL ? -1 : path_open(folder, O_RDONLY | O_DIRECTORY);
	int status = 0;

	if (folder == NULL)
		return err_set_nomem(err, "a path");
	if (fd < 0)
		return 0; // describe_file() will say so
	status = ignore_push(ignore, fd, (struct text){ path.data, len }, err);
	(void)close(fd);
	if (status < 0 && err->code == COMIC_ERR_IO && err->sys == ENOENT)
		return 0;
	return status < 0 ? err_prefix(err, "%s", folder) : 0;
}

static bool is_folder(struct text path)
{
	struct stat st;

	return path_stat(path.data, &st) == 0 && S_ISDIR(st.st_mode);
}

static int explain(struct ignore *ignore, struct text root, struct text path, struct arena *scratch,
		   struct buf *line, struct comic_err *err)
{
	struct ignore_rule rule = { .pattern = { NULL, 0 } };
	size_t at = root.len > 1 ? root.len + 1 : 1; // of the component to look at
	struct text start = { path.data, at };

	if (path.len <= root.len)
		return describe_file(line, path, &rule);
	ignore_start(ignore, start);
	while (at < path.len) {
		const char *slash = memchr(path.data + at, '/', path.len - at);
		size_t end = slash == NULL ? path.len : (size_t)(slash - path.data);
		struct text part = { path.data, end };

		if (push_folder(ignore, path, at, scratch, err) < 0)
			return -1;
		if (ignore_match(ignore, part, slash != NULL || is_folder(path), &rule)) {
			if (slash == NULL)
				part.data = NULL;
			return describe_rule(line, "ignored", part, &rule);
		}
		at = end + 1;
	}
	return describe_file(line, path, &rule);
}

int why_explain(struct roots *roots, struct ignore *ignore, const char *operand, struct buf *line,
		struct comic_err *err)
{
	struct arena scratch = { .used = 0 };
	const struct root *root = NULL;
	struct text path;
	int status = path_absolute(&scratch, operand, &path, err);

	if (status == 0) {
		err->code = COMIC_ERR_NONE;
		root = find_root(roots, path);
		status = add(line, path);
		if (status == 0 && root == NULL)
			status = buf_add_text(line, ": not below a root");
		else if (status == 0)
			status = explain(ignore, root->path, path, &scratch, line, err);
		if (status == 0)
			status = buf_add(line, "", 1);
		if (status < 0 && err->code == COMIC_ERR_NONE)
			(void)err_set_nomem(err, "an answer");
	}
	arena_clear(&scratch);
	return status;
}
