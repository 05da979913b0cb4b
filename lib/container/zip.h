// SPDX-License-Identifier: MIT
// zip.h: ZIP archives by their central directory (PKWARE APPNOTE 6.3).
//
// The directory at the end of the file is all that is believed about the list: superseded and
// deleted members, which still stand in the file, are not in it. It must be this file's own:
// directory offset + directory size must reach the end record exactly, or miss it by the
// length of something put before the archive (a self-extractor). Otherwise a ZIP stored in a
// ZIP whose tail was lost would be taken for the outer one.
//
// Limits: a directory of 64 MiB. Members stored or deflated are read here; zip_reads() says no
// for the other methods.
#ifndef COMIC_ZIP_H
#define COMIC_ZIP_H

#include "container/members.h"
#include "container/source.h"

enum zip_found {
	ZIP_NO_END, // no end record in the tail
	ZIP_WHOLE, // offsets count from the beginning of the file
	ZIP_PREFIXED, // something stands before the archive: `prefix` bytes
	ZIP_SPLIT, // the last part of a split archive
};

// What the end records say; offsets in the file.
struct zip_end {
	uint64_t prefix;
	uint64_t directory;
	uint64_t directory_size;
	uint64_t entries;
	uint64_t comment_at;
	size_t comment_len;
};

struct zip {
	struct source *source;
	struct libdeflate_decompressor *inflater;
	struct zip_end end; // set by zip_find()
};

#define ZIP_TAIL ((size_t)7 << 10) // enough for the directory of an ordinary comic
#define ZIP_TAIL_MOST ((size_t)65535 + 22 + 20 + 56) // the longest comment and the end records

COMIC_MUST_CHECK int zip_init(struct zip *z, struct source *source, struct comic_err *err);
void zip_clear(struct zip *z);

// Looks for the end record in the source's tail; reads nothing.
enum zip_found zip_find(struct zip *z);
// After ZIP_WHOLE or ZIP_PREFIXED: adds the directory's members to list. Names are in the
// source's tail, which must stay as it is. *miscounted: the end record counts other than the
// directory. DAMAGED: the list is then unusable; also ENCRYPTED, LIMIT, MEMORY, UNREADABLE.
COMIC_MUST_CHECK enum fail_code zip_list(struct zip *z, struct members *list, bool *miscounted,
					 struct comic_err *err);

// The archive's comment, after zip_list(); in the source's tail.
struct text zip_comment(const struct zip *z);

bool zip_reads(const struct member *m);
// The unpacked bytes of m replace what out holds; zip_reads() it, it is not encrypted and not
// above CONTAINER_MEMBER_MAX. Its local header is checked for what is used of it; names may
// differ there, the directory's counts.
COMIC_MUST_CHECK enum fail_code zip_read(struct zip *z, const struct member *m, struct buf *out,
					 struct comic_err *err);

#endif
