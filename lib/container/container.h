// SPDX-License-Identifier: MIT
// container.h: a comic file as a list of members.
//
// One struct container serves file after file in a worker: open, look, read, close. What it
// allocates for one file it keeps for the next, so that a library of ordinary CBZs is read
// without allocating. It opens nothing itself: the caller gives a descriptor of a regular file,
// which is only read, by pread, and never moved or closed.
//
// The kind of archive is found by content, never by name. A ZIP is read by zip.h: the last
// 7 KiB of the file, then at most the rest of the directory and the members asked for. What
// that declines (a damaged directory, an odd compression method) and every other kind goes to
// libarchive (unpack.h), with exactly one format and one filter switched on; but the list of a RAR
// is read by rar.h. A PDF is read by
// pdf.h: its members are the files attached to it, and its pages are no members.
//
// Members with one name: the last one counts. Texts and members are valid until
// container_close() or the next container_open(). Every function here that returns an enum
// fail_code fills err as fail.h says. libarchive converts names: the program must have set
// LC_CTYPE to a UTF-8 locale, as cli_start() does.
#ifndef COMIC_CONTAINER_H
#define COMIC_CONTAINER_H

#include "base/mem.h"
#include "base/text.h"
#include "container/fail.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTAINER_MEMBER_MAX ((size_t)16 << 20) // bytes of a member container_read() returns

struct member {
	// The bytes that stand in the archive (up to a NUL), any encoding, "/" between components:
	// "\" is read as "/" in a name without "/" in a ZIP made by MS-DOS or Windows.
	struct text name;
	uint64_t size; // unpacked bytes, as the archive claims
	uint32_t crc; // CRC-32 of the unpacked bytes
	bool has_size;
	bool has_crc; // of a ZIP, a RAR and a 7z, as far as they have them
	bool directory; // or a link or a device: it has no bytes
	bool encrypted;
	bool page; // pages_is_page() of it; never in a PDF

	// How the container finds it again: for this room only.
	bool superseded; // a later member has the same name
	bool captured; // place is an offset in the bytes captured while listing
	uint16_t method; // ZIP: compression; RAR: rar.h's
	uint64_t packed; // ZIP: bytes it takes in the file; RAR: offset of its data
	uint64_t place; // ZIP: offset of its local header in the file; else: number in the archive
};

// What a PDF says of itself, in UTF-8; empty texts where it says nothing.
struct document_info {
	struct text title;
	struct text author;
	struct text subject;
	struct text keywords;
	struct text creator; // the program the document was made with
	struct text producer; // the program that made a PDF of it
	struct text modified; // ModDate as it stands there: D:20251121031114Z
};

struct container;

// NULL with err (NOMEM) on failure. wanted tells which members container_read() will probably
// be asked for, by whole name; those of a tar are kept while it is listed, so that
// it is read once. NULL: none.
COMIC_MUST_CHECK struct container *container_new(bool (*wanted)(struct text name),
						 struct comic_err *err);
void container_free(struct container *c);

// Asks the system for the bytes container_open() will want first of a file, without waiting for
// them: from a disk or a share they come while others are being read. The name only guesses.
void container_prefetch(int fd, uint64_t size, struct text name);
// Lists the members of the regular file fd of size bytes. On failure nothing is open:
// EMPTY, NOT_AN_ARCHIVE, ENCRYPTED (the list itself), VOLUME, UNSUPPORTED, DAMAGED (not all
// of it could be listed), LIMIT (members, bytes of a directory, bytes to unpack), MEMORY,
// UNREADABLE, CHANGED.
COMIC_MUST_CHECK enum fail_code container_open(struct container *c, int fd, uint64_t size,
					       struct comic_err *err);
void container_close(struct container *c);

const struct member *container_members(const struct container *c, size_t *count);
enum comic_format container_format(const struct container *c);
// The members that are pages (pages.h), or the pages of a PDF.
size_t container_page_count(const struct container *c);
// NULL unless it is a PDF.
const struct document_info *container_document_info(const struct container *c);
// The archive comment of a ZIP or (if stored) a RAR, at most 64 KiB; else empty.
struct text container_comment(const struct container *c);
// What a person should know although the file could be opened, one sentence each.
const struct text *container_notes(const struct container *c, size_t *count);

// The whole of a member, given by its index in container_members(), replaces what out holds.
// ENCRYPTED, UNSUPPORTED (its compression method), DAMAGED (wrong size or checksum, data cut
// short), LIMIT (more than CONTAINER_MEMBER_MAX), or as container_open(). Other members stay
// readable after a failure.
COMIC_MUST_CHECK enum fail_code container_read(struct container *c, size_t member,
					       struct buf *out, struct comic_err *err);

// Names the pages of this file: two files with the same fingerprint hold the same ones.
// XXH3-128 (seed 0, canonical form, 32 lower case hex digits) of these bytes:
// - if every page is a member with a CRC-32: for each page (pages.h), in byte order of the
//   names: the name, one zero byte, the size as 8 bytes and the CRC-32 as 4, little-endian;
// - else: the file's size as 8 bytes, little-endian, its first 64 KiB, and its last 64 KiB as
//   far as they are not among the first.
// Empty when there are no pages. out is NUL-terminated.
#define CONTAINER_FINGERPRINT 33
COMIC_MUST_CHECK enum fail_code container_fingerprint(struct container *c,
						      char out[CONTAINER_FINGERPRINT],
						      struct comic_err *err);

#endif
