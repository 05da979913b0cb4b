// SPDX-License-Identifier: MIT
// test_pages.c: what is a page, in which order, which metadata counts, and the fingerprint.

#define _GNU_SOURCE // memfd_create

#include "archives.h"
#include "container/pages.h"
#include "tap.h"

#include <xxhash.h>

static struct member member(const char *name)
{
	struct member m = { .name = text_from(name) };

	m.page = pages_is_page(&m);
	return m;
}

static void test_page(const char *name, bool want)
{
	struct member m = member(name);

	ok(pages_is_page(&m) == want, "'%s' is %s page", name, want ? "a" : "no");
}

static void test_is_page(void)
{
	static const char *const pages[] = {
		"a.jpg", "a.JPEG", "a.Png", "x/y/a.webp", "a.gif", "a.jxl", "a.avif", "./a.jpg",
		"../a.jpg", "...a.jpg", "a/MACOSX/b.jpg", "a..jpg", "x__MACOSX/b.jpg",
	};
	static const char *const others[] = {
		"", "a", "a.jpg.txt", "jpg", "a.bmp", "a.tif", "Thumbs.db", ".a.jpg", "._a.jpg",
		"__MACOSX/a.jpg", "x/__macosx/a.jpg", "__MACOSX.jpg", "x/.hidden/a.jpg", "a.jpg/",
		"__macosx-1/a.jpg", ".jpg/..a.jpg", ".jpg",
	};
	struct member folder = { .name = TEXT("folder.jpg"), .directory = true };

	for (size_t i = 0; i < COMIC_COUNT(pages); i++)
		test_page(pages[i], true);
	for (size_t i = 0; i < COMIC_COUNT(others); i++)
		test_page(others[i], false);
	ok(!pages_is_page(&folder), "a directory is no page");
}

static void is_nth(const struct member *members, size_t count, size_t n, const char *want)
{
	const struct member *page = pages_nth(members, count, n);

	is_text(page == NULL ? TEXT("(none)") : page->name, want, "page in reading order");
}

static void test_order(void)
{
	struct member some[] = {
		member("page10.jpg"), member("Page1.jpg"), member("ComicInfo.xml"),
		member("page2.jpg"), member("__MACOSX/page0.jpg"), member("page0.jpg"),
	};
	static const char *const order[] = { "page0.jpg", "Page1.jpg", "page2.jpg", "page10.jpg" };
	static char names[200][16];
	struct member many[200];

	is_u64(pages_count(some, COMIC_COUNT(some)), 4, "count of pages");
	for (size_t i = 0; i < COMIC_COUNT(order); i++)
		is_nth(some, COMIC_COUNT(some), i, order[i]);
	is_nth(some, COMIC_COUNT(some), 4, "(none)");
	is_nth(some, COMIC_COUNT(some), PAGES_SCANNED, "(none)");
	is_nth(NULL, 0, 0, "(none)");
	for (size_t i = 0; i < COMIC_COUNT(many); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "p%zu.png",
			       (i * 77 + 5) % COMIC_COUNT(many));
		many[i] = member(names[i]);
	}
	is_nth(many, COMIC_COUNT(many), PAGES_SCANNED - 1, "p7.png");
	is_nth(many, COMIC_COUNT(many), PAGES_SCANNED, "p8.png");
	is_nth(many, COMIC_COUNT(many), 199, "p199.png");
	is_nth(many, COMIC_COUNT(many), 200, "(none)");
}

static void finds(const struct member *members, size_t count, const char *want)
{
	const struct member *m = pages_find(members, count, "ComicInfo.xml");

	is_text(m == NULL ? TEXT("(none)") : m->name, want, "the metadata member");
}

static void test_find(void)
{
	struct member none[] = {
		member("MyComicInfo.xml"), member("ComicInfo.xml.bak"),
		member("__MACOSX/ComicInfo.xml"), member(".x/ComicInfo.xml"),
		{ .name = TEXT("ComicInfo.xml"), .directory = true },
	};
	struct member depth[] = { member("a/b/comicinfo.xml"), member("z/COMICINFO.XML"),
				  member("a/b/c/ComicInfo.xml") };
	struct member root[] = { member("a/comicinfo.xml"), member("./comicinfo.xml") };
	struct member tie[] = { member("b/comicinfo.xml"), member("A/comicinfo.xml"),
				member("C/comicinfo.xml") };
	struct member same[] = { member("comicinfo.xml"), member("ComicInfo.xml") };

	finds(none, COMIC_COUNT(none), "(none)");
	finds(NULL, 0, "(none)");
	finds(depth, COMIC_COUNT(depth), "z/COMICINFO.XML");
	finds(root, COMIC_COUNT(root), "./comicinfo.xml");
	finds(tie, COMIC_COUNT(tie), "A/comicinfo.xml");
	finds(same, COMIC_COUNT(same), "ComicInfo.xml");
}

// ---- fingerprint ------------------------------------------------------------------------

