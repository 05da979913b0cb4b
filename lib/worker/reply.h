// SPDX-License-Identifier: MIT
// reply.h: what a worker says of one file, as bytes.
//
// 'C', the number of pairs (uint32_t), then the pairs of a comic record beside
// its path and identity, packed; or 'F', a fail_code, then the reason's text.
// The reader trusts none of it.
#ifndef COMIC_REPLY_H
#define COMIC_REPLY_H

#include "base/mem.h"
#include "base/text.h"
#include "stream/record.h"

struct reply {
	enum fail_code code; // FAIL_NONE: a comic
	struct text reason; // of a failure; may be any bytes
	uint32_t pairs; // of a comic
	struct text body; // of a comic: unchecked
};

// Begins a comic's reply; the pairs follow by a record_packer on out.
COMIC_MUST_CHECK int reply_comic(struct buf *out, uint32_t pairs);
COMIC_MUST_CHECK int reply_fail(struct buf *out, enum fail_code code, const char *reason);
// False if the bytes have not even this form.
COMIC_MUST_CHECK bool reply_read(struct text bytes, struct reply *out);

#endif
