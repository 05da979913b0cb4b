// SPDX-License-Identifier: MIT
// fuzz_filename.c: any bytes as the name of a comic.

#include "metadata_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct metadata *m = fuzz_metadata(1);
	struct comic_err err;

	if (metadata_add_filename(m, (struct text){ (const char *)data, size }, &err) < 0)
		abort();
	fuzz_check(m);
	return 0;
}
