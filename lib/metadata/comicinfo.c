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

#define TOP (-1) // as xml_element.sub: a field of the record itself, not of the map at key

// ---- single fields --------------------------------------------------------------------------

static struct builder *builder(void *user)
{
	return ((struct comicinfo *)user)->b;
}

// The map in which a field with a `sub` stands.
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
	if (raw.len > 0)
		field_name(builder(user), map_of(builder(user), e), key_of(e), raw);
}

static void put_text(void *user, const struct xml_element *e, struct text raw)
{
	field_text(builder(user), map_of(builder(user), e), key_of(e), raw);
}

static void put_count(void *user, const struct xml_element *e, struct text raw)
{
	if (raw.len > 0)
		field_count(builder(user), map_of(builder(user), e), key_of(e), raw);
}

static void put_year(void *user, const struct xml_element *e, struct text raw)
{
	field_bounded(builder(user), map_of(builder(user), e), key_of(e), raw, MODEL_INTEGER_MAX);
}

static void put_month(void *user, const struct xml_element *e, struct text raw)
{
	field_bounded(builder(user), map_of(builder(user), e), key_of(e), raw, 12);
}

static void put_day(void *user, const struct xml_element *e, struct text raw)
{
	field_bounded(builder(user), map_of(builder(user), e), key_of(e), raw, 31);
}

static void put_names(void *user, const struct xml_element *e, struct text raw)
{
	field_names(builder(user), key_of(e), raw);
}

static void put_credits(void *user, const struct xml_element *e, struct text raw)
{
	field_credits(builder(user), text_from(e->word), raw);
}

static void put_rating(void *user, const struct xml_element *e, struct text raw)
{
	field_rating(builder(user), key_of(e), raw);
}

static void put_language(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_language(builder(user), raw);
}

static void put_format(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_format(builder(user), raw);
}

static void put_age_rating(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	struct text known = age_rating_comicinfo(raw);

	if (known.len > 0)
		node_put_text(b, b->root, key_of(e), known);
	else
		field_name(b, b->root, key_of(e), raw);
}

static void put_manga(void *user, const struct xml_element *e, struct text raw)
{
	(void)e;
	field_manga(builder(user), raw);
}

static void put_monochrome(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	bool value = false;

	if (scalar_flag(raw, &value) == SCALAR_OK)
		node_put_flag(b, b->root, key_of(e), value);
}

// A list, of which the record has room for one.
static void put_protagonist(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	struct list_reader l;
	struct text item;

	list_init(&l, b->arena, raw);
	while (list_next(&l, &item))
		field_name(b, b->root, key_of(e), item);
	b->failed = b->failed || l.failed;
}

// The one reprint that the Alternate elements tell of.
static struct node *reprint(struct builder *b)
{
	struct node *list = node_make(b, b->root, COMIC_REPRINTS);

	return node_first(list) != NULL ? node_first(list) : node_add_map(b, list);
}

static void put_reprint_series(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	struct node *series = NULL;

	(void)e;
	if (text_trim(raw).len == 0)
		return;
	series = node_make(b, reprint(b), REPRINT_SERIES);
	field_name(b, series, REPRINT_SERIES_NAME, raw);
}

static void put_reprint_issue(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);

	(void)e;
	if (text_trim(raw).len > 0)
		field_name(b, reprint(b), REPRINT_ISSUE, raw);
}

static void put_reprint_count(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	struct node *volume = NULL;
	int64_t count = 0;

	(void)e;
	if (scalar_integer(raw, &count) != SCALAR_OK)
		return;
	volume = node_make(b, reprint(b), REPRINT_VOLUME);
	node_put_integer(b, volume, REPRINT_VOLUME_ISSUE_COUNT, count);
}

static void put_gtin(void *user, const struct xml_element *e, struct text raw)
{
	struct builder *b = builder(user);
	struct identifier id;
	struct list_reader l;
	struct text item;

	(void)e;
	list_init(&l, b->arena, raw);
	while (list_next(&l, &item)) {
		item = field_clean(b, item);
		if (item.len == 0)
			continue;
		if (identifier_parse_gtin(item, &id) || identifier_parse_url(b->arena, item, &id))
			identifier_put(b, &id);
		else
			field_warn(b, item, "an identifier");
	}
	b->failed = b->failed || l.failed;
}

// ---- what is put at the end of the document ---------------------------------------------------

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

static void keep_arcs(void *user, const struct xml_element *e, struct text raw)
{
	struct comicinfo *c = user;

	(void)e;
	keep(c, &c->arcs, raw);
}

static void keep_arc_numbers(void *user, const struct xml_element *e, struct text raw)
{
	struct comicinfo *c = user;

	(void)e;
	keep(c, &c->arc_numbers, raw);
}

