// SPDX-License-Identifier: MIT
// test_metadata_comet.c: CoMet.xml, whole, odd and broken.

#include "metadata_read.h"

struct row {
	const char *document; // inside <comet>
	const char *path;
	const char *want;
};

static const struct row rows[] = {
	{ "<title>A; B</title>", "stories", "A|B" },
	{ "<series>S</series><volume>1950</volume>", "volume/number", "1950" },
	{ "<series>S</series><volume>1950</volume>", "series/name", "S" },
	{ "<publisher>P</publisher>", "publisher/name", "P" },
	{ "<date>1950-12-01</date>", "date/day", "1" },
	{ "<date>1950-12-01</date>", "date/cover_date", "1950-12-01" },
	{ "<date>December 1950</date>", "date", "year|month" },
	{ "<date>soon</date>", "date", "-" },
	{ "<description>a\nb</description>", "summary", "a\nb" },
	{ "<format>tpb</format>", "original_format", "Trade Paperback" },
	{ "<format>Comic</format>", "original_format", "Comic" },
	{ "<language>English</language>", "language", "en" },
	{ "<rating>teenplus</rating>", "age_rating", "Teen Plus" },
	{ "<rating>MA 15+</rating>", "age_rating", "MA15+" },
	{ "<rating>PG-13</rating>", "age_rating", "PG-13" },
	{ "<pages>5</pages><lastMark>4</lastMark>", "page_count", "5" },
	{ "<pages>5</pages><lastMark>4</lastMark>", "bookmark", "4" },
	{ "<price>0.10</price>", "prices", "" }, // its key, of no country
	{ "<price>free</price>", "prices", "-" },
	{ "<rights>R</rights>", "rights", "R" },
	{ "<coverImage>a/1.jpg</coverImage><coverImage>2.jpg</coverImage>", "cover_image", "a/1.jpg" },
	{ "<readingDirection>rtl</readingDirection>", "reading_direction", "rtl" },
	{ "<readingDirection>LeftToRight</readingDirection>", "reading_direction", "ltr" },
	{ "<readingDirection>topTObottom</readingDirection>", "reading_direction", "ttb" },
	{ "<readingDirection>up</readingDirection>", "reading_direction", "-" },
	{ "<isVersionOf>Foo Bar #001</isVersionOf><isVersionOf>Baz</isVersionOf>", "reprints/0/issue",
	  "001" },
	{ "<isVersionOf>Foo Bar #001</isVersionOf><isVersionOf>Baz</isVersionOf>",
	  "reprints/1/series/name", "Baz" },
	{ "<identifier>CVDB145269</identifier>", "identifiers/comicvine/key", "145269" },
	{ "<identifier>4000-7</identifier>", "identifiers/comicvine/key", "7" },
	{ "<identifier>7</identifier>", "identifiers/comicvine/url",
	  "https://comicvine.gamespot.com/c/4000-7/" },
	{ "<identifier>urn:metron:issue:9</identifier><identifier>8</identifier>", "identifiers",
	  "metron|comicvine" },
	{ "<identifier>https://metron.cloud/issue/9</identifier>", "identifiers/metron/key", "9" },
	{ "<identifier>series:5</identifier>", "series/identifiers/comicvine/key", "5" },
	{ "<issue>#001</issue>", "issue/name", "1" },
	{ "<issue>1 1/2</issue>", "issue/name", "1.5" },
	{ "<issue>2\xC2\xBD</issue>", "issue/number", "2.5" },
	{ "<issue>\xC2\xBD</issue>", "issue/number", "0.5" },
	{ "<issue>0</issue>", "issue/name", "0" },
	{ "<issue>000</issue>", "issue/name", "0" },
	{ "<issue>0.5</issue>", "issue/name", "0.5" },
	{ "<issue>7.</issue>", "issue/name", "7" },
	{ "<issue>#</issue>", "issue", "-" },
	{ "<issue>.</issue>", "issue", "-" },
	{ "<issue>10AU</issue>", "issue/suffix", "AU" },
	{ "<character>A</character><character>B, C</character>", "characters", "A|B|C" },
	{ "<genre>A</genre><genre>a</genre>", "genres", "A" },
	{ "<writer>W</writer><inker>W</inker><penciller>P</penciller>", "credits/W/roles", "Writer|Inker" },
	{ "<coverDesigner>C</coverDesigner>", "credits/C/roles", "Cover Artist" },
	{ "<creator>C</creator>", "credits/C/roles", "Creator" },
	{ "<colorist>C</colorist><letterer>C</letterer><editor>C</editor>", "credits/C/roles",
	  "Colorist|Letterer|Editor" },
	{ "<writer/><genre> </genre><issue></issue>", "", "{}" },
	{ "<summary>not CoMet</summary>", "", "{}" },
	{ "<title>T</title><series>cut", "title", "T" },
};

int main(void)
{
	struct reading r;
	char document[1024];

	reading_init(&r, true);
	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		(void)snprintf(document, sizeof(document), "<?xml version='1.0'?><comet>%s</comet>",
			       rows[i].document);
		if (read_member(&r, "comet.xml", document))
			value_is(&r, rows[i].path, rows[i].want, rows[i].document);
	}
	if (read_member(&r, "CoMet.xml", "<ComicInfo/>"))
		ok(warnings_with(&r, "CoMet.xml: no <comet> in it") == 1, "another kind of document");
	reading_clear(&r);
	return done();
}
