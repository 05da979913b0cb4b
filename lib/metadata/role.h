// SPDX-License-Identifier: MIT
// role.h: what a person did for a comic, in one vocabulary for all formats.
#ifndef COMIC_ROLE_H
#define COMIC_ROLE_H

#include "base/text.h"

// The one name of a role, from a cleaned name: "penciler" and "Pencils" are Penciller. A role
// without an entry keeps its own words, with capital letters. data == NULL: no memory.
struct text role_canonical(struct arena *a, struct text name);

#endif
