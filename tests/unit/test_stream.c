// SPDX-License-Identifier: MIT
// test_stream.c: lib/stream: scan, reader, records, JSON.

#include "stream/json.h"
#include "stream/meta.h"
#include "stream/reader.h"
#include "stream/record.h"
#include "stream/scan.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

static enum scan_result scan(struct text bytes, size_t *used)
{
	return scan_value((const uint8_t *)bytes.data, bytes.len, used);
}

static void test_scan(void)
{
	static const struct {
		struct text bytes;
		enum scan_result want;
		size_t used;
	} rows[] = {
		{ TEXT_INIT("\x00"), SCAN_WHOLE, 1 },
		{ TEXT_INIT("\xc0zzz"), SCAN_WHOLE, 1 },
		{ TEXT_INIT("\xc1"), SCAN_BAD, 0 }, // never used
		{ TEXT_INIT("\xa3xyz"), SCAN_WHOLE, 4 },
		{ TEXT_INIT("\xa3xy"), SCAN_MORE, 0 },
		{ TEXT_INIT("\xcf\0\0\0\0\0\0\0\1"), SCAN_WHOLE, 9 },
		{ TEXT_INIT("\xcf\0\0"), SCAN_MORE, 0 },
		{ TEXT_INIT("\x92\x01\xa1x"), SCAN_WHOLE, 4 },
		{ TEXT_INIT("\x81\xa1t\xa1x\xff"), SCAN_WHOLE, 5 },
		{ TEXT_INIT("\xd4\1x"), SCAN_WHOLE, 3 }, // fixext 1
		{ TEXT_INIT("\xc7\3\1abc"), SCAN_WHOLE, 6 }, // ext 8
		{ TEXT_INIT("\xdd\xff\xff\xff\xff"), SCAN_BAD, 0 }, // 4 billion elements
		{ TEXT_INIT("\xdf\x7f\xff\xff\xff"), SCAN_BAD, 0 },
		{ TEXT_INIT("\xdb\x7f\xff\xff\xff"), SCAN_BAD, 0 }, // 2 GiB of text
		{ TEXT_INIT("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0"),
		  SCAN_WHOLE, 17 }, // 16 deep
		{ TEXT_INIT("\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0"),
		  SCAN_BAD, 0 }, // 17 deep
		{ TEXT_INIT(""), SCAN_MORE, 0 },
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		size_t used = 0;
		enum scan_result got = scan(rows[i].bytes, &used);

		ok(got == rows[i].want, "scan row %zu", i);
		if (got == SCAN_WHOLE)
			is_u64(used, rows[i].used, "bytes used");
	}
}

// A stream of one comic, as our own writer makes it, in *bytes.
static void make_stream(struct buf *bytes)
{
	struct output out = { .fd = -1, .name = "test" };
	struct text roots[] = { TEXT("/comics") };
	struct record file = { .type = STREAM_FILE, .path = TEXT("/comics/\xff.cbz"),
			       .id = { 5, -7, UINT64_MAX, 9 }, .change = FILE_MODIFIED };
	struct record fail = { .type = STREAM_FAIL, .path = TEXT("/comics/b.cbz"),
			       .id = { 0, INT64_MIN, 1, 0 }, .code = FAIL_EMPTY,
			       .reason = TEXT("zero bytes") };
	struct record moved = { .type = STREAM_MOVED, .path = TEXT("/n"), .from = TEXT("/o"), .row = 3,
				.has_row = true };
	struct record gone = { .type = STREAM_GONE, .path = TEXT("/g") };
	struct record_writer w;
	struct comic_err err;
	int status = 0;

	record_writer_init(&w, &out);
	status |= record_write_begin(&w, "test 1", roots, 1, true, &err);
	status |= record_write(&w, &file, &err);
	status |= record_write(&w, &fail, &err);
	status |= record_write(&w, &moved, &err);
	status |= record_write(&w, &gone, &err);
	status |= record_write_end(&w, NULL, 0, &err);
	ok(status == 0, "a stream is written");
	*bytes = out.pending;
	record_writer_clear(&w);
}

static FILE *file_of(const void *data, size_t len)
{
	FILE *f = tmpfile();

	if (f == NULL || fwrite(data, 1, len, f) != len || fflush(f) != 0)
		ok(false, "temporary file");
	rewind(f);
	return f;
}

// Reads the whole stream; the number of records, or -1 with err.
static int read_all(const void *data, size_t len, struct comic_err *err)
{
	FILE *f = file_of(data, len);
	struct stream_reader r;
	struct record_decoder d = { 0 };
	struct stream_frame frame;
	struct record record;
	int got = 0;
	int count = 0;

	stream_reader_init(&r, fileno(f), "test");
	while ((got = stream_next(&r, &frame, err)) > 0) {
		if (record_decode(&d, &frame, &record, err) < 0) {
			got = -1;
			break;
		}
		count++;
	}
	record_decoder_clear(&d);
	stream_reader_clear(&r);
	(void)fclose(f);
	return got < 0 ? -1 : count;
}

