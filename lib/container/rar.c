// SPDX-License-Identifier: MIT
// rar.c: the walk over the blocks of a RAR, and the blocks of RAR 5; see rar.h.

#include "container/rar.h"

#include "container/bytes.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

#define BLOCKS_MAX (2 * MEMBERS_MAX)
#define HEADER_MAX ((size_t)2 << 20) // the format's own limit
#define FIRST_LOOK ((size_t)512) // nearly every header is shorter
#define NAMES_MAX ((size_t)64 << 20)
#define NAMES_KEEP ((size_t)256 << 10)
#define TWIN_SEARCH 1000U

void rar_start(struct rar *r)
{
	arena_reset(&r->names, NAMES_KEEP);
	r->comment.len = 0;
}

void rar_clear(struct rar *r)
{
	arena_clear(&r->names);
	buf_clear(&r->comment);
}

// ---- RAR 5 ------------------------------------------------------------------------------

enum { NEW_MAIN = 1, NEW_FILE = 2, NEW_SERVICE = 3, NEW_ENCRYPTION = 4, NEW_END = 5 };
enum { NEW_EXTRA = 0x01, NEW_DATA = 0x02, NEW_SPLIT = 0x18 }; // header flags
enum { NEW_VOLUME = 0x01, NEW_NUMBERED = 0x02, NEW_SOLID = 0x04 }; // archive flags
enum { NEW_MORE = 0x01 }; // flag of the end record: not the last volume
enum { NEW_FOLDER = 0x01, NEW_HAS_TIME = 0x02, NEW_HAS_CRC = 0x04, NEW_NO_SIZE = 0x08 };
// Bits of the compression information: version, method (0: stored), log2 of the dictionary's
// size in units of 128 KiB.
enum { NEW_VERSION = 0x3f, NEW_METHOD = 0x380, NEW_DICTIONARY = 10, NEW_DICTIONARY_MOST = 9 };
enum { NEW_RECORD_ENCRYPTION = 1, NEW_RECORD_LINK = 5 };
enum { NEW_LINK_HARD = 4 }; // links of lower kinds are symbolic

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

static bool parse_fields(struct rar_block *b, size_t at)
{
	uint64_t type = 0;
	uint64_t extra = 0;

	if (!take_number(b->bytes, b->len, &at, &type) || type > UINT8_MAX ||
	    !take_number(b->bytes, b->len, &at, &b->flags))
		return false;
	b->type = (unsigned int)type;
	b->data_len = 0;
	if ((b->flags & NEW_EXTRA) != 0 && !take_number(b->bytes, b->len, &at, &extra))
		return false;
	if ((b->flags & NEW_DATA) != 0 && !take_number(b->bytes, b->len, &at, &b->data_len))
		return false;
	if (extra > b->len - at)
		return false;
	b->extra = (size_t)extra;
	b->body = at;
	return true;
}

static bool parse_new(struct rar_block *b, size_t *need)
{
	size_t at = 4; // behind the checksum
	uint64_t header = 0;

	*need = 0;
	if (!take_number(b->bytes, b->len, &at, &header) || header == 0 || header > HEADER_MAX)
		return false;
	*need = at + (size_t)header;
	if (b->len < *need)
		return true;
	b->len = *need;
	return le32(b->bytes) == libdeflate_crc32(0, b->bytes + 4, b->len - 4) &&
	       parse_fields(b, at);
}

// The beginning and length of the record of that type in the extra area; false if there is none.
static bool find_record(const struct rar_block *b, uint64_t wanted, size_t *inside, size_t *end)
{
	size_t at = b->len - b->extra;

	while (at < b->len) {
		uint64_t record = 0;
		uint64_t type = 0;

		if (!take_number(b->bytes, b->len, &at, &record) || record > b->len - at)
			return false;
		*inside = at;
		at += (size_t)record;
		*end = at;
		if (take_number(b->bytes, at, inside, &type) && type == wanted)
			return true;
	}
	return false;
}