static void keep_web(void *user, const struct xml_element *e, struct text raw)
{
	struct comicinfo *c = user;

	(void)e;
	keep(c, &c->web, raw);
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
		struct node *arc =
			name.len == 0 ? NULL :
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

	node_put_text(b, &page, PAGE_TYPE, field_page_type(xml_attribute(a, "Type")));
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

static void open_page(struct comicinfo *c, const struct xml_attributes *a)
{
	int64_t number = 0;

	if (scalar_integer(xml_attribute(a, "Image"), &number) != SCALAR_OK || number > INT32_MAX)
		return;
	c->has_page_0 = c->has_page_0 || number == 0;
	if (text_is(field_page_type(xml_attribute(a, "Type")), "FrontCover"))
		covers_add(&c->covers, (uint32_t)number);
	if (c->b->full)
		put_page(c->b, number, a);
}

static const struct xml_element page_elements[] = { { "Page", NULL, 0, NULL, 0, TOP, NULL } };

static void on_open(void *user, const struct xml_element *e, const struct xml_attributes *a)
{
	builder(user)->field = e->name;
	if (e == page_elements)
		open_page(user, a);
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

#define LEAF(name, close, key, sub) { name, NULL, 0, close, key, sub, NULL }
#define ROLE(name, role) { name, NULL, 0, put_credits, COMIC_CREDITS, TOP, role }

static const struct xml_element elements[] = {
	LEAF("AgeRating", put_age_rating, COMIC_AGE_RATING, TOP),
	LEAF("AlternateCount", put_reprint_count, COMIC_REPRINTS, TOP),
	LEAF("AlternateNumber", put_reprint_issue, COMIC_REPRINTS, TOP),
	LEAF("AlternateSeries", put_reprint_series, COMIC_REPRINTS, TOP),
	LEAF("BlackAndWhite", put_monochrome, COMIC_MONOCHROME, TOP),
	LEAF("Characters", put_names, COMIC_CHARACTERS, TOP),
	ROLE("Colorist", "Colorist"),
	LEAF("CommunityRating", put_rating, COMIC_COMMUNITY_RATING, TOP),
	LEAF("Count", put_count, COMIC_VOLUME, VOLUME_ISSUE_COUNT),
	ROLE("CoverArtist", "Cover Artist"),
	LEAF("Day", put_day, COMIC_DATE, DATE_DAY),
	ROLE("Editor", "Editor"),
	LEAF("Format", put_format, COMIC_ORIGINAL_FORMAT, TOP),
	LEAF("Genre", put_names, COMIC_GENRES, TOP),
	LEAF("GTIN", put_gtin, COMIC_IDENTIFIERS, TOP),
	LEAF("Imprint", put_name, COMIC_IMPRINT, PUBLISHER_NAME),
	ROLE("Inker", "Inker"),
	LEAF("LanguageISO", put_language, COMIC_LANGUAGE, TOP),
	ROLE("Letterer", "Letterer"),
	LEAF("Locations", put_names, COMIC_LOCATIONS, TOP),
	LEAF("MainCharacterOrTeam", put_protagonist, COMIC_PROTAGONIST, TOP),
	LEAF("Manga", put_manga, COMIC_MANGA, TOP),
	LEAF("Month", put_month, COMIC_DATE, DATE_MONTH),
	LEAF("Notes", put_text, COMIC_NOTES, TOP),
	LEAF("Number", put_name, COMIC_ISSUE, ISSUE_NAME),
	LEAF("PageCount", put_count, COMIC_PAGE_COUNT, TOP),
	{ "Pages", page_elements, COMIC_COUNT(page_elements), NULL, COMIC_PAGES, TOP, NULL },
	ROLE("Penciller", "Penciller"),
	LEAF("Publisher", put_name, COMIC_PUBLISHER, PUBLISHER_NAME),
	LEAF("Review", put_text, COMIC_REVIEW, TOP),
	LEAF("ScanInformation", put_name, COMIC_SCAN_INFO, TOP),
	LEAF("Series", put_name, COMIC_SERIES, SERIES_NAME),
	LEAF("SeriesGroup", put_names, COMIC_SERIES_GROUPS, TOP),
	LEAF("StoryArc", keep_arcs, COMIC_ARCS, TOP),
	LEAF("StoryArcNumber", keep_arc_numbers, COMIC_ARCS, TOP),
	LEAF("Summary", put_text, COMIC_SUMMARY, TOP),
	LEAF("Tags", put_names, COMIC_TAGS, TOP),
	LEAF("Teams", put_names, COMIC_TEAMS, TOP),
	LEAF("Title", put_name, COMIC_TITLE, TOP),
	ROLE("Translator", "Translator"),
	LEAF("Volume", put_count, COMIC_VOLUME, VOLUME_NUMBER),
	LEAF("Web", keep_web, COMIC_IDENTIFIERS, TOP),
	ROLE("Writer", "Writer"),
	LEAF("Year", put_year, COMIC_DATE, DATE_YEAR),
};

static const struct xml_element root = {
	"ComicInfo", elements, COMIC_COUNT(elements), NULL, 0, TOP, NULL,
};

int comicinfo_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	static const struct xml_format format = { &root, shorten, on_open };
	struct comicinfo c = { .b = b };

	if (reader_xml(in, b, &format, &c, err) < 0)
		return -1;
	if (!in->recognized)
		return 0;
	put_arcs(&c);
	put_web(&c);
	put_covers(&c);
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading ComicInfo.xml") : 0;
}
