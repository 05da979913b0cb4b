// SPDX-License-Identifier: MIT
// format.c: see format.h.

#include "metadata/format.h"

#include "metadata/vocabulary.h"

#define WORD_MOST 32 // bytes; no format word is as long, however it is divided

struct format {
	const char *key;
	const char *canonical; // NULL: no one spelling, only a word for file names
	bool in_file_names;
};

static const struct format formats[] = {
	{ "1shot", "One-Shot", true },
	{ "annotation", "Annotation", true },
	{ "annotations", "Annotation", true },
	{ "annual", "Annual", true },
	{ "anthology", "Anthology", true },
	{ "boxedset", "Box Set", false },
	{ "boxset", "Box Set", true },
	{ "digital", "Digital", true },
	{ "digitalchapter", "Digital Chapter", true },
	{ "directorscut", "Director's Cut", true },
	{ "giant", NULL, true },
	{ "giantsize", NULL, true },
	{ "giantsized", "Giant Sized", true },
	{ "gn", "Graphic Novel", true },
	{ "graphicnovel", "Graphic Novel", true },
	{ "hardcover", "Hardcover", true },
	{ "hc", "Hardcover", true },
	{ "hdupscaled", "HD Upscaled", true },
	{ "kingsize", NULL, true },
	{ "kingsized", "King Sized", true },
	{ "limitedseries", "Limited Series", true },
	{ "magazine", "Magazine", true },
	{ "manga", "Manga", true },
	{ "omnibus", "Omnibus", true },
	{ "oneshot", "One-Shot", true },
	{ "pdf", NULL, true },
	{ "pdfrip", "PDF Rip", true },
	{ "preview", "Preview", true },
	{ "prologue", "Prologue", true },
	{ "scanlation", "Scanlation", true },
	{ "script", "Script", true },
	{ "singleissue", "Single Issue", true },
	{ "sketch", NULL, true },
	{ "tbp", "Trade Paperback", false },
	{ "tp", "Trade Paperback", false },
	{ "tpb", "Trade Paperback", true },
	{ "tradepaperback", "Trade Paperback", true },
	{ "web", NULL, true },
	{ "webcomic", "Web Comic", true },
	{ "webrip", "Web Rip", true },
};

static const struct vocabulary vocabulary = VOCABULARY(formats, " -_'.");

struct text format_canonical(struct arena *a, struct text name)
{
	const struct format *f = vocabulary_find(&vocabulary, name);

	if (f != NULL && f->canonical != NULL)
		return text_from(f->canonical);
	return vocabulary_title(a, name, false);
}

bool format_is_word(struct text word)
{
	const struct format *f = NULL;

	if (word.len <= WORD_MOST)
		f = vocabulary_find(&vocabulary, text_trim(word));
	return f != NULL && f->in_file_names;
}
