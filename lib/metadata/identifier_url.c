// SPDX-License-Identifier: MIT
// identifier_url.c: identifiers from addresses and back; see identifier.h.

#include "metadata/identifier.h"

#include "metadata/identifier_table.h"
#include "metadata/vocabulary.h"

#include <string.h>

struct host {
	const char *key;
	enum source source;
};

static const struct host hosts[] = {
	{ "amazon.ca", SOURCE_ASIN },
	{ "amazon.co.jp", SOURCE_ASIN },
	{ "amazon.co.uk", SOURCE_ASIN },
	{ "amazon.com", SOURCE_ASIN },
	{ "amazon.com.br", SOURCE_ASIN },
	{ "amazon.com.mx", SOURCE_ASIN },
	{ "amazon.de", SOURCE_ASIN },
	{ "amazon.es", SOURCE_ASIN },
	{ "amazon.fr", SOURCE_ASIN },
	{ "amazon.it", SOURCE_ASIN },
	{ "anilist.co", SOURCE_ANILIST },
	{ "barcodelookup.com", SOURCE_UPC },
	{ "comics.org", SOURCE_GCD },
	{ "comicvine.com", SOURCE_COMICVINE },
	{ "comicvine.gamespot.com", SOURCE_COMICVINE },
	{ "comixology.com", SOURCE_COMIXOLOGY },
	{ "isbndb.com", SOURCE_ISBN },
	{ "kitsu.app", SOURCE_KITSU },
	{ "kitsu.io", SOURCE_KITSU },
	{ "leagueofcomicgeeks.com", SOURCE_LOCG },
	{ "mangadex.org", SOURCE_MANGADEX },
	{ "mangaupdates.com", SOURCE_MANGAUPDATES },
	{ "marvel.com", SOURCE_MARVEL },
	{ "metron.cloud", SOURCE_METRON },
	{ "myanimelist.net", SOURCE_MYANIMELIST },
	{ "panelsyndicate.com", SOURCE_PANELSYNDICATE },
};

static const struct vocabulary host_vocabulary = VOCABULARY(hosts, "");

#define TYPE(type) (1U << (type))

// How a source's addresses are made. In `path` and `url` %t is the type's word and %k the key.
// `path` is found anywhere along the segments of an address' path; "" is found nowhere.
static const struct site {
	enum source source;
	unsigned int types; // a set of TYPE()
	const char *path;
	const char *url; // NULL: the address of another row is made
} sites[] = {
	{ SOURCE_METRON,
	  TYPE(IDENTIFIER_ARC) | TYPE(IDENTIFIER_CHARACTER) | TYPE(IDENTIFIER_CREATOR) |
		  TYPE(IDENTIFIER_IMPRINT) | TYPE(IDENTIFIER_ISSUE) | TYPE(IDENTIFIER_PUBLISHER) |
		  TYPE(IDENTIFIER_SERIES) | TYPE(IDENTIFIER_TEAM) | TYPE(IDENTIFIER_UNIVERSE),
	  "%t/%k", "https://metron.cloud/%t/%k" },
	{ SOURCE_GCD, TYPE(IDENTIFIER_PUBLISHER), "indicia_publisher/%k",
	  "https://comics.org/indicia_publisher/%k/" },
	{ SOURCE_GCD, TYPE(IDENTIFIER_PUBLISHER), "publisher/%k", NULL },
	{ SOURCE_GCD,
	  TYPE(IDENTIFIER_CHARACTER) | TYPE(IDENTIFIER_CREATOR) | TYPE(IDENTIFIER_ISSUE) |
		  TYPE(IDENTIFIER_SERIES) | TYPE(IDENTIFIER_STORY) | TYPE(IDENTIFIER_UNIVERSE),
	  "%t/%k", "https://comics.org/%t/%k/" },
	{ SOURCE_LOCG, TYPE(IDENTIFIER_ISSUE), "comic/%k",
	  "https://leagueofcomicgeeks.com/comic/%k/s" },
	{ SOURCE_LOCG, TYPE(IDENTIFIER_SERIES), "comics/series/%k",
	  "https://leagueofcomicgeeks.com/comics/series/%k/s" },
	{ SOURCE_MARVEL, TYPE(IDENTIFIER_ISSUE) | TYPE(IDENTIFIER_SERIES), "comics/%t/%k",
	  "https://marvel.com/comics/%t/%k/s" },
	{ SOURCE_PANELSYNDICATE, TYPE(IDENTIFIER_ISSUE), "comics/%k",
	  "https://panelsyndicate.com/comics/%k" },
	{ SOURCE_ANILIST, TYPE(IDENTIFIER_ISSUE), "manga/%k", "https://anilist.co/manga/%k/s" },
	{ SOURCE_KITSU, TYPE(IDENTIFIER_ISSUE), "manga/%k", "https://kitsu.app/manga/%k" },
	{ SOURCE_MANGADEX, TYPE(IDENTIFIER_ISSUE), "title/%k", "https://mangadex.org/title/%k" },
	{ SOURCE_MANGAUPDATES, TYPE(IDENTIFIER_ISSUE), "series/%k",
	  "https://mangaupdates.com/series/%k" },
	{ SOURCE_MYANIMELIST, TYPE(IDENTIFIER_ISSUE), "manga/%k",
	  "https://myanimelist.net/manga/%k/s" },
	{ SOURCE_ISBN, TYPE(IDENTIFIER_ISSUE), "book/%k", "https://isbndb.com/book/%k" },
	{ SOURCE_UPC, TYPE(IDENTIFIER_ISSUE), "%k", "https://barcodelookup.com/%k" },
	{ SOURCE_ASIN, TYPE(IDENTIFIER_ISSUE), "dp/%k", "https://www.amazon.com/dp/%k" },
	{ SOURCE_ASIN, TYPE(IDENTIFIER_ISSUE), "gp/product/%k", NULL },
	{ SOURCE_COMIXOLOGY, TYPE(IDENTIFIER_ISSUE), "digital-comic/%k",
	  "https://www.comixology.com/c/digital-comic/%k" },
};

