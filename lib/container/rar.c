// SPDX-License-Identifier: MIT
// rar.c: see rar.h.

#include "container/rar.h"

#include "base/text.h"
#include "container/bytes.h"

#include <string.h>

#define BLOCKS_MAX 64 // before the first file there are two or three
#define HEADER_MAX ((size_t)64 << 10) // bytes looked at of one header
#define FIRST_LOOK ((size_t)1 << 10) // nearly every header is shorter

// A header: bytes of it, the offset and length of the data behind it, and so of the next.
struct block {
	const uint8_t *bytes;
	size_t len;
	uint64_t data_at;
	uint64_t data_len;
	unsigned int type;
	uint64_t flags;
	size_t body; // where in bytes what is particular to the type begins
	size_t extra; // RAR5: length of the extra area, at the end of bytes
};

// What one header says about going on.
enum step { STEP_NEXT, STEP_DONE };

// ---- RAR 1.5 to 4 -----------------------------------------------------------------------

enum { OLD_MAIN = 0x73, OLD_FILE = 0x74, OLD_SERVICE = 0x7a };
enum { OLD_HEADER = 7, OLD_FILE_HEADER = 32, OLD_STORED = 0x30 };
enum { OLD_VOLUME = 0x01, OLD_SOLID = 0x08, OLD_ENCRYPTED_HEADERS = 0x80 }; // of the main header
enum { OLD_SPLIT = 0x03, OLD_ENCRYPTED = 0x04, OLD_LARGE = 0x100, OLD_DATA = 0x8000 };

static bool parse_old(uint64_t at, uint64_t size, struct block *b)
{
	size_t header = 0;

	if (b->len < OLD_HEADER)
		return false;
	b->type = b->bytes[2];
	b->flags = le16(b->bytes + 3);
	header = le16(b->bytes + 5);
	if (header < OLD_HEADER || header > size - at)
		return false;
	if (b->len > header)
		b->len = header;
	b->body = OLD_HEADER;
	b->data_at = at + header;
	b->data_len = 0;
	if ((b->flags & OLD_DATA) != 0 || b->type == OLD_FILE || b->type == OLD_SERVICE) {
		if (b->len < OLD_HEADER + 4)
			return false;
		b->data_len = le32(b->bytes + OLD_HEADER);
	}
	return true;
}

static bool is_old_comment(const struct block *b)
{
	size_t name = OLD_FILE_HEADER + ((b->flags & OLD_LARGE) != 0 ? 8U : 0U);

	return b->type == OLD_SERVICE && b->len >= name + 3 && b->bytes[25] == OLD_STORED &&
	       le16(b->bytes + 26) == 3 && memcmp(b->bytes + name, "CMT", 3) == 0;
}

static enum step judge_old(const struct block *b, struct rar *out, bool *comment)
{
	if (b->type == OLD_MAIN) {
		out->volume = (b->flags & OLD_VOLUME) != 0;
		out->solid = (b->flags & OLD_SOLID) != 0;
		out->encrypted_headers = (b->flags & OLD_ENCRYPTED_HEADERS) != 0;
		return out->encrypted_headers ? STEP_DONE : STEP_NEXT;
	}
	*comment = is_old_comment(b);
	if (b->type != OLD_FILE)
		return STEP_NEXT;
	out->encrypted_data = (b->flags & OLD_ENCRYPTED) != 0;
	out->volume = out->volume || (b->flags & OLD_SPLIT) != 0;
	return STEP_DONE;
}

// ---- RAR 5 ------------------------------------------------------------------------------

enum { NEW_MAIN = 1, NEW_FILE = 2, NEW_SERVICE = 3, NEW_ENCRYPTION = 4, NEW_END = 5 };
enum { NEW_EXTRA = 0x01, NEW_DATA = 0x02, NEW_SPLIT = 0x18 }; // header flags
enum { NEW_VOLUME = 0x01, NEW_SOLID = 0x04 }; // archive flags
enum { NEW_HAS_TIME = 0x02, NEW_HAS_CRC = 0x04 }; // file flags
enum { NEW_METHOD = 0x380 }; // bits of the compression information; 0 is stored
enum { NEW_RECORD_ENCRYPTION = 1 };

// The format's variable-length number at *at, which moves behind it.
static bool take_number(const uint8_t *bytes, size_t len, size_t *at, uint64_t *out)
{
	*out = 0;
	for (unsigned int shift = 0; shift < 63 && *at < len; shift += 7) {
		uint8_t byte = bytes[(*at)++];

		*out |= (uint64_t)(byte & 0x7fU) << shift;
		if ((byte & 0x80U) == 0)
			return true;
	}
	return false;
}

static bool parse_new(uint64_t at, uint64_t size, struct block *b)
{
	size_t from = 4; // behind the checksum
	uint64_t header = 0;
	uint64_t type = 0;
	uint64_t extra = 0;

	if (!take_number(b->bytes, b->len, &from, &header) || header > size - at - from)
		return false;
	b->data_at = at + from + header;
	if (b->len > from + header)
		b->len = from + (size_t)header;
	if (!take_number(b->bytes, b->len, &from, &type) || type > NEW_END ||
	    !take_number(b->bytes, b->len, &from, &b->flags))
		return false;
	b->type = (unsigned int)type;
	b->data_len = 0;
	if ((b->flags & NEW_EXTRA) != 0 && !take_number(b->bytes, b->len, &from, &extra))
		return false;
	if ((b->flags & NEW_DATA) != 0 && !take_number(b->bytes, b->len, &from, &b->data_len))
		return false;
	if (extra > b->len - from)
		return false;
	b->extra = (size_t)extra;
	b->body = from;
	return true;
}

