// SPDX-License-Identifier: MIT
// test_walk_pattern.c: the syntax of gitignore(5), line by line.

#include "walk/path.h"
#include "walk/pattern.h"

#include "tap.h"

struct sample {
	const char *line;
	const char *path;
	bool folder;
	bool match;
};

static const struct sample samples[] = {
	// without a "/": the last name, at any depth
	{ "a.cbz", "a.cbz", false, true },
	{ "a.cbz", "x/y/a.cbz", false, true },
	{ "a.cbz", "a.cbz.part", false, false },
	{ "A.cbz", "a.cbz", false, false },
	{ "*.pdf", "x/b.pdf", false, true },
	{ "*.pdf", "x/b.pdf.cbz", false, false },
	{ "*.pdf", ".pdf", false, true },
	{ "*", "x/y", false, true },
	{ "**", "x/y", false, true },
	{ "a*c", "abbc", false, true },
	{ "a*c", "abbcd", false, false },
	{ "*a*b*c*", "xxaxxbxxcxx", false, true },
	{ "*a*b*c*", "xxaxxcxxbxx", false, false },
	{ "a**c", "abbc", false, true },
	{ "?.cbz", "1.cbz", false, true },
	{ "?.cbz", "12.cbz", false, false },
	// with one: the whole path below the file's folder
	{ "/a.cbz", "a.cbz", false, true },
	{ "/a.cbz", "x/a.cbz", false, false },
	{ "/*.cbz", "a.cbz", false, true },
	{ "/*.cbz", "x/a.cbz", false, false },
	{ "x/a.cbz", "x/a.cbz", false, true },
	{ "x/a.cbz", "y/x/a.cbz", false, false },
	{ "x/*.cbz", "x/a.cbz", false, true },
	{ "x/*.cbz", "x/y/a.cbz", false, false },
	{ "x?a.cbz", "x/a.cbz", false, false },
	{ "x/y*", "x/y", false, true },
	// "**" between slashes
	{ "**/a.cbz", "a.cbz", false, true },
	{ "**/a.cbz", "x/y/a.cbz", false, true },
	{ "**/x/a.cbz", "y/x/a.cbz", false, true },
	{ "**/x/a.cbz", "yx/a.cbz", false, false },
	{ "x/**", "x/y", false, true },
	{ "x/**", "x/y/z", false, true },
	{ "x/**", "x", true, false },
	{ "x/**/a", "x/a", false, true },
	{ "x/**/a", "x/y/z/a", false, true },
	{ "x/**/a", "xa", false, false },
	{ "x/**/*.cbz", "x/y/b.cbz", false, true },
	{ "**/x/**/y/*.cbz", "q/x/r/y/y/b.cbz", false, true },
	{ "**/x/**/y/*.cbz", "q/x/r/z/b.cbz", false, false },
	{ "x**/a", "xyz/a", false, true },
	{ "x**/a", "x/y/a", false, false },
	{ "*/**/a*/b", "q/aa/ab/b", false, true },
	// folders only
	{ "old/", "old", true, true },
	{ "old/", "old", false, false },
	{ "old/", "x/old", true, true },
	{ "/old/", "x/old", true, false },
	{ "**/", "x", true, true },
	// sets
	{ "[ab].cbz", "b.cbz", false, true },
	{ "[ab].cbz", "c.cbz", false, false },
	{ "[!ab].cbz", "c.cbz", false, true },
	{ "[^ab].cbz", "a.cbz", false, false },
	{ "[a-c]1", "b1", false, true },
	{ "[a-c]1", "d1", false, false },
	{ "[]-]", "]", false, true },
	{ "[]-]", "-", false, true },
	{ "[!]]", "]", false, false },
	{ "[a\\]]", "]", false, true },
	{ "[[:digit:]]x", "7x", false, true },
	{ "[[:digit:][:upper:]]x", "Qx", false, true },
	{ "[[:digit:]]x", "ax", false, false },
	{ "x[/]y", "x/y", false, false },
	{ "x[!a]y", "x/y", false, false },
	{ "[ab", "a", false, false },
	{ "[ab", "[ab", false, false },
	{ "[\xC0-\xFF]*", "\xFFname", false, true },
	// escapes
	{ "\\#a", "#a", false, true },
	{ "\\!a", "!a", false, true },
	{ "\\*", "*", false, true },
	{ "\\*", "a", false, false },
	{ "a\\ ", "a ", false, true },
	{ "a\\", "a", false, false },
	{ "a\\", "a\\", false, false },
	{ "a\\\\", "a\\", false, true },
	// blanks and line ends
	{ "a  ", "a", false, true },
	{ " a", " a", false, true },
	{ "a\t", "a\t", false, true },
	{ "a\r", "a", false, true },
	{ "a b", "a b", false, true },
	{ "/", "a", true, false },
	{ "!", "a", false, false },
	{ "!a", "a", false, true },
};

static void test_samples(void)
{
	for (size_t i = 0; i < COMIC_COUNT(samples); i++) {
		const struct sample *s = &samples[i];
		struct text path = text_from(s->path);
		struct pattern p;
		bool parsed = pattern_parse_line(text_from(s->line), &p);

		ok(parsed && pattern_match(&p, path, path_base(path), s->folder) == s->match,
		   "'%s' %s '%s'", s->line, s->match ? "matches" : "does not match", s->path);
	}
}

static void test_lines(void)
{
	static const char *const nothing[] = { "", "\r", "   ", "#a", "#", "# x" };
	struct pattern p;

	for (size_t i = 0; i < COMIC_COUNT(nothing); i++)
		ok(!pattern_parse_line(text_from(nothing[i]), &p), "line %zu says nothing", i);
	ok(pattern_parse_line(TEXT("!/a*/ \r"), &p), "a line with everything");
	ok(p.negated && p.folder_only && p.whole_path, "its flags");
	is_text(p.text, "a*", "its text");
	is_text(p.source, "!/a*/", "its source");
	pattern_parse(TEXT("#recycle "), &p);
	is_text(p.text, "#recycle ", "an argument has no comments and keeps its blanks");
}

// Matching must not take exponential time.
static void test_cost(void)
{
	static char path[4001];
	struct pattern p;

	memset(path, 'a', sizeof(path) - 1);
	for (size_t i = 100; i < sizeof(path) - 1; i += 100)
		path[i] = '/';
	pattern_parse(TEXT("**/*a*a*a*a*/**/*a*a*a*a*/**/*a*a*a*a*b"), &p);
	ok(!pattern_match(&p, text_from(path), TEXT("a"), false), "a hostile pattern is soon done");
}

int main(void)
{
	test_samples();
	test_lines();
	test_cost();
	return done();
}
