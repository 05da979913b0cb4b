// SPDX-License-Identifier: MIT
// publisher.c: publishers that file names mention; see filename_name.h.

#include "metadata/filename_name.h"

static const struct publisher {
	const char *name;
	bool anywhere; // it means the publisher inside a longer text too
} publishers[] = {
	{ "Abrams ComicArts", true },
	{ "BOOM! Studios", true },
	{ "DC Comics", true },
	{ "DC", true },
	{ "Dark Horse Comics", true },
	{ "Drawn & Quarterly", true },
	{ "Dynamite Entertainment", true },
	{ "Epic", false },
	{ "Heavy Metal", false },
	{ "Icon Comics", true },
	{ "IDW Publishing", true },
	{ "Image", false },
	{ "Kodansha", true },
	{ "Marvel", true },
	{ "Mirage", false },
	{ "Oni Press", true },
	{ "Pantheon Books", true },
	{ "SelfMadeHero", true },
	{ "SLG Publishing", true },
	{ "Titan Comics", true },
};

static bool begins_alike(struct text t, size_t at, const char *name)
{
	return (t.data[at] | 0x20) == (name[0] | 0x20);
}

const char *publisher_find(struct text t)
{
	for (size_t i = 0; t.len > 0 && i < COMIC_COUNT(publishers); i++) {
		if (begins_alike(t, 0, publishers[i].name) &&
		    text_equal_nocase(t, text_from(publishers[i].name)))
			return publishers[i].name;
	}
	return NULL;
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

		if (!publishers[i].anywhere || !begins_alike(t, at, name))
			continue;
		word = text_from(name);
		end = at + word.len;
		if (end <= t.len &&
		    text_equal_nocase((struct text){ t.data + at, word.len }, word) &&
		    (end == t.len || !match_is_word(t.data[end])) && !follows_captain(t, at))
			return name;
	}
	return NULL;
}

const char *publisher_find_word(struct text t)
{
	const char *found = NULL;

	for (size_t at = 0; found == NULL && at < t.len; at++) {
		if (match_starts_word(t, at))
			found = find_at(t, at);
	}
	return found;
}
