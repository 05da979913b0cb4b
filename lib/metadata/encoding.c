// SPDX-License-Identifier: MIT
// encoding.c: see encoding.h.

#include "metadata/encoding.h"

#include "metadata/vocabulary.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#define DECLARATION_MAX 256 // bytes at the start in which an XML declaration must end
#define BAD_SHARE 16        // one byte beyond ASCII of so many may not fit the encoding declared

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

// Encodings that comics were tagged in, and their names for iconv(3). A fixed list, because a
// document must not choose what iconv loads. Latin-1 is not in it: such documents hold
// Windows-1252, which is what is tried last.
static const struct legacy {
	const char *key;
	const char *name;
} legacy[] = {
	{ "big5", "BIG5-HKSCS" },
	{ "big5hkscs", "BIG5-HKSCS" },
	{ "cp1250", "CP1250" },
	{ "cp1251", "CP1251" },
	{ "cp1253", "CP1253" },
	{ "cp1254", "CP1254" },
	{ "cp1255", "CP1255" },
	{ "cp1256", "CP1256" },
	{ "cp1257", "CP1257" },
	{ "cp1258", "CP1258" },
	{ "cp437", "CP437" },
	{ "cp850", "CP850" },
	{ "cp852", "CP852" },
	{ "cp866", "CP866" },
	{ "cp874", "CP874" },
	{ "cp932", "CP932" },
	{ "cp936", "GB18030" },
	{ "cp949", "CP949" },
	{ "cp950", "BIG5-HKSCS" },
	{ "eucjp", "EUC-JP" },
	{ "euckr", "CP949" },
	{ "gb18030", "GB18030" },
	{ "gb2312", "GB18030" },
	{ "gbk", "GB18030" },
	{ "ibm437", "CP437" },
	{ "ibm850", "CP850" },
	{ "ibm852", "CP852" },
	{ "ibm866", "CP866" },
	{ "iso885910", "ISO-8859-10" },
	{ "iso885911", "CP874" },
	{ "iso885913", "ISO-8859-13" },
	{ "iso885914", "ISO-8859-14" },
	{ "iso885915", "ISO-8859-15" },
	{ "iso885916", "ISO-8859-16" },
	{ "iso88592", "ISO-8859-2" },
	{ "iso88593", "ISO-8859-3" },
	{ "iso88594", "ISO-8859-4" },
	{ "iso88595", "ISO-8859-5" },
	{ "iso88596", "ISO-8859-6" },
	{ "iso88597", "ISO-8859-7" },
	{ "iso88598", "ISO-8859-8" },
	{ "iso88599", "CP1254" },
	{ "johab", "JOHAB" },
	{ "koi8r", "KOI8-R" },
	{ "koi8u", "KOI8-U" },
	{ "ksc56011987", "CP949" },
	{ "latin2", "ISO-8859-2" },
	{ "latin9", "ISO-8859-15" },
	{ "macintosh", "MACINTOSH" },
	{ "macroman", "MACINTOSH" },
	{ "ms932", "CP932" },
	{ "shiftjis", "CP932" },
	{ "sjis", "CP932" },
	{ "tis620", "CP874" },
	{ "windows1250", "CP1250" },
	{ "windows1251", "CP1251" },
	{ "windows1253", "CP1253" },
	{ "windows1254", "CP1254" },
	{ "windows1255", "CP1255" },
	{ "windows1256", "CP1256" },
	{ "windows1257", "CP1257" },
	{ "windows1258", "CP1258" },
	{ "windows31j", "CP932" },
	{ "windows874", "CP874" },
	{ "windows936", "GB18030" },
	{ "windows949", "CP949" },
	{ "xmacroman", "MACINTOSH" },
	{ "xsjis", "CP932" },
};

static const struct vocabulary legacy_vocabulary = VOCABULARY(legacy, " -_.:");

// The Latin-1 family, and what says nothing about bytes beyond ASCII.
static bool is_western(struct text name)
{
	static const char *const names[] = {
		"iso-8859-1",   "iso8859-1", "latin1",   "latin-1",
		"windows-1252", "cp1252",    "us-ascii", "ascii",
	};

	for (size_t i = 0; i < COMIC_COUNT(names); i++) {
		if (text_equal_nocase(name, text_from(names[i])))
			return true;
	}
	return false;
}

// Converts all of *in to out, which has room for three times as much; a byte that fits nowhere
// becomes U+FFFD. Bytes written, 0 when there are more such bytes than chance puts there.
static size_t convert(iconv_t cd, char *in, size_t len, char *out)
{
	size_t room = len * 3;
	size_t wide = 0;
	size_t bad = 0;
	char *at = out;

	for (size_t i = 0; i < len; i++)
		wide += (uint8_t)in[i] >= 0x80;
	while (iconv(cd, &in, &len, &at, &room) == (size_t)-1 && len > 0) {
		if (errno == EINVAL) // it ends inside a character
			break;
		if (++bad > wide / BAD_SHARE || room < 3)
			return 0;
		memcpy(at, "\xEF\xBF\xBD", 3);
		at += 3;
		room -= 3;
		in++;
		len--;
	}
	return (size_t)(at - out);
}

// Empty when the encoding is not available or does not fit the bytes.
static struct text from_legacy(struct arena *a, struct text t, const char *name)
{
	iconv_t cd = iconv_open("UTF-8", name);
	char *out = NULL;
	char *in = NULL;
	size_t len = 0;

	if (cd == (iconv_t)-1)
		return TEXT("");
	out = arena_alloc(a, t.len * 3 + 1);
	in = arena_copy(a, t.data, t.len); // iconv wants it writable
	if (out != NULL && in != NULL)
		len = convert(cd, in, t.len, out);
	(void)iconv_close(cd);
	return out == NULL || in == NULL ? no_memory : (struct text){ out, len };
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
	struct text label;
	const struct legacy *known = NULL;

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
	label = declared(document);
	known = vocabulary_find(&legacy_vocabulary, label);
	if (known != NULL) {
		whole = from_legacy(a, document, known->name);
		if (whole.data == NULL || whole.len > 0)
			return whole;
	}
	*recoded = !is_western(label);
	return text_repair_windows_1252(a, document);
}
