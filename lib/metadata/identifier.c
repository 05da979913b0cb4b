// SPDX-License-Identifier: MIT
// identifier.c: see identifier.h. Addresses are in identifier_url.c.

#include "metadata/identifier.h"

#include "metadata/identifier_table.h"
#include "metadata/vocabulary.h"

#include <string.h>

// In order of preference.
static const struct {
	const char *name;
	const char *title;
} sources[] = {
	[SOURCE_METRON] = { "metron", "Metron" },
	[SOURCE_COMICVINE] = { "comicvine", "Comic Vine" },
	[SOURCE_GCD] = { "grandcomicsdatabase", "Grand Comics Database" },
	[SOURCE_LOCG] = { "leagueofcomicgeeks", "League of Comic Geeks" },
	[SOURCE_MARVEL] = { "marvel", "Marvel" },
	[SOURCE_PANELSYNDICATE] = { "panelsyndicate", "Panel Syndicate" },
	[SOURCE_ANILIST] = { "anilist", "AniList" },
	[SOURCE_KITSU] = { "kitsu", "Kitsu" },
	[SOURCE_MANGADEX] = { "mangadex", "MangaDex" },
	[SOURCE_MANGAUPDATES] = { "mangaupdates", "MangaUpdates" },
	[SOURCE_MYANIMELIST] = { "myanimelist", "MyAnimeList" },
	[SOURCE_GTIN] = { "gtin", "GTIN" },
	[SOURCE_ISBN] = { "isbn", "ISBN" },
	[SOURCE_UPC] = { "upc", "UPC" },
	[SOURCE_ASIN] = { "asin", "Amazon" },
	[SOURCE_COMIXOLOGY] = { "comixology", "ComiXology" },
};

struct alias {
	const char *key;
	enum source source;
};

static const struct alias aliases[] = {
	{ "amazon", SOURCE_ASIN },
	{ "anilist", SOURCE_ANILIST },
	{ "asin", SOURCE_ASIN },
	{ "cmxdb", SOURCE_COMIXOLOGY },
	{ "comicvine", SOURCE_COMICVINE },
	{ "comixology", SOURCE_COMIXOLOGY },
	{ "cvdb", SOURCE_COMICVINE },
	{ "gcd", SOURCE_GCD },
	{ "grandcomicsdatabase", SOURCE_GCD },
	{ "gtin", SOURCE_GTIN },
	{ "isbn", SOURCE_ISBN },
	{ "kitsu", SOURCE_KITSU },
	{ "leagueofcomicgeeks", SOURCE_LOCG },
	{ "locg", SOURCE_LOCG },
	{ "mangadex", SOURCE_MANGADEX },
	{ "mangaupdates", SOURCE_MANGAUPDATES },
	{ "marvel", SOURCE_MARVEL },
	{ "metron", SOURCE_METRON },
	{ "myanimelist", SOURCE_MYANIMELIST },
	{ "panelsyndicate", SOURCE_PANELSYNDICATE },
	{ "upc", SOURCE_UPC },
};

static const struct vocabulary alias_vocabulary = VOCABULARY(aliases, " -_");

static const char *const type_names[IDENTIFIER_TYPES] = {
	[IDENTIFIER_ISSUE] = "issue",
	[IDENTIFIER_ARC] = "arc",
	[IDENTIFIER_CHARACTER] = "character",
	[IDENTIFIER_CREATOR] = "creator",
	[IDENTIFIER_GENRE] = "genre",
	[IDENTIFIER_IMPRINT] = "imprint",
	[IDENTIFIER_LOCATION] = "location",
	[IDENTIFIER_PUBLISHER] = "publisher",
	[IDENTIFIER_REPRINT] = "reprint",
	[IDENTIFIER_ROLE] = "role",
	[IDENTIFIER_SERIES] = "series",
	[IDENTIFIER_STORY] = "story",
	[IDENTIFIER_TAG] = "tag",
	[IDENTIFIER_TEAM] = "team",
	[IDENTIFIER_UNIVERSE] = "universe",
	[IDENTIFIER_VOLUME] = "volume",
};

// ---- sources and types ----------------------------------------------------------------------

struct text identifier_name_of(enum source s)
{
	return text_from(sources[s].name);
}

bool identifier_find_source(struct text name, enum source *out)
{
	const struct alias *a = vocabulary_find(&alias_vocabulary, text_trim(name));

	if (a != NULL)
		*out = a->source;
	return a != NULL || identifier_host_source(name, out);
}

struct text identifier_source(struct text name)
{
	enum source s = SOURCE_METRON;

	return identifier_find_source(name, &s) ? identifier_name_of(s) : TEXT("");
}

int identifier_source_rank(struct text source)
{
	int rank = 0;

	while (rank < (int)COMIC_COUNT(sources) && !text_is(source, sources[rank].name))
		rank++;
	return rank;
}

