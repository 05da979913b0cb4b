// SPDX-License-Identifier: MIT
// words.h: a text as the words the search index has of it.
//
// comic_fts is declared with tokenize = 'unicode61 remove_diacritics 2', and FTS5 finds only
// what that tokenizer yields: runs of letters and digits, in lower case, without diacritics.
// Words of ASCII, nearly all there are, are cut here; whatever has another character goes to
// FTS5's own tokenizer, which thus always has the last word on Unicode.
#ifndef COMIC_WORDS_H
#define COMIC_WORDS_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

// FTS5 cuts off what a longer word has more (FTS5_MAX_TOKEN_SIZE).
#define WORD_MOST 32768
// Zero bytes behind a word, so that it can be read eight bytes at a time.
#define WORD_PADDING 8

// A zeroed struct words can be opened.
struct words {
	fts5_tokenizer methods;
	Fts5Tokenizer *tokenizer; // NULL: not open
	struct buf word;
	uint8_t folded[256]; // what becomes of a byte
};

// Takes the tokenizer from the connection, which must stay open but is not used later: words can be
// cut in another thread than its. Once. 0 or an SQLite result code.
COMIC_MUST_CHECK int words_open(struct words *w, sqlite3 *db);

// Called for each word in turn; the text, and its padding, are valid during the call. Not 0 ends
// it.
typedef int word_fn(void *data, struct text word);

// Every word of a text in UTF-8, in order; w is open. 0, what `each` returned, or an SQLite result
// code (SQLITE_NOMEM is one).
COMIC_MUST_CHECK int words_each(struct words *w, struct text t, word_fn *each, void *data);
void words_clear(struct words *w);

#endif
