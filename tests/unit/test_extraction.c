// SPDX-License-Identifier: MIT
// test_extraction.c: what hostile workers say becomes a fail record, and every reader takes the
// stream.

#include "worker/extraction.h"

#include "stream/reader.h"
#include "worker/reply.h"

#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int one_state;

static void *start(const void *context)
{
	(void)context;
	return &one_state;
}

static void nest(struct record_packer *p, int depth)
{
	for (int i = 0; i < depth; i++)
		pack_array(p, 1);
	pack_unsigned(p, 1);
}

// The file's name says how the reply lies.
static int work(void *state, int fd, uint64_t size, struct text name, struct buf *reply)
{
	struct record_packer p;

	(void)state;
	(void)fd;
	(void)size;
	if (reply_comic(reply, text_is(name, "fewer") ? 2 : 4) < 0)
		return -1;
	record_packer_init(&p, reply);
	pack_key(&p, "format");
	pack_key(&p, text_is(name, "format") ? "cbx" : "cbz");
	pack_key(&p, text_is(name, "path") ? "path" : "pages");
	if (text_is(name, "path"))
		pack_text(&p, TEXT("/another"));
	else
		pack_unsigned(&p, 1);
	pack_key(&p, "zzz");
	nest(&p, text_is(name, "deep") ? 16 : 15);
	pack_key(&p, "meta");
	pack_map(&p, 1);
	pack_key(&p, text_is(name, "meta") ? "title" : "zzz");
	nest(&p, text_is(name, "deep meta") ? 15 : 14);
	if (text_is(name, "more"))
		pack_nil(&p);
	if (text_is(name, "cut"))
		reply->len--;
	return p.failed ? -1 : 0;
}

static unsigned int failures;

static void count_failure(void *context, struct text path, enum fail_code code, const char *reason)
{
	(void)context;
	(void)path;
	(void)reason;
	failures += code == FAIL_CRASH;
}

static void ignore(void *context, struct text path, const char *why, bool missing)
{
	(void)context;
	(void)path;
	(void)why;
	(void)missing;
}

static const char *const names[] = {
	"/good", "/deep", "/deep meta", "/format", "/path", "/meta", "/more", "/fewer", "/cut", "/fine",
};

static void extract(const char *path)
{
	struct comic_err err = { 0 };
	struct output out;
	struct record_writer writer;
	struct extraction *e = NULL;
	struct extraction_options options = {
		.pool = { .workers = 1, .start = start, .work = work },
		.writer = &writer,
		.events = { NULL, count_failure, ignore },
	};
	const struct identity id = { .size = 1 };
	bool whole = output_open(&out, path, &err) == 0;

	record_writer_init(&writer, &out);
	whole = whole && extraction_open(&e, &options, &err) == 0 &&
		record_write_begin(&writer, "test", NULL, 0, false, &err) == 0;
	for (size_t i = 0; whole && i < COMIC_COUNT(names); i++)
		whole = extraction_add(e, text_from(names[i]), &id, &err) == 0;
	while (whole && !extraction_idle(e))
		whole = extraction_wait(e, NULL, &err) == 0;
	ok(whole && extraction_end_group(e, &err) == 0 && output_commit(&out, &err) == 0,
	   "all files are written");
	extraction_close(e);
	record_writer_clear(&writer);
	output_abort(&out);
}

static void read_back(int fd)
{
	struct comic_err err = { 0 };
	struct record_decoder decoder = { 0 };
	struct stream_reader in;
	struct stream_frame frame;
	struct record r;
	uint64_t comics = 0;
	uint64_t fails = 0;
	int got = 0;

	stream_reader_init(&in, fd, "what was written");
	while ((got = stream_next(&in, &frame, &err)) > 0) {
		if (!ok(record_decode(&decoder, &frame, &r, &err) == 0, "a %s",
			stream_type_name(frame.type)))
			break;
		comics += frame.type == STREAM_COMIC;
		fails += frame.type == STREAM_FAIL && r.code == FAIL_CRASH;
	}
	ok(got == 0, "the stream is whole: %s", err.text);
	is_u64(comics, 2, "the two honest replies");
	is_u64(fails, COMIC_COUNT(names) - 2, "all others are failures");
	is_u64(failures, fails, "and were told");
	stream_reader_clear(&in);
	record_decoder_clear(&decoder);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	char path[4096];
	int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/test-extraction-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	fd = mkstemp(path);
	if (!ok(fd >= 0, "a file"))
		return done();
	extract(path);
	(void)close(fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	read_back(fd);
	(void)close(fd);
	(void)unlink(path);
	return done();
}
