// SPDX-License-Identifier: MIT
// publisher.c: publishers that file names mention; see filename_name.h.

#include "metadata/filename_name.h"
#include "metadata/filename_scan.h"

// Where a name means the publisher: each place includes those after it.
enum publisher_place {
	ANYWHERE,
	AS_TOKEN, // between two things that are known: "#49 DC Sep 1951"
	IN_PARENTHESES
};

static const struct publisher {
	const char *name;
	enum publisher_place place;
} publishers[] = { // in the order of the places
	{ "Abrams ComicArts", ANYWHERE },
	{ "BOOM! Studios", ANYWHERE },
	{ "DC Comics", ANYWHERE },
	{ "DC", ANYWHERE },
	{ "Dark Horse Comics", ANYWHERE },
	{ "Drawn & Quarterly", ANYWHERE },
	{ "Dynamite Entertainment", ANYWHERE },
	{ "Icon Comics", ANYWHERE },
	{ "IDW Publishing", ANYWHERE },
	{ "Kodansha", ANYWHERE },
	{ "Marvel", ANYWHERE },
	{ "Oni Press", ANYWHERE },
	{ "Pantheon Books", ANYWHERE },
	{ "SelfMadeHero", ANYWHERE },
	{ "SLG Publishing", ANYWHERE },
	{ "Titan Comics", ANYWHERE },
	{ "Epic", AS_TOKEN },
	{ "Heavy Metal", AS_TOKEN },
	{ "Image", AS_TOKEN },
	{ "Mirage", AS_TOKEN },
	{ "AfterShock Comics", IN_PARENTHESES },
	{ "Archie Comics", IN_PARENTHESES },
	{ "BOOM!", IN_PARENTHESES },
	{ "Carlsen", IN_PARENTHESES },
	{ "Casterman", IN_PARENTHESES },
	{ "Dargaud", IN_PARENTHESES },
	{ "Dark Horse", IN_PARENTHESES },
	{ "Delcourt", IN_PARENTHESES },
	{ "Dupuis", IN_PARENTHESES },
	{ "Dynamite", IN_PARENTHESES },
	{ "Fantagraphics", IN_PARENTHESES },
	{ "IDW", IN_PARENTHESES },
	{ "Image Comics", IN_PARENTHESES },
	{ "Marvel Comics", IN_PARENTHESES },
	{ "Seven Seas", IN_PARENTHESES },
	{ "Valiant", IN_PARENTHESES },
	{ "Vertigo", IN_PARENTHESES },
	{ "VIZ Media", IN_PARENTHESES },
	{ "Yen Press", IN_PARENTHESES },
};

static bool begins_alike(struct text t, size_t at, const char *name)
{
	return (t.data[at] | 0x20) == (name[0] | 0x20);
}

static const char *find_whole(struct text t, enum publisher_place least)
{
	for (size_t i = 0; i < COMIC_COUNT(publishers) && publishers[i].place <= least; i++) {
		if (t.len > 0 && begins_alike(t, 0, publishers[i].name) &&
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
	for (size_t i = 0; publishers[i].place == ANYWHERE; i++) {
		const char *name = publishers[i].name;
		struct text word;
		size_t end = 0;

		if (!begins_alike(t, at, name))
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
