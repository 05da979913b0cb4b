// SPDX-License-Identifier: MIT
// encoding.c: see encoding.h.

#include "metadata/encoding.h"

#include <iconv.h>
#include <string.h>

#define DECLARATION_MAX 256 // bytes at the start in which an XML declaration must end

static const struct text no_memory = { NULL, 0 };

static bool begins(struct text t, const char *bytes, size_t len)
{
	return t.len >= len && memcmp(t.data, bytes, len) == 0;
}

static uint32_t unit16(struct text t, size_t at, bool big)
{
	uint32_t first = (uint8_t)t.data[at];
	uint32_t second = (uint8_t)t.data[at + 1];

	return big ? first << 8 | second : second << 8 | first;
}

static struct text from_utf16(struct arena *a, struct text t, bool big)
{
	char *out = arena_alloc(a, t.len / 2 * 3 + 1);
	size_t len = 0;

	if (out == NULL)
		return no_memory;
	for (size_t at = 0; at + 1 < t.len; at += 2) {
		uint32_t c = unit16(t, at, big);
		uint32_t low = at + 3 < t.len ? unit16(t, at + 2, big) : 0;

		if (c >= 0xD800 && c <= 0xDBFF && low >= 0xDC00 && low <= 0xDFFF) {
			c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
			at += 2;
		}
		if (c >= 0xD800 && c <= 0xDFFF)
			c = 0xFFFD;
		len += text_encode(c, out + len);
	}
	return (struct text){ out, len };
}

// The encoding="..." of an XML declaration, empty if there is none.
static struct text declared(struct text t)
{
	size_t at = 0;
	size_t end = 0;

	t = text_trim(t);
	if (!begins(t, "<?xml", 5))
		return TEXT("");
	t.len = t.len < DECLARATION_MAX ? t.len : DECLARATION_MAX;
	while (at + 8 < t.len && memcmp(t.data + at, "encoding", 8) != 0)
		at++;
	while (at < t.len && t.data[at] != '"' && t.data[at] != '\'')
		at++;
	end = at + 1;
	while (end < t.len && t.data[end] != t.data[at])
		end++;
	return end < t.len ? (struct text){ t.data + at + 1, end - at - 1 } : TEXT("");
}

// The name for iconv(3) of a declared encoding, NULL if it is none of those that comics were
// ever tagged in. A fixed list, because a document must not choose what iconv loads.
// Latin-1 is not in it: such documents hold Windows-1252, which is what is tried last.
static const char *legacy(struct text name)
{
	static const char *const known[][2] = {
		{ "shift_jis", "CP932" },
		{ "shift-jis", "CP932" },
		{ "windows-31j", "CP932" },
		{ "cp932", "CP932" },
		{ "euc-jp", "EUC-JP" },
		{ "gb2312", "GB18030" },
		{ "gbk", "GB18030" },
		{ "gb18030", "GB18030" },
		{ "big5", "BIG5-HKSCS" },
		{ "euc-kr", "CP949" },
		{ "windows-1250", "CP1250" },
		{ "windows-1251", "CP1251" },
		{ "windows-1253", "CP1253" },
		{ "windows-1254", "CP1254" },
		{ "windows-1257", "CP1257" },
		{ "koi8-r", "KOI8-R" },
		{ "iso-8859-2", "ISO-8859-2" },
		{ "iso-8859-5", "ISO-8859-5" },
		{ "iso-8859-7", "ISO-8859-7" },
		{ "iso-8859-9", "CP1254" },
		{ "iso-8859-15", "ISO-8859-15" },
	};

	for (size_t i = 0; i < COMIC_COUNT(known); i++) {
		if (text_equal_nocase(name, text_from(known[i][0])))
			return known[i][1];
	}
	return NULL;
}

// Empty when the encoding is not available or does not fit the bytes.
static struct text from_legacy(struct arena *a, struct text t, const char *name)
{
	iconv_t cd = iconv_open("UTF-8", name);
	size_t room = t.len * 3;
	char *start = NULL;
	char *out = NULL;
	char *in = NULL;
	size_t left = t.len;
	size_t status = 0;

	if (cd == (iconv_t)-1)
		return TEXT("");
	start = arena_alloc(a, room + 1);
	in = arena_copy(a, t.data, t.len); // iconv wants it writable
	if (start == NULL || in == NULL) {
		(void)iconv_close(cd);
		return no_memory;
	}
	out = start;
	status = iconv(cd, &in, &left, &out, &room);
	(void)iconv_close(cd);
	return status == (size_t)-1 ? TEXT("") : (struct text){ start, (size_t)(out - start) };
}

// Bytes at the end that begin a character without ending it: the document was cut there.
static size_t cut_character(struct text t)
{
	size_t back = 0;

	while (back < 3 && back < t.len && ((uint8_t)t.data[t.len - 1 - back] & 0xC0U) == 0x80)
		back++;
	return back < t.len && (uint8_t)t.data[t.len - 1 - back] >= 0xC2 ? back + 1 : 0;
}

struct text encoding_decode(struct arena *a, struct text document, bool *recoded)
{
	struct text whole = document;
	const char *name = NULL;

	*recoded = false;
	if (begins(document, "\xFF\xFE", 2) || begins(document, "\xFE\xFF", 2)) {
		document.data += 2;
		document.len -= 2;
		return from_utf16(a, document, whole.data[0] == '\xFE');
	}
	if (begins(document, "<\0", 2) || begins(document, "\0<", 2))
		return from_utf16(a, document, document.data[0] == '\0');
	if (begins(document, "\xEF\xBB\xBF", 3)) {
		document.data += 3;
		document.len -= 3;
	}
	if (text_is_utf8(document))
		return document;
	whole = document;
	whole.len -= cut_character(document);
	if (text_is_utf8(whole))
		return whole;
	*recoded = true;
	name = legacy(declared(document));
	if (name != NULL) {
		whole = from_legacy(a, document, name);
		if (whole.data == NULL || whole.len > 0)
			return whole;
	}
	return text_repair_windows_1252(a, document);
}
