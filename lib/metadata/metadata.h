// SPDX-License-Identifier: MIT
// metadata.h: everything that is said about one comic, from its file name and the metadata
// documents in its archive, as one normalized record.
//
//	metadata_add_filename(m, base_name, &err);
//	metadata_add_document_info(m, info, &err); // of a PDF
//	metadata_add(m, metadata_format_of(base_name), data, len, &err); // any number, any order
//	metadata_finish(m, &err);
//	... metadata_cover_pages(), metadata_set_cover() ...
//	metadata_encode(m, &packer);
//	metadata_reset(m);
//
// Documents in any state are no errors: what can be read counts, and warnings say what was
// wrong. Functions that return int fail for lack of memory only; the comic is then lost, reset
// and go on. What they return points into the metadata and lives until metadata_reset().
// The model is stream/meta.h; which source wins where is metadata/merge.h.
#ifndef COMIC_METADATA_H
#define COMIC_METADATA_H

#include "base/err.h"
#include "base/text.h"
#include "stream/record.h"

#define METADATA_MEMBER_MAX ((size_t)16 << 20) // bytes of one document; longer ones are not read

struct document_info; // container/container.h
struct metadata;

// full: keep what only comic-extract --full writes (pages, bookmark, remainders, ...).
// NULL: no memory, err is filled.
COMIC_MUST_CHECK struct metadata *metadata_new(bool full, struct comic_err *err);
void metadata_free(struct metadata *m); // takes NULL
// Forgets the comic, keeps memory and parser for the next one.
void metadata_reset(struct metadata *m);

// ---- sources ----------------------------------------------------------------------------

struct metadata_format;

// The formats, weakest first: what they call their member, NULL after the last. A comic may
// hold one document of each; where an archive has more, the caller takes the one with the
// fewest path components, then the first in lower-cased name order.
const char *metadata_format_member(size_t index);
// The format of an archive member by its base name (any case), NULL if it is not metadata.
const struct metadata_format *metadata_format_of(struct text base_name);
// The format of an archive's comment, which in most archives is none.
const struct metadata_format *metadata_format_comment(void);
// Reads a comma list of names of sources, as comic-extract --sources takes it: filename, pdf,
// comment, and the member names of formats, in any case. False: *unknown is none.
bool metadata_parse_sources(const char *list, uint32_t *set, struct text *unknown);
// From now on, for all comics, the others are as if they were absent.
void metadata_use_sources(struct metadata *m, uint32_t set);
// False if the format of metadata_format_member(index) is not among them.
bool metadata_uses(const struct metadata *m, size_t index);

// The file's base name, any bytes, with its suffix.
COMIC_MUST_CHECK int metadata_add_filename(struct metadata *m, struct text base_name,
					   struct comic_err *err);
// What a PDF says of itself: the source "PDF".
COMIC_MUST_CHECK int metadata_add_document_info(struct metadata *m,
						const struct document_info *info,
						struct comic_err *err);
// A document. The bytes are not needed after the call.
COMIC_MUST_CHECK int metadata_add(struct metadata *m, const struct metadata_format *format,
				  const void *data, size_t len, struct comic_err *err);

// ---- result -----------------------------------------------------------------------------

// Merges the sources and computes what follows from them. Once, after the last source.
COMIC_MUST_CHECK int metadata_finish(struct metadata *m, struct comic_err *err);

// Pages that tags call the front cover, counted from 0, in the order to try them.
const uint32_t *metadata_cover_pages(const struct metadata *m, size_t *count);
// The member that a tag names as cover image, empty if none does; to try after the pages.
struct text metadata_cover_image(const struct metadata *m);
// The member that became the cover: `cover` in the record. Empty sets nothing.
COMIC_MUST_CHECK int metadata_set_cover(struct metadata *m, struct text member,
					struct comic_err *err);

// The names of the sources that gave something, weakest first: "filename", "ComicInfo.xml".
const struct text *metadata_sources(const struct metadata *m, size_t *count);
// One line each, beginning with the source's name. At most 32.
const struct text *metadata_warnings(const struct metadata *m, size_t *count);
// Adds a warning of the caller's, e.g. on a member that could not be read.
COMIC_MUST_CHECK int metadata_warn(struct metadata *m, const char *source, const char *text,
				   struct comic_err *err);

// Packs `meta`, one map in the shape of stream/meta.h, at most 4 MiB.
void metadata_encode(const struct metadata *m, struct record_packer *p);
// Packs `from`: the shape of the same `meta`, but with the name of the source in place of each
// value. Of names, it stands beside the name. See comic-extract(1).
void metadata_encode_origin(const struct metadata *m, struct record_packer *p);

#endif
