// SPDX-License-Identifier: MIT
// zip.c: the members of a ZIP; see zip.h.

#include "container/zip.h"

#include "container/bytes.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

#define ENTRY_MARK 0x02014b50U
#define LOCAL_MARK 0x04034b50U
#define SIGNATURE_MARK 0x05054b50U // a digital signature behind the entries
#define EXTRA_DATA_MARK 0x08064b50U // comes before an encrypted directory

#define DIRECTORY_MAX ((uint64_t)64 << 20)
// What a local header may add to what the directory says of it: its own extra field (times,
// ZIP64, owner). Longer ones cost a second read.
#define LOCAL_SLACK 64U

enum { ENTRY_SIZE = 46, LOCAL_SIZE = 30 };
enum { FLAG_ENCRYPTED = 1 };
enum { METHOD_STORED = 0, METHOD_DEFLATED = 8, METHOD_AES = 99 };
enum { EXTRA_ZIP64 = 1 };

int zip_init(struct zip *z, struct source *source, struct comic_err *err)
{
	*z = (struct zip){ .source = source, .inflater = libdeflate_alloc_decompressor() };
	return z->inflater == NULL ? err_set_nomem(err, "starting the ZIP reader") : 0;
}

void zip_clear(struct zip *z)
{
	if (z->inflater != NULL)
		libdeflate_free_decompressor(z->inflater);
	*z = (struct zip){ 0 };
}

// ---- the directory ----------------------------------------------------------------------

// Hosts on which "\" separates components (APPNOTE 4.4.2): FAT, NTFS, VFAT.
static bool is_windows(uint16_t made_by)
{
	uint16_t host = made_by >> 8;

	return host == 0 || host == 10 || host == 14;
}

static struct text entry_name(uint8_t *name, size_t len, uint16_t made_by)
{
	const uint8_t *nul = memchr(name, 0, len);

	if (nul != NULL)
		len = (size_t)(nul - name);
	if (is_windows(made_by) && memchr(name, '/', len) == NULL) {
		for (size_t i = 0; i < len; i++)
			name[i] = name[i] == '\\' ? '/' : name[i];
	}
	return (struct text){ (const char *)name, len };
}

// Or a link.
static bool is_directory(const struct member *m, uint16_t made_by, uint32_t attributes)
{
	if (m->name.len > 0 && m->name.data[m->name.len - 1] == '/')
		return true;
	if (is_windows(made_by))
		return (attributes & 0x10U) != 0 && m->size == 0;
	attributes = attributes >> 16 & 0xF000U;
	return attributes == 0x4000U || attributes == 0xA000U; // S_IFDIR, S_IFLNK
}

// Takes the 64-bit number for a field that is saturated in the entry itself.
static bool take_long(uint64_t *field, const uint8_t **at, size_t *left)
{
	if (*field != UINT32_MAX)
		return true;
	if (*left < 8)
		return false;
	*field = le64(*at);
	*at += 8;
	*left -= 8;
	return true;
}

static bool read_zip64(const uint8_t *extra, size_t len, struct member *m)
{
	if (m->size != UINT32_MAX && m->packed != UINT32_MAX && m->place != UINT32_MAX)
		return true;
	while (len >= 4) {
		size_t field = le16(extra + 2);
		const uint8_t *at = extra + 4;

		if (field > len - 4)
			return false;
		if (le16(extra) == EXTRA_ZIP64)
			return take_long(&m->size, &at, &field) &&
			       take_long(&m->packed, &at, &field) &&
			       take_long(&m->place, &at, &field);
		extra += 4 + field;
		len -= 4 + field;
	}
	return false;
}

// One entry at p; *used gets its length.
static enum fail_code read_entry(const struct zip *z, uint8_t *p, size_t left, struct member *m,
				 size_t *used, struct comic_err *err)
{
	uint16_t made_by = 0;
	size_t name_len = 0;
	size_t extra_len = 0;
	uint64_t room = 0; // between what stands before the archive and the directory

	if (left < ENTRY_SIZE || le32(p) != ENTRY_MARK)
		return fail_set(err, FAIL_DAMAGED, "the central directory is broken");
	made_by = le16(p + 4);
	name_len = le16(p + 28);
	extra_len = le16(p + 30);
	*used = ENTRY_SIZE + name_len + extra_len + le16(p + 32);
	if (*used > left)
		return fail_set(err, FAIL_DAMAGED, "the central directory is cut short");
	*m = (struct member){
		.name = entry_name(p + ENTRY_SIZE, name_len, made_by),
		.size = le32(p + 24),
		.has_size = true,
		.crc = le32(p + 16),
		.encrypted = (le16(p + 8) & FLAG_ENCRYPTED) != 0,
		.method = le16(p + 10),
		.packed = le32(p + 20),
		.place = le32(p + 42),
	};
	m->has_crc = m->method != METHOD_AES; // there it is zero or tells nothing
	if (!read_zip64(p + ENTRY_SIZE + name_len, extra_len, m))
		return fail_set(err, FAIL_DAMAGED, "the central directory lacks a 64-bit size");
	m->directory = is_directory(m, made_by, le32(p + 38));
	room = z->end.directory - z->end.prefix;
	if (room < LOCAL_SIZE || m->place > room - LOCAL_SIZE ||
	    m->packed > room - LOCAL_SIZE - m->place)
		return fail_set(err, FAIL_DAMAGED,
				"the central directory names bytes outside of the archive");
	m->place += z->end.prefix;
	return FAIL_NONE;
}

