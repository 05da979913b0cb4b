// SPDX-License-Identifier: MIT
// publisher.c: publishers that file names mention; see filename_name.h.

#include "metadata/filename_name.h"
#include "metadata/filename_scan.h"

// Where a name means the publisher: each place includes those before it.
enum publisher_place {
	IN_PARENTHESES,
	AS_TOKEN, // between two things that are known: "#49 DC Sep 1951"
	ANYWHERE
};

static const struct publisher {
	const char *name;
	enum publisher_place place;
} publishers[] = {
	{ "Abrams ComicArts", ANYWHERE },
	{ "AfterShock Comics", IN_PARENTHESES },
	{ "Archie Comics", IN_PARENTHESES },
	{ "BOOM! Studios", ANYWHERE },
	{ "BOOM!", IN_PARENTHESES },
	{ "Carlsen", IN_PARENTHESES },
	{ "Casterman", IN_PARENTHESES },
	{ "DC Comics", ANYWHERE },
	{ "DC", ANYWHERE },
	{ "Dargaud", IN_PARENTHESES },
	{ "Dark Horse Comics", ANYWHERE },
	{ "Dark Horse", IN_PARENTHESES },
	{ "Delcourt", IN_PARENTHESES },
	{ "Drawn & Quarterly", ANYWHERE },
	{ "Dupuis", IN_PARENTHESES },
	{ "Dynamite Entertainment", ANYWHERE },
	{ "Dynamite", IN_PARENTHESES },
	{ "Epic", AS_TOKEN },
	{ "Fantagraphics", IN_PARENTHESES },
	{ "Heavy Metal", AS_TOKEN },
	{ "Icon Comics", ANYWHERE },
	{ "IDW Publishing", ANYWHERE },
	{ "IDW", IN_PARENTHESES },
	{ "Image Comics", IN_PARENTHESES },
	{ "Image", AS_TOKEN },
	{ "Kodansha", ANYWHERE },
	{ "Marvel Comics", IN_PARENTHESES },
	{ "Marvel", ANYWHERE },
	{ "Mirage", AS_TOKEN },
	{ "Oni Press", ANYWHERE },
	{ "Pantheon Books", ANYWHERE },
	{ "SelfMadeHero", ANYWHERE },
	{ "Seven Seas", IN_PARENTHESES },
	{ "SLG Publishing", ANYWHERE },
	{ "Titan Comics", ANYWHERE },
	{ "Valiant", IN_PARENTHESES },
	{ "Vertigo", IN_PARENTHESES },
	{ "VIZ Media", IN_PARENTHESES },
	{ "Yen Press", IN_PARENTHESES },
};

static bool begins_alike(struct text t, size_t at, const char *name)
{
	return (t.data[at] | 0x20) == (name[0] | 0x20);
}

static const char *find_whole(struct text t, enum publisher_place place)
{
	for (size_t i = 0; t.len > 0 && i < COMIC_COUNT(publishers); i++) {
		if (begins_alike(t, 0, publishers[i].name) && publishers[i].place >= place &&
		    text_equal_nocase(t, text_from(publishers[i].name)))
			return publishers[i].name;
	}
	return NULL;
}

const char *publisher_find_group(struct text t)
{
	return find_whole(t, IN_PARENTHESES);
}

const char *publisher_find(struct text t)
{
	return find_whole(t, AS_TOKEN);
}

// "Captain Marvel" is a hero.
static bool follows_captain(struct text t, size_t at)
{
	struct text before = text_trim((struct text){ t.data, at });

	return text_ends_nocase(before, "captain") || text_ends_nocase(before, "capt.") ||
	       text_ends_nocase(before, "capt");
}

// The publisher named at the start of a word.
static const char *find_at(struct text t, size_t at)
{
	for (size_t i = 0; i < COMIC_COUNT(publishers); i++) {
		const char *name = publishers[i].name;
		struct text word;
		size_t end = 0;

		if (publishers[i].place != ANYWHERE || !begins_alike(t, at, name))
			continue;
		word = text_from(name);
		end = at + word.len;
		if (end <= t.len &&
		    text_equal_nocase((struct text){ t.data + at, word.len }, word) &&
		    (end == t.len || !scan_is_word(t.data[end])) && !follows_captain(t, at))
			return name;
	}
	return NULL;
}

const char *publisher_find_word(struct text t)
{
	const char *found = NULL;

	for (size_t at = 0; found == NULL && at < t.len; at++) {
		if (scan_starts_word(t, at))
			found = find_at(t, at);
	}
	return found;
}
