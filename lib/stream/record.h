// SPDX-License-Identifier: MIT
// record.h: what the records of a stream hold, as C structs, and back.
//
// The contract is comic-stream(5). Decoding checks the type of every key it
// knows and that the ones a record cannot do without are there; unknown keys
// are ignored. Texts and msgpack objects point into the frame or the decoder
// and live until the next record_decode().
#ifndef COMIC_RECORD_H
#define COMIC_RECORD_H

#include "base/err.h"
#include "base/output.h"
#include "base/text.h"
#include "stream/reader.h"

#include <msgpack.h>
#include <stdbool.h>
#include <stdint.h>

#define STREAM_VERSION 1

enum file_change { FILE_NEW, FILE_MODIFIED, FILE_TOUCHED, FILE_UNSETTLED };

enum comic_format { FORMAT_CBZ, FORMAT_CBR, FORMAT_CB7, FORMAT_CBT, FORMAT_PDF };

// Why a comic could not be read; comic-extract(1) has a sentence and a remedy for each.
enum fail_code {
	FAIL_NONE, // not a failure: never in a record
	FAIL_UNREADABLE, // it could not be opened or read (permissions, I/O)
	FAIL_EMPTY, // zero bytes
	FAIL_NOT_AN_ARCHIVE, // no comic container at all
	FAIL_ENCRYPTED, // even the list of members needs a password
	FAIL_VOLUME, // one part of a multi-volume archive
	FAIL_UNSUPPORTED, // a kind of archive that cannot be read here
	FAIL_DAMAGED, // an archive whose structure is broken
	FAIL_LIMIT, // reading it would pass a limit
	FAIL_MEMORY, // the worker ran out of memory
	FAIL_TIMEOUT, // the worker did not answer in time
	FAIL_CRASH, // the worker died
	FAIL_CHANGED, // it changed while it was read
};

// A crash and a timeout may have been bad luck: so many in a row, of one state of a file, are
// final.
#define FAIL_ATTEMPTS_MAX 2
bool fail_code_counted(enum fail_code code);

// The names on the wire. fail_code_from and the like return false for an unknown name.
const char *file_change_name(enum file_change change);
const char *comic_format_name(enum comic_format format);
const char *fail_code_name(enum fail_code code);
bool comic_format_from(struct text name, enum comic_format *out);
bool fail_code_from(struct text name, enum fail_code *out);

// What tells one state of a file from another.
struct identity {
	uint64_t size; // bytes
	int64_t mtime; // nanoseconds since the epoch
	uint64_t ino;
	uint64_t dev; // a hint; 0 where the record has none
};

// One struct for every type: the fields named in comic-stream(5) for that type
// are set, the others are zero.
struct record {
	enum stream_type type;
	struct text path; // file moved gone comic fail: bytes, absolute
	struct identity id; // file moved comic fail
	enum file_change change; // file
	struct text from; // moved
	int64_t row; // moved, gone: comic.id
	bool has_row; // false for a gone whose only row is in `failed`
	enum comic_format format; // comic
	uint64_t pages;
	struct text fingerprint; // 32 hex digits, or empty
	const msgpack_object *sources; // array of text, or NULL
	const msgpack_object *meta; // map in the shape of meta.h, or NULL
	const msgpack_object *warnings; // array of text, or NULL
	enum fail_code code; // fail
	struct text reason;
	struct text by; // begin
	const msgpack_object *roots; // begin: array of paths
	bool complete; // begin: this group may delete
	bool has_budget;
	uint64_t budget; // begin, from comic-chunk on: bytes
	uint64_t n; // batch: 1, 2, 3, ...
	uint64_t records; // batch, end
	uint64_t comics; // batch
	uint64_t bytes; // batch
};

// Ready when it is all zero.
struct record_decoder {
	struct arena arena; // of the objects of the record that was decoded last
	bool check_only; // `meta` is checked like all else, but left NULL
};

