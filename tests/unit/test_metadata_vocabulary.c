// SPDX-License-Identifier: MIT
// test_metadata_vocabulary.c: ratings, formats, roles, languages, countries, sort names.

#include "metadata/age_rating.h"
#include "metadata/format.h"
#include "metadata/iso_codes.h"
#include "metadata/language.h"
#include "metadata/role.h"
#include "metadata/sort_name.h"
#include "tap.h"

#define NONE (-2)

static const struct {
	const char *raw;
	const char *comicinfo;
	int rank; // of the raw word
	int stored_rank; // of what is stored
} rating_rows[] = {
	{ "Unknown", "Unknown", -1, -1 },
	{ "Rating Pending", "Rating Pending", -1, -1 },
	{ "Early Childhood", "Early Childhood", 0, 0 },
	{ "Everyone 10+", "Everyone 10+", 0, 0 },
	{ "G", "G", 0, 0 },
	{ "Kids to Adults", "Kids to Adults", 0, 0 },
	{ "Everyone", "Everyone", 0, 0 },
	{ "E", "Everyone", 0, 0 },
	{ "A", "Everyone", 0, 0 },
	{ "all ages", "Everyone", 0, 0 },
	{ "PG", "PG", 1, 1 },
	{ "PG+", "Everyone 10+", 2, 0 },
	{ "TEEN", "Teen", 1, 1 },
	{ "13+", "MA15+", 1, 2 },
	{ "PG13", "MA15+", 1, 2 },
	{ "T", "Mature 17+", 2, 3 },
	{ "PSR", "Mature 17+", 2, 3 },
	{ "T+", "Mature 17+", 2, 3 },
	{ "PSR+", "Mature 17+", 2, 3 },
	{ "Teen Plus", "MA15+", 2, 2 },
	{ "teenplus", "MA15+", 2, 2 },
	{ "TEEN PLUS", "MA15+", 2, 2 },
	{ "15+", "MA15+", 2, 2 },
	{ "MA15+", "MA15+", 2, 2 },
	{ "ma 15+", "MA15+", 2, 2 },
	{ "Parental Advisory", "Mature 17+", 2, 3 },
	{ "M", "M", 3, 3 },
	{ "Mature", "Mature 17+", 3, 3 },
	{ "17+", "Mature 17+", 3, 3 },
	{ "Mature 17+", "Mature 17+", 3, 3 },
	{ "R", "Mature 17+", 3, 3 },
	{ "R18+", "R18+", 3, 3 },
	{ "Explicit", "R18+", 4, 3 },
	{ "ExplicitContent", "X18+", 4, 4 },
	{ "X18+", "X18+", 4, 4 },
	{ "Violence", "Adults Only 18+", 4, 5 },
	{ "Violent", "Adults Only 18+", 4, 5 },
	{ "X", "X18+", 5, 4 },
	{ "xxx", "X18+", 5, 4 },
	{ "Porn", "X18+", 5, 4 },
	{ "Pornography", "X18+", 5, 4 },
	{ "Sex", "X18+", 5, 4 },
	{ "Sexually Explicit", "X18+", 5, 4 },
	{ "Adult", "Adults Only 18+", 5, 5 },
	{ "Adults Only 18+", "Adults Only 18+", 5, 5 },
	{ "Max", "", NONE, NONE },
	{ "PG-13", "", NONE, NONE },
	{ "Teen+", "", NONE, NONE },
	{ "", "", NONE, NONE },
	{ "a word that is far too long to be any rating that anybody ever thought of", "", NONE, NONE },
};

static void test_age_ratings(void)
{
	for (size_t i = 0; i < COMIC_COUNT(rating_rows); i++) {
		struct text stored = age_rating_comicinfo(text_from(rating_rows[i].raw));
		struct text name = TEXT("");
		int rank = NONE;

		is_text(stored, rating_rows[i].comicinfo, rating_rows[i].raw);
		(void)age_rating_rank(text_from(rating_rows[i].raw), &rank, &name);
		is_i64(rank, rating_rows[i].rank, rating_rows[i].raw);
		rank = NONE;
		(void)age_rating_rank(stored, &rank, &name);
		is_i64(rank, rating_rows[i].stored_rank, rating_rows[i].raw);
	}
}

