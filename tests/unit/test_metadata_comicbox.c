// SPDX-License-Identifier: MIT
// test_metadata_comicbox.c: comicbox's own format in JSON and YAML, in every shape it is met in.

#include "metadata_read.h"

struct row {
	const char *document; // in flow style, which is JSON and YAML alike where it is quoted
	const char *path;
	const char *want;
};

// As "comicbox: {...}" of YAML.
static const struct row rows[] = {
	{ "title: A; B", "stories", "A|B" },
	{ "title: null", "title", "-" },
	{ "title: ~", "title", "-" },
	{ "title: 'null'", "title", "null" },
	{ "title: [A, B]", "title", "A" },
	{ "publisher: P, imprint: {name: I}", "publisher/name", "P" },
	{ "publisher: P, imprint: {name: I}", "imprint/name", "I" },
	{ "publisher: {identifiers: {metron: {key: 11}}}", "publisher/identifiers/metron/url",
	  "https://metron.cloud/publisher/11" },
	{ "series: S", "series/name", "S" },
	{ "series: {name: S, sort_name: s, start_year: 1950, volume_count: 2}", "series",
	  "name|sort_name|start_year|volume_count" },
	{ "series: {name: S, identifiers: {comicvine: 4050-7}}", "series/identifiers/comicvine/key", "7" },
	{ "volume: 3", "volume/number", "3" },
	{ "volume: {number: 1950, number_to: 1952, issue_count: 7}", "volume/number_to", "1952" },
	{ "issue: '5'", "issue/name", "5" },
	{ "issue: 5", "issue/number", "5" },
	{ "issue: {number: 43.5, suffix: AU}", "issue/name", "43.5AU" },
	{ "issue: {number: 44, suffix: BU}", "issue/name", "44BU" },
	{ "issue: {number: -0.5}", "issue/name", "-0.5" },
	{ "issue: {number: -1}", "issue/number", "-1" },
	{ "issue: {number: 0.25}", "issue/name", "0.25" },
	{ "issue: {number: 120}", "issue/name", "120" },
	{ "issue: {suffix: X}", "issue/name", "X" },
	{ "issue: {name: 7B, number: 8}", "issue/number", "8" },
	{ "issue: {number: many}", "issue", "-" },
	{ "alternative_issue: {number: 2}", "alternative_issue/name", "2" },
	{ "date: {cover_date: 1950-11-01}", "date/day", "1" },
	{ "date: {year: 1950, month: 13, day: 40}", "date/month", "12" },
	{ "date: {year: 1950, month: 2, day: 30}", "date", "year|month|day" },
	{ "date: {store_date: 1950-11-28}", "date", "store_date" },
	{ "date: 1950-11-01", "date/year", "1950" },
	{ "year: 1950", "", "{}" },
	{ "summary: \"a\\nb\"", "summary", "a\nb" },
	{ "age_rating: everyone", "age_rating", "Everyone" },
	{ "age_rating: PG-13", "age_rating", "PG-13" },
	{ "original_format: tpb", "original_format", "Trade Paperback" },
	{ "language: English, country: United States", "language", "en" },
	{ "language: English, country: United States", "country", "US" },
	{ "language: xx-none", "language", "-" },
	{ "manga: No", "manga", "No" },
	{ "manga: Yes", "manga", "Yes" },
	{ "manga: Yes, reading_direction: rtl", "manga", "YesAndRightToLeft" },
	{ "manga: YesAndRightToLeft", "reading_direction", "rtl" },
	{ "reading_direction: RightToLeft", "reading_direction", "rtl" },
	{ "monochrome: True", "monochrome", "true" },
	{ "monochrome: no", "monochrome", "false" },
	{ "community_rating: {average_rating: 4.26, rating_count: 128}", "community_rating/average_rating",
	  "4.3" },
	{ "community_rating: {average_rating: 4.2, rating_count: 128}", "community_rating/rating_count",
	  "128" },
	{ "critical_rating: 10", "critical_rating/average_rating", "5" },
	{ "protagonist: {name: X}", "protagonist", "X" },
	// Names as a map, a list, a list text.
	{ "characters: {A: {}, B: {identifiers: {metron: {key: 345}}}}", "characters/B/identifiers/metron/key",
	  "345" },
	{ "teams: {A: {identifiers: {metron: {key: '1'}}}, B: }", "teams", "A|B" },
	{ "teams: {A: null, B: x, C: [y]}", "teams/B", "{}" },
	{ "tags: [a, b, a, 4242, null, {name: c}]", "tags", "a|b|4242|c" },
	{ "tags: 'a, b;c'", "tags", "a|b|c" },
	{ "tags: {a: {identifiers: {metron: {identifiers: {key: '3'}}}}}", "tags/a", "{}" },
	{ "genres: {Sci-Fi: {}, sci-fi: {}}", "genres", "Sci-Fi" },
	{ "arcs: {c: {}, d: {number: 1, identifiers: {metron: {key: 123}}}, e: 3}", "arcs/d/number", "1" },
	{ "arcs: {c: {}, d: {number: 1, identifiers: {metron: {key: 123}}}, e: 3}", "arcs/e/number", "3" },
	{ "arcs: {c: {}, d: {number: 1, identifiers: {metron: {key: 123}}}, e: 3}",
	  "arcs/d/identifiers/metron/url", "https://metron.cloud/arc/123" },
	{ "universes: {U: {designation: 4242}}", "universes/U/designation", "4242" },
	{ "universes: {U: E-2}", "universes/U/designation", "E-2" },
	{ "credits: {A: {roles: {Writer: {}, penciler: }}}", "credits/A/roles", "Writer|Penciller" },
	{ "credits: {A: {roles: [Writer, cover]}}", "credits/A/roles", "Writer|Cover Artist" },
	{ "credits: {A: 'Writer, Inker', B: [Editor], C: }", "credits/A/roles", "Writer|Inker" },
	{ "credits: {A: 'Writer, Inker', B: [Editor], C: }", "credits", "A|B|C" },
	{ "credits: {A: {roles: {Writer: {identifiers: {metron: 9}}}}}",
	  "credits/A/roles/Writer/identifiers/metron/key", "9" },
	{ "credits: {A: {roles: {Writer: {identifiers: {key: '890'}}}}}", "credits/A/roles/Writer", "{}" },
	{ "series_groups: [a, b]", "series_groups", "a|b" },
	{ "series_groups: 'a, b'", "series_groups", "a|b" },
	{ "series_groups: {a: {}, b: {}}", "series_groups", "a|b" },
	{ "identifiers: {comicvine: {key: '145269'}}", "identifiers/comicvine/url",
	  "https://comicvine.gamespot.com/c/4000-145269/" },
	{ "identifiers: {Comic Vine: 4000-145269, foo.bar: {url: 'https://foo.bar/x'}}", "identifiers",
	  "comicvine|foo.bar" },
	{ "identifiers: {nowhere: 7}", "identifiers", "-" },
	{ "identifiers: {nowhere: {key: 7}}", "identifiers/nowhere/key", "7" },
	{ "monochrome: off", "monochrome", "false" },
	{ "monochrome: y", "monochrome", "true" },
	{ "monochrome: maybe", "monochrome", "-" },
	{ "pages: {0: {page_type: frontcover}, 1: {page_type: Odd, size: 5}}", "pages/0/page_type", "FrontCover" },
	{ "pages: {0: {page_type: frontcover}, 1: {page_type: Odd, size: 5}}", "pages/1/page_type", "-" },
	{ "community_rating: {average_rating: 4, rating_count: 0}", "community_rating/rating_count", "1" },
	{ "updated_at: 2024-05-06", "updated_at", "2024-05-06T00:00:00Z" },
	{ "title: 'A; B', stories: [C]", "title", "C" },
	{ "title: 'A; B', stories: [C]", "stories", "C|A|B" },
	{ "identifiers: [CVDB7, 'urn:metron:issue:8', 9781234567897]", "identifiers",
	  "comicvine|metron|isbn" },
	{ "identifiers: {comicvine: {key: 'series:5'}}", "series/identifiers/comicvine/key", "5" },
	{ "identifier_primary_source: {source: metron, url: 'https://metron.cloud/'}",
	  "identifier_primary_source/source", "metron" },
	{ "reprints: [{language: Spanish, series: S, volume: 2, issue: {name: '3'}}, 'Foo #4']", "reprints/0",
	  "language|series|volume|issue" },
	{ "reprints: [{language: Spanish, series: S, volume: 2, issue: {name: '3'}}, 'Foo #4']",
	  "reprints/0/language", "es" },
	{ "reprints: [{language: Spanish, series: S, volume: 2, issue: {name: '3'}}, 'Foo #4']",
	  "reprints/1/issue", "4" },
	{ "reprints: {series: {sort_name: S}}", "reprints/0/series/sort_name", "S" },
	{ "credit_primaries: {Writer: A, Inker: }", "credit_primaries", "Writer" },
	{ "prices: {GB: 0.05, US: '1.255'}", "prices/GB", "0.05" },
	{ "prices: 1.25", "prices", "" }, // its key, of no country
	{ "pages: {0: {page_type: FrontCover, size: 7}, '1': {size: 8}, x: {}}", "pages", "0|1" },
	{ "pages: [{page_type: Story}, {page_type: FrontCover}]", "pages/1/page_type", "FrontCover" },
	{ "page_count: 36, bookmark: 5, ext: cbz, remainders: [a]", "bookmark", "5" },
	{ "updated_at: 1970-01-01T00:00:00", "updated_at", "1970-01-01T00:00:00Z" },
	{ "tagger: T", "tagger", "T" },
	{ "cover: x.jpg, alternate_images: [a.jxl], nonsense: {a: b}", "", "{}" },
	// YAML's own: anchors, keys that are no scalars, types by tags.
	{ "tags: &t {a: {}}, genres: *t", "genres", "a" },
	{ "title: &a X, summary: *a, notes: *b", "summary", "X" },
	{ "tags: &t {a: {}, b: *t}", "tags", "a|b" },
	{ "tags: {? [x, y] : z, ? {a: b} : c, d: e}", "tags", "d" },
	{ "tags: {'': x, d: {}}", "tags", "d" },
	{ "title: !!int 7", "title", "7" },
	{ "<<: {title: X}", "title", "-" },
};

