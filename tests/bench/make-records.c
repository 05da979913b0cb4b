// SPDX-License-Identifier: MIT
// make-records: a stream of invented comics on standard output, a million in seconds.
//
//	make-records [-c COMICS] [-f FAILURES] [-s BYTES] [-u] [-p CHARACTERS] [-x FIELD] [-a]
//
// The records have the size and the spread of names of a tagged library: series of 40 with a cast
// and a team of their own, drawn from all there are; titles and identifiers that are in one comic
// only. The same options give the same bytes; fewer comics are the first ones of more.
//	-s	summaries of so many bytes (400)
//	-u	of words that are in no other
//	-p	so many characters in each comic (0 to 14 of the cast)
//	-f	so many failures in a row, after the first tenth of the comics
//	-x	this field differs: title, pages or tags
//	-a	the group says that it is complete

#include "base/err.h"
#include "base/output.h"
#include "stream/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERIES 40 // comics of one
#define CAST 14
#define TEAM 8

struct options {
	uint64_t comics;
	uint64_t failures;
	uint64_t summary;
	bool unheard;
	uint64_t characters; // 0: some of the cast
	const char *changed;
	bool complete;
};

struct maker {
	const struct options *options;
	struct record_writer writer;
	struct buf body;
	struct record_packer p; // into body
	uint64_t seed;
	char text[256];
};

static const char *const syllables[] = {
	"an", "ba", "cor", "du",  "el", "fi", "gra", "ho", "is", "jo",	"ka",  "lu",
	"mi", "no", "or",  "pe", "qui", "ra", "so",  "te", "un", "var", "wil", "zu",
};

// ---- numbers and words --------------------------------------------------------------------

static uint64_t mix(uint64_t x) // splitmix64
{
	x += 0x9e3779b97f4a7c15U;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
	return x ^ (x >> 31);
}

static uint64_t draw(struct maker *m, uint64_t below)
{
	m->seed = mix(m->seed);
	return m->seed % below;
}

// Few names are in many comics, many in few.
static uint64_t draw_often(struct maker *m, uint64_t below)
{
	uint64_t at = draw(m, below);

	return draw(m, at + 1);
}

// The word of this number, two to four syllables, written at `at`; the end of it.
static char *word(char *at, uint64_t number)
{
	uint64_t bits = mix(number);
	size_t count = 2 + bits % 3;

	for (size_t i = 0; i < count; i++) {
		bits /= COMIC_COUNT(syllables);
		at = stpcpy(at, syllables[bits % COMIC_COUNT(syllables)]);
	}
	return at;
}

// "Word Word 17": the name of this number among those of its kind.
static const char *name(struct maker *m, uint64_t kind, uint64_t number)
{
	char *start = m->text;
	char *at = word(start, kind << 40 | number);

	*start = (char)(*start - 'a' + 'A');
	*at++ = ' ';
	start = at;
	at = word(at, kind << 40 | number << 1 | 1);
	*start = (char)(*start - 'a' + 'A');
	// 300,000 pairs of words would meet sooner or later.
	(void)snprintf(at, 24, " %" PRIu64, number / 300);
	return m->text;
}

enum kind { PUBLISHER = 1, SERIES_NAME, TITLE, PERSON, CHARACTER, TEAM_NAME, LOCATION, GENRE, TAG, ARC };

// ---- meta ---------------------------------------------------------------------------------

static void pack_word(struct maker *m, const char *key, const char *value)
{
	pack_key(&m->p, key);
	pack_text(&m->p, text_from(value));
}

static void pack_named(struct maker *m, const char *key, const char *value)
{
	pack_key(&m->p, key);
	pack_map(&m->p, 1);
	pack_word(m, "name", value);
}

static char *unheard_word(struct maker *m, char *at)
{
	for (uint64_t more = draw(m, UINT64_MAX) >> 24; more > 0; more /= 26)
		*at++ = (char)('a' + more % 26);
	return at;
}

static void pack_summary(struct maker *m)
{
	static char text[8 << 20];
	size_t want = m->options->summary < sizeof(text) - 64 ? m->options->summary : sizeof(text) - 64;
	char *at = text;

	while ((size_t)(at - text) < want) {
		if (m->options->unheard)
			at = unheard_word(m, at);
		else
			at = word(at, draw_often(m, 4000));
		*at++ = draw(m, 12) == 0 ? '.' : ' ';
	}
	pack_key(&m->p, "summary");
	pack_text(&m->p, (struct text){ text, want });
}

// Each once: a name that was drawn twice is left out by its number going up.
static void pack_names(struct maker *m, const char *key, enum kind kind, const uint64_t *numbers,
		       size_t count)
{
	pack_key(&m->p, key);
	pack_map(&m->p, count);
	for (size_t i = 0; i < count; i++) {
		pack_text(&m->p, text_from(name(m, kind, numbers[i])));
		pack_map(&m->p, 0);
	}
}

