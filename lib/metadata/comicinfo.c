// SPDX-License-Identifier: MIT
// comicinfo.c: see comicinfo.h.

#include "metadata/comicinfo.h"

#include "metadata/age_rating.h"
#include "metadata/clean.h"
#include "metadata/comicinfo_pages.h"
#include "metadata/field.h"
#include "metadata/identifier.h"
#include "metadata/scalar.h"

#include <stdio.h>
#include <string.h>

// Values kept until the end of the document; there is one for each time an element comes.
struct kept {
	struct kept *next;
	struct text raw;
};

struct kept_list {
	struct kept *first;
	struct kept *last;
};

struct comicinfo {
	struct builder *b;
	struct kept_list arcs; // zipped with their numbers, which may come before them
	struct kept_list arc_numbers;
	struct kept_list web; // put after GTIN, whose keys count more
	struct covers covers; // as the document numbers its pages
	bool has_page_0;
};

// What becomes of an element. `key` and `sub` say where it goes: to a field of the record,
// or of a map in it.
enum kind {
	NAME,
	LONG_TEXT,
	COUNT,
	YEAR,
	MONTH,
	DAY,
	NAMES,
	CREDITS, // `word` is the role
	RATING,
	LANGUAGE,
	FORMAT,
	AGE_RATING,
	MANGA,
	MONOCHROME,
	PROTAGONIST,
	REPRINT_SERIES_TEXT,
	REPRINT_ISSUE_TEXT,
	REPRINT_COUNT,
	ARCS,
	ARC_NUMBERS,
	WEB,
	GTIN,
	CONTAINER, // only its children matter
};

#define TOP (-1) // as `sub`: a field of the record itself
#define LEAF(name, kind, key, sub) { name, NULL, 0, kind, key, sub, NULL }
#define ROLE(name, role) { name, NULL, 0, CREDITS, COMIC_CREDITS, TOP, role }

static const struct xml_element page_elements[] = { LEAF("Page", CONTAINER, COMIC_PAGES, TOP) };

static const struct xml_element elements[] = {
	LEAF("AgeRating", AGE_RATING, COMIC_AGE_RATING, TOP),
	LEAF("AlternateCount", REPRINT_COUNT, COMIC_REPRINTS, TOP),
	LEAF("AlternateNumber", REPRINT_ISSUE_TEXT, COMIC_REPRINTS, TOP),
	LEAF("AlternateSeries", REPRINT_SERIES_TEXT, COMIC_REPRINTS, TOP),
	LEAF("BlackAndWhite", MONOCHROME, COMIC_MONOCHROME, TOP),
	LEAF("Characters", NAMES, COMIC_CHARACTERS, TOP),
	ROLE("Colorist", "Colorist"),
	LEAF("CommunityRating", RATING, COMIC_COMMUNITY_RATING, TOP),
	LEAF("Count", COUNT, COMIC_VOLUME, VOLUME_ISSUE_COUNT),
	ROLE("CoverArtist", "Cover Artist"),
	LEAF("Day", DAY, COMIC_DATE, DATE_DAY),
	ROLE("Editor", "Editor"),
	LEAF("Format", FORMAT, COMIC_ORIGINAL_FORMAT, TOP),
	LEAF("Genre", NAMES, COMIC_GENRES, TOP),
	LEAF("GTIN", GTIN, COMIC_IDENTIFIERS, TOP),
	LEAF("Imprint", NAME, COMIC_IMPRINT, PUBLISHER_NAME),
	ROLE("Inker", "Inker"),
	LEAF("LanguageISO", LANGUAGE, COMIC_LANGUAGE, TOP),
	ROLE("Letterer", "Letterer"),
	LEAF("Locations", NAMES, COMIC_LOCATIONS, TOP),
	LEAF("MainCharacterOrTeam", PROTAGONIST, COMIC_PROTAGONIST, TOP),
	LEAF("Manga", MANGA, COMIC_MANGA, TOP),
	LEAF("Month", MONTH, COMIC_DATE, DATE_MONTH),
	LEAF("Notes", LONG_TEXT, COMIC_NOTES, TOP),
	LEAF("Number", NAME, COMIC_ISSUE, ISSUE_NAME),
	LEAF("PageCount", COUNT, COMIC_PAGE_COUNT, TOP),
	{ "Pages", page_elements, COMIC_COUNT(page_elements), CONTAINER, COMIC_PAGES, TOP, NULL },
	ROLE("Penciller", "Penciller"),
	LEAF("Publisher", NAME, COMIC_PUBLISHER, PUBLISHER_NAME),
	LEAF("Review", LONG_TEXT, COMIC_REVIEW, TOP),
	LEAF("ScanInformation", NAME, COMIC_SCAN_INFO, TOP),
	LEAF("Series", NAME, COMIC_SERIES, SERIES_NAME),
	LEAF("SeriesGroup", NAMES, COMIC_SERIES_GROUPS, TOP),
	LEAF("StoryArc", ARCS, COMIC_ARCS, TOP),
	LEAF("StoryArcNumber", ARC_NUMBERS, COMIC_ARCS, TOP),
	LEAF("Summary", LONG_TEXT, COMIC_SUMMARY, TOP),
	LEAF("Tags", NAMES, COMIC_TAGS, TOP),
	LEAF("Teams", NAMES, COMIC_TEAMS, TOP),
	LEAF("Title", NAME, COMIC_TITLE, TOP),
	ROLE("Translator", "Translator"),
	LEAF("Volume", COUNT, COMIC_VOLUME, VOLUME_NUMBER),
	LEAF("Web", WEB, COMIC_IDENTIFIERS, TOP),
	ROLE("Writer", "Writer"),
	LEAF("Year", YEAR, COMIC_DATE, DATE_YEAR),
};

