// SPDX-License-Identifier: MIT
// zip_end.c: the end of a ZIP, where its directory is found (APPNOTE 4.3.14 to 4.3.16).

#include "container/bytes.h"
#include "container/zip.h"

#include <string.h>

#define END_MARK 0x06054b50U
#define LOCATOR_MARK 0x07064b50U
#define END64_MARK 0x06064b50U

enum { END_SIZE = 22, LOCATOR_SIZE = 20, END64_SIZE = 56 };

struct records {
	uint64_t at; // the first of them: what the directory must reach
	uint64_t offset;
	uint64_t size;
	uint64_t entries;
	uint32_t disk; // number of this file among the parts; 0 unless the archive is split
};

// The ZIP64 end record that belongs to the locator at `locator` in the tail. Nearly always
// directly before it; else where the locator says.
static const uint8_t *find_end64(const struct source *s, size_t locator)
{
	const uint8_t *tail = s->tail.data;
	uint64_t said = le64(tail + locator + 8);

	if (locator >= END64_SIZE && le32(tail + locator - END64_SIZE) == END64_MARK &&
	    le64(tail + locator - END64_SIZE + 4) == END64_SIZE - 12)
		return tail + locator - END64_SIZE;
	if (said < s->tail_at || said - s->tail_at > s->tail.len)
		return NULL;
	said -= s->tail_at;
	if (said + END64_SIZE > locator || le32(tail + said) != END64_MARK)
		return NULL;
	return tail + said;
}

// The end record at `at` in the tail, with what ZIP64 adds to it.
static bool read_records(const struct source *s, size_t at, struct records *r)
{
	const uint8_t *p = s->tail.data + at;
	const uint8_t *large = NULL;

	*r = (struct records){
		.at = s->tail_at + at,
		.disk = le16(p + 4) == UINT16_MAX ? 0 : le16(p + 4),
		.entries = le16(p + 10),
		.size = le32(p + 12),
		.offset = le32(p + 16),
	};
	if (at < LOCATOR_SIZE)
		return s->tail_at == 0; // a longer tail will show whether there is a locator
	if (le32(p - LOCATOR_SIZE) != LOCATOR_MARK)
		return true;
	large = find_end64(s, at - LOCATOR_SIZE);
	if (large == NULL)
		return false;
	*r = (struct records){
		.at = s->tail_at + (size_t)(large - s->tail.data),
		.disk = le32(large + 16),
		.entries = le64(large + 32),
		.size = le64(large + 40),
		.offset = le64(large + 48),
	};
	return true;
}

static enum zip_found judge(const struct source *s, size_t at, struct zip_end *out)
{
	struct records r;
	size_t comment = le16(s->tail.data + at + 20);
	size_t behind = s->tail.len - at - END_SIZE;

	if (comment > behind || !read_records(s, at, &r))
		return ZIP_NO_END;
	if (r.disk != 0)
		return comment == behind ? ZIP_SPLIT : ZIP_NO_END;
	if (r.size > r.at || r.offset > r.at - r.size)
		return ZIP_NO_END;
	*out = (struct zip_end){
		.prefix = r.at - r.size - r.offset,
		.directory = r.at - r.size,
		.directory_size = r.size,
		.entries = r.entries,
		.comment_at = s->tail_at + at + END_SIZE,
		.comment_len = comment,
	};
	return out->prefix == 0 ? ZIP_WHOLE : ZIP_PREFIXED;
}

// The last record in the file that is whole wins; else the last one of any kind. Bytes may
// follow it: padding is common.
enum zip_found zip_find(struct zip *z)
{
	const struct source *s = z->source;
	enum zip_found best = ZIP_NO_END;

	if (s->tail.len < END_SIZE)
		return ZIP_NO_END;
	for (size_t at = s->tail.len - END_SIZE + 1; at-- > 0;) {
		enum zip_found found = ZIP_NO_END;
		struct zip_end end = { 0 };

		if (s->tail.data[at] != 'P' || le32(s->tail.data + at) != END_MARK)
			continue;
		found = judge(s, at, &end);
		if (found == ZIP_WHOLE || (found != ZIP_NO_END && best == ZIP_NO_END)) {
			best = found;
			if (found != ZIP_SPLIT)
				z->end = end;
		}
		if (found == ZIP_WHOLE)
			break;
	}
	return best;
}

struct text zip_comment(const struct zip *z)
{
	const struct source *s = z->source;

	if (z->end.comment_len == 0)
		return TEXT("");
	return (struct text){ (const char *)s->tail.data + (z->end.comment_at - s->tail_at),
			      z->end.comment_len };
}
