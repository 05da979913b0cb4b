// SPDX-License-Identifier: MIT
// proc.c: see proc.h.

#include "batch/proc.h"

#include "base/size.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define READ_STEP ((size_t)1024)

static int read_all(struct buf *out, int fd, const char *path, struct comic_err *err)
{
	for (;;) {
		uint8_t bytes[READ_STEP];
		ssize_t got = read(fd, bytes, sizeof(bytes));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set_errno(err, "%s: read", path);
		if (got == 0)
			return 0;
		if (buf_at_max(out, (size_t)got))
			return err_set(err, COMIC_ERR_LIMIT, "%s: read: longer than %zu bytes",
				       path, out->max);
		if (buf_add(out, bytes, (size_t)got) < 0)
			return err_set_nomem(err, path);
	}
}

int proc_read(struct buf *out, const char *root, const char *path, struct comic_err *err)
{
	char full[2 * PATH_MAX];
	int status = 0;
	int fd = -1;

	out->len = 0;
	if ((size_t)snprintf(full, sizeof(full), "%s%s", root, path) >= sizeof(full)) {
		errno = ENAMETOOLONG;
		return err_set_errno(err, "%s: open", path);
	}
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_set_errno(err, "%s: open", path);
	status = read_all(out, fd, path, err);
	(void)close(fd);
	return status;
}

bool proc_split(struct text *rest, char sep, struct text *part)
{
	const char *at = NULL;

	if (rest->len == 0)
		return false;
	at = memchr(rest->data, sep, rest->len);
	part->data = rest->data;
	part->len = at == NULL ? rest->len : (size_t)(at - rest->data);
	rest->data += part->len + (at != NULL);
	rest->len -= part->len + (at != NULL);
	return true;
}

bool proc_number(struct text t, uint64_t *out)
{
	char digits[24]; // 2^64 - 1 has 20

	t = text_trim(t);
	if (t.len >= sizeof(digits) || memchr(t.data, '\0', t.len) != NULL)
		return false;
	memcpy(digits, t.data, t.len);
	digits[t.len] = '\0';
	return size_parse_count(digits, out);
}