void record_decoder_clear(struct record_decoder *d);

// The frame is one whole value within the limits of scan.h, as stream_next() yields it.
// 0, or -1: INPUT (the text names the record's type, key and what is wrong with
// it), VERSION (a begin of a newer stream format), NOMEM.
COMIC_MUST_CHECK int record_decode(struct record_decoder *d, const struct stream_frame *frame,
				   struct record *out, struct comic_err *err);

// Only unpacks: *map is the record as a msgpack object, whatever its type.
COMIC_MUST_CHECK int record_unpack(struct record_decoder *d, const struct stream_frame *frame,
				   msgpack_object *map, struct comic_err *err);

// The text of an object: str or bin. False for anything else.
bool record_text(const msgpack_object *o, struct text *out);
// The value under key in a map object, NULL if absent or o is no map.
const msgpack_object *record_get(const msgpack_object *map, const char *key);

// ---- writing ----------------------------------------------------------------------------

// Packs into any struct buf. When one write fails (no memory, or the buf is at its
// maximum) `failed` is set and stays so; what the buf holds is then worthless. Look once,
// at the end.
struct record_packer {
	struct buf *out;
	bool failed;
};

void record_packer_init(struct record_packer *p, struct buf *out);
void pack_map(struct record_packer *p, size_t pairs);
void pack_array(struct record_packer *p, size_t count);
void pack_key(struct record_packer *p, const char *key);
void pack_name(struct record_packer *p, struct text name); // of a key: valid UTF-8
// str if valid UTF-8, else bin.
void pack_text(struct record_packer *p, struct text t);
void pack_unsigned(struct record_packer *p, uint64_t value);
void pack_signed(struct record_packer *p, int64_t value);
void pack_bool(struct record_packer *p, bool value);
void pack_nil(struct record_packer *p);
void pack_double(struct record_packer *p, double value);
// An integer when value is whole, else a float64: one way to write each number.
void pack_decimal(struct record_packer *p, double value);
void pack_bytes(struct record_packer *p, struct text t); // bin
void pack_raw(struct record_packer *p, const void *data, size_t len); // whole values, packed

// Writes whole records to an output, counting those a group's end must name. A record that
// is longer than any reader takes (scan.h) is LIMIT.
struct record_writer {
	struct output *out;
	struct buf scratch;
	uint64_t group_records;
};

void record_writer_init(struct record_writer *w, struct output *out);
void record_writer_clear(struct record_writer *w);
// begin {v, by, roots, complete}; by is "comic-scan 0.1.0". roots may be NULL with count 0.
COMIC_MUST_CHECK int record_write_begin(struct record_writer *w, const char *by,
					const struct text *roots, size_t count, bool complete,
					struct comic_err *err);
// end {records, ...}; pairs of a name and a count follow the records.
struct record_count {
	const char *name;
	uint64_t count;
};
COMIC_MUST_CHECK int record_write_end(struct record_writer *w, const struct record_count *counts,
				      size_t count, struct comic_err *err);
// file, moved, gone, fail or batch, from the fields of its type.
COMIC_MUST_CHECK int record_write(struct record_writer *w, const struct record *r,
				  struct comic_err *err);
// comic, in two steps, to look at the record in between. record_pack_comic() puts it in
// scratch: the envelope from r (path, id), then a packed map's pairs as they are (format,
// pages, ... meta), e.g. a worker's reply: body is the map without its header.
// record_write_packed() writes what is there.
COMIC_MUST_CHECK int record_pack_comic(struct record_writer *w, const struct record *r,
				       size_t pairs, struct text body, struct comic_err *err);
COMIC_MUST_CHECK int record_write_packed(struct record_writer *w, struct comic_err *err);
// A record as it came. Counted like the others unless it is begin, end or batch.
COMIC_MUST_CHECK int record_write_frame(struct record_writer *w, const struct stream_frame *f,
					struct comic_err *err);

#endif