// 0 if it is none; *target gets the name of what it leads to.
static uint64_t read_link(const struct rar_block *b, struct text *target)
{
	size_t at = 0;
	size_t end = 0;
	uint64_t kind = 0;
	uint64_t flags = 0;
	uint64_t len = 0;

	*target = TEXT("");
	if (!find_record(b, NEW_RECORD_LINK, &at, &end) ||
	    !take_number(b->bytes, end, &at, &kind))
		return 0;
	if (take_number(b->bytes, end, &at, &flags) && take_number(b->bytes, end, &at, &len) &&
	    len <= end - at)
		*target = (struct text){ (const char *)b->bytes + at, (size_t)len };
	return kind;
}

// A hard link, or a file that is stored once as it is the same: has the bytes of a member before.
// Of hostile lists only the end is searched.
static const struct member *find_twin(const struct members *list, struct text name)
{
	size_t first = list->count > TWIN_SEARCH ? list->count - TWIN_SEARCH : 0;

	for (size_t i = list->count; i > first; i--) {
		if (text_equal(list->items[i - 1].name, name))
			return &list->items[i - 1];
	}
	return NULL;
}

// What a file or service header says; *method is its compression information.
static bool read_file(const struct rar_block *b, struct member *m, uint64_t *method,
		      struct text *name)
{
	size_t end = b->len - b->extra;
	size_t at = b->body;
	uint64_t flags = 0;
	uint64_t ignored = 0; // attributes, host system
	uint64_t name_len = 0;

	*m = (struct member){ 0 };
	if (!take_number(b->bytes, end, &at, &flags) ||
	    !take_number(b->bytes, end, &at, &m->size) ||
	    !take_number(b->bytes, end, &at, &ignored))
		return false;
	at += (flags & NEW_HAS_TIME) != 0 ? 4U : 0U;
	m->has_crc = (flags & NEW_HAS_CRC) != 0;
	if (m->has_crc) {
		if (at + 4 > end)
			return false;
		m->crc = le32(b->bytes + at);
		at += 4;
	}
	if (!take_number(b->bytes, end, &at, method) ||
	    !take_number(b->bytes, end, &at, &ignored) ||
	    !take_number(b->bytes, end, &at, &name_len) || name_len > end - at)
		return false;
	*name = (struct text){ (const char *)b->bytes + at, (size_t)name_len };
	m->has_size = (flags & NEW_NO_SIZE) == 0;
	m->directory = (flags & NEW_FOLDER) != 0;
	m->method = (*method & NEW_METHOD) == 0 && m->size == b->data_len ? RAR_STORED : 0;
	return true;
}

static void share_bytes(struct member *m, const struct member *twin)
{
	if (twin == NULL)
		return;
	m->size = twin->size;
	m->has_size = twin->has_size;
	m->crc = twin->crc;
	m->has_crc = twin->has_crc;
	m->encrypted = twin->encrypted;
	m->method = twin->method;
	m->packed = twin->packed;
	m->place = twin->place;
}

static enum fail_code take_new_file(struct rar_walk *w, const struct rar_block *b,
				    struct comic_err *err)
{
	struct member m;
	struct text name;
	struct text target;
	uint64_t link = 0;
	uint64_t method = 0;
	size_t at = 0;
	size_t end = 0;
	enum fail_code code = FAIL_NONE;

	if ((b->flags & NEW_SPLIT) != 0)
		return rar_fail_volume(err);
	if (!read_file(b, &m, &method, &name))
		return fail_set(err, FAIL_DAMAGED, "the header of a member is broken");
	m.encrypted = find_record(b, NEW_RECORD_ENCRYPTION, &at, &end);
	m.has_crc = m.has_crc && !m.encrypted; // there it may be made with the password
	if ((method & NEW_METHOD) != 0 && (method & NEW_VERSION) != 0)
		return fail_set(err, FAIL_UNSUPPORTED, "it is compressed as only RAR 7 does");
	if ((method & NEW_METHOD) != 0 && (method >> NEW_DICTIONARY & 0x0f) > NEW_DICTIONARY_MOST)
		return fail_set(err, FAIL_UNSUPPORTED,
				"it needs a dictionary of more than 64 MiB to be unpacked");
	link = read_link(b, &target);
	m.directory = m.directory || (link > 0 && link < NEW_LINK_HARD);
	code = rar_add(w, &m, name, b, err);
	if (code == FAIL_NONE && link >= NEW_LINK_HARD)
		share_bytes(&w->list->items[w->list->count - 1], find_twin(w->list, target));
	return code;
}

