// SPDX-License-Identifier: MIT
// move.c: see move.h.

#include "walk/move.h"

#include "walk/folder.h"
#include "walk/path.h"

#include <errno.h>
#include <string.h>

#define SCRATCH_KEEP ((size_t)64 << 10)

void move_clear(struct move_finder *m)
{
	arena_clear(&m->scratch);
}

// Equal to a reader's eye: the only names a file system may take for one another.
static bool look_equal(struct text a, struct text b, struct arena *scratch)
{
	struct text x = text_fold(scratch, text_repair(scratch, a));
	struct text y = text_fold(scratch, text_repair(scratch, b));

	return x.data != NULL && y.data != NULL && text_equal(x, y);
}

// The component that begins at data[at].
static struct text component(struct text path, size_t at)
{
	const char *end = memchr(path.data + at, '/', path.len - at);

	return (struct text){ path.data + at,
			      end == NULL ? path.len - at : (size_t)(end - path.data) - at };
}

// False if the listing of a folder on the way lacks the exact name the old path has for it, where
// the new path has another. In doubt true.
static bool is_listed(struct text old, struct text path, struct arena *scratch)
{
	size_t at = 1;
	size_t other = 1;

	while (at < old.len && other < path.len) {
		struct text name = component(old, at);
		struct text other_name = component(path, other);

		if (!text_equal(name, other_name)) {
			const char *folder = arena_copy(scratch, old.data, at);

			if (folder != NULL && folder_has_name(folder, name) == 0)
				return false;
		}
		at += name.len + 1;
		other += other_name.len + 1;
	}
	return true;
}

bool move_is_missing(struct text old, struct text path, const struct identity *id,
		      struct arena *scratch)
{
	struct stat st;

	if (path_stat(old.data, &st) < 0)
		return errno == ENOENT || errno == ENOTDIR;
	return st.st_ino == id->ino && st.st_dev == id->dev && look_equal(old, path, scratch) &&
	       !is_listed(old, path, scratch);
}

// Comics of a root that is not walked are left alone, moves included.
static bool is_refused(const struct roots *r, struct text path)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct root *root = &r->items[i];

		if (root->refused != NULL &&
		    (text_equal(path, root->path) || path_is_below(path, root->path)))
			return true;
	}
	return false;
}

int move_find(struct move_finder *m, const struct walk_event *file, struct known_file *from,
	       struct comic_err *err)
{
	struct known_file same[KNOWN_SAME_MAX];
	size_t count = 0;
	size_t missing = 0;

	if (known_is_empty(m->known) || file->links != 1)
		return 0;
	arena_reset(&m->scratch, SCRATCH_KEEP);
	if (known_same_file(m->known, &file->id, &m->scratch, same, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && count < KNOWN_SAME_MAX; i++) {
		struct text old = { same[i].path, same[i].len };
		int moved = gone_has_moved(m->gone, same[i].comic, err);

		if (moved < 0)
			return -1;
		if (moved == 1 || is_refused(m->roots, old) ||
		    !move_is_missing(old, file->path, &file->id, &m->scratch))
			continue;
		*from = same[i];
		missing++;
	}
	if (missing != 1)
		return 0;
	return gone_add_moved(m->gone, from->comic, err) < 0 ? -1 : 1;
}
