// SPDX-License-Identifier: MIT
// fuzz_comicbookinfo.c: any bytes as comic-book-info.json.

#include "fuzz_metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_document(metadata_format_of(TEXT("comic-book-info.json")), data, size);
}
