// SPDX-License-Identifier: MIT
// floor-extract.c: floor-extract < PATHS: the least it takes to read a CBZ's ComicInfo.xml.
//
// For each path, ended by NUL: open, fstat, one read of the tail, the member inflated, its XML
// parsed with handlers that do nothing, close. One process, no checks, nothing written.

#include "container/bytes.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL 8192
#define MEMBER_MAX (1U << 20)

enum { END_SIZE = 22, ENTRY_SIZE = 46, LOCAL_SIZE = 30 };

struct floor {
	struct libdeflate_decompressor *inflater;
	xmlParserCtxtPtr parser;
	unsigned long found;
	off_t tail_at; // in the file
	size_t tail_len;
	uint8_t tail[TAIL];
	uint8_t outside[MEMBER_MAX]; // a member that is not in the tail
	uint8_t document[MEMBER_MAX];
};

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespaces, const xmlChar **declared, int count, int defaulted,
		     const xmlChar **list)
{
	(void)context;
	(void)name;
	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)declared;
	(void)count;
	(void)defaulted;
	(void)list;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	(void)context;
	(void)name;
	(void)prefix;
	(void)uri;
}

static void on_text(void *context, const xmlChar *text, int len)
{
	(void)context;
	(void)text;
	(void)len;
}

static void parse(struct floor *f, size_t len)
{
	(void)xmlCtxtResetPush(f->parser, NULL, 0, NULL, "UTF-8");
	(void)xmlParseChunk(f->parser, (const char *)f->document, (int)len, 1);
	f->found++;
}

// The bytes of the file from at on; NULL if they cannot be had.
static const uint8_t *bytes_at(struct floor *f, int fd, off_t at, size_t len)
{
	if (at >= f->tail_at)
		return f->tail + (at - f->tail_at);
	if (len > MEMBER_MAX || pread(fd, f->outside, len, at) != (ssize_t)len)
		return NULL;
	return f->outside;
}

static void read_member(struct floor *f, int fd, const uint8_t *entry, size_t name_len)
{
	size_t packed = le32(entry + 20);
	size_t size = le32(entry + 24);
	off_t place = (off_t)le32(entry + 42);
	const uint8_t *local = bytes_at(f, fd, place, LOCAL_SIZE + name_len + packed);

	if (local == NULL || size > MEMBER_MAX)
		return;
	local += LOCAL_SIZE + (size_t)le16(local + 26) + le16(local + 28);
	if (le16(entry + 10) == 0)
		memcpy(f->document, local, size);
	else if (libdeflate_deflate_decompress(f->inflater, local, packed, f->document, size,
					       NULL) != LIBDEFLATE_SUCCESS)
		return;
	parse(f, size);
}

static void read_comic(struct floor *f, int fd)
{
	static const char wanted[] = "ComicInfo.xml";
	size_t wanted_len = sizeof(wanted) - 1;
	const uint8_t *end = f->tail + f->tail_len - END_SIZE;
	const uint8_t *at = NULL;

	if (f->tail_len < END_SIZE || le32(end) != 0x06054b50U ||
	    (off_t)le32(end + 16) < f->tail_at)
		return;
	at = f->tail + ((off_t)le32(end + 16) - f->tail_at);
	while (at + ENTRY_SIZE <= end) {
		size_t name_len = le16(at + 28);
		const char *name = (const char *)at + ENTRY_SIZE;

		if (name_len >= wanted_len &&
		    memcmp(name + name_len - wanted_len, wanted, wanted_len) == 0) {
			read_member(f, fd, at, name_len);
			return;
		}
		at += ENTRY_SIZE + name_len + le16(at + 30) + le16(at + 32);
	}
}

static void read_path(struct floor *f, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0) {
		f->tail_at = st.st_size > TAIL ? st.st_size - TAIL : 0;
		got = pread(fd, f->tail, TAIL, f->tail_at);
		f->tail_len = got < 0 ? 0 : (size_t)got;
		read_comic(f, fd);
	}
	(void)close(fd);
}

int main(void)
{
	xmlSAXHandler handlers = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
	};
	struct floor *f = calloc(1, sizeof(*f));
	char *path = NULL;
	size_t room = 0;

	if (f == NULL)
		return 3;
	f->inflater = libdeflate_alloc_decompressor();
	f->parser = xmlCreatePushParserCtxt(&handlers, f, NULL, 0, NULL);
	if (f->inflater == NULL || f->parser == NULL)
		return 3;
	while (getdelim(&path, &room, '\0', stdin) > 0)
		read_path(f, path);
	return printf("%lu\n", f->found) < 0 ? 3 : 0;
}
