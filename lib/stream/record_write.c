// SPDX-License-Identifier: MIT
// record_write.c: writing records; see record.h.

#include "stream/record.h"

#include "stream/scan.h"

// ---- records ------------------------------------------------------------------------------

void record_writer_init(struct record_writer *w, struct output *out)
{
	*w = (struct record_writer){ .out = out };
}

void record_writer_clear(struct record_writer *w)
{
	buf_clear(&w->scratch);
}

// Starts a record in the scratch buffer: a map of pairs beside its "t".
static void start(struct record_writer *w, struct record_packer *p, enum stream_type type,
		  size_t pairs)
{
	w->scratch.len = 0;
	record_packer_init(p, &w->scratch);
	pack_map(p, pairs + 1);
	pack_key(p, "t");
	pack_key(p, stream_type_name(type));
}

// No reader would take a longer record, so the fault is to show here.
static int write_whole(const struct record_writer *w, const void *data, size_t len,
		       struct comic_err *err)
{
	if (len > SCAN_RECORD_MAX)
		return err_set(err, COMIC_ERR_LIMIT, "%s: a record of %zu bytes, of %zu at most",
			       w->out->name, len, SCAN_RECORD_MAX);
	return output_write(w->out, data, len, err);
}

static int finish(struct record_writer *w, const struct record_packer *p, struct comic_err *err)
{
	if (p->failed)
		return err_set_nomem(err, w->out->name);
	return write_whole(w, w->scratch.data, w->scratch.len, err);
}

int record_write_begin(struct record_writer *w, const char *by, const struct text *roots,
		       size_t count, bool complete, struct comic_err *err)
{
	struct record_packer p;

	start(w, &p, STREAM_BEGIN, 4);
	pack_key(&p, "v");
	pack_unsigned(&p, STREAM_VERSION);
	pack_key(&p, "by");
	pack_key(&p, by);
	pack_key(&p, "roots");
	pack_array(&p, count);
	for (size_t i = 0; i < count; i++)
		pack_text(&p, roots[i]);
	pack_key(&p, "complete");
	pack_bool(&p, complete);
	w->group_records = 0;
	return finish(w, &p, err);
}

int record_write_end(struct record_writer *w, const struct record_count *counts, size_t count,
		     struct comic_err *err)
{
	struct record_packer p;

	start(w, &p, STREAM_END, count + 1);
	pack_key(&p, "records");
	pack_unsigned(&p, w->group_records);
	for (size_t i = 0; i < count; i++) {
		pack_key(&p, counts[i].name);
		pack_unsigned(&p, counts[i].count);
	}
	return finish(w, &p, err);
}

// An identity's pairs; dev is left out where it is not known.
static size_t identity_pairs(const struct identity *id)
{
	return id->dev != 0 ? 4 : 3;
}

static void pack_identity(struct record_packer *p, const struct identity *id)
{
	pack_key(p, "size");
	pack_unsigned(p, id->size);
	pack_key(p, "mtime");
	pack_signed(p, id->mtime);
	pack_key(p, "ino");
	pack_unsigned(p, id->ino);
	if (id->dev != 0) {
		pack_key(p, "dev");
		pack_unsigned(p, id->dev);
	}
}

static void pack_path(struct record_packer *p, const char *key, struct text path)
{
	pack_key(p, key);
	pack_text(p, path);
}

static void pack_row(struct record_packer *p, const struct record *r)
{
	pack_key(p, "id");
	if (r->has_row)
		pack_signed(p, r->row);
	else
		pack_nil(p);
}

static void pack_batch(struct record_packer *p, const struct record *r)
{
	pack_key(p, "n");
	pack_unsigned(p, r->n);
	pack_key(p, "records");
	pack_unsigned(p, r->records);
	pack_key(p, "comics");
	pack_unsigned(p, r->comics);
	pack_key(p, "bytes");
	pack_unsigned(p, r->bytes);
}

int record_write(struct record_writer *w, const struct record *r, struct comic_err *err)
{
	struct record_packer p;

	w->group_records += r->type != STREAM_BATCH;
	switch (r->type) {
	case STREAM_FILE:
		start(w, &p, r->type, identity_pairs(&r->id) + 2);
		pack_path(&p, "path", r->path);
		pack_identity(&p, &r->id);
		pack_key(&p, "change");
		pack_key(&p, file_change_name(r->change));
		return finish(w, &p, err);
	case STREAM_MOVED:
		start(w, &p, r->type, identity_pairs(&r->id) + 3);
		pack_row(&p, r);
		pack_path(&p, "from", r->from);
		pack_path(&p, "path", r->path);
		pack_identity(&p, &r->id);
		return finish(w, &p, err);
	case STREAM_GONE:
		start(w, &p, r->type, 2);
		pack_row(&p, r);
		pack_path(&p, "path", r->path);
		return finish(w, &p, err);
	case STREAM_FAIL:
		start(w, &p, r->type, identity_pairs(&r->id) + 3);
		pack_path(&p, "path", r->path);
		pack_identity(&p, &r->id);
		pack_key(&p, "code");
		pack_key(&p, fail_code_name(r->code));
		pack_path(&p, "reason", r->reason);
		return finish(w, &p, err);
	case STREAM_BATCH:
		start(w, &p, r->type, 4);
		pack_batch(&p, r);
		return finish(w, &p, err);
	case STREAM_BEGIN:
	case STREAM_COMIC:
	case STREAM_END:
	case STREAM_OTHER:
		break;
	}
	return err_set(err, COMIC_ERR_BUG, "record_write: %s", stream_type_name(r->type));
}

int record_pack_comic(struct record_writer *w, const struct record *r, size_t pairs,
		      struct text body, struct comic_err *err)
{
	struct record_packer p;

	start(w, &p, STREAM_COMIC, identity_pairs(&r->id) + 1 + pairs);
	pack_path(&p, "path", r->path);
	pack_identity(&p, &r->id);
	pack_raw(&p, body.data, body.len);
	return p.failed ? err_set_nomem(err, w->out->name) : 0;
}

int record_write_packed(struct record_writer *w, struct comic_err *err)
{
	w->group_records++;
	return write_whole(w, w->scratch.data, w->scratch.len, err);
}

int record_write_frame(struct record_writer *w, const struct stream_frame *f, struct comic_err *err)
{
	if (f->type == STREAM_BEGIN)
		w->group_records = 0;
	else if (f->type != STREAM_END && f->type != STREAM_BATCH)
		w->group_records++;
	return write_whole(w, f->data, f->len, err);
}
