// SPDX-License-Identifier: MIT
// roots.c: see roots.h.

#include "walk/roots.h"

#include "base/operands.h"
#include "walk/folder.h"
#include "walk/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void roots_clear(struct roots *r)
{
	arena_clear(&r->texts);
	free(r->items);
	*r = (struct roots){ .count = 0 };
}

int roots_add(struct roots *r, const char *operand, bool forget, struct comic_err *err)
{
	struct root root = { .forget = forget };

	if (path_absolute(&r->texts, operand, &root.path, err) < 0)
		return -1;
	r->bytes += root.path.len;
	if (r->bytes > ROOTS_BYTES_MAX)
		return err_set(err, COMIC_ERR_LIMIT,
			       "the roots have more than 4 MiB of names: "
			       "name the folders they are in");
	if (mem_grow(&r->items, &r->room, r->count + 1, sizeof(*r->items)) < 0)
		return err_set_nomem(err, "the roots");
	r->items[r->count++] = root;
	return 0;
}

int roots_add_all(struct roots *r, char **names, size_t count, const char *file,
		  struct comic_err *err)
{
	struct operands operands;
	const char *name = NULL;
	int got = operands_open(&operands, names, count, file, err);

	if (got < 0)
		return -1;
	while ((got = operands_next(&operands, &name, err)) > 0) {
		got = roots_add(r, name, false, err);
		if (got < 0)
			break;
	}
	operands_close(&operands);
	return got;
}

// ---- order --------------------------------------------------------------------------------

static int set_key(struct roots *r, struct root *root, struct comic_err *err)
{
	struct stat st;
	char *key = NULL;

	root->key = root->path;
	if (root->path.len == 1 || (path_stat(root->path.data, &st) == 0 && S_ISREG(st.st_mode)))
		return 0;
	key = arena_alloc(&r->texts, root->path.len + 1);
	if (key == NULL)
		return err_set_nomem(err, "the roots");
	memcpy(key, root->path.data, root->path.len);
	key[root->path.len] = '/';
	root->key = (struct text){ key, root->path.len + 1 };
	return 0;
}

static int compare_keys(const void *a, const void *b)
{
	const struct root *x = a;
	const struct root *y = b;

	return text_compare(x->key, y->key);
}

int roots_sort(struct roots *r, struct comic_err *err)
{
	for (size_t i = 0; i < r->count; i++) {
		if (set_key(r, &r->items[i], err) < 0)
			return -1;
	}
	if (r->count > 1)
		qsort(r->items, r->count, sizeof(*r->items), compare_keys);
	// What lies inside a folder stands right behind it.
	for (size_t i = 1; i < r->count; i++) {
		const struct root *above = &r->items[i - 1];
		const struct root *root = &r->items[i];

		if (text_equal(root->path, above->path))
			return err_set(err, COMIC_ERR_INPUT, "%s is named twice", root->path.data);
		if (path_is_below(root->path, above->path))
			return err_set(err, COMIC_ERR_INPUT,
				       "%s lies inside %s: name only one of them", root->path.data,
				       above->path.data);
	}
	return 0;
}

// ---- trust --------------------------------------------------------------------------------

// folder_fn
static int stop_at_content(void *context, struct text name, unsigned char type)
{
	const struct ignore *ignore = context;

	(void)type;
	return ignore_match_builtin(ignore, name) ? 0 : 1;
}

// 1 if the open folder is empty, 0 if not, -1 with err (NOMEM, IO).
static int is_empty(int fd, struct ignore *ignore, struct comic_err *err)
{
	void *chunk = mem_alloc(1, FOLDER_CHUNK);
	int got = 0;

	if (chunk == NULL)
		return err_set_nomem(err, "a folder");
	got = folder_list(fd, chunk, stop_at_content, ignore);
	if (got < 0)
		(void)err_set_errno(err, "read");
	free(chunk);
	return got < 0 ? -1 : got == 0;
}

static int refuse(struct roots *r, struct root *root, const char *why, struct comic_err *err)
{
	root->refused = arena_copy(&r->texts, why, strlen(why));
	return root->refused == NULL ? err_set_nomem(err, "the roots") : 0;
}

// Refuses with what err says, unless that is about this program and not about the root.
static int refuse_for(struct roots *r, struct root *root, struct comic_err *err)
{
	return err->code == COMIC_ERR_IO || err->code == COMIC_ERR_LIMIT
		       ? refuse(r, root, err->text, err)
		       : -1;
}

static int examine_folder(struct roots *r, struct root *root, int fd,
			  const struct roots_rules *rules, struct comic_err *err)
{
	struct stat st;
	int got = 0;

	if (root->forget) {
		got = is_empty(fd, rules->ignore, err);
		if (got < 0)
			return refuse_for(r, root, err);
		return got == 1 ? 0
				: refuse(r, root, "it is not empty, so nothing of it is forgotten",
					 err);
	}
	if (fstatat(fd, ROOTS_UNMOUNTED, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return refuse(r, root, "it holds " ROOTS_UNMOUNTED ": its volume is not mounted",
			      err);
	if (ignore_push(rules->ignore, fd, root->key, err) == 0)
		ignore_pop(rules->ignore);
	else if (err->sys != ENOENT)
		return refuse_for(r, root, err);
	if (rules->allow_empty || known_is_empty(rules->known))
		return 0;
	got = is_empty(fd, rules->ignore, err);
	if (got < 0)
		return refuse_for(r, root, err);
	if (got == 1)
		got = known_any(rules->known, root->path, err);
	if (got <= 0)
		return got;
	return refuse(r, root,
		      "it is empty, but the database has comics in it: if it is mounted and "
		      "this is right, use --allow-empty",
		      err);
}

// A root that stat(2) does not find.
static int examine_missing(struct roots *r, struct root *root, const struct roots_rules *rules,
			   struct comic_err *err)
{
	if (errno != ENOENT && errno != ENOTDIR) {
		(void)err_set_errno(err, "stat");
		return refuse_for(r, root, err);
	}
	if (root->forget)
		return 0;
	return refuse(r, root,
		      known_is_empty(rules->known)
			      ? "not found"
			      : "not found; what the database has of it stays (--forget drops it)",
		      err);
}

int roots_examine(struct roots *r, struct root *root, const struct roots_rules *rules,
		  struct comic_err *err)
{
	struct stat st;
	int status = 0;
	int fd = -1;

	root->refused = NULL;
	if (path_stat(root->path.data, &st) < 0)
		return examine_missing(r, root, rules, err);
	if (!S_ISDIR(st.st_mode)) {
		if (root->forget)
			return refuse(r, root, "it is not a folder, so nothing of it is forgotten",
				      err);
		if (!S_ISREG(st.st_mode))
			return refuse(r, root, "neither a folder nor a regular file", err);
		return path_is_comic(root->path)
			       ? 0
			       : refuse(r, root,
					"not a comic by its name (.cbz .cbr .cb7 .cbt .pdf)", err);
	}
	fd = path_open(root->path.data, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		(void)err_set_errno(err, "open");
		return refuse_for(r, root, err);
	}
	status = examine_folder(r, root, fd, rules, err);
	(void)close(fd);
	return status;
}
