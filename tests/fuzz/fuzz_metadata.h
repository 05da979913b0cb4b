// SPDX-License-Identifier: MIT
// fuzz_metadata.h: any bytes as a metadata document, through to a packed record that must be one.
#ifndef COMIC_FUZZ_METADATA_H
#define COMIC_FUZZ_METADATA_H

#include "metadata/metadata.h"
#include "stream/meta.h"

#include <stdlib.h>

static void fuzz_check(const struct buf *packed)
{
	struct objects at = { packed->data, packed->data + packed->len };
	msgpack_unpacked record;
	struct comic_err err;
	size_t used = 0;

	msgpack_unpacked_init(&record);
	if (msgpack_unpack_next(&record, (const char *)packed->data, packed->len, &used) !=
		    MSGPACK_UNPACK_SUCCESS ||
	    meta_check(&at, &err) < 0)
		abort();
	msgpack_unpacked_destroy(&record);
}

static int fuzz_document(const struct metadata_format *format, const uint8_t *data, size_t size)
{
	static struct metadata *m; // kept, as a worker keeps it
	static struct buf packed;
	struct comic_err err;
	struct record_packer p;

	if (m == NULL)
		m = metadata_new(true, &err);
	if (m == NULL || metadata_add(m, format, data, size, &err) < 0 ||
	    metadata_finish(m, &err) < 0)
		abort();
	packed.len = 0;
	record_packer_init(&p, &packed);
	metadata_encode(m, &p);
	if (p.failed)
		abort();
	fuzz_check(&packed);
	metadata_reset(m);
	return 0;
}

#endif
