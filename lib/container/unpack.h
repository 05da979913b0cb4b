// SPDX-License-Identifier: MIT
// unpack.h: every kind of archive but a sound ZIP, through libarchive. Of a RAR only the members
// are: rar.h makes its list.
//
// Exactly one format and at most one filter is switched on, by the kind detect.h found; no
// passphrase is ever asked for. A list is made from headers alone, in a first pass; members are
// read in a second one, started again where they stand before what was read last, because an
// error in one member's data ends the whole pass. A ZIP without a usable directory is read
// here header after header, never by a directory found near its end.
//
// Limits: MEMBERS_MAX, 64 MiB of names, MEMBERS_CLAIM_BASE and MEMBERS_CLAIM_RATIO. What
// libarchive itself allocates (a 7z dictionary) only a memory limit of the process bounds: an
// allocation that fails is FAIL_MEMORY.
#ifndef COMIC_UNPACK_H
#define COMIC_UNPACK_H

#include "container/detect.h"
#include "container/members.h"
#include "container/source.h"

struct archive;
struct archive_entry;

struct unpack {
	const struct source *source;
	enum detect_kind kind;
	uint64_t base; // where in the file the archive begins
	struct archive *archive; // NULL: not open
	struct archive_entry *entry; // the member next_member() came to; kept from file to file
	uint64_t next; // number of the member whose header comes next
	uint64_t at; // the byte of the file libarchive gets next
	uint64_t from; // its file begins here in the source ...
	uint64_t end; // ... and ends here
	bool ran_out; // libarchive asked for bytes behind the end
	size_t block_size;
	struct buf block; // what libarchive looks at
	enum fail_code io; // why the last read of the source failed
	struct comic_err io_err;
	struct arena names;
	struct buf captured; // data of wanted members met while listing

	// What the last list was like:
	size_t unnamed; // members whose names this locale cannot show
	bool endless; // a tar without the zeros that end one
	uint64_t behind; // bytes, more or less, that stand behind these
};

void unpack_init(struct unpack *u);
void unpack_clear(struct unpack *u);
// The next file, of which the archive begins at base; unpack_stop() ends it and keeps the buffers.
void unpack_start(struct unpack *u, const struct source *source, enum detect_kind kind,
		  uint64_t base);
void unpack_stop(struct unpack *u);

// Adds all members; what cannot be listed to its end is DAMAGED. Names live until unpack_stop().
// Members of a tar for which wanted() (may be NULL) are captured on the way.
COMIC_MUST_CHECK enum fail_code unpack_list(struct unpack *u, struct members *list,
					    bool (*wanted)(struct text name),
					    struct comic_err *err);
// The bytes of a listed member replace what out holds.
COMIC_MUST_CHECK enum fail_code unpack_read(struct unpack *u, const struct member *m,
					    struct buf *out, struct comic_err *err);
// The same for a member of a ZIP of which only the part from m->place to end is looked at.
// u was started as DETECT_ZIP.
COMIC_MUST_CHECK enum fail_code unpack_read_zipped(struct unpack *u, const struct member *m,
						   uint64_t end, struct buf *out,
						   struct comic_err *err);

#endif
