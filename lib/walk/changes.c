// SPDX-License-Identifier: MIT
// changes.c: see changes.h.

#include "walk/changes.h"

#include "base/interrupt.h"
#include "walk/path.h"

#include <string.h>
#include <time.h>

#define PAUSE_FILES 4096
#define UNSTABLE_ROWS 1000 // so many in a row differ in their inode alone: it says nothing

static int begin_root(struct changes *c, struct change *change, struct comic_err *err);
static int join(struct changes *c, struct change *change, struct comic_err *err);
static int report_gone(struct changes *c, struct change *change, struct comic_err *err);
static int report_file(struct changes *c, struct change *change, enum file_change kind);

static struct roots_rules roots_rules(const struct changes *c)
{
	return (struct roots_rules){ c->known, c->ignore, c->allow_empty };
}

int changes_start(struct changes *c, struct comic_err *err)
{
	struct roots_rules rules = roots_rules(c);

	c->moves = (struct move_finder){ .known = c->known, .gone = &c->gone, .roots = c->roots };
	for (size_t i = 0; i < c->roots->count; i++) {
		if (roots_examine(c->roots, &c->roots->items[i], &rules, err) < 0)
			return -1;
	}
	return 0;
}

void changes_clear(struct changes *c)
{
	walk_close(c->walk);
	gone_clear(&c->gone);
	move_clear(&c->moves);
	buf_clear(&c->exempt);
}

int changes_next(struct changes *c, struct change *change, struct comic_err *err)
{
	int got = 0;

	if (interrupt_check(err) < 0)
		return -1;
	if (c->read_again) {
		c->read_again = false;
		return report_file(c, change, FILE_MODIFIED);
	}
	while (got == 0 && (c->in_root || c->root < c->roots->count))
		got = c->in_root ? join(c, change, err) : begin_root(c, change, err);
	return got != 0 ? got : report_gone(c, change, err);
}

// ---- items --------------------------------------------------------------------------------

static int report(struct change *change, enum change_kind kind, struct text path, const char *why)
{
	*change = (struct change){ .kind = kind, .path = path, .why = why };
	return 1;
}

// The file of the event, which stays valid until the next one is asked for.
static int report_file(struct changes *c, struct change *change, enum file_change kind)
{
	uint64_t *counts[] = {
		[FILE_NEW] = &c->counts.new_files,
		[FILE_MODIFIED] = &c->counts.modified,
		[FILE_TOUCHED] = &c->counts.touched,
		[FILE_UNSETTLED] = &c->counts.unsettled,
	};

	++*counts[kind];
	(void)report(change, CHANGE_RECORD, c->event.path, NULL);
	change->record = (struct record){
		.type = STREAM_FILE,
		.path = c->event.path,
		.id = c->event.id,
		.change = kind,
	};
	return 1;
}

static int report_moved(struct changes *c, struct change *change, const struct known_file *from)
{
	struct text old = { from->path, from->len };

	c->counts.moved++;
	(void)report(change, CHANGE_RECORD, c->event.path, NULL);
	change->record = (struct record){
		.type = STREAM_MOVED,
		.path = c->event.path,
		.id = c->event.id,
		.from = old,
		.row = from->comic,
		.has_row = true,
	};
	// The file name is a source of metadata: a new one has to be read.
	c->read_again = c->rules.all || !text_equal(path_base(old), path_base(c->event.path));
	return 1;
}

static int report_gone(struct changes *c, struct change *change, struct comic_err *err)
{
	struct gone_row row;
	int got = gone_next(&c->gone, &row, err);

	if (got <= 0)
		return got;
	c->counts.gone++;
	(void)report(change, CHANGE_RECORD, row.path, NULL);
	change->record = (struct record){
		.type = STREAM_GONE,
		.path = row.path,
		.row = row.comic,
		.has_row = row.has_comic,
	};
	return 1;
}

// ---- one root -----------------------------------------------------------------------------

// 1 if the first UNSTABLE_ROWS comics below the root are all as they were but for their inodes.
// One stat(2) in an ordinary run: the first comic that is the same settles it.
static int has_unstable_inodes(struct changes *c, struct text root, struct comic_err *err)
{
	unsigned int rows = 0;
	int got = known_start(c->known, root, err);

	while (got >= 0 && rows < UNSTABLE_ROWS && (got = known_next(c->known, &c->row, err)) > 0) {
		struct identity now;
		struct stat st;

		if (!c->row.has_comic)
			continue;
		if (path_stat(c->row.path.data, &st) < 0)
			return 0;
		now = path_identity(&st);
		if (!path_identity_equal(&now, &c->row.comic_id) || now.ino == c->row.comic_id.ino)
			return 0;
		rows++;
	}
	return got < 0 ? -1 : rows == UNSTABLE_ROWS;
}

static int refuse_root(struct changes *c, struct change *change, struct text path, const char *why)
{
	c->counts.refused++;
	return report(change, CHANGE_REFUSED, path, why);
}

static int begin_root(struct changes *c, struct change *change, struct comic_err *err)
{
	const struct root *root = &c->roots->items[c->root];
	int unstable = 0;

	if (root->refused != NULL) {
		c->root++;
		return refuse_root(c, change, root->path, root->refused);
	}
	if (!root->forget) {
		unstable = has_unstable_inodes(c, root->path, err);
		if (unstable < 0 || walk_open(&c->walk, root->path, c->ignore, err) < 0)
			return -1;
	}
	if (known_start(c->known, root->path, err) < 0)
		return -1;
	c->rules.unstable_inodes = unstable == 1;
	c->in_root = true;
	c->root_refused = false;
	c->root_files = 0;
	c->has_event = false;
	c->walk_ended = root->forget;
	c->has_row = false;
	c->rows_ended = false;
	c->exempt.len = 0;
	return 0;
}

