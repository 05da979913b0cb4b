// SPDX-License-Identifier: MIT
// comicinfo_pages.c: see comicinfo_pages.h.
//
// What makes this safe: a document without "<!" has no comments, no CDATA and no DTD, so "<"
// always begins a tag, and no tag can hide inside something else.

#include "metadata/comicinfo_pages.h"

#include <string.h>

// memchr and memcmp beat memmem(3) by far on what markup looks like, if the byte looked for,
// what[rare], is not in every tag.
static const char *find_by(const char *from, const char *end, const char *what, size_t rare)
{
	size_t len = strlen(what);

	while ((size_t)(end - from) >= len) {
		const char *at = memchr(from + rare, what[rare], (size_t)(end - from) - len + 1);

		if (at == NULL)
			return NULL;
		if (memcmp(at - rare, what, len) == 0)
			return at - rare;
		from = at - rare + 1;
	}
	return NULL;
}

static const char *find(const char *from, const char *end, const char *what)
{
	return find_by(from, end, what, 0);
}

// Of "<Pages>" the "P", which begins fewer names than there are tags.
static const char *find_pages(const char *from, const char *end)
{
	return find_by(from, end, "<Pages>", 1);
}

// Of "</Pages>" the "s", which no page's tag has to have.
static const char *find_pages_end(const char *from, const char *end)
{
	return find_by(from, end, "</Pages>", 6);
}

// No comment, CDATA section or DTD.
static bool is_plain(const char *from, const char *end)
{
	const char *start = from;

	while ((from = memchr(from, '!', (size_t)(end - from))) != NULL) {
		if (from > start && from[-1] == '<')
			return false;
		from++;
	}
	return true;
}

// The number in Image="12" of the tag that `inside` points into; -1 if it is written otherwise.
static int64_t page_number(const char *start, const char *end, const char *inside)
{
	const char *tag = inside;
	const char *close = memchr(inside, '>', (size_t)(end - inside));
	const char *at = NULL;
	int64_t number = 0;
	int digits = 0;

	while (tag > start && *tag != '<')
		tag--;
	at = close == NULL ? NULL : find(tag, close, " Image=\"");
	if (at == NULL)
		return -1;
	for (at += strlen(" Image=\""); *at >= '0' && *at <= '9' && digits < 9; at++, digits++)
		number = number * 10 + (*at - '0');
	return digits > 0 && *at == '"' ? number : -1;
}

// False when the covers can not be told without a parser.
static bool find_covers(const char *start, const char *end, struct covers *covers, bool *has_page_0)
{
	struct covers found = { .count = 0 };
	const char *at = find(start, end, "FrontCover");

	*has_page_0 = find(start, end, "\"0\"") != NULL && find(start, end, " Image=\"0\"") != NULL;
	for (; at != NULL; at = find(at + 1, end, "FrontCover")) {
		int64_t number = page_number(start, end, at);

		if (number < 0 || at - start < 6 || memcmp(at - 6, "Type=\"", 6) != 0)
			return false;
		covers_add(&found, (uint32_t)number);
	}
	if (found.count > 0 && !*has_page_0)
		return false; // it may be there in another spelling
	*covers = found;
	return true;
}

static struct text cut_out(struct arena *a, struct text t, const char *start, const char *end)
{
	size_t before = (size_t)(start - t.data);
	size_t after = t.len - (size_t)(end - t.data);
	char *out = arena_alloc(a, t.len);
	size_t len = before;

	if (out == NULL)
		return (struct text){ NULL, 0 };
	memcpy(out, t.data, before);
	for (const char *at = memchr(start, '\n', (size_t)(end - start)); at != NULL;
	     at = memchr(at + 1, '\n', (size_t)(end - at) - 1))
		out[len++] = '\n'; // so that messages count lines as the file does
	memcpy(out + len, end, after);
	return (struct text){ out, len + after };
}

struct text comicinfo_take_pages(struct arena *a, struct text document, struct covers *covers,
				 bool *has_page_0)
{
	const char *all = document.data + document.len;
	const char *start = find_pages(document.data, all);
	const char *end = start == NULL ? NULL : find_pages_end(start, all);

	if (end == NULL || !is_plain(document.data, all) || find_pages(end + 1, all) != NULL ||
	    !find_covers(start, end, covers, has_page_0))
		return document;
	return cut_out(a, document, start, end + strlen("</Pages>"));
}
