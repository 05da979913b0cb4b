// SPDX-License-Identifier: MIT
// role.c: see role.h.

#include "metadata/role.h"

#include "metadata/vocabulary.h"

struct role {
	const char *key;
	const char *canonical;
};

// The roles of ComicInfo, MetronInfo, ComicBookInfo and CoMet, folded to one vocabulary.
static const struct role roles[] = {
	{ "artist", "Artist" },
	{ "assistanteditor", "Editor" },
	{ "associateeditor", "Editor" },
	{ "author", "Writer" },
	{ "breakdowns", "Penciller" },
	{ "chiefcreativeofficer", "Chief Creative Officer" },
	{ "collectioneditor", "Editor" },
	{ "colorassists", "Colorist" },
	{ "colorer", "Colorist" },
	{ "colorflats", "Colorist" },
	{ "colorist", "Colorist" },
	{ "colors", "Colorist" },
	{ "colorseparations", "Colorist" },
	{ "colourer", "Colorist" },
	{ "colourist", "Colorist" },
	{ "colours", "Colorist" },
	{ "consultingeditor", "Editor" },
	{ "cover", "Cover Artist" },
	{ "coverartist", "Cover Artist" },
	{ "coverdesigner", "Cover Artist" },
	{ "covers", "Cover Artist" },
	{ "creator", "Creator" },
	{ "designer", "Designer" },
	{ "digitalarttechnician", "Digital Art Technician" },
	{ "editing", "Editor" },
	{ "editor", "Editor" },
	{ "editorinchief", "Editor" },
	{ "edits", "Editor" },
	{ "embellisher", "Inker" },
	{ "executiveeditor", "Editor" },
	{ "executiveproducer", "Executive Producer" },
	{ "finishes", "Inker" },
	{ "graytone", "Colorist" },
	{ "groupeditor", "Editor" },
	{ "illustrator", "Penciller" },
	{ "inkassists", "Inker" },
	{ "inker", "Inker" },
	{ "inks", "Inker" },
	{ "interviewer", "Interviewer" },
	{ "layouts", "Penciller" },
	{ "letterer", "Letterer" },
	{ "letters", "Letterer" },
	{ "logodesign", "Logo Design" },
	{ "managingeditor", "Editor" },
	{ "other", "Other" },
	{ "painter", "Painter" },
	{ "penciler", "Penciller" },
	{ "penciller", "Penciller" },
	{ "pencils", "Penciller" },
	{ "plot", "Writer" },
	{ "plotter", "Writer" },
	{ "president", "President" },
	{ "production", "Editor" },
	{ "publisher", "Publisher" },
	{ "script", "Writer" },
	{ "scripter", "Writer" },
	{ "senioreditor", "Editor" },
	{ "story", "Writer" },
	{ "supervisingeditor", "Editor" },
	{ "translation", "Translator" },
	{ "translator", "Translator" },
	{ "writer", "Writer" },
};

static const struct vocabulary vocabulary = VOCABULARY(roles, " -_");

struct text role_canonical(struct arena *a, struct text name)
{
	const struct role *r = vocabulary_find(&vocabulary, name);

	return r != NULL ? text_from(r->canonical) : vocabulary_title(a, name, true);
}
