// SPDX-License-Identifier: MIT
// walk.c: see walk.h.

#include "walk/walk.h"

#include "base/interrupt.h"
#include "walk/folder.h"
#include "walk/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum entry_kind { ENTRY_NONE, ENTRY_FILE, ENTRY_FOLDER, ENTRY_SKIPPED, ENTRY_UNREADABLE };

struct entry {
	struct text name; // NUL-terminated; a folder's ends in "/", as it is sorted
	const char *why; // ENTRY_SKIPPED
	int error; // ENTRY_UNREADABLE: errno
	unsigned char type; // DT_...
	unsigned char kind; // enum entry_kind
};

// A folder between the root and where the walk stands. Its memory is used again by the next one
// on the same level.
struct level {
	struct buf names;
	struct entry *entries;
	size_t count;
	size_t room;
	size_t next; // of the entry to look at
	size_t prefix; // bytes of its path, the last "/" included
	int fd; // -1 while closed
	dev_t dev;
	ino_t ino;
	bool linked; // a symbolic link was followed on the way here
	bool ignore_file; // the folder has one
	bool ignore_pushed;
};

struct walk {
	struct ignore *ignore;
	struct buf path; // NUL-terminated behind its length
	struct level *levels; // depth of them in use
	size_t depth;
	size_t made; // of levels, initialized
	size_t room;
	size_t open_count;
	void *chunk; // for folder_list()
	bool started;
	struct comic_err why; // of the last event
};

static int start(struct walk *w, struct walk_event *event, struct comic_err *err);
static int visit(struct walk *w, struct level *level, const struct entry *entry,
		 struct walk_event *event, struct comic_err *err);
static void pop(struct walk *w);

int walk_next(struct walk *w, struct walk_event *event, struct comic_err *err)
{
	int got = 0;

	if (!w->started) {
		w->started = true;
		got = start(w, event, err);
	}
	while (got == 0 && w->depth > 0) {
		struct level *level = &w->levels[w->depth - 1];

		if (interrupt_check(err) < 0)
			return -1;
		if (level->next == level->count)
			pop(w);
		else
			got = visit(w, level, &level->entries[level->next++], event, err);
	}
	return got;
}

// ---- the path, events -----------------------------------------------------------------------

// Makes the first prefix bytes of the path and name the path.
static int set_path(struct walk *w, size_t prefix, struct text name, struct comic_err *err)
{
	w->path.len = prefix;
	if (buf_reserve(&w->path, name.len + 1) < 0 || buf_add(&w->path, name.data, name.len) < 0)
		return err_set_nomem(err, "a path");
	w->path.data[w->path.len] = '\0';
	return 0;
}

static struct text path_text(const struct walk *w)
{
	return (struct text){ (const char *)w->path.data, w->path.len };
}

static int report(const struct walk *w, struct walk_event *event, enum walk_kind kind,
		  const char *why)
{
	*event = (struct walk_event){ .kind = kind, .path = path_text(w), .why = why };
	return 1;
}

// The same for a system call that failed.
static int report_errno(struct walk *w, struct walk_event *event, enum walk_kind kind,
			const char *action)
{
	(void)err_set_errno(&w->why, "%s", action);
	return report(w, event, kind, w->why.text);
}

static int report_file(const struct walk *w, struct walk_event *event, const struct stat *st)
{
	*event = (struct walk_event){
		.kind = WALK_FILE,
		.path = path_text(w),
		.id = path_identity(st),
		.links = st->st_nlink,
	};
	return 1;
}

// ---- open folders ---------------------------------------------------------------------------

static void close_level(struct walk *w, struct level *level)
{
	if (level->fd < 0)
		return;
	(void)close(level->fd);
	level->fd = -1;
	w->open_count--;
}

// Closes the open folder that is needed last: the uppermost but for the root (from which the
// others are opened again) and keep. False if there is none.
static bool close_one(struct walk *w, size_t keep)
{
	for (size_t i = 1; i < w->depth; i++) {
		if (i != keep && w->levels[i].fd >= 0) {
			close_level(w, &w->levels[i]);
			return true;
		}
	}
	return false;
}

