// SPDX-License-Identifier: MIT
// batch.c: see batch.h. What a comic record says is taken apart in decode.c.

#include "database/batch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_KEPT ((size_t)1 << 20) // bytes kept for the next batch

static int no_memory(struct comic_err *err)
{
	return err_set_nomem(err, "reading a batch");
}

static struct text copy_text(struct arena *a, struct text t)
{
	return (struct text){ arena_copy(a, t.data, t.len), t.len };
}

int batch_begin_group(struct batch *b, const struct record *r, struct comic_err *err)
{
	size_t count = r->roots == NULL ? 0 : r->roots->via.array.size;

	arena_reset(&b->group, 0);
	b->root_count = 0;
	b->complete = r->complete;
	if (!r->complete || count == 0)
		return 0;
	b->roots = arena_alloc(&b->group, count * sizeof(*b->roots));
	if (b->roots == NULL)
		return no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct text root = TEXT("");

		(void)record_text(&r->roots->via.array.ptr[i], &root);
		b->roots[i] = copy_text(&b->group, root);
		if (b->roots[i].data == NULL)
			return no_memory(err);
		b->root_count++;
	}
	return 0;
}

// The longest root of the group that the path is, or is below.
static struct text root_of(const struct batch *b, struct text path)
{
	struct text best = TEXT("");

	for (size_t i = 0; i < b->root_count; i++) {
		struct text root = b->roots[i];
		bool below = path.len >= root.len && root.len > best.len &&
			     memcmp(path.data, root.data, root.len) == 0;

		if (below && (path.len == root.len || root.len == 1 || path.data[root.len] == '/'))
			best = root;
	}
	return best;
}

// The path's state, made if it is new; NULL: no memory.
static struct path_state *state_of(struct batch *b, struct text path, uint32_t *number)
{
	size_t known = b->paths.count;

	*number = intern_add(&b->paths, path);
	if (*number == INTERN_NONE ||
	    mem_grow(&b->states, &b->state_room, b->paths.count, sizeof(*b->states)) < 0)
		return NULL;
	if (*number == known)
		b->states[*number] = (struct path_state){ 0 };
	return &b->states[*number];
}

static int add_comic(struct batch *b, const struct record *r, struct path_state *s, uint32_t number)
{
	struct comic *comic = batch_decode(b, r, b->paths.keys[number].text);

	if (comic == NULL)
		return -1;
	s->comic = comic;
	s->success = true;
	s->failure = NULL;
	s->decided = true;
	return 0;
}

// How often a file has failed in a row; see failures.c, which goes on counting.
static uint32_t attempts(const struct failure *before, enum fail_code code)
{
	if (before == NULL || !fail_code_counted(before->code) || !fail_code_counted(code))
		return 1;
	return before->attempts < FAIL_ATTEMPTS_MAX ? before->attempts + 1 : FAIL_ATTEMPTS_MAX;
}

static struct failure *new_failure(struct batch *b, struct path_state *s, uint32_t number)
{
	struct failure *f = arena_zero(&b->arena, sizeof(*f));

	if (f != NULL) {
		f->path = b->paths.keys[number].text;
		f->fresh = s->success || s->failure != NULL;
	}
	return f;
}

static bool same_state(const struct failure *f, const struct record *r)
{
	return f->id.size == r->id.size && f->id.mtime == r->id.mtime;
}

static int add_fail(struct batch *b, const struct record *r, struct path_state *s, uint32_t number)
{
	bool again = s->failure != NULL && same_state(s->failure, r);
	struct failure *f = again ? s->failure : new_failure(b, s, number);
	struct text reason = r->reason.len == 0 ? TEXT("") : text_repair(&b->arena, r->reason);

	if (f == NULL || reason.data == NULL)
		return -1;
	f->attempts = attempts(again ? f : NULL, r->code);
	f->id = r->id;
	f->code = r->code;
	f->reason = copy_text(&b->arena, reason);
	s->failure = f;
	s->decided = true;
	return f->reason.data == NULL ? -1 : 0;
}

static int add_gone(struct batch *b, const struct record *r, struct path_state *s, uint32_t number)
{
	struct gone *g = NULL;

	if (!b->complete)
		return 0;
	g = arena_zero(&b->arena, sizeof(*g));
	if (g == NULL)
		return -1;
	g->path = b->paths.keys[number].text;
	g->has_row = r->has_row;
	g->row = r->row;
	g->root = copy_text(&b->arena, root_of(b, r->path));
	s->gone = g;
	return g->root.data == NULL ? -1 : 0;
}

