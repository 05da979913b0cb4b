// SPDX-License-Identifier: MIT
// seven.c: see seven.h.

#include "container/seven.h"

#include "container/bytes.h"

#include <inttypes.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#define START 32U // bytes of the start header
#define HEADER_MAX ((uint64_t)64 << 20) // packed or not
#define DICTIONARY_MAX ((uint32_t)64 << 20)
#define KEEP ((size_t)256 << 10)
#define CODERS_MAX 32U // of one folder; 7-Zip's own limit
#define LZMA_PROPERTIES 8U // more than those of LZMA and LZMA2

enum property {
	P_END = 0x00, P_HEADER = 0x01, P_STREAMS = 0x04, P_FILES = 0x05, P_PACK = 0x06,
	P_UNPACK = 0x07, P_SUB = 0x08, P_SIZE = 0x09, P_CRC = 0x0a, P_FOLDER = 0x0b,
	P_CODER_SIZE = 0x0c, P_COUNT = 0x0d, P_EMPTY = 0x0e, P_ENCODED = 0x17,
};
enum { CODER_COMPLEX = 0x10, CODER_PROPERTIES = 0x20 };
enum { LZMA1_ID = 0x030101, LZMA2_ID = 0x21 };

void seven_start(struct seven *z)
{
	if (z->packed.room > KEEP)
		buf_clear(&z->packed);
	if (z->header.room > KEEP)
		buf_clear(&z->header);
	arena_reset(&z->work, KEEP);
	z->digests = NULL;
	z->empty = NULL;
	z->digest_count = 0;
	z->file_count = 0;
}

void seven_clear(struct seven *z)
{
	buf_clear(&z->packed);
	buf_clear(&z->header);
	arena_clear(&z->work);
}

// ---- numbers ----------------------------------------------------------------------------

// Untrusted bytes. Whatever is taken behind the end is 0 and makes it bad, for good.
struct reader {
	const uint8_t *at;
	size_t left;
	bool bad;
	enum fail_code code; // why, if libarchive is not to try
};

static const uint8_t *take(struct reader *r, uint64_t len)
{
	const uint8_t *at = r->at;

	if (r->bad || len > r->left) {
		r->bad = true;
		return NULL;
	}
	r->at += len;
	r->left -= (size_t)len;
	return at;
}

static unsigned int take_byte(struct reader *r)
{
	const uint8_t *at = take(r, 1);

	return at == NULL ? 0 : *at;
}

// The leading ones of the first byte tell how many bytes follow, lowest first; what is left of it
// stands above them.
static uint64_t take_number(struct reader *r)
{
	unsigned int first = take_byte(r);
	uint64_t value = 0;
	unsigned int mask = 0x80;

	for (unsigned int i = 0; i < 8; i++, mask >>= 1) {
		if ((first & mask) == 0)
			return value | (uint64_t)(first & (mask - 1)) << (8 * i);
		value |= (uint64_t)take_byte(r) << (8 * i);
	}
	return value;
}

static void stop(struct reader *r, enum fail_code code)
{
	r->bad = true;
	if (r->code == FAIL_NONE)
		r->code = code;
}

// A count of things that each take at least a byte of the header, and memory here and in
// libarchive.
static size_t take_count(struct reader *r)
{
	uint64_t count = take_number(r);

	if (!r->bad && count > r->left)
		stop(r, FAIL_DAMAGED);
	else if (!r->bad && count > MEMBERS_MAX)
		stop(r, FAIL_LIMIT);
	return r->bad ? 0 : (size_t)count;
}

static bool expect(struct reader *r, enum property wanted)
{
	if (take_byte(r) != wanted)
		r->bad = true;
	return !r->bad;
}

static void *take_memory(struct seven *z, struct reader *r, size_t count, size_t size)
{
	void *memory = arena_zero(&z->work, (count + 1) * size); // counts are bounded

	if (memory == NULL)
		stop(r, FAIL_MEMORY);
	return memory;
}