static void test_round_trip(void)
{
	struct buf bytes = { 0 };
	struct comic_err err = { 0 };
	bool all = true;

	make_stream(&bytes);
	is_i64(read_all(bytes.data, bytes.len, &err), 6, "read back");
	for (size_t cut = 0; cut < bytes.len; cut++) {
		if (read_all(bytes.data, cut, &err) != -1 || err.code != COMIC_ERR_TRUNCATED) {
			ok(false, "cut at %zu: not seen as truncated", cut);
			all = false;
		}
	}
	ok(all, "every prefix is truncated");
	for (size_t at = 0; at < bytes.len; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			bytes.data[at] ^= (uint8_t)(1U << bit);
			(void)read_all(bytes.data, bytes.len, &err); // must not crash
			bytes.data[at] ^= (uint8_t)(1U << bit);
		}
	}
	ok(true, "every single bit flipped without a crash");
	buf_clear(&bytes);
}

static void test_groups(void)
{
	static const char begin[] = "\x83\xa1t\xa5" "begin\xa1v\x01\xa8" "complete\xc3";
	static const char end[] = "\x82\xa1t\xa3" "end\xa7records\x00";
	static const char other[] = "\x81\xa1t\xa1z";
	static const char batch[] = "\x83\xa1t\xa5" "batch\xa1n\x01\xa7records\x00";
	struct text b = { begin, sizeof(begin) - 1 };
	struct text e = { end, sizeof(end) - 1 };
	struct text o = { other, sizeof(other) - 1 };
	struct text t = { batch, sizeof(batch) - 1 };
	const struct {
		struct text parts[4];
		int want; // records, or -1
		enum comic_err_code code;
	} rows[] = {
		{ { b, e }, 2, COMIC_ERR_NONE },
		{ { b, e, b, e }, 4, COMIC_ERR_NONE },
		{ { b, t, e, t }, 4, COMIC_ERR_NONE },
		{ { o, b, e }, 3, COMIC_ERR_NONE },
		{ { b, b, e }, -1, COMIC_ERR_TRUNCATED },
		{ { b }, -1, COMIC_ERR_TRUNCATED },
		{ { o }, -1, COMIC_ERR_TRUNCATED },
		{ { e }, -1, COMIC_ERR_INPUT },
		{ { b, o, e }, -1, COMIC_ERR_TRUNCATED }, // the end counts none
	};

	for (size_t i = 0; i < COMIC_COUNT(rows); i++) {
		struct buf all = { 0 };
		struct comic_err err = { 0 };

		for (size_t p = 0; p < 4; p++) {
			if (buf_add(&all, rows[i].parts[p].data, rows[i].parts[p].len) < 0)
				ok(false, "no memory");
		}
		is_i64(read_all(all.data, all.len, &err), rows[i].want, "groups");
		ok(rows[i].want >= 0 || err.code == rows[i].code, "row %zu: %s", i, err.text);
		buf_clear(&all);
	}
}

// The JSON text to a record and back; "" on error.
static struct text through(const char *json, struct buf *out)
{
	struct buf record = { 0 };
	struct record_decoder d = { 0 };
	struct comic_err err = { 0 };
	struct stream_frame frame = { 0 };
	json_t *value = json_loads(json, JSON_ALLOW_NUL, NULL);

	out->len = 0;
	if (json_to_record(value, &record, &err) == 0) {
		frame.data = record.data;
		frame.len = record.len;
		if (json_from_record(&d, &frame, out, &err) < 0)
			out->len = 0;
	}
	json_decref(value);
	record_decoder_clear(&d);
	buf_clear(&record);
	return text_trim((struct text){ out->len == 0 ? "" : (char *)out->data, out->len });
}

static void test_json(void)
{
	static const char *const same[] = {
		"{\"t\":\"x\"}",
		"{\"t\":\"x\",\"mtime\":\"-1700000000123456789\",\"ino\":\"18446744073709551615\"}",
		"{\"t\":\"x\",\"size\":\"9007199254740993\",\"dev\":12}",
		"{\"t\":\"x\",\"a\":[1,-1,1.5,0.1,1e+300,null,true,false]}",
		"{\"t\":\"x\",\"a\":{\"$int\":\"-9223372036854775808\"}}",
		"{\"t\":\"x\",\"a\":{\"$bytes\":\"/w==\"},\"b\":{\"$bytes\":\"\"}}",
		"{\"t\":\"x\",\"path\":{\"$bytes\":\"L/8vYWJj\"}}",
		"{\"t\":\"x\",\"a\":\"\\u0000\\u0001\\n\\\"\\\\\"}",
		"{\"t\":\"x\",\"meta\":{\"mtime\":\"not a number here\"}}",
		"{\"t\":\"x\",\"a\":1.0}",
	};
	static const char *const bad[] = {
		"{}", "[]", "{\"t\":1}", "{\"t\":\"x\",\"mtime\":\"soon\"}",
		"{\"t\":\"x\",\"a\":{\"$bytes\":\"?\"}}", "{\"t\":\"x\",\"a\":{\"$int\":\"x\"}}",
		"{\"t\":\"x\",\"ino\":\"18446744073709551616\"}",
	};
	struct buf out = { 0 };

	for (size_t i = 0; i < COMIC_COUNT(same); i++)
		is_text(through(same[i], &out), same[i], "JSON there and back");
	for (size_t i = 0; i < COMIC_COUNT(bad); i++)
		is_text(through(bad[i], &out), "", bad[i]);
	buf_clear(&out);
}

