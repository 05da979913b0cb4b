// SPDX-License-Identifier: MIT
// pdf_attached.c: see pdf.h. Files attached to a PDF (ISO 32000-1, 7.11.4).

#include "container/pdf.h"

#include <libdeflate.h>
#include <limits.h>
#include <stdlib.h>

#define ATTACHED_MAX 1000U
#define LOOKED_AT_MAX 10000 // nodes of the tree and entries, also such that are no files
#define NODES_MAX 256 // of the tree; an ordinary one has one
#define NAME_MAX_BYTES ((size_t)4096)
#define FIRST_ROOM ((size_t)64 << 10)

// ---- listing ------------------------------------------------------------------------------

struct walk {
	struct pdf *p;
	struct members *list;
	int left; // of LOOKED_AT_MAX
};

static uint64_t place_of(const struct pdf *p, qpdf_oh stream)
{
	uint64_t id = (uint32_t)p->lib.qpdf_oh_get_object_id(p->doc, stream);

	return id | (uint64_t)(uint32_t)p->lib.qpdf_oh_get_generation(p->doc, stream) << 32;
}

static bool is_listed(const struct members *list, uint64_t place)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].place == place)
			return true;
	}
	return false;
}

// /UF is the name in Unicode, /F the older one.
static enum fail_code name_file(struct pdf *p, qpdf_oh spec, struct text *name,
				struct comic_err *err)
{
	*name = pdf_text(p, pdf_get(p, spec, "/UF"), NAME_MAX_BYTES);
	if (name->data != NULL && name->len == 0)
		*name = pdf_text(p, pdf_get(p, spec, "/F"), NAME_MAX_BYTES);
	return name->data == NULL ? fail_set_memory(err, "the attached files") : FAIL_NONE;
}

static enum fail_code add_file(struct walk *w, qpdf_oh spec, struct comic_err *err)
{
	struct pdf *p = w->p;
	qpdf_oh files = pdf_get(p, spec, "/EF");
	qpdf_oh stream = pdf_get(p, files, "/UF");
	struct member m = { .name = TEXT_INIT("") };
	enum fail_code code = FAIL_NONE;

	if (!p->lib.qpdf_oh_is_stream(p->doc, stream))
		stream = pdf_get(p, files, "/F");
	if (!p->lib.qpdf_oh_is_stream(p->doc, stream) || w->list->count >= ATTACHED_MAX)
		return FAIL_NONE;
	m.place = place_of(p, stream);
	if (is_listed(w->list, m.place)) // /AF often names what /EmbeddedFiles does
		return FAIL_NONE;
	code = name_file(p, spec, &m.name, err);
	if (code != FAIL_NONE || m.name.len == 0)
		return code;
	code = members_add(w->list, &m, err);
	if (code == FAIL_NONE)
		w->list->items[w->list->count - 1].page = false; // whatever its name
	return code;
}

// The entries first, first + step, ... of an array.
static enum fail_code add_files(struct walk *w, qpdf_oh array, int first, int step,
				struct comic_err *err)
{
	int count = pdf_count(w->p, array);
	enum fail_code code = FAIL_NONE;

	for (int i = first; i < count && w->left > 0 && code == FAIL_NONE; i += step) {
		w->left--;
		code = add_file(w, w->p->lib.qpdf_oh_get_array_item(w->p->doc, array, i), err);
	}
	return code;
}

enum fail_code pdf_list_attached(struct pdf *p, struct members *list, struct comic_err *err)
{
	struct walk w = { p, list, LOOKED_AT_MAX };
	qpdf_oh root = p->lib.qpdf_get_root(p->doc);
	qpdf_oh nodes[NODES_MAX] = { pdf_get(p, pdf_get(p, root, "/Names"), "/EmbeddedFiles") };
	int count = 1;
	enum fail_code code = FAIL_NONE;

	for (int i = 0; i < count && w.left > 0 && code == FAIL_NONE; i++) {
		qpdf_oh kids = pdf_get(p, nodes[i], "/Kids");
		int kid_count = pdf_count(p, kids);

		w.left--;
		for (int k = 0; k < kid_count && count < NODES_MAX; k++)
			nodes[count++] = p->lib.qpdf_oh_get_array_item(p->doc, kids, k);
		code = add_files(&w, pdf_get(p, nodes[i], "/Names"), 1, 2, err); // name, file, ...
	}
	return code == FAIL_NONE ? add_files(&w, pdf_get(p, root, "/AF"), 0, 1, err) : code;
}

