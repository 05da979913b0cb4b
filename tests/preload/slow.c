// SPDX-License-Identifier: MIT
// slow.c: LD_PRELOAD this for comics on a slow share.
//
// To open a file named *.cbz takes SLOW_MS milliseconds, but only of the first SLOW_OPENS if that is
// set, to read SLOW_READ_MS; the process dies at its read number SLOW_DEADLY. When the program ends
// the file SLOW_FILE says how many files were being opened at once, at most, how many could not for
// want of descriptors, and how many another thread than the first one opened.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static atomic_int now;
static atomic_int most;
static atomic_int refused;
static atomic_int opens;
static atomic_int elsewhere;

static void nap(const char *variable)
{
	const char *ms = getenv(variable);
	struct timespec pause = { .tv_nsec = ms == NULL ? 0 : atol(ms) * 1000000 };

	(void)nanosleep(&pause, NULL);
}

static void be_slow(const char *path)
{
	size_t len = strlen(path);
	const char *slow = getenv("SLOW_OPENS");
	int at_once = 0;
	int seen = 0;

	if (len < 4 || strcmp(path + len - 4, ".cbz") != 0)
		return;
	at_once = atomic_fetch_add(&now, 1) + 1;
	seen = atomic_load(&most);
	while (at_once > seen && !atomic_compare_exchange_weak(&most, &seen, at_once))
		;
	if (slow == NULL || atomic_fetch_add(&opens, 1) < atoi(slow))
		nap("SLOW_MS");
	elsewhere += gettid() != getpid();
	atomic_fetch_sub(&now, 1);
}

int openat64(int folder, const char *path, int flags, ...)
{
	static int (*real)(int, const char *, int, ...);
	mode_t mode = 0;
	va_list args;
	int fd = -1;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "openat64");
	va_start(args, flags);
	if ((flags & (O_CREAT | O_TMPFILE)) != 0)
		mode = va_arg(args, mode_t);
	va_end(args);
	be_slow(path);
	fd = real(folder, path, flags, mode);
	refused += fd < 0 && errno == EMFILE;
	return fd;
}

// What a fortified program calls.
int __openat64_2(int folder, const char *path, int flags)
{
	return openat64(folder, path, flags);
}

ssize_t pread64(int fd, void *out, size_t len, off64_t at)
{
	static ssize_t (*real)(int, void *, size_t, off64_t);
	static long reads;
	const char *deadly = getenv("SLOW_DEADLY");

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pread64");
	nap("SLOW_READ_MS");
	if (deadly != NULL && ++reads >= atol(deadly))
		(void)raise(SIGKILL);
	return real(fd, out, len, at);
}

ssize_t __pread64_chk(int fd, void *out, size_t len, off64_t at, size_t room)
{
	(void)room;
	return pread64(fd, out, len, at);
}

__attribute__((destructor)) static void write_most(void)
{
	const char *name = getenv("SLOW_FILE");
	FILE *out = name == NULL ? NULL : fopen(name, "w");

	if (out == NULL)
		return;
	(void)fprintf(out, "%d %d %d\n", atomic_load(&most), atomic_load(&refused),
		      atomic_load(&elsewhere));
	(void)fclose(out);
}
