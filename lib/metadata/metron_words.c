// SPDX-License-Identifier: MIT
// metron_words.c: see metron_words.h.

#include "metadata/metron_words.h"

#include "metadata/format.h"
#include "metadata/vocabulary.h"

struct word {
	const char *key;
};

static const struct word roles[] = {
	{ "artist" },
	{ "assistanteditor" },
	{ "associateeditor" },
	{ "breakdowns" },
	{ "chiefcreativeofficer" },
	{ "collectioneditor" },
	{ "colorassists" },
	{ "colorflats" },
	{ "colorist" },
	{ "colorseparations" },
	{ "consultingeditor" },
	{ "cover" },
	{ "designer" },
	{ "digitalarttechnician" },
	{ "editor" },
	{ "editorinchief" },
	{ "embellisher" },
	{ "executiveeditor" },
	{ "executiveproducer" },
	{ "finishes" },
	{ "graytone" },
	{ "groupeditor" },
	{ "illustrator" },
	{ "inkassists" },
	{ "inker" },
	{ "interviewer" },
	{ "layouts" },
	{ "letterer" },
	{ "logodesign" },
	{ "managingeditor" },
	{ "other" },
	{ "penciller" },
	{ "plot" },
	{ "president" },
	{ "production" },
	{ "publisher" },
	{ "script" },
	{ "senioreditor" },
	{ "story" },
	{ "supervisingeditor" },
	{ "translator" },
	{ "writer" },
};

static const struct vocabulary role_vocabulary = VOCABULARY(roles, " ");

struct format {
	const char *from; // as format.h spells it
	const char *to;
};

static const struct format formats[] = {
	{ "Annual", "Annual" },
	{ "Box Set", "Omnibus" },
	{ "Digital", "Digital Chapter" },
	{ "Digital Chapter", "Digital Chapter" },
	{ "Giant Sized", "Annual" },
	{ "Graphic Novel", "Graphic Novel" },
	{ "Hardcover", "Hardcover" },
	{ "HD Upscaled", "Digital Chapter" },
	{ "King Sized", "Annual" },
	{ "Limited Series", "Limited Series" },
	{ "Omnibus", "Omnibus" },
	{ "One-Shot", "One-Shot" },
	{ "Single Issue", "Single Issue" },
	{ "Trade Paperback", "Trade Paperback" },
};

bool metron_is_role(struct text name)
{
	return vocabulary_find(&role_vocabulary, text_trim(name)) != NULL;
}

struct text metron_format(struct arena *a, struct text name)
{
	struct text canonical = format_canonical(a, name);

	if (canonical.data == NULL)
		return canonical;
	for (size_t i = 0; i < COMIC_COUNT(formats); i++) {
		if (text_is(canonical, formats[i].from))
			return text_from(formats[i].to);
	}
	return TEXT("");
}