static void fingerprint(const struct buf *file, char out[CONTAINER_FINGERPRINT])
{
	struct comic_err err = { 0 };

	(void)snprintf(out, CONTAINER_FINGERPRINT, "(failed)");
	if (open_bytes(file, &err) != FAIL_NONE || container_fingerprint(c, out, &err) != FAIL_NONE)
		printf("# %s\n", err.text);
	close_file();
}

static void hash_of(const struct buf *b, char out[CONTAINER_FINGERPRINT])
{
	XXH128_hash_t hash = XXH3_128bits(b->data, b->len);

	(void)snprintf(out, CONTAINER_FINGERPRINT, "%016llx%016llx",
		       (unsigned long long)hash.high64, (unsigned long long)hash.low64);
}

static void test_fingerprint_pages(void)
{
	struct zip_member one[] = {
		{ .name = "a.jpg", .data = "page a" },
		{ .name = "b.jpg", .data = "page b" },
		{ .name = "ComicInfo.xml", .data = "one" },
	};
	struct zip_member two[] = {
		{ .name = "ComicInfo.xml", .data = "another", .deflated = true },
		{ .name = "b.jpg", .data = "page b", .deflated = true, .zip64 = true },
		{ .name = "__MACOSX/._a.jpg", .data = "" },
		{ .name = "a.jpg", .data = "page a" },
	};
	struct buf file = { 0 };
	struct buf bytes = { 0 };
	char got[CONTAINER_FINGERPRINT];
	char want[CONTAINER_FINGERPRINT];

	for (size_t i = 0; i < 2; i++) {
		put(&bytes, one[i].name, strlen(one[i].name) + 1);
		put_number(&bytes, 6, 8);
		put_number(&bytes, libdeflate_crc32(0, one[i].data, 6), 4);
	}
	hash_of(&bytes, want);
	put_zip(&file, one, COMIC_COUNT(one), NULL);
	fingerprint(&file, got);
	is_string(got, want, "the fingerprint of a ZIP is that of names, sizes and checksums");
	file.len = 0;
	put_zip(&file, two, COMIC_COUNT(two), NULL);
	fingerprint(&file, got);
	is_string(got, want, "... and the same when only metadata, order and packing differ");
	two[3].data = "page A";
	file.len = 0;
	put_zip(&file, two, COMIC_COUNT(two), NULL);
	fingerprint(&file, got);
	ok(strcmp(got, want) != 0, "... and another for another page");
	file.len = 0;
	put_zip(&file, &one[2], 1, NULL);
	fingerprint(&file, got);
	is_string(got, "", "no pages, no fingerprint");
	file.len = 0;
	put_rar5_start(&file, 0);
	put_rar5_file(&file, 2, "b.jpg", TEXT("page b"), (struct text){ NULL, 0 });
	put_rar5_file(&file, 2, "a.jpg", TEXT("page a"), (struct text){ NULL, 0 });
	put_rar5_end(&file, false);
	fingerprint(&file, got);
	is_string(got, want, "the same pages in a RAR 5 have the same fingerprint");
	file.len = 0;
	put_rar4_start(&file, 0);
	put_rar4_file(&file, 0x74, 0, "a.jpg", "page a");
	put_rar4_file(&file, 0x74, 0, "b.jpg", "page b");
	put_rar4_end(&file);
	fingerprint(&file, got);
	is_string(got, want, "... and in a RAR 4");
	buf_clear(&file);
	buf_clear(&bytes);
}

static void test_fingerprint_ends(void)
{
	static const size_t sizes[] = { 10, 65000, 70000, 140000 };
	char got[CONTAINER_FINGERPRINT];
	char want[CONTAINER_FINGERPRINT];

	for (size_t i = 0; i < COMIC_COUNT(sizes); i++) {
		struct buf file = { 0 };
		struct buf page = { 0 };
		struct buf bytes = { 0 };

		for (size_t at = 0; at < sizes[i]; at++)
			put_number(&page, at * 31, 1);
		put_rar5_start(&file, 0);
		// Encrypted, so that its checksum tells nothing.
		put_rar5_file(&file, 2, "1.jpg", (struct text){ (char *)page.data, page.len },
			      (struct text){ "\3\1\0\0", 4 });
		put_rar5_end(&file, false);
		put_number(&bytes, file.len, 8);
		put(&bytes, file.data, file.len < 65536 ? file.len : 65536);
		if (file.len > 65536) {
			size_t from = file.len - 65536 > 65536 ? file.len - 65536 : 65536;

			put(&bytes, file.data + from, file.len - from);
		}
		hash_of(&bytes, want);
		fingerprint(&file, got);
		is_string(got, want, "the fingerprint of a file without checksums is that of its ends");
		buf_clear(&file);
		buf_clear(&page);
		buf_clear(&bytes);
	}
}

int main(void)
{
	struct comic_err err = { 0 };

	c = container_new(NULL, &err);
	if (c == NULL)
		return 1;
	test_is_page();
	test_order();
	test_find();
	test_fingerprint_pages();
	test_fingerprint_ends();
	container_free(c);
	return done();
}
