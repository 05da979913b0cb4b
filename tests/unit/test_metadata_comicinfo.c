// SPDX-License-Identifier: MIT
// test_metadata_comicinfo.c: each element of ComicInfo.xml.

#include "metadata_read.h"

#define NOTHING "-"

// The content of <ComicInfo>, a path in the record, the value there.
static const struct {
	const char *content;
	const char *path;
	const char *want;
} rows[] = {
	{ "<Title>The Beginning</Title>", "title", "The Beginning" },
	{ "<Title>  two \n words </Title>", "title", "two words" },
	{ "<Title>The Beginning; The End</Title>", "stories", "The Beginning|The End" },
	{ "<Title>The Beginning; The End</Title>", "title", "The Beginning; The End" },
	{ "<Title>a;;A ;b</Title>", "title", "a;;A ;b" },
	{ "<Title>;</Title>", "stories", NOTHING },
	{ "<Series>Captain Science</Series>", "series/name", "Captain Science" },
	{ "<Number>001</Number>", "issue/name", "001" },
	{ "<Number>001</Number>", "issue/number", "1" },
	{ "<Number>-1</Number>", "issue/number", "-1" },
	{ "<Number>0</Number>", "issue/number", "0" },
	{ "<Number>1.MU</Number>", "issue/suffix", "MU" },
	{ "<Number>½</Number>", "issue/number", "0.5" },
	{ "<Number>１２</Number>", "issue/number", "12" },
	{ "<Number>Annual</Number>", "issue/suffix", "Annual" },
	{ "<Number>Annual</Number>", "issue/number", NOTHING },
	{ "<Count>7</Count>", "volume/issue_count", "7" },
	{ "<Count>-1</Count>", "volume", NOTHING },
	{ "<Count>19.HU</Count>", "volume/issue_count", "19" },
	{ "<Count/>", "volume", NOTHING },
	{ "<Volume>1950</Volume>", "volume/number", "1950" },
	{ "<Volume>-1</Volume><Volume>2</Volume>", "volume/number", "2" },
	{ "<Volume>v3</Volume>", "volume/number", "3" },
	{ "<AlternateSeries>Alt, Other</AlternateSeries>", "reprints/0/series/name", "Alt, Other" },
	{ "<AlternateNumber>001</AlternateNumber>", "reprints/0/issue", "001" },
	{ "<AlternateNumber>2</AlternateNumber><AlternateSeries>S</AlternateSeries>", "reprints/0",
	  "series|issue" },
	{ "<AlternateSeries>S</AlternateSeries><AlternateCount>4</AlternateCount>",
	  "reprints/0/volume/issue_count", "4" },
	{ "<AlternateCount>-1</AlternateCount>", "reprints", NOTHING },
	{ "<AlternateSeries> </AlternateSeries>", "reprints", NOTHING },
	{ "<Summary>a\n\n b\tc </Summary>", "summary", "a\n\n b c" },
	{ "<Notes>n</Notes>", "notes", "n" },
	{ "<Review>r</Review>", "review", "r" },
	{ "<ScanInformation>s</ScanInformation>", "scan_info", "s" },
	{ "<ScanInformation>x (digital) y</ScanInformation>", "original_format", "Digital" },
	{ "<ScanInformation>(TPB)</ScanInformation><Format>GN</Format>", "original_format",
	  "Graphic Novel" },
	{ "<ScanInformation>(one) (two</ScanInformation>", "original_format", NOTHING },
	{ "<Year>1950</Year>", "date/year", "1950" },
	{ "<Year>0591</Year>", "date/year", "591" },
	{ "<Year>-1</Year>", "date", NOTHING },
	{ "<Year>0</Year>", "date", NOTHING },
	{ "<Month>11</Month>", "date/month", "11" },
	{ "<Month>13</Month>", "date/month", "12" },
	{ "<Month>0</Month>", "date", NOTHING },
	{ "<Month>May</Month>", "date", NOTHING },
	{ "<Day>40</Day>", "date/day", "31" },
	{ "<Year>1950</Year><Month>11</Month><Day>1</Day>", "date/cover_date", "1950-11-01" },
	{ "<Year>2020</Year><Month>2</Month><Day>30</Day>", "date/cover_date", NOTHING },
	{ "<Year>2020</Year><Month>2</Month><Day>30</Day>", "date/day", "30" },
	{ "<Year>123456</Year><Month>2</Month><Day>3</Day>", "date/cover_date", NOTHING },
	{ "<Year>1950</Year><Month>11</Month>", "date/cover_date", NOTHING },
	{ "<Writer>A, B; C</Writer>", "credits", "A|B|C" },
	{ "<Writer>A</Writer>", "credits/A/roles", "Writer" },
	{ "<Penciller>A</Penciller><Inker>a</Inker>", "credits/A/roles", "Penciller|Inker" },
	{ "<Colorist>A</Colorist>", "credits/A/roles", "Colorist" },
	{ "<Letterer>A</Letterer>", "credits/A/roles", "Letterer" },
	{ "<CoverArtist>A</CoverArtist>", "credits/A/roles", "Cover Artist" },
	{ "<Editor>A</Editor>", "credits/A/roles", "Editor" },
	{ "<Translator>Ab, Cd</Translator>", "credits", "Ab|Cd" },
	{ "<Writer>Sammy  Davis,\nJr.</Writer>", "credits", "Sammy Davis, Jr." },
	{ "<Publisher>DC, Comics</Publisher>", "publisher/name", "DC, Comics" },
	{ "<Imprint>Vertigo</Imprint>", "imprint/name", "Vertigo" },
	{ "<Genre>Science Fiction, Fantasy,,fantasy</Genre>", "genres", "Science Fiction|Fantasy" },
	{ "<Tags>a;b,</Tags>", "tags", "a|b" },
	{ "<Characters>A,B</Characters>", "characters", "A|B" },
	{ "<Teams>\"Infinity, Inc.\", X</Teams>", "teams", "Infinity, Inc.|X" },
	{ "<Teams>Infinity, Inc., X</Teams>", "teams", "Infinity, Inc.|X" },
	{ "<Locations>Moon</Locations>", "locations", "Moon" },
	{ "<SeriesGroup>a, b</SeriesGroup>", "series_groups", "a|b" },
	{ "<PageCount>36</PageCount>", "page_count", "36" },
	{ "<PageCount>99999999999999999999</PageCount>", "page_count", NOTHING },
	{ "<LanguageISO>en</LanguageISO>", "language", "en" },
	{ "<LanguageISO>en-US</LanguageISO>", "language", "en" },
	{ "<LanguageISO>English</LanguageISO>", "language", "en" },
	{ "<LanguageISO>xx</LanguageISO>", "language", NOTHING },
	{ "<Format>TPB</Format>", "original_format", "Trade Paperback" },
	{ "<Format>king size</Format>", "original_format", "King Size" },
	{ "<BlackAndWhite>Yes</BlackAndWhite>", "monochrome", "true" },
	{ "<BlackAndWhite>No</BlackAndWhite>", "monochrome", "false" },
	{ "<BlackAndWhite>Unknown</BlackAndWhite>", "monochrome", NOTHING },
	{ "<Manga>Yes</Manga>", "manga", "Yes" },
	{ "<Manga>1</Manga>", "manga", "Yes" },
	{ "<Manga>yesandrighttoleft</Manga>", "manga", "YesAndRightToLeft" },
	{ "<Manga>YesAndRightToLeft</Manga>", "reading_direction", "rtl" },
	{ "<Manga>Yes</Manga>", "reading_direction", NOTHING },
	{ "<Manga>No</Manga>", "manga", "No" },
	{ "<Manga>Unknown</Manga>", "manga", NOTHING },
	{ "<Manga>what</Manga>", "manga", NOTHING },
	{ "<StoryArc>A,B</StoryArc><StoryArcNumber>4,2</StoryArcNumber>", "arcs/A/number", "4" },
	{ "<StoryArc>A,B</StoryArc><StoryArcNumber>4,2</StoryArcNumber>", "arcs/B/number", "2" },
	{ "<StoryArcNumber>4</StoryArcNumber><StoryArc>A</StoryArc>", "arcs/A/number", "4" },
	{ "<StoryArc>A,B,C</StoryArc><StoryArcNumber>1,,3</StoryArcNumber>", "arcs/B", "{}" },
	{ "<StoryArc>A,B,C</StoryArc><StoryArcNumber>1,,3</StoryArcNumber>", "arcs/C/number", "3" },
	{ "<StoryArc>A,,C</StoryArc><StoryArcNumber>1,2,3</StoryArcNumber>", "arcs/C/number", "3" },
	{ "<StoryArc>A</StoryArc><StoryArcNumber>1,2</StoryArcNumber>", "arcs", "A" },
	{ "<StoryArc>A,a</StoryArc><StoryArcNumber>1,2</StoryArcNumber>", "arcs/A/number", "2" },
	{ "<StoryArc>A</StoryArc><StoryArcNumber>1.5</StoryArcNumber>", "arcs/A/number", "1" },
	{ "<StoryArc>A</StoryArc><StoryArcNumber>-1</StoryArcNumber>", "arcs/A", "{}" },
	{ "<StoryArcNumber>1</StoryArcNumber>", "arcs", NOTHING },
	{ "<StoryArc>A</StoryArc><StoryArc>B</StoryArc><StoryArcNumber>1,2</StoryArcNumber>",
	  "arcs/B/number", "2" },
	{ "<AgeRating>Teen</AgeRating>", "age_rating", "Teen" },
	{ "<AgeRating>15+</AgeRating>", "age_rating", "MA15+" },
	{ "<AgeRating>PG-13</AgeRating>", "age_rating", "PG-13" },
	{ "<CommunityRating>4.25</CommunityRating>", "community_rating/average_rating", "4.2" },
	{ "<CommunityRating>9</CommunityRating>", "community_rating/average_rating", "5" },
	{ "<CommunityRating>4,5</CommunityRating>", "community_rating/average_rating", "4.5" },
	{ "<CommunityRating>-1</CommunityRating>", "community_rating", NOTHING },
	{ "<MainCharacterOrTeam>A, B</MainCharacterOrTeam>", "protagonist", "A" },
	{ "<MainCharacterOrTeam>, B</MainCharacterOrTeam>", "protagonist", "B" },

	// identifiers
	{ "<Web>https://comicvine.gamespot.com/c/4000-145269/</Web>", "identifiers/comicvine/key",
	  "145269" },
	{ "<Web>https://metron.cloud/issue/1 https://comics.org/issue/2/</Web>", "identifiers",
	  "metron|grandcomicsdatabase" },
	{ "<Web>https://metron.cloud/issue/1,https://comics.org/issue/2/</Web>", "identifiers",
	  "metron|grandcomicsdatabase" },
	{ "<Web>https://metron.cloud/issue/1,\n https://comics.org/issue/2/ ;</Web>", "identifiers",
	  "metron|grandcomicsdatabase" },
	{ "<Web>https://foo.bar/a,b</Web>", "identifiers/foo.bar/key", "/a,b" },
	{ "<Web>https://foo.bar</Web>", "identifiers/foo.bar", "url" },
	{ "<GTIN>ISBN-13: 978-0-306-40615-7</GTIN>", "identifiers/isbn/key", "978-0-306-40615-7" },
	{ "<GTIN>isbn 9780306406157; EAN 76194134274300111</GTIN>", "identifiers/isbn/key", "9780306406157" },
	{ "<GTIN>isbn 9780306406157; EAN 76194134274300111</GTIN>", "identifiers/upc/key", "76194134274300111" },
	{ "<GTIN>ISBN</GTIN>", "identifiers", NOTHING },
	{ "<GTIN>https://metron.cloud/issue/5</GTIN>", "identifiers/metron/key", "5" },
	{ "<Web>www.foo.bar</Web>", "identifiers", NOTHING },
	{ "<Web>https://metron.cloud/series/5/</Web>", "series/identifiers/metron/key", "5" },
	{ "<Web>https://metron.cloud/publisher/dc/</Web>", "publisher/identifiers/metron/key", "dc" },
	{ "<Web>https://metron.cloud/imprint/3/</Web>", "imprint/identifiers/metron/url",
	  "https://metron.cloud/imprint/3/" },
	{ "<Web>https://metron.cloud/creator/3/</Web>", "identifiers/metron/key", "creator:3" },
	{ "<GTIN>urn:comicvine:issue:1,urn:metron:issue:2</GTIN>", "identifiers", "comicvine|metron" },
	{ "<GTIN>9781401207526</GTIN>", "identifiers/isbn/key", "9781401207526" },
	{ "<GTIN>761941305936</GTIN>", "identifiers/upc/key", "761941305936" },
	{ "<GTIN>12</GTIN>", "identifiers/gtin/key", "12" },
	{ "<GTIN>none</GTIN>", "identifiers", NOTHING },
	{ "<Web>https://comicvine.gamespot.com/x/4000-1/</Web><GTIN>urn:comicvine:2</GTIN>",
	  "identifiers/comicvine/key", "2" },
	{ "<Web>https://comicvine.gamespot.com/x/4000-1/</Web><GTIN>urn:comicvine:2</GTIN>",
	  "identifiers/comicvine/url", "https://comicvine.gamespot.com/x/4000-1/" },
	{ "<GTIN>urn:comicvine:2</GTIN>", "identifiers/comicvine/url",
	  "https://comicvine.gamespot.com/c/4000-2/" },
	{ "<Tags>urn:metron:9999,CVDB1234, 4000-1,a:b</Tags>", "identifiers/comicvine/key", "1234" },
	{ "<Tags>urn:metron:9999,CVDB1234</Tags>", "tags", "urn:metron:9999|CVDB1234" },
	{ "<Genre>4000-12</Genre>", "identifiers/comicvine/key", "12" },
	{ "<Tags>Marvel: Zombies, marvelous, Marvel 2099</Tags>", "identifiers", NOTHING },

	// notes
	{ "<Notes>Tagged with ComicTagger 1.3.5 using info from Comic Vine on 2022-04-16 15:52:26.  "
	  "[Issue ID 903000]</Notes>",
	  "tagger", "ComicTagger 1.3.5" },
	{ "<Notes>Tagged with ComicTagger 1.3.5 using info from Comic Vine on 2022-04-16 15:52:26.  "
	  "[Issue ID 903000]</Notes>",
	  "updated_at", "2022-04-16T15:52:26Z" },
	{ "<Notes>Tagged with ComicTagger 1.3.5 using info from Comic Vine on 2022-04-16 15:52:26.  "
	  "[Issue ID 903000]</Notes>",
	  "identifiers/comicvine/key", "903000" },
	{ "<Notes>Tagged with comicbox dev on 1970-01-01T00:00:00Z [Issue ID 145269] [CVDB145269]</Notes>",
	  "tagger", "comicbox dev" },
	{ "<Notes>tagged by comicbox v1.0.</Notes>", "tagger", "comicbox" },
	{ "<Notes>Tagged with the ninjas.walk.alone fork of ComicTagger 1.3.5-ninjas using info from "
	  "Comic Vine on 2018-01-01 10:00:00. [Issue ID 5]</Notes>",
	  "tagger", "ComicTagger 1.3.5-ninjas" },
	{ "<Notes>Tagged with x using info from Metron [Issue ID 7] [CVDB8]</Notes>",
	  "identifiers/metron/key", "7" },
	{ "<Notes>Tagged with x using info from Metron [Issue ID 7] [CVDB8]</Notes>",
	  "identifiers/comicvine/key", "8" },
	{ "<Notes>Tagged with x using info from Nowhere on 2020. [Issue ID 7]</Notes>", "identifiers",
	  NOTHING },
	{ "<Notes>[Issue ID 7]</Notes>", "identifiers/comicvine/key", "7" },
	{ "<Notes>[Issue ID 4000-7]</Notes>", "identifiers/comicvine/key", "7" },
	{ "<Notes>[Issue ID 7</Notes>", "identifiers/comicvine/key", "7" },
	{ "<Notes>[CVDB5] urn:comicvine:7</Notes>", "identifiers/comicvine/key", "7" },
	{ "<Notes>Tagged with MetronTagger-2.3.0 using info from Metron on 2024-04-16 15:52:26. "
	  "[issue_id:34452]</Notes>",
	  "identifiers/metron/key", "34452" },
	{ "<Notes>[Issue ID 7]</Notes><GTIN>urn:comicvine:9</GTIN>", "identifiers/comicvine/key", "9" },
	{ "<Notes>see urn:metron:issue:12, urn:isbn:978-1-4012-0752-6.</Notes>",
	  "identifiers/metron/key", "12" },
	{ "<Notes>see urn:metron:issue:12, urn:isbn:978-1-4012-0752-6.</Notes>", "identifiers/isbn/key",
	  "978-1-4012-0752-6" },
	{ "<Notes>return:metron:5</Notes>", "identifiers", NOTHING },
	{ "<Notes>[metron:555] [CMXDB123] [metron:series:6]</Notes>", "identifiers", "metron|comixology" },
	{ "<Notes>[metron:555] [metron:series:6]</Notes>", "series/identifiers/metron/key", "6" },
	{ "<Notes>[RELDATE:2025-04-11]</Notes>", "date/cover_date", "2025-04-11" },
	{ "<Notes>[RELDATE:2025-04-11]</Notes><Year>2024</Year>", "date", "year" },
	{ "<Notes>[RELDATE:2025-04]</Notes>", "date", NOTHING },
	{ "<Notes>[ [[ ]] ] [</Notes>", "identifiers", NOTHING },
	{ "<Notes>Tagged</Notes>", "tagger", NOTHING },
	{ "<Notes>Tagged with </Notes>", "tagger", NOTHING },

	// pages
	{ "<Pages><Page Image='0' ImageSize='5' Type='FrontCover'/></Pages>", "pages/0", "page_type|size" },
	{ "<Pages><Page Image='3' ImageWidth='10' ImageHeight='20' DoublePage='true' Key='k' "
	  "Bookmark='b'/></Pages>",
	  "pages/3", "width|height|double_page|key|bookmark" },
	{ "<Pages><Page Image='3' Bookmark='b'/><Page Image='4' Bookmark='c'/></Pages>", "bookmark", "3" },
	{ "<Pages><Page Image='3' Bookmark='a &amp; &lt;b'/></Pages>", "pages/3/bookmark", "a & <b" },
	{ "<Pages><Page Image='3' Bookmark='a &amp; b'/><![CDATA[]]></Pages>", "pages/3/bookmark", "a & b" },
	{ "<Pages><Page Image='1' ImageWidth='-1' ImageSize='0' Type='FOO' X='y'/></Pages>", "pages", NOTHING },
	{ "<Pages><Page Image='1' Key='a'/><Page Image='1' Key='b'/></Pages>", "pages/1/key", "a" },
	{ "<Pages><Page Image='1' Type='Story Letters'/></Pages>", "pages/1/page_type", "Story" },
	{ "<Pages><Page Type='FrontCover'/><Page Image='x'/></Pages>", "pages", NOTHING },
};

