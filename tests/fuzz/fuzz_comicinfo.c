// SPDX-License-Identifier: MIT
// fuzz_comicinfo.c: any bytes as a ComicInfo.xml. An odd first byte asks for --full.

#include "metadata_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct metadata *m = NULL;
	struct comic_err err;

	if (size == 0)
		return 0;
	m = fuzz_metadata(data[0] & 1);
	if (metadata_add(m, metadata_format_of(TEXT("ComicInfo.xml")), data + 1, size - 1, &err) < 0)
		abort();
	fuzz_check(m);
	return 0;
}
