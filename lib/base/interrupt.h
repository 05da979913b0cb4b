// SPDX-License-Identifier: MIT
// interrupt.h: signals as flags that loops look at.
//
// SIGINT, SIGTERM and SIGHUP are stored, not acted on; system calls then return
// EINTR (no SA_RESTART) and loops stop at a whole point. At exit cli_finish()
// restores the default action and raises the signal again, so the parent sees
// the true cause. A signal that was ignored when the program began stays so.
// SIGUSR1 interrupts nothing but poll() and sleeps.
#ifndef COMIC_INTERRUPT_H
#define COMIC_INTERRUPT_H

#include "base/err.h"

#include <stdbool.h>

// Installs the handlers: once, by cli_start().
void interrupt_setup(void);
// The signal that arrived, 0 if none.
int interrupt_signal(void);
// True once after each SIGUSR1: time to print a status line.
bool interrupt_status_wanted(void);
// 0, or -1 with err (INTERRUPTED) once a signal has arrived.
COMIC_MUST_CHECK int interrupt_check(struct comic_err *err);

#endif
