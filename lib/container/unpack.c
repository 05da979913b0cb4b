// SPDX-License-Identifier: MIT
// unpack.c: see unpack.h.

#include "container/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define NAMES_MAX ((size_t)64 << 20)
#define NAMES_KEEP ((size_t)256 << 10)
#define CAPTURED_MAX ((size_t)32 << 20)
#define CAPTURED_KEEP ((size_t)1 << 20)
#define CHUNK ((size_t)64 << 10)
// Where headers lie between data that is skipped, longer reads would read the data after all.
#define HEADER_BLOCK ((size_t)4 << 10)
#define RETRIES_MAX 1000

void unpack_init(struct unpack *u)
{
	*u = (struct unpack){ 0 };
}

void unpack_clear(struct unpack *u)
{
	unpack_stop(u);
	archive_entry_free(u->entry);
	u->entry = NULL;
	buf_clear(&u->block);
	buf_clear(&u->captured);
	arena_clear(&u->names);
}

void unpack_start(struct unpack *u, const struct source *source, enum detect_kind kind,
		  uint64_t base)
{
	unpack_stop(u);
	u->source = source;
	u->kind = kind;
	u->base = base;
}

static void close_archive(struct unpack *u)
{
	if (u->archive != NULL)
		(void)archive_read_free(u->archive);
	u->archive = NULL;
}

void unpack_stop(struct unpack *u)
{
	close_archive(u);
	arena_reset(&u->names, NAMES_KEEP);
	if (u->captured.room > CAPTURED_KEEP)
		buf_clear(&u->captured);
	u->captured.len = 0;
}

// ---- the file as libarchive sees it -----------------------------------------------------

static la_ssize_t give_block(struct archive *a, void *data, const void **out)
{
	struct unpack *u = data;
	uint64_t left = u->end - u->at;
	size_t len = left < u->block_size ? (size_t)left : u->block_size;

	*out = u->block.data;
	if (len == 0) {
		u->ran_out = true;
		return 0;
	}
	u->io = source_read(u->source, u->at, u->block.data, len, &u->io_err);
	if (u->io != FAIL_NONE) {
		archive_set_error(a, EIO, "read error");
		return ARCHIVE_FATAL;
	}
	u->at += len;
	return (la_ssize_t)len;
}

static la_int64_t skip_bytes(struct archive *a COMIC_UNUSED, void *data, la_int64_t request)
{
	struct unpack *u = data;
	uint64_t left = u->end - u->at;
	uint64_t skip = request < 0 ? 0 : (uint64_t)request;

	if (skip > left)
		skip = left;
	u->at += skip;
	return (la_int64_t)skip;
}

static la_int64_t seek_to(struct archive *a COMIC_UNUSED, void *data, la_int64_t offset,
			  int whence)
{
	struct unpack *u = data;
	int64_t size = (int64_t)(u->end - u->from);
	int64_t base = 0;

	if (whence == SEEK_CUR)
		base = (int64_t)(u->at - u->from);
	else if (whence == SEEK_END)
		base = size;
	if (offset < -base || offset > size - base)
		return ARCHIVE_FATAL;
	u->at = u->from + (uint64_t)(base + offset);
	return base + offset;
}

// ---- starting a pass, and what libarchive says ------------------------------------------

// libarchive has few codes and many sentences.
static enum fail_code classify(const char *text)
{
	static const struct {
		const char *fragment;
		enum fail_code code;
	} table[] = {
		{ "ncrypt", FAIL_ENCRYPTED }, // en- and decryption
		{ "assphrase", FAIL_ENCRYPTED },
		{ "RAR solid archive", FAIL_UNSUPPORTED },
		{ "nsupported block header size", FAIL_DAMAGED },
		{ "nsupported", FAIL_UNSUPPORTED },
		{ "not supported", FAIL_UNSUPPORTED },
		{ "unavailable", FAIL_UNSUPPORTED },
		{ "nknown codec", FAIL_UNSUPPORTED },
		{ "llocate", FAIL_MEMORY }, // allocate, Couldn't allocate
		{ "memory", FAIL_MEMORY },
	};

	for (size_t i = 0; i < COMIC_COUNT(table); i++) {
		if (strstr(text, table[i].fragment) != NULL)
			return table[i].code;
	}
	return FAIL_DAMAGED;
}

// Why the last call failed. The pass is over then.
static enum fail_code explain(struct unpack *u, struct comic_err *err)
{
	const char *text = archive_error_string(u->archive);
	enum fail_code code = FAIL_DAMAGED;

