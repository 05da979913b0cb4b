// SPDX-License-Identifier: MIT
// varint.c: see varint.h.

#include "database/varint.h"

size_t varint_put_long(uint8_t *out, uint64_t value)
{
	uint8_t low_first[VARINT_MOST];
	size_t len = 0;

	if (value >> 56 != 0) {
		for (size_t i = 0; i < 8; i++)
			out[i] = (uint8_t)(0x80 | (value >> (57 - 7 * i) & 0x7f));
		out[8] = (uint8_t)value;
		return VARINT_MOST;
	}
	low_first[len++] = (uint8_t)(value & 0x7f);
	for (value >>= 7; value != 0; value >>= 7)
		low_first[len++] = (uint8_t)(0x80 | (value & 0x7f));
	for (size_t i = 0; i < len; i++)
		out[i] = low_first[len - 1 - i];
	return len;
}

size_t varint_len_long(uint64_t value)
{
	size_t len = 1;

	while (len < VARINT_MOST && value >> 7 * len != 0)
		len++;
	return len;
}
