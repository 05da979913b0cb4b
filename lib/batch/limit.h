// SPDX-License-Identifier: MIT
// limit.h: how much memory this process may use.
//
// The smallest of what bounds it:
//   - cgroup v2 memory.max and memory.high, of its group and of each ancestor that can be seen
//     (the kernel's cgroup-v2.rst);
//   - cgroup v1 memory.limit_in_bytes of the same, and hierarchical_memory_limit in memory.stat,
//     which knows the ancestors that cannot be seen (cgroup-v1/memory.rst);
//   - RLIMIT_AS and RLIMIT_DATA, the soft ones (getrlimit(2));
//   - the physical memory, or MemTotal of /proc/meminfo where that is less: a container's view.
// Files that do not exist bound nothing. A value that says "none" bounds nothing. A value of 0 or
// above the physical memory is absurd: it bounds nothing and is noted.
#ifndef COMIC_LIMIT_H
#define COMIC_LIMIT_H

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdint.h>

#define LIMIT_NONE UINT64_MAX

// What is asked of the kernel by calls and not by files; and where the files are.
struct limit_system {
	const char *root; // "" on a real system: the directory /proc and /sys are looked up in
	uint64_t address_space; // RLIMIT_AS, bytes or LIMIT_NONE
	uint64_t data; // RLIMIT_DATA, bytes or LIMIT_NONE
	uint64_t physical; // bytes, 0 if not known
};

struct limit_candidate {
	const char *source; // "cgroup v2 memory.max of /a/b": no control bytes
	uint64_t bytes; // LIMIT_NONE if it bounds nothing
	const char *note; // why it was ignored, NULL if it was not
};

struct limit {
	uint64_t bytes; // never 0, never LIMIT_NONE
	const char *source; // of the smallest; the first of equals
	struct limit_candidate *candidates; // everything that was looked at
	size_t count;
	size_t room;
	struct arena texts;
};

// Where nothing at all bounds the process, not even a known physical memory.
#define LIMIT_ASSUMED ((uint64_t)256 << 20)

// The limit of this process; or, unless it is 0, the one given with --memory, unquestioned.
// -1: err is NOMEM, and there is nothing to clear.
COMIC_MUST_CHECK int limit_here(struct limit *out, uint64_t given, struct comic_err *err);
// The same for any system.
COMIC_MUST_CHECK int limit_detect(struct limit *out, const struct limit_system *system,
				  struct comic_err *err);
void limit_clear(struct limit *l);

#endif
