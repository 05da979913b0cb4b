// SPDX-License-Identifier: MIT
// detect.h: what kind of archive a file is, by its first bytes.
#ifndef COMIC_DETECT_H
#define COMIC_DETECT_H

#include <stdbool.h>
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

// head: the first DETECT_HEAD bytes of a file of size bytes, or all it has.
enum detect_kind detect_kind(const uint8_t *head, size_t len, uint64_t size);

// A RAR or 7z behind a program that unpacks it, or anything else: where in the DETECT_FAR first
// bytes of the file, which are of DETECT_NONE, it begins. DETECT_NONE: there is none.
#define DETECT_FAR ((size_t)1 << 20)
enum detect_kind detect_behind(const uint8_t *head, size_t len, size_t *at);

// What a file of DETECT_NONE is instead, for a person: "a JPEG image". NULL if nobody knows.
// *archive: of a kind that comicpipe cannot read.
const char *detect_other(const uint8_t *head, size_t len, bool *archive);

#endif
