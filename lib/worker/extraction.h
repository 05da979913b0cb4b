// SPDX-License-Identifier: MIT
// extraction.h: files in, comic and fail records out, in the order they came.
//
// The parent's half of comic-extract. A window of entries stands between the
// input and the output: files waiting for a worker, replies waiting for an
// older file, and records that only pass through. It is bounded in entries and
// in bytes, so a slow comic stops the input and not the machine.
#ifndef COMIC_EXTRACTION_H
#define COMIC_EXTRACTION_H

#include "stream/record.h"
#include "worker/pool.h"

// What the program is told as it happens, for its messages. path is bytes.
struct extraction_events {
	void *context;
	void (*failed)(void *context, struct text path, enum fail_code code, const char *reason);
	void (*skipped)(void *context, struct text path, const char *why, bool missing);
};

struct extraction_counts {
	uint64_t comics;
	uint64_t failed;
	uint64_t skipped; // gone meanwhile, or no regular file
};

struct extraction;

// writer and events stay the caller's. open_files false: no file is opened or
// asked for its identity; records tell what the name alone does.
struct extraction_options {
	struct pool_options pool;
	struct record_writer *writer;
	struct extraction_events events;
	bool open_files;
};

COMIC_MUST_CHECK int extraction_open(struct extraction **out,
				     const struct extraction_options *options,
				     struct comic_err *err);
void extraction_close(struct extraction *e); // NULL is fine

// True if one more record or file may be added now.
bool extraction_has_room(const struct extraction *e);
// A record that only passes through; a begin starts a group, an end is replaced
// by this stage's own with its counts since the begin.
COMIC_MUST_CHECK int extraction_pass(struct extraction *e, const struct stream_frame *frame,
				     struct comic_err *err);
// A file to read, by its absolute path; id is what the scan saw, used only
// where files are not opened.
COMIC_MUST_CHECK int extraction_add(struct extraction *e, struct text path,
				    const struct identity *id, struct comic_err *err);
// Waits for workers or *input (NULL for none) and writes what is ready. Once all is written it
// returns rather than waits: the caller may want to flush.
COMIC_MUST_CHECK int extraction_wait(struct extraction *e, struct pollfd *input,
				     struct comic_err *err);
// Writes the end of a group whose begin the caller wrote itself. Only when idle.
COMIC_MUST_CHECK int extraction_end_group(struct extraction *e, struct comic_err *err);
bool extraction_idle(const struct extraction *e); // nothing waits to be written
struct extraction_counts extraction_total(const struct extraction *e);

#endif