static void test_metron_names(void)
{
	static const char *const names[] = { "Unknown", "Everyone", "Teen",	"Teen Plus",
					     "Mature",	"Explicit", "Adult" };

	for (size_t i = 0; i < COMIC_COUNT(names); i++) {
		struct text name = TEXT("");
		int rank = NONE;

		ok(age_rating_rank(text_from(names[i]), &rank, &name), "%s is on the scale", names[i]);
		is_i64(rank, (int64_t)i - 1, names[i]);
		is_text(name, names[i], names[i]);
	}
}

static void test_formats(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "Anthology", "Anthology" },
		{ "annotation", "Annotation" },
		{ "Box Set", "Box Set" },
		{ "box-set", "Box Set" },
		{ "BOXSET", "Box Set" },
		{ "Boxed Set", "Box Set" },
		{ "digital", "Digital" },
		{ "Director's Cut", "Director's Cut" },
		{ "directors cut", "Director's Cut" },
		{ "giant sized", "Giant Sized" },
		{ "GN", "Graphic Novel" },
		{ "graphic novel", "Graphic Novel" },
		{ "HC", "Hardcover" },
		{ "Hard Cover", "Hardcover" },
		{ "hardcover", "Hardcover" },
		{ "hd-upscaled", "HD Upscaled" },
		{ "king-sized", "King Sized" },
		{ "Magazine", "Magazine" },
		{ "manga", "Manga" },
		{ "one shot", "One-Shot" },
		{ "oneshot", "One-Shot" },
		{ "1-shot", "One-Shot" },
		{ "One-Shot", "One-Shot" },
		{ "pdf rip", "PDF Rip" },
		{ "PDF-Rip", "PDF Rip" },
		{ "scanlation", "Scanlation" },
		{ "TPB", "Trade Paperback" },
		{ "TBP", "Trade Paperback" },
		{ "TP", "Trade Paperback" },
		{ "Trade Paper Back", "Trade Paperback" },
		{ "trade paperback", "Trade Paperback" },
		{ "web comic", "Web Comic" },
		{ "Webrip", "Web Rip" },
		{ "Annual", "Annual" },
		{ "digital chapter", "Digital Chapter" },
		{ "limited series", "Limited Series" },
		{ "omnibus", "Omnibus" },
		{ "single issue", "Single Issue" },
		{ "web", "Web" },
		{ "king size", "King Size" },
		{ "PDF", "PDF" },
		{ "comic", "Comic" },
		{ "Ashcan edition", "Ashcan Edition" },
		{ "d'artagnan's cut", "D'artagnan's Cut" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++)
		is_text(format_canonical(a, text_from(rows[i][0])), rows[i][1], rows[i][0]);
	ok(format_is_word(TEXT(" Digital ")), "Digital is a word of file names");
	ok(format_is_word(TEXT("Sketch")), "so is Sketch");
	ok(!format_is_word(TEXT("TP")), "TP is not");
	ok(!format_is_word(TEXT("Minutemen")), "nor is a group of scanners");
}

static void test_roles(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "writer", "Writer" },
		{ "Author", "Writer" },
		{ "Script", "Writer" },
		{ "Scripter", "Writer" },
		{ "Plot", "Writer" },
		{ "Plotter", "Writer" },
		{ "Story", "Writer" },
		{ "penciler", "Penciller" },
		{ "Penciller", "Penciller" },
		{ "Pencils", "Penciller" },
		{ "Breakdowns", "Penciller" },
		{ "Layouts", "Penciller" },
		{ "Illustrator", "Penciller" },
		{ "Inks", "Inker" },
		{ "Finishes", "Inker" },
		{ "Embellisher", "Inker" },
		{ "Ink Assists", "Inker" },
		{ "Colourist", "Colorist" },
		{ "Colorer", "Colorist" },
		{ "Colours", "Colorist" },
		{ "Color Separations", "Colorist" },
		{ "Color Flats", "Colorist" },
		{ "Gray Tone", "Colorist" },
		{ "Letters", "Letterer" },
		{ "CoverArtist", "Cover Artist" },
		{ "Cover Artist", "Cover Artist" },
		{ "cover", "Cover Artist" },
		{ "coverDesigner", "Cover Artist" },
		{ "Consulting Editor", "Editor" },
		{ "Editor In Chief", "Editor" },
		{ "Production", "Editor" },
		{ "Translation", "Translator" },
		{ "artist", "Artist" },
		{ "painter", "Painter" },
		{ "creator", "Creator" },
		{ "Chief creative officer", "Chief Creative Officer" },
		{ "Other", "Other" },
		{ "tea_maker", "Tea Maker" },
		{ "CEO", "CEO" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++)
		is_text(role_canonical(a, text_from(rows[i][0])), rows[i][1], rows[i][0]);
}

