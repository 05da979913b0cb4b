// SPDX-License-Identifier: MIT
// test_zip.c: the own ZIP reader against libarchive, and where it does better.

#define _GNU_SOURCE // memfd_create

#include "container/unpack.h"
#include "container/zip.h"
#include "archives.h"
#include "tap.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define XML "<?xml version=\"1.0\"?><ComicInfo><Series>Saga</Series></ComicInfo>\n"
#define OLD_XML "<ComicInfo><Series>Old</Series></ComicInfo>"

// ---- what a reader sees: one line for each member, sorted --------------------------------

struct lines {
	char *line[1024];
	size_t count;
};

// One at a time, and large.
static struct lines lines;

static void add_line(struct lines *l, struct text name, const struct buf *bytes,
		     enum fail_code code)
{
	char *line = NULL;

	if (l->count == COMIC_COUNT(l->line) ||
	    asprintf(&line, "%.*s %zu %08x%s", (int)name.len, name.data, bytes->len,
		     libdeflate_crc32(0, bytes->data, bytes->len),
		     code == FAIL_NONE ? "" : fail_code_name(code)) < 0)
		abort();
	l->line[l->count++] = line;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct buf finish_lines(struct lines *l)
{
	struct buf all = { 0 };

	qsort(l->line, l->count, sizeof(l->line[0]), compare_lines);
	for (size_t i = 0; i < l->count; i++) {
		put_text(&all, l->line[i]);
		put_text(&all, "\n");
		free(l->line[i]);
	}
	put(&all, "", 1);
	l->count = 0;
	return all;
}

static struct buf see_own(const struct buf *file)
{
	struct comic_err err = { 0 };
	const struct member *members = NULL;
	size_t count = 0;

	if (open_bytes(file, &err) != FAIL_NONE)
		printf("# own: %s\n", err.text);
	members = container_members(c, &count);
	for (size_t i = 0; i < count; i++) {
		enum fail_code code = container_read(c, i, &content, &err);

		add_line(&lines, members[i].name, &content, code);
	}
	close_file();
	return finish_lines(&lines);
}

static struct buf see_unpack(const struct buf *file)
{
	struct comic_err err = { 0 };
	struct source source = { 0 };
	struct unpack unpack;
	struct members list = { 0 };
	size_t dropped = 0;
	int fd = file_of(file);

	source_start(&source, fd, file->len);
	unpack_init(&unpack);
	unpack_start(&unpack, &source, DETECT_ZIP, 0);
	if (unpack_list(&unpack, &list, NULL, &err) != FAIL_NONE ||
	    members_settle(&list, &dropped, &err) != FAIL_NONE)
		printf("# unpack: %s\n", err.text);
	for (size_t i = 0; i < list.count; i++) {
		enum fail_code code = unpack_read(&unpack, &list.items[i], &content, &err);

		add_line(&lines, list.items[i].name, &content, code);
	}
	unpack_clear(&unpack);
	members_clear(&list);
	source_clear(&source);
	(void)close(fd);
	return finish_lines(&lines);
}

// libarchive as it comes, which looks for a directory where it can.
static struct buf see_libarchive(const struct buf *file)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry = NULL;

	if (a == NULL || archive_read_support_format_zip(a) != ARCHIVE_OK ||
	    archive_read_open_memory(a, file->data, file->len) != ARCHIVE_OK)
		abort();
	for (;;) {
		int result = archive_read_next_header(a, &entry);
		la_ssize_t got = 0;

		if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
			break;
		content.len = 0;
		if (buf_reserve(&content, 1U << 20) < 0)
			abort();
		got = archive_read_data(a, content.data, 1U << 20);
		content.len = got > 0 ? (size_t)got : 0;
		add_line(&lines, text_from(archive_entry_pathname(entry)), &content, FAIL_NONE);
	}
	(void)archive_read_free(a);
	return finish_lines(&lines);
}

static void is_same(const struct buf *file, struct buf (*see)(const struct buf *),
		    const char *what)
{
	struct buf own = see_own(file);
	struct buf other = see(file);

	if (!ok(strcmp((char *)own.data, (char *)other.data) == 0, "%s", what))
		printf("# own:\n%s# other:\n%s", (char *)own.data, (char *)other.data);
	buf_clear(&own);
	buf_clear(&other);
}

// ---- sound archives ---------------------------------------------------------------------

static const char zeros[60000];

// Both libarchive ways must agree with the own reader.
static void agree(const char *what, struct zip_member *members, size_t count,
		  const struct zip_layout *layout)
{
	struct buf file = { 0 };

	put_zip(&file, members, count, layout);
	printf("# %s\n", what);
	if (layout == NULL || layout->prefix == 0)
		is_same(&file, see_unpack, "the own reader and unpack agree");
	is_same(&file, see_libarchive, "the own reader and libarchive agree");
	buf_clear(&file);
}