// ---- reading ------------------------------------------------------------------------------

enum packing { PACKING_NONE, PACKING_DEFLATE, PACKING_OTHER };

// The only element of an array, or what is no array itself.
static qpdf_oh only_one(const struct pdf *p, qpdf_oh object)
{
	if (pdf_count(p, object) != 1)
		return object;
	return p->lib.qpdf_oh_get_array_item(p->doc, object, 0);
}

static enum packing packing_of(const struct pdf *p, qpdf_oh dictionary)
{
	qpdf_oh filter = only_one(p, pdf_get(p, dictionary, "/Filter"));
	qpdf_oh parameters = only_one(p, pdf_get(p, dictionary, "/DecodeParms"));
	long long predictor = 1;

	if (p->lib.qpdf_oh_is_null(p->doc, filter) ||
	    (p->lib.qpdf_oh_is_array(p->doc, filter) && pdf_count(p, filter) == 0))
		return PACKING_NONE;
	(void)p->lib.qpdf_oh_get_value_as_longlong(p->doc, pdf_get(p, parameters, "/Predictor"),
						   &predictor);
	return p->lib.qpdf_oh_is_name_and_equals(p->doc, filter, "/FlateDecode") && predictor <= 1 ?
		       PACKING_DEFLATE : PACKING_OTHER;
}

static enum fail_code inflate_into(struct libdeflate_decompressor *inflater, struct text packed,
				   struct buf *out, struct comic_err *err)
{
	enum libdeflate_result result = LIBDEFLATE_INSUFFICIENT_SPACE;
	size_t room = FIRST_ROOM;

	for (; result == LIBDEFLATE_INSUFFICIENT_SPACE && room <= CONTAINER_MEMBER_MAX; room *= 2) {
		if (buf_reserve(out, room) < 0)
			return fail_set_memory(err, "an attached file");
		result = libdeflate_zlib_decompress(inflater, packed.data, packed.len, out->data,
						    room, &out->len);
	}
	if (result == LIBDEFLATE_SUCCESS)
		return FAIL_NONE;
	out->len = 0;
	if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
		return fail_set(err, FAIL_LIMIT, "it is larger than %zu MiB",
				CONTAINER_MEMBER_MAX >> 20);
	return fail_set(err, FAIL_DAMAGED, "its data are damaged");
}

static enum fail_code unpack_into(struct text packed, enum packing packing,
				  struct libdeflate_decompressor *inflater, struct buf *out,
				  struct comic_err *err)
{
	if (packing == PACKING_DEFLATE)
		return inflate_into(inflater, packed, out, err);
	return buf_add(out, packed.data, packed.len) < 0 ?
		       fail_set_memory(err, "an attached file") : FAIL_NONE;
}

enum fail_code pdf_read(struct pdf *p, const struct member *m,
			struct libdeflate_decompressor *inflater, struct buf *out,
			struct comic_err *err)
{
	qpdf_oh stream = p->lib.qpdf_get_object_by_id(p->doc, (int)(uint32_t)m->place,
						      (int)(m->place >> 32));
	qpdf_oh dictionary = p->lib.qpdf_oh_get_dict(p->doc, stream);
	enum packing packing = packing_of(p, dictionary);
	long long packed = 0;
	unsigned char *bytes = NULL;
	size_t len = 0;
	QPDF_BOOL decoded = QPDF_FALSE;
	enum fail_code code = FAIL_NONE;

	out->len = 0;
	if (packing == PACKING_OTHER)
		return fail_set(err, FAIL_UNSUPPORTED, "its compression is not supported");
	(void)p->lib.qpdf_oh_get_value_as_longlong(p->doc, pdf_get(p, dictionary, "/Length"),
						   &packed);
	if (packed > (long long)CONTAINER_MEMBER_MAX)
		return fail_set(err, FAIL_LIMIT, "it is larger than %zu MiB",
				CONTAINER_MEMBER_MAX >> 20);
	// Decrypted, but not decompressed: qpdf has no limit for that.
	(void)p->lib.qpdf_oh_get_stream_data(p->doc, stream, qpdf_dl_none, &decoded, &bytes, &len);
	code = pdf_failure(p, err);
	if (code == FAIL_NONE && bytes != NULL)
		code = unpack_into((struct text){ (char *)bytes, len }, packing, inflater, out,
				   err);
	free(bytes);
	return code;
}
