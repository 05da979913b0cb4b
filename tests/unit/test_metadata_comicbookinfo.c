// SPDX-License-Identifier: MIT
// test_metadata_comicbookinfo.c: ComicBookInfo as a member and as an archive comment.

#include "metadata_read.h"

#define INFO(inside) "{\"appID\":\"App/1\",\"ComicBookInfo/1.0\":{" inside "}}"

struct row {
	const char *document;
	const char *path;
	const char *want;
};

static const struct row rows[] = {
	{ INFO("\"series\":\"S\""), "series/name", "S" },
	{ INFO("\"series\":\"S\""), "tagger", "App/1" },
	{ INFO("\"title\":\"A; B\""), "stories", "A|B" },
	{ INFO("\"issue\":1"), "issue/name", "1" },
	{ INFO("\"issue\":\"1.5\""), "issue/number", "1.5" },
	{ INFO("\"issue\":1.50"), "issue/name", "1.5" },
	{ INFO("\"issue\":1.0"), "issue/name", "1" },
	{ INFO("\"issue\":\"001\""), "issue/name", "1" },
	{ INFO("\"issue\":100"), "issue/name", "100" },
	{ INFO("\"issue\":0.0"), "issue/name", "0" },
	{ INFO("\"issue\":\"1.MU\""), "issue/name", "1.MU" },
	{ INFO("\"issue\":null"), "issue", "-" },
	{ INFO("\"issue\":[1]"), "issue", "-" },
	{ INFO("\"volume\":1950,\"numberOfIssues\":7"), "volume/issue_count", "7" },
	{ INFO("\"volume\":\"v3\""), "volume/number", "3" },
	{ INFO("\"volume\":-1"), "volume", "-" },
	{ INFO("\"volume\":123456789012345678901234567890"), "volume", "-" },
	{ INFO("\"numberOfVolumes\":1"), "series/volume_count", "1" },
	{ INFO("\"publicationYear\":1950,\"publicationMonth\":13,\"publicationDay\":40"), "date/month",
	  "12" },
	{ INFO("\"publicationYear\":1950,\"publicationMonth\":13,\"publicationDay\":40"), "date/day",
	  "31" },
	{ INFO("\"publicationYear\":1950,\"publicationMonth\":0"), "date", "year" },
	{ INFO("\"publisher\":\"DC\""), "publisher/name", "DC" },
	{ INFO("\"comments\":\"a\\nb\""), "summary", "a\nb" },
	{ INFO("\"comments\":\"a\nb\tc\""), "summary", "a\nb c" },
	{ INFO("\"pages\":5"), "page_count", "5" },
	{ INFO("\"genre\":\"A, B;C\""), "genres", "A|B|C" },
	{ INFO("\"genre\":[\"A\",\"B, C\",3,null,{}]"), "genres", "A|B|C|3" },
	{ INFO("\"tags\":\"a,b\""), "tags", "a|b" },
	{ INFO("\"language\":\"English\",\"country\":\"United States\""), "language", "en" },
	{ INFO("\"language\":\"English\",\"country\":\"United States\""), "country", "US" },
	{ INFO("\"country\":\"fr\""), "country", "FR" },
	{ INFO("\"country\":\"Atlantis\""), "country", "-" },
	{ INFO("\"rating\":5"), "community_rating/average_rating", "2.5" },
	{ INFO("\"rating\":0"), "community_rating/average_rating", "0" },
	{ INFO("\"rating\":10"), "community_rating/average_rating", "5" },
	{ INFO("\"rating\":11"), "community_rating/average_rating", "0.6" },
	{ INFO("\"rating\":80"), "community_rating/average_rating", "4" },
	{ INFO("\"rating\":100"), "community_rating/average_rating", "5" },
	{ INFO("\"rating\":-3"), "community_rating", "-" },
	{ INFO("\"rating\":\"good\""), "community_rating", "-" },
	{ INFO("\"credits\":[{\"person\":\"Moore, Alan\",\"role\":\"author\",\"primary\":true}]"),
	  "credits/Moore, Alan/roles", "Writer" },
	{ INFO("\"credits\":[{\"person\":\"Moore, Alan\",\"role\":\"author\",\"primary\":true}]"),
	  "credit_primaries/Writer", "Moore, Alan" },
	{ INFO("\"credits\":[{\"person\":\"A\",\"role\":\"Artist\"},{\"person\":\"A\",\"role\":\"Colorer\"}]"),
	  "credits/A/roles", "Artist|Colorist" },
	{ INFO("\"credits\":[{\"person\":\"A\",\"role\":\"Artist\",\"primary\":false}]"),
	  "credit_primaries", "-" },
	{ INFO("\"credits\":{\"person\":\"A\",\"role\":\"house painter\"}"), "credits/A/roles",
	  "House Painter" },
	{ INFO("\"credits\":[{\"person\":\"A\"},{\"role\":\"Writer\"},7,\"A\",[]]"), "credits", "-" },
	{ "{\"comicbookinfo/1.0\":{\"series\":\"S\"},\"lastModified\":\"2009-10-25 14:51:31 +0000\"}",
	  "updated_at", "2009-10-25T14:51:31Z" },
	{ "{\"ComicBookInfo/1.0\":{\"Series\":\"S\"}} trailing", "series/name", "S" },
	{ "\xEF\xBB\xBF {\"ComicBookInfo/1.0\":{\"series\":\"S\"}}", "series/name", "S" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"Caf\xE9\"}}", "series/name", "Caf\xC3\xA9" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"a\\u0000b\"}}", "series/name", "ab" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\",\"tags\":[\"a\", ],\n}, }", "tags", "a" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\",\"tags\":[\"a\",\"b", "tags", "a" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\",\"title\":\"T", "series/name", "S" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\",\"title\":\"T", "title", "-" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\",\"title\":", "series/name", "S" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\"", "series", "-" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"a,b\",\"title\":\"c,\\\",d\"}}", "title", "c,\",d" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":\"S\" \"title\":1}}", "series", "-" },
	{ "{\"ComicBookInfo/1.0\":{\"series\":NaN,\"issue\":1}}", "issue/name", "1" },
};

