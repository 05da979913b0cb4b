// SPDX-License-Identifier: MIT
// rar.h: the list of a RAR, out of its own headers.
//
// libarchive 3.6 lists a part of a split RAR 5 as an empty archive, cannot list one whose data is
// encrypted, unpacks a solid one to list it, and tells neither checksums nor the archive comment.
// So the list is made here, header after header, each with its checksum; libarchive only unpacks
// members (unpack.h), and those that are stored are read here. Layouts: the RAR 5.0 technical note
// and technote.txt of RAR 3/4.
//
// What libarchive could not unpack is refused as a whole: a solid RAR 4, a RAR 5 with a dictionary
// of more than 64 MiB or the compression of RAR 7. A RAR 5 has to end with its end record; an older
// one need not have one.
//
// Limits: MEMBERS_MAX files, as many other blocks, headers of 2 MiB, 64 MiB of names; of a solid
// archive, of which all has to be unpacked for its last member, MEMBERS_CLAIM_BASE bytes and
// MEMBERS_CLAIM_RATIO times its size.
#ifndef COMIC_RAR_H
#define COMIC_RAR_H

#include "container/detect.h"
#include "container/members.h"
#include "container/source.h"

#define RAR_COMMENT_MAX ((size_t)64 << 10)

struct rar { // zeroed: nothing listed
	struct arena names;
	struct buf comment; // the archive's comment if it is stored, else empty
};

void rar_start(struct rar *r); // forgets what was listed, keeps buffers
void rar_clear(struct rar *r);

// kind is DETECT_RAR4 or DETECT_RAR5; from is where in the file the signature stands. Adds all
// members to list; place is their number among the archive's files, names live until
// rar_start(). DAMAGED, VOLUME, ENCRYPTED (the list itself), UNSUPPORTED, LIMIT, MEMORY,
// UNREADABLE or CHANGED.
COMIC_MUST_CHECK enum fail_code rar_list(struct rar *r, struct source *s, enum detect_kind kind,
					 uint64_t from, struct members *list,
					 struct comic_err *err);

// Of a listed member: it is stored, so rar_read() can read it, or nothing can. Not if it is
// encrypted.
bool rar_reads(const struct member *m);
// The bytes of m, which is not above CONTAINER_MEMBER_MAX, replace what out holds. UNSUPPORTED if
// RAR before 3 compressed it.
COMIC_MUST_CHECK enum fail_code rar_read(const struct source *s, const struct member *m,
					 struct buf *out, struct comic_err *err);

// ---- between rar.c and rar_old.c ----------------------------------------------------------

// A header: all of its bytes, and where the data behind it stands.
struct rar_block {
	const uint8_t *bytes;
	size_t len;
	uint64_t data_at;
	uint64_t data_len;
	unsigned int type;
	uint64_t flags;
	size_t body; // RAR 5: where in bytes what is particular to the type begins
	size_t extra; // RAR 5: length of the extra area, at the end of bytes
};

// What the headers so far say of the whole.
struct rar_walk {
	struct rar *rar;
	struct source *source;
	struct members *list;
	bool volume; // made as one of several, perhaps the only one
	bool first; // ... and the first of them
	bool solid;
	bool ended; // by an end record
	uint64_t claimed; // bytes of all files unpacked
};

// A header's bytes begin at b->bytes, of which b->len are known; *need gets the length of the
// whole header. Fills the rest of b as soon as b->len is enough. False if it is broken or none.
typedef bool (*rar_parse)(struct rar_block *b, size_t *need);
// Adds a file to the list, or notes what else the header says.
typedef enum fail_code (*rar_take)(struct rar_walk *w, const struct rar_block *b,
				   struct comic_err *err);

bool rar_old_parse(struct rar_block *b, size_t *need);
COMIC_MUST_CHECK enum fail_code rar_old_take(struct rar_walk *w, const struct rar_block *b,
					     struct comic_err *err);
// VOLUME
COMIC_MUST_CHECK enum fail_code rar_fail_volume(struct comic_err *err);
// Reads the comment that is b's data.
COMIC_MUST_CHECK enum fail_code rar_take_comment(struct rar_walk *w, const struct rar_block *b,
						 struct comic_err *err);
// Adds m, called name.
COMIC_MUST_CHECK enum fail_code rar_add(struct rar_walk *w, struct member *m, struct text name,
					const struct rar_block *b, struct comic_err *err);

// member.method; 0: compressed as libarchive knows it
#define RAR_STORED 0x30 // RAR 4's own number for it
#define RAR_ANCIENT 1 // compressed as before RAR 3

#endif