// Opens name in the folder of a level. -1 with errno.
static int open_below(struct walk *w, size_t parent, const char *name)
{
	int fd = -1;

	if (w->open_count >= WALK_OPEN_MAX)
		(void)close_one(w, parent);
	do {
		fd = openat(w->levels[parent].fd, name,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	} while (fd < 0 && ((errno == EINTR && interrupt_signal() == 0) ||
			    ((errno == EMFILE || errno == ENFILE) && close_one(w, parent))));
	w->open_count += fd >= 0;
	return fd;
}

// Opens the folder of a level again, by the name its parent still holds.
static int reopen(struct walk *w, size_t at)
{
	struct level *level = &w->levels[at];
	const struct level *parent = &w->levels[at - 1];
	struct stat st;

	level->fd = open_below(w, at - 1, parent->entries[parent->next - 1].name.data);
	if (level->fd < 0)
		return -1;
	if (fstat(level->fd, &st) == 0 && st.st_dev == level->dev && st.st_ino == level->ino)
		return 0;
	close_level(w, level);
	errno = ESTALE; // another folder has its name now
	return -1;
}

// The descriptor of the level the walk stands in; -1 with errno.
static int current_fd(struct walk *w)
{
	size_t at = w->depth - 1;

	while (w->levels[at].fd < 0)
		at--;
	while (++at < w->depth) {
		if (reopen(w, at) < 0)
			return -1;
	}
	return w->levels[at - 1].fd;
}

static void pop(struct walk *w)
{
	struct level *level = &w->levels[--w->depth];

	close_level(w, level);
	if (level->ignore_pushed)
		ignore_pop(w->ignore);
}

static int stat_entry(int folder, const char *name, struct stat *st)
{
	int status = 0;

	do {
		status = fstatat(folder, name, st, 0);
	} while (status < 0 && errno == EINTR && interrupt_signal() == 0);
	return status;
}

// ---- one folder's entries -------------------------------------------------------------------

static bool may_be_folder(unsigned char type)
{
	return type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN;
}

enum { TAKE_NOMEM = 1 };

// folder_fn: keeps what could be a comic or a folder.
static int take_name(void *context, struct text name, unsigned char type)
{
	struct level *level = context;

	if (text_is(name, IGNORE_FILE))
		level->ignore_file = true;
	if (!may_be_folder(type) && !path_is_comic(name))
		return 0;
	// Two bytes more: a "/" if it turns out a folder, and the end.
	if (mem_grow(&level->entries, &level->room, level->count + 1, sizeof(struct entry)) < 0 ||
	    buf_add(&level->names, name.data, name.len) < 0 || buf_add(&level->names, "\0", 2) < 0)
		return TAKE_NOMEM;
	level->entries[level->count++] = (struct entry){ .name = { NULL, name.len }, .type = type };
	return 0;
}

// The names lie one behind the other; only now will they not be moved any more.
static void point_to_names(struct level *level)
{
	size_t at = 0;

	for (size_t i = 0; i < level->count; i++) {
		level->entries[i].name.data = (const char *)level->names.data + at;
		at += level->entries[i].name.len + 2;
	}
}

static const char *describe_type(mode_t mode)
{
	if (S_ISDIR(mode))
		return "a folder, not a comic";
	if (S_ISFIFO(mode))
		return "a pipe, not a comic";
	return S_ISSOCK(mode) ? "a socket, not a comic" : "a device, not a comic";
}

// A folder's name ends in "/"; take_name() left room for it.
static void make_folder(struct level *level, struct entry *entry, enum entry_kind kind)
{
	size_t at = (size_t)(entry->name.data - (const char *)level->names.data);

	level->names.data[at + entry->name.len++] = '/';
	entry->kind = (unsigned char)kind;
}

// Sets the kind of an entry whose type is known.
static void classify(const struct walk *w, struct level *level, struct entry *entry, mode_t mode)
{
	bool comic = path_is_comic(entry->name);

	if (ignore_match(w->ignore, path_text(w), S_ISDIR(mode), NULL) ||
	    (!comic && !S_ISDIR(mode)))
		return;
	if (!comic) {
		make_folder(level, entry, ENTRY_FOLDER);
	} else if (S_ISREG(mode)) {
		entry->kind = ENTRY_FILE;
	} else {
		entry->kind = ENTRY_SKIPPED;
		entry->why = describe_type(mode);
	}
}

// The same for a link, or where the file system does not tell types: stat(2) does.
static void look_and_classify(const struct walk *w, struct level *level, struct entry *entry)
{
	bool ignored_folder = ignore_match(w->ignore, path_text(w), true, NULL);
	bool ignored_file = ignore_match(w->ignore, path_text(w), false, NULL);
	bool comic = path_is_comic(entry->name);
	struct stat st;

	if (ignored_folder && (ignored_file || !comic))
		return;
	if (stat_entry(level->fd, entry->name.data, &st) == 0) {
		classify(w, level, entry, st.st_mode);
	} else if (errno != ENOENT) {
		entry->error = errno;
		if (comic)
			entry->kind = ENTRY_UNREADABLE;
		else
			make_folder(level, entry, ENTRY_UNREADABLE);
	} else if (comic && entry->type == DT_LNK) {
		entry->kind = ENTRY_SKIPPED;
		entry->why = "a symbolic link to nothing";
	}
}

static int classify_all(struct walk *w, struct level *level, struct comic_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < level->count; i++) {
		struct entry *entry = &level->entries[i];

		if (set_path(w, level->prefix, entry->name, err) < 0)
			return -1;
		if (entry->type == DT_LNK || entry->type == DT_UNKNOWN)
			look_and_classify(w, level, entry);
		else
			classify(w, level, entry, (mode_t)DTTOIF(entry->type));
		if (entry->kind != ENTRY_NONE)
			level->entries[kept++] = *entry;
	}
	level->count = kept;
	return 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a;
	const struct entry *y = b;

	return text_compare(x->name, y->name);
}

