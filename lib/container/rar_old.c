// SPDX-License-Identifier: MIT
// rar_old.c: the blocks of RAR 1.5 to 4, and the names in them; see rar.h.

#include "container/rar.h"

#include "container/bytes.h"

#include <libdeflate.h>
#include <string.h>

enum { MAIN = 0x73, FILE_BLOCK = 0x74, SERVICE = 0x7a, END = 0x7b };
enum { OLD_COMMENT = 0x75, OLD_SIGNATURE = 0x79 }; // and others between them, before RAR 3
enum { HEADER = 7, FILE_HEADER = 32 };
enum { MAIN_VOLUME = 0x01, MAIN_COMMENT = 0x02, MAIN_SOLID = 0x08, MAIN_ENCRYPTED = 0x80,
       MAIN_FIRST = 0x100 };
enum { FILE_SPLIT = 0x03, FILE_ENCRYPTED = 0x04, FILE_COMMENT = 0x08, FILE_FOLDER = 0xe0,
       FILE_LARGE = 0x100, FILE_UNICODE = 0x200 };
enum { END_MORE = 0x01 }; // not the last volume
enum { HAS_DATA = 0x8000 };
enum { HOST_UNIX = 3, VERSION_3 = 29 };
#define NAME_UNITS ((size_t)2048) // UTF-16 units of a name; RAR itself has no longer ones

// A comment that stands inside a header is not among what its checksum is of, and the owner that
// stands behind an old block is.
static bool has_whole_checksum(const struct rar_block *b)
{
	if (b->type == MAIN)
		return (b->flags & MAIN_COMMENT) == 0;
	if (b->type == FILE_BLOCK)
		return (b->flags & FILE_COMMENT) == 0;
	return b->type < OLD_COMMENT || b->type > OLD_SIGNATURE;
}

bool rar_old_parse(struct rar_block *b, size_t *need)
{
	size_t header = b->len < HEADER ? 0 : le16(b->bytes + 5);
	bool file = false;

	*need = header;
	if (header < HEADER)
		return false;
	if (b->len < header)
		return true;
	b->len = header;
	b->type = b->bytes[2];
	b->flags = le16(b->bytes + 3);
	file = b->type == FILE_BLOCK || b->type == SERVICE;
	if (has_whole_checksum(b) &&
	    le16(b->bytes) != (uint16_t)libdeflate_crc32(0, b->bytes + 2, header - 2))
		return false;
	b->data_len = 0;
	if (file && header < FILE_HEADER + ((b->flags & FILE_LARGE) != 0 ? 8U : 0U))
		return false;
	if ((b->flags & HAS_DATA) == 0 && !file)
		return true;
	if (header < HEADER + 4)
		return false;
	b->data_len = le32(b->bytes + HEADER);
	if (file && (b->flags & FILE_LARGE) != 0)
		b->data_len |= (uint64_t)le32(b->bytes + FILE_HEADER) << 32;
	return true;
}

// ---- names ------------------------------------------------------------------------------

// Unpacks a name: packed says how each UTF-16 unit follows from the plain name's byte, two bits
// at a time (technote.txt does not tell; unrar's source does).
struct name_reader {
	struct text plain;
	const uint8_t *packed;
	size_t len;
	size_t at;
};

static unsigned int take_byte(struct name_reader *r)
{
	return r->at < r->len ? r->packed[r->at++] : 0;
}

static size_t put_run(struct name_reader *r, unsigned int high, uint16_t *units, size_t count)
{
	unsigned int run = take_byte(r);
	bool shifted = (run & 0x80) != 0;
	unsigned int shift = shifted ? take_byte(r) : 0;

	for (run = (run & 0x7f) + 2; run > 0 && count < NAME_UNITS && count < r->plain.len; run--) {
		unsigned int byte = (uint8_t)r->plain.data[count];

		units[count++] = (uint16_t)(shifted ? ((byte + shift) & 0xff) | high << 8 : byte);
	}
	return count;
}

static size_t unpack_units(struct name_reader *r, uint16_t *units)
{
	unsigned int high = take_byte(r);
	unsigned int how = 0;
	unsigned int left = 0; // bits of how
	size_t count = 0;

	while (r->at < r->len && count < NAME_UNITS) {
		if (left == 0) {
			how = take_byte(r);
			left = 8;
		}
		left -= 2;
		switch (how >> left & 3) {
		case 0:
			units[count++] = (uint16_t)take_byte(r);
			break;
		case 1:
			units[count++] = (uint16_t)(take_byte(r) | high << 8);
			break;
		case 2:
			units[count] = (uint16_t)take_byte(r);
			units[count] = (uint16_t)(units[count] | take_byte(r) << 8);
			count++;
			break;
		default:
			count = put_run(r, high, units, count);
			break;
		}
	}
	return count;
}

