// SPDX-License-Identifier: MIT
// fake_root.h: a made-up /proc and /sys below a temporary directory.
#ifndef COMIC_FAKE_ROOT_H
#define COMIC_FAKE_ROOT_H

#include <sys/types.h>
#include <sys/stat.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char fake_root[PATH_MAX];

static void fake_clear(void)
{
	char *roots[] = { fake_root, NULL };
	FTS *walk = fake_root[0] == '\0' ? NULL : fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	const FTSENT *entry = NULL;

	while (walk != NULL && (entry = fts_read(walk)) != NULL) {
		if (entry->fts_info != FTS_D)
			(void)remove(entry->fts_accpath);
	}
	if (walk != NULL)
		(void)fts_close(walk);
	fake_root[0] = '\0';
}

// Drops the last tree and begins an empty one.
static void fake_begin(void)
{
	const char *tmp = getenv("TMPDIR");

	fake_clear();
	(void)snprintf(fake_root, sizeof(fake_root), "%s/fake-root.XXXXXX",
		       tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(fake_root) == NULL) {
		perror(fake_root);
		exit(1);
	}
}

// The name of path in the tree, its folders made; valid until the next call.
static const char *fake_path(const char *path)
{
	static char full[2 * PATH_MAX];

	(void)snprintf(full, sizeof(full), "%s%s", fake_root, path);
	for (char *slash = strchr(full + strlen(fake_root) + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0777);
		*slash = '/';
	}
	return full;
}

static void fake_put(const char *path, const char *content)
{
	FILE *file = fopen(fake_path(path), "we");

	if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

#endif