// Ends the walk for what w->why says of a .comicignore file.
static int refuse(struct walk *w, struct walk_event *event, struct comic_err *err)
{
	while (w->depth > 0)
		pop(w);
	if (w->why.code != COMIC_ERR_NOMEM)
		return report(w, event, WALK_REFUSED, w->why.text);
	*err = w->why;
	return -1;
}

// Reads, filters and sorts the folder of the last level, which the path names. 1 with an event
// when it cannot be read; the level is then left.
static int load(struct walk *w, struct walk_event *event, struct comic_err *err)
{
	struct level *level = &w->levels[w->depth - 1];
	int got = folder_list(level->fd, w->chunk, take_name, level);

	if (got == TAKE_NOMEM)
		return err_set_nomem(err, "the names of a folder");
	if (got < 0) {
		got = report_errno(w, event, w->depth == 1 ? WALK_REFUSED : WALK_UNREADABLE,
				   "read");
		pop(w);
		return got;
	}
	if (level->ignore_file && ignore_push(w->ignore, level->fd, path_text(w), &w->why) < 0)
		return refuse(w, event, err);
	level->ignore_pushed = level->ignore_file;
	point_to_names(level);
	if (classify_all(w, level, err) < 0)
		return -1;
	if (level->count > 1)
		qsort(level->entries, level->count, sizeof(*level->entries), compare_entries);
	return 0;
}

// ---- going down -----------------------------------------------------------------------------

// A level for the folder opened as fd, which the path names and which it owns now.
static struct level *push(struct walk *w, int fd, const struct stat *st, struct comic_err *err)
{
	struct level *level = NULL;

	if (mem_grow(&w->levels, &w->room, w->depth + 1, sizeof(*w->levels)) < 0) {
		(void)close(fd);
		w->open_count--;
		(void)err_set_nomem(err, "a folder");
		return NULL;
	}
	if (w->made == w->depth)
		w->levels[w->made++] = (struct level){ .fd = -1 };
	level = &w->levels[w->depth++];
	level->names.len = 0;
	level->count = 0;
	level->next = 0;
	level->prefix = w->path.len;
	level->fd = fd;
	level->dev = st->st_dev;
	level->ino = st->st_ino;
	level->linked = false;
	level->ignore_file = false;
	level->ignore_pushed = false;
	return level;
}

// True if the folder is one of those above: only a link can lead there.
static bool is_above(const struct walk *w, const struct stat *st)
{
	for (size_t i = 0; i < w->depth; i++) {
		if (w->levels[i].dev == st->st_dev && w->levels[i].ino == st->st_ino)
			return true;
	}
	return false;
}

