// SPDX-License-Identifier: MIT
// archives.h: archives made byte by byte, sound or not, for the tests of the container room.
#ifndef COMIC_TEST_ARCHIVES_H
#define COMIC_TEST_ARCHIVES_H

#include "base/mem.h"
#include "container/bytes.h"
#include "container/container.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// No memory in a test is the end of it.
COMIC_UNUSED static void put(struct buf *b, const void *data, size_t len)
{
	if (buf_add(b, data, len) < 0)
		abort();
}

COMIC_UNUSED static void put_text(struct buf *b, const char *text)
{
	put(b, text, strlen(text));
}

// A little-endian number of `bytes` bytes.
COMIC_UNUSED static void put_number(struct buf *b, uint64_t value, size_t bytes)
{
	uint8_t number[8];

	put_le64(number, value);
	put(b, number, bytes);
}

COMIC_UNUSED static void put_zeros(struct buf *b, size_t count)
{
	while (count-- > 0)
		put(b, "", 1);
}

// A file without a name that holds b.
COMIC_UNUSED static int file_of(const struct buf *b)
{
	int fd = memfd_create("comic", 0);

	if (fd < 0 || write(fd, b->data, b->len) != (ssize_t)b->len)
		abort();
	return fd;
}

// ---- one container for a whole test -----------------------------------------------------

static struct container *c; // made by main
static int open_fd = -1;
static struct buf content; // what was read last

// Opens b; close_file() in any case.
COMIC_UNUSED static enum fail_code open_bytes(const struct buf *b, struct comic_err *err)
{
	open_fd = file_of(b);
	return container_open(c, open_fd, b->len, err);
}

COMIC_UNUSED static void close_file(void)
{
	container_close(c);
	(void)close(open_fd);
}

COMIC_UNUSED static size_t member_count(void)
{
	size_t count = 0;

	(void)container_members(c, &count);
	return count;
}

COMIC_UNUSED static const struct member *member_at(size_t i)
{
	size_t count = 0;

	return container_members(c, &count) + i;
}

COMIC_UNUSED static bool has_note(const char *fragment)
{
	size_t count = 0;
	const struct text *notes = container_notes(c, &count);

	for (size_t i = 0; i < count; i++) {
		if (memmem(notes[i].data, notes[i].len, fragment, strlen(fragment)) != NULL)
			return true;
	}
	return false;
}

// The bytes of a member, or the name of the failure.
COMIC_UNUSED static struct text read_member(size_t i)
{
	struct comic_err err = { 0 };
	enum fail_code code = container_read(c, i, &content, &err);

	if (code != FAIL_NONE)
		return text_from(fail_code_name(code));
	return (struct text){ (char *)content.data, content.len };
}

COMIC_UNUSED static struct text read_named(const char *name)
{
	for (size_t i = 0; i < member_count(); i++) {
		if (text_is(member_at(i)->name, name))
			return read_member(i);
	}
	return TEXT("(no such member)");
}

// ---- ZIP --------------------------------------------------------------------------------

struct zip_member {
	const char *name;
	const char *data;
	size_t len; // 0: strlen(data)
	bool deflated;
	bool descriptor; // sizes and checksum behind the data
	bool zip64; // 64-bit sizes and offset in the directory
	uint16_t made_by; // high byte: host system
	uint16_t flags;
	uint16_t method; // not 0: the data is already packed so; size and crc are then these
	uint32_t size;
	uint32_t crc;
	const char *local_name; // where it differs from name
	size_t local_extra; // bytes of extra field in the local header
	const struct zip_member *shares; // the data of an earlier member
	uint64_t at; // set by put_zip()
};

struct zip_layout {
	size_t prefix; // bytes before the archive, not counted in offsets
	const char *comment;
	size_t comment_len; // 0: strlen(comment)
	bool zip64; // ZIP64 end records
	size_t padding; // bytes behind the end record
	uint16_t disk;
	int count_off; // added to the count of members
};

struct packed_member {
	uint8_t data[1 << 16];
	size_t packed;
	uint32_t size;
	uint32_t crc;
	uint16_t method;
	uint16_t flags;
};

COMIC_UNUSED static void pack_member(const struct zip_member *m, struct packed_member *out)
{
	size_t len = m->len > 0 ? m->len : strlen(m->data);
	struct libdeflate_compressor *deflater = NULL;

	out->flags = (uint16_t)(m->flags | (m->descriptor ? 8 : 0));
	out->method = m->method != 0 ? m->method : m->deflated ? 8 : 0;
	out->size = m->method != 0 ? m->size : (uint32_t)len;
	out->crc = m->method != 0 ? m->crc : libdeflate_crc32(0, m->data, len);
	out->packed = len;
	if (len > sizeof(out->data))
		abort();
	if (!m->deflated) {
		memcpy(out->data, m->data, len);
		return;
	}
	deflater = libdeflate_alloc_compressor(6);
	if (deflater == NULL)
		abort();
	out->packed = libdeflate_deflate_compress(deflater, m->data, len, out->data,
						  sizeof(out->data));
	libdeflate_free_compressor(deflater);
}

