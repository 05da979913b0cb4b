// SPDX-License-Identifier: MIT
// metadata.c: see metadata.h.

#include "metadata/metadata.h"

#include "metadata/comet.h"
#include "metadata/comicbookinfo.h"
#include "metadata/comicbox.h"
#include "metadata/comicinfo.h"
#include "metadata/computed.h"
#include "metadata/encode.h"
#include "metadata/filename.h"
#include "metadata/merge.h"
#include "metadata/metroninfo.h"
#include "metadata/origin.h"
#include "metadata/pdf.h"
#include "metadata/reader.h"

#include <stdlib.h>
#include <string.h>

#define ARENA_KEEP ((size_t)1 << 20) // bytes kept from comic to comic

struct metadata_format {
	const char *member; // base name in the archive, and the source's name
	int (*read)(struct metadata_input *in, struct builder *b, struct comic_err *err);
};

// Weakest first. A new format is a line here and a file of its own.
static const struct metadata_format formats[] = {
	{ "comic-book-info.json", comicbookinfo_read },
	{ "CoMet.xml", comet_read },
	{ "ComicInfo.xml", comicinfo_read },
	{ "MetronInfo.xml", metroninfo_read },
	{ "comicbox-cli.yaml", comicbox_read_yaml },
	{ "comicbox.json", comicbox_read_json },
	{ "comicbox.yaml", comicbox_read_yaml },
};

static const struct metadata_format comment = { "archive comment", comicbookinfo_read_comment };

#define FIRST_FORMAT (SOURCE_COMMENT + 1)
#define SOURCES (FIRST_FORMAT + COMIC_COUNT(formats))

struct metadata {
	struct arena arena;
	struct xml_reader *xml;
	struct warnings warnings;
	struct covers covers;
	struct builder blank; // what every source begins with
	struct builder merged; // from metadata_finish() on
	struct node *trees[SOURCES]; // by source, NULL while it is absent
	struct text sources[SOURCES];
	size_t source_count;
	uint32_t used; // a bit for each source that is read
};

struct metadata *metadata_new(bool full, struct comic_err *err)
{
	struct metadata *m = mem_zero(1, sizeof(*m));

	if (m != NULL)
		m->xml = xml_reader_new();
	if (m == NULL || m->xml == NULL) {
		metadata_free(m);
		(void)err_set_nomem(err, "metadata");
		return NULL;
	}
	m->blank = (struct builder){
		.arena = &m->arena, .warnings = &m->warnings, .covers = &m->covers, .full = full
	};
	m->merged = m->blank;
	m->used = UINT32_MAX;
	return m;
}

void metadata_free(struct metadata *m)
{
	if (m == NULL)
		return;
	xml_reader_free(m->xml);
	arena_clear(&m->arena);
	free(m);
}

void metadata_reset(struct metadata *m)
{
	arena_reset(&m->arena, ARENA_KEEP);
	m->warnings.count = 0;
	m->covers.count = 0;
	m->merged = m->blank;
	m->source_count = 0;
	for (size_t i = 0; i < SOURCES; i++)
		m->trees[i] = NULL;
}

// ---- sources ----------------------------------------------------------------------------

const char *metadata_format_member(size_t index)
{
	return index < COMIC_COUNT(formats) ? formats[index].member : NULL;
}

const struct metadata_format *metadata_format_of(struct text base_name)
{
	for (size_t i = 0; i < COMIC_COUNT(formats); i++) {
		if (text_equal_nocase(base_name, text_from(formats[i].member)))
			return &formats[i];
	}
	return NULL;
}

static size_t source_of(const struct metadata_format *format)
{
	return format == &comment ? SOURCE_COMMENT : FIRST_FORMAT + (size_t)(format - formats);
}

const struct metadata_format *metadata_format_comment(void)
{
	return &comment;
}

static struct text name_of_source(size_t source)
{
	static const char *const names[FIRST_FORMAT] = {
		[SOURCE_COMPUTED] = "computed",
		[SOURCE_FILENAME] = "filename",
		[SOURCE_PDF] = "PDF",
		[SOURCE_COMMENT] = "archive comment",
	};

	return text_from(source < FIRST_FORMAT ? names[source] :
						 formats[source - FIRST_FORMAT].member);
}

static bool is_used(const struct metadata *m, size_t source)
{
	return (m->used >> source & 1) != 0;
}

bool metadata_uses(const struct metadata *m, size_t index)
{
	return is_used(m, FIRST_FORMAT + index);
}

void metadata_use_sources(struct metadata *m, uint32_t set)
{
	m->used = set;
}

bool metadata_parse_sources(const char *list, uint32_t *set, struct text *unknown)
{
	*set = 0;
	for (const char *name = list;; name++) {
		struct text t = { name, strcspn(name, ",") };
		size_t source = SOURCE_FILENAME;

		t = text_trim(t);
		*unknown = t;
		if (text_equal_nocase(t, TEXT("comment")))
			t = name_of_source(SOURCE_COMMENT);
		while (source < SOURCES && !text_equal_nocase(t, name_of_source(source)))
			source++;
		if (source == SOURCES)
			return false;
		*set |= UINT32_C(1) << source;
		name += strcspn(name, ",");
		if (*name == '\0')
			return true;
	}
}