static void test_yaml(struct reading *r)
{
	char document[2048];

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		(void)snprintf(document, sizeof(document), "comicbox: {%s}\n", rows[i].document);
		if (read_member(r, "comicbox.yaml", document))
			value_is(r, rows[i].path, rows[i].want, rows[i].document);
	}
}

static void test_documents(struct reading *r)
{
	if (read_member(r, "comicbox.json", "{\"appID\":\"App\",\"comicbox\":{\"volume\":{\"number\":1950},"
					    "\"tags\":{\"a\":null},\"monochrome\":true}}")) {
		value_is(r, "volume/number", "1950", "JSON");
		value_is(r, "tags", "a", "JSON null is an empty map");
		value_is(r, "monochrome", "true", "JSON true");
		value_is(r, "tagger", "App", "appID");
	}
	if (read_member(r, "comicbox-cli.yaml", "appID: App\ncomicbox:\n  tagger: T\n"))
		value_is(r, "tagger", "T", "tagger before appID");
	if (read_member(r, "comicbox.yaml", "comicbox:\n  title: T\n---\ncomicbox:\n  title: U\n"))
		value_is(r, "title", "T", "the first document counts");
	if (read_member(r, "comicbox.yaml", "comicbox:\n  title: T\n  tags: {a: {}, b: {}\n  x: [")) {
		value_is(r, "title", "T", "what stood before the break");
		ok(warnings_with(r, "comicbox.yaml: line ") == 1, "is warned of");
	}
	if (read_member(r, "comicbox.yaml", "comicbox:\n  title: a\x01\x02 b\n"))
		value_is(r, "title", "a b", "control characters");
	if (read_member(r, "comicbox.yaml", "comicbox:\n  title: Caf\xE9\n"))
		value_is(r, "title", "Caf\xC3\xA9", "another encoding");
	if (read_member(r, "comicbox.yaml", "title: T\n"))
		ok(warnings_with(r, "no \"comicbox\" in it") == 1, "another kind of document");
	if (read_member(r, "comicbox.json", "comicbox:\n  title: T\n"))
		ok(warnings_with(r, "comicbox.json") == 1, "YAML is no JSON");
	if (read_member(r, "comicbox.yaml", ""))
		value_is(r, "", "{}", "an empty document");
	if (read_member(r, "comicbox.yaml", "comicbox: *x\n"))
		value_is(r, "", "{}", "an alias of nothing");
}

