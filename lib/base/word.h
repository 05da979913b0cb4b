// SPDX-License-Identifier: MIT
// word.h: bytes eight at a time. Most texts let all of their bytes be judged at once.
#ifndef COMIC_WORD_H
#define COMIC_WORD_H

#include <stdint.h>
#include <string.h>

#define WORD sizeof(uint64_t)
// A word of eight times this byte.
#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

// The eight bytes at data, which need not be aligned.
static inline uint64_t word_at(const char *data)
{
	uint64_t word = 0;

	memcpy(&word, data, sizeof(word));
	return word;
}

#endif