const char *identifier_source_title(struct text source)
{
	int rank = identifier_source_rank(source);

	return rank < (int)COMIC_COUNT(sources) ? sources[rank].title : NULL;
}

const char *identifier_type_name(enum identifier_type type)
{
	return type_names[type];
}

bool identifier_find_type(struct text name, enum identifier_type *out)
{
	for (unsigned int i = 0; i < IDENTIFIER_TYPES; i++) {
		if (text_equal_nocase(name, text_from(type_names[i]))) {
			*out = (enum identifier_type)i;
			return true;
		}
	}
	return false;
}

// ---- Comic Vine's long codes ------------------------------------------------------------------

static const struct {
	const char *code;
	enum identifier_type type;
} comicvine_codes[] = {
	{ "4000", IDENTIFIER_ISSUE },     { "4005", IDENTIFIER_CHARACTER },
	{ "4010", IDENTIFIER_PUBLISHER }, { "4020", IDENTIFIER_LOCATION },
	{ "4040", IDENTIFIER_CREATOR },   { "4045", IDENTIFIER_ARC },
	{ "4050", IDENTIFIER_SERIES },    { "4060", IDENTIFIER_TEAM },
};

const char *identifier_comicvine_code(enum identifier_type type)
{
	for (size_t i = 0; i < COMIC_COUNT(comicvine_codes); i++) {
		if (comicvine_codes[i].type == type)
			return comicvine_codes[i].code;
	}
	return NULL;
}

static bool is_digits(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (t.data[i] < '0' || t.data[i] > '9')
			return false;
	}
	return t.len > 0;
}

bool identifier_parse_comicvine(struct text t, struct identifier *out)
{
	struct text key = { t.data + 5, t.len - 5 };

	if (t.len < 6 || t.data[4] != '-' || !is_digits(key))
		return false;
	for (size_t i = 0; i < COMIC_COUNT(comicvine_codes); i++) {
		if (memcmp(t.data, comicvine_codes[i].code, 4) == 0) {
			*out = (struct identifier){ identifier_name_of(SOURCE_COMICVINE),
						    comicvine_codes[i].type, key, TEXT("") };
			return true;
		}
	}
	return false;
}

// ---- texts ------------------------------------------------------------------------------------

// Cuts what stands before the first ":" off t; without one, all of it.
static struct text take_part(struct text *t)
{
	const char *colon = memchr(t->data, ':', t->len);
	struct text part = *t;

	if (colon == NULL) {
		*t = (struct text){ t->data + t->len, 0 };
		return part;
	}
	part.len = (size_t)(colon - t->data);
	t->data += part.len + 1;
	t->len -= part.len + 1;
	return part;
}

static bool has_space(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if ((uint8_t)t.data[i] <= ' ')
			return true;
	}
	return false;
}

// SRC:KEY or SRC:...:TYPE:KEY, without "urn:".
static bool parse_colons(struct text t, struct identifier *out)
{
	struct text name = text_trim(take_part(&t));
	struct text before = TEXT("");
	enum source s = SOURCE_METRON;

	if (name.len == 0 || !identifier_find_source(name, &s))
		return false;
	*out = (struct identifier){ identifier_name_of(s), IDENTIFIER_ISSUE, TEXT(""), TEXT("") };
	while (memchr(t.data, ':', t.len) != NULL)
		before = take_part(&t);
	out->key = text_trim(t);
	if (out->key.len == 0 || has_space(out->key))
		return false;
	if (s == SOURCE_COMICVINE && identifier_parse_comicvine(out->key, out))
		return true;
	return before.len == 0 || identifier_find_type(before, &out->type);
}

// CVDB123: a name and digits, nothing else.
static bool parse_joined(struct text t, struct identifier *out)
{
	struct text name = t;
	enum source s = SOURCE_METRON;
	struct text key = t;

	while (name.len > 0 && name.data[name.len - 1] >= '0' && name.data[name.len - 1] <= '9')
		name.len--;
	key.data += name.len;
	key.len -= name.len;
	if (name.len == 0 || key.len == 0 || has_space(name) || !identifier_find_source(name, &s))
		return false;
	*out = (struct identifier){ identifier_name_of(s), IDENTIFIER_ISSUE, key, TEXT("") };
	return true;
}

bool identifier_parse(struct text t, struct identifier *out)
{
	t = text_trim(t);
	if (t.len > 4 && text_equal_nocase((struct text){ t.data, 4 }, TEXT("urn:")))
		return parse_colons((struct text){ t.data + 4, t.len - 4 }, out);
	if (memchr(t.data, ':', t.len) != NULL)
		return parse_colons(t, out);
	return identifier_parse_comicvine(t, out) || parse_joined(t, out);
}

void identifier_parse_key(struct text source, struct text t, struct identifier *out)
{
	struct text key = text_trim(t);
	struct text type = take_part(&key);

	if (identifier_parse(t, out) && text_equal(out->source, source))
		return;
	*out = (struct identifier){ source, IDENTIFIER_ISSUE, text_trim(t), TEXT("") };
	if (key.len > 0 && identifier_find_type(type, &out->type))
		out->key = key;
}