bool identifier_host_source(struct text host, enum source *out)
{
	while (host.len > 0) {
		const struct host *h = vocabulary_find(&host_vocabulary, host);
		const char *dot = memchr(host.data, '.', host.len);
		size_t label = dot == NULL ? host.len : (size_t)(dot - host.data) + 1;

		if (h != NULL) {
			*out = h->source;
			return true;
		}
		host.data += label;
		host.len -= label;
	}
	return false;
}

// ---- from an address ------------------------------------------------------------------------

struct address {
	struct text host;
	struct text path; // without the first "/", the query and the fragment
	struct text rest; // path with its first "/", query and fragment
};

static bool is_among(char c, const char *few)
{
	while (*few != '\0' && *few != c)
		few++;
	return *few != '\0';
}

static size_t span_until(struct text t, const char *stop)
{
	size_t len = 0;

	while (len < t.len && !is_among(t.data[len], stop))
		len++;
	return len;
}

static bool split_address(struct text t, struct address *out)
{
	size_t scheme = span_until(t, ":");
	size_t len = 0;

	if (!text_equal_nocase((struct text){ t.data, scheme }, TEXT("http")) &&
	    !text_equal_nocase((struct text){ t.data, scheme }, TEXT("https")))
		return false;
	if (t.len < scheme + 4 || memcmp(t.data + scheme, "://", 3) != 0)
		return false;
	t.data += scheme + 3;
	t.len -= scheme + 3;
	len = span_until(t, "/?#");
	out->host = (struct text){ t.data, len };
	out->host.len = span_until(out->host, ":"); // a port
	t.data += len;
	t.len -= len;
	out->rest = t;
	while (t.len > 0 && t.data[0] == '/') {
		t.data++;
		t.len--;
	}
	out->path = (struct text){ t.data, span_until(t, "?#") };
	return out->host.len > 0;
}

static struct text take_segment(struct text *path)
{
	struct text segment = { path->data, span_until(*path, "/") };
	size_t step = segment.len < path->len ? segment.len + 1 : segment.len;

	path->data += step;
	path->len -= step;
	return segment;
}

