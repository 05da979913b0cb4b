// SPDX-License-Identifier: MIT
// comicbookinfo.c: see comicbookinfo.h.

#include "metadata/comicbookinfo.h"

#include "metadata/field.h"
#include "metadata/role.h"
#include "metadata/scalar.h"

#include <string.h>

#define MARK "ComicBookInfo/1.0"

// ---- single fields --------------------------------------------------------------------------

struct entry {
	const char *name;
	void (*put)(struct builder *b, const struct entry *e, const struct value *v);
	enum comic_key key;
	int sub; // the field of the map at key, TOP for key itself
	int most;
};

#define TOP (-1)

static struct node *map_of(struct builder *b, const struct entry *e)
{
	return e->sub == TOP ? b->root : node_make(b, b->root, e->key);
}

static unsigned int key_of(const struct entry *e)
{
	return e->sub == TOP ? e->key : (unsigned int)e->sub;
}

static void put_name(struct builder *b, const struct entry *e, const struct value *v)
{
	field_name(b, map_of(b, e), key_of(e), value_text(v));
}

static size_t digits(struct text t, size_t at)
{
	size_t start = at;

	while (at < t.len && t.data[at] >= '0' && t.data[at] <= '9')
		at++;
	return at - start;
}

// A number, which programs write as 1, 1.0 and "001"; anything else is a name.
static void put_issue(struct builder *b, const struct entry *e, const struct value *v)
{
	struct text t = text_trim(value_text(v));
	size_t whole = digits(t, 0);
	size_t point = whole < t.len && t.data[whole] == '.' ? 1 : 0;

	if (whole > 0 && whole + point + digits(t, whole + point) == t.len) {
		while (point > 0 && t.len > whole && strchr("0.", t.data[t.len - 1]) != NULL)
			t.len--;
		for (; whole > 1 && t.data[0] == '0'; whole--)
			t = (struct text){ t.data + 1, t.len - 1 };
	}
	field_name(b, map_of(b, e), key_of(e), t);
}

static void put_text(struct builder *b, const struct entry *e, const struct value *v)
{
	field_text(b, map_of(b, e), key_of(e), value_text(v));
}

static void put_count(struct builder *b, const struct entry *e, const struct value *v)
{
	field_count(b, map_of(b, e), key_of(e), value_text(v));
}

static void put_bounded(struct builder *b, const struct entry *e, const struct value *v)
{
	field_bounded(b, map_of(b, e), key_of(e), value_text(v),
		      e->most == 0 ? MODEL_INTEGER_MAX : e->most);
}

static void put_country(struct builder *b, const struct entry *e, const struct value *v)
{
	(void)e;
	field_country(b, value_text(v));
}

static void put_language(struct builder *b, const struct entry *e, const struct value *v)
{
	(void)e;
	field_language(b, value_text(v));
}

// A list, or a text that is one.
static void put_names(struct builder *b, const struct entry *e, const struct value *v)
{
	if (v->kind == VALUE_TEXT)
		field_names(b, e->key, v->text);
	for (const struct value *m = v->first; m != NULL && v->kind == VALUE_LIST; m = m->next)
		field_names(b, e->key, value_text(m));
}

// A number on some scale of ten: to 10, to 100, to 1000, ... each half of it in stars of five.
static void put_rating(struct builder *b, const struct entry *e, const struct value *v)
{
	int64_t rating = 0;
	int64_t scale = 10;

	(void)e;
	if (scalar_integer(value_text(v), &rating) != SCALAR_OK) {
		field_rating(b, COMIC_COMMUNITY_RATING, value_text(v)); // warns
		return;
	}
	while (scale < rating)
		scale *= 10;
	// In tenths, half up; kept in hundredths.
	rating = (rating * 100 + scale) / (2 * scale);
	node_put_integer(b, node_make(b, b->root, COMIC_COMMUNITY_RATING), RATING_AVERAGE,
			 rating * 10);
}