static void test_agreement(void)
{
	struct zip_member plain[] = {
		{ .name = "Saga 001/01.jpg", .data = "page one" },
		{ .name = "Saga 001/02.jpg", .data = "page two page two", .deflated = true },
		{ .name = "Saga 001/", .data = "" },
		{ .name = "ComicInfo.xml", .data = XML, .deflated = true },
		{ .name = "empty.txt", .data = "", .deflated = true },
	};
	struct zip_member odd[] = {
		{ .name = "a.jpg", .data = "a", .zip64 = true },
		{ .name = "b.jpg", .data = zeros, .len = sizeof(zeros), .deflated = true },
		{ .name = "c.xml", .data = XML, .local_extra = 300 },
		{ .name = "d.xml", .data = XML, .deflated = true, .descriptor = true },
		{ .name = "\x83\x79\x83\x6c.jpg", .data = "CP932" },
	};
	struct zip_layout layouts[] = {
		{ .comment = "{\"ComicBookInfo/1.0\":{}}" },
		{ .comment = zeros, .comment_len = sizeof(zeros) },
		{ .zip64 = true },
		{ .zip64 = true, .comment = zeros, .comment_len = ZIP_TAIL - 22 },
		{ .padding = 1024 },
	};

	agree("plain", plain, COMIC_COUNT(plain), NULL);
	agree("odd", odd, COMIC_COUNT(odd), NULL);
	agree("empty", NULL, 0, NULL);
	for (size_t i = 0; i < COMIC_COUNT(layouts); i++) {
		// libarchive's own search for the end record stops after 16 KiB
		if (layouts[i].comment_len < 16384)
			agree("layout", plain, COMIC_COUNT(plain), &layouts[i]);
	}
	agree("prefix", plain, COMIC_COUNT(plain), &(struct zip_layout){ .prefix = 5000 });
}

static void test_many_members(void)
{
	static struct zip_member many[300];
	static char names[300][32];
	struct zip_layout large = { .zip64 = true };

	for (size_t i = 0; i < COMIC_COUNT(many); i++) {
		(void)snprintf(names[i], sizeof(names[i]), "%03zu.jpg", i * 7919 % 300);
		many[i] = (struct zip_member){ .name = names[i], .data = names[i] };
	}
	agree("300 members in no order", many, COMIC_COUNT(many), NULL);
	agree("the same, ZIP64", many, COMIC_COUNT(many), &large);
}

// ---- what only the own reader does right ------------------------------------------------

static void test_last_wins(void)
{
	struct zip_member members[] = {
		{ .name = "ComicInfo.xml", .data = OLD_XML },
		{ .name = "1.jpg", .data = "1" },
		{ .name = "ComicInfo.xml", .data = "second" },
		{ .name = "ComicInfo.xml", .data = XML, .deflated = true },
	};
	struct comic_err err = { 0 };

	is_u64(open_zip(members, 4, NULL, &err), FAIL_NONE, "members with one name open");
	is_u64(member_count(), 2, "... as one");
	is_text(read_named("ComicInfo.xml"), XML, "... of which the last counts");
	ok(has_note("2 members are superseded"), "... which a note tells");
	close_file();
}

// A member that was updated by appending: its old data still stands in the file.
static void test_superseded(size_t comment, size_t padding, const char *what)
{
	struct buf file = { 0 };
	struct zip_member old = { .name = "ComicInfo.xml", .data = OLD_XML };
	struct zip_member members[] = {
		{ .name = "1.jpg", .data = "1" },
		{ .name = "ComicInfo.xml", .data = XML },
	};
	struct zip_layout layout = { .comment = zeros, .comment_len = comment, .padding = padding };
	struct comic_err err = { 0 };

	// The directory counts from the front of the old data: the offsets skip it.
	put_local(&file, &old, 0);
	for (size_t i = 0; i < 2; i++)
		put_local(&file, &members[i], 0);
	put_zip(&file, NULL, 0, &layout);
	{
		struct buf tail = { 0 };
		size_t directory = file.len - 22 - comment - padding;

		put(&tail, file.data + directory, file.len - directory);
		file.len = directory;
		for (size_t i = 0; i < 2; i++)
			put_entry(&file, &members[i]);
		put_le32(tail.data + 12, (uint32_t)(file.len - directory));
		put_le32(tail.data + 16, (uint32_t)directory);
		tail.data[8] = tail.data[10] = 2;
		put(&file, tail.data, tail.len);
		buf_clear(&tail);
	}
	is_u64(open_bytes(&file, &err), FAIL_NONE, what);
	is_text(read_named("ComicInfo.xml"), XML, "... the member of the directory is read");
	is_u64(container_comment(c).len, comment, "... and the comment has its length");
	close_file();
	buf_clear(&file);
}