static const char *document(const char *content)
{
	static char out[4096];

	(void)snprintf(out, sizeof(out), "<?xml version=\"1.0\"?>\n<ComicInfo>%s</ComicInfo>", content);
	return out;
}

static void test_rows(struct reading *r)
{
	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		if (read_document(r, document(rows[i].content)))
			value_is(r, rows[i].path, rows[i].want, rows[i].content);
	}
}

// ---- covers, with and without the XML parser ----------------------------------------------------

static const struct {
	const char *content;
	const char *want;
} cover_rows[] = {
	{ "<Pages><Page Image=\"0\" Type=\"FrontCover\"/></Pages>", "0" },
	{ "<Pages>\n<Page Image=\"0\"/>\n<Page Image=\"2\" Type=\"FrontCover\"/>\n</Pages>", "2" },
	{ "<Pages><Page Image=\"1\" Type=\"FrontCover\"/><Page Image=\"2\"/></Pages>", "0" },
	{ "<Pages><Page Image=\"1\"/><Page Image=\"3\" Type=\"FrontCover\"/></Pages>", "2" },
	{ "<Pages><Page Image=\"0\"/><Page Type=\"FrontCover\" Image=\"5\"/></Pages>", "5" },
	{ "<Pages><Page Image='0'/><Page Image='5' Type='FrontCover'/></Pages>", "5" },
	{ "<Pages><Page Image = \"0\"/><Page Image=\"5\" Type=\"FrontCover\"/></Pages>", "5" },
	{ "<Pages><Page Image=\"0\"/><Page Image=\"5\" Type=\"FrontCover\"></Page></Pages>", "5" },
	{ "<Pages><Page Image=\"0\" Type=\"FrontCover\"/><Page Image=\"9\" Type=\"FrontCover\"/></Pages>",
	  "0 9" },
	{ "<Pages><Page Image=\"0\" Key=\"FrontCover\"/></Pages>", "" },
	{ "<Pages><Page Image=\"0\"/><Page Image=\"7\" Type=\"InnerCover\"/></Pages>", "" },
	{ "<Pages><!-- <Page Image=\"7\" Type=\"FrontCover\"/> --><Page Image=\"0\"/></Pages>", "" },
	{ "<!-- <Pages> --><Pages><Page Image=\"0\" Type=\"FrontCover\"/></Pages>", "0" },
	{ "<Summary><![CDATA[<Pages><Page Image=\"7\" Type=\"FrontCover\"/></Pages>]]></Summary>", "" },
	{ "<Pages/><Pages><Page Image=\"0\" Type=\"FrontCover\"/></Pages>", "0" },
	{ "<Pages><Page Image=\"0\"/></Pages><Pages><Page Image=\"1\" Type=\"FrontCover\"/></Pages>", "1" },
	{ "<Pages><Page Image=\"0\"/><Page Image=\"99999999999\" Type=\"FrontCover\"/></Pages>", "" },
	{ "<Pages></Pages>", "" },
	{ "<Pages>", "" },
};