// Booleans as bits, highest first.
static void take_bits(struct reader *r, bool *out, size_t count)
{
	const uint8_t *bits = take(r, (count + 7) / 8);

	for (size_t i = 0; bits != NULL && i < count; i++)
		out[i] = (bits[i / 8] >> (7 - i % 8) & 1) != 0;
}

// ---- streams ----------------------------------------------------------------------------

struct coder {
	uint64_t id;
	const uint8_t *properties;
	size_t properties_len;
};

// What the streams of a header are made of.
struct streams {
	uint64_t pack_at; // behind the start header
	uint64_t pack_size; // of the first
	size_t folder_count;
	size_t coder_count; // of the first folder
	struct coder coder; // the first of it
	uint64_t unpack_size; // of the first folder's first coder
	size_t *outputs; // of each folder: coders' results
	size_t *members; // of each folder
	struct seven_digest *digests; // of each folder
	struct seven_digest *all; // of each member
	size_t all_count;
};

static void take_digests(struct seven *z, struct reader *r, struct seven_digest *out, size_t count)
{
	bool all = take_byte(r) != 0;
	bool *known = all ? NULL : take_memory(z, r, count, sizeof(*known));

	if (known != NULL)
		take_bits(r, known, count);
	for (size_t i = 0; i < count && !r->bad; i++) {
		const uint8_t *crc = NULL;

		if (!all && (known == NULL || !known[i]))
			continue;
		crc = take(r, 4);
		if (crc != NULL)
			out[i] = (struct seven_digest){ true, le32(crc) };
	}
}

static void take_pack_info(struct seven *z, struct reader *r, struct streams *s)
{
	size_t count = 0;
	unsigned int property = 0;

	s->pack_at = take_number(r);
	count = take_count(r);
	while (!r->bad && (property = take_byte(r)) != P_END) {
		if (property == P_SIZE) {
			for (size_t i = 0; i < count && !r->bad; i++) {
				uint64_t size = take_number(r);

				s->pack_size = i == 0 ? size : s->pack_size;
			}
		} else if (property == P_CRC) {
			struct seven_digest *ignored = take_memory(z, r, count, sizeof(*ignored));

			if (ignored != NULL)
				take_digests(z, r, ignored, count);
		} else {
			r->bad = true;
		}
	}
}

static void take_coder(struct reader *r, struct coder *c, uint64_t *inputs, uint64_t *outputs)
{
	unsigned int flags = take_byte(r);
	size_t id_len = flags & 0x0f;
	const uint8_t *id = take(r, id_len);

	*c = (struct coder){ 0 };
	for (size_t i = 0; id != NULL && i < id_len; i++)
		c->id = c->id << 8 | id[i];
	*inputs = (flags & CODER_COMPLEX) != 0 ? take_number(r) : 1;
	*outputs = (flags & CODER_COMPLEX) != 0 ? take_number(r) : 1;
	if ((flags & CODER_PROPERTIES) != 0) {
		uint64_t len = take_number(r);

		c->properties = take(r, len);
		c->properties_len = (size_t)len;
	}
	if (*inputs > CODERS_MAX || *outputs > CODERS_MAX)
		r->bad = true;
}

// Returns the number of its coders' results.
static size_t take_folder(struct reader *r, struct streams *s, bool first)
{
	uint64_t coders = take_number(r);
	uint64_t inputs = 0;
	uint64_t outputs = 0;

	if (coders == 0 || coders > CODERS_MAX)
		r->bad = true;
	for (uint64_t i = 0; i < coders && !r->bad; i++) {
		struct coder c;
		uint64_t in = 0;
		uint64_t out = 0;

		take_coder(r, &c, &in, &out);
		inputs += in;
		outputs += out;
		if (first && i == 0)
			s->coder = c;
	}
	if (first)
		s->coder_count = (size_t)coders;
	if (r->bad || outputs == 0 || inputs < outputs - 1) {
		r->bad = true;
		return 0;
	}
	for (uint64_t i = 0; i < 2 * (outputs - 1); i++)
		(void)take_number(r); // which input an output goes to
	for (uint64_t i = 0; inputs - (outputs - 1) > 1 && i < inputs - (outputs - 1); i++)
		(void)take_number(r); // which input a packed stream goes to
	return (size_t)outputs;
}

