// SPDX-License-Identifier: MIT
// test_batch_boundary.c: where batches end, and the budget in a begin record.

#include "batch/begin.h"
#include "batch/boundary.h"
#include "batch/budget.h"
#include "tap.h"

static struct stream_frame frame_of(enum stream_type type, size_t len)
{
	return (struct stream_frame){ NULL, len, type, 0, 1 };
}

// Passes a frame of 100 bytes; true if a batch ended before it.
static bool pass(struct boundary *b, enum stream_type type)
{
	struct stream_frame frame = frame_of(type, 100);
	bool before = boundary_before(b, &frame);

	if (before)
		boundary_next(b);
	boundary_add(b, &frame);
	return before;
}

static void test_count(void)
{
	struct boundary b;

	boundary_init(&b, 2, UINT64_MAX);
	ok(b.batch.type == STREAM_BATCH, "a batch record");
	ok(!pass(&b, STREAM_BEGIN) && !pass(&b, STREAM_COMIC) && !pass(&b, STREAM_FAIL),
	   "two records fit");
	ok(!pass(&b, STREAM_END) && !pass(&b, STREAM_BEGIN), "end and begin always fit");
	is_u64(b.batch.n, 1, "still batch 1");
	is_u64(b.batch.records, 2, "which holds two records");
	is_u64(b.batch.comics, 1, "one comic among them");
	is_u64(b.batch.bytes, 200, "of 200 bytes");
	ok(pass(&b, STREAM_OTHER), "the third begins a batch");
	is_u64(b.batch.n, 2, "batch 2");
	is_u64(b.batch.records, 1, "which holds one record");
	is_u64(b.batch.comics, 0, "no comic");
	ok(!pass(&b, STREAM_GONE) && pass(&b, STREAM_MOVED) && !pass(&b, STREAM_FILE) &&
		   pass(&b, STREAM_COMIC),
	   "every type but begin, end and batch counts");

	boundary_init(&b, 1, UINT64_MAX);
	ok(!pass(&b, STREAM_COMIC) && pass(&b, STREAM_COMIC) && pass(&b, STREAM_COMIC),
	   "batches of one");
}

// The records of the next batch, which the one after it then begins.
static uint64_t next_batch(struct boundary *b)
{
	uint64_t records = 1;

	while (!pass(b, STREAM_COMIC))
		records++;
	return records;
}

static void test_growth(void)
{
	struct boundary b;

	boundary_init(&b, 13, UINT64_MAX);
	boundary_grow_from(&b, 3);
	(void)pass(&b, STREAM_COMIC);
	is_u64(next_batch(&b), 3, "a small batch first");
	is_u64(next_batch(&b), 6, "then twice as much");
	is_u64(next_batch(&b), 12, "and again");
	is_u64(next_batch(&b), 13, "up to the full count");
	is_u64(next_batch(&b), 13, "where it stays");

	boundary_init(&b, 2, UINT64_MAX);
	boundary_grow_from(&b, 3);
	(void)pass(&b, STREAM_COMIC);
	is_u64(next_batch(&b), 2, "never more than the full count");
}

static void test_bytes(void)
{
	struct boundary b;
	struct stream_frame comic = frame_of(STREAM_COMIC, 100);
	uint64_t cost = budget_account(&comic);

	boundary_init(&b, 1000, 3 * cost);
	ok(!pass(&b, STREAM_COMIC) && !pass(&b, STREAM_COMIC) && !pass(&b, STREAM_COMIC),
	   "three fill the share");
	ok(pass(&b, STREAM_COMIC), "the fourth begins a batch");
	boundary_init(&b, 1000, 3 * cost - 1);
	ok(!pass(&b, STREAM_COMIC) && !pass(&b, STREAM_COMIC) && pass(&b, STREAM_COMIC),
	   "a byte less, and the third does");
	boundary_init(&b, 1000, 0);
	ok(!pass(&b, STREAM_COMIC) && pass(&b, STREAM_COMIC), "no share: one record a batch");
	ok(!pass(&b, STREAM_END), "but its end stays with it");
}

