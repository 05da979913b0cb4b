// SPDX-License-Identifier: MIT
// rar.h: what libarchive does not tell about a RAR, out of its first headers.
//
// libarchive 3.6 lists a part of a split RAR5 as an empty archive, does not see that RAR5 data
// is encrypted, and has no archive comments. Block layouts: the RAR 5.0 technical note and
// technote.txt of RAR 3/4. Only headers before the first file's are read; what is not
// understood is left for libarchive to refuse.
#ifndef COMIC_RAR_H
#define COMIC_RAR_H

#include "container/detect.h"
#include "container/source.h"

#include <stdbool.h>

struct rar {
	bool volume; // one part of a split archive
	bool solid;
	bool encrypted_headers; // the list of members
	bool encrypted_data; // of the first file; in practice of all
};

#define RAR_COMMENT_MAX ((size_t)64 << 10)

// kind is DETECT_RAR4 or DETECT_RAR5. comment gets the archive's comment if it is stored, else
// becomes empty. MEMORY, UNREADABLE or CHANGED.
COMIC_MUST_CHECK enum fail_code rar_inspect(struct source *s, enum detect_kind kind,
					    struct rar *out, struct buf *comment,
					    struct comic_err *err);

#endif
