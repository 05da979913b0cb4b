// SPDX-License-Identifier: MIT
// detect.h: what kind of archive a file is, by its first bytes.
#ifndef COMIC_DETECT_H
#define COMIC_DETECT_H

#include <stddef.h>
#include <stdint.h>

enum detect_kind {
	DETECT_NONE, // perhaps still a ZIP with something before it
	DETECT_ZIP,
	DETECT_ZIP_SPLIT, // says it is the first part of a split ZIP; the end record knows better
	DETECT_RAR4, // RAR 1.5 to 4
	DETECT_RAR5,
	DETECT_7Z,
	DETECT_TAR,
	DETECT_GZIP, // these four: a tar, if a comic at all
	DETECT_BZIP2,
	DETECT_XZ,
	DETECT_ZSTD,
	DETECT_PDF,
};

#define DETECT_HEAD 1024U // bytes that decide: a PDF may begin with that much of something else

// head: the first DETECT_HEAD bytes of the file, or all it has.
enum detect_kind detect_kind(const uint8_t *head, size_t len);

#endif