static int enter(struct walk *w, const struct entry *entry, struct walk_event *event,
		 struct comic_err *err)
{
	size_t parent = w->depth - 1;
	bool linked = w->levels[parent].linked || entry->type != DT_DIR;
	int fd = open_below(w, parent, entry->name.data);
	struct level *level = NULL;
	struct stat st;
	int status = 0;

	if (fd < 0)
		return report_errno(w, event, WALK_UNREADABLE, "open");
	if (fstat(fd, &st) < 0)
		status = report_errno(w, event, WALK_UNREADABLE, "stat");
	else if (linked && is_above(w, &st))
		status = report(w, event, WALK_SKIPPED, "a link to a folder above it");
	if (status != 0) {
		(void)close(fd);
		w->open_count--;
		return status;
	}
	level = push(w, fd, &st, err);
	if (level == NULL)
		return -1;
	level->linked = linked;
	return load(w, event, err);
}

// The folder the walk stands in cannot be reached any more: the rest of it is unreadable.
static int lose(struct walk *w, struct walk_event *event)
{
	bool root = w->depth == 1;

	w->path.len = w->levels[w->depth - 1].prefix;
	w->path.data[w->path.len] = '\0';
	(void)report_errno(w, event, root ? WALK_REFUSED : WALK_UNREADABLE, "open again");
	pop(w);
	return 1;
}

static int visit_file(struct walk *w, int folder, const struct entry *entry,
		      struct walk_event *event)
{
	struct stat st;

	if (stat_entry(folder, entry->name.data, &st) < 0)
		return errno == ENOENT ? 0 : report_errno(w, event, WALK_UNREADABLE, "stat");
	if (!S_ISREG(st.st_mode))
		return report(w, event, WALK_SKIPPED, describe_type(st.st_mode));
	return report_file(w, event, &st);
}

static int visit(struct walk *w, struct level *level, const struct entry *entry,
		 struct walk_event *event, struct comic_err *err)
{
	int folder = -1;

	if (set_path(w, level->prefix, entry->name, err) < 0)
		return -1;
	if (entry->kind == ENTRY_SKIPPED)
		return report(w, event, WALK_SKIPPED, entry->why);
	if (entry->kind == ENTRY_UNREADABLE) {
		errno = entry->error;
		return report_errno(w, event, WALK_UNREADABLE, "stat");
	}
	folder = current_fd(w);
	if (folder < 0)
		return lose(w, event);
	return entry->kind == ENTRY_FOLDER ? enter(w, entry, event, err)
					   : visit_file(w, folder, entry, event);
}

// ---- the root -------------------------------------------------------------------------------

int walk_open(struct walk **out, struct text root, struct ignore *ignore, struct comic_err *err)
{
	struct walk *w = mem_zero(1, sizeof(*w));

	*out = w;
	if (w == NULL)
		return err_set_nomem(err, "a walk");
	w->ignore = ignore;
	w->chunk = mem_alloc(1, FOLDER_CHUNK);
	if (w->chunk == NULL || set_path(w, 0, root, err) < 0) {
		walk_close(w);
		*out = NULL;
		return err_set_nomem(err, "a walk");
	}
	return 0;
}

void walk_close(struct walk *w)
{
	if (w == NULL)
		return;
	while (w->depth > 0)
		pop(w);
	for (size_t i = 0; i < w->made; i++) {
		buf_clear(&w->levels[i].names);
		free(w->levels[i].entries);
	}
	free(w->levels);
	free(w->chunk);
	buf_clear(&w->path);
	free(w);
}

static int start(struct walk *w, struct walk_event *event, struct comic_err *err)
{
	const char *root = (const char *)w->path.data;
	struct stat st;
	int fd = -1;

	if (path_stat(root, &st) < 0)
		return report_errno(w, event, WALK_REFUSED, "stat");
	if (S_ISREG(st.st_mode))
		return report_file(w, event, &st);
	fd = path_open(root, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return report_errno(w, event, WALK_REFUSED, "open");
	w->open_count++;
	if (w->path.len > 1 && set_path(w, w->path.len, TEXT("/"), err) < 0) {
		(void)close(fd);
		return -1;
	}
	ignore_start(w->ignore, path_text(w));
	if (push(w, fd, &st, err) == NULL)
		return -1;
	return load(w, event, err);
}