static void test_languages(void)
{
	static const char *const languages[][2] = {
		{ "en", "en" },	     { "EN", "en" },	 { "eng", "en" },     { "English", "en" },
		{ "en-US", "en" },   { "pt-BR", "pt" },	 { "en_US", "en" },   { "zh-Hans", "zh" },
		{ "fre", "fr" },     { "fra", "fr" },	 { "Spanish", "es" }, { "castilian", "es" },
		{ "haw", "haw" },    { "ga", "ga" },	 { "Irish", "ga" },   { " de ", "de" },
		{ "Klingon", "tlh" }, { "xx", "" },	 { "", "" },	      { "und", "" },
		{ "qaa-qtz", "" },   { "Norwegian Bokmål", "nb" },
	};
	static const char *const countries[][2] = {
		{ "US", "US" }, { "us", "US" }, { "USA", "US" }, { "United States", "US" },
		{ "GBR", "GB" }, { "France", "FR" }, { "Taiwan", "TW" }, { "XX", "" }, { "", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(languages); i++)
		is_text(language_code(text_from(languages[i][0])), languages[i][1], languages[i][0]);
	for (size_t i = 0; i < COMIC_COUNT(countries); i++)
		is_text(country_code(text_from(countries[i][0])), countries[i][1], countries[i][0]);
	is_string(language_name(TEXT("en")), "English", "name of en");
	is_string(country_name(TEXT("US")), "United States", "name of US");
	is_string(country_name(TEXT("TW")), "Taiwan", "the common name");
	ok(language_name(TEXT("xx")) == NULL, "no name of xx");
	ok(country_name(TEXT("")) == NULL, "no name of nothing");
}

static void is_sorted(const struct iso_code *table, size_t count, const char *what)
{
	size_t wrong = 0;

	for (size_t i = 1; i < count; i++)
		wrong += strcmp(table[i - 1].key, table[i].key) >= 0;
	ok(count > 100 && wrong == 0, "%s: sorted, each key once", what);
}

static void test_iso_tables(void)
{
	is_sorted(iso_language_keys, iso_language_key_count, "languages by key");
	is_sorted(iso_language_names, iso_language_name_count, "languages by code");
	is_sorted(iso_country_keys, iso_country_key_count, "countries by key");
	is_sorted(iso_country_names, iso_country_name_count, "countries by code");
	for (size_t i = 0; i < iso_language_key_count; i++) {
		if (language_name(text_from(iso_language_keys[i].value)) == NULL)
			ok(false, "%s has a name", iso_language_keys[i].value);
	}
}

static void test_sort_names(struct arena *a)
{
	static const char *const rows[][2] = {
		{ "The Amazing X", "amazing x, the" },
		{ "Batman", "batman" },
		{ "The", "the" },
		{ "A Distant Soil", "distant soil, a" },
		{ "An Example", "example, an" },
		{ "Theory of X", "theory of x" },
		{ "Les Aventures de Tintin", "aventures de tintin, les" },
		{ "L' Incal", "incal, l'" },
		{ "L'Incal", "l'incal" },
		{ "Der Spirou", "spirou, der" },
		{ "Los Ángeles", "ángeles, los" },
		{ "ÉMILE", "émile" },
		{ "ΣΊΣΥΦΟΣ", "σίσυφοσ" },
		{ "Na", "na" },
		{ "The ", "the " },
		{ "", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++)
		is_text(sort_name(a, text_from(rows[i][0])), rows[i][1], rows[i][0]);
}

int main(void)
{
	struct arena a = { 0 };

	test_age_ratings();
	test_metron_names();
	test_formats(&a);
	test_roles(&a);
	test_languages();
	test_iso_tables();
	test_sort_names(&a);
	arena_clear(&a);
	return done();
}
