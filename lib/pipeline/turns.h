// SPDX-License-Identifier: MIT
// turns.h: long turns on the CPU.
//
// An import is more processes than there are CPUs, each of which keeps tens of MiB at hand.
// Whenever one of them takes another's CPU it finds the caches cold, so it is better to take it
// seldom. Nobody waits for any of them to answer at once.
#ifndef COMIC_TURNS_H
#define COMIC_TURNS_H

// From now on this process, and those it will start, are batch work (SCHED_BATCH, sched(7)) with
// turns of 10 ms where the kernel can give them (Linux 6.12). Niceness stays as it is. Nothing
// happens where somebody chose another policy than the usual one.
void turns_make_long(void);

#endif
