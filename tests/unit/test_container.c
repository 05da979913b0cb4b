// SPDX-License-Identifier: MIT
// test_container.c: kinds of archives, what is refused and why, one container for many files.

#define _GNU_SOURCE // memfd_create

#include "archives.h"
#include "container/pages.h"
#include "tap.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <locale.h>
#include <sys/stat.h>

#define XML "<ComicInfo><Series>Saga</Series></ComicInfo>"
#define NOTHING ((struct text){ NULL, 0 })

static bool is_wanted(struct text name)
{
	return text_ends_nocase(name, ".xml");
}

static void opens_as(const struct buf *file, enum fail_code want, const char *what)
{
	struct comic_err err = { 0 };
	enum fail_code code = open_bytes(file, &err);

	if (!is_u64(code, want, what))
		printf("#   %s\n", err.text);
	if (code != FAIL_NONE)
		close_file();
}

static void text_opens_as(struct text bytes, enum fail_code want, const char *what)
{
	struct buf file = { 0 };

	put(&file, bytes.data, bytes.len);
	opens_as(&file, want, what);
	buf_clear(&file);
}

// ---- what libarchive writes -------------------------------------------------------------

static void put_member(struct archive *a, const char *name, const char *bytes, size_t len)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, (la_int64_t)len);
	if (archive_write_header(a, entry) != ARCHIVE_OK ||
	    archive_write_data(a, bytes, len) != (la_ssize_t)len)
		abort();
	archive_entry_free(entry);
}

// An archive of 2.jpg, d/10.jpg, ComicInfo.xml and 1.jpg.
static void put_archive(struct buf *out, int format, int filter)
{
	static char bytes[1 << 16];
	struct archive *a = archive_write_new();
	size_t used = 0;

	if (archive_write_set_format(a, format) != ARCHIVE_OK ||
	    archive_write_add_filter(a, filter) != ARCHIVE_OK ||
	    archive_write_open_memory(a, bytes, sizeof(bytes), &used) != ARCHIVE_OK)
		abort();
	put_member(a, "2.jpg", "page two", 8);
	put_member(a, "d/10.jpg", "page ten", 8);
	put_member(a, "ComicInfo.xml", XML, strlen(XML));
	put_member(a, "1.jpg", "page one", 8);
	if (archive_write_close(a) != ARCHIVE_OK)
		abort();
	(void)archive_write_free(a);
	put(out, bytes, used);
}

// A list is whole or refused, wherever the file ends. Only where a member of a tar or an old
// RAR ends, nothing tells.
static void cut_short(struct buf *file, size_t members, size_t unseen)
{
	size_t whole = file->len;
	size_t bad = 0;

	for (file->len = 1; file->len < whole; file->len++) {
		struct comic_err err = { 0 };

		if (open_bytes(file, &err) == FAIL_NONE)
			bad += member_count() != members;
		close_file();
	}
	file->len = whole;
	is_u64(bad, unseen, "... cut short, it is not taken for a smaller one");
}

static void test_format(int format, int filter, enum comic_format want, const char *what)
{
	struct buf file = { 0 };

	put_archive(&file, format, filter);
	opens_as(&file, FAIL_NONE, what);
	is_u64(container_format(c), want, "... in its format");
	is_u64(member_count(), 4, "... has its members");
	is_text(member_at(1)->name, "d/10.jpg", "... by name");
	is_u64(member_at(1)->size, 8, "... and size");
	is_text(read_member(2), XML, "... and can be read");
	is_text(read_member(0), "page two", "... even one before it");
	is_text(read_member(3), "page one", "... or behind it");
	close_file();
	cut_short(&file, 4, filter == ARCHIVE_FILTER_NONE && want == FORMAT_CBT ? 3 : 0);
	buf_clear(&file);
}

static void test_formats(void)
{
	test_format(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, FORMAT_CBT, "tar");
	test_format(ARCHIVE_FORMAT_TAR_GNUTAR, ARCHIVE_FILTER_NONE, FORMAT_CBT, "GNU tar");
	test_format(ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP, FORMAT_CBT, "tar.gz");
	test_format(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_BZIP2, FORMAT_CBT, "tar.bz2");
	test_format(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ, FORMAT_CBT, "tar.xz");
	test_format(ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_ZSTD, FORMAT_CBT, "tar.zst");
	test_format(ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE, FORMAT_CB7, "7z");
}