static void test_covers(struct reading *r, const char *what)
{
	for (size_t i = 0; i < COMIC_COUNT(cover_rows); i++) {
		size_t count = 0;
		const uint32_t *pages = NULL;
		char got[256] = "";
		char text[1024];

		(void)snprintf(text, sizeof(text), "<Series>S</Series>%s<Title>T</Title>",
			       cover_rows[i].content);
		if (!read_document(r, document(text)))
			continue;
		pages = metadata_cover_pages(r->m, &count);
		for (size_t at = 0; at < count; at++)
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%u",
				       at > 0 ? " " : "", pages[at]);
		is_string(got, cover_rows[i].want, cover_rows[i].content);
		value_is(r, "series/name", "S", what);
	}
}

static void test_lines(struct reading *r)
{
	read_document(r, "<?xml version=\"1.0\"?>\n<ComicInfo>\n<Pages>\n<Page Image=\"0\"/>\n</Pages>\n"
			 "<Title>T</Titel>\n</ComicInfo>\n");
	is_u64(warnings_with(r, "ComicInfo.xml: line 6: "), 1, "lines are counted as in the file");
}

// ---- warnings, sources, cover ---------------------------------------------------------------------

static void test_warnings(struct reading *r)
{
	read_document(r, document("<Month>May</Month><Manga>what</Manga><LanguageISO>xx</LanguageISO>"
				  "<GTIN>none</GTIN><Web>nowhere</Web><CommunityRating>x</CommunityRating>"));
	is_u64(warnings_with(r, "ComicInfo.xml: Month: 'May' is not a number"), 1, "Month");
	is_u64(warnings_with(r, "Manga: 'what' is not"), 1, "Manga");
	is_u64(warnings_with(r, "LanguageISO: 'xx' is not a language"), 1, "LanguageISO");
	is_u64(warnings_with(r, "GTIN: 'none' is not an identifier"), 1, "GTIN");
	is_u64(warnings_with(r, "Web: 'nowhere' is not an address"), 1, "Web");
	is_u64(warnings_with(r, "CommunityRating: 'x' is not a rating"), 1, "CommunityRating");
	read_document(r, document("<Year>2020</Year><Month>2</Month><Day>30</Day>"));
	is_u64(warnings_with(r, "2020-02-30 is no date"), 1, "an impossible date");
	read_document(r, document("<Count>-1</Count><Year>-1</Year><AgeRating>Unknown</AgeRating>"
				  "<Manga>Unknown</Manga><Title/><Volume></Volume>"));
	is_u64(warnings_with(r, ""), 0, "what says nothing is no fault");
}

