// SPDX-License-Identifier: MIT
// detect.c: see detect.h.

#include "container/detect.h"

#include "base/compiler.h"
#include "base/text.h"

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

// Of no members there is nothing but zeros: 1 KiB, or one record of 10 KiB. What is longer is a
// file whose bytes have not come yet.
static bool is_empty_tar(const uint8_t *head, size_t len, uint64_t size)
{
	return (size == 1024 || size == 10240) && len >= 1024 && head[0] == 0 &&
	       memcmp(head, head + 1, 1023) == 0;
}

enum detect_kind detect_kind(const uint8_t *head, size_t len, uint64_t size)
{
	for (size_t i = 0; i < COMIC_COUNT(magics); i++) {
		if (len >= magics[i].len && memcmp(head, magics[i].bytes, magics[i].len) == 0)
			return magics[i].kind;
	}
	if (is_bzip2(head, len))
		return DETECT_BZIP2;
	if (is_tar(head, len) || is_empty_tar(head, len, size))
		return DETECT_TAR;
	return is_pdf(head, len) ? DETECT_PDF : DETECT_NONE;
}

// ---- behind something else ----------------------------------------------------------------

static bool may_stand_behind(enum detect_kind kind)
{
	return kind == DETECT_RAR4 || kind == DETECT_RAR5 || kind == DETECT_7Z;
}

enum detect_kind detect_behind(const uint8_t *head, size_t len, size_t *at)
{
	for (*at = 1; *at + 8 <= len; (*at)++) {
		if (head[*at] != 'R' && head[*at] != '7')
			continue;
		for (size_t i = 0; i < COMIC_COUNT(magics); i++) {
			if (may_stand_behind(magics[i].kind) &&
			    memcmp(head + *at, magics[i].bytes, magics[i].len) == 0)
				return magics[i].kind;
		}
	}
	return DETECT_NONE;
}

// ---- what is no comic -------------------------------------------------------------------

struct other {
	size_t at;
	const char *bytes; // without a NUL
	const char *name;
	bool archive;
};

static const struct other others[] = {
	{ 7, "**ACE**", "an ACE archive", true },
	{ 2, "-lh", "an LHA archive", true },
	{ 0, "\x60\xea", "an ARJ archive", true },
	{ 0, "MSCF", "a CAB archive", true },
	{ 0, "RE~^", "an archive of RAR 1.4", true },
	{ 0, "070701", "a cpio archive", true },
	{ 0, "!<arch>\n", "an ar archive", true },
	{ 0, "LZIP", "an lzip file", true },
	{ 0, "\x04\x22\x4d\x18", "an LZ4 file", true },
	{ 0, "\x1f\x9d", "a file made by compress", true },
	{ 0, "AT&TFORM", "a DjVu document", true },
	{ 60, "BOOKMOBI", "a Mobipocket book", true },
	{ 0, "\xff\xd8\xff", "a JPEG image", false },
	{ 0, "\x89PNG\r\n", "a PNG image", false },
	{ 0, "GIF8", "a GIF image", false },
	{ 8, "WEBP", "a WebP image", false },
	{ 4, "ftyp", "a video or an AVIF image", false },
	{ 0, "SQLite format 3", "an SQLite database", false },
};

static bool begins(struct text t, const char *with)
{
	size_t len = strlen(with);

	return t.len >= len && text_equal_nocase((struct text){ t.data, len }, text_from(with));
}

// Servers send a page of apology under the name of what was asked for.
static const char *document_name(struct text t)
{
	if (begins(t, "\xef\xbb\xbf"))
		t = (struct text){ t.data + 3, t.len - 3 };
	t = text_trim(t);
	if (begins(t, "<!doctype html") || begins(t, "<html"))
		return "a web page";
	return begins(t, "<?xml") ? "an XML document" : NULL;
}

const char *detect_other(const uint8_t *head, size_t len, bool *archive)
{
	*archive = false;
	for (size_t i = 0; i < COMIC_COUNT(others); i++) {
		size_t magic_len = strlen(others[i].bytes);

		if (len >= others[i].at + magic_len &&
		    memcmp(head + others[i].at, others[i].bytes, magic_len) == 0) {
			*archive = others[i].archive;
			return others[i].name;
		}
	}
	if (len > 1 && head[0] == 0 && memcmp(head, head + 1, len - 1) == 0)
		return "a file of zeros, perhaps of a download that was not finished";
	return document_name((struct text){ (const char *)head, len });
}
