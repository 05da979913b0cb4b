// SPDX-License-Identifier: MIT
// jail.h: what a worker process gives up before it reads its first file.
#ifndef COMIC_JAIL_H
#define COMIC_JAIL_H

#include <stdint.h>

// In a fresh child: keeps keep_fd and standard error, gives up every other
// descriptor; dies with its parent; leaves no core; is the first the kernel
// kills when memory is short; may map at most memory bytes (0: no limit).
// Terminal signals are the parent's business. Returns the descriptor keep_fd
// has now, or -1.
int jail_enter(int keep_fd, uint64_t memory);

#endif
