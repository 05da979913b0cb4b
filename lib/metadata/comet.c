// SPDX-License-Identifier: MIT
// comet.c: see comet.h.

#include "metadata/comet.h"

#include "metadata/field.h"
#include "metadata/identifier.h"

#include <string.h>

#define TOP (-1) // as xml_element.sub: a field of the record itself

// ---- single fields --------------------------------------------------------------------------

static struct node *map_of(struct builder *b, const struct xml_element *e)
{
	return e->sub == TOP ? b->root : node_make(b, b->root, (unsigned int)e->key);
}

static unsigned int key_of(const struct xml_element *e)
{
	return (unsigned int)(e->sub == TOP ? e->key : e->sub);
}

static void put_name(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;

	if (text_trim(raw).len > 0)
		field_name(b, map_of(b, e), key_of(e), raw);
}

static void put_text(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;

	if (text_trim(raw).len > 0)
		field_text(b, map_of(b, e), key_of(e), raw);
}

static void put_count(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;

	if (text_trim(raw).len > 0)
		field_count(b, map_of(b, e), key_of(e), raw);
}

static void put_date(void *user, const struct xml_element *e, struct text raw)
{
	field_date(user, key_of(e), raw);
}

static void put_names(void *user, const struct xml_element *e, struct text raw)
{
	field_names(user, key_of(e), raw);
}

static void put_credits(void *user, const struct xml_element *e, struct text raw)
{
	field_credits(user, text_from(e->word), raw);
}

static void put_language(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_language(user, raw);
}

static void put_format(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_format(user, raw);
}

static void put_age_rating(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_age_rating(user, raw);
}

static void put_price(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_price(user, TEXT(""), raw);
}

static void put_direction(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_direction(user, raw);
}

static void put_reprint(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	(void)field_reprint(user, raw);
}

// "#001" is 1 and "1 1/2" is 1.5: CoMet's issue is a number, not what the cover says.
static void put_issue(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;
	struct text t = field_clean(b, raw);
	char *out = t.len == 0 ? NULL : arena_alloc(b->arena, t.len + 1);
	size_t len = 0;
	size_t from = 0;

	(void)e;
	if (out == NULL) {
		b->failed = b->failed || t.len > 0;
		return;
	}
	for (size_t i = 0; i < t.len; i++) {
		struct text rest = { t.data + i, t.len - i };
		size_t half = rest.len >= 3 && memcmp(rest.data, "1/2", 3) == 0 ? 3 : 0;

		half = rest.len >= 2 && memcmp(rest.data, "\xC2\xBD", 2) == 0 ? 2 : half;
		if (half > 0) {
			memcpy(out + len, ".5", 2);
			len += 2;
			i += half - 1;
		} else if (t.data[i] != ' ' && (t.data[i] != '#' || len > 0)) {
			out[len++] = t.data[i];
		}
	}
	while (len - from > 1 && out[from] == '0' && out[from + 1] >= '0' && out[from + 1] <= '9')
		from++;
	while (len > from && out[len - 1] == '.')
		len--;
	field_name(b, node_make(b, b->root, COMIC_ISSUE), ISSUE_NAME,
		   (struct text){ out + from, len - from });
}

// An identifier in any form, or an address; a bare key is Comic Vine's.
static void put_identifier(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;
	struct text t = field_clean(b, raw);
	struct identifier id;

	(void)e;
	if (t.len == 0)
		return;
	if (!identifier_parse(t, &id) && !identifier_parse_url(b->arena, t, &id))
		identifier_parse_key(TEXT("comicvine"), t, &id);
	identifier_put(b, &id);
}

// ---- the document -----------------------------------------------------------------------------

#define LEAF(name, close, key, sub) { name, NULL, 0, close, key, sub, NULL }
#define ROLE(name, role) { name, NULL, 0, put_credits, COMIC_CREDITS, TOP, role }

static const struct xml_element elements[] = {
	LEAF("character", put_names, COMIC_CHARACTERS, TOP),
	ROLE("colorist", "Colorist"),
	ROLE("coverDesigner", "Cover Artist"),
	LEAF("coverImage", put_name, COMIC_COVER_IMAGE, TOP),
	ROLE("creator", "Creator"),
	LEAF("date", put_date, COMIC_DATE, DATE_COVER_DATE),
	LEAF("description", put_text, COMIC_SUMMARY, TOP),
	ROLE("editor", "Editor"),
	LEAF("format", put_format, COMIC_ORIGINAL_FORMAT, TOP),
	LEAF("genre", put_names, COMIC_GENRES, TOP),
	LEAF("identifier", put_identifier, COMIC_IDENTIFIERS, TOP),
	ROLE("inker", "Inker"),
	LEAF("issue", put_issue, COMIC_ISSUE, ISSUE_NAME),
	LEAF("isVersionOf", put_reprint, COMIC_REPRINTS, TOP),
	LEAF("language", put_language, COMIC_LANGUAGE, TOP),
	LEAF("lastMark", put_count, COMIC_BOOKMARK, TOP),
	ROLE("letterer", "Letterer"),
	LEAF("pages", put_count, COMIC_PAGE_COUNT, TOP),
	ROLE("penciller", "Penciller"),
	LEAF("price", put_price, COMIC_PRICES, TOP),
	LEAF("publisher", put_name, COMIC_PUBLISHER, PUBLISHER_NAME),
	LEAF("rating", put_age_rating, COMIC_AGE_RATING, TOP),
	LEAF("readingDirection", put_direction, COMIC_READING_DIRECTION, TOP),
	LEAF("rights", put_name, COMIC_RIGHTS, TOP),
	LEAF("series", put_name, COMIC_SERIES, SERIES_NAME),
	LEAF("title", put_name, COMIC_TITLE, TOP),
	LEAF("volume", put_count, COMIC_VOLUME, VOLUME_NUMBER),
	ROLE("writer", "Writer"),
};

static const struct xml_element root = {
	"comet", elements, COMIC_COUNT(elements), NULL, 0, TOP, NULL,
};

static void on_open(void *user, const struct xml_element *e, const struct xml_attributes *a)
{
	struct builder *b = user;

	(void)a;
	b->field = e->name;
}

int comet_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	static const struct xml_format format = { &root, NULL, on_open };

	if (reader_xml(in, b, &format, b, err) < 0)
		return -1;
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading CoMet.xml") : 0;
}