static void test_sources(struct reading *r)
{
	size_t count = 0;
	const struct text *sources = NULL;
	struct comic_err err;

	reading_do(r, TEXT("Foo #1.cbz"), text_from(document("<Series>Bar</Series>")));
	sources = metadata_sources(r->m, &count);
	is_u64(count, 2, "two sources");
	is_text(sources[0], "filename", "the weaker first");
	is_text(sources[1], "ComicInfo.xml", "the stronger last");
	value_is(r, "series/name", "Bar", "the document counts more");
	value_is(r, "issue/name", "1", "than the name, which fills gaps");
	reading_do(r, TEXT("Foo.cbz"), TEXT("<html/>"));
	(void)metadata_sources(r->m, &count);
	is_u64(count, 1, "another kind of document is no source");
	reading_do(r, TEXT("Foo.cbz"), TEXT("<ComicInfo/>"));
	(void)metadata_sources(r->m, &count);
	is_u64(count, 1, "an empty one gives nothing");
	ok(metadata_set_cover(r->m, TEXT("a/1.jpg"), &err) == 0 &&
		   metadata_warn(r->m, "CoMet.xml", "CRC error", &err) == 0,
	   "cover and warning of the caller");
	is_u64(warnings_with(r, "CoMet.xml: CRC error"), 1, "the warning is there");
	is_text(metadata_cover_image(r->m), "", "no tag names an image");
}

