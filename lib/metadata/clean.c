// SPDX-License-Identifier: MIT
// clean.c: see clean.h.

#include "metadata/clean.h"

#include "base/word.h"

#include <string.h>

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Unicode White_Space beyond ASCII, and the byte order mark.
static bool is_wide_space(uint32_t c)
{
	return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 ||
	       c == 0xFEFF;
}

static bool is_ascii_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct text clean_cut(struct text t, size_t max)
{
	if (t.len <= max)
		return t;
	while (max > 0 && ((uint8_t)t.data[max] & 0xC0U) == 0x80)
		max--;
	t.len = max;
	return t;
}

static bool is_printing(uint8_t c)
{
	return c > ' ' && c < 0x7F;
}

// ---- eight bytes at a time ------------------------------------------------------------------

// The high bit of each byte that is neither a space nor printing ASCII.
static uint64_t odd_bytes(uint64_t word)
{
	uint64_t low = word & EACH(0x7F);

	return (~(low + EACH(0x60)) | (low + EACH(0x01)) | word) & EACH(0x80);
}

// The high bit of each byte that is `byte`, in a word of ASCII.
static uint64_t bytes_equal(uint64_t word, uint8_t byte)
{
	return ~((word ^ EACH(byte)) + EACH(0x7F)) & EACH(0x80);
}

// Printing ASCII, and no two spaces side by side.
static bool is_tidy_word(uint64_t word)
{
	uint64_t spaces = bytes_equal(word, ' ');

	return odd_bytes(word) == 0 && (spaces & spaces << 8) == 0;
}

// A name as most are: printing ASCII, its words one space apart. It is looked at by words of
// memory, each of which shares a byte with the next.
static bool is_tidy(struct text t)
{
	uint64_t only = EACH('x');
	size_t at = 0;

	if (t.len == 0 || t.data[0] == ' ' || t.data[t.len - 1] == ' ')
		return false;
	if (t.len < WORD) {
		memcpy(&only, t.data, t.len);
		return is_tidy_word(only);
	}
	for (;;) {
		if (!is_tidy_word(word_at(t.data + at)))
			return false;
		if (at + WORD == t.len)
			return true;
		at += WORD - 1;
		if (at + WORD > t.len)
			at = t.len - WORD;
	}
}

// ---- names and texts ------------------------------------------------------------------------

static struct text name_ascii(char *out, struct text raw)
{
	size_t len = 0;
	bool gap = false;

	for (size_t i = 0; i < raw.len; i++) {
		uint8_t c = (uint8_t)raw.data[i];

		if (is_printing(c)) {
			if (gap)
				out[len++] = ' ';
			gap = false;
			out[len++] = (char)c;
		} else if (is_ascii_space(c)) {
			gap = len > 0;
		}
	}
	return (struct text){ out, len };
}

static struct text name_unicode(char *out, struct text raw)
{
	size_t len = 0;
	size_t at = 0;
	bool gap = false;

	while (at < raw.len) {
		size_t used = 0;
		uint32_t c = text_decode(raw.data + at, raw.len - at, &used);

		at += used;
		if (is_ascii_space(c) || is_wide_space(c)) {
			gap = true;
		} else if (!is_control(c)) {
			if (gap && len > 0)
				out[len++] = ' ';
			gap = false;
			len += text_encode(c, out + len);
		}
	}
	return (struct text){ out, len };
}

// Room for the result of either: a bad byte becomes the three of U+FFFD.
static char *room_for(struct arena *a, struct text raw, bool ascii)
{
	return arena_alloc(a, (ascii ? raw.len : raw.len * 3) + 1);
}

struct text clean_name(struct arena *a, struct text raw)
{
	bool ascii = text_is_ascii(raw);
	char *out = room_for(a, raw, ascii);
	struct text made = { NULL, 0 };

	if (out == NULL)
		return made;
	if (ascii && is_tidy(raw)) {
		memcpy(out, raw.data, raw.len);
		return clean_cut((struct text){ out, raw.len }, CLEAN_NAME_MAX);
	}
	if (ascii)
		return clean_cut(name_ascii(out, raw), CLEAN_NAME_MAX);
	made = text_nfc(a, name_unicode(out, raw));
	return made.data == NULL ? made : text_trim(clean_cut(made, CLEAN_NAME_MAX));
}

// Where a line ends, *at stands on its first byte; steps over all but that one.
static bool ends_line(struct text raw, size_t *at)
{
	if (raw.data[*at] == '\r' && *at + 1 < raw.len && raw.data[*at + 1] == '\n')
		(*at)++;
	return raw.data[*at] == '\r' || raw.data[*at] == '\n';
}

// How many bytes from `from` on are printing ASCII or spaces.
static size_t plain_run(struct text t, size_t from)
{
	size_t at = from;

	while (t.len - at >= WORD && odd_bytes(word_at(t.data + at)) == 0)
		at += WORD;
	while (at < t.len && (t.data[at] == ' ' || is_printing((uint8_t)t.data[at])))
		at++;
	return at - from;
}

static struct text text_lines(char *out, struct text raw)
{
	size_t len = 0;
	size_t at = 0;
	size_t run = 0;

