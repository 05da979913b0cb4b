// SPDX-License-Identifier: MIT
// fuzz_metroninfo.c: any bytes as MetronInfo.xml.

#include "fuzz_metadata.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_document(metadata_format_of(TEXT("MetronInfo.xml")), data, size);
}
