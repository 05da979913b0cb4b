// SPDX-License-Identifier: MIT
// container.c: see container.h. Decides who reads a file: zip.h, pdf.h or unpack.h.

#include "container/container.h"

#include "container/detect.h"
#include "container/fingerprint.h"
#include "container/members.h"
#include "container/pages.h"
#include "container/pdf.h"
#include "container/rar.h"
#include "container/seven.h"
#include "container/source.h"
#include "container/unpack.h"
#include "container/zip.h"
#include "walk/path.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_MAX 4
#define NOTE_MAX 256
#define WORK_KEEP ((size_t)1 << 20)
#define TAR_BEHIND ((uint64_t)1 << 20) // more than any tar fills its last record with

struct container {
	bool (*wanted)(struct text name);
	struct source source;
	struct members list;
	struct zip zip;
	struct unpack unpack;
	struct rar rar;
	struct seven seven;
	struct pdf pdf;
	bool zipped; // the list is zip.h's, else unpack.h's or, if format says so, pdf.h's
	enum comic_format format;
	struct text comment;
	struct buf work; // of the fingerprint
	struct text notes[NOTES_MAX];
	size_t note_count;
	char note_bytes[NOTES_MAX][NOTE_MAX];
};

struct container *container_new(bool (*wanted)(struct text name), struct comic_err *err)
{
	struct container *c = mem_zero(1, sizeof(*c));

	if (c == NULL) {
		(void)err_set_nomem(err, "starting the archive reader");
		return NULL;
	}
	c->wanted = wanted;
	unpack_init(&c->unpack);
	if (zip_init(&c->zip, &c->source, err) < 0) {
		container_free(c);
		return NULL;
	}
	return c;
}

void container_free(struct container *c)
{
	if (c == NULL)
		return;
	unpack_clear(&c->unpack);
	pdf_clear(&c->pdf);
	zip_clear(&c->zip);
	members_clear(&c->list);
	source_clear(&c->source);
	rar_clear(&c->rar);
	seven_clear(&c->seven);
	buf_clear(&c->work);
	free(c);
}

void container_close(struct container *c)
{
	unpack_stop(&c->unpack);
	rar_start(&c->rar);
	seven_start(&c->seven);
	pdf_close(&c->pdf);
	members_start(&c->list);
	source_start(&c->source, -1, 0);
	if (c->work.room > WORK_KEEP)
		buf_clear(&c->work);
	c->comment = TEXT("");
	c->note_count = 0;
}

COMIC_PRINTF(2, 3) static void note(struct container *c, const char *fmt, ...)
{
	char *bytes = NULL;
	va_list args;

	if (c->note_count == NOTES_MAX)
		return;
	bytes = c->note_bytes[c->note_count];
	va_start(args, fmt);
	(void)vsnprintf(bytes, NOTE_MAX, fmt, args);
	va_end(args);
	c->notes[c->note_count++] = text_from(bytes);
}

// ---- opening ----------------------------------------------------------------------------

// A ZIP whose directory cannot be used, for the reason in err: what its local headers say, if
// they can be followed to the end. A file cut short fails: to list what is left of it would
// replace what is known of the whole one.
static enum fail_code recover_zip(struct container *c, struct comic_err *err)
{
	struct comic_err why = *err;
	enum fail_code code = FAIL_NONE;

	c->list.count = 0;
	unpack_start(&c->unpack, &c->source, DETECT_ZIP, 0);
	code = unpack_list(&c->unpack, &c->list, NULL, err);
	if (code == FAIL_DAMAGED && c->list.count > 0)
		return fail_set(err, code, "%s; %s", why.text, err->text);
	if (code != FAIL_NONE && code != FAIL_DAMAGED && code != FAIL_UNSUPPORTED)
		return code;
	if (c->list.count == 0) {
		*err = why;
		return FAIL_DAMAGED;
	}
	note(c, "damaged: %s; members were found one by one", why.text);
	return code;
}