static size_t utf8_from_units(const uint16_t *units, size_t count, char *out)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t c = units[i];

		if (c >= 0xd800 && c < 0xdc00 && i + 1 < count && units[i + 1] >= 0xdc00 &&
		    units[i + 1] < 0xe000)
			c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00U);
		len += text_encode(c >= 0xd800 && c < 0xe000 ? 0xfffd : c, out + len);
	}
	return len;
}

// The name in a file header: plain bytes in an encoding nobody tells, or those, a NUL and the
// packed UTF-16, or UTF-8. "\" separates components. *room holds the result.
static struct text read_name(const struct rar_block *b, char *room)
{
	static uint16_t units[NAME_UNITS]; // too large for a stack's taste; one thread
	size_t at = FILE_HEADER + ((b->flags & FILE_LARGE) != 0 ? 8U : 0U);
	size_t len = le16(b->bytes + 26);
	const uint8_t *nul = NULL;
	struct text name;

	if (len > b->len - at)
		len = b->len - at;
	name = (struct text){ (const char *)b->bytes + at, len };
	nul = memchr(b->bytes + at, 0, len);
	if (nul != NULL)
		name.len = (size_t)(nul - (b->bytes + at));
	if ((b->flags & FILE_UNICODE) != 0 && nul != NULL) {
		struct name_reader r = { name, nul + 1, len - name.len - 1, 0 };

		name.len = utf8_from_units(units, unpack_units(&r, units), room);
	} else {
		name.len = name.len < 3 * NAME_UNITS ? name.len : 3 * NAME_UNITS;
		memcpy(room, name.data, name.len);
	}
	for (size_t i = 0; i < name.len; i++)
		room[i] = room[i] == '\\' ? '/' : room[i];
	return (struct text){ room, name.len };
}

// ---- blocks -----------------------------------------------------------------------------

static bool is_no_file(const struct rar_block *b)
{
	uint32_t attributes = le32(b->bytes + 28);
	uint32_t kind = attributes & 0xf000U; // S_IFMT

	if ((b->flags & FILE_FOLDER) == FILE_FOLDER)
		return true;
	if (b->bytes[15] == HOST_UNIX)
		return kind == 0x4000 || kind == 0xa000; // S_IFDIR, S_IFLNK
	return (attributes & 0x10) != 0; // MS-DOS
}

static enum fail_code take_file(struct rar_walk *w, const struct rar_block *b,
				struct comic_err *err)
{
	static char room[3 * NAME_UNITS]; // as `units`
	uint64_t size = le32(b->bytes + 11);
	struct member m = { 0 };

	if ((b->flags & FILE_SPLIT) != 0)
		return rar_fail_volume(err);
	if ((b->flags & FILE_LARGE) != 0)
		size |= (uint64_t)le32(b->bytes + FILE_HEADER + 4) << 32;
	m = (struct member){
		.size = size,
		.has_size = true,
		.crc = le32(b->bytes + 16),
		.has_crc = true,
		.directory = is_no_file(b),
		.encrypted = (b->flags & FILE_ENCRYPTED) != 0,
	};
	if (b->bytes[25] != RAR_STORED)
		m.method = b->bytes[24] < VERSION_3 ? RAR_ANCIENT : 0;
	else if (size == b->data_len)
		m.method = RAR_STORED;
	if (w->solid)
		return fail_set(err, FAIL_UNSUPPORTED,
				"it is a solid archive of RAR 4, which cannot be unpacked here");
	return rar_add(w, &m, read_name(b, room), b, err);
}

static bool is_comment(const struct rar_block *b)
{
	size_t name = FILE_HEADER + ((b->flags & FILE_LARGE) != 0 ? 8U : 0U);

	return b->len >= name + 3 && b->bytes[25] == RAR_STORED && le16(b->bytes + 26) == 3 &&
	       memcmp(b->bytes + name, "CMT", 3) == 0 && (b->flags & FILE_ENCRYPTED) == 0;
}

enum fail_code rar_old_take(struct rar_walk *w, const struct rar_block *b, struct comic_err *err)
{
	switch (b->type) {
	case MAIN:
		w->volume = (b->flags & MAIN_VOLUME) != 0;
		w->first = (b->flags & MAIN_FIRST) != 0;
		w->solid = (b->flags & MAIN_SOLID) != 0;
		return (b->flags & MAIN_ENCRYPTED) == 0 ? FAIL_NONE :
			fail_set(err, FAIL_ENCRYPTED, "its list of members is encrypted");
	case FILE_BLOCK:
		return take_file(w, b, err);
	case SERVICE:
		return is_comment(b) ? rar_take_comment(w, b, err) : FAIL_NONE;
	case END:
		w->ended = true;
		return (b->flags & END_MORE) != 0 ? rar_fail_volume(err) : FAIL_NONE;
	default:
		return FAIL_NONE;
	}
}
