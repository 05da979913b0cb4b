// SPDX-License-Identifier: MIT
// extract.c: see extract.h.

#include "worker/extract.h"

#include "container/container.h"
#include "container/pages.h"
#include "metadata/metadata.h"
#include "stream/record.h"
#include "walk/path.h"
#include "worker/reply.h"

#include <stdlib.h>

// What a worker keeps from one comic to the next.
struct extractor {
	struct container *container;
	struct metadata *metadata;
	struct buf document;
	struct arena texts;
	bool origin;
};

// What the record says beside the metadata.
struct facts {
	enum comic_format format;
	size_t pages;
	char fingerprint[CONTAINER_FINGERPRINT];
};

static bool is_metadata(struct text name)
{
	return metadata_format_of(path_base(name)) != NULL;
}

void *extract_start(const void *context)
{
	const struct extract_options *options = context;
	struct extractor *x = mem_zero(1, sizeof(*x));
	struct comic_err err;

	if (x == NULL)
		return NULL;
	x->container = container_new(is_metadata, &err);
	x->metadata = metadata_new(options->full, &err);
	x->origin = options->origin;
	if (x->metadata != NULL && options->sources != 0)
		metadata_use_sources(x->metadata, options->sources);
	if (x->container != NULL && x->metadata != NULL)
		return x;
	container_free(x->container);
	metadata_free(x->metadata);
	free(x);
	return NULL;
}

// ---- reading ------------------------------------------------------------------------------

// A document that cannot be read is a warning: the pages and the name still tell much.
static int add_document(struct extractor *x, size_t member, const char *format_name,
			struct comic_err *err)
{
	enum fail_code code = container_read(x->container, member, &x->document, err);

	if (code == FAIL_MEMORY)
		return -1;
	if (code != FAIL_NONE) {
		struct comic_err why = *err;

		return metadata_warn(x->metadata, format_name, why.text, err);
	}
	return metadata_add(x->metadata, metadata_format_of(text_from(format_name)),
			    x->document.data, x->document.len, err);
}

static int add_comment(struct extractor *x, struct comic_err *err)
{
	struct text comment = container_comment(x->container);

	return comment.len == 0 ? 0 : metadata_add(x->metadata, metadata_format_comment(),
						   comment.data, comment.len, err);
}

static int add_document_info(struct extractor *x, struct comic_err *err)
{
	const struct document_info *info = container_document_info(x->container);

	return info == NULL ? 0 : metadata_add_document_info(x->metadata, info, err);
}

static int add_documents(struct extractor *x, struct comic_err *err)
{
	size_t count = 0;
	const struct member *members = container_members(x->container, &count);
	const char *name = NULL;

	for (size_t i = 0; (name = metadata_format_member(i)) != NULL; i++) {
		const struct member *m = NULL;

		if (metadata_uses(x->metadata, i))
			m = pages_find(members, count, name);
		if (m != NULL && add_document(x, (size_t)(m - members), name, err) < 0)
			return -1;
	}
	return 0;
}

static int add_notes(struct extractor *x, struct comic_err *err)
{
	size_t count = 0;
	const struct text *notes = container_notes(x->container, &count);

	for (size_t i = 0; i < count; i++) {
		const char *note = arena_copy(&x->texts, notes[i].data, notes[i].len);

		if (note == NULL)
			return err_set_nomem(err, "extract");
		if (metadata_warn(x->metadata, "archive", note, err) < 0)
			return -1;
	}
	return 0;
}

// The first candidate that is a page of this archive: the ones tagged front
// cover, the image a tag names, the first page in reading order.
static struct text find_cover(const struct extractor *x)
{
	size_t count = 0;
	size_t tagged = 0;
	const struct member *members = container_members(x->container, &count);
	const uint32_t *pages = metadata_cover_pages(x->metadata, &tagged);
	struct text image = metadata_cover_image(x->metadata);
	const struct member *first = NULL;

	for (size_t i = 0; i < tagged; i++) {
		const struct member *page = pages_nth(members, count, pages[i]);

		if (page != NULL)
			return page->name;
	}
	for (size_t i = 0; i < count && image.len > 0; i++) {
		if (text_equal(members[i].name, image))
			return image;
	}
	first = pages_nth(members, count, 0);
	return first == NULL ? TEXT("") : first->name;
}

