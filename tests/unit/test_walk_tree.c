// SPDX-License-Identifier: MIT
// test_walk_tree.c: ignore rules, walks, roots and old paths on a small tree on disk.

#define _GNU_SOURCE // nftw

#include "walk/ignore.h"
#include "walk/move.h"
#include "walk/path.h"
#include "walk/roots.h"
#include "walk/walk.h"

#include "tap.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[160]; // a folder of its own, without links above it

// Makes a file, or a folder where the name ends in "/", below the working directory.
static void make(const char *name, const char *content)
{
	size_t len = strlen(name);
	int fd = -1;

	if (name[len - 1] == '/') {
		if (mkdir(name, 0700) == 0)
			return;
	} else {
		fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	}
	if (fd < 0 || write(fd, content, strlen(content)) < 0 || close(fd) < 0) {
		printf("Bail out! cannot make %s\n", name);
		exit(1);
	}
}

static struct text in_base(struct arena *a, const char *name)
{
	char path[256];
	int len = snprintf(path, sizeof(path), "%s%s", base, name);

	return (struct text){ arena_copy(a, path, (size_t)len), (size_t)len };
}

// What a walk reports, relative to the base, with the kind's letter.
static void walk_is(struct ignore *ignore, struct text root, const char *want, const char *what)
{
	static const char letters[] = { 'f', 's', 'u', 'r' };
	struct comic_err err = { 0 };
	struct walk_event event;
	struct walk *walk = NULL;
	char out[1024] = "";
	int got = walk_open(&walk, root, ignore, &err);

	while (got >= 0 && (got = walk_next(walk, &event, &err)) > 0) {
		size_t used = strlen(out);

		(void)snprintf(out + used, sizeof(out) - used, "%s%c%s", used > 0 ? " " : "",
			       letters[event.kind], event.path.data + strlen(base));
	}
	is_u64((uint64_t)got, 0, what);
	is_string(out, want, what);
	walk_close(walk);
}

static void test_walk(struct arena *a)
{
	struct comic_err err = { 0 };
	struct ignore ignore;
	struct text root = in_base(a, "");

	make("a/", "");
	make("a/2.cbz", "");
	make("a/10.cbz", "");
	make("a.cbz", "");
	make("a-b/", "");
	make("a-b/x.PDF", "");
	make("a/.comicignore", "*.pdf\r\n\n!x.pdf\n");
	make("a/x.pdf", "");
	make("a/y.pdf", "");
	make(".hidden/", "");
	make(".hidden/x.cbz", "");
	make("empty/", "");
	make("z.cbz/", "");
	ok(symlink("..", "a/up") == 0 && symlink("a", "link") == 0 && symlink("self", "self") == 0,
	   "links");
	ok(ignore_init(&ignore, &err) == 0, "ignore");
	walk_is(&ignore, root,
		"f/a-b/x.PDF f/a.cbz f/a/10.cbz f/a/2.cbz s/a/up/ f/a/x.pdf"
		" f/link/10.cbz f/link/2.cbz s/link/up/ f/link/x.pdf u/self/ s/z.cbz",
		"path order, links, rules");
	walk_is(&ignore, in_base(a, "/a"),
		"f/a/10.cbz f/a/2.cbz f/a/up/a-b/x.PDF f/a/up/a.cbz s/a/up/a/ s/a/up/link/ "
		"u/a/up/self/"
		" s/a/up/z.cbz f/a/x.pdf",
		"a link out of the root is followed");
	walk_is(&ignore, in_base(a, "/.hidden"), "f/.hidden/x.cbz",
		"rules hold below the root only");
	walk_is(&ignore, in_base(a, "/a.cbz"), "f/a.cbz", "a file");
	walk_is(&ignore, in_base(a, "/nope"), "r/nope", "nothing");
	ok(ignore_add_exclude(&ignore, "/a/", &err) == 0 &&
		   ignore_add_exclude(&ignore, "!.hidden", &err) == 0 &&
		   ignore_add_exclude(&ignore, "*.cbz", &err) == 0 &&
		   ignore_add_exclude(&ignore, "self", &err) == 0,
	   "excludes");
	walk_is(&ignore, root, "f/a-b/x.PDF s/link/up/ f/link/x.pdf", "excludes weigh most");
	ignore_clear(&ignore);
	ok(ignore_init(&ignore, &err) == 0 && unlink("a/.comicignore") == 0, "again");
	make("a-b/.comicignore/", "");
	walk_is(&ignore, root, "r/a-b/", "an unreadable ignore file ends the walk");
	ok(rmdir("a-b/.comicignore") == 0, "gone again");
	ignore_clear(&ignore);
}

