// SPDX-License-Identifier: MIT
// intake.c: see intake.h.

#include "worker/intake.h"

#include "walk/path.h"

// Waits until the extraction can take more, or with to_end until all is written.
static int make_room(const struct intake *in, bool to_end, struct comic_err *err)
{
	while (to_end ? !extraction_idle(in->extraction) : !extraction_has_room(in->extraction)) {
		in->moment(in->context);
		if (extraction_wait(in->extraction, NULL, err) < 0)
			return -1;
	}
	return 0;
}

static int take_frame(const struct intake *in, struct record_decoder *decoder,
		      const struct stream_frame *frame, struct comic_err *err)
{
	struct record r;

	if (frame->type != STREAM_FILE)
		return extraction_pass(in->extraction, frame, err);
	if (record_decode(decoder, frame, &r, err) < 0)
		return -1;
	if (r.change == FILE_NEW || r.change == FILE_MODIFIED)
		return extraction_add(in->extraction, r.path, &r.id, err);
	return extraction_pass(in->extraction, frame, err);
}

// Until the input can be read without waiting: results go out meanwhile.
static int await_input(const struct intake *in, const struct stream_reader *reader,
		       struct comic_err *err)
{
	struct pollfd input = { .fd = reader->fd };

	while (!stream_ready(reader) && input.revents == 0) {
		in->moment(in->context);
		// A reader downstream need not wait for a full buffer while we wait for input.
		if ((extraction_idle(in->extraction) && output_flush(in->writer->out, err) < 0) ||
		    extraction_wait(in->extraction, &input, err) < 0)
			return -1;
	}
	return 0;
}

int intake_stream(const struct intake *in, int fd, const char *name, struct comic_err *err)
{
	struct record_decoder decoder = { 0 };
	struct stream_reader reader;
	struct stream_frame frame;
	int got = -1;

	stream_reader_init(&reader, fd, name);
	while (make_room(in, false, err) == 0 && await_input(in, &reader, err) == 0 &&
	       (got = stream_next(&reader, &frame, err)) > 0) {
		if (take_frame(in, &decoder, &frame, err) < 0)
			break;
		got = -1;
	}
	stream_reader_clear(&reader);
	record_decoder_clear(&decoder);
	return got != 0 ? -1 : make_room(in, true, err);
}

static int add_operand(const struct intake *in, const char *operand, struct comic_err *err)
{
	static const struct identity unknown = { 0 };
	struct arena a = { 0 };
	struct text path = TEXT("");
	int status = path_absolute(&a, operand, &path, err);

	if (status == 0)
		status = make_room(in, false, err);
	if (status == 0)
		status = extraction_add(in->extraction, path, &unknown, err);
	arena_clear(&a);
	return status;
}

int intake_operands(const struct intake *in, struct operands *operands, const char *by,
		    struct comic_err *err)
{
	const char *operand = NULL;
	int got = 0;

	if (record_write_begin(in->writer, by, NULL, 0, false, err) < 0)
		return -1;
	while ((got = operands_next(operands, &operand, err)) > 0) {
		if (add_operand(in, operand, err) < 0)
			return -1;
	}
	if (got < 0 || make_room(in, true, err) < 0)
		return -1;
	return extraction_end_group(in->extraction, err);
}
