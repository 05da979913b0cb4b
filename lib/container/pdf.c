// SPDX-License-Identifier: MIT
// pdf.c: see pdf.h. The document; attached files are in pdf_attached.c.

#include "container/pdf.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define TEXTS_KEEP ((size_t)64 << 10)
#define LOOKED_AT_MAX 10000 // children of the page tree's root

// ---- asking qpdf --------------------------------------------------------------------------

qpdf_oh pdf_get(const struct pdf *p, qpdf_oh dictionary, const char *key)
{
	return p->lib.qpdf_oh_get_key_if_dict(p->doc, dictionary, key);
}

int pdf_count(const struct pdf *p, qpdf_oh array)
{
	return p->lib.qpdf_oh_is_array(p->doc, array) ?
		       p->lib.qpdf_oh_get_array_n_items(p->doc, array) : 0;
}

static long long integer_of(const struct pdf *p, qpdf_oh number)
{
	long long value = 0;

	return p->lib.qpdf_oh_get_value_as_longlong(p->doc, number, &value) ? value : 0;
}

// A string without a byte order mark is in PDFDocEncoding, but much software puts plain UTF-8
// there. Text that is valid UTF-8 beyond ASCII means nothing sensible in PDFDocEncoding.
struct text pdf_text(struct pdf *p, qpdf_oh string, size_t most)
{
	struct text t = { "", 0 };
	const char *bytes = NULL;
	bool marked = false; // as UTF-8

	if (!p->lib.qpdf_oh_is_string(p->doc, string))
		return t;
	t.data = p->lib.qpdf_oh_get_binary_string_value(p->doc, string, &t.len);
	if (t.len > most)
		return TEXT("");
	marked = t.len >= 3 && memcmp(t.data, "\xEF\xBB\xBF", 3) == 0;
	if (marked || text_is_ascii(t) || !text_is_utf8(t))
		t.data = p->lib.qpdf_oh_get_binary_utf8_value(p->doc, string, &t.len);
	bytes = arena_copy(&p->texts, t.data, t.len);
	return (struct text){ bytes, t.len };
}

static bool is_starved(const char *message)
{
	return strstr(message, "bad_alloc") != NULL;
}

// Objects that could not be read are warnings, and then null objects, even for lack of memory.
// False if there was such a lack; p->damage says what was wrong first.
static bool take_warnings(struct pdf *p)
{
	bool starved = false;

	while (p->lib.qpdf_more_warnings(p->doc)) {
		qpdf_error w = p->lib.qpdf_next_warning(p->doc);
		const char *what = p->lib.qpdf_get_error_message_detail(p->doc, w);

		starved = starved || is_starved(what);
		// "file is damaged" comes before the warning that says where.
		if (p->lib.qpdf_get_error_code(p->doc, w) == qpdf_e_damaged_pdf &&
		    (p->damage[0] == '\0' || strcmp(p->damage, "file is damaged") == 0))
			(void)snprintf(p->damage, sizeof(p->damage), "%s", what);
	}
	return !starved;
}

enum fail_code pdf_failure(struct pdf *p, struct comic_err *err)
{
	bool starved = !take_warnings(p);
	qpdf_error error = p->lib.qpdf_has_error(p->doc) ? p->lib.qpdf_get_error(p->doc) : NULL;
	enum qpdf_error_code_e code = qpdf_e_success;
	const char *why = "";

	if (error != NULL) {
		code = p->lib.qpdf_get_error_code(p->doc, error);
		why = p->lib.qpdf_get_error_message_detail(p->doc, error);
	}
	if (starved || is_starved(why))
		return fail_set_memory(err, "reading the PDF");
	if (error == NULL)
		return FAIL_NONE;
	if (code == qpdf_e_password)
		return fail_set(err, FAIL_ENCRYPTED, "it needs a password");
	if (code == qpdf_e_unsupported)
		return fail_set(err, FAIL_UNSUPPORTED, "%s", why);
	if (code == qpdf_e_system && p->by_path) // else nothing was read: zlib, or the like
		return fail_set(err, FAIL_UNREADABLE, "%s", why);
	return fail_set(err, FAIL_DAMAGED, "%s", why);
}

// ---- opening ------------------------------------------------------------------------------

// True if size bytes may be mapped and there is as much left to work with.
static bool may_map(uint64_t size)
{
	struct rlimit limit;

	if (size > SIZE_MAX / 2 || getrlimit(RLIMIT_AS, &limit) < 0)
		return false;
	return limit.rlim_cur == RLIM_INFINITY || size <= limit.rlim_cur / 2;
}

static enum fail_code open_document(struct pdf *p, const struct source *s, struct comic_err *err)
{
	void *map = MAP_FAILED;
	char path[sizeof("/proc/self/fd/") + 10];

	p->doc = p->lib.qpdf_init();
	if (p->doc == NULL)
		return fail_set_memory(err, "reading the PDF");
	p->lib.qpdf_silence_errors(p->doc);
	p->lib.qpdf_set_suppress_warnings(p->doc, QPDF_TRUE);
	if (may_map(s->size))
		map = mmap(NULL, (size_t)s->size, PROT_READ, MAP_SHARED, s->fd, 0);
	p->by_path = map == MAP_FAILED;
	if (p->by_path) {
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", s->fd);
		(void)p->lib.qpdf_read(p->doc, path, NULL);
	} else {
		p->map = map;
		p->map_len = (size_t)s->size;
		// Only what is asked for: read-ahead would get the whole file page by page.
		(void)madvise(map, p->map_len, MADV_RANDOM);
		(void)p->lib.qpdf_read_memory(p->doc, "PDF", map, p->map_len, NULL);
	}
	return pdf_failure(p, err);
}