static struct packed_member packed_now;

COMIC_UNUSED static void put_local(struct buf *b, struct zip_member *m, uint64_t base)
{
	const struct packed_member *p = &packed_now;
	const char *name = m->local_name != NULL ? m->local_name : m->name;

	m->at = m->shares != NULL ? m->shares->at : b->len - base;
	pack_member(m, &packed_now);
	if (m->shares != NULL)
		return;
	put_number(b, 0x04034b50, 4);
	put_number(b, 20, 2);
	put_number(b, p->flags, 2);
	put_number(b, p->method, 2);
	put_number(b, 0, 4); // time and date
	put_number(b, m->descriptor ? 0 : p->crc, 4);
	put_number(b, m->descriptor ? 0 : p->packed, 4);
	put_number(b, m->descriptor ? 0 : p->size, 4);
	put_number(b, strlen(name), 2);
	put_number(b, m->local_extra, 2);
	put_text(b, name);
	if (m->local_extra > 0) {
		put_number(b, 0x7878, 2); // of no known kind
		put_number(b, m->local_extra - 4, 2);
		put_zeros(b, m->local_extra - 4);
	}
	put(b, p->data, p->packed);
	if (!m->descriptor)
		return;
	put_number(b, 0x08074b50, 4);
	put_number(b, p->crc, 4);
	put_number(b, p->packed, 4);
	put_number(b, p->size, 4);
}

COMIC_UNUSED static void put_entry(struct buf *b, const struct zip_member *m)
{
	const struct packed_member *p = &packed_now;

	pack_member(m, &packed_now);
	put_number(b, 0x02014b50, 4);
	put_number(b, m->made_by, 2);
	put_number(b, 20, 2);
	put_number(b, p->flags, 2);
	put_number(b, p->method, 2);
	put_number(b, 0, 4);
	put_number(b, p->crc, 4);
	put_number(b, m->zip64 ? UINT32_MAX : p->packed, 4);
	put_number(b, m->zip64 ? UINT32_MAX : p->size, 4);
	put_number(b, strlen(m->name), 2);
	put_number(b, m->zip64 ? 28 : 0, 2);
	put_number(b, 0, 2); // comment
	put_number(b, 0, 2); // disk
	put_number(b, 0, 2);
	put_number(b, 0, 4); // attributes
	put_number(b, m->zip64 ? UINT32_MAX : m->at, 4);
	put_text(b, m->name);
	if (!m->zip64)
		return;
	put_number(b, 1, 2);
	put_number(b, 24, 2);
	put_number(b, p->size, 8);
	put_number(b, p->packed, 8);
	put_number(b, m->at, 8);
}

COMIC_UNUSED static void put_zip64_end(struct buf *b, uint64_t base, uint64_t directory,
				       size_t count)
{
	uint64_t at = b->len - base;

	put_number(b, 0x06064b50, 4);
	put_number(b, 44, 8);
	put_number(b, 45, 2);
	put_number(b, 45, 2);
	put_number(b, 0, 8); // disks
	put_number(b, count, 8);
	put_number(b, count, 8);
	put_number(b, at - directory, 8);
	put_number(b, directory, 8);
	put_number(b, 0x07064b50, 4);
	put_number(b, 0, 4);
	put_number(b, at, 8);
	put_number(b, 1, 4);
}

// Appends an archive of the members to out; its offsets count from where out ended, plus
// layout->prefix bytes.
COMIC_UNUSED static void put_zip(struct buf *out, struct zip_member *members, size_t count,
				 const struct zip_layout *layout)
{
	static const struct zip_layout plain = { 0 };
	const struct zip_layout *l = layout != NULL ? layout : &plain;
	const char *comment = l->comment != NULL ? l->comment : "";
	size_t comment_len = l->comment_len > 0 ? l->comment_len : strlen(comment);
	uint64_t base = out->len + l->prefix;
	uint64_t directory = 0;
	uint64_t size = 0;

	for (size_t i = 0; i < l->prefix; i++)
		put(out, "x", 1);
	for (size_t i = 0; i < count; i++)
		put_local(out, &members[i], base);
	directory = out->len - base;
	for (size_t i = 0; i < count; i++)
		put_entry(out, &members[i]);
	size = out->len - base - directory;
	if (l->zip64)
		put_zip64_end(out, base, directory, count);
	put_number(out, 0x06054b50, 4);
	put_number(out, l->disk, 2);
	put_number(out, l->disk, 2);
	put_number(out, l->zip64 ? UINT16_MAX : count + (size_t)l->count_off, 2);
	put_number(out, l->zip64 ? UINT16_MAX : count + (size_t)l->count_off, 2);
	put_number(out, l->zip64 ? UINT32_MAX : size, 4);
	put_number(out, l->zip64 ? UINT32_MAX : directory, 4);
	put_number(out, comment_len, 2);
	put(out, comment, comment_len);
	put_zeros(out, l->padding);
}