static void test_limits(struct reading *r)
{
	struct buf b = { 0 };
	int status = buf_add_text(&b, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");

	for (int i = 1; i < 12; i++)
		status |= buf_printf(&b, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
				     i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	status |= buf_add_text(&b, "comicbox: {tags: *a11}\n") | buf_add_byte(&b, 0);
	if (status == 0 && read_member(r, "comicbox.yaml", (const char *)b.data))
		ok(warnings_with(r, "too many values") == 1, "aliases of aliases");
	b.len = 0;
	for (int i = 0; i < 100; i++)
		status |= buf_add_text(&b, "[");
	status |= buf_add_byte(&b, 0);
	if (status == 0 && read_member(r, "comicbox.yaml", (const char *)b.data))
		ok(warnings_with(r, "nested too deep") == 1, "a hundred brackets");
	b.len = 0;
	status |= buf_add_text(&b, "{\"comicbox\":{\"tags\":[");
	for (int i = 0; i < 20000; i++)
		status |= buf_printf(&b, "\"t%d\",", i);
	status |= buf_add_text(&b, "1]}}") | buf_add_byte(&b, 0);
	if (status == 0 && read_member(r, "comicbox.json", (const char *)b.data))
		ok(warnings_with(r, "more than 10000 names") == 1, "twenty thousand tags");
	ok(status == 0, "memory");
	buf_clear(&b);
}

int main(void)
{
	struct reading r;
	size_t count = 0;

	reading_init(&r, true);
	test_yaml(&r);
	test_documents(&r);
	test_limits(&r);
	reading_clear(&r);
	reading_init(&r, false);
	if (read_member(&r, "comicbox.yaml", "comicbox: {pages: {1: {page_type: FrontCover}}, prices: 1}")) {
		value_is(&r, "", "{}", "only what the database keeps");
		ok(metadata_cover_pages(r.m, &count)[0] == 0 && count == 1,
		   "but the cover is found, from 1 where there is no page 0");
	}
	reading_clear(&r);
	return done();
}
