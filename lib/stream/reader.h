// SPDX-License-Identifier: MIT
// reader.h: a record stream, one record at a time, in bounded memory.
//
// The reader knows the frame (msgpack maps one after another, each with a "t")
// and the groups (begin ... end); what a record holds is record.h's business.
// The rules are those of comic-stream(5): records stand inside a group, except
// batch and unknown types; a begin inside an open group, the end of input
// inside a group or before any, or an end whose count differs from what came,
// is a truncated stream.
#ifndef COMIC_READER_H
#define COMIC_READER_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum stream_type {
	STREAM_OTHER, // a type this version does not know: pass it through
	STREAM_BEGIN,
	STREAM_FILE,
	STREAM_MOVED,
	STREAM_GONE,
	STREAM_COMIC,
	STREAM_FAIL,
	STREAM_BATCH,
	STREAM_END,
};

// The name of a type as it stands under "t"; "" for STREAM_OTHER.
const char *stream_type_name(enum stream_type type);

// One record as it came. The bytes are valid until the next stream_next().
struct stream_frame {
	const uint8_t *data;
	size_t len;
	enum stream_type type;
	uint64_t offset; // of its first byte in the stream, for messages
	uint64_t values; // it is made of, see scan_count()
};

struct stream_reader {
	int fd;
	const char *name; // for messages
	// If set, called before each read from fd; -1 ends the reading.
	int (*before_read)(void *context, int fd, struct comic_err *err);
	void *context;
	// If set, called after each SIGUSR1, also while input is waited for.
	void (*status)(void *context);
	void *status_context;
	struct buf bytes;
	size_t at; // of the next record in bytes
	uint64_t offset; // of bytes.data[0] in the stream
	bool eof;
	bool open_group;
	bool any_group;
	uint64_t group_records; // since the open begin; begin, end and batch not counted
};

// Reads from fd, which stays the caller's. name must outlive the reader.
void stream_reader_init(struct stream_reader *r, int fd, const char *name);
void stream_reader_clear(struct stream_reader *r);

// 1: *frame is the next record. 0: the end of a whole stream.
// -1: err is INPUT (not a stream; the text has the byte offset), TRUNCATED, IO,
// NOMEM or INTERRUPTED.
COMIC_MUST_CHECK int stream_next(struct stream_reader *r, struct stream_frame *frame,
				 struct comic_err *err);
// True if stream_next() can return without waiting for input.
bool stream_ready(const struct stream_reader *r);

// The type of a record given as whole, scanned bytes; -1 (INPUT) if it is not a
// map with a text under "t". Only the outermost keys are looked at.
COMIC_MUST_CHECK int stream_type_of(const uint8_t *data, size_t len, enum stream_type *type,
				    struct comic_err *err);

#endif
