// SPDX-License-Identifier: MIT
// seven.h: what libarchive does not tell about a 7z: the checksums of its members.
//
// libarchive lists and unpacks (unpack.h). Here the same header is read once more, for the CRC-32
// that stands there of every member; where it is packed in another way than by LZMA, or is in any
// way odd, members simply stay without. Layout: 7zFormat.txt of the LZMA SDK.
#ifndef COMIC_SEVEN_H
#define COMIC_SEVEN_H

#include "container/members.h"
#include "container/source.h"

struct seven { // zeroed: nothing read; only buffers
	struct buf packed;
	struct buf header;
	struct arena work;
};

void seven_start(struct seven *z); // gives back what an ordinary comic does not need
void seven_clear(struct seven *z);

// DAMAGED if the list of members would stand behind the end of the file: it is cut short, or the
// first of several. Else UNREADABLE or CHANGED, or FAIL_NONE whatever else is wrong.
COMIC_MUST_CHECK enum fail_code seven_check_length(const struct source *s, uint64_t from,
						   struct comic_err *err);
// list is what libarchive found. MEMORY, UNREADABLE or CHANGED.
COMIC_MUST_CHECK enum fail_code seven_add_checksums(struct seven *z, const struct source *s,
						    uint64_t from, struct members *list,
						    struct comic_err *err);

#endif
