// SPDX-License-Identifier: MIT
// metadata.c: see metadata.h.

#include "metadata/metadata.h"

#include "metadata/comicinfo.h"
#include "metadata/computed.h"
#include "metadata/encode.h"
#include "metadata/filename.h"
#include "metadata/merge.h"
#include "metadata/reader.h"

#include <stdlib.h>

#define ARENA_KEEP ((size_t)1 << 20) // bytes kept from comic to comic

struct metadata_format {
	const char *member; // base name in the archive, and the source's name
	int (*read)(struct metadata_input *in, struct builder *b, struct comic_err *err);
};

// Weakest first. A new format is a line here and a file of its own.
static const struct metadata_format formats[] = {
	{ "ComicInfo.xml", comicinfo_read },
};

#define FIRST_FORMAT (SOURCE_FILENAME + 1)
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

int metadata_add_filename(struct metadata *m, struct text base_name, struct comic_err *err)
{
	struct builder b;

	builder_init(&b, &m->blank, "filename", SOURCE_FILENAME);
	filename_read(&b, base_name);
	if (b.failed)
		return err_set_nomem(err, "reading a file name");
	m->trees[SOURCE_FILENAME] = b.root;
	return 0;
}

int metadata_add(struct metadata *m, const struct metadata_format *format, const void *data,
		 size_t len, struct comic_err *err)
{
	struct metadata_input in = { { data, len }, m->xml, false };
	size_t source = FIRST_FORMAT + (size_t)(format - formats);
	struct builder b;

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

static struct text name_of_source(size_t source)
{
	return source == SOURCE_FILENAME ? TEXT("filename") :
					   text_from(formats[source - FIRST_FORMAT].member);
}

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
