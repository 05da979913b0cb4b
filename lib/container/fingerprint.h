// SPDX-License-Identifier: MIT
// fingerprint.h: a name for what a comic shows; container.h says what is hashed.
#ifndef COMIC_FINGERPRINT_H
#define COMIC_FINGERPRINT_H

#include "container/members.h"
#include "container/source.h"

// list is settled. work is scratch memory.
COMIC_MUST_CHECK enum fail_code fingerprint_make(const struct members *list,
						 const struct source *source, struct buf *work,
						 char out[CONTAINER_FINGERPRINT],
						 struct comic_err *err);
// Of a file whose pages are no members.
COMIC_MUST_CHECK enum fail_code fingerprint_make_from_ends(const struct source *source,
							   struct buf *work,
							   char out[CONTAINER_FINGERPRINT],
							   struct comic_err *err);

#endif
