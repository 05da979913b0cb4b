// SPDX-License-Identifier: MIT
// objects.h: packed bytes as msgpack's objects: one after another, or as a tree.
//
// In msgpack-c's types, but not by msgpack-c: that trusts the lengths a value declares, and takes
// three times as long.
#ifndef COMIC_OBJECTS_H
#define COMIC_OBJECTS_H

#include "base/compiler.h"
#include "base/mem.h"
#include "base/text.h"

#include <msgpack/object.h>
#include <stdbool.h>
#include <stdint.h>

// Packed values that come next.
struct objects {
	const uint8_t *at;
	const uint8_t *end;
};

// Takes the next value; a map or an array has its size but no ptr: its elements come next.
// Texts stay where they are. False: there is no whole one.
COMIC_MUST_CHECK bool objects_take(struct objects *r, msgpack_object *o);
// Takes the next value if it is a text of less than 32 bytes, as nearly all are.
static inline bool objects_take_short(struct objects *r, struct text *out)
{
	size_t len = 0;

	if (r->at == r->end || (*r->at & 0xe0U) != 0xa0)
		return false;
	len = *r->at & 0x1fU;
	if (len >= (size_t)(r->end - r->at))
		return false;
	*out = (struct text){ (const char *)r->at + 1, len };
	r->at += 1 + len;
	return true;
}
// Takes the next value if it is a map with nothing in it.
static inline bool objects_take_empty(struct objects *r)
{
	if (r->at == r->end || *r->at != 0x80)
		return false;
	r->at++;
	return true;
}
// Goes past the next value with all that is in it. False: it is none within scan.h's limits,
// which count from it.
COMIC_MUST_CHECK bool objects_skip(struct objects *r);

// Exactly one value within the limits of scan.h in len bytes, which stay referred to. 1, 0 if it
// is not that, -1 for no memory.
COMIC_MUST_CHECK int objects_unpack(struct arena *a, const void *data, size_t len,
				    msgpack_object *out);

#endif