static const struct xml_element root = { "ComicInfo", elements, COMIC_COUNT(elements), CONTAINER,
					 0,	      TOP,	NULL };

// ---- single fields --------------------------------------------------------------------------

static void put_age_rating(struct builder *b, struct text raw)
{
	struct text known = age_rating_comicinfo(raw);

	if (known.len > 0)
		node_put_text(b, b->root, COMIC_AGE_RATING, known);
	else
		field_name(b, b->root, COMIC_AGE_RATING, raw);
}

static void put_monochrome(struct builder *b, struct text raw)
{
	bool value = false;

	if (scalar_flag(raw, &value) == SCALAR_OK)
		node_put_flag(b, b->root, COMIC_MONOCHROME, value);
}

static void put_protagonist(struct builder *b, struct text raw)
{
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item))
		field_name(b, b->root, COMIC_PROTAGONIST, item);
}

// The one reprint that Alternate... elements tell of.
static struct node *reprint(struct builder *b)
{
	struct node *list = node_make(b, b->root, COMIC_REPRINTS);

	if (list == NULL)
		return NULL;
	return list->u.list.first != NULL ? list->u.list.first : node_add_map(b, list);
}

static void put_reprint(struct builder *b, enum kind kind, struct text raw)
{
	int64_t count = 0;

	if (kind == REPRINT_COUNT && scalar_integer(raw, &count) == SCALAR_OK)
		field_count(b, node_make(b, reprint(b), REPRINT_VOLUME), REPRINT_VOLUME_ISSUE_COUNT, raw);
	if (kind == REPRINT_COUNT || text_trim(raw).len == 0)
		return;
	if (kind == REPRINT_SERIES_TEXT)
		field_name(b, node_make(b, reprint(b), REPRINT_SERIES), REPRINT_SERIES_NAME, raw);
	else
		field_name(b, reprint(b), REPRINT_ISSUE, raw);
}

static void put_gtin(struct builder *b, struct text raw)
{
	struct identifier id;
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		item = field_clean(b, item);
		if (item.len == 0)
			continue;
		if (identifier_parse_gtin(item, &id))
			identifier_put(b, &id);
		else
			field_warn(b, item, "an identifier");
	}
	b->failed = b->failed || l.failed;
}

// ---- at the end of the document ---------------------------------------------------------------

static void keep(struct comicinfo *c, struct kept_list *list, struct text raw)
{
	struct kept *k = text_trim(raw).len == 0 ? NULL : arena_alloc(c->b->arena, sizeof(*k));

	if (k == NULL) {
		c->b->failed = c->b->failed || text_trim(raw).len > 0;
		return;
	}
	*k = (struct kept){ NULL, { arena_copy(c->b->arena, raw.data, raw.len), raw.len } };
	if (k->raw.data == NULL) {
		c->b->failed = true;
		return;
	}
	if (list->last == NULL)
		list->first = k;
	else
		list->last->next = k;
	list->last = k;
}

