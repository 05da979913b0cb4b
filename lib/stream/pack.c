// SPDX-License-Identifier: MIT
// pack.c: packing values; see record.h. The byte codes are those of the MessagePack specification.
//
// By hand: msgpack-c calls a function for each piece of each value, which costs three times as
// much. Of the ways to write a value the shortest is taken, as msgpack-c does.

#include "stream/record.h"

#include <math.h>
#include <string.h>

void record_packer_init(struct record_packer *p, struct buf *out)
{
	p->out = out;
	p->failed = false;
}

// Room for len bytes more, NULL if there is none.
static uint8_t *claim(struct record_packer *p, size_t len)
{
	struct buf *b = p->out;
	uint8_t *at = NULL;

	if (len > b->room - b->len && buf_reserve(b, len) < 0) {
		p->failed = true;
		return NULL;
	}
	at = b->data + b->len;
	b->len += len;
	return at;
}

static void put_big_endian(uint8_t *at, uint64_t value, size_t len)
{
	while (len > 0) {
		at[--len] = (uint8_t)value;
		value >>= 8;
	}
}

// A code and a number of `size` bytes behind it.
static void pack_coded(struct record_packer *p, uint8_t code, uint64_t value, size_t size)
{
	uint8_t *at = claim(p, 1 + size);

	if (at == NULL)
		return;
	at[0] = code;
	put_big_endian(at + 1, value, size);
}

static void pack_byte(struct record_packer *p, uint8_t byte)
{
	uint8_t *at = claim(p, 1);

	if (at != NULL)
		*at = byte;
}

// The header of what is counted: `few` with the count in it for up to `most`, else a code of
// its own and 16 or 32 bits.
static void pack_count(struct record_packer *p, uint8_t few, size_t most, uint8_t code,
		       size_t count)
{
	if (count <= most)
		pack_byte(p, (uint8_t)(few | count));
	else if (count <= UINT16_MAX)
		pack_coded(p, code, count, 2);
	else
		pack_coded(p, (uint8_t)(code + 1U), count, 4);
}

void pack_map(struct record_packer *p, size_t pairs)
{
	pack_count(p, 0x80, 15, 0xde, pairs);
}

void pack_array(struct record_packer *p, size_t count)
{
	pack_count(p, 0x90, 15, 0xdc, count);
}

static void put_bytes(struct record_packer *p, struct text t)
{
	uint8_t *at = claim(p, t.len);

	if (at != NULL && t.len > 0)
		memcpy(at, t.data, t.len);
}

static void pack_str(struct record_packer *p, struct text t)
{
	uint8_t *at = NULL;

	if (t.len > 31) {
		if (t.len <= UINT8_MAX)
			pack_coded(p, 0xd9, t.len, 1);
		else
			pack_count(p, 0, 0, 0xda, t.len);
		put_bytes(p, t);
		return;
	}
	at = claim(p, 1 + t.len);
	if (at == NULL)
		return;
	at[0] = (uint8_t)(0xa0U | t.len);
	if (t.len > 0)
		memcpy(at + 1, t.data, t.len);
}

void pack_name(struct record_packer *p, struct text name)
{
	pack_str(p, name);
}

void pack_key(struct record_packer *p, const char *key)
{
	pack_str(p, text_from(key));
}

void pack_bytes(struct record_packer *p, struct text t)
{
	if (t.len <= UINT8_MAX)
		pack_coded(p, 0xc4, t.len, 1);
	else
		pack_count(p, 0, 0, 0xc5, t.len);
	put_bytes(p, t);
}

void pack_text(struct record_packer *p, struct text t)
{
	if (text_is_utf8(t))
		pack_str(p, t);
	else
		pack_bytes(p, t);
}

void pack_unsigned(struct record_packer *p, uint64_t value)
{
	if (value < 0x80)
		pack_byte(p, (uint8_t)value);
	else if (value <= UINT8_MAX)
		pack_coded(p, 0xcc, value, 1);
	else if (value <= UINT16_MAX)
		pack_coded(p, 0xcd, value, 2);
	else if (value <= UINT32_MAX)
		pack_coded(p, 0xce, value, 4);
	else
		pack_coded(p, 0xcf, value, 8);
}

void pack_signed(struct record_packer *p, int64_t value)
{
	if (value >= 0)
		pack_unsigned(p, (uint64_t)value);
	else if (value >= -32)
		pack_byte(p, (uint8_t)value);
	else if (value >= INT8_MIN)
		pack_coded(p, 0xd0, (uint64_t)value, 1);
	else if (value >= INT16_MIN)
		pack_coded(p, 0xd1, (uint64_t)value, 2);
	else if (value >= INT32_MIN)
		pack_coded(p, 0xd2, (uint64_t)value, 4);
	else
		pack_coded(p, 0xd3, (uint64_t)value, 8);
}

void pack_bool(struct record_packer *p, bool value)
{
	pack_byte(p, value ? 0xc3 : 0xc2);
}

void pack_nil(struct record_packer *p)
{
	pack_byte(p, 0xc0);
}

void pack_double(struct record_packer *p, double value)
{
	uint64_t bits = 0;

	memcpy(&bits, &value, sizeof(bits));
	pack_coded(p, 0xcb, bits, 8);
}

void pack_decimal(struct record_packer *p, double value)
{
	double whole = 0;

	if (modf(value, &whole) == 0 && fabs(value) < 9007199254740992.0)
		pack_signed(p, (int64_t)whole);
	else
		pack_double(p, value);
}

void pack_raw(struct record_packer *p, const void *data, size_t len)
{
	put_bytes(p, (struct text){ data, len });
}
