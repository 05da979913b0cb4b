// SPDX-License-Identifier: MIT
// slow.c: LD_PRELOAD this for comics on a slow share.
//
// To open a file named *.cbz takes SLOW_MS milliseconds. How many were being opened at once, at
// most, is in the file SLOW_FILE when the program ends.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static atomic_int now;
static atomic_int most;

static void be_slow(const char *path)
{
	const char *ms = getenv("SLOW_MS");
	size_t len = strlen(path);
	struct timespec pause = { .tv_nsec = ms == NULL ? 0 : atol(ms) * 1000000 };
	int at_once = 0;
	int seen = 0;

	if (len < 4 || strcmp(path + len - 4, ".cbz") != 0)
		return;
	at_once = atomic_fetch_add(&now, 1) + 1;
	seen = atomic_load(&most);
	while (at_once > seen && !atomic_compare_exchange_weak(&most, &seen, at_once))
		;
	(void)nanosleep(&pause, NULL);
	atomic_fetch_sub(&now, 1);
}

int openat64(int folder, const char *path, int flags, ...)
{
	static int (*real)(int, const char *, int, ...);
	mode_t mode = 0;
	va_list args;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "openat64");
	va_start(args, flags);
	if ((flags & (O_CREAT | O_TMPFILE)) != 0)
		mode = va_arg(args, mode_t);
	va_end(args);
	be_slow(path);
	return real(folder, path, flags, mode);
}

// What a fortified program calls.
int __openat64_2(int folder, const char *path, int flags)
{
	return openat64(folder, path, flags);
}

__attribute__((destructor)) static void write_most(void)
{
	const char *name = getenv("SLOW_FILE");
	FILE *out = name == NULL ? NULL : fopen(name, "w");

	if (out == NULL)
		return;
	(void)fprintf(out, "%d\n", atomic_load(&most));
	(void)fclose(out);
}