static void put_old_tar_header(struct buf *out, const char *name, const char *size)
{
	uint8_t header[512] = { 0 };
	unsigned int sum = 0;

	memcpy(header, name, strlen(name));
	memcpy(header + 100, "0000644", 7);
	memcpy(header + 124, size, 11);
	memcpy(header + 136, "00000000000", 11);
	memcpy(header + 148, "        ", 8);
	for (size_t i = 0; i < sizeof(header); i++)
		sum += header[i];
	(void)snprintf((char *)header + 148, 8, "%06o", sum);
	put(out, header, sizeof(header));
}

static void test_tars(void)
{
	struct buf file = { 0 };

	put_old_tar_header(&file, "1.jpg", "00000000000");
	put_zeros(&file, 1024);
	opens_as(&file, FAIL_NONE, "a tar from before ustar is known by its checksum");
	is_u64(member_count(), 1, "... and listed");
	close_file();
	file.len = 0;
	put_old_tar_header(&file, "1.jpg", "77777777777");
	put_zeros(&file, 1024);
	opens_as(&file, FAIL_LIMIT, "a claim of 8 GiB in a file of 1.5 KiB is refused");
	buf_clear(&file);
}

// One filter is taken off, and what is below must be a tar.
static void test_filters(void)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3 };
	struct buf inner = { 0 };
	struct buf file = { 0 };
	struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(6);

	put_archive(&inner, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_GZIP);
	if (deflater == NULL || buf_reserve(&file, 1 << 16) < 0)
		abort();
	file.len = libdeflate_gzip_compress(deflater, inner.data, inner.len, file.data, file.room);
	libdeflate_free_compressor(deflater);
	opens_as(&file, FAIL_NOT_AN_ARCHIVE, "a tar.gz.gz is not unwrapped twice");
	text_opens_as((struct text){ (const char *)gzip, sizeof(gzip) }, FAIL_DAMAGED,
		      "from a gzip header alone nothing can be unpacked");
	buf_clear(&inner);
	buf_clear(&file);
}

// ---- RAR --------------------------------------------------------------------------------

static void put_rar5_book(struct buf *out, char flags, struct text extra)
{
	put_rar5_start(out, flags);
	put_rar5_file(out, 3, "CMT", TEXT("{\"ComicBookInfo/1.0\":{}}"), NOTHING);
	put_rar5_file(out, 2, "1.jpg", TEXT("page one"), extra);
	put_rar5_file(out, 2, "ComicInfo.xml", TEXT(XML), NOTHING);
	put_rar5_end(out, (flags & 1) != 0);
}

static void test_rar5(void)
{
	// One record: 3 bytes, type 1 (encryption), version 0, flags 0.
	static const char encrypted[] = "\3\1\0\0";
	struct buf file = { 0 };
	char padding[2000] = { 0 };

	put_rar5_book(&file, 0, NOTHING);
	opens_as(&file, FAIL_NONE, "RAR 5");
	is_u64(container_format(c), FORMAT_CBR, "... is a CBR");
	is_u64(member_count(), 2, "... has its members");
	is_text(read_member(1), XML, "... which can be read");
	is_text(read_member(0), "page one", "... in any order");
	is_text(container_comment(c), "{\"ComicBookInfo/1.0\":{}}", "... and its comment");
	close_file();
	cut_short(&file, 2, 0);
	file.len = 0;
	put_rar5_book(&file, 1, NOTHING);
	opens_as(&file, FAIL_VOLUME, "one part of a split RAR 5");
	file.len = 0;
	put_rar5_book(&file, 0, (struct text){ encrypted, 4 });
	{
		struct comic_err err = { 0 };
		enum fail_code code = open_bytes(&file, &err);

		is_u64(code, FAIL_NONE, "encrypted data in a RAR 5");
		is_text(read_member(0), "encrypted", "... cannot be read");
		ok(has_note("1 member is encrypted"), "... has a note");
		is_text(read_member(1), XML, "... but the others can");
		close_file();
	}
	file.len = 0;
	put(&file, "Rar!\x1a\7\1\0", 8);
	put_rar5_block(&file, &(struct rar_block){ .type = 4, .body = "\0\0\17", .body_len = 3 });
	put(&file, padding, sizeof(padding));
	opens_as(&file, FAIL_ENCRYPTED, "encrypted headers of a RAR 5");
	file.len = 0;
	put_rar5_start(&file, 0);
	put_rar5_block(&file, &(struct rar_block){ .type = 3, .body = padding, .body_len = 7,
						   .data = padding, .data_len = sizeof(padding) });
	put_rar5_end(&file, false);
	opens_as(&file, FAIL_DAMAGED, "a RAR 5 without members");
	buf_clear(&file);
}

