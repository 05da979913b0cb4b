// SPDX-License-Identifier: MIT
// replay.c: runs a fuzz target once on each file operand, where there is no libFuzzer.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *data = NULL;
	size_t len = 0;
	size_t room = 0;

	if (in == NULL) {
		perror(path);
		return 1;
	}
	while (!feof(in) && !ferror(in)) {
		if (len == room) {
			uint8_t *grown = realloc(data, room += 1U << 16);

			if (grown == NULL)
				abort();
			data = grown;
		}
		len += fread(data + len, 1, room - len, in);
	}
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	return fclose(in) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
	int status = 0;

	for (int i = 1; i < argc; i++)
		status |= replay(argv[i]);
	return status;
}
