// SPDX-License-Identifier: MIT
// extraction.c: see extraction.h.

#include "worker/extraction.h"

#include "stream/scan.h"
#include "walk/path.h"
#include "worker/pace.h"
#include "worker/reply.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW ((size_t)128) // entries
#define WINDOW_BYTES ((size_t)16 << 20) // of records held
#define REASON_MAX 1024 // bytes of a worker's
#define KEEP_BYTES ((size_t)64 << 10) // of an entry's buffers, from one use to the next

enum entry_state {
	ENTRY_PASS, // a record that goes out as it came
	ENTRY_WAITING, // a file no worker has yet
	ENTRY_WORKING, // a file a worker has
	ENTRY_SKIPPED, // nothing is to be written
	ENTRY_FAILED, // code and reason are known without a worker
};

struct entry {
	enum entry_state state;
	enum stream_type type; // ENTRY_PASS
	struct buf bytes; // ENTRY_PASS: the record, else the path and a NUL
	struct identity id;
	struct opening opening; // ENTRY_WAITING: it may be opened already
	struct job job;
	bool changed; // ENTRY_WORKING: it was not the same file when its worker was done
	enum fail_code code; // ENTRY_FAILED
	char reason[256];
};

struct extraction {
	struct extraction_options options;
	struct pool *pool;
	struct pace pace;
	struct opener *opener; // NULL: there was no need for threads, or there are none
	bool no_opener; // there are none
	bool crowded; // there were no descriptors: nothing is opened ahead until one is free again
	struct record_decoder decoder;
	struct arena texts; // repaired reasons, one record at a time
	struct entry entries[WINDOW]; // a ring
	size_t first; // the oldest, next to be written
	size_t count;
	size_t waiting_from; // distance from first to the first that may be ENTRY_WAITING
	size_t held; // bytes in the window
	struct extraction_counts total;
	struct extraction_counts group; // since the last begin
};

static void close_entry(struct entry *entry)
{
	if (entry->job.fd >= 0)
		(void)close(entry->job.fd);
	entry->job.fd = -1;
}

// Forgets that the file was opened, if a thread is not at it.
static void close_opening(struct opening *o)
{
	if (atomic_load(&o->state) == OPENING_DONE && o->fd >= 0)
		(void)close(o->fd);
	o->fd = -1;
	atomic_store(&o->state, OPENING_NONE);
}

static struct entry *entry_at(struct extraction *e, size_t distance)
{
	return &e->entries[(e->first + distance) % WINDOW];
}

// Gives up the files that were opened before it was their turn: then no thread opens any either.
static void close_ahead(void *extraction)
{
	struct extraction *e = extraction;

	e->crowded = true;
	for (size_t i = e->waiting_from; i < e->count; i++) {
		struct opening *o = &entry_at(e, i)->opening;

		if (atomic_load(&o->state) == OPENING_ASKED)
			opener_wait(e->opener, o);
		close_opening(o);
	}
}

int extraction_open(struct extraction **out, const struct extraction_options *options,
		    struct comic_err *err)
{
	struct extraction *e = mem_zero(1, sizeof(*e));
	struct pool_options workers = options->pool;

	*out = NULL;
	if (e == NULL)
		return err_set_nomem(err, "extraction");
	workers.free_descriptors = close_ahead;
	workers.owner = e;
	e->options = *options;
	e->decoder.check_only = true;
	for (size_t i = 0; i < WINDOW; i++)
		e->entries[i].job.fd = -1;
	if (pool_open(&e->pool, &workers, err) < 0) {
		extraction_close(e);
		return -1;
	}
	*out = e;
	return 0;
}

void extraction_close(struct extraction *e)
{
	if (e == NULL)
		return;
	pool_close(e->pool);
	opener_free(e->opener);
	for (size_t i = 0; i < WINDOW; i++) {
		close_entry(&e->entries[i]);
		close_opening(&e->entries[i].opening);
		buf_clear(&e->entries[i].bytes);
		buf_clear(&e->entries[i].job.reply);
	}
	record_decoder_clear(&e->decoder);
	arena_clear(&e->texts);
	free(e);
}

bool extraction_has_room(const struct extraction *e)
{
	return e->count < WINDOW && e->held < WINDOW_BYTES;
}

bool extraction_idle(const struct extraction *e)
{
	return e->count == 0;
}

struct extraction_counts extraction_total(const struct extraction *e)
{
	return e->total;
}

static int add_entry(struct extraction *e, enum entry_state state, const void *bytes, size_t len,
		     struct comic_err *err)
{
	struct entry *entry = entry_at(e, e->count);

	entry->bytes.len = 0;
	if (buf_add(&entry->bytes, bytes, len) < 0)
		return err_set_nomem(err, "extraction");
	entry->state = state;
	e->held += len;
	e->count++;
	return 0;
}

