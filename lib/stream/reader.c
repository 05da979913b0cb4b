// SPDX-License-Identifier: MIT
// reader.c: see reader.h.

#include "stream/reader.h"

#include "base/interrupt.h"
#include "stream/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define READ_CHUNK ((size_t)64 << 10)

static const char *const type_names[] = {
	[STREAM_OTHER] = "",	[STREAM_BEGIN] = "begin", [STREAM_FILE] = "file",
	[STREAM_MOVED] = "moved", [STREAM_GONE] = "gone",   [STREAM_COMIC] = "comic",
	[STREAM_FAIL] = "fail",	[STREAM_BATCH] = "batch", [STREAM_END] = "end",
};

const char *stream_type_name(enum stream_type type)
{
	return type_names[type];
}

void stream_reader_init(struct stream_reader *r, int fd, const char *name)
{
	*r = (struct stream_reader){ .fd = fd, .name = name };
	buf_init(&r->bytes, SCAN_RECORD_MAX + READ_CHUNK);
}

void stream_reader_clear(struct stream_reader *r)
{
	buf_clear(&r->bytes);
}

// A short string at data: text, or an empty one if it is anything else.
static struct text short_string(const uint8_t *data, size_t len)
{
	if (len >= 1 && (data[0] & 0xe0U) == 0xa0 && len >= 1 + (size_t)(data[0] & 0x1fU))
		return (struct text){ (const char *)data + 1, data[0] & 0x1fU };
	if (len >= 2 && data[0] == 0xd9 && len >= 2 + (size_t)data[1])
		return (struct text){ (const char *)data + 2, data[1] };
	return TEXT("");
}

static bool is_string(uint8_t code)
{
	return (code & 0xe0U) == 0xa0 || (code >= 0xd9 && code <= 0xdb);
}

static enum stream_type type_from(struct text name)
{
	for (enum stream_type t = STREAM_BEGIN; t <= STREAM_END; t++) {
		if (text_is(name, type_names[t]))
			return t;
	}
	return STREAM_OTHER;
}

// Where the value under key begins in the record, 0 if it is not there.
static size_t find_key(const uint8_t *data, size_t len, const char *key)
{
	uint64_t pairs = 0;
	size_t at = scan_map(data, len, &pairs);

	for (; at > 0 && pairs > 0; pairs--) {
		bool found = at < len && text_is(short_string(data + at, len - at), key);
		size_t used = 0;

		if (scan_value(data + at, len - at, &used) != SCAN_WHOLE)
			return 0;
		at += used;
		if (found)
			return at < len ? at : 0;
		if (scan_value(data + at, len - at, &used) != SCAN_WHOLE)
			return 0;
		at += used;
	}
	return 0;
}

int stream_type_of(const uint8_t *data, size_t len, enum stream_type *type, struct comic_err *err)
{
	size_t at = find_key(data, len, "t");

	if (at == 0 || !is_string(data[at]))
		return err_set(err, COMIC_ERR_INPUT,
			       "not a record: a map with a text under \"t\" was expected");
	*type = type_from(short_string(data + at, len - at));
	return 0;
}

// The unsigned integer at data; false for anything else.
static bool unsigned_at(const uint8_t *data, size_t len, uint64_t *out)
{
	size_t size = 0;

	*out = data[0];
	if (data[0] < 0x80)
		return true;
	if (data[0] < 0xcc || data[0] > 0xcf)
		return false;
	size = (size_t)1 << (data[0] - 0xcc);
	if (len < 1 + size)
		return false;
	*out = 0;
	for (size_t i = 1; i <= size; i++)
		*out = *out << 8 | data[i];
	return true;
}

static int corrupt(const struct stream_reader *r, struct comic_err *err, const char *why)
{
	return err_set(err, COMIC_ERR_INPUT, "%s: corrupt stream at byte %" PRIu64 ": %s", r->name,
		       r->offset + r->at, why);
}

static int truncated(const struct stream_reader *r, struct comic_err *err, const char *why)
{
	return err_set(err, COMIC_ERR_TRUNCATED, "%s: truncated stream at byte %" PRIu64 ": %s",
		       r->name, r->offset + r->at, why);
}

static void answer_status(const struct stream_reader *r)
{
	if (r->status != NULL && interrupt_status_wanted())
		r->status(r->status_context);
}

