// SPDX-License-Identifier: MIT
// metroninfo.c: see metroninfo.h.
//
// Anything may carry an `id`: its key at the primary source, which an <ID> or <URL> anywhere in
// the document declares. So ids are kept until the end.

#include "metadata/metroninfo.h"

#include "metadata/age_rating.h"
#include "metadata/field.h"
#include "metadata/identifier.h"
#include "metadata/language.h"
#include "metadata/metron_words.h"
#include "metadata/role.h"

#include <string.h>

struct kept_id {
	struct kept_id *next;
	struct node *owner;
	unsigned int identifiers; // the key of its identifiers
	struct text id;
};

struct kept_role {
	struct kept_role *next;
	struct text name;
	struct text id;
};

struct metroninfo {
	struct builder *b;
	// Attributes of the open element without children.
	struct text id;
	struct text source; // also @country and @lang
	bool primary;
	// Parts of the open Arc, Universe or Credit, which may come in any order.
	struct text name;
	struct text part; // Number or Designation
	struct text name_id;
	struct kept_role *roles;
	struct kept_role **last_role;
	// Kept until the end.
	struct kept_id *ids;
	struct text primary_id;  // a source
	struct text primary_url; // a source
	struct text manga_volume;
};

#define TOP (-1) // as xml_element.sub: a field of the record itself

// ---- ids ------------------------------------------------------------------------------------

static void keep_id(struct metroninfo *m, struct node *owner, unsigned int identifiers,
		    struct text id)
{
	struct kept_id *k = NULL;

	if (owner == NULL || id.len == 0)
		return;
	k = arena_alloc(m->b->arena, sizeof(*k));
	if (k == NULL) {
		m->b->failed = true;
		return;
	}
	*k = (struct kept_id){ m->ids, owner, identifiers, id };
	m->ids = k;
}

static void put_ids(struct metroninfo *m)
{
	struct builder *b = m->b;
	struct text source = m->primary_id.len > 0 ? m->primary_id : m->primary_url;

	if (source.len > 0)
		identifier_put_primary(b, source);
	else
		source = TEXT("metron");
	for (const struct kept_id *k = m->ids; k != NULL && !b->failed; k = k->next) {
		struct node *list = node_make(b, k->owner, k->identifiers);
		struct identifier id;

		identifier_parse_key(source, k->id, &id);
		node_put_text(b, node_add(b, list, source), IDENTIFIER_KEY, id.key);
	}
}

static void put_id(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text source = identifier_source(m->source);
	struct identifier id;

	(void)e;
	raw = field_clean(b, raw);
	if (source.len == 0 && raw.len > 0)
		field_warn(b, m->source, "a known source");
	if (source.len == 0 || raw.len == 0)
		return;
	identifier_parse_key(source, raw, &id);
	identifier_put(b, &id);
	if (m->primary && m->primary_id.len == 0)
		m->primary_id = source;
}

static void put_url(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct identifier id;

	(void)e;
	raw = field_clean(b, raw);
	if (raw.len == 0)
		return;
	if (!identifier_parse_url(b->arena, raw, &id)) {
		field_warn(b, raw, "an address");
		return;
	}
	identifier_put(b, &id);
	if (m->primary && m->primary_url.len == 0)
		m->primary_url = id.source;
}

static void put_cover_number(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct identifier id = { .source = text_from(e->word), .key = field_clean(m->b, raw) };

	if (id.key.len > 0)
		identifier_put(m->b, &id);
}

// ---- arcs, universes, credits -----------------------------------------------------------------

static void begin_member(struct metroninfo *m)
{
	m->name = TEXT("");
	m->part = TEXT("");
	m->name_id = TEXT("");
	m->roles = NULL;
	m->last_role = &m->roles;
}

static void keep_name(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	if (text_trim(raw).len == 0)
		return;
	m->name = m->name.len > 0 ? m->name : field_clean(m->b, raw);
	m->name_id = m->name_id.len > 0 ? m->name_id : m->id;
}

static void keep_part(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	m->part = m->part.len > 0 ? m->part : field_clean(m->b, raw);
}

static void keep_role(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text name = field_clean(b, raw);
	struct kept_role *role = NULL;

	(void)e;
	if (name.len == 0)
		return;
	if (!metron_is_role(name)) {
		field_warn(b, name, "a role of MetronInfo");
		return;
	}
	role = arena_alloc(b->arena, sizeof(*role));
	name = role_canonical(b->arena, name);
	if (role == NULL || name.data == NULL) {
		b->failed = true;
		return;
	}
	*role = (struct kept_role){ NULL, name, m->id };
	*m->last_role = role;
	m->last_role = &role->next;
}

