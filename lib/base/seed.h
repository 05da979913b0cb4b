// SPDX-License-Identifier: MIT
// seed.h: a number that strangers cannot guess, for hash tables of what they wrote.
//
// Who knows where a table puts a key can choose thousands of keys that it puts in one place, and
// each of them is then looked for past all others.
#ifndef COMIC_SEED_H
#define COMIC_SEED_H

#include <stdint.h>

// The same for the whole life of the process; nothing that is written may depend on it.
uint64_t seed_get(void);

#endif