// Each must be read as nothing, with a warning, and without harm.
static const char *const broken[] = {
	"", "{", "[]", "null", "7", "\"ComicBookInfo/1.0\"", "{\"ComicBookInfo/1.0\":",
	"{\"ComicBookInfo/1.0\":{\"series\":\"S\"", "{\"ComicBookInfo/1.0\":{\"series\":\"S",
	"{\"ComicBookInfo/1.0\":{\"series\":\"S\\", "{\"x\":{}}", "<xml/>", "{'ComicBookInfo/1.0':{}}",
	"{\"ComicBookInfo/1.0\":null}", "{\"ComicBookInfo/1.0\":{\"series\":\"\\ud800\"}}",
};

static bool read_comment(struct reading *r, const char *comment)
{
	struct comic_err err = { 0 };

	metadata_reset(r->m);
	if (metadata_add(r->m, metadata_format_comment(), comment, strlen(comment), &err) < 0)
		return ok(false, "%s", err.text);
	return reading_finish(r);
}

static void test_comments(struct reading *r)
{
	static const char *const ordinary[] = { "", "Scanned by X", "{C} 2020", "{}", "[1]", "  ",
						"{\"a\": 1}", "{\"a\": " };
	size_t count = 0;

	for (size_t i = 0; i < COMIC_COUNT(ordinary); i++) {
		if (!read_comment(r, ordinary[i]))
			continue;
		(void)metadata_warnings(r->m, &count);
		ok(count == 0, "an ordinary comment is no fault: %s", ordinary[i]);
		(void)metadata_sources(r->m, &count);
		ok(count == 0, "and no source");
	}
	if (read_comment(r, INFO("\"series\":\"S\",\"country\":\"Nowhere\""))) {
		value_is(r, "series/name", "S", "a comment");
		ok(metadata_sources(r->m, &count)[0].len == strlen("archive comment") && count == 1,
		   "is the source \"archive comment\"");
		ok(warnings_with(r, "archive comment: country: 'Nowhere' is not a country") == 1,
		   "and has its warnings");
	}
}

static void test_limits(struct reading *r)
{
	size_t len = (size_t)3 << 20;
	char *document = malloc(len + 64);

	if (document == NULL)
		abort();
	memset(document, '[', len);
	document[len] = '\0';
	if (read_member(r, "comic-book-info.json", document))
		ok(warnings_with(r, "nested too deep") == 1, "three million brackets");
	memcpy(document, "{\"ComicBookInfo/1.0\":[", 22);
	for (size_t i = 22; i < len; i += 2)
		memcpy(document + i, "1,", 2);
	if (read_member(r, "comic-book-info.json", document))
		ok(warnings_with(r, "too many values") == 1, "a million values");
	free(document);
}

int main(void)
{
	struct reading r;
	size_t count = 0;

	reading_init(&r, true);
	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		if (read_member(&r, "comic-book-info.json", rows[i].document))
			value_is(&r, rows[i].path, rows[i].want, rows[i].document);
	}
	for (size_t i = 0; i < COMIC_COUNT(broken); i++) {
		if (!read_member(&r, "Comic-Book-Info.JSON", broken[i]))
			continue;
		value_is(&r, "", "{}", broken[i]);
		(void)metadata_warnings(r.m, &count);
		ok(count == 1, "it is warned of: %zu", count);
	}
	test_comments(&r);
	test_limits(&r);
	reading_clear(&r);
	return done();
}
