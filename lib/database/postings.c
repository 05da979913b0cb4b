// SPDX-License-Identifier: MIT
// postings.c: see postings.h. An import spends most of its time on words here and in words.c.

#include "database/postings.h"

#include "base/seed.h"
#include "database/varint.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BITS_LEAST 10
#define PART_BITS_MOST 6
#define CHUNK_LEAST 24 // bytes
#define CHUNK_MOST 1024
#define ENTRY_HEAD (2 * (size_t)VARINT_MOST)
#define ENTRY_USUAL 16 // bytes: what is copied of an entry that is not longer
#define PLACE_MOST 7   // bytes: 2 for a column below 128, 5 for 32 bits
#define NO_PLACE UINT32_MAX
#define HEAD sizeof(uint64_t) // bytes of a term that are compared at once

// Bytes of a list, as they come. All but the last of a list are full.
struct chunk {
	struct chunk *next;
	uint16_t room;
	uint8_t bytes[];
};

// Where the row being told has or had a term. Those of one term are a ring, in order.
struct posting_place {
	uint32_t next; // of the last one: the first
	uint32_t position;
	uint16_t column;
	uint16_t kept;
};

// A cache line: the memory of terms is what gathering waits for.
struct posting_term {
	uint64_t head; // its first bytes, zeros behind its end
	const char *text;
	struct chunk *first;
	struct chunk *last;
	uint8_t *end; // of its list, in the last chunk
	int64_t row;  // the last one in the list
	uint32_t list_len;
	uint32_t old; // the last place only the row being told had; NO_PLACE: none
	uint32_t now; // the last place it has now
	uint16_t text_len;
	uint16_t room; // of the last chunk, behind end
};

_Static_assert(sizeof(struct posting_term) <= 64, "a cache line");
_Static_assert(WORD_MOST <= UINT16_MAX && CHUNK_MOST <= UINT16_MAX, "lengths fit");

// ---- terms --------------------------------------------------------------------------------

static uint64_t head_of(struct text word)
{
	uint64_t head = 0;

	memcpy(&head, word.data, HEAD); // words have zeros behind them
	return head;
}

static bool is_too_big(struct postings *p)
{
	size_t lists = p->touched_count * (sizeof(struct chunk) + CHUNK_LEAST);

	p->too_big = p->most > 0 && postings_memory(p) + lists > p->most;
	return p->too_big;
}

// One multiplication for most words, by an odd number nobody knows: the bits that come out on top
// are then the same for two words only by chance (Dietzfelbinger's multiply-shift hashing).
static uint64_t hash(const struct postings *p, struct text word, uint64_t head)
{
	uint64_t h = (head ^ word.len) * p->factor;

	for (size_t at = HEAD; at < word.len; at += HEAD) {
		uint64_t more = 0;

		memcpy(&more, word.data + at, HEAD);
		h = ((h ^ (h >> 29)) + more) * p->factor;
	}
	return h;
}

static size_t slot_of(const struct postings *p, struct text word, uint64_t head)
{
	return (size_t)(hash(p, word, head) >> p->shift);
}

// The bits on top tell the slot: if they told the part as well, a part would have few slots. They
// are mixed in with those below, which alone depend on the first letters only.
static bool is_of_part(const struct postings *p, struct text word)
{
	uint64_t h = hash(p, word, head_of(word));

	h = (h ^ (h >> 32)) * 0x9e3779b97f4a7c15U;
	return (h >> (64 - PART_BITS_MOST) & (p->parts - 1)) == p->part;
}

static struct text term_text(const struct posting_term *t)
{
	return (struct text){ t->text, t->text_len };
}

static bool is_term(const struct posting_term *t, struct text word, uint64_t head)
{
	return t->head == head && t->text_len == word.len &&
	       (word.len <= HEAD || memcmp(t->text + HEAD, word.data + HEAD, word.len - HEAD) == 0);
}