static void put_rar4_book(struct buf *out, uint64_t archive_flags, uint64_t file_flags)
{
	put_rar4_start(out, archive_flags);
	put_rar4_file(out, 0x7a, 0, "CMT", "a comment");
	put_rar4_file(out, 0x74, file_flags, "1.jpg", "page one");
	put_rar4_file(out, 0x74, file_flags, "ComicInfo.xml", XML);
	put_rar4_end(out);
}

static void test_rar4(void)
{
	struct buf file = { 0 };

	put_rar4_book(&file, 0, 0);
	opens_as(&file, FAIL_NONE, "RAR 4");
	is_u64(member_count(), 2, "... has its members");
	is_text(read_member(1), XML, "... which can be read");
	is_text(container_comment(c), "a comment", "... and its comment");
	close_file();
	cut_short(&file, 2, 1);
	file.len = 0;
	put_rar4_book(&file, 0x01, 0);
	opens_as(&file, FAIL_VOLUME, "one part of a split RAR 4");
	file.len = 0;
	put_rar4_book(&file, 0x80, 0);
	opens_as(&file, FAIL_ENCRYPTED, "encrypted headers of a RAR 4");
	file.len = 0;
	put_rar4_book(&file, 0x08, 0x10);
	opens_as(&file, FAIL_UNSUPPORTED, "a solid RAR 4");
	file.len = 0;
	put_rar4_book(&file, 0, 0x04);
	opens_as(&file, FAIL_NONE, "encrypted data in a RAR 4");
	is_text(read_member(1), "encrypted", "... cannot be read");
	ok(has_note("2 members are encrypted"), "... has a note");
	close_file();
	buf_clear(&file);
}

// Its end is the end of a ZIP; still it is a RAR.
static void test_zip_in_rar(void)
{
	struct zip_member inner = { .name = "inner.jpg", .data = "inner" };
	struct buf book = { 0 };
	struct buf file = { 0 };

	put_zip(&book, &inner, 1, NULL);
	put_rar5_start(&file, 0);
	put_rar5_file(&file, 2, "book.cbz", (struct text){ (char *)book.data, book.len }, NOTHING);
	put_rar5_end(&file, false);
	opens_as(&file, FAIL_NONE, "a ZIP stored in a RAR");
	is_text(member_at(0)->name, "book.cbz", "... is a member of it");
	close_file();
	buf_clear(&book);
	buf_clear(&file);
}

// ---- refusals ---------------------------------------------------------------------------

static void test_refusals(void)
{
	struct buf page = { 0 };
	struct comic_err err = { 0 };
	struct zip_member member = { .name = "1.jpg", .data = "1" };

	text_opens_as(TEXT(""), FAIL_EMPTY, "an empty file");
	text_opens_as(TEXT("P"), FAIL_NOT_AN_ARCHIVE, "one byte");
	text_opens_as(TEXT("<html>404</html>"), FAIL_NOT_AN_ARCHIVE, "a web page");
	text_opens_as(TEXT("%PDF-1.4\n"), FAIL_DAMAGED, "a PDF header alone");
	text_opens_as(TEXT("junk %PDF-1.4\n"), FAIL_DAMAGED, "a PDF behind junk");
	text_opens_as(TEXT("7z\xbc\xaf\x27\x1c"), FAIL_DAMAGED, "a 7z signature alone");
	text_opens_as(TEXT("Rar!\x1a\7\1\0"), FAIL_DAMAGED, "a RAR 5 signature alone");
	text_opens_as(TEXT("Rar!\x1a\7\0"), FAIL_DAMAGED, "a RAR 4 signature alone");
	text_opens_as(TEXT("PK\3\4"), FAIL_DAMAGED, "a ZIP signature alone");
	text_opens_as(TEXT("PK\7\10PK\3\4rest"), FAIL_VOLUME, "the first part of a split ZIP");
	put_zeros(&page, 100000);
	opens_as(&page, FAIL_NOT_AN_ARCHIVE, "zeros");
	page.len = 0;
	put_zip(&page, &member, 1, NULL);
	is_u64(container_open(c, -1, page.len, &err), FAIL_UNREADABLE, "a closed descriptor");
	page.len--;
	open_fd = file_of(&page);
	is_u64(container_open(c, open_fd, page.len + 1, &err), FAIL_CHANGED,
	       "a file that is shorter by now");
	close_file();
	buf_clear(&page);
}