static void put_credit(struct builder *b, const struct value *v)
{
	struct text name = field_clean(b, value_text(value_get(v, "person")));
	struct text role = field_clean(b, value_text(value_get(v, "role")));
	struct text primary = value_text(value_get(v, "primary"));
	struct node *person = NULL;
	struct node *primaries = NULL;
	bool is_primary = false;

	if (name.len == 0 || role.len == 0)
		return;
	role = role_canonical(b->arena, role);
	if (role.data == NULL) {
		b->failed = true;
		return;
	}
	person = node_add(b, node_make(b, b->root, COMIC_CREDITS), name);
	(void)node_add(b, node_make(b, person, CREDIT_ROLES), role);
	if (!b->full || scalar_flag(primary, &is_primary) != SCALAR_OK || !is_primary)
		return;
	primaries = node_add(b, node_make(b, b->root, COMIC_CREDIT_PRIMARIES), role);
	if (primaries != NULL && primaries->u.text.len == 0)
		primaries->u.text = name;
}

static void put_credits(struct builder *b, const struct entry *e, const struct value *v)
{
	(void)e;
	if (v->kind == VALUE_MAP)
		put_credit(b, v);
	for (const struct value *m = v->first; m != NULL && v->kind == VALUE_LIST; m = m->next)
		put_credit(b, m);
}

// ---- the document -----------------------------------------------------------------------------

static const struct entry entries[] = {
	{ "comments", put_text, COMIC_SUMMARY, TOP, 0 },
	{ "country", put_country, COMIC_COUNTRY, TOP, 0 },
	{ "credits", put_credits, COMIC_CREDITS, TOP, 0 },
	{ "genre", put_names, COMIC_GENRES, TOP, 0 },
	{ "issue", put_issue, COMIC_ISSUE, ISSUE_NAME, 0 },
	{ "language", put_language, COMIC_LANGUAGE, TOP, 0 },
	{ "numberOfIssues", put_count, COMIC_VOLUME, VOLUME_ISSUE_COUNT, 0 },
	{ "numberOfVolumes", put_count, COMIC_SERIES, SERIES_VOLUME_COUNT, 0 },
	{ "pages", put_count, COMIC_PAGE_COUNT, TOP, 0 },
	{ "publicationDay", put_bounded, COMIC_DATE, DATE_DAY, 31 },
	{ "publicationMonth", put_bounded, COMIC_DATE, DATE_MONTH, 12 },
	{ "publicationYear", put_bounded, COMIC_DATE, DATE_YEAR, 0 },
	{ "publisher", put_name, COMIC_PUBLISHER, PUBLISHER_NAME, 0 },
	{ "rating", put_rating, COMIC_COMMUNITY_RATING, TOP, 0 },
	{ "series", put_name, COMIC_SERIES, SERIES_NAME, 0 },
	{ "tags", put_names, COMIC_TAGS, TOP, 0 },
	{ "title", put_name, COMIC_TITLE, TOP, 0 },
	{ "volume", put_count, COMIC_VOLUME, VOLUME_NUMBER, 0 },
};

static void put_entries(struct builder *b, const struct value *info)
{
	for (size_t i = 0; i < COMIC_COUNT(entries); i++) {
		const struct value *v = value_get(info, entries[i].name);

		b->field = entries[i].name;
		if (v != NULL)
			entries[i].put(b, &entries[i], v);
	}
}

static int read_document(struct metadata_input *in, struct builder *b, bool is_guess,
			 struct comic_err *err)
{
	struct value_document d = { .read = value_read_json, .mark = MARK, .is_guess = is_guess };

	if (reader_value(in, b, &d, err) < 0)
		return -1;
	put_entries(b, d.inside);
	b->field = "appID";
	if (d.inside != NULL)
		field_name(b, b->root, COMIC_TAGGER, value_text(value_get(&d.whole, "appID")));
	b->field = "lastModified";
	if (d.inside != NULL)
		field_time(b, value_text(value_get(&d.whole, "lastModified")));
	b->field = NULL;
	return b->failed ? err_set_nomem(err, "reading ComicBookInfo") : 0;
}

int comicbookinfo_read(struct metadata_input *in, struct builder *b, struct comic_err *err)
{
	return read_document(in, b, false, err);
}

int comicbookinfo_read_comment(struct metadata_input *in, struct builder *b,
			       struct comic_err *err)
{
	struct text t = text_trim(in->document);

	if (t.len == 0 || memchr(t.data, '{', t.len < 4 ? t.len : 4) == NULL) // after a BOM at most
		return 0;
	return read_document(in, b, true, err);
}
