// SPDX-License-Identifier: MIT
// fault.c: LD_PRELOAD this to make an allocation fail.
//
// FAULT_AT=N fails the Nth malloc, calloc or realloc of each process (a forked one counts on
// from its parent); FAULT_LASTING=1 that one and all after it. Allocations before main() are
// not counted. A process that was hit creates the file FAULT_HIT. For glibc.

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

extern void *libc_malloc(size_t size) __asm__("__libc_malloc");
extern void *libc_calloc(size_t nmemb, size_t size) __asm__("__libc_calloc");
extern void *libc_realloc(void *ptr, size_t size) __asm__("__libc_realloc");

static unsigned long fault_at;
static bool lasting;
static unsigned long allocations;

__attribute__((constructor)) static void setup(void)
{
	const char *at = getenv("FAULT_AT");

	fault_at = at == NULL ? 0 : strtoul(at, NULL, 10);
	lasting = getenv("FAULT_LASTING") != NULL;
	allocations = 0;
}

static bool fails(void)
{
	const char *hit = getenv("FAULT_HIT");

	if (fault_at == 0 || ++allocations < fault_at || (allocations > fault_at && !lasting))
		return false;
	if (hit != NULL && allocations == fault_at)
		(void)close(open(hit, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
	return fails() ? NULL : libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
	return fails() ? NULL : libc_realloc(ptr, size);
}
