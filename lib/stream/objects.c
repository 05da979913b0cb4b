// SPDX-License-Identifier: MIT
// objects.c: see objects.h. The byte codes are those of the MessagePack specification.

#include "stream/objects.h"

#include "stream/scan.h"

#include <string.h>

#define SPARE 64 // objects that room is made for at once

static uint64_t big_endian(const uint8_t *at, size_t len)
{
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value = value << 8 | at[i];
	return value;
}

// The next len bytes, NULL if there are fewer.
static const uint8_t *take(struct objects *r, uint64_t len)
{
	const uint8_t *at = r->at;

	if (len > (uint64_t)(r->end - at))
		return NULL;
	r->at += len;
	return at;
}

// A big-endian number of len bytes.
static bool take_number(struct objects *r, size_t len, uint64_t *out)
{
	const uint8_t *at = take(r, len);

	if (at != NULL)
		*out = big_endian(at, len);
	return at != NULL;
}

static bool take_str(struct objects *r, msgpack_object *o, uint64_t len)
{
	const uint8_t *at = take(r, len);

	if (at == NULL)
		return false;
	o->type = MSGPACK_OBJECT_STR;
	o->via.str = (msgpack_object_str){ (uint32_t)len, (const char *)at };
	return true;
}

static bool take_bin(struct objects *r, msgpack_object *o, uint64_t len)
{
	const uint8_t *at = take(r, len);

	if (at == NULL)
		return false;
	o->type = MSGPACK_OBJECT_BIN;
	o->via.bin = (msgpack_object_bin){ (uint32_t)len, (const char *)at };
	return true;
}

static bool take_extension(struct objects *r, msgpack_object *o, uint64_t len)
{
	const uint8_t *at = take(r, len + 1);

	if (at == NULL)
		return false;
	o->type = MSGPACK_OBJECT_EXT;
	o->via.ext = (msgpack_object_ext){ (int8_t)at[0], (uint32_t)len, (const char *)at + 1 };
	return true;
}

static bool take_array(struct objects *r, msgpack_object *o, uint64_t count)
{
	(void)r;
	o->type = MSGPACK_OBJECT_ARRAY;
	o->via.array = (msgpack_object_array){ (uint32_t)count, NULL };
	return true;
}

static bool take_map(struct objects *r, msgpack_object *o, uint64_t pairs)
{
	(void)r;
	o->type = MSGPACK_OBJECT_MAP;
	o->via.map = (msgpack_object_map){ (uint32_t)pairs, NULL };
	return true;
}

static bool take_unsigned(struct objects *r, msgpack_object *o, size_t len)
{
	o->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
	return take_number(r, len, &o->via.u64);
}

static bool take_signed(struct objects *r, msgpack_object *o, size_t len)
{
	uint64_t bits = 0;
	uint64_t sign = UINT64_C(1) << (8 * len - 1);

	if (!take_number(r, len, &bits))
		return false;
	o->type = (bits & sign) != 0 ? MSGPACK_OBJECT_NEGATIVE_INTEGER :
				       MSGPACK_OBJECT_POSITIVE_INTEGER;
	o->via.i64 = (int64_t)((bits ^ sign) - sign);
	return true;
}

static bool take_float(struct objects *r, msgpack_object *o, size_t len)
{
	uint64_t bits = 0;
	float single = 0;

	if (!take_number(r, len, &bits))
		return false;
	if (len == sizeof(single)) {
		uint32_t half = (uint32_t)bits;

		memcpy(&single, &half, sizeof(single));
		o->type = MSGPACK_OBJECT_FLOAT32;
		o->via.f64 = (double)single;
	} else {
		o->type = MSGPACK_OBJECT_FLOAT64;
		memcpy(&o->via.f64, &bits, sizeof(bits));
	}
	return true;
}

static bool take_bool(msgpack_object *o, bool value)
{
	o->type = MSGPACK_OBJECT_BOOLEAN;
	o->via.boolean = value;
	return true;
}

// A value of bytes or elements whose count is a number of 1 << size bytes.
static bool take_counted(struct objects *r, msgpack_object *o, unsigned int size,
			 bool (*take_them)(struct objects *, msgpack_object *, uint64_t))
{
	uint64_t count = 0;

	return take_number(r, (size_t)1 << size, &count) && take_them(r, o, count);
}