// The begin record's bytes, its budget set to 1234, as one text.
static bool set_budget(struct buf *out, const char *bytes, size_t len)
{
	struct stream_frame frame = { (const uint8_t *)bytes, len, STREAM_BEGIN, 0, 1 };
	struct comic_err err;

	return begin_set_budget(out, &frame, 1234, &err) == 0;
}

#define BYTES(literal) (literal), sizeof(literal) - 1
#define BUDGET_1234                                                                                \
	"\xa6"                                                                                     \
	"budget\xcd\x04\xd2"

static void is_begin(const char *in, size_t in_len, const char *want, size_t want_len)
{
	struct buf out = { 0 };

	ok(set_budget(&out, in, in_len) && out.len == want_len &&
		   memcmp(out.data, want, want_len) == 0,
	   "begin of %zu bytes becomes %zu bytes", in_len, want_len);
	buf_clear(&out);
}

static void test_begin(void)
{
	struct buf out = { 0 };
	struct buf small = { .max = 4 };

	is_begin(BYTES("\x80"), BYTES("\x81" BUDGET_1234));
	is_begin(BYTES("\x81\xa1t\xa5"
		       "begin"),
		 BYTES("\x82\xa1t\xa5"
		       "begin" BUDGET_1234));
	// An integer that is not in its shortest form stays so; keys need not be text.
	is_begin(BYTES("\x82\xa1v\xcd\x00\x01\x05\x90"),
		 BYTES("\x83\xa1v\xcd\x00\x01\x05\x90" BUDGET_1234));
	// An old budget goes, wherever and however it is written.
	is_begin(BYTES("\x82\xa6"
		       "budget\x07\xa1v\x01"),
		 BYTES("\x82\xa1v\x01" BUDGET_1234));
	is_begin(BYTES("\x83\xd9\x06"
		       "budget\x91\x07\xa1v\x01\xc4\x06"
		       "budget\xc0"),
		 BYTES("\x82\xa1v\x01" BUDGET_1234));
	is_begin(BYTES("\x83\xda\x00\x06"
		       "budget\x07\xdb\x00\x00\x00\x06"
		       "budget\x07\xa6"
		       "budget\x07"),
		 BYTES("\x81" BUDGET_1234));
	// Keys that only look like it stay.
	is_begin(BYTES("\x82\xa7xbudget\x07\xd9\x08\xa6\x06"
		       "budget\x07"),
		 BYTES("\x83\xa7xbudget\x07\xd9\x08\xa6\x06"
		       "budget\x07" BUDGET_1234));
	// A map of 15 pairs gets a longer header; a wide header of few pairs a short one.
	is_begin(
		BYTES("\x8f\x01\x01\x02\x02\x03\x03\x04\x04\x05\x05\x06\x06\x07\x07\x08\x08\x09\x09"
		      "\x0a\x0a\x0b\x0b\x0c\x0c\x0d\x0d\x0e\x0e\x0f\x0f"),
		BYTES("\xde\x00\x10\x01\x01\x02\x02\x03\x03\x04\x04\x05\x05\x06\x06\x07\x07\x08\x08"
		      "\x09\x09\x0a\x0a\x0b\x0b\x0c\x0c\x0d\x0d\x0e\x0e\x0f\x0f" BUDGET_1234));
	is_begin(BYTES("\xdf\x00\x00\x00\x01\x01\x02"), BYTES("\x82\x01\x02" BUDGET_1234));

	ok(!set_budget(&out, BYTES("\x90")), "an array is no begin");
	ok(!set_budget(&small, BYTES("\x81\xa1v\x01")), "no memory is an error");
	buf_clear(&out);
	buf_clear(&small);
}

int main(void)
{
	test_count();
	test_growth();
	test_bytes();
	test_begin();
	return done();
}