// ---- pages --------------------------------------------------------------------------------

// True if the tree's root says how many pages there are and its children say the same.
static bool count_by_root(struct pdf *p, qpdf_oh root)
{
	long long claimed = integer_of(p, pdf_get(p, root, "/Count"));
	qpdf_oh kids = pdf_get(p, root, "/Kids");
	int count = pdf_count(p, kids);
	long long sum = 0;

	if (claimed <= 0 || claimed > (long long)MEMBERS_MAX || count > LOOKED_AT_MAX)
		return false;
	p->pages = (size_t)claimed;
	if (claimed == count) // all are pages
		return true;
	for (int i = 0; i < count && sum <= claimed; i++) {
		qpdf_oh kid = p->lib.qpdf_oh_get_array_item(p->doc, kids, i);
		qpdf_oh below = pdf_get(p, kid, "/Count");
		bool is_page = !p->lib.qpdf_oh_is_array(p->doc, pdf_get(p, kid, "/Kids"));
		long long n = is_page ? 1 : integer_of(p, below);

		sum = n >= 0 && n <= claimed ? sum + n : claimed + 1;
	}
	return sum == claimed;
}

static enum fail_code count_one_by_one(struct pdf *p, struct comic_err *err)
{
	int count = p->lib.qpdf_get_num_pages(p->doc);
	enum fail_code code = pdf_failure(p, err);
	int lost = 0;

	if (code != FAIL_NONE)
		return code;
	for (int i = 0; i < count; i++) {
		qpdf_oh page = p->lib.qpdf_get_page_n(p->doc, (size_t)i);

		lost += !p->lib.qpdf_oh_is_dictionary(p->doc, page);
		p->lib.qpdf_oh_release(p->doc, page);
	}
	code = pdf_failure(p, err);
	if (code != FAIL_NONE)
		return code;
	if (lost > 0 && p->damage[0] != '\0')
		return fail_set(err, FAIL_DAMAGED, "%s; %d of its %d pages are missing", p->damage,
				lost, count);
	p->pages = (size_t)(count - lost);
	return FAIL_NONE;
}

static enum fail_code count_pages(struct pdf *p, struct comic_err *err)
{
	qpdf_oh catalog = p->lib.qpdf_get_root(p->doc);
	enum fail_code code = pdf_failure(p, err);
	qpdf_oh root = 0;
	bool counted = false;

	if (code != FAIL_NONE)
		return code;
	root = pdf_get(p, catalog, "/Pages");
	counted = count_by_root(p, root);
	code = pdf_failure(p, err);
	if (code != FAIL_NONE)
		return code;
	if (!p->lib.qpdf_oh_is_dictionary(p->doc, root))
		return fail_set(err, FAIL_DAMAGED, "its page tree is missing");
	return counted && p->damage[0] == '\0' ? FAIL_NONE : count_one_by_one(p, err);
}

// ---- document information -----------------------------------------------------------------

static enum fail_code read_info(struct pdf *p, struct comic_err *err)
{
	const struct {
		const char *key;
		struct text *value;
	} keys[] = {
		{ "/Title", &p->info.title },       { "/Author", &p->info.author },
		{ "/Subject", &p->info.subject },   { "/Keywords", &p->info.keywords },
		{ "/Creator", &p->info.creator },   { "/Producer", &p->info.producer },
		{ "/ModDate", &p->info.modified },
	};
	qpdf_oh info = pdf_get(p, p->lib.qpdf_get_trailer(p->doc), "/Info");

	for (size_t i = 0; i < COMIC_COUNT(keys); i++) {
		*keys[i].value = pdf_text(p, pdf_get(p, info, keys[i].key), CONTAINER_MEMBER_MAX);
		if (keys[i].value->data == NULL)
			return fail_set_memory(err, "the document information");
	}
	return FAIL_NONE;
}

// ---- the whole ----------------------------------------------------------------------------

enum fail_code pdf_open(struct pdf *p, const struct source *source, struct members *list,
			struct comic_err *err)
{
	enum fail_code code = pdf_library_load(&p->lib, err);

	if (code == FAIL_NONE)
		code = open_document(p, source, err);
	if (code == FAIL_NONE)
		code = count_pages(p, err);
	if (code == FAIL_NONE)
		code = read_info(p, err);
	if (code == FAIL_NONE)
		code = pdf_list_attached(p, list, err);
	if (code != FAIL_NONE)
		return code;
	// A broken string or attachment is no reason to do without the rest.
	code = pdf_failure(p, err);
	return code == FAIL_MEMORY || code == FAIL_UNREADABLE ? code : FAIL_NONE;
}

void pdf_close(struct pdf *p)
{
	if (p->doc != NULL)
		p->lib.qpdf_cleanup(&p->doc);
	p->doc = NULL;
	if (p->map != NULL)
		(void)munmap(p->map, p->map_len);
	p->map = NULL;
	p->pages = 0;
	p->info = (struct document_info){ .title = TEXT("") };
	p->damage[0] = '\0';
	arena_reset(&p->texts, TEXTS_KEEP);
}

void pdf_clear(struct pdf *p)
{
	pdf_close(p);
	arena_clear(&p->texts);
}