// The items of all kept values, one after the other.
struct kept_reader {
	const struct kept *next;
	struct list_reader list;
};

static bool kept_next(struct kept_reader *r, struct arena *a, struct text *item)
{
	while (!list_next(&r->list, item)) {
		if (r->next == NULL)
			return false;
		list_init(&r->list, a, r->next->raw);
		r->next = r->next->next;
	}
	return true;
}

// StoryArc and StoryArcNumber belong together by position; a later number of the same arc wins.
static void put_arcs(struct comicinfo *c)
{
	struct builder *b = c->b;
	struct kept_reader names = { .next = c->arcs.first };
	struct kept_reader numbers = { .next = c->arc_numbers.first };
	struct text name;
	struct text number;

	b->field = "StoryArc";
	while (!b->failed && kept_next(&names, b->arena, &name)) {
		struct node *arc = name.len == 0 ? NULL :
						   field_add_name(b, node_make(b, b->root, COMIC_ARCS), name);

		if (!kept_next(&numbers, b->arena, &number) || arc == NULL || number.len == 0)
			continue;
		if (node_get(arc, ARC_NUMBER) != NULL)
			node_remove(arc, ARC_NUMBER);
		field_count(b, arc, ARC_NUMBER, number);
	}
	b->failed = b->failed || names.list.failed || numbers.list.failed;
}

// One of the addresses in *rest, which are apart by white space, or by a comma before "http".
static bool next_address(struct text *rest, struct text *address)
{
	size_t len = 0;

	*rest = text_trim(*rest);
	while (len < rest->len && (uint8_t)rest->data[len] > ' ' &&
	       !(rest->data[len] == ',' && rest->len - len > 5 &&
		 memcmp(rest->data + len, ",http", 5) == 0))
		len++;
	*address = (struct text){ rest->data, len };
	len += len < rest->len;
	*rest = (struct text){ rest->data + len, rest->len - len };
	while (address->len > 0 && strchr(",;", address->data[address->len - 1]) != NULL)
		address->len--;
	return address->len > 0 || rest->len > 0;
}

static void put_web(struct comicinfo *c)
{
	struct builder *b = c->b;
	struct identifier id;
	struct text address;

	b->field = "Web";
	for (const struct kept *k = c->web.first; k != NULL; k = k->next) {
		struct text rest = k->raw;

		while (!b->failed && next_address(&rest, &address)) {
			address = field_clean(b, address);
			if (identifier_parse_url(b->arena, address, &id))
				identifier_put(b, &id);
			else if (address.len > 0)
				field_warn(b, address, "an address");
		}
	}
}

static void put_covers(struct comicinfo *c)
{
	for (size_t i = 0; i < c->covers.count; i++)
		covers_add(c->b->covers, c->covers.pages[i] - !c->has_page_0);
}

// ---- pages ----------------------------------------------------------------------------------

static struct text page_type(struct text raw)
{
	static const char *const types[] = {
		"FrontCover", "InnerCover", "Roundup",	 "Story", "Advertisement", "Editorial",
		"Letters",    "Preview",    "BackCover", "Other", "Deleted",
	};

	for (size_t i = 0; i < COMIC_COUNT(types); i++) {
		struct text type = text_from(types[i]);

		if (raw.len >= type.len &&
		    text_equal_nocase((struct text){ raw.data, type.len }, type) &&
		    (raw.len == type.len || raw.data[type.len] == ' ')) // a list; the first counts
			return type;
	}
	return TEXT("");
}

static void put_page_number(struct builder *b, struct node *page, unsigned int key, struct text raw)
{
	int64_t value = 0;

	if (scalar_integer(raw, &value) == SCALAR_OK && value > 0)
		node_put_integer(b, page, key, value);
}