int metadata_add_filename(struct metadata *m, struct text base_name, struct comic_err *err)
{
	struct builder b;

	if (!is_used(m, SOURCE_FILENAME))
		return 0;
	builder_init(&b, &m->blank, "filename", SOURCE_FILENAME);
	filename_read(&b, base_name);
	if (b.failed)
		return err_set_nomem(err, "reading a file name");
	m->trees[SOURCE_FILENAME] = b.root;
	return 0;
}

// Reads a document of which only the content tells the format into b. Of no known one: a warning.
static int read_unnamed(struct metadata *m, struct text document, struct builder *b,
			struct comic_err *err)
{
	size_t warnings = m->warnings.count;

	for (size_t i = COMIC_COUNT(formats); i-- > 0 && !b->failed;) {
		struct metadata_input in = { document, m->xml, false };

		if (formats[i].read(&in, b, err) < 0)
			return -1;
		if (in.recognized)
			return 0;
		m->warnings.count = warnings; // they say that it is not of this format
		builder_init(b, &m->blank, b->name, b->source);
	}
	b->field = "Keywords";
	builder_warn(b, "a document of an unknown format was ignored");
	return b->failed ? err_set_nomem(err, b->name) : 0;
}

int metadata_add_document_info(struct metadata *m, const struct document_info *info,
			       struct comic_err *err)
{
	struct document_info plain = *info;
	struct builder b;

	if (!is_used(m, SOURCE_PDF))
		return 0;
	builder_init(&b, &m->blank, "PDF", SOURCE_PDF);
	if (pdf_keywords_are_document(info->keywords)) {
		plain.keywords = TEXT("");
		if (b.failed || read_unnamed(m, info->keywords, &b, err) < 0)
			return err_set_nomem(err, "PDF");
	}
	if (!b.failed)
		pdf_info_read(&b, &plain);
	if (b.failed)
		return err_set_nomem(err, "PDF");
	m->trees[SOURCE_PDF] = b.root;
	return 0;
}

int metadata_add(struct metadata *m, const struct metadata_format *format, const void *data,
		 size_t len, struct comic_err *err)
{
	struct metadata_input in = { { data, len }, m->xml, false };
	size_t source = source_of(format);
	struct builder b;

	if (!is_used(m, source))
		return 0;
	builder_init(&b, &m->blank, format->member, (uint8_t)source);
	if (b.failed)
		return err_set_nomem(err, format->member);
	if (format->read(&in, &b, err) < 0)
		return -1;
	if (in.recognized)
		m->trees[source] = b.root;
	return 0;
}

// ---- result -----------------------------------------------------------------------------

int metadata_finish(struct metadata *m, struct comic_err *err)
{
	builder_init(&m->merged, &m->blank, "metadata", SOURCE_COMPUTED);
	for (size_t i = SOURCE_FILENAME; !m->merged.failed && i < SOURCES; i++) {
		if (m->trees[i] == NULL)
			continue;
		if (!node_is_empty(m->trees[i]))
			m->sources[m->source_count++] = name_of_source(i);
		merge_nodes(&m->merged, m->merged.root, m->trees[i]);
	}
	if (!m->merged.failed)
		computed_add(&m->merged);
	if (!m->merged.failed)
		encode_shrink(&m->merged);
	return m->merged.failed ? err_set_nomem(err, "merging metadata") : 0;
}

const uint32_t *metadata_cover_pages(const struct metadata *m, size_t *count)
{
	*count = m->covers.count;
	return m->covers.pages;
}

struct text metadata_cover_image(const struct metadata *m)
{
	return node_text(m->merged.root, COMIC_COVER_IMAGE);
}

int metadata_set_cover(struct metadata *m, struct text member, struct comic_err *err)
{
	struct text name = text_repair(&m->arena, member);

	if (name.data != NULL)
		name.data = arena_copy(&m->arena, name.data, name.len);
	if (name.data == NULL)
		return err_set_nomem(err, "naming the cover");
	node_set_text(&m->merged, m->merged.root, COMIC_COVER, name);
	return m->merged.failed ? err_set_nomem(err, "naming the cover") : 0;
}

const struct text *metadata_sources(const struct metadata *m, size_t *count)
{
	*count = m->source_count;
	return m->sources;
}

const struct text *metadata_warnings(const struct metadata *m, size_t *count)
{
	*count = m->warnings.count;
	return m->warnings.list;
}

int metadata_warn(struct metadata *m, const char *source, const char *text, struct comic_err *err)
{
	struct builder b = m->blank;

	b.name = source;
	builder_warn(&b, "%s", text);
	return b.failed ? err_set_nomem(err, source) : 0;
}

void metadata_encode(const struct metadata *m, struct record_packer *p)
{
	encode_tree(&m->merged, p);
}

void metadata_encode_origin(const struct metadata *m, struct record_packer *p)
{
	struct text names[SOURCES];

	for (size_t i = 0; i < SOURCES; i++)
		names[i] = name_of_source(i);
	origin_encode(&m->merged, names, p);
}