static enum fail_code list_zip(struct container *c, struct comic_err *err)
{
	bool miscounted = false;
	enum fail_code code = zip_list(&c->zip, &c->list, &miscounted, err);

	if (code == FAIL_DAMAGED)
		return recover_zip(c, err);
	if (code != FAIL_NONE)
		return code;
	c->zipped = true;
	c->comment = zip_comment(&c->zip);
	if (c->zip.end.prefix > 0)
		note(c, "%" PRIu64 " bytes stand before the archive", c->zip.end.prefix);
	if (miscounted)
		note(c, "damaged: the archive counts %" PRIu64 " members and lists %zu",
		     c->zip.end.entries, c->list.count);
	return FAIL_NONE;
}

// A ZIP by its first bytes, or (DETECT_NONE) perhaps one with something before it: *found.
static enum fail_code find_zip(struct container *c, enum detect_kind kind, bool *found,
			       struct comic_err *err)
{
	uint64_t size = c->source.size;
	enum fail_code code = FAIL_NONE;
	enum zip_found end = ZIP_NO_END;

	*found = true;
	code = source_grow_tail(&c->source, size > ZIP_TAIL_MOST ? size - ZIP_TAIL_MOST : 0, err);
	if (code != FAIL_NONE)
		return code;
	end = zip_find(&c->zip);
	if (end == ZIP_SPLIT || (end == ZIP_NO_END && kind == DETECT_ZIP_SPLIT))
		return fail_set(err, FAIL_VOLUME, "it is one part of a split ZIP archive");
	if (end == ZIP_WHOLE || (end == ZIP_PREFIXED && kind == DETECT_NONE))
		return list_zip(c, err);
	*found = kind != DETECT_NONE;
	if (!*found)
		return FAIL_NONE;
	// The directory, if there is one, is that of a ZIP inside this one.
	(void)fail_set(err, FAIL_DAMAGED, "the central directory is missing");
	return recover_zip(c, err);
}

static enum comic_format format_of(enum detect_kind kind)
{
	if (kind == DETECT_RAR4 || kind == DETECT_RAR5)
		return FORMAT_CBR;
	return kind == DETECT_7Z ? FORMAT_CB7 : FORMAT_CBT;
}

// The list is rar.h's; unpack.h only unpacks.
static enum fail_code list_rar(struct container *c, enum detect_kind kind, uint64_t from,
			       struct comic_err *err)
{
	enum fail_code code = rar_list(&c->rar, &c->source, kind, from, &c->list, err);

	c->comment = (struct text){ (const char *)c->rar.comment.data, c->rar.comment.len };
	if (c->comment.len == 0)
		c->comment = TEXT("");
	unpack_start(&c->unpack, &c->source, kind, from);
	return code;
}

static enum fail_code list_unpacked(struct container *c, enum detect_kind kind, uint64_t from,
				    struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	if (kind == DETECT_7Z)
		code = seven_read(&c->seven, &c->source, from, err);
	if (code != FAIL_NONE)
		return code;
	unpack_start(&c->unpack, &c->source, kind, from);
	code = unpack_list(&c->unpack, &c->list, c->wanted, err);
	if (code != FAIL_NONE)
		return code;
	if (kind == DETECT_7Z)
		seven_set_checksums(&c->seven, &c->list);
	if (c->unpack.unnamed > 0)
		note(c, "names of members that cannot be shown: %zu", c->unpack.unnamed);
	if (c->unpack.endless)
		note(c, "perhaps cut short: it has no end mark");
	if (c->unpack.behind > TAR_BEHIND) // what did not come yet looks like the end mark
		note(c, "perhaps not whole: %" PRIu64 " MiB stand behind its end",
		     c->unpack.behind >> 20);
	return FAIL_NONE;
}

static enum fail_code list_other(struct container *c, enum detect_kind kind, uint64_t from,
				 struct comic_err *err)
{
	c->format = format_of(kind);
	return c->format == FORMAT_CBR ? list_rar(c, kind, from, err) :
					 list_unpacked(c, kind, from, err);
}