int extraction_pass(struct extraction *e, const struct stream_frame *frame, struct comic_err *err)
{
	if (add_entry(e, ENTRY_PASS, frame->data, frame->len, err) < 0)
		return -1;
	entry_at(e, e->count - 1)->type = frame->type;
	return 0;
}

int extraction_add(struct extraction *e, struct text path, const struct identity *id,
		   struct comic_err *err)
{
	struct entry *entry = entry_at(e, e->count);

	if (add_entry(e, ENTRY_WAITING, path.data, path.len, err) < 0)
		return -1;
	if (buf_add_byte(&entry->bytes, '\0') < 0)
		return err_set_nomem(err, "extraction");
	e->held++;
	entry->id = *id;
	entry->opening.path = (const char *)entry->bytes.data;
	return 0;
}

// ---- to the workers -----------------------------------------------------------------------

static struct text path_of(const struct entry *entry)
{
	return (struct text){ (const char *)entry->bytes.data, entry->bytes.len - 1 };
}

COMIC_PRINTF(3, 4)
static void fail(struct entry *entry, enum fail_code code, const char *fmt, ...)
{
	va_list args;

	entry->state = ENTRY_FAILED;
	entry->code = code;
	va_start(args, fmt);
	(void)vsnprintf(entry->reason, sizeof(entry->reason), fmt, args);
	va_end(args);
}

static void skip(struct extraction *e, struct entry *entry, const char *why, bool missing)
{
	const struct extraction_events *events = &e->options.events;

	entry->state = ENTRY_SKIPPED;
	events->skipped(events->context, path_of(entry), why, missing);
}

// True if a worker has a file, which will be closed when it is done.
static bool any_open(struct extraction *e)
{
	for (size_t i = 0; i < e->waiting_from; i++) {
		if (entry_at(e, i)->job.fd >= 0)
			return true;
	}
	return false;
}

// Threads that open files, if there are descriptors for what they open.
static bool have_opener(struct extraction *e)
{
	struct rlimit files;

	if (e->opener != NULL || e->no_opener)
		return e->opener != NULL;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= 4 * WINDOW)
		e->opener = opener_new();
	e->no_opener = e->opener == NULL;
	return e->opener != NULL;
}

static void open_now(struct extraction *e, struct entry *entry)
{
	entry->opening.prefetch = pace_prefetch(&e->pace);
	opening_do(&entry->opening);
}

static bool lacks_descriptors(const struct opening *o)
{
	return o->fd < 0 && (o->error == EMFILE || o->error == ENFILE);
}

// Opens the entry's file; what the records say of it is what it is now.
static int open_entry(struct extraction *e, struct entry *entry, struct comic_err *err)
{
	struct opening *o = &entry->opening;

	if (atomic_load(&o->state) != OPENING_DONE)
		open_now(e, entry);
	pace_note(&e->pace, o);
	if (lacks_descriptors(o) && e->opener != NULL) {
		close_ahead(e);
		open_now(e, entry);
	}
	entry->job.fd = o->fd;
	o->fd = -1;
	atomic_store(&o->state, OPENING_NONE);
	if (entry->job.fd >= 0 && S_ISREG(o->st.st_mode)) {
		entry->id = path_identity(&o->st);
	} else if (entry->job.fd >= 0) {
		skip(e, entry, S_ISDIR(o->st.st_mode) ? "a folder (comic-scan walks folders)" :
							"not a regular file", false);
	} else if (lacks_descriptors(o)) {
		errno = o->error;
		if (!any_open(e))
			return err_set_errno(err, "%s: open", o->path);
		entry->state = ENTRY_WAITING;
	} else if (o->error == ENOENT || o->error == ENOTDIR) {
		skip(e, entry, "no such file", true);
	} else {
		fail(entry, FAIL_UNREADABLE, "%s: %s", o->failed, strerror(o->error));
	}
	return 0;
}

static int start_entry(struct extraction *e, struct entry *entry, struct comic_err *err)
{
	entry->state = ENTRY_WORKING;
	entry->job.state = JOB_NEW;
	entry->changed = false;
	if (e->options.open_files && open_entry(e, entry, err) < 0)
		return -1;
	if (entry->state != ENTRY_WORKING) {
		close_entry(entry);
		return 0;
	}
	entry->job.size = entry->id.size;
	entry->job.name = path_base(path_of(entry));
	// A ZIP's list is read in a moment, others may have to be unpacked.
	entry->job.cost = text_ends_nocase(entry->job.name, ".cbz") ? 1 : POOL_COST_LONG;
	return pool_submit(e->pool, &entry->job, err);
}

