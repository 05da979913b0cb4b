// SPDX-License-Identifier: MIT
// kill.c: LD_PRELOAD this to kill a process at one of its changes to files.
//
// KILL_AT=N: it dies by SIGKILL instead of its Nth pwrite, ftruncate, fdatasync or unlink;
// a write then leaves half of its bytes. KILL_COUNT=FILE: at its end it writes to FILE how many
// there were. For one thread, and for what SQLite uses on glibc.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long kill_at;
static unsigned long changes;

__attribute__((constructor)) static void setup(void)
{
	const char *at = getenv("KILL_AT");

	kill_at = at == NULL ? 0 : strtoul(at, NULL, 10);
}

__attribute__((destructor)) static void report(void)
{
	const char *name = getenv("KILL_COUNT");
	FILE *file = name == NULL ? NULL : fopen(name, "w");

	if (file != NULL) {
		(void)fprintf(file, "%lu\n", changes);
		(void)fclose(file);
	}
}

static int is_last(void)
{
	return ++changes == kill_at;
}

static void die_if(int last)
{
	if (last)
		(void)kill(getpid(), SIGKILL);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t offset)
{
	static ssize_t (*real)(int, const void *, size_t, off64_t);
	int last = is_last();
	ssize_t got = 0;

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
	got = real(fd, buf, last ? n / 2 : n, offset);
	die_if(last);
	return got;
}

#define WRAP(name, parameters, arguments)                                                          \
	int name parameters                                                                        \
	{                                                                                          \
		static int(*real) parameters;                                                      \
		die_if(is_last());                                                                 \
		if (real == NULL)                                                                  \
			*(void **)&real = dlsym(RTLD_NEXT, #name);                                 \
		return real arguments;                                                             \
	}

WRAP(ftruncate64, (int fd, off64_t len), (fd, len))
WRAP(fdatasync, (int fd), (fd))
WRAP(unlink, (const char *name), (name))
