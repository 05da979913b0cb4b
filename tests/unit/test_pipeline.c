// SPDX-License-Identifier: MIT
// The parts of a pipeline: the tally, lines, the progress line, the relay.

#include "tap.h"

#include "base/output.h"
#include "pipeline/lines.h"
#include "pipeline/progress.h"
#include "pipeline/relay.h"
#include "pipeline/tally.h"
#include "stream/record.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define SECOND ((int64_t)1000000000)

// ---- tally --------------------------------------------------------------------------------

// A stream of three files, a failure and a record with a path of 100,000 bytes.
static struct text make_stream(struct output *out)
{
	static char path[100000];
	struct record_writer w;
	struct comic_err err;
	struct record r = { .type = STREAM_FILE, .path = TEXT("/a") };
	int status = 0;

	*out = (struct output){ .fd = -1, .name = "memory" };
	buf_init(&out->pending, 0);
	record_writer_init(&w, out);
	memset(path, '/', sizeof(path));
	status |= record_write_begin(&w, "test", NULL, 0, true, &err);
	for (int i = 0; i < 3; i++)
		status |= record_write(&w, &r, &err);
	r.type = STREAM_FAIL;
	r.code = FAIL_EMPTY;
	status |= record_write(&w, &r, &err);
	status |= record_write_end(&w, NULL, 0, &err);
	ok(status == 0, "a stream to count");
	record_writer_clear(&w);
	return (struct text){ (const char *)out->pending.data, out->pending.len };
}

static void test_tally(void)
{
	struct output out;
	struct text stream = make_stream(&out);
	bool same = true;

	for (size_t step = 1; step <= stream.len; step++) {
		struct tally t = { 0 };

		for (size_t at = 0; at < stream.len; at += step)
			tally_add(&t, stream.data + at,
				  stream.len - at < step ? stream.len - at : step);
		same = same && t.count[STREAM_FILE] == 3 && t.count[STREAM_FAIL] == 1 &&
		       t.count[STREAM_END] == 1 && t.rest.len == 0 && !t.lost;
		tally_clear(&t);
	}
	ok(same, "a stream in pieces of any size counts the same");

	struct tally bad = { 0 };

	tally_add(&bad, stream.data, stream.len);
	tally_add(&bad, "\xc1 no msgpack", 12);
	tally_add(&bad, stream.data, stream.len);
	ok(bad.lost, "what is no stream is noticed");
	is_u64(bad.count[STREAM_FILE], 3, "and nothing after it is counted");
	tally_clear(&bad);
	buf_clear(&out.pending);
}

// ---- lines --------------------------------------------------------------------------------

struct taken {
	char text[LINES_MAX * 4];
	size_t len;
	size_t lines;
};

static void take(void *data, struct text line)
{
	struct taken *t = data;

	memcpy(t->text + t->len, line.data, line.len);
	t->len += line.len;
	t->text[t->len++] = '|';
	t->lines++;
}

static void test_lines(void)
{
	static struct lines l;
	static struct taken t;
	static char longest[LINES_MAX * 2 + 10];
	int ends[2];

	if (!ok(pipe(ends) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0, "a pipe"))
		return;
	l.fd = ends[0];
	ok(write(ends[1], "one\ntw", 6) == 6, "write");
	lines_read(&l, take, &t);
	is_text((struct text){ t.text, t.len }, "one|", "only a whole line comes");
	ok(write(ends[1], "o\n\nthree", 8) == 8, "write");
	lines_read(&l, take, &t);
	is_text((struct text){ t.text, t.len }, "one|two||", "a line in two parts, and an empty one");
	ok(l.fd >= 0, "not at its end");
	(void)close(ends[1]);
	lines_read(&l, take, &t);
	is_text((struct text){ t.text, t.len }, "one|two||three|", "the end ends a line");
	ok(l.fd < 0, "at its end");
	(void)close(ends[0]);

	t = (struct taken){ 0 };
	memset(longest, 'x', sizeof(longest));
	if (!ok(pipe(ends) == 0, "a pipe"))
		return;
	l.fd = ends[0];
	ok(write(ends[1], longest, sizeof(longest)) == (ssize_t)sizeof(longest), "write");
	(void)close(ends[1]);
	lines_read(&l, take, &t);
	is_u64(t.lines, 3, "a line without end comes in pieces");
	is_u64(t.len, sizeof(longest) + 3, "of which none is lost");
	(void)close(ends[0]);
}

// ---- progress -----------------------------------------------------------------------------

