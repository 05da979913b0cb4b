// SPDX-License-Identifier: MIT
// fuzz_container.c: any bytes as a comic file: opened, listed, its metadata and pages read.

#define _GNU_SOURCE // memfd_create

#include "container/container.h"
#include "container/pages.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MEMBERS_READ 16U // a hostile list is long; time is short

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_wanted(struct text name)
{
	return text_ends_nocase(name, ".xml") || text_ends_nocase(name, ".json");
}

// The whole of what the list says is looked at, so that a sanitizer sees a stray span.
static void look(struct container *c, struct buf *out, struct comic_err *err)
{
	char fingerprint[CONTAINER_FINGERPRINT];
	size_t count = 0;
	const struct member *members = container_members(c, &count);
	uint64_t sum = text_hash(container_comment(c));

	for (size_t i = 0; i < count; i++)
		sum += text_hash(members[i].name);
	sum += pages_count(members, count);
	sum += pages_nth(members, count, 0) != NULL;
	sum += pages_nth(members, count, PAGES_SCANNED) != NULL;
	sum += pages_find(members, count, "ComicInfo.xml") != NULL;
	for (size_t i = 0; i < count && i < MEMBERS_READ; i++) {
		if (container_read(c, i, out, err) == FAIL_NONE && out->len > CONTAINER_MEMBER_MAX)
			abort();
	}
	if (container_fingerprint(c, fingerprint, err) != FAIL_NONE || sum == 1)
		return;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct container *c; // kept, as a worker keeps it
	static struct buf out;
	static int fd = -1;
	struct comic_err err = { 0 };

	if (c == NULL) {
		(void)setlocale(LC_CTYPE, "C.UTF-8");
		c = container_new(is_wanted, &err);
		fd = memfd_create("comic", 0);
	}
	if (c == NULL || fd < 0 || ftruncate(fd, 0) < 0 ||
	    pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	err.text[0] = '\0';
	if (container_open(c, fd, size, &err) == FAIL_NONE)
		look(c, &out, &err);
	else if (err.text[0] == '\0')
		abort(); // a refusal without a reason
	container_close(c);
	return 0;
}