static int set_cover(struct extractor *x, struct comic_err *err)
{
	struct text cover = text_repair(&x->texts, find_cover(x));

	if (cover.data == NULL)
		return err_set_nomem(err, "extract");
	return metadata_set_cover(x->metadata, cover, err);
}

// Everything about the open container into facts and metadata.
static enum fail_code read_comic(struct extractor *x, struct text name, struct facts *facts,
				 struct comic_err *err)
{
	facts->format = container_format(x->container);
	facts->pages = container_page_count(x->container);
	if (metadata_add_filename(x->metadata, name, err) < 0 || add_notes(x, err) < 0 ||
	    add_document_info(x, err) < 0 || add_comment(x, err) < 0 ||
	    add_documents(x, err) < 0 || metadata_finish(x->metadata, err) < 0 ||
	    set_cover(x, err) < 0)
		return FAIL_MEMORY;
	return container_fingerprint(x->container, facts->fingerprint, err);
}

// ---- the reply ----------------------------------------------------------------------------

static void pack_texts(struct record_packer *p, const char *key, const struct text *texts,
		       size_t count)
{
	pack_key(p, key);
	pack_array(p, count);
	for (size_t i = 0; i < count; i++)
		pack_text(p, texts[i]);
}

static int write_comic(const struct extractor *x, const struct facts *facts, struct buf *reply)
{
	struct record_packer p;
	size_t source_count = 0;
	size_t warning_count = 0;
	const struct text *sources = metadata_sources(x->metadata, &source_count);
	const struct text *warnings = metadata_warnings(x->metadata, &warning_count);
	bool has_fingerprint = facts->fingerprint[0] != '\0';
	uint32_t pairs = 4U + has_fingerprint + x->origin + (warning_count > 0);

	if (reply_comic(reply, pairs) < 0)
		return -1;
	record_packer_init(&p, reply);
	pack_key(&p, "format");
	pack_key(&p, comic_format_name(facts->format));
	pack_key(&p, "pages");
	pack_unsigned(&p, facts->pages);
	if (has_fingerprint) {
		pack_key(&p, "fingerprint");
		pack_key(&p, facts->fingerprint);
	}
	pack_texts(&p, "sources", sources, source_count);
	pack_key(&p, "meta");
	metadata_encode(x->metadata, &p);
	if (x->origin) {
		pack_key(&p, "from");
		metadata_encode_origin(x->metadata, &p);
	}
	if (warning_count > 0)
		pack_texts(&p, "warnings", warnings, warning_count);
	return p.failed ? -1 : 0;
}

// ---- the two kinds of job -----------------------------------------------------------------

static int answer_from_name(struct extractor *x, struct text name, struct buf *reply)
{
	struct facts facts = { .format = FORMAT_CBZ };
	struct comic_err err;

	for (size_t i = 0; path_comic_suffixes[i] != NULL; i++) {
		const char *suffix = path_comic_suffixes[i];

		if (text_ends_nocase(name, suffix))
			(void)comic_format_from(text_from(suffix + 1), &facts.format);
	}
	if (metadata_add_filename(x->metadata, name, &err) < 0 ||
	    metadata_finish(x->metadata, &err) < 0)
		return -1;
	return write_comic(x, &facts, reply);
}

static int answer_from_file(struct extractor *x, int fd, uint64_t size, struct text name,
			    struct buf *reply)
{
	struct facts facts = { .format = FORMAT_CBZ };
	struct comic_err err = { 0 };
	enum fail_code code = container_open(x->container, fd, size, &err);
	int status = 0;

	if (code == FAIL_NONE) {
		code = read_comic(x, name, &facts, &err);
		if (code == FAIL_NONE)
			status = write_comic(x, &facts, reply);
		container_close(x->container);
	}
	if (code == FAIL_MEMORY)
		return -1;
	return code == FAIL_NONE ? status : reply_fail(reply, code, err.text);
}

int extract_work(void *state, int fd, uint64_t size, struct text name, struct buf *reply)
{
	struct extractor *x = state;
	int status = fd < 0 ? answer_from_name(x, name, reply) :
			      answer_from_file(x, fd, size, name, reply);

	metadata_reset(x->metadata);
	arena_reset(&x->texts, (size_t)32 << 10);
	return status;
}
