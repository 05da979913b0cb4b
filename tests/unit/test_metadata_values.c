// SPDX-License-Identifier: MIT
// test_metadata_values.c: numbers, flags, dates, texts and lists as people write them.

#include "metadata/clean.h"
#include "metadata/date.h"
#include "metadata/issue.h"
#include "metadata/scalar.h"
#include "tap.h"

#include <stdlib.h>

#define UNSET INT64_MIN
#define BAD INT64_MAX

static void is_scalar(enum scalar_result result, int64_t got, int64_t want, const char *text,
		      const char *what)
{
	if (result != SCALAR_OK)
		got = result == SCALAR_UNSET ? UNSET : BAD;
	if (!ok(got == want, "%s '%s'", what, text))
		printf("#   got %" PRId64 ", want %" PRId64 "\n", got, want);
}

static void test_integers(void)
{
	static const struct {
		const char *text;
		int64_t want;
	} rows[] = {
		{ "1", 1 },
		{ " 42 ", 42 },
		{ "007", 7 },
		{ "0", 0 },
		{ "-1", UNSET },
		{ " - 1", UNSET },
		{ "\xE2\x88\x92" "1", UNSET }, // U+2212
		{ "", UNSET },
		{ "   ", UNSET },
		{ "2020.0", 2020 },
		{ "v3", 3 },
		{ "v-3", 3 },
		{ "2019-2021", 2019 },
		{ "May", BAD },
		{ "-", BAD },
		{ "１２", 12 },
		{ "19.HU", 19 },
		{ "9007199254740992", INT64_C(9007199254740992) },
		{ "9007199254740993", BAD },
		{ "9223372036854775808", BAD },
		{ "1e400", 1 },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		int64_t value = 0;
		enum scalar_result result = scalar_integer(text_from(rows[i].text), &value);

		is_scalar(result, value, rows[i].want, rows[i].text, "integer");
	}
}

static void test_long_digits(void)
{
	size_t len = (size_t)10 << 20;
	char *digits = malloc(len);
	int64_t value = 0;
	struct issue_parts parts;

	if (digits == NULL)
		return;
	memset(digits, '9', len);
	ok(scalar_integer((struct text){ digits, len }, &value) == SCALAR_BAD, "10 MiB of digits");
	ok(scalar_decimal((struct text){ digits, len }, 1, 500, &value) == SCALAR_OK && value == 500,
	   "10 MiB of digits as a rating");
	issue_parse((struct text){ digits, len }, &parts);
	is_i64(parts.hundredths, ISSUE_NUMBER_MAX * 100, "10 MiB of digits as an issue");
	free(digits);
}

static void test_decimals(void)
{
	static const struct {
		const char *text;
		int places;
		int64_t want;
	} rows[] = {
		{ "4.2", 1, 420 },
		{ "4,5", 1, 450 },
		{ "4.25", 1, 420 }, // half to even
		{ "4.35", 1, 440 },
		{ "4.251", 1, 430 },
		{ "4.2500001", 1, 430 },
		{ "0.125", 2, 12 },
		{ "0.135", 2, 14 },
		{ ".5", 1, 50 },
		{ "½", 1, 50 },
		{ "4½", 1, 450 },
		{ "4 1/2", 1, 450 },
		{ "1/2", 1, 50 },
		{ "7", 1, 500 }, // the maximum
		{ "1e400", 1, 100 },
		{ "99999999999999999999", 1, 500 },
		{ "4.99", 1, 500 },
		{ "-1", 1, UNSET },
		{ "", 1, UNSET },
		{ "good", 1, BAD },
		{ "rated 3.5 of 5", 1, 350 },
		{ "$1.25", 2, 125 },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		int64_t value = 0;
		enum scalar_result result =
			scalar_decimal(text_from(rows[i].text), rows[i].places, 500, &value);

		is_scalar(result, value, rows[i].want, rows[i].text, "decimal");
	}
}

static void test_flags(void)
{
	static const struct {
		const char *text;
		int want; // -1: unset
	} rows[] = {
		{ "Yes", 1 }, { "yes", 1 },    { "true", 1 }, { "1", 1 },	 { "No", 0 },
		{ "0", 0 },   { "false", 0 },  { "maybe", 0 }, { "Unknown", -1 }, { "", -1 },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		bool value = false;
		enum scalar_result result = scalar_flag(text_from(rows[i].text), &value);

		is_i64(result == SCALAR_OK ? value : -1, rows[i].want, rows[i].text);
	}
}

// ---- issues ---------------------------------------------------------------------------------

#define NO_NUMBER INT64_MIN

