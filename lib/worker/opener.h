// SPDX-License-Identifier: MIT
// opener.h: files opened, and where that takes long several at once.
//
// On a share each open waits for a server. One after another, these waits would be most of what
// comic-extract does; in threads they overlap. On a local disk threads would only cost: who opens
// a file is told how long it took.
#ifndef COMIC_OPENER_H
#define COMIC_OPENER_H

#include "base/compiler.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#define OPENER_AHEAD 32 // files that may be asked for at once

enum opening_state { OPENING_NONE, OPENING_ASKED, OPENING_DONE };

// A zeroed one is ready for use but for its path.
struct opening {
	const char *path; // absolute; stays while it is asked for
	bool prefetch; // what will be read first of a regular file is asked for, too
	atomic_int state; // enum opening_state
	// Once it is done:
	int fd;             // -1: it failed. The caller's; not blocking
	const char *failed; // "open" or "stat", which set error; NULL: neither
	int error;          // an errno
	struct stat st;
	int64_t took; // nanoseconds
	int64_t prefetch_took; // of these
};

// Opens the file for reading.
void opening_do(struct opening *o);

struct opener;

// Starts the threads. NULL: there can be none.
struct opener *opener_new(void);
// Ends them when they have opened what they are at; what is still OPENING_ASKED then will never
// be done. NULL is fine.
void opener_free(struct opener *opener);

// Has a file opened. False: OPENER_AHEAD are asked for already.
COMIC_MUST_CHECK bool opener_ask(struct opener *opener, struct opening *o);
// Waits until it is done.
void opener_wait(struct opener *opener, struct opening *o);
// A descriptor that can be read when one was done since opener_hear().
int opener_fd(const struct opener *opener);
void opener_hear(struct opener *opener);

#endif
