// SPDX-License-Identifier: MIT
// stages.h: programs as child processes, each one's output joined to the next one's input.
//
// A child has standard input from the stage before it (/dev/null for the first),
// its standard error in a pipe, and no other descriptor of this process. It starts with
// default signal handling, but for signals that were ignored when this process began.
#ifndef COMIC_STAGES_H
#define COMIC_STAGES_H

#include "base/err.h"
#include "base/text.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct stage {
	const char *name;        // of the program, e.g. "comic-scan"
	const char *const *argv; // ended by NULL; argv[0] is the name
	bool carried; // what it writes goes through this process, not straight to the next stage
	// The rest is filled by stages_start(). Descriptors are the caller's, -1 if there is none,
	// non-blocking.
	pid_t pid; // 0: it never ran
	bool ended;
	int wait_status; // of waitpid(2), when ended
	int in;          // its standard input, where the stage before is `carried`
	int out;         // its standard output, if `carried` or the last
	int messages;    // its standard error
};

// Where a program is: beside this one, else as execvp(3) finds it. out holds PATH_MAX bytes.
void stages_find(const char *name, char *out);

// Starts all or none. mask is the signal mask of the children. -1: IO, NOMEM.
COMIC_MUST_CHECK int stages_start(struct stage *stages, size_t count, const sigset_t *mask,
				  struct comic_err *err);
// Notes which have ended, without waiting; the number that still run.
size_t stages_reap(struct stage *stages, size_t count);
// Sends a signal to those that still run.
void stages_signal(const struct stage *stages, size_t count, int signal_number);
// Waits for all and closes every descriptor.
void stages_finish(struct stage *stages, size_t count);

// The exit status of the whole, of stages that have all ended: that of the first one, in pipe
// order, that failed for a reason of its own. One that died of SIGPIPE because a later one had
// ended did not. Status 1 only counts where none is higher. *culprit is that stage, or NULL.
int stages_status(const struct stage *stages, size_t count, const struct stage **culprit);
// What a stage itself had no chance to say: "comic-extract: killed by signal 9 (Killed)".
// False if it ended with a status of its own, from 0 to 3.
bool stages_describe(const struct stage *stage, char *out, size_t room);

#endif
