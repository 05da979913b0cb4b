// SPDX-License-Identifier: MIT
// beside.h: work done in a thread beside its caller, who waits for it before both end.
//
//	beside_start(&b, work, context)
//	...				what `work` touches is not touched here
//	beside_wait(&b)
//
// Where no thread can be had beside_start() does the work itself. Signals stay with the caller,
// whose system calls they shall interrupt.
#ifndef COMIC_BESIDE_H
#define COMIC_BESIDE_H

#include "base/compiler.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

// A zeroed one is not running.
struct beside {
	pthread_t thread;
	void (*work)(void *context);
	void *context;
	bool running;
	atomic_bool done;
};

// b is not running, and stays where it is until beside_wait(). The thread has 256 KiB of stack.
void beside_start(struct beside *b, void (*work)(void *context), void *context);
// The same, but without a thread nothing is done: false.
COMIC_MUST_CHECK bool beside_try(struct beside *b, void (*work)(void *context), void *context);
// False while the work goes on.
bool beside_is_done(const struct beside *b);
// Returns when the work is done; at once if none was started.
void beside_wait(struct beside *b);

#endif
