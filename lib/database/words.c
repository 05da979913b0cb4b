// SPDX-License-Identifier: MIT
// words.c: see words.h.

#include "database/words.h"

#include <string.h>

#define ENDS_WORD 0
#define ASK 0x80 // FTS5's tokenizer

static void make_folded(struct words *w)
{
	for (unsigned int c = 0; c < COMIC_COUNT(w->folded); c++) {
		unsigned int folded = c >= 0x80 ? ASK : ENDS_WORD;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			folded = c;
		else if (c >= 'A' && c <= 'Z')
			folded = c + 'a' - 'A';
		w->folded[c] = (uint8_t)folded;
	}
}

// ---- FTS5's tokenizer ---------------------------------------------------------------------

// As https://sqlite.org/fts5.html#extending_fts5 says.
static fts5_api *find_api(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_pointer(s, 1, (void *)&api, "fts5_api_ptr", NULL);
		(void)sqlite3_step(s);
	}
	(void)sqlite3_finalize(s);
	return api;
}

int words_open(struct words *w, sqlite3 *db)
{
	const char *arguments[] = { "remove_diacritics", "2" };
	fts5_api *api = find_api(db);
	void *context = NULL;
	int got = SQLITE_ERROR;

	make_folded(w);
	if (api != NULL)
		got = api->xFindTokenizer(api, "unicode61", &context, &w->methods);
	if (got == SQLITE_OK)
		got = w->methods.xCreate(context, arguments, COMIC_COUNT(arguments), &w->tokenizer);
	return got;
}

struct receiver {
	struct words *words;
	word_fn *each;
	void *data;
};

static int pass_word(struct words *w, word_fn *each, void *data)
{
	struct buf *word = &w->word;

	if (word->len > WORD_MOST)
		word->len = WORD_MOST;
	memset(word->data + word->len, 0, WORD_PADDING);
	return each(data, (struct text){ (const char *)word->data, word->len });
}

static int receive(void *context, int flags, const char *word, int len, int start, int end)
{
	struct receiver *r = context;

	(void)flags;
	(void)start;
	(void)end;
	r->words->word.len = 0;
	if (buf_reserve(&r->words->word, (size_t)len + WORD_PADDING) < 0)
		return SQLITE_NOMEM;
	memcpy(r->words->word.data, word, (size_t)len);
	r->words->word.len = (size_t)len;
	return pass_word(r->words, r->each, r->data);
}

static int ask_tokenizer(struct words *w, struct text t, struct receiver *r)
{
	return w->methods.xTokenize(w->tokenizer, r, FTS5_TOKENIZE_DOCUMENT, t.data, (int)t.len,
				    receive);
}

// ---- words --------------------------------------------------------------------------------

// Takes what begins at *from into w->word, up to a character that is sure to end words. True: it
// is a word; false: it has to be asked about.
static bool take_word(struct words *w, struct text t, size_t *from)
{
	uint8_t *word = w->word.data;
	size_t at = *from;
	size_t len = 0;
	uint8_t all = 0;

	while (at < t.len) {
		uint8_t c = w->folded[(uint8_t)t.data[at]];

		if (c == ENDS_WORD)
			break;
		all |= c;
		word[len++] = c;
		at++;
	}
	*from = at;
	w->word.len = len;
	return (all & ASK) == 0;
}

int words_each(struct words *w, struct text t, word_fn *each, void *data)
{
	struct receiver r = { w, each, data };
	size_t at = 0;
	int got = 0;

	w->word.len = 0;
	if (buf_reserve(&w->word, t.len + WORD_PADDING) < 0)
		return SQLITE_NOMEM;
	while (got == 0) {
		size_t start = 0;

		while (at < t.len && w->folded[(uint8_t)t.data[at]] == ENDS_WORD)
			at++;
		if (at == t.len)
			break;
		start = at;
		if (take_word(w, t, &at))
			got = pass_word(w, each, data);
		else
			got = ask_tokenizer(w, (struct text){ t.data + start, at - start }, &r);
	}
	return got;
}

void words_clear(struct words *w)
{
	if (w->tokenizer != NULL)
		w->methods.xDelete(w->tokenizer);
	buf_clear(&w->word);
	*w = (struct words){ 0 };
}