static const struct {
	const char *name;
	int64_t hundredths;
	const char *suffix;
} issue_rows[] = {
	{ "1", 100, "" },
	{ "001", 100, "" },
	{ "  3 ", 300, "" },
	{ "1.", 100, "" },
	{ "0", 0, "" },
	{ "000", 0, "" },
	{ "0.5", 50, "" },
	{ ".5", 50, "" },
	{ "01.50", 150, "" },
	{ "1.10", 110, "" },
	{ "1.1", 110, "" },
	{ "1.999", 199, "" },
	{ "-1.999", -199, "" },
	{ "1.MU", 100, "MU" },
	{ "78.BEY", 7800, "BEY" },
	{ "10AU", 1000, "AU" },
	{ "1a b", 100, "a b" },
	{ "1e5", 100, "e5" },
	{ "½", 50, "" },
	{ "1½", 150, "" },
	{ "001½", 150, "" },
	{ "¼", 25, "" },
	{ "¾", 75, "" },
	{ "1/2", 50, "" },
	{ "1 1/2", 150, "" },
	{ "1/20", 100, "/20" },
	{ "-1", -100, "" },
	{ "-0.5", -50, "" },
	{ "-½", -50, "" },
	{ "\xE2\x88\x92" "1", -100, "" },
	{ "Annual 1", NO_NUMBER, "Annual 1" },
	{ "#5", 500, "" },
	{ "# 5", 500, "" },
	{ "##5", 500, "" },
	{ "A22", NO_NUMBER, "A22" },
	{ "∞", NO_NUMBER, "∞" },
	{ "-", NO_NUMBER, "-" },
	{ "#", NO_NUMBER, "" },
	{ "", NO_NUMBER, "" },
	{ ".", NO_NUMBER, "." },
	{ "1,000", 100, ",000" },
	{ "1-3", 100, "-3" },
	{ "1.1.1", 110, ".1" },
	{ "0.0.1", 0, ".1" },
	{ "5 (of 6)", 500, "(of 6)" },
	{ "１２", 1200, "" },
	{ "1.2S", 120, "S" },
	{ "43.5AU", 4350, "AU" },
	{ "99999999", 9999999900, "" },
	{ "100000000", 9999999900, "" },
	{ "99999999.99", 9999999900, "" },
	{ "-123456789012345678901234567890", -9999999900, "" },
	{ "1abcdefghijklmnopqrstuvwxyz", 100, "abcdefghijklmnop" },
	{ "1éééééééééééééééééééé", 100, "éééééééééééééééé" },
};

static void test_issues(void)
{
	for (size_t i = 0; i < COMIC_COUNT(issue_rows); i++) {
		struct issue_parts parts;

		issue_parse(text_from(issue_rows[i].name), &parts);
		is_i64(parts.has_number ? parts.hundredths : NO_NUMBER, issue_rows[i].hundredths,
		       issue_rows[i].name);
		is_text(parts.suffix, issue_rows[i].suffix, issue_rows[i].name);
	}
}

// ---- dates ----------------------------------------------------------------------------------

static const struct {
	const char *text;
	struct date want; // all 0: none
} dates[] = {
	{ "2020-05-06", { 2020, 5, 6 } },
	{ "2020-5-6", { 2020, 5, 6 } },
	{ "2020/05/06", { 2020, 5, 6 } },
	{ "2020-05", { 2020, 5, 0 } },
	{ "2020", { 2020, 0, 0 } },
	{ "May 2020", { 2020, 5, 0 } },
	{ "Sept. 2020", { 2020, 9, 0 } },
	{ "6 May 2020", { 2020, 5, 6 } },
	{ "May 6, 2020", { 2020, 5, 6 } },
	{ "May 6th, 2020", { 2020, 5, 6 } },
	{ "2020 May 6", { 2020, 5, 6 } },
	{ "05/06/2020", { 2020, 5, 6 } },
	{ "25/06/2020", { 2020, 6, 25 } },
	{ "05/2020", { 2020, 5, 0 } },
	{ "2020-05-06T10:00:00Z", { 2020, 5, 6 } },
	{ "2020-05-06 10:00", { 2020, 5, 6 } },
	{ "2020-02-30", { 0 } },
	{ "2020-02-29", { 2020, 2, 29 } },
	{ "1900-02-29", { 0 } },
	{ "2000-02-29", { 2000, 2, 29 } },
	{ "2020-13-01", { 0 } },
	{ "0000-00-00", { 0 } },
	{ "May", { 0 } },
	{ "soon", { 0 } },
	{ "", { 0 } },
	{ "20200506", { 2020, 5, 6 } },
	{ "20200230", { 0 } },
	{ "2020050607", { 0 } },
	{ "Wed, 06 May 2020", { 2020, 5, 6 } },
	{ "06 May 2020 10:00:00 GMT", { 2020, 5, 6 } },
	{ "Wed May  6 10:00:00 2020", { 2020, 5, 6 } },
	{ "Oct. 1986", { 1986, 10, 0 } },
	{ "Oct 1st, 1986", { 1986, 10, 1 } },
	{ "5/6/20", { 2020, 5, 6 } },
	{ "5/6/86", { 1986, 5, 6 } },
	{ "6 May 68", { 2068, 5, 6 } },
	{ "5/6/5", { 0 } },
	{ "5/20", { 0 } },
	{ "May 6", { 0 } },
	{ "2020-05-06, I think", { 2020, 5, 6 } },
	{ "05/06/2020, I think", { 0 } },
	{ "1986-10-00", { 1986, 10, 0 } },
	{ "Sep-Oct 1951", { 0 } },
	{ "1 2 3 4", { 0 } },
};

