// SPDX-License-Identifier: MIT
// ignore.c: see ignore.h.

#include "walk/ignore.h"

#include "walk/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const ignore_builtin[] = {
	".*", // hidden; "._*" of macOS and ".Trash-1000" among them
	"@eaDir", // Synology: thumbnails
	"\\#recycle", // Synology: deleted files
	"__MACOSX",
	"Thumbs.db",
	"desktop.ini",
	"*.part", // what is still being downloaded or copied
	"*.crdownload",
	"*.tmp",
	".~*",
	"*.!qB",
	NULL,
};

static void clear_list(struct ignore_list *list)
{
	buf_clear(&list->bytes);
	free(list->entries);
	*list = (struct ignore_list){ .count = 0 };
}

static int add_entry(struct ignore_list *list, const struct pattern *pattern, unsigned int line,
		     struct comic_err *err)
{
	if (mem_grow(&list->entries, &list->room, list->count + 1, sizeof(*list->entries)) < 0)
		return err_set_nomem(err, "ignore rules");
	list->entries[list->count++] = (struct ignore_entry){ *pattern, line };
	return 0;
}

int ignore_init(struct ignore *ig, struct comic_err *err)
{
	*ig = (struct ignore){
		.builtin.source = IGNORE_BUILTIN,
		.excludes.source = IGNORE_EXCLUDE,
	};
	for (size_t i = 0; ignore_builtin[i] != NULL; i++) {
		struct pattern pattern;

		pattern_parse(text_from(ignore_builtin[i]), &pattern);
		if (add_entry(&ig->builtin, &pattern, 0, err) < 0)
			return -1;
	}
	return 0;
}

void ignore_clear(struct ignore *ig)
{
	while (ig->file_count > 0)
		ignore_pop(ig);
	free(ig->files);
	clear_list(&ig->builtin);
	clear_list(&ig->excludes);
	*ig = (struct ignore){ .files = NULL };
}

int ignore_add_exclude(struct ignore *ig, const char *glob, struct comic_err *err)
{
	struct pattern pattern;

	pattern_parse(text_from(glob), &pattern);
	return add_entry(&ig->excludes, &pattern, 0, err);
}

void ignore_start(struct ignore *ig, struct text path)
{
	while (ig->file_count > 0)
		ignore_pop(ig);
	ig->builtin.prefix = path.len;
	ig->excludes.prefix = path.len;
}

void ignore_pop(struct ignore *ig)
{
	clear_list(&ig->files[--ig->file_count]);
}

// ---- .comicignore -------------------------------------------------------------------------

static int read_whole(int fd, struct buf *bytes, struct comic_err *err)
{
	struct stat st;
	ssize_t got = 0;

	if (fstat(fd, &st) < 0)
		return err_set_errno(err, IGNORE_FILE ": stat");
	if (!S_ISREG(st.st_mode))
		return err_set(err, COMIC_ERR_IO, IGNORE_FILE ": not a regular file");
	do {
		if (bytes->len > IGNORE_FILE_MAX)
			return err_set(err, COMIC_ERR_LIMIT, IGNORE_FILE ": more than 1 MiB");
		if (buf_reserve(bytes, 4096) < 0)
			return err_set_nomem(err, IGNORE_FILE);
		got = read(fd, bytes->data + bytes->len, bytes->room - bytes->len);
		if (got < 0 && errno != EINTR)
			return err_set_errno(err, IGNORE_FILE ": read");
		bytes->len += got > 0 ? (size_t)got : 0;
	} while (got != 0);
	return 0;
}

static int parse_lines(struct ignore_list *list, struct comic_err *err)
{
	static const char mark[] = "\xEF\xBB\xBF"; // some editors begin a UTF-8 file with it
	const char *at = (const char *)list->bytes.data;
	const char *end = at + list->bytes.len;

	if (list->bytes.len >= 3 && memcmp(at, mark, 3) == 0)
		at += 3;
	for (unsigned int line = 1; at < end; line++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		struct pattern pattern;

		if (stop == NULL)
			stop = end;
		if (pattern_parse_line((struct text){ at, (size_t)(stop - at) }, &pattern) &&
		    add_entry(list, &pattern, line, err) < 0)
			return -1;
		at = stop + 1;
	}
	return 0;
}

static int read_list(struct ignore_list *list, int fd, struct comic_err *err)
{
	if (read_whole(fd, &list->bytes, err) < 0 || parse_lines(list, err) < 0) {
		clear_list(list);
		return -1;
	}
	return 0;
}

int ignore_push(struct ignore *ig, int folder, struct text path, struct comic_err *err)
{
	struct ignore_list list = { .source = IGNORE_FROM_FILE, .prefix = path.len };
	int status = -1;
	int fd = -1;

	if (mem_grow(&ig->files, &ig->file_room, ig->file_count + 1, sizeof(list)) < 0)
		return err_set_nomem(err, IGNORE_FILE);
	fd = openat(folder, IGNORE_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_set_errno(err, IGNORE_FILE ": open");
	status = read_list(&list, fd, err);
	(void)close(fd);
	if (status == 0)
		ig->files[ig->file_count++] = list;
	return status;
}

// ---- matching -----------------------------------------------------------------------------

// The last pattern of list that matches, NULL if none does.
static const struct ignore_entry *find_last(const struct ignore_list *list, struct text path,
					    struct text name, bool folder)
{
	struct text relative = { path.data + list->prefix, path.len - list->prefix };

	for (size_t i = list->count; i > 0; i--) {
		if (pattern_match(&list->entries[i - 1].pattern, relative, name, folder))
			return &list->entries[i - 1];
	}
	return NULL;
}

bool ignore_match(const struct ignore *ig, struct text path, bool folder, struct ignore_rule *rule)
{
	struct text name = path_base(path);
	const struct ignore_list *list = &ig->excludes;
	const struct ignore_entry *entry = find_last(list, path, name, folder);

	for (size_t i = ig->file_count; entry == NULL && i > 0; i--) {
		list = &ig->files[i - 1];
		entry = find_last(list, path, name, folder);
	}
	if (entry == NULL) {
		list = &ig->builtin;
		entry = find_last(list, path, name, folder);
	}
	if (rule != NULL)
		*rule = (struct ignore_rule){
			.source = list->source,
			.pattern = entry == NULL ? (struct text){ NULL, 0 } : entry->pattern.source,
			.folder = { path.data, list->prefix },
			.line = entry == NULL ? 0 : entry->line,
		};
	return entry != NULL && !entry->pattern.negated;
}

bool ignore_match_builtin(const struct ignore *ig, struct text name)
{
	struct ignore_list rules = ig->builtin;
	const struct ignore_entry *entry = NULL;

	rules.prefix = 0;
	entry = find_last(&rules, name, name, true);
	return entry != NULL;
}
