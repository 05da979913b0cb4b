// SPDX-License-Identifier: MIT
// reply.c: see reply.h.

#include "worker/reply.h"

#include <string.h>

int reply_comic(struct buf *out, uint32_t pairs)
{
	return buf_add_byte(out, 'C') < 0 ? -1 : buf_add(out, &pairs, sizeof(pairs));
}

int reply_fail(struct buf *out, enum fail_code code, const char *reason)
{
	if (buf_add_byte(out, 'F') < 0 || buf_add_byte(out, (uint8_t)code) < 0)
		return -1;
	return buf_add_text(out, reason);
}

bool reply_read(struct text bytes, struct reply *out)
{
	size_t head = 1 + sizeof(out->pairs);

	*out = (struct reply){ .code = FAIL_NONE };
	if (bytes.len >= 2 && bytes.data[0] == 'F') {
		if (bytes.data[1] <= FAIL_NONE || bytes.data[1] > FAIL_CHANGED)
			return false;
		out->code = (enum fail_code)bytes.data[1];
		out->reason = (struct text){ bytes.data + 2, bytes.len - 2 };
		return true;
	}
	if (bytes.len < head || bytes.data[0] != 'C')
		return false;
	memcpy(&out->pairs, bytes.data + 1, sizeof(out->pairs));
	out->body = (struct text){ bytes.data + head, bytes.len - head };
	return out->pairs <= 64;
}
