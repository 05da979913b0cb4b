// SPDX-License-Identifier: MIT
// test_metadata_xml.c: XML as it should not be.

#include "metadata_read.h"

#include <time.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define OPEN "<ComicInfo>"
#define CLOSE "</ComicInfo>"

// A document with its length, so that NULs may stand in it.
#define DOC(literal) (literal), sizeof(literal) - 1

static const struct {
	const char *what;
	const char *data;
	size_t len;
	const char *path;
	const char *want;
	const char *warning; // one that must be there, NULL if there must be none
} rows[] = {
	// what is well-formed
	{ "plain", DOC(HEAD OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "no declaration", DOC(OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "CDATA", DOC(OPEN "<Title><![CDATA[A & B <c>]]></Title>" CLOSE), "title", "A & B <c>", NULL },
	{ "entities", DOC(OPEN "<Title>&amp;&lt;&gt;&quot;&apos;</Title>" CLOSE), "title", "&<>\"'", NULL },
	{ "numbers", DOC(OPEN "<Title>&#233;&#xE9;</Title>" CLOSE), "title", "éé", NULL },
	{ "comments", DOC("<!-- a -->" OPEN "<Title>A<!-- b -->B</Title><!-- c -->" CLOSE), "title", "AB",
	  NULL },
	{ "default namespace", DOC("<ComicInfo xmlns=\"urn:x\"><Title>T</Title></ComicInfo>"), "title", "T",
	  NULL },
	{ "attributes", DOC(OPEN "<Title lang=\"en\" x='1'>T</Title>" CLOSE), "title", "T", NULL },
	{ "processing instruction", DOC(HEAD "<?x y?>" OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "unknown elements", DOC(OPEN "<A><Title>no</Title></A><Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "empty", DOC(OPEN CLOSE), "title", "-", NULL },
	{ "an empty element", DOC(OPEN "<Title/><Title>T</Title>" CLOSE), "title", "T", NULL },

	// names
	{ "lower case", DOC("<comicinfo><title>T</title></comicinfo>"), "title", "T", NULL },
	{ "upper case", DOC("<COMICINFO><TITLE>T</TITLE></COMICINFO>"), "title", "T", NULL },
	{ "a prefix", DOC("<c:ComicInfo xmlns:c=\"urn:x\"><c:Title>T</c:Title></c:ComicInfo>"), "title", "T",
	  NULL },
	{ "an undeclared prefix", DOC("<c:ComicInfo><c:Title>T</c:Title></c:ComicInfo>"), "title", "T", NULL },
	{ "xsi without xmlns", DOC("<ComicInfo xsi:type=\"x\"><Title>T</Title></ComicInfo>"), "title", "T",
	  NULL },
	{ "another root", DOC("<ComicInfoXml><Title>T</Title></ComicInfoXml>"), "title", "-",
	  "no <ComicInfo> in it" },
	{ "HTML", DOC("<html><body>404</body></html>"), "title", "-", "no <ComicInfo> in it" },

	// markup in values
	{ "markup", DOC(OPEN "<Summary>a <b>b</b> c</Summary>" CLOSE), "summary", "a b c", NULL },
	{ "paragraphs", DOC(OPEN "<Summary><p>a</p><p>b</p></Summary>" CLOSE), "summary", "a\nb", NULL },
	{ "escaped markup", DOC(OPEN "<Summary>&lt;p&gt;a&lt;/p&gt;</Summary>" CLOSE), "summary", "<p>a</p>",
	  NULL },
	{ "a known name in a value", DOC(OPEN "<Summary><Title>a</Title></Summary>" CLOSE), "title", "-",
	  NULL },

	// repeated
	{ "the first counts", DOC(OPEN "<Title>a</Title><Title>b</Title>" CLOSE), "title", "a", NULL },
	{ "the first that says something", DOC(OPEN "<Title> </Title><Title>b</Title>" CLOSE), "title", "b",
	  NULL },
	{ "lists add up", DOC(OPEN "<Genre>a,b</Genre><Genre>c;A</Genre>" CLOSE), "genres", "a|b|c", NULL },

	// what stands behind a fault
	{ "references behind it", DOC(OPEN "<Writer>A</Writter><Title>a &amp; b &lt;3 &#65; &quot;</Title>" CLOSE),
	  "title", "a & b <3 A \"", "mismatch" },
	{ "an end of CDATA", DOC(OPEN "<Title>a]]>b &gt;</Title>" CLOSE), "title", "a]]>b >", NULL },
	{ "an end of CDATA at the end", DOC(OPEN "<Title>a</Title><!-- -->]]>]]>]]>]]>"), "title", "a",
	  "line 1" },
	{ "a reference in CDATA", DOC(OPEN "<Title><![CDATA[a &amp; ]] b]]></Title>" CLOSE), "title",
	  "a &amp; ]] b", NULL },

	// encodings
	{ "UTF-8 mark", DOC("\xEF\xBB\xBF" HEAD OPEN "<Title>\xC3\xA9</Title>" CLOSE), "title", "é", NULL },
	{ "Latin-1 declared", DOC("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" OPEN
				  "<Title>\xE9</Title>" CLOSE),
	  "title", "é", NULL },
	{ "Windows-1252 declared", DOC("<?xml version='1.0' encoding='Windows-1252'?>" OPEN
				       "<Title>\x93x\x94</Title>" CLOSE),
	  "title", "“x”", NULL },
	{ "Windows-1252 in UTF-8", DOC(HEAD OPEN "<Title>Caf\xE9 \x93x\x94</Title>" CLOSE), "title",
	  "Café “x”", "not in UTF-8" },
	{ "one bad byte among good ones", DOC(HEAD OPEN "<Title>\xC3\xA9\xE9\xC3\xA9</Title>" CLOSE), "title",
	  "ééé", "not in UTF-8" },
	{ "UTF-16 declared, UTF-8 in truth",
	  DOC("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" OPEN "<Title>\xC3\xA9</Title>" CLOSE), "title",
	  "é", NULL },
	{ "Latin-1 declared, UTF-8 in truth",
	  DOC("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" OPEN "<Title>\xC3\xA9</Title>" CLOSE),
	  "title", "é", NULL },
	{ "an unknown encoding", DOC("<?xml version=\"1.0\" encoding=\"x-none\"?>" OPEN
				     "<Title>\xE9</Title>" CLOSE),
	  "title", "é", "not in UTF-8" },
	{ "Shift_JIS", DOC("<?xml version='1.0' encoding='Shift_JIS'?>" OPEN
			   "<Title>\x83\x65\x83\x58\x83\x67</Title>" CLOSE),
	  "title", "テスト", NULL },
	{ "cp1251", DOC("<?xml version='1.0' encoding='cp1251'?>" OPEN
			"<Title>\xC1\xFD\xF2\xEC\xE5\xED</Title>" CLOSE),
	  "title", "Бэтмен", NULL },
	{ "windows-1251", DOC("<?xml version='1.0' encoding='windows-1251'?>" OPEN
			      "<Title>\xC1\xFD\xF2\xEC\xE5\xED</Title>" CLOSE),
	  "title", "Бэтмен", NULL },
	{ "windows-1251 declared, UTF-8 in truth",
	  DOC("<?xml version='1.0' encoding='windows-1251'?>" OPEN "<Title>Бэтмен</Title>" CLOSE),
	  "title", "Бэтмен", NULL },
	{ "koi8-r", DOC("<?xml version='1.0' encoding='koi8-r'?>" OPEN
			"<Title>\xE2\xDC\xD4\xCD\xC5\xCE</Title>" CLOSE),
	  "title", "Бэтмен", NULL },
	{ "ibm866", DOC("<?xml version='1.0' encoding='ibm866'?>" OPEN
			"<Title>\x81\xED\xE2\xAC\xA5\xAD</Title>" CLOSE),
	  "title", "Бэтмен", NULL },
	{ "gbk", DOC("<?xml version='1.0' encoding='gbk'?>" OPEN
		     "<Title>\xBA\xA3\xD4\xF4\xCD\xF5</Title>" CLOSE),
	  "title", "海贼王", NULL },
	{ "gbk, cut inside a character", DOC("<?xml version='1.0' encoding='gbk'?>" OPEN
					     "<Title>\xBA\xA3\xD4\xF4\xCD\xF5</Title><Series>\xBA"),
	  "title", "海贼王", "Extra content" },
	{ "big5", DOC("<?xml version='1.0' encoding='Big5'?>" OPEN
		      "<Title>\xAE\xFC\xB8\xE9\xA4\xFD</Title>" CLOSE),
	  "title", "海賊王", NULL },
	{ "euc-kr", DOC("<?xml version='1.0' encoding='ks_c_5601-1987'?>" OPEN
			"<Title>\xB9\xE8\xC6\xAE\xB8\xC7</Title>" CLOSE),
	  "title", "배트맨", NULL },
	{ "iso-8859-2", DOC("<?xml version='1.0' encoding='ISO-8859-2'?>" OPEN
			    "<Title>\xAE\xBE\xF8</Title>" CLOSE),
	  "title", "Žžř", NULL },
	{ "one bad byte among many that fit",
	  DOC("<?xml version='1.0' encoding='shift_jis'?>" OPEN
	      "<Title>\xFF\x83\x65\x83\x58\x83\x67\x83\x65\x83\x58\x83\x67"
	      "\x83\x65\x83\x58\x83\x67\x83\x65\x83\x58\x83\x67\x83\x65\x83\x58\x83\x67</Title>" CLOSE),
	  "title", "\xEF\xBF\xBDテストテストテストテストテスト", NULL },
	{ "Shift_JIS declared, but no such bytes",
	  DOC("<?xml version='1.0' encoding='Shift_JIS'?>" OPEN "<Title>\xFF</Title>" CLOSE), "title", "ÿ",
	  "not in UTF-8" },
	{ "UTF-16LE with mark", DOC("\xFF\xFE<\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>\0<\0T\0i\0t\0l\0e\0>\0\xE9\0"
				    "=\xD8\x00\xDE<\0/\0T\0i\0t\0l\0e\0>\0<\0/\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>\0"),
	  "title", "é😀", NULL },
	{ "UTF-16BE without mark", DOC("\0<\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>\0<\0T\0i\0t\0l\0e\0>\0\xE9"
				       "\0<\0/\0T\0i\0t\0l\0e\0>\0<\0/\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>"),
	  "title", "é", NULL },
	{ "half a surrogate pair", DOC("\xFF\xFE<\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>\0<\0T\0i\0t\0l\0e\0>\0a\0"
				       "=\xD8<\0/\0T\0i\0t\0l\0e\0>\0<\0/\0C\0o\0m\0i\0c\0I\0n\0f\0o\0>\0"),
	  "title", "a\xEF\xBF\xBD", NULL },

	// repaired
	{ "white space before it", DOC(" \n\r\t" HEAD OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "two declarations", DOC(HEAD "\n" HEAD OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "junk before it", DOC("junk & < 3 " HEAD OPEN "<Title>T</Title>" CLOSE), "title", "T", NULL },
	{ "a lone &", DOC(OPEN "<Title>A & B &C; &amp &</Title>" CLOSE), "title", "A & B &C; &amp &", NULL },
	{ "a lone <", DOC(OPEN "<Title>1 < 2 <3</Title>" CLOSE), "title", "1 < 2 <3", NULL },
	{ "HTML entities", DOC(OPEN "<Title>&eacute;&nbsp;&hellip;&Eacute;</Title>" CLOSE), "title", "é …É",
	  NULL },
	{ "an entity in CDATA", DOC(OPEN "<Title><![CDATA[&eacute; & <]]></Title>" CLOSE), "title",
	  "&eacute; & <", NULL },
	{ "control characters", DOC(OPEN "<Title>a\x01\x0B\x1F" "b</Title>" CLOSE), "title", "ab", NULL },
	{ "a control character behind a line end", DOC(OPEN "<Title>1234567\n\x0B" "a</Title>" CLOSE),
	  "title", "1234567 a", NULL },
	{ "NUL inside", DOC(OPEN "<Title>a\0b</Title><Series>S</Series>" CLOSE), "title", "ab", NULL },
	{ "behind a NUL", DOC(OPEN "<Title>a\0b</Title><Series>S</Series>" CLOSE), "series/name", "S", NULL },
	{ "NULs behind it", DOC(OPEN "<Title>T</Title>" CLOSE "\0\0\0\0"), "title", "T", NULL },
	{ "junk behind it", DOC(OPEN "<Title>T</Title>" CLOSE "junk"), "title", "T", "line 1: " },
	{ "another document behind it", DOC(OPEN "<Title>T</Title>" CLOSE OPEN "<Series>S</Series>" CLOSE),
	  "series/name", "-", "line 1: " },
	{ "&#0;", DOC(OPEN "<Title>a&#0;b&#x1;c&#xFFFF;d&#xD800;e&#99999999999;f</Title>" CLOSE), "title",
	  "abcdef", NULL },
	{ "no reference at all", DOC(OPEN "<Title>&#; &#x; &#12</Title>" CLOSE), "title", "&#; &#x; &#12",
	  NULL },

	// broken
	{ "cut in a value", DOC(OPEN "<Series>S</Series><Title>The Beg"), "title", "-", "line 1: " },
	{ "cut in a value: what came before", DOC(OPEN "<Series>S</Series><Title>The Beg"), "series/name", "S",
	  "line 1: " },
	{ "cut in a tag", DOC(OPEN "<Series>S</Series><Tit"), "series/name", "S", "line 1: " },
	{ "cut in a character", DOC(OPEN "<Series>\xC3\xA9</Series><Title>\xE2\x82"), "series/name", "é",
	  "line 1: " },
	{ "cut before the end", DOC(OPEN "\n<Series>S</Series>\n"), "series/name", "S", "line " },
	{ "wrong end tag", DOC(OPEN "<Title>T</Titel><Series>S</Series>" CLOSE), "title", "T", "line 1: " },
	{ "an attribute without value", DOC(OPEN "<Title x>T</Title><Series>S</Series>" CLOSE),
	  "series/name", "S", "line 1: " },
	{ "nothing", DOC(" "), "title", "-", "no <ComicInfo> in it" },
	{ "NULs", DOC("\0\0\0\0"), "title", "-", "no <ComicInfo> in it" },
	{ "<", DOC("<"), "title", "-", "no <ComicInfo> in it" },
	{ "no markup", DOC("404 not found"), "title", "-", "no <ComicInfo> in it" },
	{ "JSON", DOC("{\"Title\":\"T\"}"), "title", "-", "no <ComicInfo> in it" },

	// document types
	{ "a doctype", DOC("<!DOCTYPE ComicInfo>" OPEN "<Title>T</Title>" CLOSE), "title", "T",
	  "document type declaration ignored" },
	{ "an entity of its own", DOC("<!DOCTYPE c [<!ENTITY e \"boom\">]>" OPEN "<Series>a&e;b</Series>" CLOSE),
	  "series/name", "a&e;b", "document type declaration ignored" },
	{ "an external entity",
	  DOC("<!DOCTYPE c [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>" OPEN "<Series>a&e;b</Series>" CLOSE),
	  "series/name", "a&e;b", "document type declaration ignored" },
	{ "a parameter entity",
	  DOC("<!DOCTYPE c [<!ENTITY % e SYSTEM \"file:///etc/passwd\"> %e;]>" OPEN "<Title>T</Title>" CLOSE),
	  "title", "T", "document type declaration ignored" },
	{ "an external subset", DOC("<!DOCTYPE c SYSTEM \"file:///etc/passwd\">" OPEN "<Title>T</Title>" CLOSE),
	  "title", "T", "document type declaration ignored" },
	{ "a predefined entity anew", DOC("<!DOCTYPE c [<!ENTITY amp \"x\">]>" OPEN "<Title>&amp;</Title>" CLOSE),
	  "title", "&", "document type declaration ignored" },
	{ "a doctype with quotes and comments",
	  DOC("<!DOCTYPE c [<!ENTITY e \"]>\"><!-- ]> ' -->]>" OPEN "<Title>T</Title>" CLOSE), "title", "T",
	  "document type declaration ignored" },
	{ "a doctype without end", DOC("<!DOCTYPE c [" OPEN "<Title>T</Title>" CLOSE), "title", "-",
	  "no <ComicInfo> in it" },
	{ "a doctype inside", DOC(OPEN "<!DOCTYPE c [<!ENTITY e 'x'>]><Title>T</Title>" CLOSE), "title", "T",
	  NULL },
	{ "a default attribute", DOC("<!DOCTYPE c [<!ATTLIST Title a CDATA \"b\">]>" OPEN "<Title>T</Title>" CLOSE),
	  "title", "T", "document type declaration ignored" },
};

static void test_rows(struct reading *r)
{
	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		size_t count = 0;

		if (!reading_do(r, TEXT(""), (struct text){ rows[i].data, rows[i].len }))
			continue;
		value_is(r, rows[i].path, rows[i].want, rows[i].what);
		(void)metadata_warnings(r->m, &count);
		if (!ok(rows[i].warning == NULL ? count == 0 : warnings_with(r, rows[i].warning) > 0,
			"%s: warning", rows[i].what) &&
		    count > 0)
			printf("#   first: %.*s\n", (int)metadata_warnings(r->m, &count)[0].len,
			       metadata_warnings(r->m, &count)[0].data);
	}
}

// ---- large and hostile --------------------------------------------------------------------------

static void add_times(struct buf *b, const char *what, size_t times)
{
	for (size_t i = 0; i < times; i++) {
		if (buf_add_text(b, what) < 0)
			abort();
	}
}

static struct text made(const struct buf *b)
{
	return (struct text){ (const char *)b->data, b->len };
}

static void test_made(struct reading *r, struct buf *b, const char *title, const char *what)
{
	clock_t before = clock();

	if (reading_do(r, TEXT(""), made(b)))
		value_is(r, "title", title, what);
	ok(clock() - before < 5 * CLOCKS_PER_SEC, "%s: in time", what);
	b->len = 0;
}

static void test_deep(struct reading *r, struct buf *b)
{
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "<a>", 500000);
	test_made(r, b, "T", "500,000 deep");
	is_u64(warnings_with(r, "nested deeper than 64"), 1, "a warning says so");
	add_times(b, OPEN "<Title>", 1);
	add_times(b, "<a>", 60);
	add_times(b, "T", 1);
	add_times(b, "</a>", 60);
	add_times(b, "</Title>" CLOSE, 1);
	test_made(r, b, "T", "60 deep");
}

static void test_wide(struct reading *r, struct buf *b)
{
	char attribute[32];

	add_times(b, OPEN "<Title>T</Title><Series", 1);
	for (int i = 0; i < 60000; i++) {
		(void)snprintf(attribute, sizeof(attribute), " a%d='>'", i);
		add_times(b, attribute, 1);
	}
	add_times(b, ">S</Series>" CLOSE, 1);
	test_made(r, b, "T", "60,000 attributes");
	add_times(b, OPEN "<Title>T</Title><Series a='", 1);
	add_times(b, "x", (size_t)4 << 20);
	add_times(b, "'>S</Series>" CLOSE, 1);
	test_made(r, b, "T", "4 MiB of attribute");
	value_is(r, "series/name", "S", "behind 4 MiB of attribute");
	for (int i = 0; i < 200000; i++) {
		(void)snprintf(attribute, sizeof(attribute), "<n%d/>", i);
		add_times(b, i == 0 ? OPEN "<Title>T</Title>" : attribute, 1);
	}
	test_made(r, b, "T", "200,000 names");
}

static void test_long(struct reading *r, struct buf *b)
{
	add_times(b, OPEN "<Title>T</Title><Summary>", 1);
	add_times(b, "0123456789abcdef", (size_t)8 << 16);
	add_times(b, "</Summary>" CLOSE, 1);
	test_made(r, b, "T", "8 MiB of summary");
	is_u64(warnings_with(r, "longer than 1 MiB"), 1, "a warning says so");
	is_u64(strlen(value_at(r, "summary")), 16383, "it is there"); // as far as value_at shows it
	add_times(b, OPEN "<Title>T</Title><Summary>", 1);
	add_times(b, "&", (size_t)1 << 20);
	add_times(b, "</Summary>" CLOSE, 1);
	test_made(r, b, "T", "a million lone &");
	add_times(b, OPEN "<Title>T</Title><!-- ", 1);
	add_times(b, "<!--", (size_t)1 << 20);
	test_made(r, b, "T", "a million open comments");
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "<![CDATA[", (size_t)1 << 20);
	test_made(r, b, "T", "a million open CDATA sections");
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "<?x", (size_t)1 << 20);
	test_made(r, b, "T", "a million open instructions");
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "</x>", (size_t)1 << 20);
	test_made(r, b, "T", "a million end tags");
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "<x", (size_t)1 << 20);
	test_made(r, b, "T", "a million open tags");
	add_times(b, OPEN "<Title>T</Title>", 1);
	add_times(b, "<x a='", (size_t)1 << 20);
	test_made(r, b, "T", "a million open attributes");
	add_times(b, OPEN "<Title>T</Title><Genre>", 1);
	for (int i = 0; i < 100000; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "g%d,", i);
		add_times(b, name, 1);
	}
	add_times(b, "</Genre>" CLOSE, 1);
	test_made(r, b, "T", "100,000 genres");
	is_u64(warnings_with(r, "more than 10000 names"), 1, "a warning says so");
}

