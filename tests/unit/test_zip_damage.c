// SPDX-License-Identifier: MIT
// test_zip_damage.c: broken, hostile and refused ZIPs.

#define _GNU_SOURCE // memfd_create

#include "archives.h"
#include "container/members.h"
#include "tap.h"

#include <locale.h>

#define XML "<ComicInfo><Series>Saga</Series><Number>1</Number></ComicInfo>\n"

// A ZIP stored in a ZIP that lost its end: its directory is not this file's.
static void test_nested(void)
{
	struct zip_member inner = { .name = "inner.jpg", .data = "inner" };
	struct buf book = { 0 };
	struct buf file = { 0 };
	struct comic_err err = { 0 };

	put_zip(&book, &inner, 1, NULL);
	{
		struct zip_member outer[] = {
			{ .name = "1.jpg", .data = "1" },
			{ .name = "2.jpg", .data = "2", .deflated = true },
			{ .name = "book.cbz", .data = (char *)book.data, .len = book.len },
		};
		put_zip(&file, outer, 3, NULL);
		is_u64(open_bytes(&file, &err), FAIL_NONE, "a ZIP in a ZIP");
		is_u64(member_count(), 3, "... is a member of it");
		close_file();
		file.len -= 22;
		is_u64(open_bytes(&file, &err), FAIL_NONE, "... whose end record is lost");
		is_u64(member_count(), 3, "... is not taken for the outer one");
		is_text(read_named("2.jpg"), "2", "... whose members are recovered");
		ok(has_note("damaged"), "... with a note");
		close_file();
		file.len -= 3 * 51 + 3 + 1; // the directory, and a byte of the last member
		is_u64(open_bytes(&file, &err), FAIL_DAMAGED, "... cut short is damaged");
		close_file();
	}
	buf_clear(&book);
	buf_clear(&file);
}

static void test_refusals(void)
{
	struct zip_member encrypted[] = {
		{ .name = "1.jpg", .data = "1", .flags = 1 },
		{ .name = "ComicInfo.xml", .data = XML },
	};
	struct zip_member bomb = { .name = "ComicInfo.xml", .data = "x", .method = 8,
				   .size = 0x7fffffff };
	struct zip_member first = { .name = "1.jpg", .data = "1" };
	struct zip_member twice[] = {
		first,
		{ .name = "2.jpg", .data = "1", .shares = &twice[0] },
	};
	struct comic_err err = { 0 };

	is_u64(open_zip(encrypted, 2, NULL, &err), FAIL_NONE, "encrypted members can be listed");
	is_text(read_named("1.jpg"), "encrypted", "... but not read");
	is_text(read_named("ComicInfo.xml"), XML, "... the others can");
	ok(has_note("1 member is encrypted"), "... with a note");
	close_file();
	is_u64(open_zip(&bomb, 1, NULL, &err), FAIL_NONE, "a huge member can be listed");
	is_text(read_named("ComicInfo.xml"), "limit", "... but not read");
	close_file();
	is_u64(open_zip(twice, 2, NULL, &err), FAIL_NONE, "overlapping members");
	is_u64(member_count(), 1, "... are found one by one");
	ok(has_note("share the same bytes"), "... with a note");
	close_file();
	is_u64(open_zip(&first, 1, &(struct zip_layout){ .disk = 2 }, &err), FAIL_VOLUME,
	       "the last part of a split ZIP");
	close_file();
	is_u64(open_zip(&first, 1, &(struct zip_layout){ .count_off = 1 }, &err), FAIL_NONE,
	       "a wrong count of members");
	ok(has_note("counts 2 members and lists 1"), "... has a note");
	close_file();
}

static void test_directory_limit(void)
{
	struct buf file = { 0 };
	struct comic_err err = { 0 };
	size_t count = MEMBERS_MAX + 1;
	struct zip_member member = { .name = "p", .data = "" };

	for (size_t i = 0; i < count; i++)
		put_local(&file, &member, 0);
	{
		uint64_t directory = file.len;

		for (size_t i = 0; i < count; i++) {
			member.at = i * 31;
			put_entry(&file, &member);
		}
		put_zip64_end(&file, 0, directory, count);
		put_number(&file, 0x06054b50, 4);
		put_number(&file, 0, 4);
		put_number(&file, UINT64_MAX, 8);
		put_number(&file, UINT32_MAX, 4);
		put_number(&file, 0, 2);
	}
	is_u64(open_bytes(&file, &err), FAIL_LIMIT, "more than 100,000 members are refused");
	close_file();
	buf_clear(&file);
}

// What is read under a name the archive really has must be what stands there.
static bool is_honest(void)
{
	struct comic_err err = { 0 };
	size_t count = 0;
	const struct member *members = container_members(c, &count);

	for (size_t i = 0; i < count; i++) {
		struct text got;

		if (container_read(c, i, &content, &err) != FAIL_NONE)
			continue;
		got = (struct text){ (char *)content.data, content.len };
		if ((text_is(members[i].name, "01.jpg") && !text_is(got, "page one")) ||
		    (text_is(members[i].name, "ComicInfo.xml") && !text_is(got, XML)))
			return false;
	}
	return true;
}

static bool survives(const struct buf *file)
{
	struct comic_err err = { 0 };
	enum fail_code code = open_bytes(file, &err);
	bool good = code == FAIL_NONE ? is_honest() : err.text[0] != '\0';

	close_file();
	return good;
}

static void test_every_byte(const struct zip_layout *layout, const char *what)
{
	struct zip_member members[] = {
		{ .name = "01.jpg", .data = "page one" },
		{ .name = "ComicInfo.xml", .data = XML, .deflated = true },
		{ .name = "02.jpg", .data = "page two page two", .deflated = true, .zip64 = true },
	};
	static const uint8_t flips[] = { 0x01, 0x08, 0x80, 0xff };
	struct buf file = { 0 };
	size_t whole = 0;
	size_t bad = 0;

	put_zip(&file, members, 3, layout);
	whole = file.len;
	for (file.len = 0; file.len < whole; file.len++)
		bad += !survives(&file);
	is_u64(bad, 0, what);
	for (size_t i = 0; i < whole * COMIC_COUNT(flips); i++) {
		file.data[i / COMIC_COUNT(flips)] ^= flips[i % COMIC_COUNT(flips)];
		bad += !survives(&file);
		file.data[i / COMIC_COUNT(flips)] ^= flips[i % COMIC_COUNT(flips)];
	}
	is_u64(bad, 0, "... and with any byte changed");
	buf_clear(&file);
}

int main(void)
{
	struct comic_err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	c = container_new(NULL, &err);
	if (c == NULL)
		return 1;
	test_nested();
	test_refusals();
	test_directory_limit();
	test_every_byte(NULL, "an archive cut short anywhere is survived");
	test_every_byte(&(struct zip_layout){ .zip64 = true, .comment = "comment" },
			"a ZIP64 archive cut short anywhere is survived");
	test_every_byte(&(struct zip_layout){ .prefix = 9 },
			"a prefixed archive cut short anywhere is survived");
	container_free(c);
	buf_clear(&content);
	return done();
}
