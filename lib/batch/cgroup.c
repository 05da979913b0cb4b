// SPDX-License-Identifier: MIT
// cgroup.c: see cgroup.h.

#include "batch/cgroup.h"

#include "batch/proc.h"

#include <limits.h>
#include <string.h>

#define FILE_MAX ((size_t)4 << 20) // a mountinfo line is some 150 bytes: 27,000 mounts

// The group the process is in.
struct own {
	enum cgroup_version version;
	struct text path; // "" instead of "/"
};

struct mount {
	struct text root;  // "" instead of "/"
	struct text point; // data NULL: no mount
	bool inside;       // the process's group is root or below it
};

static bool read_own(struct text file, struct own *own);
static int find_mount(struct arena *a, struct text file, const struct own *own, struct mount *best,
		      struct comic_err *err);

static struct text content(const struct buf *file)
{
	return (struct text){ file->len == 0 ? "" : (const char *)file->data, file->len };
}

static struct text without_slash(struct text path)
{
	return text_is(path, "/") ? TEXT("") : path;
}

static int fill(struct arena *a, const struct mount *m, struct text path, struct cgroup *out,
		struct comic_err *err)
{
	size_t cut = m->inside ? m->root.len : path.len;

	out->mount = arena_copy(a, m->point.data, m->point.len);
	out->top = arena_copy(a, m->root.data, m->root.len);
	out->below = arena_copy(a, path.data + cut, path.len - cut);
	if (out->mount == NULL || out->top == NULL || out->below == NULL)
		return err_set_nomem(err, "finding the control group");
	return 0;
}

enum cgroup_found cgroup_find(struct arena *a, const char *root, enum cgroup_version version,
			      struct cgroup *out, struct comic_err *err)
{
	struct buf groups = { .max = FILE_MAX };
	struct buf mounts = { .max = FILE_MAX };
	struct own own = { .version = version };
	struct mount best = { 0 };
	enum cgroup_found found = CGROUP_UNSEEN;

	if (proc_read(&groups, root, "/proc/self/cgroup", err) < 0)
		goto out;
	if (!read_own(content(&groups), &own)) {
		found = CGROUP_ABSENT;
		goto out;
	}
	if (own.path.len >= PATH_MAX) {
		(void)err_set(err, COMIC_ERR_LIMIT, "/proc/self/cgroup: a path of %zu bytes",
			      own.path.len);
		goto out;
	}
	if (proc_read(&mounts, root, "/proc/self/mountinfo", err) < 0 ||
	    find_mount(a, content(&mounts), &own, &best, err) < 0 ||
	    fill(a, &best, own.path, out, err) < 0)
		goto out;
	found = CGROUP_FOUND;
out:
	buf_clear(&groups);
	buf_clear(&mounts);
	return found;
}

static bool list_has(struct text list, const char *word)
{
	struct text item;

	while (proc_split(&list, ',', &item)) {
		if (text_is(item, word))
			return true;
	}
	return false;
}

// A line is "hierarchy:controllers:path"; v2 is hierarchy 0 and names no controllers.
static bool read_own(struct text file, struct own *own)
{
	struct text line;

	while (proc_split(&file, '\n', &line)) {
		struct text number;
		struct text controllers;
		bool wanted = false;

		if (!proc_split(&line, ':', &number) || !proc_split(&line, ':', &controllers))
			continue;
		wanted = own->version == CGROUP_V2 ? text_is(number, "0") && controllers.len == 0
						   : list_has(controllers, "memory");
		if (wanted && line.len > 0 && line.data[0] == '/') {
			own->path = without_slash(line);
			return true;
		}
	}
	return false;
}

// The kernel writes space, tab, newline and backslash as \ooo.
static struct text unescape(struct arena *a, struct text t)
{
	char *copy = arena_copy(a, t.data, t.len);
	size_t len = 0;

	if (copy == NULL)
		return (struct text){ NULL, 0 };
	for (size_t at = 0; at < t.len; at++, len++) {
		const char *c = t.data + at;

		copy[len] = *c;
		if (*c != '\\' || t.len - at < 4 || c[1] < '0' || c[1] > '3' || c[2] < '0' ||
		    c[2] > '7' || c[3] < '0' || c[3] > '7')
			continue;
		copy[len] = (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
		at += 3;
	}
	return (struct text){ copy, len };
}

// "id parent dev root point options [tags...] - type source super-options": true when the
// line is a mount of the hierarchy; root and point are still escaped.
static bool read_mount(struct text line, enum cgroup_version version, struct mount *m)
{
	struct text field;
	size_t i = 0;

	for (; i < 6; i++) {
		if (!proc_split(&line, ' ', &field))
			return false;
		if (i == 3)
			m->root = field;
		if (i == 4)
			m->point = field;
	}
	do {
		if (!proc_split(&line, ' ', &field))
			return false;
	} while (!text_is(field, "-"));
	if (!proc_split(&line, ' ', &field))
		return false;
	if (version == CGROUP_V2)
		return text_is(field, "cgroup2");
	return text_is(field, "cgroup") && proc_split(&line, ' ', &field) &&
	       proc_split(&line, ' ', &field) && list_has(field, "memory");
}

static bool is_inside(struct text path, struct text root)
{
	struct text rest = { path.data + root.len, path.len - root.len };
	struct text name;

	if (path.len < root.len || memcmp(path.data, root.data, root.len) != 0 ||
	    (rest.len > 0 && rest.data[0] != '/'))
		return false;
	while (proc_split(&rest, '/', &name)) {
		if (text_is(name, "..")) // a group beside the namespace's root
			return false;
	}
	return true;
}

// A mount that holds the group is better than one that does not; the nearer its root is to
// the top, the more ancestors are seen. Of equals the last one: it covers the others.
static bool is_better(const struct mount *m, const struct mount *best)
{
	if (best->point.data == NULL || m->inside != best->inside)
		return best->point.data == NULL || m->inside;
	return m->root.len <= best->root.len;
}

static int find_mount(struct arena *a, struct text file, const struct own *own, struct mount *best,
		      struct comic_err *err)
{
	struct text line;

	while (proc_split(&file, '\n', &line)) {
		struct mount m = { 0 };

		if (!read_mount(line, own->version, &m))
			continue;
		m.root = unescape(a, m.root);
		m.point = unescape(a, m.point);
		if (m.root.data == NULL || m.point.data == NULL)
			return err_set_nomem(err, "/proc/self/mountinfo");
		m.root = without_slash(m.root);
		m.inside = is_inside(own->path, m.root);
		if (is_better(&m, best))
			*best = m;
	}
	if (best->point.data == NULL)
		return err_set(err, COMIC_ERR_INPUT,
			       "/proc/self/mountinfo: the control groups of "
			       "this process are not mounted");
	return 0;
}