static void test_dates(void)
{
	for (size_t i = 0; i < COMIC_COUNT(dates); i++) {
		struct date d = { 0 };
		bool found = date_parse(text_from(dates[i].text), &d);

		if (!found)
			d = (struct date){ 0 };
		if (!ok(d.year == dates[i].want.year && d.month == dates[i].want.month &&
				d.day == dates[i].want.day,
			"date '%s'", dates[i].text))
			printf("#   got %d-%d-%d\n", d.year, d.month, d.day);
	}
}

static void test_any_times(void)
{
	static const struct {
		const char *text;
		const char *want; // NULL: none
	} rows[] = {
		{ "2009-10-25 14:51:31 +0000", "2009-10-25T14:51:31Z" },
		{ "2009-10-25", "2009-10-25T00:00:00Z" },
		{ "2009-10-25T14:51Z", "2009-10-25T14:51:00Z" },
		{ "2009-10-25 2:51:31.5", "2009-10-25T02:51:31Z" },
		{ "2009.10.25 14:51", "2009-10-25T14:51:00Z" },
		{ "20091025T145131Z", "2009-10-25T14:51:31Z" },
		{ "2009-10-25T1451", "2009-10-25T14:51:00Z" },
		{ "Sun Oct 25 14:51:31 2009", "2009-10-25T14:51:31Z" },
		{ "October 25, 2009 2:51 PM", "2009-10-25T14:51:00Z" },
		{ "October 25, 2009 12:51 pm", "2009-10-25T12:51:00Z" },
		{ "10/25/2009 14:51:31", "2009-10-25T14:51:31Z" },
		{ "Sun, 25 Oct 2009 14:51:31 -0500", "2009-10-25T19:51:31Z" },
		{ "25 Oct 2009 00:30:00 +01:00", "2009-10-24T23:30:00Z" },
		{ "2009-12-31T23:30:00-01:00", "2010-01-01T00:30:00Z" },
		{ "2009-10", NULL },
		{ "10/25/2009 25:51", NULL },
		{ "10/25/2009 10:5", NULL },
		{ "10:51", NULL },
		{ "soon", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		char out[DATE_TEXT] = "";
		bool found = date_parse_any_time(text_from(rows[i].text), out);

		if (!ok(found == (rows[i].want != NULL) &&
				(!found || strcmp(out, rows[i].want) == 0),
			"time '%s'", rows[i].text))
			printf("#   got '%s'\n", out);
	}
}

static void test_bools(void)
{
	static const struct {
		const char *text;
		enum scalar_result result;
		bool value;
	} rows[] = {
		{ "yes", SCALAR_OK, true },   { "No", SCALAR_OK, false },
		{ "TRUE", SCALAR_OK, true },  { "false", SCALAR_OK, false },
		{ "1", SCALAR_OK, true },     { "0", SCALAR_OK, false },
		{ "on", SCALAR_OK, true },    { " off ", SCALAR_OK, false },
		{ "y", SCALAR_OK, true },     { "n", SCALAR_OK, false },
		{ "t", SCALAR_OK, true },     { "F", SCALAR_OK, false },
		{ "", SCALAR_UNSET, false },  { "Unknown", SCALAR_UNSET, false },
		{ "2", SCALAR_BAD, false },   { "maybe", SCALAR_BAD, false },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		bool value = false;

		ok(scalar_bool(text_from(rows[i].text), &value) == rows[i].result &&
			   value == rows[i].value,
		   "bool '%s'", rows[i].text);
	}
}

static void test_times(void)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "2022-04-16 15:52:26.  [Issue", "2022-04-16T15:52:26Z" },
		{ "2025-03-02T00:47:29", "2025-03-02T00:47:29Z" },
		{ "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z" },
		{ "2020-01-01T00:30:00+01:00", "2019-12-31T23:30:00Z" },
		{ "2020-12-31 23:30:00 -0100", "2021-01-01T00:30:00Z" },
		{ "2020-02-28T23:00-02", "2020-02-29T01:00:00Z" },
		{ "2020-03-01T01:00:00.123456+02:00", "2020-02-29T23:00:00Z" },
		{ "2020-02-30 10:00:00", "" },
		{ "2020-01-01", "" },
		{ "2020-01-01 24:00:00", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		char out[DATE_TEXT] = "";

		if (!date_parse_time(text_from(rows[i].text), out))
			out[0] = '\0';
		is_string(out, rows[i].want, rows[i].text);
	}
}