static void test_names(void)
{
	struct zip_member members[] = {
		{ .name = "Saga\\ComicInfo.xml", .data = XML, .made_by = 20 }, // MS-DOS
		{ .name = "a\\b/c.jpg", .data = "1", .made_by = 20 },
		{ .name = "unix\\d.jpg", .data = "1", .made_by = 3 << 8 },
		{ .name = "dir/e.jpg", .local_name = "dir\\e.jpg", .data = "e" },
		{ .name = "folder\\", .data = "", .made_by = 10 << 8 }, // NTFS
	};
	struct comic_err err = { 0 };
	size_t count = 0;
	const struct member *list = NULL;

	is_u64(open_zip(members, 5, NULL, &err), FAIL_NONE, "names with backslashes open");
	list = container_members(c, &count);
	is_u64(count, 5, "... all of them");
	is_text(list[0].name, "Saga/ComicInfo.xml", "\\ is / where Windows wrote it");
	is_text(list[1].name, "a\\b/c.jpg", "... unless there is a / already");
	is_text(list[2].name, "unix\\d.jpg", "... and \\ elsewhere");
	is_text(list[3].name, "dir/e.jpg", "the directory's name wins over the local one");
	is_text(read_named("dir/e.jpg"), "e", "... and the member is read");
	ok(list[4].directory, "folder\\ is a directory");
	close_file();
}

static void test_stored_descriptor(void)
{
	struct zip_member member = { .name = "s.xml", .data = XML, .descriptor = true };
	struct comic_err err = { 0 };

	is_u64(open_zip(&member, 1, NULL, &err), FAIL_NONE, "stored with a descriptor");
	is_text(read_named("s.xml"), XML, "... is read by the directory's sizes");
	close_file();
}

// Metadata at the front of a file of which the tail shows only the end.
static void test_far_member(void)
{
	struct zip_member members[] = {
		{ .name = "long.xml", .data = XML, .local_extra = 500 },
		{ .name = "short.xml", .data = XML, .deflated = true },
		{ .name = "1.jpg", .data = zeros, .len = sizeof(zeros) },
	};
	struct comic_err err = { 0 };

	is_u64(open_zip(members, 3, NULL, &err), FAIL_NONE, "members far from the directory");
	is_text(read_named("long.xml"), XML, "... are read behind a long local header");
	is_text(read_named("short.xml"), XML, "... and behind an ordinary one");
	is_u64(read_named("1.jpg").len, sizeof(zeros), "... and where they reach into the tail");
	close_file();
}

static void test_prefix(void)
{
	struct zip_member member = { .name = "1.jpg", .data = "1" };
	struct comic_err err = { 0 };

	is_u64(open_zip(&member, 1, &(struct zip_layout){ .prefix = 100000 }, &err), FAIL_NONE,
	       "a self-extracting archive");
	is_text(read_named("1.jpg"), "1", "... is read");
	ok(has_note("100000 bytes stand before"), "... with a note");
	close_file();
	is_u64(open_zip(&member, 1, &(struct zip_layout){ .prefix = 9, .zip64 = true }, &err),
	       FAIL_NONE, "a self-extracting archive in ZIP64"); // which libarchive does not find
	is_text(read_named("1.jpg"), "1", "... is read");
	close_file();
}

static void test_bzip2(void)
{
	static const char packed[] =
		"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x85\x0e\xc0\x54\x00\x00"
		"\x02\xdf\x80\x00\x10\x00\x00\x80\x05\x18\x20\x08\x00\x0b\x23\xd8"
		"\x10\x20\x00\x21\x2a\x9e\x21\x18\x26\xc4\x29\x93\x13\x20\xc8\xc6"
		"\x61\x38\xcb\xc8\x44\x5b\x5b\x22\xaf\xe6\x84\x1c\x72\x09\xc8\xe4"
		"\x90\x7d\x21\x3d\x17\x72\x45\x38\x50\x90\x85\x0e\xc0\x54";
	struct zip_member member = { .name = "b.xml", .data = packed, .len = sizeof(packed) - 1,
				     .method = 12, .size = 45, .crc = 0x45edc19a };
	struct comic_err err = { 0 };

	is_u64(open_zip(&member, 1, NULL, &err), FAIL_NONE, "a method zip.c does not know");
	is_text(read_named("b.xml"), "<ComicInfo><Series>Bzip</Series></ComicInfo>\n",
		"... is read by libarchive");
	close_file();
	member.crc++;
	is_u64(open_zip(&member, 1, NULL, &err), FAIL_NONE, "the same with another checksum");
	is_text(read_named("b.xml"), "damaged", "... is damaged");
	close_file();
	member.method = 9;
	is_u64(open_zip(&member, 1, NULL, &err), FAIL_NONE, "Deflate64");
	is_text(read_named("b.xml"), "unsupported", "... is unsupported, and a member still");
	close_file();
}

int main(void)
{
	struct comic_err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	c = container_new(NULL, &err);
	if (c == NULL)
		return 1;
	test_agreement();
	test_many_members();
	test_last_wins();
	test_superseded(0, 0, "a superseded member");
	test_superseded(20000, 0, "... behind a comment of 20,000 bytes");
	test_superseded(0, 17000, "... behind 17,000 bytes of padding");
	test_names();
	test_stored_descriptor();
	test_far_member();
	test_prefix();
	test_bzip2();
	container_free(c);
	buf_clear(&content);
	return done();
}