// Bytes of replies that wait for an older file's.
static size_t replies_held(struct extraction *e)
{
	size_t held = 0;

	for (size_t i = 0; i < e->waiting_from; i++) {
		const struct entry *entry = entry_at(e, i);

		if (entry->state == ENTRY_WORKING && entry->job.state == JOB_DONE)
			held += entry->job.reply.len;
	}
	return held;
}

// Has the next files opened by threads, where there are any.
static void open_ahead(struct extraction *e)
{
	size_t end = e->waiting_from + OPENER_AHEAD;

	if (!e->pace.slow || e->crowded || !have_opener(e))
		return;
	for (size_t i = e->waiting_from; i < e->count && i < end; i++) {
		struct entry *entry = entry_at(e, i);

		if (entry->state != ENTRY_WAITING ||
		    atomic_load(&entry->opening.state) != OPENING_NONE)
			continue;
		entry->opening.prefetch = true;
		if (!opener_ask(e->opener, &entry->opening))
			break;
	}
}

// The oldest file is always with a worker already, so holding the others back
// when replies pile up cannot stop everything.
static int start_waiting(struct extraction *e, struct comic_err *err)
{
	if (replies_held(e) >= WINDOW_BYTES)
		return 0;
	open_ahead(e);
	while (e->waiting_from < e->count && pool_has_room(e->pool)) {
		struct entry *entry = entry_at(e, e->waiting_from);

		if (atomic_load(&entry->opening.state) == OPENING_ASKED)
			break; // until it is opened
		if (entry->state == ENTRY_WAITING && start_entry(e, entry, err) < 0)
			return -1;
		if (entry->state == ENTRY_WAITING)
			break; // no descriptor until another file is done
		e->waiting_from++;
	}
	return pool_send(e->pool, err);
}

// ---- to the output ------------------------------------------------------------------------

static int write_fail(struct extraction *e, struct entry *entry, enum fail_code code,
		      struct text reason, struct comic_err *err)
{
	const struct extraction_events *events = &e->options.events;
	struct record r = { .type = STREAM_FAIL, .path = path_of(entry), .id = entry->id };
	char shown[sizeof(entry->reason)];

	r.code = code;
	r.reason = text_repair(&e->texts, reason);
	if (r.reason.data == NULL)
		return err_set_nomem(err, "extraction");
	(void)snprintf(shown, sizeof(shown), "%.*s", (int)r.reason.len, r.reason.data);
	events->failed(events->context, r.path, code, shown);
	e->total.failed++;
	e->group.failed++;
	return record_write(e->options.writer, &r, err);
}

static bool same_identity(const struct identity *a, const struct identity *b)
{
	return a->size == b->size && a->mtime == b->mtime && a->ino == b->ino && a->dev == b->dev;
}

// The record as it will be written, checked like any record of a stream: the
// pairs come from a process that read hostile bytes.
static int check_packed(struct extraction *e, const struct entry *entry, bool *sound,
			struct comic_err *err)
{
	struct record_writer *w = e->options.writer;
	struct stream_frame frame = { w->scratch.data, w->scratch.len, STREAM_COMIC, 0, 0 };
	struct record r;
	size_t used = 0;

	*sound = false;
	// A frame of a stream has passed here already: nothing in it is too deep for the next one.
	if (scan_value(frame.data, frame.len, &used) != SCAN_WHOLE || used != frame.len)
		return 0;
	if (record_decode(&e->decoder, &frame, &r, err) < 0)
		return err->code == COMIC_ERR_NOMEM ? -1 : 0;
	*sound = text_equal(r.path, path_of(entry)) && same_identity(&r.id, &entry->id);
	return 0;
}

static int write_reply(struct extraction *e, struct entry *entry, struct comic_err *err)
{
	struct text bytes = { (const char *)entry->job.reply.data, entry->job.reply.len };
	struct record r = { .type = STREAM_COMIC, .path = path_of(entry), .id = entry->id };
	struct reply reply;
	bool sound = false;

	if (!reply_read(bytes, &reply))
		return write_fail(e, entry, FAIL_CRASH, TEXT("the worker sent a broken reply"),
				  err);
	if (reply.reason.len > REASON_MAX)
		reply.reason.len = REASON_MAX;
	if (reply.code != FAIL_NONE)
		return write_fail(e, entry, reply.code, reply.reason, err);
	if (record_pack_comic(e->options.writer, &r, reply.pairs, reply.body, err) < 0 ||
	    check_packed(e, entry, &sound, err) < 0)
		return -1;
	if (!sound)
		return write_fail(e, entry, FAIL_CRASH, TEXT("the worker sent a broken record"),
				  err);
	e->total.comics++;
	e->group.comics++;
	return record_write_packed(e->options.writer, err);
}