static bool is_new_encrypted(const struct block *b)
{
	size_t at = b->len - b->extra;

	while (at < b->len) {
		uint64_t record = 0;
		uint64_t type = 0;
		size_t inside = 0;

		if (!take_number(b->bytes, b->len, &at, &record) || record > b->len - at)
			return false;
		inside = at;
		if (take_number(b->bytes, b->len, &inside, &type) && type == NEW_RECORD_ENCRYPTION)
			return true;
		at += (size_t)record;
	}
	return false;
}

static bool is_new_comment(const struct block *b)
{
	size_t end = b->len - b->extra;
	size_t at = b->body;
	uint64_t flags = 0;
	uint64_t skipped = 0; // unpacked size, attributes, host system: of no interest
	uint64_t method = 0;
	uint64_t name = 0;

	if (b->type != NEW_SERVICE || !take_number(b->bytes, end, &at, &flags) ||
	    !take_number(b->bytes, end, &at, &skipped) ||
	    !take_number(b->bytes, end, &at, &skipped))
		return false;
	at += ((flags & NEW_HAS_TIME) != 0 ? 4U : 0U) + ((flags & NEW_HAS_CRC) != 0 ? 4U : 0U);
	if (!take_number(b->bytes, end, &at, &method) ||
	    !take_number(b->bytes, end, &at, &skipped) ||
	    !take_number(b->bytes, end, &at, &name))
		return false;
	return name == 3 && end - at >= 3 && memcmp(b->bytes + at, "CMT", 3) == 0 &&
	       (method & NEW_METHOD) == 0 && !is_new_encrypted(b);
}

static enum step judge_new(const struct block *b, struct rar *out, bool *comment)
{
	size_t at = b->body;
	uint64_t flags = 0;

	switch (b->type) {
	case NEW_MAIN:
		if (!take_number(b->bytes, b->len, &at, &flags))
			return STEP_DONE;
		out->volume = (flags & NEW_VOLUME) != 0;
		out->solid = (flags & NEW_SOLID) != 0;
		return STEP_NEXT;
	case NEW_ENCRYPTION:
		out->encrypted_headers = true;
		return STEP_DONE;
	case NEW_FILE:
		out->encrypted_data = is_new_encrypted(b);
		out->volume = out->volume || (b->flags & NEW_SPLIT) != 0;
		return STEP_DONE;
	case NEW_SERVICE:
		*comment = is_new_comment(b);
		return STEP_NEXT;
	default:
		return STEP_DONE;
	}
}

// ---- both -------------------------------------------------------------------------------

static enum fail_code read_comment(const struct source *s, const struct block *b,
				   struct buf *comment, struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;
	const uint8_t *nul = NULL;

	if (b->data_len == 0 || b->data_len > RAR_COMMENT_MAX || b->data_len > s->size - b->data_at)
		return FAIL_NONE;
	if (buf_reserve(comment, (size_t)b->data_len) < 0)
		return fail_set_memory(err, "the archive comment");
	code = source_read(s, b->data_at, comment->data, (size_t)b->data_len, err);
	if (code != FAIL_NONE)
		return code;
	nul = memchr(comment->data, 0, (size_t)b->data_len);
	comment->len = nul == NULL ? (size_t)b->data_len : (size_t)(nul - comment->data);
	return FAIL_NONE;
}

// Reads the header at `at`, all of it up to HEADER_MAX. *whole: it could be understood.
static enum fail_code read_block(struct source *s, enum detect_kind kind, uint64_t at,
				 struct block *b, bool *whole, struct comic_err *err)
{
	bool (*parse)(uint64_t, uint64_t, struct block *) =
		kind == DETECT_RAR4 ? parse_old : parse_new;
	size_t look = FIRST_LOOK;

	for (;;) {
		enum fail_code code = FAIL_NONE;

		if (look > s->size - at)
			look = (size_t)(s->size - at);
		code = source_view(s, at, look, &b->bytes, err);
		if (code != FAIL_NONE)
			return code;
		b->len = look;
		b->data_at = 0;
		b->extra = 0;
		*whole = parse(at, s->size, b);
		if (b->data_at <= at + look)
			return FAIL_NONE;
		if (look == HEADER_MAX) {
			*whole = false;
			return FAIL_NONE;
		}
		look = HEADER_MAX;
	}
}

enum fail_code rar_inspect(struct source *s, enum detect_kind kind, struct rar *out,
			   struct buf *comment, struct comic_err *err)
{
	uint64_t at = kind == DETECT_RAR4 ? 7 : 8;
	enum step step = STEP_NEXT;

	*out = (struct rar){ 0 };
	comment->len = 0;
	for (int blocks = 0; step == STEP_NEXT && blocks < BLOCKS_MAX && at < s->size; blocks++) {
		struct block b = { 0 };
		bool whole = false;
		bool is_comment = false;
		enum fail_code code = read_block(s, kind, at, &b, &whole, err);

		if (code != FAIL_NONE || !whole)
			return code;
		step = kind == DETECT_RAR4 ? judge_old(&b, out, &is_comment) :
					     judge_new(&b, out, &is_comment);
		if (is_comment)
			code = read_comment(s, &b, comment, err);
		if (code != FAIL_NONE || b.data_len > s->size - b.data_at)
			return code;
		at = b.data_at + b.data_len;
	}
	return FAIL_NONE;
}