	if (u->io != FAIL_NONE) {
		*err = u->io_err;
		code = u->io;
	} else if (text == NULL) {
		(void)fail_set(err, code, "its structure is broken");
	} else {
		code = archive_errno(u->archive) == ENOMEM ? FAIL_MEMORY : classify(text);
		(void)fail_set(err, code, "%s: %s",
			       code == FAIL_UNSUPPORTED ? "libarchive cannot unpack it" :
							  "libarchive", text);
	}
	close_archive(u);
	return code;
}

// A compressed tar gets its one filter by hand: bidding would unwrap filter after filter. A
// filter libarchive was built without would run a program, so anything but OK is a refusal.
static int enable(struct archive *a, enum detect_kind kind)
{
	switch (kind) {
	case DETECT_ZIP:
	case DETECT_ZIP_SPLIT:
		return archive_read_support_format_zip_streamable(a);
	case DETECT_RAR4:
		return archive_read_support_format_rar(a);
	case DETECT_RAR5:
		return archive_read_support_format_rar5(a);
	case DETECT_7Z:
		return archive_read_support_format_7zip(a);
	case DETECT_GZIP:
		return archive_read_append_filter(a, ARCHIVE_FILTER_GZIP);
	case DETECT_BZIP2:
		return archive_read_append_filter(a, ARCHIVE_FILTER_BZIP2);
	case DETECT_XZ:
		return archive_read_append_filter(a, ARCHIVE_FILTER_XZ);
	case DETECT_ZSTD:
		return archive_read_append_filter(a, ARCHIVE_FILTER_ZSTD);
	case DETECT_TAR:
		return ARCHIVE_OK;
	case DETECT_NONE:
	case DETECT_PDF:
		break;
	}
	return ARCHIVE_FATAL;
}

static bool is_rar(enum detect_kind kind)
{
	return kind == DETECT_RAR4 || kind == DETECT_RAR5;
}

static bool is_tar(enum detect_kind kind)
{
	return kind >= DETECT_TAR && kind <= DETECT_ZSTD;
}

static size_t header_block(enum detect_kind kind)
{
	return is_rar(kind) || kind == DETECT_TAR ? HEADER_BLOCK : CHUNK;
}

// A pass over the bytes from..end of the source, read in blocks of block_size.
static enum fail_code open_archive(struct unpack *u, uint64_t from, uint64_t end,
				   size_t block_size, struct comic_err *err)
{
	const char *text = NULL;

	close_archive(u);
	u->from = from;
	u->at = from;
	u->end = end;
	u->next = 0;
	u->io = FAIL_NONE;
	u->ran_out = false;
	u->block_size = block_size;
	u->block.len = 0;
	if (buf_reserve(&u->block, CHUNK) < 0)
		return fail_set_memory(err, "reading the archive");
	if (u->entry == NULL)
		u->entry = archive_entry_new();
	u->archive = archive_read_new();
	if (u->archive == NULL || u->entry == NULL) {
		close_archive(u);
		return fail_set_memory(err, "starting libarchive");
	}
	// Raw takes what can be unpacked and is no tar: next_member() refuses it.
	if (enable(u->archive, u->kind) != ARCHIVE_OK ||
	    (is_tar(u->kind) && (archive_read_support_format_tar(u->archive) != ARCHIVE_OK ||
				 archive_read_support_format_raw(u->archive) != ARCHIVE_OK))) {
		close_archive(u);
		return fail_set(err, FAIL_UNSUPPORTED, "this libarchive cannot read its format");
	}
	if (archive_read_set_read_callback(u->archive, give_block) != ARCHIVE_OK ||
	    archive_read_set_skip_callback(u->archive, skip_bytes) != ARCHIVE_OK ||
	    archive_read_set_seek_callback(u->archive, seek_to) != ARCHIVE_OK ||
	    archive_read_set_callback_data(u->archive, u) != ARCHIVE_OK) {
		close_archive(u);
		return fail_set_memory(err, "starting libarchive");
	}
	if (archive_read_open1(u->archive) >= ARCHIVE_WARN)
		return FAIL_NONE;
	text = archive_error_string(u->archive);
	if (!is_tar(u->kind) || text == NULL || strstr(text, "nrecognized") == NULL)
		return explain(u, err);
	close_archive(u);
	return fail_set(err, FAIL_DAMAGED, "nothing can be unpacked from it");
}

