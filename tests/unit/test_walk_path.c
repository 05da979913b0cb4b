// SPDX-License-Identifier: MIT
// test_walk_path.c: paths by their letters, and files beyond PATH_MAX.

#include "walk/path.h"

#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_absolute(void)
{
	static const struct {
		const char *operand;
		const char *want;
	} samples[] = {
		{ "/", "/" },
		{ "//", "/" },
		{ "/.", "/" },
		{ "/..", "/" },
		{ "/../..", "/" },
		{ "/a", "/a" },
		{ "/a/", "/a" },
		{ "//a///b//", "/a/b" },
		{ "/a/./b/.", "/a/b" },
		{ "/a/b/..", "/a" },
		{ "/a/../b", "/b" },
		{ "/a/../../b", "/b" },
		{ "/a/b/../..", "/" },
		{ "/...", "/..." },
		{ "/a/..b", "/a/..b" },
		{ "/a/.b/c.", "/a/.b/c." },
		{ "/\xFF\n", "/\xFF\n" },
		{ "/-rf", "/-rf" },
	};
	struct arena a = { .used = 0 };
	struct comic_err err = { 0 };
	struct text got;

	for (size_t i = 0; i < COMIC_COUNT(samples); i++) {
		if (ok(path_absolute(&a, samples[i].operand, &got, &err) == 0, "sample %zu", i))
			is_text(got, samples[i].want, "its absolute form");
		ok(got.data[got.len] == '\0', "ends in a NUL");
	}
	ok(path_absolute(&a, "", &got, &err) == -1 && err.code == COMIC_ERR_INPUT,
	   "empty: refused");
	ok(chdir("/tmp") == 0 && path_absolute(&a, "x/../y", &got, &err) == 0, "relative");
	is_text(got, "/tmp/y", "from the working directory");
	ok(path_absolute(&a, ".", &got, &err) == 0, "the dot");
	is_text(got, "/tmp", "is the working directory");
	ok(path_absolute(&a, "../../..", &got, &err) == 0, "above the top");
	is_text(got, "/", "is the top");
	arena_clear(&a);
}

static void test_parts(void)
{
	ok(path_is_below(TEXT("/a/b"), TEXT("/a")), "/a/b below /a");
	ok(path_is_below(TEXT("/a"), TEXT("/")), "/a below /");
	ok(!path_is_below(TEXT("/a"), TEXT("/a")), "/a not below itself");
	ok(!path_is_below(TEXT("/"), TEXT("/")), "/ not below itself");
	ok(!path_is_below(TEXT("/ab"), TEXT("/a")), "/ab not below /a");
	ok(!path_is_below(TEXT("/a"), TEXT("/a/b")), "/a not below /a/b");
	is_text(path_base(TEXT("/a/b.cbz")), "b.cbz", "base name");
	is_text(path_base(TEXT("b.cbz")), "b.cbz", "base name without a folder");
	ok(path_is_comic(TEXT("a.cbz")) && path_is_comic(TEXT("a.CbR")) &&
		   path_is_comic(TEXT("a.cb7")) && path_is_comic(TEXT("a.cbt")) &&
		   path_is_comic(TEXT("a.PDF")),
	   "suffixes of comics");
	ok(!path_is_comic(TEXT("a.zip")) && !path_is_comic(TEXT("cbz")) &&
		   !path_is_comic(TEXT("a.cbz ")) && !path_is_comic(TEXT("a.cbzx")) &&
		   !path_is_comic(TEXT("")),
	   "other names");
}

static void test_identity(void)
{
	struct stat st = { .st_size = 5, .st_ino = UINT64_MAX, .st_dev = 3 };
	struct identity a;
	struct identity b;

	st.st_mtim = (struct timespec){ -1, 999999999 };
	a = path_identity(&st);
	is_i64(a.mtime, -1, "one nanosecond before the epoch");
	is_u64(a.ino, UINT64_MAX, "all 64 bits of the inode");
	st.st_mtim = (struct timespec){ -5000000000, 0 };
	is_i64(path_identity(&st).mtime, INT64_C(-5000000000000000000), "1811");
	st.st_mtim = (struct timespec){ 16725225600, 1 };
	is_i64(path_identity(&st).mtime, INT64_MAX, "the year 2500 is the last one");
	st.st_mtim = (struct timespec){ -16725225600, 1 };
	is_i64(path_identity(&st).mtime, INT64_MIN, "and 1440 the first");
	b = a;
	b.ino = 1;
	b.dev = 1;
	ok(path_identity_equal(&a, &b), "inode and device do not matter");
	b.mtime++;
	ok(!path_identity_equal(&a, &b), "a nanosecond does");
}

// A file 26 folders of 200 bytes below the temporary folder, made step by step.
static void test_far(void)
{
	const char *tmp = getenv("TMPDIR");
	char base[160];
	static char path[8192];
	char name[201];
	struct stat st;
	int fd = -1;

	memset(name, 'd', sizeof(name) - 1);
	name[200] = '\0';
	(void)snprintf(base, sizeof(base), "%s/comic-path-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (!ok(mkdtemp(base) != NULL && chdir(base) == 0, "a temporary folder"))
		return;
	(void)snprintf(path, sizeof(path), "%s", base);
	for (int i = 0; i < 26; i++) {
		if (mkdir(name, 0700) < 0 || chdir(name) < 0)
			break;
		(void)snprintf(path + strlen(path), sizeof(path) - strlen(path), "/%s", name);
	}
	fd = open("x.cbz", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ok(fd >= 0 && write(fd, "comic", 5) == 5 && close(fd) == 0, "a file down there");
	(void)snprintf(path + strlen(path), sizeof(path) - strlen(path), "/x.cbz");
	ok(chdir("/") == 0 && strlen(path) > PATH_MAX, "its path has %zu bytes", strlen(path));
	ok(stat(path, &st) < 0 && errno == ENAMETOOLONG, "too long for stat(2)");
	ok(path_stat(path, &st) == 0 && st.st_size == 5, "path_stat() finds it");
	fd = path_open(path, O_RDONLY);
	ok(fd >= 0 && read(fd, name, 5) == 5 && memcmp(name, "comic", 5) == 0,
	   "path_open() opens it");
	(void)close(fd);
	path[strlen(path) - 1] = 'y';
	ok(path_stat(path, &st) < 0 && errno == ENOENT, "its neighbour is not there");
	ok(path_open(path, O_RDONLY) < 0 && errno == ENOENT, "nor can be opened");
	memset(path + 1, 'n', 5000);
	path[5001] = '\0';
	ok(path_stat(path, &st) < 0 && errno == ENAMETOOLONG, "a name of 5,000 bytes is too long");
	// Out again as it was made, step by step.
	memset(name, 'd', 5);
	ok(chdir(base) == 0, "back at the top");
	for (int i = 0; i < 26; i++)
		ok(chdir(name) == 0, "one down");
	ok(unlink("x.cbz") == 0, "clean up");
	for (int i = 0; i < 26; i++)
		ok(chdir("..") == 0 && rmdir(name) == 0, "one up");
	ok(chdir("/") == 0 && rmdir(base) == 0, "all gone");
}

int main(void)
{
	test_absolute();
	test_parts();
	test_identity();
	test_far();
	return done();
}