// What went missing does not count if the root proves not to be trustworthy after all.
static int end_root(struct changes *c, struct change *change, struct comic_err *err)
{
	struct roots_rules rules = roots_rules(c);
	size_t number = c->root++;
	struct root *root = &c->roots->items[number];

	walk_close(c->walk);
	c->walk = NULL;
	c->in_root = false;
	if (!root->forget && !c->root_refused && c->root_files == 0 &&
	    roots_examine(c->roots, root, &rules, err) < 0)
		return -1;
	if (!c->root_refused && root->refused == NULL)
		return 0;
	if (gone_forget_root(&c->gone, number, err) < 0)
		return -1;
	if (c->root_refused)
		return 0; // was reported when it happened
	return refuse_root(c, change, root->path, root->refused);
}

// ---- the merge join -----------------------------------------------------------------------

// True if the database knows nothing of this file at its path: what failed there was another one.
static bool may_have_moved(const struct known_row *row, const struct identity *file)
{
	return row == NULL || (!row->has_comic && !path_identity_equal(&row->failed_id, file));
}

static int on_file(struct changes *c, const struct known_row *row, struct change *change,
		   struct comic_err *err)
{
	struct known_file from;
	struct timespec now = { 0, 0 };
	enum verdict verdict = VERDICT_UNCHANGED;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	verdict = verdict_of(row, &c->event.id, &c->rules,
			     (int64_t)now.tv_sec * INT64_C(1000000000) + now.tv_nsec);
	c->counts.files++;
	c->root_files++;
	if (may_have_moved(row, &c->event.id) && !c->rules.unstable_inodes) {
		int moved = move_find(&c->moves, &c->event, &from, err);

		if (moved != 0)
			return moved < 0 ? -1 : report_moved(c, change, &from);
	}
	switch (verdict) {
	case VERDICT_NEW:
		return report_file(c, change, FILE_NEW);
	case VERDICT_MODIFIED:
		return report_file(c, change, FILE_MODIFIED);
	case VERDICT_TOUCHED:
		return report_file(c, change, FILE_TOUCHED);
	case VERDICT_UNSETTLED:
		return report_file(c, change, FILE_UNSETTLED);
	case VERDICT_UNCHANGED:
		break;
	}
	c->counts.unchanged++;
	if (c->counts.files % PAUSE_FILES == 0)
		return report(change, CHANGE_PAUSE, c->event.path, NULL);
	return 0;
}

// From now on rows at or below path are not missing. Rows come in path order, so one path is
// enough.
static int on_unreadable(struct changes *c, struct change *change, struct comic_err *err)
{
	c->exempt.len = 0;
	if (buf_add(&c->exempt, c->event.path.data, c->event.path.len) < 0)
		return err_set_nomem(err, "an unreadable folder");
	c->counts.unreadable++;
	return report(change, CHANGE_UNREADABLE, c->event.path, c->event.why);
}

static bool is_exempt(const struct changes *c, struct text path)
{
	size_t len = c->exempt.len;

	if (len == 0 || path.len < len || memcmp(path.data, c->exempt.data, len) != 0)
		return false;
	return path.len == len || c->exempt.data[len - 1] == '/';
}

static int on_missing(struct changes *c, struct comic_err *err)
{
	struct gone_row row = {
		.path = c->row.path,
		.has_comic = c->row.has_comic,
		.comic = c->row.comic,
	};

	if (is_exempt(c, row.path))
		return 0;
	return gone_add(&c->gone, &row, c->row.has_failed, c->root, err);
}

static int on_event(struct changes *c, const struct known_row *row, struct change *change,
		    struct comic_err *err)
{
	switch (c->event.kind) {
	case WALK_FILE:
		return on_file(c, row, change, err);
	case WALK_SKIPPED:
		return report(change, CHANGE_NOTE, c->event.path, c->event.why);
	case WALK_UNREADABLE:
		return on_unreadable(c, change, err);
	case WALK_REFUSED:
		break;
	}
	c->root_refused = true;
	c->roots->items[c->root].refused = "refused half way";
	c->rows_ended = true;
	c->has_row = false;
	return refuse_root(c, change, c->event.path, c->event.why);
}

// Makes sure that the next event and the next row are there, if there are any.
static int fetch(struct changes *c, struct comic_err *err)
{
	int got = 0;

	if (!c->has_event && !c->walk_ended) {
		got = walk_next(c->walk, &c->event, err);
		c->has_event = got == 1;
		c->walk_ended = got == 0;
	}
	if (got >= 0 && !c->has_row && !c->rows_ended) {
		got = known_next(c->known, &c->row, err);
		c->has_row = got == 1;
		c->rows_ended = got == 0;
	}
	return got < 0 ? -1 : 0;
}

static int join(struct changes *c, struct change *change, struct comic_err *err)
{
	int order = -1; // of the row and the event; the one that is not there comes last
	bool found = false;

	if (fetch(c, err) < 0)
		return -1;
	if (!c->has_event && !c->has_row)
		return end_root(c, change, err);
	if (c->has_event)
		order = c->has_row ? text_compare(c->row.path, c->event.path) : 1;
	if (order < 0) {
		c->has_row = false;
		return on_missing(c, err);
	}
	c->has_event = false;
	found = order == 0 && c->event.kind == WALK_FILE;
	if (found)
		c->has_row = false;
	return on_event(c, found ? &c->row : NULL, change, err);
}