static void pack_some(struct maker *m, const char *key, enum kind kind, uint64_t all, size_t most)
{
	uint64_t numbers[16];
	size_t count = (size_t)draw(m, most + 1);
	uint64_t at = draw_often(m, all);

	for (size_t i = 0; i < count; i++) {
		numbers[i] = at;
		at += 1 + draw(m, 1 + all / 50);
	}
	pack_names(m, key, kind, numbers, count);
}

static void pack_characters(struct maker *m, uint64_t series, uint64_t all)
{
	uint64_t cast[CAST];
	uint64_t in = m->options->characters != 0 ? 0 : 2 + draw(m, CAST - 2);

	for (uint64_t i = 0; i < CAST; i++)
		cast[i] = (mix(series * CAST + i) % all) * CAST + i;
	if (in != 0) {
		pack_names(m, "characters", CHARACTER, cast, (size_t)in);
		return;
	}
	pack_key(&m->p, "characters");
	pack_map(&m->p, (size_t)m->options->characters);
	for (uint64_t i = 0; i < m->options->characters; i++) {
		pack_text(&m->p, text_from(name(m, CHARACTER, i)));
		pack_map(&m->p, 0);
	}
}

static void pack_credits(struct maker *m, uint64_t series, uint64_t all)
{
	static const char *const roles[TEAM] = { "Writer",   "Penciller",    "Inker",  "Colorist",
						 "Letterer", "Cover Artist", "Editor", "Editor" };
	uint64_t count = 5 + draw(m, TEAM - 4);

	pack_key(&m->p, "credits");
	pack_map(&m->p, (size_t)count);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t person = (mix(~(series * TEAM + i)) % all) * TEAM + i;

		pack_text(&m->p, text_from(name(m, PERSON, person)));
		pack_map(&m->p, 1);
		pack_key(&m->p, "roles");
		pack_map(&m->p, 1);
		pack_key(&m->p, roles[i]);
		pack_map(&m->p, 0);
	}
}

static void pack_identifiers(struct maker *m, uint64_t index)
{
	char key[32];
	char url[96];

	(void)snprintf(key, sizeof(key), "%" PRIu64, 400000 + index);
	(void)snprintf(url, sizeof(url), "https://comicvine.gamespot.com/c/4000-%s/", key);
	pack_key(&m->p, "identifiers");
	pack_map(&m->p, 1);
	pack_key(&m->p, "comicvine");
	pack_map(&m->p, 2);
	pack_word(m, "key", key);
	pack_word(m, "url", url);
}

static bool is_changed(const struct maker *m, const char *field)
{
	return m->options->changed != NULL && strcmp(m->options->changed, field) == 0;
}

static void pack_meta(struct maker *m, uint64_t index)
{
	uint64_t series = index / SERIES;
	uint64_t all = 100000; // as if the library were of this size: names do not run out
	char number[32];

	(void)snprintf(number, sizeof(number), "%" PRIu64, index % SERIES + 1);
	pack_map(&m->p, 20);
	pack_word(m, "title", name(m, TITLE, is_changed(m, "title") ? ~index : index));
	pack_named(m, "publisher", name(m, PUBLISHER, mix(series) % 40));
	pack_named(m, "series", name(m, SERIES_NAME, series));
	pack_key(&m->p, "volume");
	pack_map(&m->p, 1);
	pack_key(&m->p, "number");
	pack_unsigned(&m->p, 1 + series % 3);
	pack_key(&m->p, "issue");
	pack_map(&m->p, 2);
	pack_word(m, "name", number);
	pack_key(&m->p, "number");
	pack_unsigned(&m->p, index % SERIES + 1);
	pack_key(&m->p, "date");
	pack_map(&m->p, 2);
	pack_key(&m->p, "year");
	pack_unsigned(&m->p, 1960 + series % 60);
	pack_key(&m->p, "month");
	pack_unsigned(&m->p, 1 + index % 12);
	pack_summary(m);
	pack_word(m, "notes", "Tagged with ComicTagger 1.5.5 using info from Comic Vine.");
	pack_word(m, "age_rating", draw(m, 2) == 0 ? "Teen" : "Everyone");
	pack_word(m, "tagger", "ComicTagger 1.5.5");
	pack_word(m, "language", "en");
	pack_key(&m->p, "stories");
	pack_map(&m->p, 1);
	pack_text(&m->p, text_from(name(m, TITLE, index)));
	pack_map(&m->p, 0);
	pack_credits(m, series, all / 10);
	pack_characters(m, series, all / 5);
	pack_some(m, "teams", TEAM_NAME, all / 50, 3);
	pack_some(m, "locations", LOCATION, all / 25, 4);
	pack_some(m, "genres", GENRE, 24, 3);
	pack_some(m, "tags", TAG, is_changed(m, "tags") ? 61 : 60, 4);
	pack_identifiers(m, index);
	pack_word(m, "cover", "page-000.jpg");
}