// ---- texts and lists --------------------------------------------------------------------------

static void test_clean(struct arena *a)
{
	static const struct {
		const char *raw;
		const char *name;
		const char *text;
	} rows[] = {
		{ "plain", "plain", "plain" },
		{ "  two \t words\n", "two words", "two   words" },
		{ "a\r\nb\rc", "a b c", "a\nb\nc" },
		{ "a\x01\x0B\x7F" "b", "a b", "ab" }, // a vertical tab is white space
		{ "a\xC2\x85\xC2\x80" "b", "a b", "ab" }, // C1: U+0085 is white space too
		{ "\xC2\xA0" "a\xC2\xA0\xC2\xA0" "b\xE3\x80\x80", "a b", "a\xC2\xA0\xC2\xA0" "b\xE3\x80\x80" },
		{ "\xEF\xBB\xBF" "bom", "bom", "bom" },
		{ "Cafe\xCC\x81", "Caf\xC3\xA9", "Caf\xC3\xA9" },
		{ "bad \xE9 byte", "bad \xEF\xBF\xBD byte", "bad \xEF\xBF\xBD byte" },
		{ "", "", "" },
		{ " \n\t ", "", "" },
		{ "\x01\x02", "", "" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		is_text(clean_name(a, text_from(rows[i].raw)), rows[i].name, "clean_name");
		is_text(clean_text(a, text_from(rows[i].raw)), rows[i].text, "clean_text");
	}
}

static void test_limits(struct arena *a)
{
	size_t len = (size_t)3 << 20;
	char *raw = malloc(len);

	if (raw == NULL)
		return;
	memset(raw, 'x', len);
	is_u64(clean_name(a, (struct text){ raw, len }).len, CLEAN_NAME_MAX, "a name is cut");
	is_u64(clean_text(a, (struct text){ raw, len }).len, CLEAN_TEXT_MAX, "a text is cut");
	for (size_t i = 0; i + 1 < len; i += 2)
		memcpy(raw + i, "\xC3\xA9", 2);
	raw[0] = 'x'; // and a lone continuation byte, which moves what follows
	ok(text_is_utf8(clean_name(a, (struct text){ raw, len })), "no character is cut");
	is_text(clean_cut(TEXT("ab\xC3\xA9"), 3), "ab", "clean_cut");
	free(raw);
}

static void test_lists(struct arena *a)
{
	static const struct {
		const char *raw;
		const char *want;
	} rows[] = {
		{ "a", "[a]" },
		{ "a,b; c", "[a][b][c]" },
		{ " a , b ", "[a][b]" },
		{ "a,,b", "[a][][b]" },
		{ ",a,", "[][a][]" },
		{ "", "" },
		{ " ", "[]" },
		{ "\"Infinity, Inc.\", X", "[Infinity, Inc.][X]" },
		{ "Infinity, Inc., X", "[Infinity, Inc.][X]" },
		{ "Infinity, inc; X", "[Infinity, inc][X]" },
		{ "A; Inc., B", "[A][Inc.][B]" },
		{ "Sammy Davis, Jr., Foo, III, Bar", "[Sammy Davis, Jr.][Foo, III][Bar]" },
		{ "Acme, LLC, Ltd.", "[Acme, LLC, Ltd.]" },
		{ "Inc., A", "[Inc.][A]" },
		{ "\"a \"\"b\"\" c\", d", "[a \"b\" c][d]" },
		{ "\"Weird\" Al, b", "[\"Weird\" Al][b]" },
		{ "\"open, b", "[\"open][b]" },
		{ "\"\", a", "[][a]" },
		{ "\"\"\"\", a", "[\"][a]" },
		{ "\"a\";b", "[a][b]" },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct list_reader l;
		struct text item;
		char got[256] = "";

		list_init(&l, a, text_from(rows[i].raw));
		while (list_next(&l, &item))
			(void)snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%.*s]",
				       (int)item.len, item.data);
		is_string(got, rows[i].want, rows[i].raw);
	}
}

int main(void)
{
	struct arena a = { 0 };

	test_integers();
	test_long_digits();
	test_decimals();
	test_flags();
	test_issues();
	test_dates();
	test_times();
	test_any_times();
	test_bools();
	test_clean(&a);
	test_limits(&a);
	test_lists(&a);
	arena_clear(&a);
	return done();
}
