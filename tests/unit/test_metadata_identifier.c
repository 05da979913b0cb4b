// SPDX-License-Identifier: MIT
// test_metadata_identifier.c: identifiers in texts, numbers and addresses, and back.

#include "metadata/identifier.h"
#include "tap.h"

static const char *const type_words[IDENTIFIER_TYPES] = {
	"issue",     "arc",    "character", "creator", "genre",	  "imprint", "location",	 "publisher",
	"reprint",   "role",   "series",    "story",   "tag",	  "team",    "universe",	 "volume",
};

static void is_identifier(bool found, const struct identifier *id, const char *want,
			  const char *what)
{
	char got[512] = "";

	if (found)
		(void)snprintf(got, sizeof(got), "%.*s %s %.*s", (int)id->source.len, id->source.data,
			       type_words[id->type], (int)id->key.len, id->key.data);
	is_string(got, want, what);
}

static void test_texts(void)
{
	static const char *const rows[][2] = { // text; source, type, key; "" for none
		{ "urn:comicvine:issue:145269", "comicvine issue 145269" },
		{ "URN:ComicVine:145269", "comicvine issue 145269" },
		{ "urn:comicvine:4000-145269", "comicvine issue 145269" },
		{ "urn:comicvine:4050-18166", "comicvine series 18166" },
		{ "urn:metron:series:5678", "metron series 5678" },
		{ "urn:metron:9999", "metron issue 9999" },
		{ "urn:isbn:978-1-4012-0752-6", "isbn issue 978-1-4012-0752-6" },
		{ "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "" },
		{ "urn:", "" },
		{ "urn:comicvine:", "" },
		{ "urn:comicvine:nonsense:12", "" },
		{ "comicvine:145269", "comicvine issue 145269" },
		{ "Comic Vine:145269", "comicvine issue 145269" },
		{ "comicvine.gamespot.com:145269", "comicvine issue 145269" },
		{ "cvdb:145269", "comicvine issue 145269" },
		{ "metron:creator:12", "metron creator 12" },
		{ "Grand Comics Database:543", "grandcomicsdatabase issue 543" },
		{ "League of Comic Geeks:1", "leagueofcomicgeeks issue 1" },
		{ "Amazon:B00ABC", "asin issue B00ABC" },
		{ "CVDB145269", "comicvine issue 145269" },
		{ "CMXDB123", "comixology issue 123" },
		{ "ISBN9781401207526", "isbn issue 9781401207526" },
		{ "4000-145269", "comicvine issue 145269" },
		{ "4005-1699", "comicvine character 1699" },
		{ "4010-10", "comicvine publisher 10" },
		{ "4020-41183", "comicvine location 41183" },
		{ "4040-3115", "comicvine creator 3115" },
		{ "4045-55691", "comicvine arc 55691" },
		{ "4060-5701", "comicvine team 5701" },
		{ "4999-1", "" },
		{ "978-1-2345-6789-7", "" },
		{ "marvelous", "" },
		{ "Marvel 2099", "" },
		{ "marvel", "" },
		{ "science fiction", "" },
		{ "mood: dark", "" },
		{ "metron:with space", "" },
		{ ":", "" },
		{ "", "" },
		{ "145269", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct identifier id = { .source = TEXT("") };
		bool found = identifier_parse(text_from(rows[i][0]), &id);

		is_identifier(found, &id, rows[i][1], rows[i][0]);
	}
}

static void test_gtin(void)
{
	static const char *const rows[][2] = {
		{ "9781401207526", "isbn issue 9781401207526" },
		{ "978-1-4012-0752-6", "isbn issue 978-1-4012-0752-6" },
		{ "979-8-8862-6001-2", "isbn issue 979-8-8862-6001-2" },
		{ "1401207529", "isbn issue 1401207529" },
		{ "080442957X", "isbn issue 080442957X" },
		{ "0-8044-2957-X", "isbn issue 0-8044-2957-X" },
		{ "1401207520", "gtin issue 1401207520" }, // wrong check digit
		{ "761941305936", "upc issue 761941305936" },
		{ "0761941305936", "upc issue 0761941305936" },
		{ "10761941305936", "upc issue 10761941305936" },
		{ "76194130593600111", "upc issue 76194130593600111" },
		{ "12345", "gtin issue 12345" },
		{ "urn:metron:issue:99999", "metron issue 99999" },
		{ "metron:1", "metron issue 1" },
		{ "none", "" },
		{ "", "" },
		{ "-", "" },
		{ "123456789X123", "" },
		{ "123456789012345678901", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct identifier id = { .source = TEXT("") };
		bool found = identifier_parse_gtin(text_from(rows[i][0]), &id);

		is_identifier(found, &id, rows[i][1], rows[i][0]);
	}
}

static void test_urls(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "https://comicvine.gamespot.com/c/4000-145269/", "comicvine issue 145269" },
		{ "https://comicvine.gamespot.com/captain-science-1/4000-145269/", "comicvine issue 145269" },
		{ "http://www.comicvine.com/x/4050-18166", "comicvine series 18166" },
		{ "https://comicvine.gamespot.com/batman/", "comicvine issue " },
		{ "https://metron.cloud/issue/99999", "metron issue 99999" },
		{ "https://metron.cloud/series/batman-2016/", "metron series batman-2016" },
		{ "https://metron.cloud/universe/1", "metron universe 1" },
		{ "https://METRON.cloud/issue/batman-1-2016?x=1#y", "metron issue batman-1-2016" },
		{ "https://comics.org/issue/543/", "grandcomicsdatabase issue 543" },
		{ "https://www.comics.org/series/101/", "grandcomicsdatabase series 101" },
		{ "https://comics.org/indicia_publisher/7/", "grandcomicsdatabase publisher 7" },
		{ "https://comics.org/publisher/7/", "grandcomicsdatabase publisher 7" },
		{ "https://leagueofcomicgeeks.com/comic/123/some-slug", "leagueofcomicgeeks issue 123" },
		{ "https://leagueofcomicgeeks.com/comics/series/100123/batman",
		  "leagueofcomicgeeks series 100123" },
		{ "https://www.marvel.com/comics/issue/12/x_1", "marvel issue 12" },
		{ "https://www.marvel.com/comics/series/12/x", "marvel series 12" },
		{ "https://www.comixology.com/c/digital-comic/99", "comixology issue 99" },
		{ "https://www.comixology.com/Batman-1/digital-comic/99", "comixology issue 99" },
		{ "https://www.amazon.com/Batman-Year-One/dp/1401207529/ref=sr_1", "asin issue 1401207529" },
		{ "https://smile.amazon.co.uk/gp/product/B00X", "asin issue B00X" },
		{ "https://isbndb.com/book/123-456789-0123", "isbn issue 123-456789-0123" },
		{ "https://barcodelookup.com/76194130593600111", "upc issue 76194130593600111" },
		{ "https://anilist.co/manga/30002/Berserk/", "anilist issue 30002" },
		{ "https://myanimelist.net/manga/2/Berserk", "myanimelist issue 2" },
		{ "https://kitsu.io/manga/berserk", "kitsu issue berserk" },
		{ "https://mangadex.org/title/801513ba/berserk", "mangadex issue 801513ba" },
		{ "https://www.mangaupdates.com/series/njeqwry/berserk", "mangaupdates issue njeqwry" },
		{ "https://panelsyndicate.com/comics/tpe", "panelsyndicate issue tpe" },
		{ "https://foo.bar", "foo.bar issue " },
		{ "https://Foo.Bar/a/b?c#d", "foo.bar issue /a/b?c#d" },
		{ "http://foo.bar:8080/x", "foo.bar issue /x" },
		{ "https://notmetron.cloud.evil.com/issue/1", "notmetron.cloud.evil.com issue /issue/1" },
		{ "ftp://foo.bar/x", "" },
		{ "www.foo.bar/x", "" },
		{ "https://", "" },
		{ "https:///x", "" },
		{ "https:", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct identifier id = { .source = TEXT("") };
		bool found = identifier_parse_url(a, text_from(rows[i][0]), &id);

		is_identifier(found, &id, rows[i][1], rows[i][0]);
		if (found)
			is_text(id.url, rows[i][0], "the url is kept");
	}
}

static void test_made_urls(struct arena *a)
{
	static const struct {
		const char *source;
		enum identifier_type type;
		const char *key;
		const char *url;
	} rows[] = {
		{ "comicvine", IDENTIFIER_ISSUE, "145269", "https://comicvine.gamespot.com/c/4000-145269/" },
		{ "comicvine", IDENTIFIER_ARC, "890", "https://comicvine.gamespot.com/c/4045-890/" },
		{ "comicvine", IDENTIFIER_LOCATION, "111", "https://comicvine.gamespot.com/c/4020-111/" },
		{ "comicvine", IDENTIFIER_GENRE, "1", "" },
		{ "metron", IDENTIFIER_ISSUE, "9999", "https://metron.cloud/issue/9999" },
		{ "metron", IDENTIFIER_CREATOR, "123", "https://metron.cloud/creator/123" },
		{ "metron", IDENTIFIER_IMPRINT, "222", "https://metron.cloud/imprint/222" },
		{ "metron", IDENTIFIER_GENRE, "012", "" },
		{ "grandcomicsdatabase", IDENTIFIER_ISSUE, "543", "https://comics.org/issue/543/" },
		{ "grandcomicsdatabase", IDENTIFIER_PUBLISHER, "7", "https://comics.org/indicia_publisher/7/" },
		{ "leagueofcomicgeeks", IDENTIFIER_ISSUE, "1", "https://leagueofcomicgeeks.com/comic/1/s" },
		{ "marvel", IDENTIFIER_ISSUE, "2", "https://marvel.com/comics/issue/2/s" },
		{ "comixology", IDENTIFIER_ISSUE, "3", "https://www.comixology.com/c/digital-comic/3" },
		{ "asin", IDENTIFIER_ISSUE, "B00X", "https://www.amazon.com/dp/B00X" },
		{ "isbn", IDENTIFIER_ISSUE, "123-456789-0123", "https://isbndb.com/book/123-456789-0123" },
		{ "upc", IDENTIFIER_ISSUE, "12345", "https://barcodelookup.com/12345" },
		{ "anilist", IDENTIFIER_ISSUE, "5", "https://anilist.co/manga/5/s" },
		{ "myanimelist", IDENTIFIER_ISSUE, "5", "https://myanimelist.net/manga/5/s" },
		{ "mangadex", IDENTIFIER_ISSUE, "5", "https://mangadex.org/title/5" },
		{ "gtin", IDENTIFIER_ISSUE, "5", "" },
		{ "foo.bar", IDENTIFIER_ISSUE, "5", "" },
		{ "metron", IDENTIFIER_ISSUE, "series:5", "" },
		{ "metron", IDENTIFIER_ISSUE, "", "" },
		{ "metron", IDENTIFIER_ISSUE, "a b/\"<\xC3\xA9", "https://metron.cloud/issue/a%20b%2F%22%3C%C3%A9" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct identifier id = { text_from(rows[i].source), rows[i].type,
					 text_from(rows[i].key), TEXT("") };

		is_text(identifier_url(a, &id), rows[i].url, rows[i].source);
	}
}

static void test_sources(void)
{
	static const char *const order[] = {
		"metron", "comicvine", "grandcomicsdatabase", "leagueofcomicgeeks", "marvel",
		"panelsyndicate", "anilist", "kitsu", "mangadex", "mangaupdates", "myanimelist",
		"gtin", "isbn", "upc", "asin", "comixology",
	};

	for (size_t i = 0; i < COMIC_COUNT(order); i++) {
		is_i64(identifier_source_rank(text_from(order[i])), (int64_t)i, order[i]);
		is_text(identifier_source(text_from(order[i])), order[i], "its own name");
		ok(identifier_source_title(text_from(order[i])) != NULL, "%s has a title", order[i]);
	}
	is_i64(identifier_source_rank(TEXT("foo.bar")), COMIC_COUNT(order), "unknown ones are last");
	is_string(identifier_source_title(TEXT("comicvine")), "Comic Vine", "title");
	ok(identifier_source_title(TEXT("foo.bar")) == NULL, "unknown ones have no title");
}

int main(void)
{
	struct arena a = { 0 };

	test_texts();
	test_gtin();
	test_urls(&a);
	test_made_urls(&a);
	test_sources();
	arena_clear(&a);
	return done();
}
