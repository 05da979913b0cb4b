// SPDX-License-Identifier: MIT
// floor-scan.c: floor-scan FOLDER: the least a scan can do: openat, getdents64, statx.
//
// Every entry below FOLDER is looked at once; nothing is sorted, filtered or written.

#define _GNU_SOURCE // statx, O_PATH

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BLOCK 32768
#define DEPTH_MAX 64

struct folder {
	int fd;
	long have; // bytes in block
	long at; // of the next entry in block
	char block[BLOCK];
};

static struct folder folders[DEPTH_MAX]; // from FOLDER down
static unsigned long files;

// The next entry of f, NULL after the last.
static const struct dirent64 *next_entry(struct folder *f)
{
	const struct dirent64 *entry = NULL;

	if (f->at == f->have) {
		f->have = syscall(SYS_getdents64, f->fd, f->block, sizeof(f->block));
		f->at = 0;
		if (f->have <= 0)
			return NULL;
	}
	entry = (const struct dirent64 *)(const void *)(f->block + f->at);
	f->at += entry->d_reclen;
	return entry;
}

static int open_folder(struct folder *f, int at, const char *name)
{
	f->fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	f->have = 0;
	f->at = 0;
	return f->fd < 0 ? -1 : 0;
}

static int walk(const char *path)
{
	size_t depth = 1;

	if (open_folder(&folders[0], AT_FDCWD, path) < 0)
		return -1;
	while (depth > 0) {
		struct folder *f = &folders[depth - 1];
		const struct dirent64 *entry = next_entry(f);
		struct statx st;

		if (entry == NULL) {
			(void)close(f->fd);
			depth--;
			continue;
		}
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (entry->d_type == DT_DIR && depth < DEPTH_MAX) {
			if (open_folder(&folders[depth], f->fd, entry->d_name) < 0)
				return -1;
			depth++;
		} else if (statx(f->fd, entry->d_name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
				 STATX_BASIC_STATS, &st) == 0) {
			files++;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2 || walk(argv[1]) < 0) {
		perror("floor-scan");
		return 3;
	}
	return printf("%lu\n", files) < 0 ? 3 : 0;
}