// Opens an archive of the members; close_file() in any case.
COMIC_UNUSED static enum fail_code open_zip(struct zip_member *members, size_t count,
					    const struct zip_layout *layout, struct comic_err *err)
{
	struct buf file = { 0 };
	enum fail_code code = FAIL_NONE;

	put_zip(&file, members, count, layout);
	code = open_bytes(&file, err);
	buf_clear(&file);
	return code;
}

// ---- RAR --------------------------------------------------------------------------------

struct rar_block {
	uint64_t type;
	uint64_t flags; // of the header; those for extra and data are added
	const void *body;
	size_t body_len;
	const void *extra; // RAR 5
	size_t extra_len;
	const void *data;
	size_t data_len;
};

// RAR 5's variable-length number.
COMIC_UNUSED static void put_vint(struct buf *b, uint64_t value)
{
	do {
		put_number(b, (value & 0x7f) | (value > 0x7f ? 0x80 : 0), 1);
		value >>= 7;
	} while (value > 0);
}

COMIC_UNUSED static void put_rar5_block(struct buf *out, const struct rar_block *r)
{
	struct buf body = { 0 };
	struct buf sized = { 0 };

	put_vint(&body, r->type);
	put_vint(&body, r->flags | (r->extra_len > 0 ? 1 : 0) | (r->data_len > 0 ? 2 : 0));
	if (r->extra_len > 0)
		put_vint(&body, r->extra_len);
	if (r->data_len > 0)
		put_vint(&body, r->data_len);
	put(&body, r->body, r->body_len);
	put(&body, r->extra, r->extra_len);
	put_vint(&sized, body.len);
	put(&sized, body.data, body.len);
	put_number(out, libdeflate_crc32(0, sized.data, sized.len), 4);
	put(out, sized.data, sized.len);
	put(out, r->data, r->data_len);
	buf_clear(&body);
	buf_clear(&sized);
}

// A stored file (type 2) or service (3) block.
COMIC_UNUSED static void put_rar5_file(struct buf *out, uint64_t type, const char *name,
				       struct text data, struct text extra)
{
	struct buf body = { 0 };

	put_vint(&body, 4); // has a checksum
	put_vint(&body, data.len);
	put_vint(&body, 0x20); // attributes
	put_number(&body, libdeflate_crc32(0, data.data, data.len), 4);
	put_vint(&body, 0); // stored
	put_vint(&body, 0); // Windows
	put_vint(&body, strlen(name));
	put_text(&body, name);
	put_rar5_block(out, &(struct rar_block){ .type = type, .body = body.data,
						 .body_len = body.len, .extra = extra.data,
						 .extra_len = extra.len, .data = data.data,
						 .data_len = data.len });
	buf_clear(&body);
}

// Signature and main header with these archive flags.
COMIC_UNUSED static void put_rar5_start(struct buf *out, char flags)
{
	put(out, "Rar!\x1a\7\1\0", 8);
	put_rar5_block(out, &(struct rar_block){ .type = 1, .body = &flags, .body_len = 1 });
}

// more: other volumes follow
COMIC_UNUSED static void put_rar5_end(struct buf *out, bool more)
{
	put_rar5_block(out, &(struct rar_block){ .type = 5, .body = more ? "\1" : "",
						 .body_len = 1 });
}

COMIC_UNUSED static void put_rar4_block(struct buf *out, const struct rar_block *r)
{
	struct buf body = { 0 };

	put_number(&body, r->type, 1);
	put_number(&body, r->flags, 2);
	put_number(&body, 7 + r->body_len, 2);
	put(&body, r->body, r->body_len);
	put_number(out, libdeflate_crc32(0, body.data, body.len) & 0xffff, 2);
	put(out, body.data, body.len);
	put(out, r->data, r->data_len);
	buf_clear(&body);
}

COMIC_UNUSED static void put_rar4_start(struct buf *out, uint64_t flags)
{
	put(out, "Rar!\x1a\7\0", 7);
	put_rar4_block(out, &(struct rar_block){ .type = 0x73, .flags = flags,
						 .body = "\0\0\0\0\0\0", .body_len = 6 });
}

// A stored file (type 0x74) or service (0x7a) block.
COMIC_UNUSED static void put_rar4_file(struct buf *out, uint64_t type, uint64_t flags,
				       const char *name, const char *data)
{
	struct buf body = { 0 };
	size_t len = strlen(data);

	put_number(&body, len, 4);
	put_number(&body, len, 4);
	put_number(&body, 3, 1); // Unix
	put_number(&body, libdeflate_crc32(0, data, len), 4);
	put_number(&body, 0x21, 4); // the earliest time there is
	put_number(&body, 20, 1);
	put_number(&body, 0x30, 1); // stored
	put_number(&body, strlen(name), 2);
	put_number(&body, 0100644, 4);
	put_text(&body, name);
	put_rar4_block(out, &(struct rar_block){ .type = type, .flags = 0x8000 | flags,
						 .body = body.data, .body_len = body.len,
						 .data = data, .data_len = len });
	buf_clear(&body);
}

COMIC_UNUSED static void put_rar4_end(struct buf *out)
{
	put_rar4_block(out, &(struct rar_block){ .type = 0x7b, .flags = 0x4000 });
}

#endif