static enum fail_code list_pdf(struct container *c, struct comic_err *err)
{
	enum fail_code code = pdf_open(&c->pdf, &c->source, &c->list, err);

	c->format = FORMAT_PDF;
	if (code == FAIL_NONE && c->pdf.damage[0] != '\0')
		note(c, "damaged: %s", c->pdf.damage);
	return code;
}

// What does not begin as any archive: one behind something else, or no comic.
static enum fail_code list_unknown(struct container *c, struct comic_err *err)
{
	struct source *s = &c->source;
	size_t len = s->size < DETECT_FAR ? (size_t)s->size : DETECT_FAR;
	const uint8_t *head = NULL;
	size_t at = 0;
	bool found = false;
	bool archive = false;
	const char *name = NULL;
	enum detect_kind kind = DETECT_NONE;
	enum fail_code code = find_zip(c, DETECT_NONE, &found, err);

	if (found || code != FAIL_NONE)
		return code;
	code = source_view(s, 0, len, &head, err);
	if (code != FAIL_NONE)
		return code;
	kind = detect_behind(head, len, &at);
	if (kind != DETECT_NONE) {
		note(c, "%zu bytes stand before the archive", at);
		return list_other(c, kind, at, err);
	}
	name = detect_other(head, len < DETECT_HEAD ? len : DETECT_HEAD, &archive);
	if (archive)
		return fail_set(err, FAIL_UNSUPPORTED, "it is %s, which cannot be read here", name);
	return name == NULL ? fail_set(err, FAIL_NOT_AN_ARCHIVE, "it is not a comic archive") :
			      fail_set(err, FAIL_NOT_AN_ARCHIVE, "it is %s", name);
}

static uint64_t tail_at(uint64_t size)
{
	return size > ZIP_TAIL ? size - ZIP_TAIL : 0;
}

void container_prefetch(int fd, uint64_t size, struct text name)
{
	(void)posix_fadvise(fd, (off_t)tail_at(size), ZIP_TAIL, POSIX_FADV_WILLNEED);
	if (!text_ends_nocase(name, ".cbz"))
		(void)posix_fadvise(fd, 0, DETECT_HEAD, POSIX_FADV_WILLNEED);
}

// An ordinary CBZ shows by its last bytes alone what it is and holds.
static enum fail_code list_members(struct container *c, struct comic_err *err)
{
	struct source *s = &c->source;
	size_t head_len = s->size < DETECT_HEAD ? (size_t)s->size : DETECT_HEAD;
	const uint8_t *head = NULL;
	enum detect_kind kind = DETECT_NONE;
	bool found = false;
	enum fail_code code = FAIL_NONE;

	code = source_grow_tail(s, tail_at(s->size), err);
	if (code != FAIL_NONE)
		return code;
	if (zip_find(&c->zip) == ZIP_WHOLE)
		return list_zip(c, err);
	code = source_view(s, 0, head_len, &head, err);
	if (code != FAIL_NONE)
		return code;
	kind = detect_kind(head, head_len, s->size);
	if (kind == DETECT_NONE)
		return list_unknown(c, err);
	if (kind == DETECT_ZIP || kind == DETECT_ZIP_SPLIT)
		return find_zip(c, kind, &found, err);
	if (kind == DETECT_PDF)
		return list_pdf(c, err);
	return list_other(c, kind, 0, err);
}

static bool is_comic_name(struct text name)
{
	bool comic = false;

	for (size_t i = 0; !comic && path_comic_suffixes[i] != NULL; i++)
		comic = text_ends_nocase(name, path_comic_suffixes[i]);
	return comic;
}

static const char *members_are(size_t count)
{
	return count == 1 ? "member is" : "members are";
}

