// SPDX-License-Identifier: MIT
// fuzz_comicbox.c: any bytes as comicbox.json, if they begin with a brace, else as comicbox.yaml.

#include "fuzz_metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool is_json = size > 0 && data[0] == '{';

	return fuzz_document(metadata_format_of(is_json ? TEXT("comicbox.json") : TEXT("comicbox.yaml")),
			     data, size);
}