static void test_entities(struct reading *r, struct buf *b)
{
	char line[128];

	add_times(b, "<!DOCTYPE c [<!ENTITY l0 \"lol\">", 1);
	for (int i = 1; i < 24000; i++) {
		(void)snprintf(line, sizeof(line), "<!ENTITY l%d \"&l%d;&l%d;&l%d;\">", i, i - 1, i - 1, i - 1);
		add_times(b, line, 1);
	}
	add_times(b, "]>" OPEN "<Title>T</Title><Series>&l23999;</Series>" CLOSE, 1);
	test_made(r, b, "T", "24,000 entities of each other");
}

// Every beginning of a document gives a beginning of its fields, and never a cut one.
static void test_prefixes(struct reading *r)
{
	static const char whole[] = HEAD OPEN "<Series>Caf\xC3\xA9</Series><Title>A &amp; B</Title>"
					 "<Pages><Page Image=\"0\" Type=\"FrontCover\"/></Pages>" CLOSE;
	size_t bad = 0;

	for (size_t len = 1; len < sizeof(whole); len++) {
		char *copy = malloc(len); // so that a sanitizer sees reads beyond the end

		if (copy == NULL)
			return;
		memcpy(copy, whole, len);
		if (!reading_do(r, TEXT(""), (struct text){ copy, len }))
			return;
		bad += strcmp(value_at(r, "series/name"), "-") != 0 &&
		       strcmp(value_at(r, "series/name"), "Café") != 0;
		bad += strcmp(value_at(r, "title"), "-") != 0 && strcmp(value_at(r, "title"), "A & B") != 0;
		free(copy);
	}
	is_u64(bad, 0, "no beginning of a document gives a cut value");
}

int main(void)
{
	struct reading r;
	struct buf b = { 0 };

	reading_init(&r, false);
	test_rows(&r);
	test_prefixes(&r);
	test_deep(&r, &b);
	test_wide(&r, &b);
	test_long(&r, &b);
	test_entities(&r, &b);
	reading_clear(&r);
	reading_init(&r, true);
	test_prefixes(&r);
	reading_clear(&r);
	buf_clear(&b);
	return done();
}