static void take_folders(struct seven *z, struct reader *r, struct streams *s)
{
	if (!expect(r, P_FOLDER))
		return;
	s->folder_count = take_count(r);
	if (take_byte(r) != 0) // they stand elsewhere: nobody writes that
		r->bad = true;
	s->outputs = take_memory(z, r, s->folder_count, sizeof(*s->outputs));
	s->members = take_memory(z, r, s->folder_count, sizeof(*s->members));
	s->digests = take_memory(z, r, s->folder_count, sizeof(*s->digests));
	for (size_t i = 0; i < s->folder_count && !r->bad; i++) {
		s->outputs[i] = take_folder(r, s, i == 0);
		s->members[i] = 1;
	}
}

static void take_unpack_info(struct seven *z, struct reader *r, struct streams *s)
{
	unsigned int property = 0;

	take_folders(z, r, s);
	if (r->bad || !expect(r, P_CODER_SIZE))
		return;
	for (size_t i = 0; i < s->folder_count; i++) {
		for (size_t k = 0; k < s->outputs[i] && !r->bad; k++) {
			uint64_t size = take_number(r);

			s->unpack_size = i == 0 && k == 0 ? size : s->unpack_size;
		}
	}
	while (!r->bad && (property = take_byte(r)) != P_END) {
		if (property == P_CRC)
			take_digests(z, r, s->digests, s->folder_count);
		else
			r->bad = true;
	}
}

// Digests are told of the folders of one member above, of the others' members here.
static void take_member_digests(struct seven *z, struct reader *r, struct streams *s, bool told)
{
	struct seven_digest *rest = take_memory(z, r, s->all_count, sizeof(*rest));
	size_t count = 0;
	size_t at = 0;
	size_t next = 0;

	for (size_t i = 0; i < s->folder_count; i++)
		count += s->members[i] == 1 && s->digests[i].known ? 0 : s->members[i];
	if (rest != NULL && told)
		take_digests(z, r, rest, count);
	for (size_t i = 0; i < s->folder_count && !r->bad; i++) {
		bool alone = s->members[i] == 1 && s->digests[i].known;

		for (size_t k = 0; k < s->members[i]; k++)
			s->all[at++] = alone ? s->digests[i] : rest[next++];
	}
}

static void count_members(struct seven *z, struct reader *r, struct streams *s)
{
	for (size_t i = 0; i < s->folder_count && !r->bad; i++) {
		s->all_count += s->members[i];
		if (s->all_count > MEMBERS_MAX)
			r->bad = true;
	}
	s->all = r->bad ? NULL : take_memory(z, r, s->all_count, sizeof(*s->all));
}

static void take_sub_info(struct seven *z, struct reader *r, struct streams *s)
{
	unsigned int property = take_byte(r);

	if (property == P_COUNT) {
		for (size_t i = 0; i < s->folder_count && !r->bad; i++)
			s->members[i] = take_count(r);
		property = take_byte(r);
	}
	count_members(z, r, s);
	if (property == P_SIZE) { // of all but the last member of each folder
		for (size_t i = 0; i < s->folder_count; i++) {
			for (size_t k = 1; k < s->members[i] && !r->bad; k++)
				(void)take_number(r);
		}
		property = take_byte(r);
	}
	if (!r->bad)
		take_member_digests(z, r, s, property == P_CRC);
	if (property == P_CRC)
		property = take_byte(r);
	if (property != P_END)
		r->bad = true;
}

static void take_streams(struct seven *z, struct reader *r, struct streams *s)
{
	unsigned int property = take_byte(r);

	if (property == P_PACK) {
		take_pack_info(z, r, s);
		property = take_byte(r);
	}
	if (property == P_UNPACK && !r->bad) {
		take_unpack_info(z, r, s);
		property = take_byte(r);
	}
	if (property == P_SUB && !r->bad) {
		take_sub_info(z, r, s);
		property = take_byte(r);
	} else if (!r->bad) {
		count_members(z, r, s);
		if (!r->bad)
			take_member_digests(z, r, s, false);
	}
	if (property != P_END)
		r->bad = true;
}