	while (at < raw.len) {
		size_t used = 1;
		uint32_t c = 0;

		run = plain_run(raw, at);
		memcpy(out + len, raw.data + at, run);
		len += run;
		at += run;
		if (at == raw.len)
			break;
		c = (uint8_t)raw.data[at];
		if (c == '\t') {
			out[len++] = ' ';
		} else if (ends_line(raw, &at)) {
			out[len++] = '\n';
		} else if (c >= 0x80) {
			c = text_decode(raw.data + at, raw.len - at, &used);
			if (!is_control(c))
				len += text_encode(c, out + len);
		}
		at += used;
	}
	return (struct text){ out, len };
}

static struct text trim_wide(struct text t)
{
	size_t used = 0;

	for (;;) {
		t = text_trim(t);
		if (t.len == 0 || !is_wide_space(text_decode(t.data, t.len, &used)))
			return t;
		t.data += used;
		t.len -= used;
	}
}

struct text clean_text(struct arena *a, struct text raw)
{
	bool ascii = text_is_ascii(raw);
	char *out = room_for(a, raw, ascii);
	struct text made = { NULL, 0 };

	if (out == NULL)
		return made;
	made = text_lines(out, raw);
	if (!ascii)
		made = text_nfc(a, made);
	return made.data == NULL ? made : text_trim(clean_cut(trim_wide(made), CLEAN_TEXT_MAX));
}

// ---- lists ----------------------------------------------------------------------------------

void list_init(struct list_reader *l, struct arena *a, struct text raw)
{
	*l = (struct list_reader){ .arena = a, .rest = raw, .more = raw.len > 0 };
}

static bool is_separator(char c)
{
	return c == ',' || c == ';';
}

// A name's suffix can only begin with one of these.
static bool begins_suffix(char c)
{
	return memchr("IJSLCPMEijslcpme", c, 16) != NULL;
}

static bool is_name_suffix(struct text piece)
{
	static const char *const suffixes[] = {
		"Inc",    "Inc.", "Jr",  "Jr.", "Sr",  "Sr.",   "Ltd", "Ltd.", "LLC",
		"L.L.C.", "II",   "III", "IV",  "Co.", "Ph.D.", "PhD", "M.D.", "Esq.",
	};

	if (piece.len < 2 || piece.len > 6 || !begins_suffix(piece.data[0]))
		return false;
	for (size_t i = 0; i < COMIC_COUNT(suffixes); i++) {
		if (text_equal_nocase(piece, text_from(suffixes[i])))
			return true;
	}
	return false;
}

static size_t find_separator(struct text t, size_t at)
{
	for (; t.len - at >= WORD; at += WORD) {
		uint64_t word = word_at(t.data + at) & EACH(0x7F);

		if ((bytes_equal(word, ',') | bytes_equal(word, ';')) != 0)
			break; // or a byte beyond ASCII that looks like it
	}
	while (at < t.len && !is_separator(t.data[at]))
		at++;
	return at;
}

static struct text skip_space(struct text t)
{
	while (t.len > 0 && is_ascii_space((uint8_t)t.data[0])) {
		t.data++;
		t.len--;
	}
	return t;
}

// The end of the item that begins at 0: the first separator that is not followed by a suffix.
static size_t plain_end(struct text t)
{
	size_t end = find_separator(t, 0);

	while (end > 0 && end < t.len && t.data[end] == ',') {
		struct text piece = skip_space((struct text){ t.data + end + 1, t.len - end - 1 });
		size_t next = 0;

		if (piece.len == 0 || !begins_suffix(piece.data[0]))
			break;
		next = find_separator(t, end + 1);
		piece = (struct text){ t.data + end + 1, next - end - 1 };

		if (!is_name_suffix(text_trim(piece)))
			break;
		end = next;
	}
	return end;
}

static struct text undouble_quotes(struct list_reader *l, struct text t)
{
	char *out = memchr(t.data, '"', t.len) == NULL ? NULL : arena_alloc(l->arena, t.len);
	size_t len = 0;

	if (out == NULL) {
		l->failed = l->failed || memchr(t.data, '"', t.len) != NULL;
		return t;
	}
	for (size_t i = 0; i < t.len; i++) {
		i += t.data[i] == '"'; // the first of two
		out[len++] = t.data[i];
	}
	return (struct text){ out, len };
}

// An item in quotes: what they hold in *item, the place after it as result. 0 if they do not
// enclose the whole item, as in `"Weird" Al`.
static size_t quoted_end(struct list_reader *l, struct text t, struct text *item)
{
	size_t close = 1;
	size_t end = 0;

	while (close < t.len &&
	       (t.data[close] != '"' || (close + 1 < t.len && t.data[close + 1] == '"')))
		close += t.data[close] == '"' ? 2 : 1;
	if (close >= t.len)
		return 0;
	end = find_separator(t, close + 1);
	if (text_trim((struct text){ t.data + close + 1, end - close - 1 }).len > 0)
		return 0;
	*item = undouble_quotes(l, (struct text){ t.data + 1, close - 1 });
	return end;
}

bool list_next(struct list_reader *l, struct text *item)
{
	struct text t = skip_space(l->rest);
	size_t end = 0;

	if (!l->more)
		return false;
	if (t.len > 0 && t.data[0] == '"')
		end = quoted_end(l, t, item);
	if (end == 0) {
		end = plain_end(t);
		*item = (struct text){ t.data, end };
	}
	*item = text_trim(*item);
	l->more = end < t.len;
	if (l->more)
		end++; // the separator
	l->rest = (struct text){ t.data + end, t.len - end };
	return true;
}
