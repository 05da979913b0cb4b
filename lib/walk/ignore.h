// SPDX-License-Identifier: MIT
// ignore.h: the rules that keep a file or folder out of a walk.
//
// In the order of their weight: --exclude patterns, the .comicignore files from the nearest folder
// up to the root's, the built-in rules. The last pattern that matches, of the weightiest source
// that has one, decides; "!" makes it a "no". What stands above a root never counts, nor does the
// root's own name. Below an ignored folder nothing can be taken back, for nobody looks there.
//
// The .comicignore files in effect are a stack which the walk pushes and pops.
#ifndef COMIC_IGNORE_H
#define COMIC_IGNORE_H

#include "base/err.h"
#include "base/text.h"
#include "walk/pattern.h"

#include <stdbool.h>

#define IGNORE_FILE ".comicignore"
#define IGNORE_FILE_MAX ((size_t)1 << 20) // bytes; a longer one is not read but refused

// In the syntax of a .comicignore file; NULL-terminated.
extern const char *const ignore_builtin[];

enum ignore_source { IGNORE_BUILTIN, IGNORE_EXCLUDE, IGNORE_FROM_FILE };

// The rule that decided.
struct ignore_rule {
	enum ignore_source source;
	struct text pattern; // as written
	struct text folder; // IGNORE_FROM_FILE: of that file, "/" at its end; a span of the path
	unsigned int line; // in that file, from 1
};

struct ignore_entry {
	struct pattern pattern;
	unsigned int line;
};

// One source of patterns.
struct ignore_list {
	enum ignore_source source;
	struct buf bytes; // what the patterns are spans of
	struct ignore_entry *entries;
	size_t count;
	size_t room;
	size_t prefix; // bytes of the folder's path, its last "/" included
};

struct ignore {
	struct ignore_list builtin;
	struct ignore_list excludes; // spans of the caller's strings
	struct ignore_list *files; // the stack
	size_t file_count;
	size_t file_room;
};

COMIC_MUST_CHECK int ignore_init(struct ignore *ig, struct comic_err *err);
void ignore_clear(struct ignore *ig);
// glob must outlive ig.
COMIC_MUST_CHECK int ignore_add_exclude(struct ignore *ig, const char *glob, struct comic_err *err);
// Begins another root; drops the files of the one before. path ends in "/".
void ignore_start(struct ignore *ig, struct text path);
// Reads the .comicignore of an open folder. path (of the folder) ends in "/".
// 0, or -1: IO, LIMIT, NOMEM; then nothing was pushed and err's text does not name the folder.
COMIC_MUST_CHECK int ignore_push(struct ignore *ig, int folder, struct text path,
				 struct comic_err *err);
void ignore_pop(struct ignore *ig);

// True if path, absolute and below the root, is ignored, as a folder or as a file. Folders above
// it are taken as not ignored. *rule (may be NULL) gets the rule that decided; its pattern's data
// is NULL when none did.
bool ignore_match(const struct ignore *ig, struct text path, bool folder, struct ignore_rule *rule);
// True if a built-in rule alone says so.
bool ignore_match_builtin(const struct ignore *ig, struct text name);

#endif
