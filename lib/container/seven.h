// SPDX-License-Identifier: MIT
// seven.h: what libarchive does not tell about a 7z, or believes too easily.
//
// libarchive lists and unpacks (unpack.h). Before that the same header is read here, for the CRC-32
// that stands there of every member, and for counts that cannot be true, which libarchive would
// allocate memory for. A header that is packed in another way than by LZMA, or is in any other way
// odd, is left to libarchive, and the members have no checksums. Layout: 7zFormat.txt of the LZMA
// SDK.
#ifndef COMIC_SEVEN_H
#define COMIC_SEVEN_H

#include "container/members.h"
#include "container/source.h"

struct seven_digest {
	bool known;
	uint32_t crc;
};

struct seven { // zeroed: nothing read
	struct buf packed;
	struct buf header;
	struct arena work; // of the rest
	struct seven_digest *digests; // of the files that are not empty
	size_t digest_count;
	bool *empty; // of each file
	size_t file_count;
};

void seven_start(struct seven *z); // forgets, and gives back what an ordinary comic does not need
void seven_clear(struct seven *z);

// Reads the header of the 7z at `from`. DAMAGED if the list of members would stand behind the end
// of the file (it is cut short, or the first of several), or counts more than it has room for;
// LIMIT; MEMORY, UNREADABLE or CHANGED. Whatever else is wrong is for libarchive to say.
COMIC_MUST_CHECK enum fail_code seven_read(struct seven *z, const struct source *s, uint64_t from,
					   struct comic_err *err);
// Gives the checksums to what libarchive listed.
void seven_set_checksums(const struct seven *z, struct members *list);

#endif
