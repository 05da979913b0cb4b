// SPDX-License-Identifier: MIT
// test_database_memory.c: what a batch takes in memory is what comic-chunk accounts for it, neither
// less nor twice as much. The ratios are printed for whoever sets the factors of budget.h.

#include "batch/budget.h"
#include "database/batch.h"
#include "stream/scan.h"
#include "tap.h"

#include <malloc.h>
#include <stdlib.h>

struct shape {
	const char *name;
	uint64_t records;
	size_t summary;  // bytes
	size_t names;    // characters in each comic
	size_t new_ones; // of them, nobody else has
	bool tagged;     // false: nothing but a file
	bool failure;
};

static const struct shape shapes[] = {
	{ "tagged comics", 4000, 400, 30, 3, true, false },
	{ "comics without a summary", 4000, 0, 20, 2, true, false },
	{ "most names new", 2000, 400, 30, 25, true, false },
	{ "summaries of 5,000 bytes", 2000, 5000, 30, 3, true, false },
	{ "summaries of 1 MiB", 20, 1 << 20, 30, 3, true, false },
	{ "10,000 characters", 30, 400, 10000, 100, true, false },
	{ "comics without metadata", 10000, 0, 0, 0, false, false },
	{ "failures", 10000, 0, 0, 0, false, true },
};

static void pack_names(struct record_packer *p, const struct shape *s, uint64_t number)
{
	char name[64];

	pack_key(p, "characters");
	pack_map(p, s->names);
	for (size_t i = 0; i < s->names; i++) {
		uint64_t who = i < s->new_ones ? 1000000 + number * s->new_ones + i : i;

		(void)snprintf(name, sizeof(name), "Somebody Nr %" PRIu64, who);
		pack_text(p, text_from(name));
		pack_map(p, 0);
	}
}

static void pack_meta(struct record_packer *p, const struct shape *s, uint64_t number)
{
	static char summary[1 << 20];
	char title[64];

	if (summary[0] == '\0')
		memset(summary, 'x', sizeof(summary));
	pack_key(p, "meta");
	pack_map(p, s->summary > 0 ? 4 : 3);
	(void)snprintf(title, sizeof(title), "The Title of Comic %" PRIu64, number);
	pack_key(p, "title");
	pack_text(p, text_from(title));
	pack_key(p, "series");
	pack_map(p, 1);
	pack_key(p, "name");
	pack_text(p, TEXT("The Series of Them All"));
	if (s->summary > 0) {
		pack_key(p, "summary");
		pack_text(p, (struct text){ summary, s->summary });
	}
	pack_names(p, s, number);
}

static void pack_record(struct record_packer *p, const struct shape *s, uint64_t number)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "/comics/Some Series %03" PRIu64 "/Some Series %05" PRIu64
		       ".cbz", number / 40, number);
	pack_map(p, s->failure ? 7 : s->tagged ? 9 : 8);
	pack_key(p, "t");
	pack_text(p, s->failure ? TEXT("fail") : TEXT("comic"));
	pack_key(p, "path");
	pack_text(p, text_from(path));
	pack_key(p, "size");
	pack_unsigned(p, 30000000 + number);
	pack_key(p, "mtime");
	pack_signed(p, 1500000000000000000 + (int64_t)number);
	pack_key(p, "ino");
	pack_unsigned(p, 1000 + number);
	if (s->failure) {
		pack_key(p, "code");
		pack_text(p, TEXT("damaged"));
		pack_key(p, "reason");
		pack_text(p, TEXT("truncated: its end is missing"));
		return;
	}
	pack_key(p, "format");
	pack_text(p, TEXT("cbz"));
	pack_key(p, "pages");
	pack_unsigned(p, 24);
	pack_key(p, "fingerprint");
	pack_text(p, TEXT("0123456789abcdef0123456789abcdef"));
	if (s->tagged)
		pack_meta(p, s, number);
}

static size_t allocated(void)
{
	struct mallinfo2 now = mallinfo2();

	return now.uordblks + now.hblkhd;
}

// Adds all records to a batch. Bytes accounted for them; 0 when something failed.
static uint64_t fill(struct batch *b, const struct shape *s, struct record_decoder *decoder,
		     struct buf *bytes)
{
	struct comic_err err = { 0 };
	uint64_t accounted = 0;

	for (uint64_t i = 0; i < s->records; i++) {
		struct record_packer p;
		struct stream_frame frame;
		struct record record;
		size_t used = 0;

		bytes->len = 0;
		record_packer_init(&p, bytes);
		pack_record(&p, s, i);
		frame = (struct stream_frame){ bytes->data, bytes->len,
					       s->failure ? STREAM_FAIL : STREAM_COMIC, 0, 0 };
		(void)scan_count(bytes->data, bytes->len, &used, &frame.values);
		if (p.failed || record_decode(decoder, &frame, &record, &err) < 0 ||
		    batch_add(b, &record, bytes->len, &err) < 0) {
			printf("# %s\n", err.text);
			return 0;
		}
		accounted += budget_account(&frame);
	}
	return accounted;
}

static void test_shape(const struct shape *s)
{
	struct record_decoder decoder = { 0 };
	struct batch b = { 0 };
	struct buf bytes = { 0 };
	size_t before = 0;
	size_t measured = 0;
	uint64_t accounted = 0;

	// What is reused from record to record is not the batch's.
	if (buf_reserve(&bytes, 2 << 20) < 0)
		return;
	refs_next_batch(&b.refs);
	before = allocated();
	accounted = fill(&b, s, &decoder, &bytes);
	measured = allocated() - before;
	printf("# %-26s %9" PRIu64 " bytes accounted, %9" PRIu64 " measured, ratio %.2f\n",
	       s->name, accounted / s->records, measured / s->records,
	       (double)accounted / (double)measured);
	ok(accounted >= measured, "%s: no more than accounted", s->name);
	ok(accounted <= 2 * measured, "%s: no less than half of what is accounted", s->name);
	ok(measured <= batch_memory(&b) + batch_memory(&b) / 10 + (1 << 20), "%s: the batch knows", s->name);
	batch_clear(&b);
	record_decoder_clear(&decoder);
	buf_clear(&bytes);
}

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

int main(void)
{
	if (SANITIZED) {
		printf("ok 1 - memory # skip sanitizer: it allocates in its own way\n1..1\n");
		return 0;
	}
	for (size_t i = 0; i < COMIC_COUNT(shapes); i++)
		test_shape(&shapes[i]);
	return done();
}
