// SPDX-License-Identifier: MIT
// comet.c: see comet.h.

#include "metadata/comet.h"

#include "metadata/field.h"
#include "metadata/identifier.h"

#include <string.h>

// What becomes of an element. `key` and `sub` say where it goes: to a field of the record,
// or of a map in it.
enum kind {
	NAME,
	LONG_TEXT,
	COUNT,
	ISSUE,
	DATE,
	NAMES,
	CREDITS, // `word` is the role
	LANGUAGE,
	FORMAT,
	AGE_RATING,
	PRICE,
	DIRECTION,
	REPRINT,
	IDENTIFIER,
	CONTAINER,
};

#define TOP (-1) // as `sub`: a field of the record itself
#define LEAF(name, kind, key, sub) { name, NULL, 0, kind, key, sub, NULL }
#define ROLE(name, role) { name, NULL, 0, CREDITS, COMIC_CREDITS, TOP, role }

static const struct xml_element elements[] = {
	LEAF("character", NAMES, COMIC_CHARACTERS, TOP),
	ROLE("colorist", "Colorist"),
	ROLE("coverDesigner", "Cover Artist"),
	LEAF("coverImage", NAME, COMIC_COVER_IMAGE, TOP),
	ROLE("creator", "Creator"),
	LEAF("date", DATE, COMIC_DATE, DATE_COVER_DATE),
	LEAF("description", LONG_TEXT, COMIC_SUMMARY, TOP),
	ROLE("editor", "Editor"),
	LEAF("format", FORMAT, COMIC_ORIGINAL_FORMAT, TOP),
	LEAF("genre", NAMES, COMIC_GENRES, TOP),
	LEAF("identifier", IDENTIFIER, COMIC_IDENTIFIERS, TOP),
	ROLE("inker", "Inker"),
	LEAF("issue", ISSUE, COMIC_ISSUE, ISSUE_NAME),
	LEAF("isVersionOf", REPRINT, COMIC_REPRINTS, TOP),
	LEAF("language", LANGUAGE, COMIC_LANGUAGE, TOP),
	LEAF("lastMark", COUNT, COMIC_BOOKMARK, TOP),
	ROLE("letterer", "Letterer"),
	LEAF("pages", COUNT, COMIC_PAGE_COUNT, TOP),
	ROLE("penciller", "Penciller"),
	LEAF("price", PRICE, COMIC_PRICES, TOP),
	LEAF("publisher", NAME, COMIC_PUBLISHER, PUBLISHER_NAME),
	LEAF("rating", AGE_RATING, COMIC_AGE_RATING, TOP),
	LEAF("readingDirection", DIRECTION, COMIC_READING_DIRECTION, TOP),
	LEAF("rights", NAME, COMIC_RIGHTS, TOP),
	LEAF("series", NAME, COMIC_SERIES, SERIES_NAME),
	LEAF("title", NAME, COMIC_TITLE, TOP),
	LEAF("volume", COUNT, COMIC_VOLUME, VOLUME_NUMBER),
	ROLE("writer", "Writer"),
};

static const struct xml_element root = { "comet", elements, COMIC_COUNT(elements), CONTAINER,
					 0,	  TOP,	    NULL };

// ---- single fields --------------------------------------------------------------------------

// "#001" is 1 and "1 1/2" is 1.5: CoMet's issue is a number, not what the cover says.
static void put_issue(struct builder *b, struct text raw)
{
	struct text t = field_clean(b, raw);
	char *out = t.len == 0 ? NULL : arena_alloc(b->arena, t.len + 1);
	size_t len = 0;
	size_t from = 0;

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
static void put_identifier(struct builder *b, struct text raw)
{
	struct text t = field_clean(b, raw);
	struct identifier id;

	if (t.len == 0)
		return;
	if (!identifier_parse(t, &id) && !identifier_parse_url(b->arena, t, &id))
		identifier_parse_key(TEXT("comicvine"), t, &id);
	identifier_put(b, &id);
}

// ---- the document -----------------------------------------------------------------------------

static struct node *map_of(struct builder *b, const struct xml_element *e)
{
	return e->sub == TOP ? b->root : node_make(b, b->root, (unsigned int)e->key);
}

static unsigned int key_of(const struct xml_element *e)
{
	return (unsigned int)(e->sub == TOP ? e->key : e->sub);
}

static void on_close(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = user;

	b->field = e->name;
	if (text_trim(raw).len == 0)
		return;
	switch ((enum kind)e->kind) {
	case NAME:
		field_name(b, map_of(b, e), key_of(e), raw);
		break;
	case LONG_TEXT:
		field_text(b, map_of(b, e), key_of(e), raw);
		break;
	case COUNT:
		field_count(b, map_of(b, e), key_of(e), raw);
		break;
	case ISSUE:
		put_issue(b, raw);
		break;
	case DATE:
		field_date(b, key_of(e), raw);
		break;
	case NAMES:
		field_names(b, key_of(e), raw);
		break;
	case CREDITS:
		field_credits(b, text_from(e->word), raw);
		break;
	case LANGUAGE:
		field_language(b, raw);
		break;
	case FORMAT:
		field_format(b, raw);
		break;
	case AGE_RATING:
		field_age_rating(b, raw);
		break;
	case PRICE:
		field_price(b, TEXT(""), raw);
		break;
	case DIRECTION:
		field_direction(b, raw);
		break;
	case REPRINT:
		(void)field_reprint(b, raw);
		break;
	case IDENTIFIER:
		put_identifier(b, raw);
		break;
	case CONTAINER:
		break;
	}
}

int comet_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	static const struct xml_format format = { &root, NULL, NULL, on_close };

	if (reader_xml(in, b, &format, b, err) < 0)
		return -1;
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading CoMet.xml") : 0;
}