// Members that share bytes are how a small file claims to hold terabytes.
static enum fail_code check_overlaps(struct members *list, struct comic_err *err)
{
	enum fail_code code = members_sort(list, members_by_place, err);
	uint64_t end = 0;

	for (size_t i = 0; code == FAIL_NONE && i < list->count; i++) {
		const struct member *m = list->order[i];

		if (m->place < end)
			code = fail_set(err, FAIL_DAMAGED, "two members share the same bytes");
		end = m->place + LOCAL_SIZE + m->packed;
	}
	return code;
}

enum fail_code zip_list(struct zip *z, struct members *list, bool *miscounted,
			struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;
	uint8_t *at = NULL;
	size_t left = (size_t)z->end.directory_size;

	if (z->end.directory_size > DIRECTORY_MAX)
		return fail_set(err, FAIL_LIMIT, "its list of members is larger than %u MiB",
				(unsigned int)(DIRECTORY_MAX >> 20));
	code = source_grow_tail(z->source, z->end.directory, err);
	if (code != FAIL_NONE)
		return code;
	at = z->source->tail.data + (z->end.directory - z->source->tail_at);
	if (left >= 4 && le32(at) == EXTRA_DATA_MARK)
		return fail_set(err, FAIL_ENCRYPTED, "its list of members is encrypted");
	while (left > 0 && !(left >= 4 && le32(at) == SIGNATURE_MARK)) {
		struct member m;
		size_t used = 0;

		code = read_entry(z, at, left, &m, &used, err);
		if (code == FAIL_NONE)
			code = members_add(list, &m, err);
		if (code != FAIL_NONE)
			return code;
		at += used;
		left -= used;
	}
	// The old end record counts modulo 65,536.
	*miscounted = z->end.entries != list->count && z->end.entries != (uint16_t)list->count;
	return check_overlaps(list, err);
}

// ---- a member ---------------------------------------------------------------------------

bool zip_reads(const struct member *m)
{
	return m->method == METHOD_STORED || m->method == METHOD_DEFLATED;
}

// Where the data of m begins, out of its local header. *bytes are the first `have` bytes from
// m->place, of which the header may be a part only.
static enum fail_code check_local(const struct zip *z, const struct member *m,
				  const uint8_t *bytes, size_t *skip, struct comic_err *err)
{
	if (le32(bytes) != LOCAL_MARK)
		return fail_set(err, FAIL_DAMAGED, "its header is not where the list says");
	if (le16(bytes + 8) != m->method || (le16(bytes + 6) & FLAG_ENCRYPTED) != 0)
		return fail_set(err, FAIL_DAMAGED, "its header contradicts the list of members");
	*skip = LOCAL_SIZE + (size_t)le16(bytes + 26) + le16(bytes + 28);
	if (*skip > z->end.directory - m->place - m->packed) // the list was checked for the rest
		return fail_set(err, FAIL_DAMAGED, "its data reaches into the central directory");
	return FAIL_NONE;
}

// The packed bytes of m, in one read where the header is of ordinary length.
static enum fail_code view_packed(struct zip *z, const struct member *m, const uint8_t **packed,
				  struct comic_err *err)
{
	uint64_t most = z->end.directory - m->place;
	uint64_t guess = LOCAL_SIZE + m->name.len + LOCAL_SLACK + m->packed;
	const uint8_t *bytes = NULL;
	enum fail_code code = FAIL_NONE;
	size_t skip = 0;

	if (guess > most)
		guess = most;
	code = source_view(z->source, m->place, (size_t)guess, &bytes, err);
	if (code == FAIL_NONE)
		code = check_local(z, m, bytes, &skip, err);
	if (code != FAIL_NONE)
		return code;
	if (skip + m->packed <= guess)
		*packed = bytes + skip;
	else
		code = source_view(z->source, m->place + skip, (size_t)m->packed, packed, err);
	return code;
}

enum fail_code zip_read(struct zip *z, const struct member *m, struct buf *out,
			struct comic_err *err)
{
	const uint8_t *packed = NULL;
	size_t size = (size_t)m->size;
	enum fail_code code = FAIL_NONE;

	out->len = 0;
	if (m->packed > 2 * CONTAINER_MEMBER_MAX)
		return fail_set(err, FAIL_LIMIT, "it takes more than %zu MiB in the archive",
				2 * CONTAINER_MEMBER_MAX >> 20);
	if (m->method == METHOD_STORED && m->packed != m->size)
		return fail_set(err, FAIL_DAMAGED, "its two sizes differ");
	if (buf_reserve(out, size == 0 ? 1 : size) < 0)
		return fail_set_memory(err, "a member");
	code = view_packed(z, m, &packed, err);
	if (code != FAIL_NONE)
		return code;
	if (m->method == METHOD_STORED) {
		memcpy(out->data, packed, size);
	} else if (libdeflate_deflate_decompress(z->inflater, packed, (size_t)m->packed, out->data,
						 size, NULL) != LIBDEFLATE_SUCCESS) {
		return fail_set(err, FAIL_DAMAGED, "its compressed data is broken");
	}
	if (libdeflate_crc32(0, out->data, size) != m->crc)
		return fail_set(err, FAIL_DAMAGED, "its checksum differs");
	out->len = size;
	return FAIL_NONE;
}