static void test_reuse(void)
{
	struct zip_member member = { .name = "1.jpg", .data = "1" };
	struct buf zip = { 0 };
	struct buf tar = { 0 };

	put_zip(&zip, &member, 1, &(struct zip_layout){ .comment = "a comment" });
	put_archive(&tar, ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_XZ);
	for (int i = 0; i < 3; i++) {
		opens_as(&zip, FAIL_NONE, "a ZIP with the container of another file");
		is_u64(member_count(), 1, "... has its own members");
		is_text(container_comment(c), "a comment", "... and comment");
		close_file();
		is_u64(member_count(), 0, "... and none once closed");
		opens_as(&tar, FAIL_NONE, "a tar with the container of another file");
		is_u64(member_count(), 4, "... has its own members");
		is_u64(container_comment(c).len, 0, "... and no comment");
		is_text(read_member(2), XML, "... and data");
		close_file();
		text_opens_as(TEXT("PK\3\4"), FAIL_DAMAGED, "a refusal in between");
	}
	buf_clear(&zip);
	buf_clear(&tar);
}

// ---- archives of other programs, where they are at hand -----------------------------------

static void test_fixture(const char *name, enum comic_format format, size_t pages)
{
	char path[256];
	struct stat st;
	struct comic_err err = { 0 };
	size_t count = 0;
	size_t bad = 0;
	const struct member *members = NULL;

	(void)snprintf(path, sizeof(path), "../shared/fixtures/comicbox/%s", name);
	open_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (open_fd < 0 || fstat(open_fd, &st) < 0)
		return;
	is_u64(container_open(c, open_fd, (uint64_t)st.st_size, &err), FAIL_NONE, name);
	is_u64(container_format(c), format, "... format");
	members = container_members(c, &count);
	is_u64(pages_count(members, count), pages, "... pages");
	for (size_t i = 0; i < count; i++)
		bad += container_read(c, i, &content, &err) != FAIL_NONE;
	is_u64(bad, 0, "... and all members can be read");
	close_file();
}

static void test_fixtures(void)
{
	test_fixture("Captain Science #001-cbi.cbr", FORMAT_CBR, 5);
	test_fixture("Captain Science #001-cix-cbi.cbr", FORMAT_CBR, 5);
	test_fixture("Captain Science #001-cix.cbt", FORMAT_CBT, 5);
	test_fixture("Captain Science #001-cix.cbz", FORMAT_CBZ, 5);
	test_fixture("Captain Science #001-comet.cbz", FORMAT_CBZ, 5);
	test_fixture("Captain Science #001-metron.cbz", FORMAT_CBZ, 0);
	test_fixture("Captain Science #001.cb7", FORMAT_CB7, 5);
	test_fixture("Captain Science #001.cbz", FORMAT_CBZ, 5);
	test_fixture("comicbox.cbz", FORMAT_CBZ, 0);
	test_fixture("empty.cbz", FORMAT_CBZ, 0);
	test_fixture("export.cbz", FORMAT_CBZ, 0);
	test_fixture("macos_resource_fork.cbz", FORMAT_CBZ, 2);
}

int main(void)
{
	struct comic_err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	c = container_new(is_wanted, &err);
	if (c == NULL)
		return 1;
	test_formats();
	test_tars();
	test_filters();
	test_rar5();
	test_rar4();
	test_zip_in_rar();
	test_refusals();
	test_reuse();
	test_fixtures();
	container_free(c);
	buf_clear(&content);
	return done();
}
