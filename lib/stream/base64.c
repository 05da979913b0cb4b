// SPDX-License-Identifier: MIT
// base64.c: see base64.h.

#include "stream/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_encode(struct buf *out, struct text bytes)
{
	for (size_t at = 0; at < bytes.len; at += 3) {
		size_t have = bytes.len - at < 3 ? bytes.len - at : 3;
		uint32_t group = 0;
		char text[4];

		for (size_t i = 0; i < 3; i++)
			group = group << 8 | (i < have ? (uint8_t)bytes.data[at + i] : 0U);
		for (size_t i = 0; i < 4; i++)
			text[i] = i <= have ? alphabet[group >> (18 - 6 * i) & 63U] : '=';
		if (buf_add(out, text, sizeof(text)) < 0)
			return -1;
	}
	return 0;
}

// Four characters to 1-3 bytes.
static int decode_group(struct buf *out, const char *text, bool last)
{
	size_t have = text[3] != '=' ? 4 : text[2] != '=' ? 3 : 2;
	uint32_t group = 0;

	if (have < 4 && !last)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		const char *found = i < have && text[i] != '\0' ? strchr(alphabet, text[i]) : NULL;

		if (i < have && found == NULL)
			return -1;
		group = group << 6 | (found == NULL ? 0U : (uint32_t)(found - alphabet));
	}
	for (size_t i = 0; i + 1 < have; i++) {
		if (buf_add_byte(out, (uint8_t)(group >> (16 - 8 * i))) < 0)
			return -1;
	}
	return 0;
}

int base64_decode(struct buf *out, struct text text)
{
	if (text.len % 4 != 0)
		return -1;
	for (size_t at = 0; at < text.len; at += 4) {
		if (decode_group(out, text.data + at, at + 4 == text.len) < 0)
			return -1;
	}
	return 0;
}