static void end_credit(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct node *person = NULL;

	(void)raw;
	b->field = e->name;
	if (m->name.len > 0)
		person = node_add(b, node_make(b, b->root, COMIC_CREDITS), m->name);
	if (person == NULL)
		return;
	keep_id(m, person, CREDIT_IDENTIFIERS, m->name_id);
	for (const struct kept_role *r = m->roles; r != NULL; r = r->next) {
		struct node *role = node_add(b, node_make(b, person, CREDIT_ROLES), r->name);

		keep_id(m, role, NAMED_IDENTIFIERS, r->id);
	}
}

static void end_member(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct node *member = NULL;

	(void)raw;
	b->field = e->name;
	if (m->name.len > 0)
		member = node_add(b, node_make(b, b->root, (unsigned int)e->key), m->name);
	if (member == NULL)
		return;
	keep_id(m, member, (unsigned int)e->sub, m->name_id);
	if (m->part.len == 0)
		return;
	if (e->key == COMIC_ARCS)
		field_count(b, member, ARC_NUMBER, m->part);
	else
		node_put_text(b, member, UNIVERSE_DESIGNATION, m->part);
}

// ---- single fields ----------------------------------------------------------------------------

// Where a plain value goes.
static struct node *map_of(struct metroninfo *m, const struct xml_element *e)
{
	return e->sub == TOP ? m->b->root : node_make(m->b, m->b->root, (unsigned int)e->key);
}

static unsigned int key_of(const struct xml_element *e)
{
	return (unsigned int)(e->sub == TOP ? e->key : e->sub);
}

static void put_name(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	if (text_trim(raw).len > 0)
		field_name(m->b, map_of(m, e), key_of(e), raw);
}

static void put_long_text(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	if (text_trim(raw).len > 0)
		field_text(m->b, map_of(m, e), key_of(e), raw);
}

static void put_count(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	if (text_trim(raw).len > 0)
		field_count(m->b, map_of(m, e), key_of(e), raw);
}

static void put_positive(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	if (text_trim(raw).len > 0)
		field_bounded(m->b, map_of(m, e), key_of(e), raw, MODEL_INTEGER_MAX);
}

static void put_rating(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	field_rating(m->b, (unsigned int)e->key, raw);
}

static void put_rating_count(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	field_rating_count(m->b, (unsigned int)e->key, raw);
}

static void put_date(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	field_date(m->b, (unsigned int)e->sub, raw);
}

static void put_time(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	field_time(m->b, raw);
}

static void put_price(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	field_price(m->b, m->source, raw);
}

static void put_reprint(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	keep_id(m, field_reprint(m->b, raw), REPRINT_IDENTIFIERS, m->id);
}

static void put_age_rating(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text name;
	int rank = 0;

	(void)e;
	if (text_trim(raw).len > 0 && age_rating_rank(raw, &rank, &name))
		node_put_text(b, b->root, COMIC_AGE_RATING, name);
	else if (text_trim(raw).len > 0)
		field_warn(b, raw, "an age rating of MetronInfo");
}

static void put_format(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text name = field_clean(b, raw);
	struct text format;

	(void)e;
	if (name.len == 0)
		return;
	format = metron_format(b->arena, name);
	if (format.data == NULL)
		b->failed = true;
	else if (format.len > 0)
		node_put_text(b, b->root, COMIC_ORIGINAL_FORMAT, format);
	else
		field_warn(b, name, "a format of MetronInfo");
}

static void put_start_year(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct node *map = NULL;
	struct node *year = NULL;
	bool known = false;

	if (text_trim(raw).len == 0)
		return;
	map = map_of(m, e);
	known = node_get(map, SERIES_START_YEAR) != NULL;
	field_bounded(m->b, map, SERIES_START_YEAR, raw, 9999);
	year = node_get(map, SERIES_START_YEAR);
	if (!known && year != NULL && year->u.integer < 1000)
		year->u.integer = 1000;
}

static void keep_manga_volume(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	(void)e;
	m->manga_volume = m->manga_volume.len > 0 ? m->manga_volume : field_clean(m->b, raw);
}

// "1950" or "1950-1952"; the first is the volume only where Series does not give it.
static void put_manga_volume(struct metroninfo *m)
{
	struct builder *b = m->b;
	struct text from = m->manga_volume;
	const char *dash = from.len == 0 ? NULL : memchr(from.data, '-', from.len);
	struct text to = TEXT("");

	b->field = "MangaVolume";
	if (dash != NULL && dash > from.data) {
		to = (struct text){ dash + 1, (size_t)(from.data + from.len - dash) - 1 };
		from.len = (size_t)(dash - from.data);
	}
	if (from.len > 0)
		field_count(b, node_make(b, b->root, COMIC_VOLUME), VOLUME_NUMBER, from);
	if (to.len > 0)
		field_count(b, node_make(b, b->root, COMIC_VOLUME), VOLUME_NUMBER_TO, to);
}