// ---- numbers on the cover ---------------------------------------------------------------------

// The digits of a printed number, without hyphens and spaces; X only as the last of an ISBN-10.
// 0 if other characters are in it.
static size_t barcode_digits(struct text t, char out[20])
{
	size_t len = 0;

	for (size_t i = 0; i < t.len; i++) {
		char c = t.data[i];

		if (c == '-' || c == ' ')
			continue;
		if (len == 20 || !((c >= '0' && c <= '9') || (len == 9 && (c == 'X' || c == 'x'))))
			return 0;
		out[len++] = c;
	}
	return len;
}

static bool is_isbn10(const char digits[10])
{
	int sum = 0;

	for (int i = 0; i < 10; i++)
		sum += (10 - i) * ((digits[i] | 0x20) == 'x' ? 10 : digits[i] - '0');
	return sum % 11 == 0;
}

// "ISBN-13: 978..." without what stands before the number.
static struct text skip_label(struct text t)
{
	static const char *const labels[] = { "ISBN-13", "ISBN-10", "ISBN", "GTIN", "UPC", "EAN" };

	for (size_t i = 0; i < COMIC_COUNT(labels); i++) {
		struct text label = text_from(labels[i]);

		if (t.len <= label.len ||
		    !text_equal_nocase((struct text){ t.data, label.len }, label))
			continue;
		t = (struct text){ t.data + label.len, t.len - label.len };
		while (t.len > 0 && (t.data[0] == ':' || t.data[0] == ' '))
			t = (struct text){ t.data + 1, t.len - 1 };
		return t;
	}
	return t;
}

bool identifier_parse_gtin(struct text t, struct identifier *out)
{
	enum source s = SOURCE_GTIN;
	char digits[20];
	size_t len = 0;

	if (identifier_parse(t, out))
		return true;
	t = skip_label(text_trim(t));
	len = barcode_digits(t, digits);
	if (len == 0 || (len > 10 && (digits[9] | 0x20) == 'x'))
		return false;
	if (len == 13 && (memcmp(digits, "978", 3) == 0 || memcmp(digits, "979", 3) == 0))
		s = SOURCE_ISBN;
	else if (len == 10 && is_isbn10(digits))
		s = SOURCE_ISBN;
	else if (len == 12 || len == 13 || len == 14 || len == 17)
		s = SOURCE_UPC;
	*out = (struct identifier){ identifier_name_of(s), IDENTIFIER_ISSUE, t, TEXT("") };
	return true;
}

// ---- into the record --------------------------------------------------------------------------

// "series:5678" for a key of something the record has no place for.
static struct text typed_key(struct builder *b, const struct identifier *id)
{
	const char *type = identifier_type_name(id->type);
	size_t len = strlen(type);
	char *out = arena_alloc(b->arena, len + 1 + id->key.len);

	if (out == NULL) {
		b->failed = true;
		return TEXT("");
	}
	memcpy(out, type, len);
	out[len] = ':';
	memcpy(out + len + 1, id->key.data, id->key.len);
	return (struct text){ out, len + 1 + id->key.len };
}

void identifier_put(struct builder *b, const struct identifier *id)
{
	struct node *entry = NULL;
	struct node *map = NULL;
	struct text key = id->key;

	if (id->type == IDENTIFIER_SERIES)
		map = node_make(b, node_make(b, b->root, COMIC_SERIES), SERIES_IDENTIFIERS);
	else if (id->type == IDENTIFIER_PUBLISHER)
		map = node_make(b, node_make(b, b->root, COMIC_PUBLISHER), PUBLISHER_IDENTIFIERS);
	else if (id->type == IDENTIFIER_IMPRINT)
		map = node_make(b, node_make(b, b->root, COMIC_IMPRINT), PUBLISHER_IDENTIFIERS);
	else
		map = node_make(b, b->root, COMIC_IDENTIFIERS);
	if (id->type != IDENTIFIER_ISSUE && map == node_get(b->root, COMIC_IDENTIFIERS) &&
	    key.len > 0)
		key = typed_key(b, id);
	entry = node_add(b, map, id->source);
	if (entry == NULL)
		return;
	node_put_text(b, entry, IDENTIFIER_KEY, key);
	node_put_text(b, entry, IDENTIFIER_URL, id->url);
}

void identifier_put_primary(struct builder *b, struct text source)
{
	struct node *primary = node_make(b, b->root, COMIC_IDENTIFIER_PRIMARY_SOURCE);
	struct text home = identifier_home(b->arena, source);

	b->failed = b->failed || home.data == NULL;
	node_put_text(b, primary, PRIMARY_SOURCE, source);
	node_put_text(b, primary, PRIMARY_URL, home);
}