// *entry is the next member, NULL after the last. The entry is ours: libarchive 3.6 goes on
// with NULL when there was no memory for its own.
static enum fail_code next_member(struct unpack *u, struct archive_entry **entry,
				  struct comic_err *err)
{
	*entry = u->entry;
	for (int tries = 0; tries < RETRIES_MAX; tries++) {
		switch (archive_read_next_header2(u->archive, u->entry)) {
		case ARCHIVE_OK:
		case ARCHIVE_WARN: // mostly about names, owners or times
			if (archive_format(u->archive) == ARCHIVE_FORMAT_RAW)
				return fail_set(err, FAIL_NOT_AN_ARCHIVE,
						"what is compressed in it is no tar archive");
			u->next++;
			return FAIL_NONE;
		case ARCHIVE_EOF:
			*entry = NULL;
			return u->io == FAIL_NONE ? FAIL_NONE : explain(u, err);
		case ARCHIVE_RETRY:
		case ARCHIVE_FAILED: // this one cannot be had; the next one may
			break;
		default:
			return explain(u, err);
		}
	}
	return explain(u, err);
}

// ---- the list ---------------------------------------------------------------------------

static enum fail_code copy_name(struct unpack *u, const char *name, struct text *out,
				struct comic_err *err)
{
	size_t len = strlen(name);

	if (len > NAMES_MAX - u->names.used)
		return fail_set(err, FAIL_LIMIT, "the names of its members fill more than %zu MiB",
				NAMES_MAX >> 20);
	out->data = arena_copy(&u->names, name, len);
	out->len = len;
	return out->data == NULL ? fail_set_memory(err, "the list of members") : FAIL_NONE;
}

static bool is_no_file(struct archive_entry *entry)
{
	unsigned int type = archive_entry_filetype(entry);

	return type != AE_IFREG && type != 0 && archive_entry_hardlink(entry) == NULL;
}

static enum fail_code describe(struct unpack *u, struct archive_entry *entry, struct member *m,
			       struct comic_err *err)
{
	const char *name = archive_entry_pathname(entry);
	int64_t size = archive_entry_size(entry);

	*m = (struct member){
		.has_size = archive_entry_size_is_set(entry) != 0 && size >= 0,
		.directory = is_no_file(entry),
		.encrypted = archive_entry_is_encrypted(entry) > 0,
		.place = u->next - 1,
	};
	m->size = m->has_size ? (uint64_t)size : 0;
	if (name == NULL) // not in this locale's encoding
		name = archive_entry_pathname_utf8(entry);
	if (name == NULL) {
		u->unnamed++;
		name = "";
	}
	return copy_name(u, name, &m->name, err);
}

static enum fail_code read_data(struct unpack *u, struct buf *out, struct comic_err *err)
{
	size_t start = out->len;
	int tries = 0;

	for (;;) {
		la_ssize_t got = 0;

		if (out->len - start > CONTAINER_MEMBER_MAX)
			return fail_set(err, FAIL_LIMIT, "it is larger than %zu MiB",
					CONTAINER_MEMBER_MAX >> 20);
		if (buf_reserve(out, CHUNK) < 0)
			return fail_set_memory(err, "a member");
		got = archive_read_data(u->archive, out->data + out->len, CHUNK);
		if (got == ARCHIVE_RETRY && tries++ < RETRIES_MAX)
			continue;
		if (got < 0) // a warning is a wrong checksum or size
			return explain(u, err);
		if (got == 0)
			return FAIL_NONE;
		out->len += (size_t)got;
	}
}

static enum fail_code check_size(const struct member *m, size_t got, struct comic_err *err)
{
	if (!m->has_size || m->size == got)
		return FAIL_NONE;
	return fail_set(err, FAIL_DAMAGED, "it has %zu bytes instead of %" PRIu64, got, m->size);
}

// Keeps the data of a member of a tar. What does not fit is read in a later pass.
static enum fail_code capture(struct unpack *u, struct member *m, struct comic_err *err)
{
	size_t start = u->captured.len;
	enum fail_code code = FAIL_NONE;

	if (!m->has_size || m->size > CONTAINER_MEMBER_MAX || m->size > CAPTURED_MAX - start)
		return FAIL_NONE;
	code = read_data(u, &u->captured, err);
	if (code == FAIL_NONE && u->captured.len - start == m->size) {
		m->place = start;
		m->captured = true;
	} else {
		u->captured.len = start;
	}
	return code;
}

static enum fail_code list_members(struct unpack *u, struct members *list,
				   bool (*wanted)(struct text name), struct comic_err *err)
{
	uint64_t claimed = 0;
	struct archive_entry *entry = NULL;
	bool capturing = wanted != NULL && is_tar(u->kind);

	for (;;) {
		struct member m;
		enum fail_code code = next_member(u, &entry, err);

		if (code != FAIL_NONE)
			return code;
		if (entry == NULL)
			return FAIL_NONE;
		code = describe(u, entry, &m, err);
		if (code == FAIL_NONE)
			code = members_claim(&claimed, m.size, u->source->size, err);
		if (code == FAIL_NONE && capturing && !m.directory && wanted(m.name))
			code = capture(u, &m, err);
		if (code == FAIL_NONE)
			code = members_add(list, &m, err);
		if (code != FAIL_NONE)
			return code;
	}
}