// A page of which nothing is said is left out.
static void put_page(struct builder *b, int64_t number, const struct xml_attributes *a)
{
	struct node page = { .shape = META_MAP, .fields = meta_fields[COMIC_PAGES].fields };
	struct text flag = xml_attribute(a, "DoublePage");
	struct node *added = NULL;
	char name[24];
	bool is_double = false;

	node_put_text(b, &page, PAGE_TYPE, page_type(text_trim(xml_attribute(a, "Type"))));
	put_page_number(b, &page, PAGE_SIZE, xml_attribute(a, "ImageSize"));
	put_page_number(b, &page, PAGE_WIDTH, xml_attribute(a, "ImageWidth"));
	put_page_number(b, &page, PAGE_HEIGHT, xml_attribute(a, "ImageHeight"));
	if (scalar_flag(flag, &is_double) == SCALAR_OK)
		node_put_flag(b, &page, PAGE_DOUBLE, is_double);
	field_name(b, &page, PAGE_KEY, xml_attribute(a, "Key"));
	field_name(b, &page, PAGE_BOOKMARK, xml_attribute(a, "Bookmark"));
	if (node_get(&page, PAGE_BOOKMARK) != NULL)
		node_put_integer(b, b->root, COMIC_BOOKMARK, number);
	if (node_is_empty(&page))
		return;
	(void)snprintf(name, sizeof(name), "%lld", (long long)number);
	added = field_add_name(b, node_make(b, b->root, COMIC_PAGES), text_from(name));
	if (added != NULL && added->u.slots == NULL) // the first of two with one number counts
		added->u.slots = page.u.slots;
}

static void on_open(void *user, const struct xml_element *e, const struct xml_attributes *a)
{
	struct comicinfo *c = user;
	struct text image;
	struct text type;
	int64_t number = 0;

	if (e != page_elements)
		return;
	image = xml_attribute(a, "Image");
	if (scalar_integer(image, &number) != SCALAR_OK || number > INT32_MAX)
		return;
	c->has_page_0 = c->has_page_0 || number == 0;
	type = xml_attribute(a, "Type");
	if (text_is(page_type(text_trim(type)), "FrontCover"))
		covers_add(&c->covers, (uint32_t)number);
	if (c->b->full)
		put_page(c->b, number, a);
}

// Without --full the list of pages is looked through here: it is most of the document, and parsing
// it as XML costs more than all the rest.
static struct text shorten(void *user, struct text document)
{
	struct comicinfo *c = user;

	return c->b->full ? document :
			    comicinfo_take_pages(c->b->arena, document, &c->covers, &c->has_page_0);
}

// ---- the document -----------------------------------------------------------------------------

// The map in which a field with a `sub` stands.
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
	struct comicinfo *c = user;
	struct builder *b = c->b;

	b->field = e->name;
	if (raw.len == 0)
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
	case YEAR:
		field_bounded(b, map_of(b, e), key_of(e), raw, MODEL_INTEGER_MAX);
		break;
	case MONTH:
		field_bounded(b, map_of(b, e), key_of(e), raw, 12);
		break;
	case DAY:
		field_bounded(b, map_of(b, e), key_of(e), raw, 31);
		break;
	case NAMES:
		field_names(b, key_of(e), raw);
		break;
	case CREDITS:
		field_credits(b, text_from(e->word), raw);
		break;
	case RATING:
		field_rating(b, key_of(e), raw);
		break;
	case LANGUAGE:
		field_language(b, raw);
		break;
	case FORMAT:
		field_format(b, raw);
		break;
	case AGE_RATING:
		put_age_rating(b, raw);
		break;
	case MANGA:
		field_manga(b, raw);
		break;
	case MONOCHROME:
		put_monochrome(b, raw);
		break;
	case PROTAGONIST:
		put_protagonist(b, raw);
		break;
	case REPRINT_SERIES_TEXT:
	case REPRINT_ISSUE_TEXT:
	case REPRINT_COUNT:
		put_reprint(b, (enum kind)e->kind, raw);
		break;
	case ARCS:
		keep(c, &c->arcs, raw);
		break;
	case ARC_NUMBERS:
		keep(c, &c->arc_numbers, raw);
		break;
	case WEB:
		keep(c, &c->web, raw);
		break;
	case GTIN:
		put_gtin(b, raw);
		break;
	case CONTAINER:
		break;
	}
}

int comicinfo_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	static const struct xml_format format = { &root, shorten, on_open, on_close };
	struct comicinfo c = { .b = b };

	if (reader_xml(in, b, &format, &c, err) < 0)
		return -1;
	put_arcs(&c);
	put_web(&c);
	put_covers(&c);
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading ComicInfo.xml") : 0;
}
