// SPDX-License-Identifier: MIT
// metadata_fuzz.h: what must hold of a record, whatever it was read from.
#ifndef COMIC_METADATA_FUZZ_H
#define COMIC_METADATA_FUZZ_H

#include "metadata/encode.h"
#include "metadata/metadata.h"
#include "stream/meta.h"
#include "stream/scan.h"

#include <stdlib.h>

static struct metadata *fuzz_metadata(int full)
{
	static struct metadata *kept[2]; // as in a worker: one for many comics
	struct comic_err err;

	if (kept[full] == NULL)
		kept[full] = metadata_new(full != 0, &err);
	if (kept[full] == NULL)
		abort();
	metadata_reset(kept[full]);
	return kept[full];
}

// Texts are UTF-8 without control characters but the line end.
static void fuzz_check_texts(const msgpack_object *o)
{
	if (o->type == MSGPACK_OBJECT_STR) {
		struct text t = { o->via.str.ptr, o->via.str.size };

		if (!text_is_utf8(t))
			abort();
		for (size_t i = 0; i < t.len; i++) {
			if ((uint8_t)t.data[i] < 0x20 && t.data[i] != '\n')
				abort();
		}
	}
	for (uint32_t i = 0; o->type == MSGPACK_OBJECT_ARRAY && i < o->via.array.size; i++)
		fuzz_check_texts(&o->via.array.ptr[i]);
	for (uint32_t i = 0; o->type == MSGPACK_OBJECT_MAP && i < o->via.map.size; i++) {
		fuzz_check_texts(&o->via.map.ptr[i].key);
		fuzz_check_texts(&o->via.map.ptr[i].val);
	}
}

static void fuzz_check(struct metadata *m)
{
	struct buf packed = { 0 };
	struct record_packer p;
	struct comic_err err;
	msgpack_unpacked record;
	struct objects at;
	size_t used = 0;
	size_t scanned = 0;

	if (metadata_finish(m, &err) < 0)
		abort();
	record_packer_init(&p, &packed);
	metadata_encode(m, &p);
	at = (struct objects){ packed.data, packed.data + packed.len };
	msgpack_unpacked_init(&record);
	if (p.failed || packed.len > ENCODE_MAX ||
	    scan_value(packed.data, packed.len, &scanned) != SCAN_WHOLE || scanned != packed.len ||
	    msgpack_unpack_next(&record, (const char *)packed.data, packed.len, &used) !=
		    MSGPACK_UNPACK_SUCCESS ||
	    meta_check(&at, &err) < 0)
		abort();
	fuzz_check_texts(&record.data);
	msgpack_unpacked_destroy(&record);
	buf_clear(&packed);
}

#endif
