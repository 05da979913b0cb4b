// SPDX-License-Identifier: MIT
// pages.c: see pages.h.

#include "container/pages.h"

#include <stdlib.h>
#include <string.h>

// As comicbox has them, and AVIF.
static const struct text suffixes[] = {
	TEXT_INIT("jpg"), TEXT_INIT("png"),  TEXT_INIT("webp"), TEXT_INIT("jpeg"),
	TEXT_INIT("gif"), TEXT_INIT("avif"), TEXT_INIT("jxl"),
};

#define MAC_FOLDER "__MACOSX"

static bool is_junk_component(struct text c)
{
	if (c.len >= 2 && c.data[0] == '.' && c.data[1] != '.')
		return true;
	if (c.len > sizeof(MAC_FOLDER) - 1)
		c.len = sizeof(MAC_FOLDER) - 1;
	return text_equal_nocase(c, TEXT(MAC_FOLDER));
}

// The component at the front of *rest, which loses it.
static struct text take_component(struct text *rest)
{
	const char *slash = memchr(rest->data, '/', rest->len);
	size_t len = slash == NULL ? rest->len : (size_t)(slash - rest->data);
	struct text component = { rest->data, len };

	len += slash != NULL;
	rest->data += len;
	rest->len -= len;
	return component;
}

bool pages_is_junk(struct text name)
{
	while (name.len > 0) {
		if (is_junk_component(take_component(&name)))
			return true;
	}
	return false;
}

static bool has_suffix(struct text name)
{
	size_t len = 0;

	if (name.len > 4 && name.data[name.len - 4] == '.')
		len = 3;
	else if (name.len > 5 && name.data[name.len - 5] == '.')
		len = 4;
	name = (struct text){ name.data + name.len - len, len };
	for (size_t i = 0; len > 0 && i < COMIC_COUNT(suffixes); i++) {
		if (text_equal_nocase(name, suffixes[i]))
			return true;
	}
	return false;
}

bool pages_is_page(const struct member *m)
{
	return has_suffix(m->name) && !m->directory && !pages_is_junk(m->name);
}

size_t pages_count(const struct member *members, size_t count)
{
	size_t pages = 0;

	for (size_t i = 0; i < count; i++)
		pages += members[i].page;
	return pages;
}

// ---- reading order ----------------------------------------------------------------------

// The first page after `after` in reading order; names are distinct.
static const struct member *next_page(const struct member *members, size_t count,
				      const struct member *after)
{
	const struct member *best = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct member *m = &members[i];

		if (m->page &&
		    (after == NULL || text_natural_compare(m->name, after->name) > 0) &&
		    (best == NULL || text_natural_compare(m->name, best->name) < 0))
			best = m;
	}
	return best;
}

static int compare_pages(const void *a, const void *b)
{
	const struct member *left = *(const struct member *const *)a;
	const struct member *right = *(const struct member *const *)b;

	return text_natural_compare(left->name, right->name);
}

static const struct member *nth_sorted(const struct member *members, size_t count, size_t n)
{
	const struct member **pages = mem_alloc(count, sizeof(*pages));
	const struct member *found = NULL;
	size_t used = 0;

	if (pages == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (members[i].page)
			pages[used++] = &members[i];
	}
	qsort(pages, used, sizeof(*pages), compare_pages);
	if (n < used)
		found = pages[n];
	free(pages);
	return found;
}

const struct member *pages_nth(const struct member *members, size_t count, size_t n)
{
	const struct member *page = NULL;

	if (n >= count)
		return NULL;
	if (n >= PAGES_SCANNED)
		return nth_sorted(members, count, n);
	for (size_t i = 0; i <= n; i++) {
		page = next_page(members, count, page);
		if (page == NULL)
			break;
	}
	return page;
}

// ---- metadata ---------------------------------------------------------------------------

static size_t depth(struct text name)
{
	size_t components = 0;

	while (name.len > 0) {
		struct text c = take_component(&name);

		components += c.len > 0 && !text_is(c, "."); // "./a" is as deep as "a"
	}
	return components;
}

// By ASCII-lower-cased bytes, then by the bytes.
static int compare_folded(struct text a, struct text b)
{
	size_t common = a.len < b.len ? a.len : b.len;

	for (size_t i = 0; i < common; i++) {
		int left = (uint8_t)a.data[i];
		int right = (uint8_t)b.data[i];

		left += left >= 'A' && left <= 'Z' ? 'a' - 'A' : 0;
		right += right >= 'A' && right <= 'Z' ? 'a' - 'A' : 0;
		if (left != right)
			return left - right;
	}
	return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : text_compare(a, b);
}

static bool has_basename(struct text name, struct text basename)
{
	size_t before = name.len - basename.len;

	if (name.len < basename.len || (before > 0 && name.data[before - 1] != '/'))
		return false;
	return text_equal_nocase((struct text){ name.data + before, basename.len }, basename);
}

const struct member *pages_find(const struct member *members, size_t count, const char *basename)
{
	struct text wanted = text_from(basename);
	const struct member *best = NULL;
	size_t best_depth = 0;

	for (size_t i = 0; i < count; i++) {
		const struct member *m = &members[i];
		size_t here = 0;

		if (m->page || m->directory || !has_basename(m->name, wanted) ||
		    pages_is_junk(m->name))
			continue;
		here = depth(m->name);
		if (best == NULL || here < best_depth ||
		    (here == best_depth && compare_folded(m->name, best->name) < 0)) {
			best = m;
			best_depth = here;
		}
	}
	return best;
}