static void test_progress(void)
{
	char text[PROGRESS_TEXT];
	struct progress p = { 0 };

	is_string(progress_format(&p, text), "0 comics, 0 found so far", "at the start");
	p = (struct progress){ .found = 45678, .read = 12345, .elapsed = SECOND };
	is_string(progress_format(&p, text), "12,345 comics, 45,678 found so far", "before a rate");
	p.elapsed = 10 * SECOND;
	is_string(progress_format(&p, text), "12,345 comics, 45,678 found so far, 1,235/s",
		  "how much is left is not known yet");
	p.found_all = true;
	p.found = 60000;
	p.taken = 12000;
	p.failed = 3;
	is_string(progress_format(&p, text), "12,345 of 60,000 comics, 1,235/s, 40 s left, 3 failed",
		  "in the middle");
	p.taken = 1000;
	is_string(progress_format(&p, text), "12,345 of 60,000 comics, 1,235/s, 9 min 50 s left, 3 failed",
		  "minutes");
	p.taken = 100;
	is_string(progress_format(&p, text), "12,345 of 60,000 comics, 1,235/s, 1 h 39 min left, 3 failed",
		  "hours");
	p.taken = 2;
	is_string(progress_format(&p, text), "12,345 of 60,000 comics, 1,235/s, 3 d 11 h left, 3 failed",
		  "days");
	p.read_all = true;
	p.failed = 0;
	is_string(progress_format(&p, text), "12,345 comics read, 1,235/s, storing", "at the end");
	p = (struct progress){ .found = UINT64_MAX, .read = UINT64_MAX, .failed = UINT64_MAX,
			       .found_all = true, .taken = 1, .elapsed = INT64_MAX };
	ok(strlen(progress_format(&p, text)) < PROGRESS_TEXT, "the longest line fits");
}

// ---- relay --------------------------------------------------------------------------------

// Bytes in, in steps of one size, out in steps of another.
static void test_relay(size_t in_step, size_t out_step, size_t total)
{
	struct relay r;
	struct comic_err err;
	uint8_t *bytes = malloc(in_step > out_step ? in_step : out_step);
	int in[2];
	int out[2];
	size_t sent = 0;
	size_t got = 0;
	bool same = true;

	if (!ok(bytes != NULL && pipe(in) == 0 && pipe(out) == 0 &&
			fcntl(in[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(in[1], F_SETFL, O_NONBLOCK) == 0 &&
			fcntl(out[0], F_SETFL, O_NONBLOCK) == 0 && fcntl(out[1], F_SETFL, O_NONBLOCK) == 0 &&
			relay_open(&r, in[0], out[1], ".", &err) == 0,
		"a relay"))
		return;
	r.tally.lost = true; // these are no records
	while (!relay_done(&r) || got < sent) {
		size_t step = total - sent < in_step ? total - sent : in_step;
		ssize_t n = 0;

		for (size_t i = 0; i < step; i++)
			bytes[i] = (uint8_t)((sent + i) * 31 >> 3);
		if (step > 0 && (n = write(in[1], bytes, step)) > 0)
			sent += (size_t)n;
		if (sent == total && in[1] >= 0) {
			(void)close(in[1]);
			in[1] = -1;
		}
		relay_step(&r);
		// It is read only when nothing more fits, so that the spool fills and goes round.
		if (n > 0)
			continue;
		n = read(out[0], bytes, out_step);
		for (ssize_t i = 0; i < n; i++)
			same = same && bytes[i] == (uint8_t)((got + (size_t)i) * 31 >> 3);
		got += n > 0 ? (size_t)n : 0;
	}
	ok(same, "what comes out is what went in, %zu and %zu bytes at a time", in_step, out_step);
	is_u64(got, total, "all of it");
	relay_close(&r);
	(void)close(out[0]);
	free(bytes);
}

static void test_relay_broken(void)
{
	struct relay r;
	struct comic_err err;
	int in[2];
	int out[2];

	if (!ok(pipe(in) == 0 && pipe(out) == 0 && fcntl(in[0], F_SETFL, O_NONBLOCK) == 0 &&
			relay_open(&r, in[0], out[1], "/no/such/folder", &err) == 0,
		"a relay without a spool"))
		return;
	(void)close(out[0]);
	ok(write(in[1], "x", 1) == 1, "write");
	relay_step(&r);
	ok(relay_done(&r), "a reader that is gone ends it");
	ok(write(in[1], "x", 1) < 0, "and its writer learns it");
	relay_close(&r);
	(void)close(in[1]);
}

// What memory has room for goes through no file.
static void test_relay_memory(void)
{
	static const uint8_t bytes[4096];
	struct relay r;
	struct comic_err err;
	int in[2];
	int out[2];
	size_t sent = 0;

	if (!ok(pipe(in) == 0 && pipe(out) == 0 && fcntl(in[0], F_SETFL, O_NONBLOCK) == 0 &&
			fcntl(out[1], F_SETFL, O_NONBLOCK) == 0 &&
			relay_open(&r, in[0], out[1], ".", &err) == 0,
		"a relay that nobody reads from"))
		return;
	r.tally.lost = true;
	while (sent < RELAY_CHUNK) {
		sent += write(in[1], bytes, sizeof(bytes)) > 0 ? sizeof(bytes) : 0;
		relay_step(&r);
	}
	is_u64(r.received, RELAY_CHUNK, "has read a chunk");
	is_u64(r.spooled, 0, "and put none of it into its file");
	relay_close(&r);
	(void)close(in[1]);
	(void)close(out[0]);
}

int main(void)
{
	(void)signal(SIGPIPE, SIG_IGN);
	test_tally();
	test_lines();
	test_progress();
	test_relay(60000, 60000, (size_t)1 << 20);
	test_relay(65536, 4000, (size_t)(RELAY_SPOOL * 5 / 4));
	test_relay(5000, 65536, (size_t)(RELAY_SPOOL * 5 / 4));
	test_relay_memory();
	test_relay_broken();
	return done();
}
