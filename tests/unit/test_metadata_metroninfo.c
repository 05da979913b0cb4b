// SPDX-License-Identifier: MIT
// test_metadata_metroninfo.c: MetronInfo.xml, whole, odd and broken.

#include "metadata_read.h"

struct row {
	const char *document; // inside <MetronInfo>
	const char *path;
	const char *want;
};

static const struct row rows[] = {
	{ "<IDS><ID source='Metron' primary='true'>12</ID></IDS>", "identifiers/metron/key", "12" },
	{ "<IDS><ID source='Metron'>12</ID></IDS>", "identifiers/metron/url",
	  "https://metron.cloud/issue/12" },
	{ "<IDS><ID source='comic vine'>4000-12</ID></IDS>", "identifiers/comicvine/key", "12" },
	{ "<IDS><ID source='League of Comic Geeks'>9</ID></IDS>", "identifiers/leagueofcomicgeeks/key",
	  "9" },
	{ "<IDS><ID source='Nowhere'>12</ID></IDS>", "identifiers", "-" },
	{ "<IDS><ID>12</ID></IDS>", "identifiers", "-" },
	{ "<IDS><ID source='Metron' primary='true'>1</ID></IDS>", "identifier_primary_source/source",
	  "metron" },
	{ "<IDS><ID source='Comic Vine' primary='1'>1</ID></IDS>", "identifier_primary_source/url",
	  "https://comicvine.gamespot.com/" },
	{ "<IDS><ID source='Comic Vine' primary='true'>1</ID><ID source='Metron' primary='true'>2</ID></IDS>",
	  "identifier_primary_source/source", "comicvine" },
	{ "<URLs><URL primary='true'>https://metron.cloud/issue/5</URL></URLs>",
	  "identifier_primary_source/source", "metron" },
	{ "<URLs><URL primary='true'>https://metron.cloud/issue/5</URL></URLs>"
	  "<IDS><ID source='Kitsu' primary='true'>1</ID></IDS>",
	  "identifier_primary_source/source", "kitsu" },
	{ "<IDS><ID source='Comic Vine'>5</ID></IDS><URLs><URL>https://comicvine.gamespot.com/a/4000-5/</URL></URLs>",
	  "identifiers/comicvine/url", "https://comicvine.gamespot.com/a/4000-5/" },
	{ "<URLs><URL>https://foo.bar</URL></URLs>", "identifiers/foo.bar/url", "https://foo.bar" },
	{ "<URLs><URL>no address</URL></URLs>", "identifiers", "-" },
	{ "<GTIN><ISBN>123-4</ISBN><UPC>567</UPC></GTIN>", "identifiers/isbn/key", "123-4" },
	{ "<GTIN><ISBN>123-4</ISBN><UPC>567</UPC></GTIN>", "identifiers/upc/key", "567" },
	// Ids belong to the primary source wherever that is declared; to Metron if nowhere.
	{ "<Characters><Character id='7'>A</Character></Characters>",
	  "characters/A/identifiers/metron/key", "7" },
	{ "<Characters><Character id='4005-7'>A</Character></Characters>"
	  "<IDS><ID source='Comic Vine' primary='true'>1</ID></IDS>",
	  "characters/A/identifiers/comicvine/key", "7" },
	{ "<Publisher id='3'><Name>P</Name><Imprint id='4'>I</Imprint></Publisher>",
	  "publisher/identifiers/metron/key", "3" },
	{ "<Publisher id='3'><Name>P</Name><Imprint id='4'>I</Imprint></Publisher>",
	  "imprint/identifiers/metron/url", "https://metron.cloud/imprint/4" },
	{ "<Publisher id='3'><Name>P</Name><Imprint id='4'>I</Imprint></Publisher>", "imprint/name", "I" },
	{ "<Publisher id='3'><Imprint id='4'/></Publisher>", "imprint", "-" },
	{ "<Series id='9' lang='de'><Name>S</Name></Series>", "series/identifiers/metron/key", "9" },
	{ "<Series id='9' lang='de'><Name>S</Name></Series>", "language", "de" },
	{ "<Series><Name>S</Name><SortName>s, the</SortName></Series>", "series/sort_name", "s, the" },
	{ "<Series><StartYear>12</StartYear></Series>", "series/start_year", "1000" },
	{ "<Series><StartYear>12345</StartYear></Series>", "series/start_year", "9999" },
	{ "<Series><StartYear>-1</StartYear></Series>", "series", "-" },
	{ "<Series><VolumeCount>3</VolumeCount></Series>", "series/volume_count", "3" },
	{ "<Series><VolumeCount>0</VolumeCount></Series>", "series/volume_count", "0" },
	{ "<CommunityRating><RatingCount>0</RatingCount></CommunityRating>", "community_rating/rating_count", "1" },
	{ "<CommunityRating><RatingCount>-1</RatingCount></CommunityRating>", "community_rating", "-" },
	{ "<Series><IssueCount>0</IssueCount></Series>", "volume", "-" },
	{ "<Series><IssueCount>60</IssueCount></Series>", "volume/issue_count", "60" },
	{ "<Series><Format>tpb</Format></Series>", "original_format", "Trade Paperback" },
	{ "<Series><Format>Boxed Set</Format></Series>", "original_format", "Omnibus" },
	{ "<Series><Format>Magazine</Format></Series>", "original_format", "-" },
	{ "<MangaVolume>1950-1952</MangaVolume>", "volume/number", "1950" },
	{ "<MangaVolume>1950-1952</MangaVolume>", "volume/number_to", "1952" },
	{ "<MangaVolume>4</MangaVolume><Series><Volume>2</Volume></Series>", "volume/number", "2" },
	{ "<MangaVolume>4</MangaVolume>", "volume/number_to", "-" },
	{ "<Number>1.MU</Number>", "issue/suffix", "MU" },
	{ "<AlternativeNumber>2</AlternativeNumber>", "alternative_issue/number", "2" },
	{ "<CollectionTitle>Omnibus</CollectionTitle>", "collection_title", "Omnibus" },
	{ "<Stories><Story id='12'>A, B</Story><Story>C</Story></Stories>", "title", "A, B; C" },
	{ "<Stories><Story id='12'>A, B</Story></Stories>", "stories/A, B/identifiers/metron/key", "12" },
	{ "<Arcs><Arc id='1'><Number>4</Number><Name>X</Name></Arc></Arcs>", "arcs/X/number", "4" },
	{ "<Arcs><Arc id='1'><Name>X</Name></Arc></Arcs>", "arcs/X/identifiers/metron/url",
	  "https://metron.cloud/arc/1" },
	{ "<Arcs><Arc><Number>4</Number></Arc></Arcs>", "arcs", "-" },
	{ "<Universes><Universe id='2'><Designation>Earth 2</Designation><Name>U</Name></Universe></Universes>",
	  "universes/U/designation", "Earth 2" },
	{ "<Prices><Price country='US'>3.99</Price><Price country='GB'>1.5</Price></Prices>", "prices/US",
	  "3.99" },
	{ "<Prices><Price>3,5</Price></Prices>", "prices", "" }, // its key, of no country
	{ "<CoverDate>2011-10-01</CoverDate><StoreDate>2011-08-31</StoreDate>", "date/month", "10" },
	{ "<CoverDate>2011-10-01</CoverDate><StoreDate>2011-08-31</StoreDate>", "date/store_date",
	  "2011-08-31" },
	{ "<CoverDate>2011-10-01Z</CoverDate>", "date/cover_date", "2011-10-01" },
	{ "<CoverDate>2011-10</CoverDate>", "date", "year|month" },
	{ "<CoverDate>2011-02-30</CoverDate>", "date", "-" },
	{ "<AgeRating>Teen Plus</AgeRating>", "age_rating", "Teen Plus" },
	{ "<AgeRating>m</AgeRating>", "age_rating", "Mature" },
	{ "<AgeRating>For cats</AgeRating>", "age_rating", "-" },
	{ "<CommunityRating><AverageRating>7</AverageRating><RatingCount>25</RatingCount></CommunityRating>",
	  "community_rating/average_rating", "5" },
	{ "<CommunityRating><AverageRating>4.46</AverageRating></CommunityRating>",
	  "community_rating/average_rating", "4.5" },
	{ "<CommunityRating><RatingCount>25</RatingCount></CommunityRating>",
	  "community_rating/rating_count", "25" },
	{ "<LastModified>2023-05-31T15:00:46.3+02:00</LastModified>", "updated_at",
	  "2023-05-31T13:00:46Z" },
	{ "<Credits><Credit><Creator id='8'>A, B</Creator><Roles><Role id='9'>writer</Role></Roles></Credit></Credits>",
	  "credits/A, B/roles/Writer/identifiers/metron/key", "9" },
	{ "<Credits><Credit><Creator id='8'>A</Creator></Credit></Credits>",
	  "credits/A/identifiers/metron/key", "8" },
	{ "<Credits><Credit><Roles><Role>Cover</Role><Role>Cook</Role></Roles><Creator>A</Creator></Credit></Credits>",
	  "credits/A/roles", "Cover Artist" },
	{ "<Credits><Credit><Creator>A</Creator><Roles><Role>Writer</Role></Roles></Credit>"
	  "<Credit><Creator>A</Creator><Roles><Role>Inker</Role></Roles></Credit></Credits>",
	  "credits/A/roles", "Writer|Inker" },
	{ "<Credits><Credit><Creator>A</Creator><Roles><Role>Cook</Role></Roles></Credit></Credits>",
	  "credits/A", "{}" },
	{ "<Credits><Credit><Roles><Role>Writer</Role></Roles></Credit></Credits>", "credits", "-" },
	{ "<Genres><Genre>A, B</Genre></Genres><Tags><Tag id='1'>T</Tag></Tags>", "genres", "A, B" },
	{ "<Reprints><Reprint id='6'>Foo Bar #002 (2001)</Reprint></Reprints>", "reprints/0/series/name",
	  "Foo Bar" },
	{ "<Reprints><Reprint id='6'>Foo Bar #002</Reprint></Reprints>", "reprints/0/issue", "002" },
	{ "<Reprints><Reprint id='6'>Foo Bar #002</Reprint></Reprints>",
	  "reprints/0/identifiers/metron/key", "6" },
	{ "<Series><AlternativeNames><AlternativeName lang='de'>Foo</AlternativeName></AlternativeNames></Series>"
	  "<Reprints><Reprint>Foo #3</Reprint></Reprints>",
	  "reprints/0", "language|series|issue" },
	{ "<Series><AlternativeNames><AlternativeName/></AlternativeNames></Series>", "reprints", "-" },
	{ "<PageCount>5</PageCount>", "page_count", "5" },
	// Elements of no meaning, and known ones in odd places.
	{ "<Foo><Number>3</Number></Foo>", "issue", "-" },
	{ "<Summary>a<b>b</b>c</Summary>", "summary", "abc" },
	{ "<Summary>first</Summary><Summary>second</Summary>", "summary", "first" },
	{ "<SUMMARY>x</SUMMARY>", "summary", "x" },
	{ "<Number>3</Number><Summary>cut", "issue/name", "3" },
};

