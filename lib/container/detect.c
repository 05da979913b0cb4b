// SPDX-License-Identifier: MIT
// detect.c: see detect.h.

#include "container/detect.h"

#include "base/compiler.h"

#include <stdbool.h>
#include <string.h>

struct magic {
	enum detect_kind kind;
	size_t len;
	const char *bytes;
};

static const struct magic magics[] = {
	{ DETECT_ZIP, 4, "PK\3\4" },
	{ DETECT_ZIP, 4, "PK\5\6" }, // an empty one
	{ DETECT_ZIP, 8, "PK00PK\3\4" }, // meant to be split, but one part was enough
	{ DETECT_ZIP_SPLIT, 8, "PK\7\10PK\3\4" },
	{ DETECT_RAR4, 7, "Rar!\x1a\7\0" },
	{ DETECT_RAR5, 8, "Rar!\x1a\7\1\0" },
	{ DETECT_7Z, 6, "7z\xbc\xaf\x27\x1c" },
	{ DETECT_GZIP, 3, "\x1f\x8b\x08" },
	{ DETECT_XZ, 6, "\xfd" "7zXZ\0" },
	{ DETECT_ZSTD, 4, "\x28\xb5\x2f\xfd" },
};

static bool is_bzip2(const uint8_t *head, size_t len)
{
	return len >= 10 && memcmp(head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9' &&
	       memcmp(head + 4, "1AY&SY", 6) == 0;
}

enum { TAR_HEADER = 512, TAR_CHECKSUM = 148, TAR_CHECKSUM_LEN = 8, TAR_MAGIC = 257 };

// Archives from before ustar have no magic; their checksum has to do.
static bool has_tar_checksum(const uint8_t *head)
{
	unsigned long sum = 0;
	unsigned long said = 0;
	size_t at = TAR_CHECKSUM;

	if (head[0] == 0)
		return false;
	for (size_t i = 0; i < TAR_HEADER; i++)
		sum += i - TAR_CHECKSUM < TAR_CHECKSUM_LEN ? ' ' : head[i];
	while (at < TAR_CHECKSUM + TAR_CHECKSUM_LEN && head[at] == ' ')
		at++;
	for (; at < TAR_CHECKSUM + TAR_CHECKSUM_LEN && head[at] >= '0' && head[at] <= '7'; at++)
		said = said * 8 + head[at] - (unsigned char)'0';
	return said == sum;
}

static bool is_tar(const uint8_t *head, size_t len)
{
	return len >= TAR_HEADER &&
	       (memcmp(head + TAR_MAGIC, "ustar", 5) == 0 || has_tar_checksum(head));
}

static bool is_pdf(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i + 5 <= len; i++) {
		if (head[i] == '%' && memcmp(head + i, "%PDF-", 5) == 0)
			return true;
	}
	return false;
}

enum detect_kind detect_kind(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < COMIC_COUNT(magics); i++) {
		if (len >= magics[i].len && memcmp(head, magics[i].bytes, magics[i].len) == 0)
			return magics[i].kind;
	}
	if (is_bzip2(head, len))
		return DETECT_BZIP2;
	if (is_tar(head, len))
		return DETECT_TAR;
	return is_pdf(head, len) ? DETECT_PDF : DETECT_NONE;
}