enum fail_code unpack_list(struct unpack *u, struct members *list,
			   bool (*wanted)(struct text name), struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	u->unnamed = 0;
	code = open_archive(u, u->base, u->source->size, header_block(u->kind), err);
	if (code == FAIL_NONE)
		code = list_members(u, list, wanted, err);
	u->endless = u->kind == DETECT_TAR && u->ran_out;
	u->behind = u->kind == DETECT_TAR ? u->end - u->at : 0;
	close_archive(u);
	if (code == FAIL_ENCRYPTED)
		return fail_set(err, code, "its list of members is encrypted");
	if (code == FAIL_DAMAGED && list->count > 0)
		(void)err_prefix(err, "broken or cut short after %zu members", list->count);
	return code;
}

// ---- a member ---------------------------------------------------------------------------

// Names of a RAR are not libarchive's; sizes are, and checksums tell the rest.
static bool is_same(const struct unpack *u, struct archive_entry *entry, const struct member *m)
{
	const char *name = archive_entry_pathname(entry);

	if (is_rar(u->kind))
		return !m->has_size || (uint64_t)archive_entry_size(entry) == m->size;
	return name == NULL || text_is(m->name, name);
}

// Unpacks the member that was come to, for nothing. out is scratch memory.
static enum fail_code pass_over(struct unpack *u, struct buf *out, struct comic_err *err)
{
	la_ssize_t got = 1;

	if (buf_reserve(out, CHUNK) < 0)
		return fail_set_memory(err, "a member");
	while (got > 0 || got == ARCHIVE_WARN)
		got = archive_read_data(u->archive, out->data, CHUNK);
	return got < 0 ? explain(u, err) : FAIL_NONE;
}

static enum fail_code go_to(struct unpack *u, const struct member *m, struct buf *passed,
			    struct comic_err *err)
{
	struct archive_entry *entry = NULL;
	size_t block_size = header_block(u->kind);
	enum fail_code code = FAIL_NONE;

	u->block_size = block_size;
	if (u->archive == NULL || u->next > m->place)
		code = open_archive(u, u->base, u->source->size, block_size, err);
	while (code == FAIL_NONE && u->next <= m->place) {
		code = next_member(u, &entry, err);
		if (code == FAIL_NONE && entry == NULL)
			break;
		if (code == FAIL_NONE && passed != NULL && u->next <= m->place)
			code = pass_over(u, passed, err);
	}
	u->block_size = CHUNK;
	if (code != FAIL_NONE)
		return code;
	if (entry == NULL || !is_same(u, entry, m))
		return fail_set(err, FAIL_DAMAGED,
				"libarchive does not find it where it is listed");
	return FAIL_NONE;
}

static enum fail_code read_listed(struct unpack *u, const struct member *m, bool unpack_all,
				  struct buf *out, struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	out->len = 0;
	code = go_to(u, m, unpack_all ? out : NULL, err);
	if (code == FAIL_NONE)
		code = read_data(u, out, err);
	if (code == FAIL_NONE)
		code = check_size(m, out->len, err);
	if (code != FAIL_NONE)
		close_archive(u);
	return code;
}

enum fail_code unpack_read(struct unpack *u, const struct member *m, struct buf *out,
			   struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	if (m->captured) {
		out->len = 0;
		if (buf_add(out, u->captured.data + m->place, (size_t)m->size) < 0)
			return fail_set_memory(err, "a member");
		return FAIL_NONE;
	}
	code = read_listed(u, m, false, out, err);
	// libarchive before 3.7.5 loses its way in a 7z when it skips a multiple of 64 KiB.
	if (code == FAIL_DAMAGED && u->kind == DETECT_7Z)
		code = read_listed(u, m, true, out, err);
	return code;
}

enum fail_code unpack_read_zipped(struct unpack *u, const struct member *m, uint64_t end,
				  struct buf *out, struct comic_err *err)
{
	struct archive_entry *entry = NULL;
	enum fail_code code = open_archive(u, m->place, end, CHUNK, err);

	out->len = 0;
	if (code == FAIL_NONE)
		code = next_member(u, &entry, err);
	if (code == FAIL_NONE && entry == NULL)
		code = fail_set(err, FAIL_DAMAGED, "its header is not where the list says");
	if (code == FAIL_NONE)
		code = read_data(u, out, err);
	if (code == FAIL_NONE)
		code = check_size(m, out->len, err);
	close_archive(u);
	return code;
}
