// SPDX-License-Identifier: MIT
// varint.h: integers as SQLite's files have them: 7 bits in each byte, the highest first, a set
// top bit where another byte follows; the ninth byte has 8 (https://sqlite.org/fileformat2.html,
// section 1.6).
#ifndef COMIC_VARINT_H
#define COMIC_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define VARINT_MOST 9 // bytes

size_t varint_put_long(uint8_t *out, uint64_t value);
size_t varint_len_long(uint64_t value);

// Bytes a value takes.
static inline size_t varint_len(uint64_t value)
{
	return value < 0x80 ? 1 : value < 0x4000 ? 2 : varint_len_long(value);
}

// Bytes written. Nearly all values take one or two.
static inline size_t varint_put(uint8_t *out, uint64_t value)
{
	if (value < 0x80) {
		out[0] = (uint8_t)value;
		return 1;
	}
	if (value < 0x4000) {
		out[0] = (uint8_t)(0x80 | value >> 7);
		out[1] = (uint8_t)(value & 0x7f);
		return 2;
	}
	return varint_put_long(out, value);
}

// Bytes read; 0: the value does not end before `end`.
static inline size_t varint_get(const uint8_t *in, const uint8_t *end, uint64_t *value)
{
	uint64_t v = 0;

	for (size_t i = 0; i < VARINT_MOST && in + i < end; i++) {
		if (i == 8) {
			*value = v << 8 | in[i];
			return VARINT_MOST;
		}
		v = v << 7 | (in[i] & 0x7f);
		if (in[i] < 0x80) {
			*value = v;
			return i + 1;
		}
	}
	return 0;
}

#endif
