// SPDX-License-Identifier: MIT
// age_rating.c: see age_rating.h.

#include "metadata/age_rating.h"

#include "metadata/vocabulary.h"

enum rank { UNKNOWN, EVERYONE, TEEN, TEEN_PLUS, MATURE, EXPLICIT, ADULT };

static const char *const metron_names[] = {
	[UNKNOWN] = "Unknown",     [EVERYONE] = "Everyone", [TEEN] = "Teen",
	[TEEN_PLUS] = "Teen Plus", [MATURE] = "Mature",     [EXPLICIT] = "Explicit",
	[ADULT] = "Adult",
};

struct rating {
	const char *key;
	const char *comicinfo;
	enum rank rank;
};

static const struct rating ratings[] = {
	{ "13", "MA15+", TEEN },
	{ "13+", "MA15+", TEEN },
	{ "15", "MA15+", TEEN_PLUS },
	{ "15+", "MA15+", TEEN_PLUS },
	{ "17", "Mature 17+", MATURE },
	{ "17+", "Mature 17+", MATURE },
	{ "a", "Everyone", EVERYONE },
	{ "adult", "Adults Only 18+", ADULT },
	{ "adultsonly18", "Adults Only 18+", ADULT },
	{ "adultsonly18+", "Adults Only 18+", ADULT },
	{ "allages", "Everyone", EVERYONE },
	{ "e", "Everyone", EVERYONE },
	{ "earlychildhood", "Early Childhood", EVERYONE },
	{ "everyone", "Everyone", EVERYONE },
	{ "everyone10", "Everyone 10+", EVERYONE },
	{ "everyone10+", "Everyone 10+", EVERYONE },
	{ "explicit", "R18+", EXPLICIT },
	{ "explicitcontent", "X18+", EXPLICIT },
	{ "g", "G", EVERYONE },
	{ "kidstoadults", "Kids to Adults", EVERYONE },
	{ "m", "M", MATURE },
	{ "ma15", "MA15+", TEEN_PLUS },
	{ "ma15+", "MA15+", TEEN_PLUS },
	{ "mature", "Mature 17+", MATURE },
	{ "mature17", "Mature 17+", MATURE },
	{ "mature17+", "Mature 17+", MATURE },
	{ "parentaladvisory", "Mature 17+", TEEN_PLUS },
	{ "pg", "PG", TEEN },
	{ "pg+", "Everyone 10+", TEEN_PLUS },
	{ "pg13", "MA15+", TEEN },
	{ "porn", "X18+", ADULT },
	{ "pornography", "X18+", ADULT },
	{ "psr", "Mature 17+", TEEN_PLUS },
	{ "psr+", "Mature 17+", TEEN_PLUS },
	{ "r", "Mature 17+", MATURE },
	{ "r18", "R18+", MATURE },
	{ "r18+", "R18+", MATURE },
	{ "ratingpending", "Rating Pending", UNKNOWN },
	{ "sex", "X18+", ADULT },
	{ "sexuallyexplicit", "X18+", ADULT },
	{ "t", "Mature 17+", TEEN_PLUS },
	{ "t+", "Mature 17+", TEEN_PLUS },
	{ "teen", "Teen", TEEN },
	{ "teenplus", "MA15+", TEEN_PLUS },
	{ "unknown", "Unknown", UNKNOWN },
	{ "violence", "Adults Only 18+", EXPLICIT },
	{ "violent", "Adults Only 18+", EXPLICIT },
	{ "x", "X18+", ADULT },
	{ "x18", "X18+", EXPLICIT },
	{ "x18+", "X18+", EXPLICIT },
	{ "xxx", "X18+", ADULT },
};

static const struct vocabulary vocabulary = VOCABULARY(ratings, " ");

struct text age_rating_comicinfo(struct text raw)
{
	const struct rating *r = vocabulary_find(&vocabulary, text_trim(raw));

	return text_from(r == NULL ? NULL : r->comicinfo);
}

static bool equal_without_spaces(struct text a, struct text b)
{
	for (;;) {
		while (a.len > 0 && a.data[0] == ' ') {
			a.data++;
			a.len--;
		}
		while (b.len > 0 && b.data[0] == ' ') {
			b.data++;
			b.len--;
		}
		if (a.len == 0 || b.len == 0)
			return a.len == b.len;
		if (!text_equal_nocase((struct text){ a.data, 1 }, (struct text){ b.data, 1 }))
			return false;
		a.data++;
		a.len--;
		b.data++;
		b.len--;
	}
}

struct text age_rating_spelling(struct text raw)
{
	raw = text_trim(raw);
	for (size_t i = 0; i < COMIC_COUNT(ratings) && raw.len > 0; i++) {
		if (equal_without_spaces(raw, text_from(ratings[i].comicinfo)))
			return text_from(ratings[i].comicinfo);
	}
	for (size_t i = 0; i < COMIC_COUNT(metron_names) && raw.len > 0; i++) {
		if (equal_without_spaces(raw, text_from(metron_names[i])))
			return text_from(metron_names[i]);
	}
	return TEXT("");
}

bool age_rating_rank(struct text name, int *rank, struct text *metron_name)
{
	const struct rating *r = vocabulary_find(&vocabulary, text_trim(name));

	if (r == NULL)
		return false;
	*rank = (int)r->rank - 1;
	*metron_name = text_from(metron_names[r->rank]);
	return true;
}