// Compares the segments of a path, from its start, with those of a site's.
static bool match_path(const struct site *site, struct text path, struct identifier *out)
{
	struct text pattern = text_from(site->path);

	while (pattern.len > 0) {
		struct text want = take_segment(&pattern);
		struct text got = take_segment(&path);

		if (got.len == 0)
			return false;
		if (text_is(want, "%k"))
			out->key = got;
		else if (text_is(want, "%t") && !identifier_find_type(got, &out->type))
			return false;
		else if (want.data[0] != '%' && !text_equal_nocase(want, got))
			return false;
	}
	return (site->types & TYPE(out->type)) != 0;
}

// The only type of a row without %t; for others the path says it.
static enum identifier_type first_type(const struct site *site)
{
	unsigned int type = 0;

	while ((site->types & TYPE(type)) == 0)
		type++;
	return (enum identifier_type)type;
}

static void parse_path(enum source s, struct text path, struct identifier *out)
{
	for (struct text at = path; at.len > 0; (void)take_segment(&at)) {
		struct text segment = at;

		if (s == SOURCE_COMICVINE &&
		    identifier_parse_comicvine(take_segment(&segment), out))
			return;
		for (size_t i = 0; i < COMIC_COUNT(sites); i++) {
			out->type = first_type(&sites[i]);
			if (sites[i].source == s && match_path(&sites[i], at, out))
				return;
		}
	}
	out->type = IDENTIFIER_ISSUE;
	out->key = TEXT("");
}

bool identifier_parse_url(struct arena *a, struct text t, struct identifier *out)
{
	enum source s = SOURCE_METRON;
	struct address address;

	t = text_trim(t);
	*out = (struct identifier){ TEXT(""), IDENTIFIER_ISSUE, TEXT(""), t };
	if (!split_address(t, &address))
		return false;
	if (identifier_host_source(address.host, &s)) {
		out->source = identifier_name_of(s);
		parse_path(s, address.path, out);
		out->url = t;
		return true;
	}
	out->source = text_lower(a, address.host);
	if (!text_is(address.rest, "/"))
		out->key = address.rest;
	return out->source.data != NULL;
}

// ---- to an address --------------------------------------------------------------------------

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

static size_t put_key(char *out, struct text key)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t len = 0;

	for (size_t i = 0; i < key.len; i++) {
		uint8_t c = (uint8_t)key.data[i];

		if (is_plain(key.data[i])) {
			out[len++] = key.data[i];
		} else {
			out[len++] = '%';
			out[len++] = hex[c >> 4];
			out[len++] = hex[c & 15];
		}
	}
	return len;
}

static size_t put_string(char *out, const char *string)
{
	size_t len = strlen(string);

	memcpy(out, string, len);
	return len;
}

static struct text make_url(struct arena *a, const char *pattern, const char *type, struct text key)
{
	char *out = arena_alloc(a, strlen(pattern) + strlen(type) + 3 * key.len);
	size_t len = 0;

	if (out == NULL)
		return (struct text){ NULL, 0 };
	for (const char *p = pattern; *p != '\0'; p++) {
		if (*p != '%') {
			out[len++] = *p;
			continue;
		}
		p++;
		len += *p == 'k' ? put_key(out + len, key) : put_string(out + len, type);
	}
	return (struct text){ out, len };
}

struct text identifier_url(struct arena *a, const struct identifier *id)
{
	int source = identifier_source_rank(id->source);
	const char *code = identifier_comicvine_code(id->type);

	if (id->key.len == 0 || memchr(id->key.data, ':', id->key.len) != NULL)
		return TEXT("");
	if (source == SOURCE_COMICVINE)
		return code == NULL ? TEXT("") :
				      make_url(a, "https://comicvine.gamespot.com/c/%t-%k/", code,
					       id->key);
	for (size_t i = 0; i < COMIC_COUNT(sites); i++) {
		if ((int)sites[i].source == source && (sites[i].types & TYPE(id->type)) != 0 &&
		    sites[i].url != NULL)
			return make_url(a, sites[i].url, identifier_type_name(id->type), id->key);
	}
	return TEXT("");
}

struct text identifier_home(struct arena *a, struct text source)
{
	enum source s = SOURCE_METRON;
	struct identifier id = { source, IDENTIFIER_ISSUE, TEXT("0"), TEXT("") };
	struct text url = identifier_find_source(source, &s) ? identifier_url(a, &id) : TEXT("");
	struct address address;

	if (url.len > 0 && split_address(url, &address))
		url.len = (size_t)(address.path.data - url.data);
	return url;
}