// What stands out in a list that could be made.
static void note_oddities(struct container *c, size_t dropped)
{
	size_t encrypted = 0;
	size_t comics = 0;

	for (size_t i = 0; i < c->list.count; i++)
		encrypted += c->list.items[i].encrypted;
	if (dropped > 0)
		note(c, "%zu %s superseded by later ones with the same names", dropped,
		     members_are(dropped));
	if (encrypted > 0)
		note(c, "%zu %s encrypted", encrypted, members_are(encrypted));
	if (container_page_count(c) > 0)
		return;
	for (size_t i = 0; i < c->list.count; i++)
		comics += is_comic_name(c->list.items[i].name);
	if (comics > 0)
		note(c, "it holds no pages, but comics (%zu), which are not looked into", comics);
}

enum fail_code container_open(struct container *c, int fd, uint64_t size, struct comic_err *err)
{
	size_t dropped = 0;
	enum fail_code code = FAIL_NONE;

	container_close(c);
	if (size == 0)
		return fail_set(err, FAIL_EMPTY, "it is empty");
	source_start(&c->source, fd, size);
	c->zipped = false;
	c->format = FORMAT_CBZ;
	code = list_members(c, err);
	if (code == FAIL_NONE)
		code = members_settle(&c->list, &dropped, err);
	if (code == FAIL_NONE)
		note_oddities(c, dropped);
	else
		container_close(c);
	return code;
}

// ---- looking and reading ----------------------------------------------------------------

const struct member *container_members(const struct container *c, size_t *count)
{
	*count = c->list.count;
	return c->list.items;
}

enum comic_format container_format(const struct container *c)
{
	return c->format;
}

size_t container_page_count(const struct container *c)
{
	return c->format == FORMAT_PDF ? c->pdf.pages : pages_count(c->list.items, c->list.count);
}

const struct document_info *container_document_info(const struct container *c)
{
	return c->format == FORMAT_PDF ? &c->pdf.info : NULL;
}

struct text container_comment(const struct container *c)
{
	return c->comment;
}

const struct text *container_notes(const struct container *c, size_t *count)
{
	*count = c->note_count;
	return c->notes;
}

// By whoever knows how. A PDF's attached files have no checksums here.
static enum fail_code read_unchecked(struct container *c, const struct member *m, struct buf *out,
				     struct comic_err *err)
{
	if (c->format == FORMAT_PDF)
		return pdf_read(&c->pdf, m, c->zip.inflater, out, err);
	if (c->format == FORMAT_CBR && rar_reads(m))
		return rar_read(&c->source, m, out, err);
	if (!c->zipped)
		return unpack_read(&c->unpack, m, out, err);
	// Compressed in a way only libarchive knows.
	unpack_start(&c->unpack, &c->source, DETECT_ZIP, 0);
	return unpack_read_zipped(&c->unpack, m, c->zip.end.directory, out, err);
}

enum fail_code container_read(struct container *c, size_t member, struct buf *out,
			      struct comic_err *err)
{
	const struct member *m = &c->list.items[member];
	enum fail_code code = FAIL_NONE;

	out->len = 0;
	if (m->directory)
		return FAIL_NONE;
	if (m->encrypted)
		return fail_set(err, FAIL_ENCRYPTED, "it is encrypted");
	if (m->size > CONTAINER_MEMBER_MAX)
		return fail_set(err, FAIL_LIMIT, "it is larger than %zu MiB",
				CONTAINER_MEMBER_MAX >> 20);
	if (c->zipped && zip_reads(m))
		return zip_read(&c->zip, m, out, err);
	code = read_unchecked(c, m, out, err);
	if (code == FAIL_NONE && m->has_crc && libdeflate_crc32(0, out->data, out->len) != m->crc)
		code = fail_set(err, FAIL_DAMAGED, "its checksum differs");
	return code;
}

enum fail_code container_fingerprint(struct container *c, char out[CONTAINER_FINGERPRINT],
				     struct comic_err *err)
{
	if (c->format == FORMAT_PDF && c->pdf.pages > 0)
		return fingerprint_make_from_ends(&c->source, &c->work, out, err);
	return fingerprint_make(&c->list, &c->source, &c->work, out, err);
}