static void test_rows(struct reading *r)
{
	char document[2048];

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		(void)snprintf(document, sizeof(document), "<MetronInfo>%s</MetronInfo>",
			       rows[i].document);
		if (read_member(r, "metroninfo.XML", document))
			value_is(r, rows[i].path, rows[i].want, rows[i].document);
	}
}

static void test_kind(struct reading *r)
{
	if (read_member(r, "MetronInfo.xml", "<ComicInfo><Series>x</Series></ComicInfo>")) {
		value_is(r, "series", "-", "another kind of document");
		ok(warnings_with(r, "no <MetronInfo> in it") == 1, "it is warned of");
	}
	if (read_member(r, "MetronInfo.xml", "<IDS><ID source='x'>1</ID></IDS>"))
		ok(warnings_with(r, "MetronInfo.xml") == 1, "no root at all");
	if (read_member(r, "MetronInfo.xml",
			"<MetronInfo><IDS><ID source='Nowhere'>1</ID></IDS></MetronInfo>"))
		ok(warnings_with(r, "'Nowhere' is not a known source") == 1, "an unknown source");
	if (read_member(r, "MetronInfo.xml",
			"<x:metroninfo xmlns:x='u'><x:number>7</x:number></x:metroninfo>"))
		value_is(r, "issue/name", "7", "prefixes and case do not count");
}

int main(void)
{
	struct reading r;

	reading_init(&r, true);
	test_rows(&r);
	test_kind(&r);
	reading_clear(&r);
	return done();
}
