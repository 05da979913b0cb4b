// SPDX-License-Identifier: MIT
// objects.h: packed bytes as a tree of msgpack's objects.
//
// In msgpack-c's types, but not by msgpack-c: that trusts the lengths a value declares, and takes
// three times as long.
#ifndef COMIC_OBJECTS_H
#define COMIC_OBJECTS_H

#include "base/compiler.h"
#include "base/mem.h"

#include <msgpack/object.h>

// Exactly one value within the limits of scan.h in len bytes, which stay referred to. 1, 0 if it
// is not that, -1 for no memory.
COMIC_MUST_CHECK int objects_unpack(struct arena *a, const void *data, size_t len,
				    msgpack_object *out);

#endif