static void put_alternative_name(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text name = field_clean(b, raw);
	struct node *reprint = NULL;

	(void)e;
	if (name.len > 0)
		reprint = node_add_map(b, node_make(b, b->root, COMIC_REPRINTS));
	if (reprint == NULL)
		return;
	node_put_text(b, node_make(b, reprint, REPRINT_SERIES), REPRINT_SERIES_NAME, name);
	node_put_text(b, reprint, REPRINT_LANGUAGE, language_code(m->source));
	keep_id(m, reprint, REPRINT_IDENTIFIERS, m->id);
}

static void put_resource(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;
	struct text name = field_clean(b, raw);

	if (name.len > 0)
		keep_id(m, node_add(b, node_make(b, b->root, (unsigned int)e->key), name),
			(unsigned int)e->sub, m->id);
}

static void put_imprint(void *user, const struct xml_element *e, struct text raw)
{
	struct metroninfo *m = user;

	if (text_trim(raw).len == 0)
		return;
	put_name(m, e, raw);
	keep_id(m, map_of(m, e), PUBLISHER_IDENTIFIERS, m->id);
}

// ---- the document -----------------------------------------------------------------------------

#define LEAF(name, close, key, sub) { name, NULL, 0, close, key, sub, NULL }
#define WORD(name, close, word) { name, NULL, 0, close, TOP, TOP, word }
#define PARENT(name, list, close, key, sub) \
	{ name, list, COMIC_COUNT(list), close, key, sub, NULL }

static const struct xml_element alternative_names[] = {
	LEAF("AlternativeName", put_alternative_name, COMIC_REPRINTS, TOP),
};
static const struct xml_element arc[] = {
	LEAF("Name", keep_name, TOP, TOP),
	LEAF("Number", keep_part, TOP, TOP),
};
static const struct xml_element arcs[] = {
	PARENT("Arc", arc, end_member, COMIC_ARCS, ARC_IDENTIFIERS),
};
static const struct xml_element characters[] = {
	LEAF("Character", put_resource, COMIC_CHARACTERS, NAMED_IDENTIFIERS),
};
static const struct xml_element community_rating[] = {
	LEAF("AverageRating", put_rating, COMIC_COMMUNITY_RATING, RATING_AVERAGE),
	LEAF("RatingCount", put_rating_count, COMIC_COMMUNITY_RATING, RATING_COUNT),
};
static const struct xml_element roles[] = { LEAF("Role", keep_role, TOP, TOP) };
static const struct xml_element credit[] = {
	LEAF("Creator", keep_name, TOP, TOP),
	PARENT("Roles", roles, NULL, TOP, TOP),
};
static const struct xml_element credits[] = {
	PARENT("Credit", credit, end_credit, COMIC_CREDITS, CREDIT_IDENTIFIERS),
};
static const struct xml_element genres[] = {
	LEAF("Genre", put_resource, COMIC_GENRES, NAMED_IDENTIFIERS),
};
static const struct xml_element gtin[] = {
	WORD("ISBN", put_cover_number, "isbn"),
	WORD("UPC", put_cover_number, "upc"),
};
static const struct xml_element ids[] = { LEAF("ID", put_id, COMIC_IDENTIFIERS, TOP) };
static const struct xml_element locations[] = {
	LEAF("Location", put_resource, COMIC_LOCATIONS, NAMED_IDENTIFIERS),
};
static const struct xml_element prices[] = { LEAF("Price", put_price, COMIC_PRICES, TOP) };
static const struct xml_element publisher[] = {
	LEAF("Imprint", put_imprint, COMIC_IMPRINT, PUBLISHER_NAME),
	LEAF("Name", put_name, COMIC_PUBLISHER, PUBLISHER_NAME),
};
static const struct xml_element reprints[] = { LEAF("Reprint", put_reprint, COMIC_REPRINTS, TOP) };
static const struct xml_element series[] = {
	PARENT("AlternativeNames", alternative_names, NULL, TOP, TOP),
	LEAF("Format", put_format, COMIC_ORIGINAL_FORMAT, TOP),
	LEAF("IssueCount", put_positive, COMIC_VOLUME, VOLUME_ISSUE_COUNT),
	LEAF("Name", put_name, COMIC_SERIES, SERIES_NAME),
	LEAF("SortName", put_name, COMIC_SERIES, SERIES_SORT_NAME),
	LEAF("StartYear", put_start_year, COMIC_SERIES, SERIES_START_YEAR),
	LEAF("Volume", put_count, COMIC_VOLUME, VOLUME_NUMBER),
	LEAF("VolumeCount", put_count, COMIC_SERIES, SERIES_VOLUME_COUNT),
};
static const struct xml_element stories[] = {
	LEAF("Story", put_resource, COMIC_STORIES, NAMED_IDENTIFIERS),
};
static const struct xml_element tags[] = { LEAF("Tag", put_resource, COMIC_TAGS,
						NAMED_IDENTIFIERS) };