// meta_check() of {"key": value} given as JSON.
static bool meta_accepts(const char *json)
{
	char line[256];
	struct buf record = { 0 };
	struct comic_err err = { 0 };
	struct objects at = { 0 };
	msgpack_object o;
	json_t *value = NULL;
	bool accepted = false;

	(void)snprintf(line, sizeof(line), "{\"t\":\"x\",\"m\":%s}", json);
	value = json_loads(line, 0, NULL);
	if (json_to_record(value, &record, &err) == 0) {
		at = (struct objects){ record.data, record.data + record.len };
		accepted = objects_take(&at, &o) && objects_skip(&at) && objects_skip(&at) &&
			   objects_skip(&at) && meta_check(&at, &err) == 0 && at.at == at.end;
	}
	json_decref(value);
	buf_clear(&record);
	return accepted;
}

// A record may hold a key again and again, each time with a small value.
static void test_small_trees(void)
{
	static const uint8_t one[] = { 0x91, 0xa0 };
	struct arena a = { 0 };
	msgpack_object o;
	unsigned int whole = 0;

	for (int i = 0; i < 10000; i++)
		whole += objects_unpack(&a, one, sizeof(one), &o) == 1;
	is_u64(whole, 10000, "an array of one text");
	ok(a.held <= (size_t)10000 * 48, "a tree takes memory in proportion to its bytes: %zu",
	   a.held / 10000);
	arena_clear(&a);
}

// Adds an array of a million values of one byte and its end.
static int add_million(struct buf *b, const char *key, const char *value)
{
	int status = buf_add_text(b, key) | buf_add(b, "\xdd\x00\x0f\x42\x40", 5);

	for (int i = 0; i < 1000000; i++)
		status |= buf_add_text(b, value);
	return status;
}

static void test_unkept(void)
{
	struct buf meta = { 0 };
	struct arena a = { 0 };
	struct comic_err err = { 0 };
	struct objects at = { 0 };
	msgpack_object o = { .type = MSGPACK_OBJECT_NIL };
	int status = buf_add_text(&meta, "\x82") | add_million(&meta, "\xa1z", "\xc0") |
		     add_million(&meta, "\xaaremainders", "\xa1x");

	at = (struct objects){ meta.data, meta.data + meta.len };
	ok(status == 0 && meta_read(&at, &a, &o, &err) == 0 && at.at == at.end,
	   "an unknown list and one that is not stored: %s", err.text);
	ok(o.via.map.size == 2 && o.via.map.ptr[0].val.type == MSGPACK_OBJECT_NIL &&
		   o.via.map.ptr[1].val.type == MSGPACK_OBJECT_NIL,
	   "are nil in the tree");
	ok(a.held < 100000, "and take no memory: %zu", a.held);
	arena_clear(&a);
	buf_clear(&meta);
}

static void test_meta(void)
{
	ok(meta_accepts("{}"), "nothing");
	ok(meta_accepts("{\"title\":\"x\",\"unknown\":[1]}"), "unknown keys pass");
	ok(meta_accepts("{\"credits\":{\"A\":{\"roles\":{\"Writer\":{}}}}}"), "credits");
	ok(meta_accepts("{\"issue\":{\"number\":-1.5}}"), "a decimal");
	ok(!meta_accepts("{\"title\":\"\"}"), "an empty text");
	ok(!meta_accepts("{\"title\":1}"), "a number for a text");
	ok(!meta_accepts("{\"credits\":{\"A\":{\"roles\":[\"Writer\"]}}}"), "a list for names");
	ok(!meta_accepts("{\"date\":{\"month\":-1}}"), "a negative month");
	ok(!meta_accepts("{\"series_groups\":[1]}"), "numbers for texts");
	ok(!meta_accepts("{\"arcs\":{\"\":{}}}"), "an empty name");
	ok(!meta_accepts("[]"), "no map");
}

int main(void)
{
	test_scan();
	test_round_trip();
	test_groups();
	test_json();
	test_meta();
	test_unkept();
	test_small_trees();
	return done();
}