static void test_rules(struct arena *a)
{
	struct comic_err err = { 0 };
	struct ignore_rule rule;
	struct ignore ignore;
	int fd = -1;

	make(".comicignore", "\xEF\xBB\xBF*.pdf\n# no\n\n!@eaDir\n");
	fd = open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ok(ignore_init(&ignore, &err) == 0, "rules");
	ignore_start(&ignore, in_base(a, "/"));
	ok(ignore_push(&ignore, fd, in_base(a, "/"), &err) == 0, "a file of rules");
	ok(ignore_match(&ignore, in_base(a, "/x/y.pdf"), false, &rule), "matches");
	is_u64(rule.line, 1, "the first line, behind its byte order mark");
	is_text(rule.pattern, "*.pdf", "its pattern");
	is_text(rule.folder, in_base(a, "/").data, "its folder");
	ok(!ignore_match(&ignore, in_base(a, "/@eaDir"), true, &rule) && rule.line == 4,
	   "taken back");
	ok(ignore_match(&ignore, in_base(a, "/Thumbs.db"), false, &rule) &&
		   rule.source == IGNORE_BUILTIN,
	   "built in");
	ok(!ignore_match(&ignore, in_base(a, "/x.cbz"), false, &rule) && rule.pattern.data == NULL,
	   "no rule at all");
	ok(ignore_match_builtin(&ignore, TEXT("#recycle")) &&
		   ignore_match_builtin(&ignore, TEXT(".x")) &&
		   !ignore_match_builtin(&ignore, TEXT("x")),
	   "what does not count in an empty root");
	(void)close(fd);
	ignore_clear(&ignore);
	ok(unlink(".comicignore") == 0, "gone again");
}

static void test_missing(struct arena *a)
{
	struct stat st;
	struct identity id;

	make("Foo/", "");
	make("Foo/x.cbz", "1");
	ok(symlink("Foo", "foo") == 0, "foo is Foo");
	ok(path_stat(in_base(a, "/foo/x.cbz").data, &st) == 0, "stat");
	id = path_identity(&st);
	ok(move_is_missing(in_base(a, "/gone.cbz"), in_base(a, "/new.cbz"), &id, a), "not there");
	ok(move_is_missing(in_base(a, "/a.cbz/x.cbz"), in_base(a, "/new.cbz"), &id, a),
	   "a file where its folder was");
	ok(!move_is_missing(in_base(a, "/a.cbz"), in_base(a, "/new.cbz"), &id, a), "there");
	ok(!move_is_missing(in_base(a, "/Foo/x.cbz"), in_base(a, "/foo/x.cbz"), &id, a),
	   "the same file under a name in another case, which is listed too");
	ok(!move_is_missing(in_base(a, "/foo/x.cbz"), in_base(a, "/Foo/x.cbz"), &id, a),
	   "and back");
	ok(!move_is_missing(in_base(a, "/Foo/x.cbz"), in_base(a, "/Foo/y.cbz"), &id, a),
	   "the same file elsewhere");
}

// The order of roots, "" if they are refused together.
static void roots_are(const char *const *names, size_t count, const char *want)
{
	struct roots roots = { .count = 0 };
	struct comic_err err = { 0 };
	char out[512] = "";
	bool added = true;

	for (size_t i = 0; i < count; i++) {
		char path[256];

		(void)snprintf(path, sizeof(path), "%s%s", base, names[i]);
		added = added && roots_add(&roots, path, false, &err) == 0;
	}
	if (added && roots_sort(&roots, &err) == 0) {
		for (size_t i = 0; i < count; i++) {
			size_t used = strlen(out);

			(void)snprintf(out + used, sizeof(out) - used, "%s ",
				       roots.items[i].path.data + strlen(base));
		}
	}
	is_string(out, want, names[0]);
	roots_clear(&roots);
}

static void test_roots(void)
{
	static const char *const order[] = { "/a", "/a.cbz", "/a-b", "/nope" };
	static const char *const nested[] = { "/a", "/a-b", "/a/x/../2.cbz" };
	static const char *const deep[] = { "/nope/x/y", "/nope" };
	static const char *const twice[] = { "/a-b", "/a.cbz", "/a-b/" };

	roots_are(order, 4, "/a-b /a.cbz /a /nope ");
	roots_are(nested, 3, "");
	roots_are(deep, 2, "");
	roots_are(twice, 3, "");
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

int main(void)
{
	struct arena a = { .used = 0 };
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(base, sizeof(base), "%s/comic-tree-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(base) == NULL || chdir(base) < 0) {
		printf("Bail out! no temporary folder\n");
		return 1;
	}
	test_walk(&a);
	test_rules(&a);
	test_missing(&a);
	test_roots();
	arena_clear(&a);
	ok(chdir("/") == 0 && nftw(base, remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0, "clean up");
	return done();
}