// True if the file is not what it was when it was opened.
static bool has_changed(const struct entry *entry)
{
	struct stat st;
	struct identity after;

	if (fstat(entry->job.fd, &st) < 0)
		return true;
	after = path_identity(&st);
	return !path_identity_equal(&after, &entry->id);
}

static int write_worked(struct extraction *e, struct entry *entry, struct comic_err *err)
{
	if (entry->changed)
		return write_fail(e, entry, FAIL_CHANGED, TEXT("it changed while it was read"),
				  err);
	if (entry->job.code != FAIL_NONE)
		return write_fail(e, entry, entry->job.code, text_from(entry->job.reason), err);
	return write_reply(e, entry, err);
}

int extraction_end_group(struct extraction *e, struct comic_err *err)
{
	struct record_count counts[] = {
		{ "comics", e->group.comics },
		{ "failed", e->group.failed },
		{ "skipped", e->group.skipped },
	};

	return record_write_end(e->options.writer, counts, COMIC_COUNT(counts), err);
}

static int write_passed(struct extraction *e, const struct entry *entry, struct comic_err *err)
{
	struct stream_frame frame = { entry->bytes.data, entry->bytes.len, entry->type, 0, 0 };

	if (entry->type == STREAM_BEGIN)
		e->group = (struct extraction_counts){ 0 };
	if (entry->type == STREAM_END)
		return extraction_end_group(e, err);
	return record_write_frame(e->options.writer, &frame, err);
}

static int write_entry(struct extraction *e, struct entry *entry, struct comic_err *err)
{
	arena_reset(&e->texts, KEEP_BYTES);
	switch (entry->state) {
	case ENTRY_PASS:
		return write_passed(e, entry, err);
	case ENTRY_FAILED:
		return write_fail(e, entry, entry->code, text_from(entry->reason), err);
	case ENTRY_WORKING:
		return write_worked(e, entry, err);
	case ENTRY_SKIPPED:
		e->total.skipped++;
		e->group.skipped++;
		return 0;
	case ENTRY_WAITING:
		break;
	}
	return err_set(err, COMIC_ERR_BUG, "extraction: a waiting entry was written");
}

static void release(struct extraction *e, struct entry *entry)
{
	close_entry(entry);
	e->held -= entry->bytes.len;
	if (entry->bytes.room > KEEP_BYTES)
		buf_clear(&entry->bytes);
	if (entry->job.reply.room > KEEP_BYTES)
		buf_clear(&entry->job.reply);
	e->first = (e->first + 1) % WINDOW;
	e->count--;
	e->waiting_from -= e->waiting_from > 0;
}

static bool is_ready(const struct entry *entry)
{
	return entry->state != ENTRY_WAITING &&
	       (entry->state != ENTRY_WORKING || entry->job.state == JOB_DONE);
}

static int write_ready(struct extraction *e, struct comic_err *err)
{
	while (e->count > 0) {
		struct entry *entry = entry_at(e, 0);

		if (!is_ready(entry))
			break;
		if (write_entry(e, entry, err) < 0)
			return -1;
		release(e, entry);
	}
	return 0;
}

// A file is closed when its worker is done, not when it is its turn to be written: a process
// may have fewer files open than stand in the window.
static void close_done(struct extraction *e)
{
	for (size_t i = 0; i < e->waiting_from; i++) {
		struct entry *entry = entry_at(e, i);

		if (entry->job.fd < 0 || !is_ready(entry))
			continue;
		entry->changed = has_changed(entry);
		close_entry(entry);
		e->crowded = false;
	}
}

// Waits for a worker, an opened file or the input.
static int wait_for_any(struct extraction *e, struct pollfd *input, struct comic_err *err)
{
	struct pollfd others[POOL_OTHERS];
	size_t count = 0;

	if (e->opener != NULL)
		others[count++].fd = opener_fd(e->opener);
	if (input != NULL)
		others[count++].fd = input->fd;
	if (pool_wait(e->pool, others, count, err) < 0)
		return -1;
	if (e->opener != NULL && others[0].revents != 0)
		opener_hear(e->opener);
	if (input != NULL)
		input->revents = others[count - 1].revents;
	return 0;
}

int extraction_wait(struct extraction *e, struct pollfd *input, struct comic_err *err)
{
	bool idle = e->count == 0;

	if (start_waiting(e, err) < 0 || write_ready(e, err) < 0)
		return -1;
	if (e->count == 0 && (input == NULL || !idle))
		return 0;
	if (wait_for_any(e, input, err) < 0)
		return -1;
	close_done(e);
	// Workers first: they are to have the next files while we write.
	if (start_waiting(e, err) < 0)
		return -1;
	return write_ready(e, err);
}