// ---- the header -------------------------------------------------------------------------

static enum fail_code read_packed(struct seven *z, const struct source *s, uint64_t at,
				  uint64_t size, struct comic_err *err)
{
	z->packed.len = 0;
	if (buf_reserve(&z->packed, (size_t)size + 1) < 0)
		return fail_set_memory(err, "the list of members");
	z->packed.len = (size_t)size;
	return source_read(s, at, z->packed.data, (size_t)size, err);
}

// The decoder's options; free() them. NULL: it is not LZMA, or wants much memory.
static lzma_options_lzma *read_options(const struct coder *c, lzma_filter *filter)
{
	filter->id = c->id == LZMA2_ID ? LZMA_FILTER_LZMA2 : LZMA_FILTER_LZMA1;
	filter->options = NULL;
	if ((c->id != LZMA1_ID && c->id != LZMA2_ID) || c->properties == NULL ||
	    lzma_properties_decode(filter, NULL, c->properties, c->properties_len) != LZMA_OK)
		return NULL;
	return filter->options;
}

// Unpacks z->packed into z->header. No end mark need be in it: the size is known.
static lzma_ret run_decoder(struct seven *z, const lzma_filter *filters, uint64_t size)
{
	lzma_stream stream = LZMA_STREAM_INIT;
	lzma_ret result = lzma_raw_decoder(&stream, filters);

	stream.next_in = z->packed.data;
	stream.avail_in = z->packed.len;
	stream.next_out = z->header.data;
	stream.avail_out = (size_t)size;
	while (result == LZMA_OK && stream.avail_out > 0)
		result = lzma_code(&stream, LZMA_RUN);
	z->header.len = (size_t)size - stream.avail_out;
	lzma_end(&stream);
	return result;
}

// False: not understood; or r has the reason why not.
static bool unpack_header(struct seven *z, const struct streams *s, struct reader *r)
{
	lzma_filter filters[2] = { { 0 }, { .id = LZMA_VLI_UNKNOWN } };
	lzma_options_lzma *options = read_options(&s->coder, &filters[0]);
	lzma_ret result = LZMA_PROG_ERROR;

	z->header.len = 0;
	if (options == NULL)
		return false;
	if (options->dict_size > DICTIONARY_MAX)
		stop(r, FAIL_LIMIT);
	else if (buf_reserve(&z->header, (size_t)s->unpack_size + 1) < 0)
		stop(r, FAIL_MEMORY);
	else
		result = run_decoder(z, filters, s->unpack_size);
	free(options);
	if (result == LZMA_MEM_ERROR)
		stop(r, FAIL_MEMORY);
	return !r->bad && result != LZMA_PROG_ERROR && z->header.len == s->unpack_size;
}

static bool is_simple(const struct streams *s, uint64_t behind)
{
	return s->folder_count == 1 && s->coder_count == 1 &&
	       s->coder.properties_len <= LZMA_PROPERTIES && s->pack_at <= behind &&
	       s->pack_size <= behind - s->pack_at;
}

// Makes z->packed, which says how the header is packed, the header itself.
static enum fail_code decode_header(struct seven *z, const struct source *s, uint64_t from,
				    struct reader *r, struct comic_err *err)
{
	struct streams streams = { 0 };
	uint8_t properties[LZMA_PROPERTIES] = { 0 };
	enum fail_code code = FAIL_NONE;

	take_streams(z, r, &streams);
	if (!r->bad && (streams.unpack_size > HEADER_MAX || streams.pack_size > HEADER_MAX))
		stop(r, FAIL_LIMIT);
	if (r->bad || !is_simple(&streams, s->size - from - START)) {
		r->bad = true;
		return FAIL_NONE;
	}
	if (streams.coder.properties != NULL) // they stand in the buffer that is used again
		memcpy(properties, streams.coder.properties, streams.coder.properties_len);
	streams.coder.properties = properties;
	code = read_packed(z, s, from + START + streams.pack_at, streams.pack_size, err);
	if (code != FAIL_NONE)
		return code;
	r->bad = !unpack_header(z, &streams, r);
	*r = (struct reader){ z->header.data, z->header.len, r->bad, r->code };
	return FAIL_NONE;
}