// Waits for input, if SIGUSR1 is to be answered meanwhile: a read would go on after it.
static int await(const struct stream_reader *r, struct comic_err *err)
{
	struct pollfd input = { .fd = r->fd, .events = POLLIN };

	while (r->status != NULL) {
		answer_status(r);
		if (interrupt_check(err) < 0)
			return -1;
		if (poll(&input, 1, -1) >= 0 || errno != EINTR)
			break; // the read will tell
	}
	return 0;
}

// Moves the unread bytes to the front and reads what there is.
static int fill(struct stream_reader *r, struct comic_err *err)
{
	ssize_t got = 0;

	r->offset += r->at;
	buf_consume(&r->bytes, r->at);
	r->at = 0;
	if (buf_reserve(&r->bytes, READ_CHUNK) < 0)
		return err_set_nomem(err, r->name);
	if (r->before_read != NULL && r->before_read(r->context, r->fd, err) < 0)
		return -1;
	if (await(r, err) < 0)
		return -1;
	do {
		if (interrupt_check(err) < 0)
			return -1;
		got = read(r->fd, r->bytes.data + r->bytes.len, r->bytes.room - r->bytes.len);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return err_set_errno(err, "%s: read", r->name);
	r->eof = got == 0;
	r->bytes.len += (size_t)got;
	return 0;
}

static int end_group(struct stream_reader *r, const struct stream_frame *f, struct comic_err *err)
{
	size_t at = find_key(f->data, f->len, "records");
	uint64_t records = 0;

	if (!r->open_group)
		return corrupt(r, err, "an end without its begin");
	if (at == 0 || !unsigned_at(f->data + at, f->len - at, &records))
		return corrupt(r, err, "an end without a count of records");
	if (records != r->group_records)
		return truncated(r, err, "the group's end counts other records than came");
	r->open_group = false;
	return 0;
}

static int follow_groups(struct stream_reader *r, const struct stream_frame *f,
			 struct comic_err *err)
{
	switch (f->type) {
	case STREAM_BEGIN:
		if (r->open_group)
			return truncated(r, err, "a group began before the last one ended");
		r->open_group = true;
		r->any_group = true;
		r->group_records = 0;
		return 0;
	case STREAM_END:
		return end_group(r, f, err);
	case STREAM_BATCH:
		return 0;
	case STREAM_OTHER:
		r->group_records++;
		return 0;
	case STREAM_FILE:
	case STREAM_MOVED:
	case STREAM_GONE:
	case STREAM_COMIC:
	case STREAM_FAIL:
		if (!r->open_group)
			return corrupt(r, err, "a record outside begin and end");
		r->group_records++;
		return 0;
	}
	return corrupt(r, err, "unknown type");
}

static int at_eof(const struct stream_reader *r, struct comic_err *err)
{
	if (r->at < r->bytes.len)
		return truncated(r, err, "it ends inside a record");
	if (r->open_group)
		return truncated(r, err, "it ends without an end record");
	if (!r->any_group)
		return truncated(r, err, "it holds no begin record");
	return 0;
}

int stream_next(struct stream_reader *r, struct stream_frame *frame, struct comic_err *err)
{
	size_t used = 0;
	uint64_t values = 0;
	enum scan_result got = SCAN_MORE;

	answer_status(r);
	for (;;) {
		if (r->at < r->bytes.len)
			got = scan_count(r->bytes.data + r->at, r->bytes.len - r->at, &used,
					 &values);
		if (got != SCAN_MORE)
			break;
		if (r->eof)
			return at_eof(r, err);
		if (fill(r, err) < 0)
			return -1;
	}
	if (got == SCAN_BAD)
		return corrupt(r, err, "not msgpack, or beyond its limits");
	*frame = (struct stream_frame){
		r->bytes.data + r->at, used, STREAM_OTHER, r->offset + r->at, values,
	};
	if (stream_type_of(frame->data, frame->len, &frame->type, err) < 0)
		return corrupt(r, err, "not a record");
	if (follow_groups(r, frame, err) < 0)
		return -1;
	r->at += used;
	return 1;
}

bool stream_ready(const struct stream_reader *r)
{
	size_t left = r->bytes.len - r->at;
	size_t used = 0;

	return r->eof || (left > 0 && scan_value(r->bytes.data + r->at, left, &used) != SCAN_MORE);
}