static enum fail_code take_service(struct rar_walk *w, const struct rar_block *b,
				   struct comic_err *err)
{
	struct member m;
	struct text name;
	uint64_t method = 0;
	size_t at = 0;
	size_t end = 0;

	if (!read_file(b, &m, &method, &name) || !text_is(name, "CMT") ||
	    m.method != RAR_STORED || find_record(b, NEW_RECORD_ENCRYPTION, &at, &end))
		return FAIL_NONE;
	return rar_take_comment(w, b, err);
}

static enum fail_code take_new(struct rar_walk *w, const struct rar_block *b,
			       struct comic_err *err)
{
	size_t at = b->body;
	uint64_t flags = 0;

	switch (b->type) {
	case NEW_MAIN:
		if (!take_number(b->bytes, b->len, &at, &flags))
			return fail_set(err, FAIL_DAMAGED, "its main header is broken");
		w->volume = (flags & NEW_VOLUME) != 0;
		w->first = (flags & NEW_NUMBERED) == 0;
		w->solid = (flags & NEW_SOLID) != 0;
		return FAIL_NONE;
	case NEW_ENCRYPTION:
		return fail_set(err, FAIL_ENCRYPTED, "its list of members is encrypted");
	case NEW_FILE:
		return take_new_file(w, b, err);
	case NEW_SERVICE:
		return take_service(w, b, err);
	case NEW_END:
		w->ended = true;
		if (take_number(b->bytes, b->len, &at, &flags) && (flags & NEW_MORE) != 0)
			return rar_fail_volume(err);
		return FAIL_NONE;
	default: // may be skipped
		return FAIL_NONE;
	}
}

// ---- for both ---------------------------------------------------------------------------

enum fail_code rar_fail_volume(struct comic_err *err)
{
	return fail_set(err, FAIL_VOLUME, "it is one part of a split RAR archive");
}

enum fail_code rar_take_comment(struct rar_walk *w, const struct rar_block *b,
				struct comic_err *err)
{
	struct buf *comment = &w->rar->comment;
	const uint8_t *nul = NULL;
	size_t len = (size_t)b->data_len;
	enum fail_code code = FAIL_NONE;

	if (b->data_len > RAR_COMMENT_MAX || b->data_len > w->source->size - b->data_at)
		return FAIL_NONE;
	comment->len = 0;
	if (buf_reserve(comment, len + 1) < 0)
		return fail_set_memory(err, "the archive comment");
	code = source_read(w->source, b->data_at, comment->data, len, err);
	if (code != FAIL_NONE)
		return code;
	nul = memchr(comment->data, 0, len);
	comment->len = nul == NULL ? len : (size_t)(nul - comment->data);
	return FAIL_NONE;
}

enum fail_code rar_add(struct rar_walk *w, struct member *m, struct text name,
		       const struct rar_block *b, struct comic_err *err)
{
	const char *nul = memchr(name.data, 0, name.len);
	struct arena *names = &w->rar->names;
	enum fail_code code = FAIL_NONE;

	if (w->solid)
		code = members_claim(&w->claimed, m->size, w->source->size, err);
	if (code != FAIL_NONE)
		return code;
	if (nul != NULL)
		name.len = (size_t)(nul - name.data);
	if (name.len > NAMES_MAX - names->used)
		return fail_set(err, FAIL_LIMIT, "the names of its members fill more than %zu MiB",
				NAMES_MAX >> 20);
	m->name.data = arena_copy(names, name.data, name.len);
	m->name.len = name.len;
	m->packed = b->data_at;
	m->place = w->list->count;
	return m->name.data == NULL ? fail_set_memory(err, "the list of members") :
				      members_add(w->list, m, err);
}