static int grow_slots(struct postings *p)
{
	size_t count = p->slot_count == 0 ? (size_t)1 << SLOT_BITS_LEAST : p->slot_count * 2;
	uint32_t *slots = mem_zero(count, sizeof(*slots));

	if (slots == NULL)
		return -1;
	p->shift = p->slot_count == 0 ? 64 - SLOT_BITS_LEAST : p->shift - 1;
	for (size_t i = 0; i < p->term_count; i++) {
		size_t at = slot_of(p, term_text(&p->terms[i]), p->terms[i].head);

		while (slots[at] != 0)
			at = (at + 1) & (count - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(p->slots);
	p->slots = slots;
	p->slot_count = count;
	return 0;
}

static struct posting_term *new_term(struct postings *p, struct text word, uint64_t head)
{
	char *copy = NULL;

	if (is_too_big(p) || p->term_count >= UINT32_MAX - 1 ||
	    mem_grow(&p->terms, &p->term_room, p->term_count + 1, sizeof(*p->terms)) < 0)
		return NULL;
	copy = arena_alloc(&p->bytes, word.len + WORD_PADDING);
	if (copy == NULL)
		return NULL;
	memcpy(copy, word.data, word.len + WORD_PADDING);
	p->terms[p->term_count] = (struct posting_term){ .head = head,
							 .text = copy,
							 .text_len = (uint16_t)word.len,
							 .old = NO_PLACE,
							 .now = NO_PLACE };
	return &p->terms[p->term_count++];
}

// What there was no room for.
static int no_room(const struct postings *p)
{
	return p->too_big ? SQLITE_TOOBIG : SQLITE_NOMEM;
}

// NULL: no_room().
static struct posting_term *find_term(struct postings *p, struct text word)
{
	uint64_t head = head_of(word);
	struct posting_term *new = NULL;
	size_t at = 0;

	if ((p->term_count + 1) * 2 > p->slot_count && grow_slots(p) < 0)
		return NULL;
	at = slot_of(p, word, head);
	while (p->slots[at] != 0) {
		struct posting_term *t = &p->terms[p->slots[at] - 1];

		if (is_term(t, word, head))
			return t;
		at = (at + 1) & (p->slot_count - 1);
	}
	new = new_term(p, word, head);
	if (new != NULL)
		p->slots[at] = (uint32_t)p->term_count;
	return new;
}

// ---- a row --------------------------------------------------------------------------------

bool postings_can_add(const struct postings *p, int64_t id)
{
	return (p->size_count == 0 && p->term_count == 0) || id > p->last;
}

void postings_row(struct postings *p, int64_t id, bool was, bool is)
{
	p->factor = seed_get() | 1;
	p->before = p->last;
	p->last = id;
	p->was = was;
	p->is = is;
	p->place_count = 0;
	p->touched_count = 0;
	memset(p->old_sizes, 0, sizeof(p->old_sizes));
	memset(p->new_sizes, 0, sizeof(p->new_sizes));
}

// Room for so many more places, and terms. The arrays only grow.
static int make_room(struct postings *p, size_t more)
{
	size_t places = p->place_count + more;
	size_t touched = p->touched_count + more;

	if (places <= p->place_room && touched <= p->touched_room)
		return 0;
	if (is_too_big(p) || places >= NO_PLACE ||
	    mem_grow(&p->places, &p->place_room, places, sizeof(*p->places)) < 0)
		return -1;
	return mem_grow(&p->touched, &p->touched_room, touched, sizeof(*p->touched));
}

// The row has, or had, this term in its next place. There is room.
static void add_place(struct postings *p, struct posting_term *t)
{
	uint32_t at = (uint32_t)p->place_count++;
	uint32_t *last = p->side == POSTING_OLD ? &t->old : &t->now;
	struct posting_place *place = &p->places[at];

	if (t->old == NO_PLACE && t->now == NO_PLACE) {
		p->touched[p->touched_count++] = (uint32_t)(t - p->terms);
		__builtin_prefetch(t->end, 1); // for postings_end_row()
	}
	*place = (struct posting_place){ at, (uint32_t)p->position++, (uint16_t)p->column,
					 p->side == POSTING_KEPT };
	if (*last != NO_PLACE) {
		place->next = p->places[*last].next;
		p->places[*last].next = at;
	}
	*last = at;
}

static int add_word(void *data, struct text word)
{
	struct postings *p = data;
	struct posting_term *t = NULL;

	if (p->parts > 1 && !is_of_part(p, word)) {
		p->position++;
		return 0;
	}
	t = make_room(p, 1) < 0 ? NULL : find_term(p, word);
	if (t == NULL)
		return no_room(p);
	add_place(p, t);
	return 0;
}

int postings_text(struct postings *p, size_t column, enum posting_side side, struct text text)
{
	int got = 0;

	if (text.len == 0)
		return 0;
	p->column = column;
	p->side = side;
	p->position = 0;
	got = words_each(&p->words, text, add_word, p);
	if (side != POSTING_NEW)
		p->old_sizes[column] = p->position;
	if (side != POSTING_OLD)
		p->new_sizes[column] = p->position;
	return got;
}

static int note_word(void *data, struct text word)
{
	struct postings *p = data;
	struct posting_term *t = find_term(p, word);

	if (t == NULL)
		return no_room(p);
	if (mem_grow(&p->known, &p->known_room, p->known_count + 1, sizeof(*p->known)) < 0)
		return SQLITE_NOMEM;
	p->known[p->known_count++] = (uint32_t)(t - p->terms);
	return 0;
}

int postings_find(struct postings *p, struct text text, struct posting_words *out)
{
	int got = 0;

	if (p->known_count == 0) {
		if (mem_grow(&p->known, &p->known_room, 1, sizeof(*p->known)) < 0)
			return SQLITE_NOMEM;
		p->known[p->known_count++] = 0;
	}
	out->from = (uint32_t)p->known_count;
	got = words_each(&p->words, text, note_word, p);
	out->count = (uint32_t)(p->known_count - out->from);
	if (got != 0)
		out->from = 0;
	return got;
}

int postings_known(struct postings *p, size_t column, struct posting_words words)
{
	p->column = column;
	p->side = POSTING_NEW;
	p->position = p->new_sizes[column];
	if (make_room(p, words.count) < 0)
		return no_room(p);
	for (uint32_t i = 0; i < words.count; i++)
		add_place(p, &p->terms[p->known[words.from + i]]);
	p->new_sizes[column] = p->position;
	return 0;
}

// ---- the end of a row ---------------------------------------------------------------------

// The places of a term, one after another; NO_PLACE: there are no more.
static uint32_t first_place(const struct postings *p, uint32_t last)
{
	return last == NO_PLACE ? NO_PLACE : p->places[last].next;
}

static uint32_t next_place(const struct postings *p, uint32_t at, uint32_t last)
{
	return at == last ? NO_PLACE : p->places[at].next;
}

// True if the row has the term now where it had it before, in the texts that changed.
static bool is_unchanged(const struct postings *p, const struct posting_term *t)
{
	uint32_t old = first_place(p, t->old);
	uint32_t at = first_place(p, t->now);

	for (; at != NO_PLACE; at = next_place(p, at, t->now)) {
		const struct posting_place *now = &p->places[at];

		if (now->kept)
			continue;
		if (old == NO_PLACE || p->places[old].column != now->column ||
		    p->places[old].position != now->position)
			return false;
		old = next_place(p, old, t->old);
	}
	return old == NO_PLACE;
}

static bool was_there(const struct postings *p, const struct posting_term *t)
{
	uint32_t at = first_place(p, t->now);

	if (t->old != NO_PLACE)
		return true;
	while (at != NO_PLACE && !p->places[at].kept)
		at = next_place(p, at, t->now);
	return at != NO_PLACE;
}

// The places a term has now, for which there is room; returns their end.
static uint8_t *put_places(const struct postings *p, const struct posting_term *t, uint8_t *to)
{
	uint32_t at = first_place(p, t->now);
	uint32_t column = 0;
	uint32_t position = 0;

	for (; at != NO_PLACE; at = next_place(p, at, t->now)) {
		const struct posting_place *place = &p->places[at];

		if (place->column != column) {
			column = place->column;
			position = 0;
			*to++ = 1;
			to += varint_put(to, column);
		}
		to += varint_put(to, (uint64_t)(place->position - position) + 2);
		position = place->position;
	}
	return to;
}

static int add_chunk(struct postings *p, struct posting_term *t)
{
	size_t room = t->last == NULL ? CHUNK_LEAST : t->last->room * (size_t)2;
	struct chunk *c = NULL;

	room = room > CHUNK_MOST ? CHUNK_MOST : room;
	c = arena_alloc(&p->bytes, sizeof(*c) + room);
	if (c == NULL)
		return -1;
	*c = (struct chunk){ .room = (uint16_t)room };
	if (t->last == NULL)
		t->first = c;
	else
		t->last->next = c;
	t->last = c;
	t->end = c->bytes;
	t->room = (uint16_t)room;
	return 0;
}

// data has ENTRY_USUAL bytes at least, whatever len is: to copy so many each time is a matter of
// two moves.
static int append(struct postings *p, struct posting_term *t, const uint8_t *data, size_t len)
{
	t->list_len += (uint32_t)len;
	if (len <= ENTRY_USUAL && t->room >= ENTRY_USUAL) {
		memcpy(t->end, data, ENTRY_USUAL);
		t->end += len;
		t->room = (uint16_t)(t->room - len);
		return 0;
	}
	for (;;) {
		size_t part = t->room < len ? t->room : len;

		if (part > 0) {
			memcpy(t->end, data, part);
			t->end += part;
			t->room = (uint16_t)(t->room - part);
			data += part;
			len -= part;
		}
		if (len == 0)
			return 0;
		if (add_chunk(p, t) < 0)
			return SQLITE_NOMEM;
	}
}

// The row and its places, put together in p->list: the places behind room for what comes before
// them, whose length follows from theirs.
static int add_entry(struct postings *p, struct posting_term *t, bool was)
{
	uint8_t *places = p->list.data + ENTRY_HEAD;
	size_t len = (size_t)(put_places(p, t, places) - places);
	uint64_t row = (uint64_t)p->last - (uint64_t)t->row;
	uint64_t size = (uint64_t)len * 2 + was;
	uint8_t *entry = places - varint_len(size);

	(void)varint_put(entry, size);
	entry -= varint_len(row);
	(void)varint_put(entry, row);
	t->row = p->last;
	return append(p, t, entry, len + (size_t)(places - entry));
}

static int end_term(struct postings *p, struct posting_term *t)
{
	bool was = p->was && was_there(p, t);
	int got = 0;

	if (!was || !is_unchanged(p, t))
		got = add_entry(p, t, was);
	t->old = t->now = NO_PLACE;
	return got;
}

static int end_sizes(struct postings *p)
{
	uint8_t bytes[SEARCH_COLUMNS * VARINT_MOST];
	struct posting_size size = { .id = p->last };
	bool resized = p->is != p->was;

	for (size_t i = 0; i < SEARCH_COLUMNS; i++) {
		p->totals[i] += p->new_sizes[i] - p->old_sizes[i];
		resized = resized || p->new_sizes[i] != p->old_sizes[i];
		size.len += varint_put(bytes + size.len, (uint64_t)p->new_sizes[i]);
	}
	p->rows += p->is - p->was;
	if (!resized)
		return 0;
	if (p->is) {
		size.sizes = arena_alloc(&p->bytes, size.len);
		if (size.sizes == NULL)
			return SQLITE_NOMEM;
		memcpy(size.sizes, bytes, size.len);
	}
	if (mem_grow(&p->sizes, &p->size_room, p->size_count + 1, sizeof(*p->sizes)) < 0)
		return SQLITE_NOMEM;
	p->sizes[p->size_count++] = size;
	return 0;
}

int postings_end_row(struct postings *p)
{
	p->list.len = 0;
	if (buf_reserve(&p->list, ENTRY_HEAD + ENTRY_USUAL + p->place_count * PLACE_MOST) < 0)
		return SQLITE_NOMEM;
	for (size_t i = 0; i < p->touched_count; i++) {
		if (end_term(p, &p->terms[p->touched[i]]) != 0)
			return SQLITE_NOMEM;
	}
	p->told++;
	return p->part + 1 < p->parts ? 0 : end_sizes(p);
}

void postings_undo_row(struct postings *p)
{
	for (size_t i = 0; i < p->touched_count; i++) {
		struct posting_term *t = &p->terms[p->touched[i]];

		t->old = t->now = NO_PLACE;
	}
	p->touched_count = p->place_count = 0;
	p->last = p->before;
	p->too_big = false;
}

// ---- all rows -----------------------------------------------------------------------------

bool postings_any(const struct postings *p)
{
	return p->size_count > 0 || p->term_count > 0;
}

size_t postings_memory(const struct postings *p)
{
	return p->bytes.held + p->term_room * sizeof(*p->terms) +
	       p->slot_count * sizeof(*p->slots) + p->size_room * sizeof(*p->sizes) +
	       p->place_room * sizeof(*p->places) + p->touched_room * sizeof(*p->touched) +
	       p->known_room * sizeof(*p->known);
}

static int compare_terms(const void *a, const void *b)
{
	return text_compare(term_text(a), term_text(b));
}

void postings_sort(struct postings *p)
{
	if (p->term_count > 1)
		qsort(p->terms, p->term_count, sizeof(*p->terms), compare_terms);
}

void postings_term(struct postings *p, size_t number, struct text *term, struct text *list)
{
	const struct posting_term *t = &p->terms[number];

	*term = term_text(t);
	*list = (struct text){ NULL, 0 };
	p->list.len = 0;
	if (buf_reserve(&p->list, t->list_len + 1) < 0)
		return;
	for (const struct chunk *c = t->first; c != NULL; c = c->next) {
		size_t len = c == t->last ? (size_t)(t->end - c->bytes) : c->room;

		memcpy(p->list.data + p->list.len, c->bytes, len);
		p->list.len += len;
	}
	*list = (struct text){ (const char *)p->list.data, p->list.len };
}

static void empty(struct postings *p)
{
	free(p->terms);
	free(p->slots);
	free(p->sizes);
	free(p->places);
	free(p->touched);
	free(p->known);
	buf_clear(&p->list);
}

void postings_reset(struct postings *p, size_t keep)
{
	struct postings kept = { .words = p->words,
				 .bytes = p->bytes,
				 .most = p->most,
				 .part = p->part,
				 .parts = p->parts };

	empty(p);
	arena_reset(&kept.bytes, keep);
	*p = kept;
}

void postings_clear(struct postings *p)
{
	empty(p);
	words_clear(&p->words);
	arena_clear(&p->bytes);
	*p = (struct postings){ 0 };
}