// ---- records ------------------------------------------------------------------------------

static int write_comic(struct maker *m, uint64_t index, struct comic_err *err)
{
	uint64_t series = index / SERIES;
	struct record r = { .type = STREAM_COMIC,
			    .id = { .size = 30000000 + index,
				    .mtime = (int64_t)(1500000000000000000U + mix(index) % 1000000000000000U),
				    .ino = 10000 + index * 2,
				    .dev = 2049 } };
	char path[256];
	char fingerprint[40];

	m->seed = index;
	(void)snprintf(path, sizeof(path), "/comics/%06" PRIu64 "/%s %03" PRIu64 ".cbz", series,
		       name(m, SERIES_NAME, series), index % SERIES + 1);
	(void)snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64 "%016" PRIx64, mix(index), mix(~index));
	r.path = text_from(path);
	m->body.len = 0;
	record_packer_init(&m->p, &m->body);
	pack_word(m, "format", "cbz");
	pack_key(&m->p, "pages");
	pack_unsigned(&m->p, 20 + index % 9 + is_changed(m, "pages"));
	pack_word(m, "fingerprint", fingerprint);
	pack_key(&m->p, "sources");
	pack_array(&m->p, 2);
	pack_text(&m->p, TEXT("filename"));
	pack_text(&m->p, TEXT("ComicInfo.xml"));
	pack_key(&m->p, "meta");
	pack_meta(m, index);
	if (m->p.failed)
		return err_set_nomem(err, "make-records");
	if (record_pack_comic(&m->writer, &r, 5,
			      (struct text){ (const char *)m->body.data, m->body.len }, err) < 0)
		return -1;
	return record_write_packed(&m->writer, err);
}

static int write_failures(struct maker *m, uint64_t index, struct comic_err *err)
{
	char path[64];

	for (uint64_t i = 0; i < m->options->failures; i++) {
		struct record r = { .type = STREAM_FAIL,
				    .id = { .size = 1, .mtime = 1, .ino = 5 + i },
				    .code = FAIL_DAMAGED,
				    .reason = TEXT("truncated: its end is missing") };

		(void)snprintf(path, sizeof(path), "/comics/%06" PRIu64 " broken/%06" PRIu64 ".cbz",
			       index / SERIES, i);
		r.path = text_from(path);
		if (record_write(&m->writer, &r, err) < 0)
			return -1;
	}
	return 0;
}

static int write_all(struct maker *m, struct comic_err *err)
{
	struct text root = TEXT("/comics");
	const struct options *o = m->options;

	if (record_write_begin(&m->writer, "make-records", &root, 1, o->complete, err) < 0)
		return -1;
	for (uint64_t i = 0; i < o->comics; i++) {
		if (write_comic(m, i, err) < 0 ||
		    (i == o->comics / 10 && write_failures(m, i, err) < 0))
			return -1;
	}
	return record_write_end(&m->writer, NULL, 0, err);
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 10);
}

static int parse(struct options *o, int argc, char **argv)
{
	int c = 0;

	while ((c = getopt(argc, argv, "c:f:s:up:x:a")) != -1) { // NOLINT(concurrency-mt-unsafe)
		switch (c) {
		case 'c':
			o->comics = number(optarg);
			break;
		case 'f':
			o->failures = number(optarg);
			break;
		case 's':
			o->summary = number(optarg);
			break;
		case 'u':
			o->unheard = true;
			break;
		case 'p':
			o->characters = number(optarg);
			break;
		case 'x':
			o->changed = optarg;
			break;
		case 'a':
			o->complete = true;
			break;
		default:
			return -1;
		}
	}
	return optind == argc ? 0 : -1;
}

int main(int argc, char **argv)
{
	struct options options = { .comics = 1000, .summary = 400 };
	struct maker m = { .options = &options };
	struct comic_err err = { 0 };
	struct output out;

	if (parse(&options, argc, argv) < 0)
		return 2;
	if (output_open(&out, NULL, &err) < 0)
		return 3;
	record_writer_init(&m.writer, &out);
	if (write_all(&m, &err) < 0 || output_commit(&out, &err) < 0) {
		(void)fprintf(stderr, "make-records: %s\n", err.text);
		return 3;
	}
	record_writer_clear(&m.writer);
	buf_clear(&m.body);
	return 0;
}