static const struct xml_element teams[] = {
	LEAF("Team", put_resource, COMIC_TEAMS, NAMED_IDENTIFIERS),
};
static const struct xml_element universe[] = {
	LEAF("Designation", keep_part, TOP, TOP),
	LEAF("Name", keep_name, TOP, TOP),
};
static const struct xml_element universes[] = {
	PARENT("Universe", universe, end_member, COMIC_UNIVERSES, UNIVERSE_IDENTIFIERS),
};
static const struct xml_element urls[] = { LEAF("URL", put_url, COMIC_IDENTIFIERS, TOP) };

static const struct xml_element elements[] = {
	LEAF("AgeRating", put_age_rating, COMIC_AGE_RATING, TOP),
	LEAF("AlternativeNumber", put_name, COMIC_ALTERNATIVE_ISSUE, ISSUE_NAME),
	PARENT("Arcs", arcs, NULL, TOP, TOP),
	PARENT("Characters", characters, NULL, TOP, TOP),
	LEAF("CollectionTitle", put_name, COMIC_COLLECTION_TITLE, TOP),
	PARENT("CommunityRating", community_rating, NULL, TOP, TOP),
	LEAF("CoverDate", put_date, COMIC_DATE, DATE_COVER_DATE),
	PARENT("Credits", credits, NULL, TOP, TOP),
	PARENT("Genres", genres, NULL, TOP, TOP),
	PARENT("GTIN", gtin, NULL, TOP, TOP),
	PARENT("IDS", ids, NULL, TOP, TOP),
	LEAF("LastModified", put_time, COMIC_UPDATED_AT, TOP),
	PARENT("Locations", locations, NULL, TOP, TOP),
	LEAF("MangaVolume", keep_manga_volume, COMIC_VOLUME, TOP),
	LEAF("Notes", put_long_text, COMIC_NOTES, TOP),
	LEAF("Number", put_name, COMIC_ISSUE, ISSUE_NAME),
	LEAF("PageCount", put_count, COMIC_PAGE_COUNT, TOP),
	PARENT("Prices", prices, NULL, TOP, TOP),
	PARENT("Publisher", publisher, NULL, COMIC_PUBLISHER, PUBLISHER_IDENTIFIERS),
	PARENT("Reprints", reprints, NULL, TOP, TOP),
	PARENT("Series", series, NULL, COMIC_SERIES, SERIES_IDENTIFIERS),
	LEAF("StoreDate", put_date, COMIC_DATE, DATE_STORE_DATE),
	PARENT("Stories", stories, NULL, TOP, TOP),
	LEAF("Summary", put_long_text, COMIC_SUMMARY, TOP),
	PARENT("Tags", tags, NULL, TOP, TOP),
	PARENT("Teams", teams, NULL, TOP, TOP),
	PARENT("Universes", universes, NULL, TOP, TOP),
	PARENT("URLs", urls, NULL, TOP, TOP),
};

static const struct xml_element root = PARENT("MetronInfo", elements, NULL, TOP, TOP);

static struct text attribute(struct metroninfo *m, const struct xml_attributes *a, const char *name)
{
	struct text value = xml_attribute(a, name);

	return value.data == NULL ? TEXT("") : field_clean(m->b, value);
}

static void on_open(void *user, const struct xml_element *e, const struct xml_attributes *a)
{
	struct metroninfo *m = user;
	struct builder *b = m->b;

	b->field = e->name;
	m->id = attribute(m, a, "id");
	if (e->close == end_member || e->close == end_credit) {
		begin_member(m);
		m->name_id = m->id;
	} else if (e->children == publisher || e->children == series) {
		if (m->id.len > 0)
			keep_id(m, node_make(b, b->root, (unsigned int)e->key),
				(unsigned int)e->sub, m->id);
		if (e->key == COMIC_SERIES)
			field_language(b, attribute(m, a, "lang"));
	} else if (e->close == put_id || e->close == put_url) {
		struct text primary = attribute(m, a, "primary");

		m->source = attribute(m, a, "source");
		m->primary = text_equal_nocase(primary, TEXT("true")) || text_is(primary, "1");
	} else if (e->close == put_price) {
		m->source = attribute(m, a, "country");
	} else if (e->close == put_alternative_name) {
		m->source = attribute(m, a, "lang");
	}
}

int metroninfo_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	static const struct xml_format format = { &root, NULL, on_open };
	struct metroninfo m = { .b = b };

	begin_member(&m);
	if (reader_xml(in, b, &format, &m, err) < 0)
		return -1;
	put_manga_volume(&m);
	put_ids(&m);
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading MetronInfo.xml") : 0;
}