// ---- the walk ---------------------------------------------------------------------------

// All of the header at `at`; its bytes are good until the source is read again.
static enum fail_code read_block(const struct rar_walk *w, rar_parse parse, uint64_t at,
				 struct rar_block *b, struct comic_err *err)
{
	uint64_t left = w->source->size - at;
	size_t look = FIRST_LOOK < left ? FIRST_LOOK : (size_t)left;
	size_t need = 0;

	for (int looks = 0; looks < 2; looks++) {
		enum fail_code code = source_view(w->source, at, look, &b->bytes, err);

		if (code != FAIL_NONE)
			return code;
		b->len = look;
		if (!parse(b, &need))
			return fail_set(err, FAIL_DAMAGED,
					"broken or cut short after %zu members", w->list->count);
		if (need <= look)
			break;
		if (need > left)
			return fail_set(err, FAIL_DAMAGED, "cut short after %zu members",
					w->list->count);
		look = need;
	}
	b->data_at = at + b->len;
	return FAIL_NONE;
}

static enum fail_code walk(struct rar_walk *w, rar_parse parse, rar_take take, uint64_t at,
			   struct comic_err *err)
{
	uint64_t size = w->source->size;

	for (unsigned int blocks = 0; at < size && !w->ended; blocks++) {
		struct rar_block b = { 0 };
		enum fail_code code = FAIL_NONE;

		if (blocks == BLOCKS_MAX)
			return fail_set(err, FAIL_LIMIT, "it has more than %u blocks", BLOCKS_MAX);
		code = read_block(w, parse, at, &b, err);
		if (code == FAIL_NONE)
			code = take(w, &b, err);
		if (code != FAIL_NONE)
			return code;
		if (b.data_len > size - b.data_at)
			return fail_set(err, FAIL_DAMAGED, "cut short after %zu members",
					w->list->count);
		at = b.data_at + b.data_len;
	}
	return FAIL_NONE;
}

enum fail_code rar_list(struct rar *r, struct source *s, enum detect_kind kind, uint64_t from,
			struct members *list, struct comic_err *err)
{
	struct rar_walk w = { .rar = r, .source = s, .list = list };
	bool old = kind == DETECT_RAR4;
	enum fail_code code = FAIL_NONE;

	rar_start(r);
	code = walk(&w, old ? rar_old_parse : parse_new, old ? rar_old_take : take_new,
		    from + (old ? 7 : 8), err);
	// A set of volumes may have only one, which is a whole archive.
	if (w.volume && (code == FAIL_DAMAGED || (code == FAIL_NONE && !(w.first && w.ended))))
		return rar_fail_volume(err);
	if (code != FAIL_NONE)
		return code;
	if (!w.ended && !old)
		return fail_set(err, FAIL_DAMAGED, "cut short after %zu members", list->count);
	if (list->count == 0) // no program makes one
		return fail_set(err, FAIL_DAMAGED, "no members could be found in it");
	return FAIL_NONE;
}

// ---- stored members ---------------------------------------------------------------------

bool rar_reads(const struct member *m)
{
	return (m->method == RAR_STORED && m->has_size) || m->method == RAR_ANCIENT;
}

enum fail_code rar_read(const struct source *s, const struct member *m, struct buf *out,
			struct comic_err *err)
{
	enum fail_code code = FAIL_NONE;

	out->len = 0;
	if (m->method == RAR_ANCIENT)
		return fail_set(err, FAIL_UNSUPPORTED, "it is compressed as RAR did before RAR 3");
	if (buf_reserve(out, (size_t)m->size + 1) < 0)
		return fail_set_memory(err, "a member");
	code = source_read(s, m->packed, out->data, (size_t)m->size, err);
	if (code == FAIL_NONE)
		out->len = (size_t)m->size;
	return code;
}