static int left_root(struct batch *b, const struct record *r, struct text *out)
{
	struct text root = root_of(b, r->from);

	*out = TEXT("");
	if (root.len > 0 && !text_equal(root, root_of(b, r->path)))
		*out = copy_text(&b->arena, root);
	return out->data == NULL ? -1 : 0;
}

static int add_move(struct batch *b, const struct record *r, struct path_state *s, uint32_t number)
{
	struct move m = { .path = number, .id = r->id, .row = r->row };

	s->success = true;
	s->failure = NULL;
	s->decided = false;
	if (r->type == STREAM_MOVED) {
		struct path_state *from = state_of(b, r->from, &number);

		if (from == NULL)
			return -1;
		from->success = true;
		from->failure = NULL;
		m.from = b->paths.keys[number].text;
		if (left_root(b, r, &m.left) < 0)
			return -1;
		m.folder = refs_folder(&b->refs, r->path);
		if (m.folder == REF_NONE)
			return -1;
	}
	if (mem_grow(&b->moves, &b->move_room, b->move_count + 1, sizeof(*b->moves)) < 0)
		return -1;
	b->moves[b->move_count++] = m;
	return 0;
}

static int not_extracted(const struct record *r, struct comic_err *err)
{
	return err_set(err, COMIC_ERR_INPUT,
		       "%.*s: load: not extracted: pipe the stream through comic-extract",
		       (int)(r->path.len < 512 ? r->path.len : 512), r->path.data);
}

int batch_add(struct batch *b, const struct record *r, size_t bytes, struct comic_err *err)
{
	uint32_t number = 0;
	struct path_state *s = NULL;
	int status = 0;

	b->records++;
	b->bytes += bytes;
	if (r->type == STREAM_FILE && r->change == FILE_UNSETTLED)
		return 0;
	if (r->type == STREAM_FILE && r->change != FILE_TOUCHED)
		return not_extracted(r, err);
	s = state_of(b, r->path, &number);
	if (s == NULL)
		return no_memory(err);
	if (r->type != STREAM_GONE) {
		s->gone = NULL;
		s->present = true;
	}
	switch (r->type) {
	case STREAM_COMIC:
		status = add_comic(b, r, s, number);
		break;
	case STREAM_FAIL:
		status = add_fail(b, r, s, number);
		break;
	case STREAM_GONE:
		status = add_gone(b, r, s, number);
		break;
	case STREAM_FILE:
	case STREAM_MOVED:
		status = add_move(b, r, s, number);
		break;
	case STREAM_BEGIN:
	case STREAM_END:
	case STREAM_BATCH:
	case STREAM_OTHER:
		return err_set(err, COMIC_ERR_BUG, "batch: %s record", stream_type_name(r->type));
	}
	return status < 0 ? no_memory(err) : 0;
}

static bool has_comic(const struct batch *b, struct text path)
{
	uint32_t number = intern_find(&b->paths, path);

	return number != INTERN_NONE && b->states[number].comic != NULL;
}

bool batch_must_end(const struct batch *b, const struct record *r)
{
	if (r->type == STREAM_MOVED)
		return has_comic(b, r->path) || has_comic(b, r->from);
	return r->type == STREAM_FILE && has_comic(b, r->path);
}

size_t batch_memory(const struct batch *b)
{
	size_t total = b->arena.held + intern_memory(&b->paths) +
		       b->state_room * sizeof(*b->states) + b->move_room * sizeof(*b->moves) +
		       intern_memory(&b->lists) + b->list_room * sizeof(*b->list_json);

	return total + refs_memory(&b->refs);
}

void batch_reset(struct batch *b, size_t keep)
{
	arena_reset(&b->arena, ARENA_KEPT);
	intern_clear(&b->paths);
	free(b->states);
	b->states = NULL;
	b->state_room = 0;
	free(b->moves);
	b->moves = NULL;
	b->move_count = 0;
	b->move_room = 0;
	intern_clear(&b->lists);
	b->records = 0;
	b->bytes = 0;
	if (refs_memory(&b->refs) > keep)
		refs_clear(&b->refs);
	refs_next_batch(&b->refs);
}

void batch_clear(struct batch *b)
{
	batch_reset(b, 0);
	arena_clear(&b->arena);
	arena_clear(&b->group);
	refs_clear(&b->refs);
	free(b->list_json);
	buf_clear(&b->list);
	for (size_t kind = 0; kind < LINK_KINDS; kind++)
		free(b->links[kind]);
	*b = (struct batch){ 0 };
}