static void test_formats(void)
{
	is_string(metadata_format_member(0), "comic-book-info.json", "the weakest format");
	ok(metadata_format_member(100) == NULL, "formats have an end");
	ok(metadata_format_of(TEXT("COMICINFO.XML")) != NULL, "case is ignored");
	ok(metadata_format_of(TEXT("ComicInfo.xml.bak")) == NULL, "the whole name counts");
	ok(metadata_format_of(TEXT("1.jpg")) == NULL, "a page is no format");
}

static void test_titles(struct reading *r)
{
	reading_do(r, TEXT("Foo #1 - Bar.cbz"), TEXT(""));
	value_is(r, "title", "Bar", "the title of a file name");
	value_is(r, "stories", "Bar", "is a story when nothing else names one");
	reading_do(r, TEXT("Foo #1 - Bar.cbz"), text_from(document("<Title>Baz</Title>")));
	value_is(r, "stories", "Baz", "and none when something does");
}

static void test_reuse(struct reading *r)
{
	for (int i = 0; i < 3; i++) {
		read_document(r, document("<Title>T</Title><Tags>a</Tags><Month>x</Month>"));
		is_u64(warnings_with(r, ""), 1, "nothing stays from the comic before");
		value_is(r, "tags", "a", "nothing stays from the comic before");
		read_document(r, "<broken");
		value_is(r, "title", NOTHING, "nothing stays from the comic before");
	}
}

int main(void)
{
	struct reading full;
	struct reading brief;

	reading_init(&full, true);
	reading_init(&brief, false);
	test_rows(&full);
	test_covers(&full, "parsed");
	test_covers(&brief, "looked through");
	test_lines(&full);
	test_lines(&brief);
	test_warnings(&brief);
	test_sources(&brief);
	test_formats();
	test_titles(&brief);
	test_reuse(&brief);
	value_is(&brief, "pages", NOTHING, "no pages without full");
	reading_clear(&brief);
	reading_clear(&full);
	return done();
}
