// SPDX-License-Identifier: MIT
// test_pdf.c: PDFs as containers: pages, document information, attached files, damage.

#define _GNU_SOURCE // memfd_create, memmem

#include "archives.h"
#include "container/pages.h"
#include "tap.h"

#include <locale.h>
#include <time.h>

#define XML "<ComicInfo><Series>Saga</Series></ComicInfo>"
#define OBJECTS_MAX 300

// ---- a PDF, object by object ------------------------------------------------------------

struct made {
	struct buf b;
	size_t at[OBJECTS_MAX]; // by number; 0: not there
	int last;
};

static void begin(struct made *m)
{
	m->b.len = 0;
	m->last = 0;
	memset(m->at, 0, sizeof(m->at));
	put_text(&m->b, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
}

static void put_object_start(struct made *m, int number)
{
	char line[32];

	m->at[number] = m->b.len;
	m->last = number > m->last ? number : m->last;
	(void)snprintf(line, sizeof(line), "%d 0 obj\n", number);
	put_text(&m->b, line);
}

static void object(struct made *m, int number, const char *body)
{
	put_object_start(m, number);
	put_text(&m->b, body);
	put_text(&m->b, "\nendobj\n");
}

static void stream(struct made *m, int number, const char *keys, struct text bytes)
{
	char line[128];

	put_object_start(m, number);
	(void)snprintf(line, sizeof(line), "<< %s /Length %zu >>\nstream\n", keys, bytes.len);
	put_text(&m->b, line);
	put(&m->b, bytes.data, bytes.len);
	put_text(&m->b, "\nendstream\nendobj\n");
}

// The cross-reference table and the trailer, in which keys stand.
static void end(struct made *m, const char *keys)
{
	char line[200];
	size_t at = m->b.len;

	(void)snprintf(line, sizeof(line), "xref\n0 %d\n0000000000 65535 f \n", m->last + 1);
	put_text(&m->b, line);
	for (int i = 1; i <= m->last; i++) {
		(void)snprintf(line, sizeof(line), "%010zu 00000 %c \n", m->at[i],
			       m->at[i] == 0 ? 'f' : 'n');
		put_text(&m->b, line);
	}
	(void)snprintf(line, sizeof(line),
		       "trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%zu\n%%%%EOF\n",
		       m->last + 1, keys, at);
	put_text(&m->b, line);
}

// Object 2, a tree of count pages from object 100 on, of which the root says `claimed`.
static void put_pages(struct made *m, int count, int claimed)
{
	char body[4096];
	size_t len = (size_t)snprintf(body, sizeof(body), "<< /Type /Pages /Count %d /Kids [", claimed);

	for (int i = 0; i < count; i++)
		len += (size_t)snprintf(body + len, sizeof(body) - len, " %d 0 R", 100 + i);
	(void)snprintf(body + len, sizeof(body) - len, "] >>");
	object(m, 2, body);
	for (int i = 0; i < count; i++)
		object(m, 100 + i, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>");
}

// The catalog, with keys, and three pages.
static void begin_comic(struct made *m, const char *keys)
{
	char body[512];

	begin(m);
	(void)snprintf(body, sizeof(body), "<< /Type /Catalog /Pages 2 0 R %s >>", keys);
	object(m, 1, body);
	put_pages(m, 3, 3);
}

static struct text deflated(const void *data, size_t len)
{
	static uint8_t packed[1 << 16];
	struct libdeflate_compressor *deflater = libdeflate_alloc_compressor(6);
	size_t used = libdeflate_zlib_compress(deflater, data, len, packed, sizeof(packed));

	libdeflate_free_compressor(deflater);
	return (struct text){ (char *)packed, used };
}

static struct made pdf; // the one under test

static bool opens_as(enum fail_code want, const char *what)
{
	struct comic_err err = { 0 };
	enum fail_code code = open_bytes(&pdf.b, &err);

	if (!is_u64(code, want, what) || (code != FAIL_NONE && err.text[0] == '\0'))
		printf("#   %s\n", err.text);
	if (code != FAIL_NONE)
		close_file();
	return code == FAIL_NONE;
}

static void has_pages(uint64_t want, const char *what)
{
	if (!opens_as(FAIL_NONE, what))
		return;
	is_u64(container_page_count(c), want, "... pages");
	close_file();
}

// ---- what a sound one says --------------------------------------------------------------

static void test_plain(void)
{
	const struct document_info *info = NULL;
	char fingerprint[CONTAINER_FINGERPRINT] = "";
	struct comic_err err = { 0 };

	begin_comic(&pdf, "");
	object(&pdf, 3, "<< /Title (The Title) /Author (Ann; Bo) /Subject (Noir) /Keywords (a, b)"
			" /Creator (Scanner) /Producer (Maker) /ModDate (D:20200102) >>");
	end(&pdf, "/Info 3 0 R");
	if (!opens_as(FAIL_NONE, "a plain PDF"))
		return;
	is_u64(container_format(c), FORMAT_PDF, "... is a PDF");
	is_u64(container_page_count(c), 3, "... of three pages");
	is_u64(member_count(), 0, "... that are no members");
	ok(container_fingerprint(c, fingerprint, &err) == FAIL_NONE, "... has a fingerprint");
	is_u64(strlen(fingerprint), 32, "... of 32 digits");
	info = container_document_info(c);
	is_text(info->title, "The Title", "title");
	is_text(info->author, "Ann; Bo", "author");
	is_text(info->subject, "Noir", "subject");
	is_text(info->keywords, "a, b", "keywords");
	is_text(info->creator, "Scanner", "creator");
	is_text(info->producer, "Maker", "producer");
	is_text(info->modified, "D:20200102", "modified");
	close_file();

	begin_comic(&pdf, "");
	end(&pdf, "");
	if (!opens_as(FAIL_NONE, "a PDF without information"))
		return;
	is_text(container_document_info(c)->title, "", "... has no title");
	close_file();

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	put_pages(&pdf, 0, 0);
	end(&pdf, "");
	if (!opens_as(FAIL_NONE, "a PDF without pages"))
		return;
	is_u64(container_page_count(c), 0, "... has none");
	ok(container_fingerprint(c, fingerprint, &err) == FAIL_NONE && fingerprint[0] == '\0',
	   "... and no fingerprint");
	close_file();
}

static void test_texts(void)
{
	const struct document_info *info = NULL;

	begin_comic(&pdf, "");
	object(&pdf, 3, "<< /Title <FEFF005A006F00EB0020D83DDE00> /Author (caf\303\251)"
			" /Subject (\357\273\277caf\303\251) /Keywords (caf\351 \240 \200)"
			" /Creator /Name /Producer 5 /ModDate (a\\050b\\n) >>");
	end(&pdf, "/Info 3 0 R");
	if (!opens_as(FAIL_NONE, "texts in every encoding"))
		return;
	info = container_document_info(c);
	is_text(info->title, "Zo\303\253 \360\237\230\200", "UTF-16 with a pair of surrogates");
	is_text(info->author, "caf\303\251", "UTF-8 that does not say so");
	is_text(info->subject, "caf\303\251", "UTF-8 with a byte order mark");
	is_text(info->keywords, "caf\303\251 \342\202\254 \342\200\242", "PDFDocEncoding");
	is_text(info->creator, "", "a name is no text");
	is_text(info->producer, "", "nor is a number");
	is_text(info->modified, "a(b\n", "escapes");
	close_file();
}

// ---- attached files ---------------------------------------------------------------------

#define SPEC(name, stream) \
	"<< /Type /Filespec /F (" name ") /UF (" name ") /EF << /F " stream " 0 R >> >>"

static void test_attached(void)
{
	size_t count = 0;
	const struct member *members = NULL;

	begin_comic(&pdf, "/Names << /EmbeddedFiles << /Kids [10 0 R 11 0 R 10 0 R] >> >>"
			  " /AF [20 0 R 21 0 R]");
	object(&pdf, 10, "<< /Names [(x) 20 0 R (y) 22 0 R (broken) 99 0 R] /Limits [(x) (y)] >>");
	object(&pdf, 11, "<< /Names [(z) 23 0 R] /Kids [10 0 R 11 0 R] >>"); // a loop
	object(&pdf, 20, SPEC("ComicInfo.xml", "30"));
	object(&pdf, 21, SPEC("only-af.txt", "31"));
	object(&pdf, 22, SPEC("sub/1.jpg", "32"));
	object(&pdf, 23, "<< /F (old.txt) /EF << /F 33 0 R >> >>");
	stream(&pdf, 30, "/Filter /FlateDecode", deflated(XML, strlen(XML)));
	stream(&pdf, 31, "", TEXT("stored"));
	stream(&pdf, 32, "/Filter [/FlateDecode] /DecodeParms [<< /Predictor 1 >>]",
	       deflated("picture", 7));
	stream(&pdf, 33, "/Filter []", TEXT("old"));
	end(&pdf, "");
	if (!opens_as(FAIL_NONE, "a PDF with attached files"))
		return;
	members = container_members(c, &count);
	is_u64(count, 4, "... has each once");
	is_u64(container_page_count(c), 3, "... and its own pages only");
	ok(pages_nth(members, count, 0) == NULL, "... none of which is a member");
	ok(pages_find(members, count, "comicinfo.XML") != NULL, "metadata is found by its name");
	is_text(read_named("ComicInfo.xml"), XML, "deflated");
	is_text(read_named("only-af.txt"), "stored", "stored, in /AF only");
	is_text(read_named("sub/1.jpg"), "picture", "a filter and parameters in arrays");
	is_text(read_named("old.txt"), "old", "named by /F only, no filter in an array");
	is_text(read_named("ComicInfo.xml"), XML, "read again");
	close_file();
}

static void test_attached_refusals(void)
{
	static uint8_t zeros[17 << 20];
	struct text broken = deflated(XML, strlen(XML));
	char bytes[200];

	begin_comic(&pdf, "/AF [10 0 R 11 0 R 12 0 R 13 0 R 14 0 R]");
	object(&pdf, 10, SPEC("bomb", "20"));
	object(&pdf, 11, SPEC("broken", "21"));
	object(&pdf, 12, SPEC("lzw", "22"));
	object(&pdf, 13, SPEC("predicted", "23"));
	object(&pdf, 14, SPEC("none", "24"));
	memcpy(bytes, broken.data, broken.len);
	bytes[broken.len / 2] ^= 0x55;
	stream(&pdf, 21, "/Filter /FlateDecode", (struct text){ bytes, broken.len });
	stream(&pdf, 20, "/Filter /FlateDecode", deflated(zeros, sizeof(zeros)));
	stream(&pdf, 22, "/Filter /LZWDecode", TEXT("x"));
	stream(&pdf, 23, "/Filter /FlateDecode /DecodeParms << /Predictor 12 >>", deflated("x", 1));
	stream(&pdf, 24, "/Filter /FlateDecode", TEXT(""));
	end(&pdf, "");
	if (!opens_as(FAIL_NONE, "attached files that cannot be read"))
		return;
	is_u64(member_count(), 5, "... are listed");
	is_text(read_named("bomb"), "limit", "17 MiB of zeros in 17 KiB");
	is_text(read_named("broken"), "damaged", "broken data");
	is_text(read_named("lzw"), "unsupported", "another filter");
	is_text(read_named("predicted"), "unsupported", "a predictor");
	is_text(read_named("none"), "", "no data");
	close_file();

	begin_comic(&pdf, "/AF [10 0 R]");
	object(&pdf, 10, SPEC("large", "20"));
	stream(&pdf, 20, "", (struct text){ (char *)zeros, sizeof(zeros) });
	end(&pdf, "");
	if (!opens_as(FAIL_NONE, "a stored file of 17 MiB"))
		return;
	is_text(read_named("large"), "limit", "... is not read");
	close_file();
}

// ---- pages ------------------------------------------------------------------------------

static void test_pages(void)
{
	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	object(&pdf, 2, "<< /Type /Pages /Count 4 /Kids [3 0 R 4 0 R 10 0 R] >>");
	object(&pdf, 3, "<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [11 0 R 12 0 R] >>");
	object(&pdf, 4, "<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [13 0 R] >>");
	for (int i = 10; i <= 13; i++)
		object(&pdf, i, "<< /Type /Page /MediaBox [0 0 9 9] >>");
	end(&pdf, "");
	has_pages(4, "a nested tree");

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	put_pages(&pdf, 3, 77);
	end(&pdf, "");
	has_pages(3, "a count that is too high");

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	put_pages(&pdf, 3, -3);
	end(&pdf, "");
	has_pages(3, "a negative count");

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	object(&pdf, 2, "<< /Type /Pages /Count 2000000000 /Kids [3 0 R] >>");
	object(&pdf, 3, "<< /Type /Pages /Count 2000000000 /Kids [4 0 R] >>");
	object(&pdf, 4, "<< /Type /Page /MediaBox [0 0 9 9] >>");
	end(&pdf, "");
	has_pages(1, "counts that agree on nonsense");

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	object(&pdf, 2, "<< /Type /Pages /Count 5 /Kids [3 0 R] >>");
	object(&pdf, 3, "<< /Type /Pages /Parent 2 0 R /Count 4 /Kids [2 0 R] >>");
	end(&pdf, "");
	(void)opens_as(FAIL_DAMAGED, "a loop in the tree");

	begin(&pdf);
	object(&pdf, 1, "<< /Type /Catalog >>");
	end(&pdf, "");
	(void)opens_as(FAIL_DAMAGED, "no tree");
	begin(&pdf);
	object(&pdf, 2, "<< /Type /Pages /Count 0 /Kids [] >>");
	end(&pdf, "");
	(void)opens_as(FAIL_DAMAGED, "no catalog");
}

// ---- damage -----------------------------------------------------------------------------

static void test_damage(void)
{
	struct comic_err err = { 0 };
	uint8_t *found = NULL;

	begin_comic(&pdf, "");
	end(&pdf, "");
	found = memmem(pdf.b.data, pdf.b.len, "startxref", 9);
	memcpy(found, "startxxxx", 9);
	if (opens_as(FAIL_NONE, "no cross-reference table")) {
		is_u64(container_page_count(c), 3, "... is rebuilt");
		ok(has_note("damaged: "), "... and noted");
		close_file();
	}

	begin_comic(&pdf, "");
	end(&pdf, "");
	pdf.b.len = pdf.b.len / 2;
	(void)opens_as(FAIL_DAMAGED, "the first half of a PDF");

	begin_comic(&pdf, "");
	end(&pdf, "");
	found = memmem(pdf.b.data, pdf.b.len, "102 0 obj", 9);
	memcpy(found, "999999999", 9);
	found = memmem(pdf.b.data, pdf.b.len, "startxref", 9);
	memcpy(found, "startxxxx", 9);
	ok(open_bytes(&pdf.b, &err) == FAIL_DAMAGED, "a repaired PDF without one of its pages");
	ok(strstr(err.text, "1 of its 3 pages are missing") != NULL, "... says so");
	close_file();

	pdf.b.len = 0;
	put_text(&pdf.b, "%PDF-1.4\n");
	for (int i = 0; i < 1000; i++)
		put_text(&pdf.b, "nonsense ");
	(void)opens_as(FAIL_DAMAGED, "nonsense behind a PDF's first line");
	pdf.b.len = 0;
	put_text(&pdf.b, "%PDX-1.4\nnonsense");
	(void)opens_as(FAIL_NOT_AN_ARCHIVE, "no PDF at all");
}

static uint64_t now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint32_t next_random(void)
{
	static uint64_t state = 20260101;

	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(state >> 33);
}

// Some bytes changed, a piece removed or doubled.
static void mutate(struct buf *b)
{
	size_t from = next_random() % b->len;
	size_t len = 1 + next_random() % 64;

	for (uint32_t i = next_random() % 8; i > 0; i--)
		b->data[next_random() % b->len] = (uint8_t)next_random();
	len = len < b->len - from ? len : b->len - from;
	if (next_random() % 4 == 0) {
		memmove(b->data + from, b->data + from + len, b->len - from - len);
		b->len -= len;
	} else if (next_random() % 4 == 0) {
		b->len = from + len;
	}
}

static void test_mutations(void)
{
	struct made sound = { .last = 0 };
	uint64_t slowest = 0;
	unsigned int opened = 0;
	unsigned int silent = 0;

	begin_comic(&sound, "/Names << /EmbeddedFiles << /Names [(x) 20 0 R] >> >>");
	object(&sound, 3, "<< /Title <FEFF005A> /Author (Ann) /ModDate (D:2020) >>");
	object(&sound, 20, SPEC("ComicInfo.xml", "30"));
	stream(&sound, 30, "/Filter /FlateDecode", deflated(XML, strlen(XML)));
	end(&sound, "/Info 3 0 R");
	for (int i = 0; i < 1000; i++) {
		struct comic_err err = { 0 };
		uint64_t started = now();

		pdf.b.len = 0;
		put(&pdf.b, sound.b.data, sound.b.len);
		mutate(&pdf.b);
		if (open_bytes(&pdf.b, &err) == FAIL_NONE) {
			opened++;
			if (member_count() > 0)
				(void)read_member(0);
		} else {
			silent += err.text[0] == '\0';
		}
		close_file();
		slowest = now() - started > slowest ? now() - started : slowest;
	}
	buf_clear(&sound.b);
	ok(opened > 100 && opened < 1000, "of 1000 mutations some can be read");
	printf("# %u of 1000 opened, the slowest took %u ms\n", opened, (unsigned int)slowest);
	is_u64(silent, 0, "... the others say why not");
	ok(slowest < 2000, "... and none takes long");
}

// A container is used for file after file of any kind.
static void test_reuse(void)
{
	struct buf zip = { 0 };
	struct comic_err err = { 0 };
	struct zip_member page = { .name = "1.jpg", .data = "1" };
	struct zip_layout layout = { 0 };

	begin_comic(&pdf, "");
	object(&pdf, 3, "<< /Title (T) >>");
	end(&pdf, "/Info 3 0 R");
	put_zip(&zip, &page, 1, &layout);
	for (int i = 0; i < 2; i++) {
		has_pages(3, "a PDF");
		ok(open_bytes(&zip, &err) == FAIL_NONE, "then a ZIP");
		is_u64(container_page_count(c), 1, "... with its own page");
		ok(container_document_info(c) == NULL, "... and no information");
		close_file();
	}
	buf_clear(&zip);
}

int main(void)
{
	struct comic_err err = { 0 };

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	c = container_new(NULL, &err);
	if (c == NULL)
		abort();
	test_plain();
	test_texts();
	test_attached();
	test_attached_refusals();
	test_pages();
	test_damage();
	test_mutations();
	test_reuse();
	container_free(c);
	buf_clear(&pdf.b);
	buf_clear(&content);
	return done();
}