// Codes 0xc0 to 0xdf.
static bool take_coded(struct objects *r, msgpack_object *o, unsigned int code)
{
	if (code == 0xc0) {
		o->type = MSGPACK_OBJECT_NIL;
		return true;
	}
	if (code == 0xc1)
		return false;
	if (code <= 0xc3)
		return take_bool(o, code == 0xc3);
	if (code <= 0xc6)
		return take_counted(r, o, code - 0xc4, take_bin);
	if (code <= 0xc9)
		return take_counted(r, o, code - 0xc7, take_extension);
	if (code <= 0xcb)
		return take_float(r, o, code == 0xca ? 4 : 8);
	if (code <= 0xcf)
		return take_unsigned(r, o, (size_t)1 << (code - 0xcc));
	if (code <= 0xd3)
		return take_signed(r, o, (size_t)1 << (code - 0xd0));
	if (code <= 0xd8)
		return take_extension(r, o, UINT64_C(1) << (code - 0xd4));
	if (code <= 0xdb)
		return take_counted(r, o, code - 0xd9, take_str);
	if (code <= 0xdd)
		return take_counted(r, o, code - 0xdb, take_array);
	return take_counted(r, o, code - 0xdd, take_map);
}

bool objects_take(struct objects *r, msgpack_object *o)
{
	unsigned int code = 0;

	if (r->at == r->end)
		return false;
	code = *r->at++;
	// Nearly every value of a record is a short text, or an empty map.
	if ((code & 0xe0U) == 0xa0)
		return take_str(r, o, code & 0x1fU);
	if (code < 0x80) {
		o->type = MSGPACK_OBJECT_POSITIVE_INTEGER;
		o->via.u64 = code;
		return true;
	}
	if (code < 0x90)
		return take_map(r, o, code & 0x0fU);
	if (code < 0xa0)
		return take_array(r, o, code & 0x0fU);
	if (code < 0xe0)
		return take_coded(r, o, code);
	o->type = MSGPACK_OBJECT_NEGATIVE_INTEGER;
	o->via.i64 = (int64_t)code - 0x100;
	return true;
}

bool objects_skip(struct objects *r)
{
	size_t used = 0;

	if (r->at == r->end ||
	    scan_value(r->at, (size_t)(r->end - r->at), &used) != SCAN_WHOLE)
		return false;
	r->at += used;
	return true;
}

// ---- a tree -------------------------------------------------------------------------------

// Objects still to be read in a container.
struct pending {
	msgpack_object *next;
	uint64_t left;
};

// Room for objects, made for several containers at once.
struct room {
	struct arena *arena;
	msgpack_object *free;
	uint64_t count;
};

static uint64_t elements_of(const msgpack_object *o)
{
	if (o->type == MSGPACK_OBJECT_MAP)
		return 2 * (uint64_t)o->via.map.size;
	return o->type == MSGPACK_OBJECT_ARRAY ? o->via.array.size : 0;
}

_Static_assert(sizeof(msgpack_object_kv) == 2 * sizeof(msgpack_object), "a pair is two objects");

// Gives a container its elements, which are read next. There can be no more objects in all than
// there are bytes left. NULL: no memory.
static msgpack_object *make_elements(struct room *room, msgpack_object *o, uint64_t elements,
				     uint64_t bytes_left)
{
	msgpack_object *first = NULL;

	if (elements > room->count) {
		room->count = bytes_left < SPARE ? bytes_left : SPARE;
		if (elements > room->count)
			room->count = elements;
		room->free = arena_alloc(room->arena, (size_t)room->count * sizeof(*room->free));
		if (room->free == NULL)
			return NULL;
	}
	first = room->free;
	room->free += elements;
	room->count -= elements;
	if (o->type == MSGPACK_OBJECT_MAP)
		o->via.map.ptr = (msgpack_object_kv *)first;
	else
		o->via.array.ptr = first;
	return first;
}

int objects_unpack(struct arena *a, const void *data, size_t len, msgpack_object *out)
{
	struct objects r = { data, (const uint8_t *)data + len };
	struct room room = { .arena = a };
	struct pending around[SCAN_DEPTH_MAX];
	struct pending now = { out, 1 }; // the innermost container
	size_t depth = 0;

	if (len > SCAN_RECORD_MAX)
		return 0;
	for (;;) {
		msgpack_object *o = NULL;
		uint64_t elements = 0;
		uint64_t left = 0;
		struct text t;

		if (now.left == 0) {
			if (depth == 0)
				return r.at == r.end;
			now = around[--depth];
			continue;
		}
		o = now.next++;
		now.left--;
		if (objects_take_short(&r, &t)) {
			o->type = MSGPACK_OBJECT_STR;
			o->via.str = (msgpack_object_str){ (uint32_t)t.len, t.data };
			continue;
		}
		if (!objects_take(&r, o))
			return 0;
		elements = elements_of(o);
		if (elements == 0)
			continue;
		// Each takes a byte at least, so what is asked for is in proportion to the bytes.
		left = (uint64_t)(r.end - r.at);
		if (elements > left || depth == SCAN_DEPTH_MAX)
			return 0;
		around[depth++] = now;
		now = (struct pending){ make_elements(&room, o, elements, left), elements };
		if (now.next == NULL)
			return -1;
	}
}