static void take_files(struct seven *z, struct reader *r)
{
	size_t count = take_count(r);
	bool *empty = take_memory(z, r, count, sizeof(*empty));
	unsigned int property = 0;

	while (!r->bad && (property = take_byte(r)) != P_END) {
		uint64_t len = take_number(r);
		struct reader inside = { take(r, len), (size_t)len, r->bad, FAIL_NONE };

		if (property == P_EMPTY)
			take_bits(&inside, empty, count);
		r->bad = r->bad || inside.bad;
	}
	if (r->bad)
		return;
	z->empty = empty;
	z->file_count = count;
}

static void take_header(struct seven *z, struct reader *r)
{
	struct streams streams = { 0 };
	unsigned int property = take_byte(r);

	if (property == P_STREAMS) {
		take_streams(z, r, &streams);
		property = take_byte(r);
	}
	z->digests = streams.all;
	z->digest_count = streams.all_count;
	if (property == P_FILES && !r->bad) // what may stand before is of no program's making
		take_files(z, r);
}

// ---- the start header -------------------------------------------------------------------

struct place {
	uint64_t at;
	uint64_t size; // 0: no members, or not understood
};

static enum fail_code find_header(const struct source *s, uint64_t from, struct place *header,
				  struct comic_err *err)
{
	uint8_t start[START];
	enum fail_code code = FAIL_NONE;
	uint64_t behind = 0;

	*header = (struct place){ 0 };
	if (s->size - from < START)
		return fail_set(err, FAIL_DAMAGED, "it is cut short");
	code = source_read(s, from, start, START, err);
	if (code != FAIL_NONE)
		return code;
	header->at = le64(start + 12);
	header->size = le64(start + 20);
	behind = s->size - from - START;
	if (header->at <= behind && header->size <= behind - header->at) {
		header->at += from + START;
		return FAIL_NONE;
	}
	return fail_set(err, FAIL_DAMAGED,
			"it is cut short, or one part of a split archive: its list of members is "
			"not in it");
}

static enum fail_code fail_header(enum fail_code code, struct comic_err *err)
{
	if (code == FAIL_MEMORY)
		return fail_set_memory(err, "the list of members");
	if (code == FAIL_DAMAGED)
		return fail_set(err, code, "its list of members is broken");
	return code == FAIL_NONE ? code : fail_set(err, code, "its list of members is too large");
}

enum fail_code seven_read(struct seven *z, const struct source *s, uint64_t from,
			  struct comic_err *err)
{
	struct place header;
	struct reader r = { 0 };
	unsigned int property = 0;
	enum fail_code code = FAIL_NONE;

	seven_start(z);
	code = find_header(s, from, &header, err);
	if (code != FAIL_NONE || header.size == 0)
		return code;
	if (header.size > HEADER_MAX)
		return fail_header(FAIL_LIMIT, err);
	code = read_packed(z, s, header.at, header.size, err);
	if (code != FAIL_NONE)
		return code;
	r = (struct reader){ z->packed.data, z->packed.len, false, FAIL_NONE };
	property = take_byte(&r);
	for (int layers = 0; property == P_ENCODED && !r.bad && layers < 2; layers++) {
		code = decode_header(z, s, from, &r, err);
		if (code != FAIL_NONE)
			return code;
		property = take_byte(&r);
	}
	if (property == P_HEADER && !r.bad)
		take_header(z, &r);
	return fail_header(r.code, err);
}

void seven_set_checksums(const struct seven *z, struct members *list)
{
	size_t full = 0;
	size_t next = 0;

	for (size_t i = 0; i < z->file_count; i++)
		full += !z->empty[i];
	if (z->file_count != list->count || full != z->digest_count)
		return;
	for (size_t i = 0; i < list->count; i++) {
		struct member *m = &list->items[i];
		struct seven_digest none = { m->size == 0, 0 };
		struct seven_digest d = z->empty[i] ? none : z->digests[next++];

		m->has_crc = d.known && m->has_size;
		m->crc = d.crc;
	}
}
