// SPDX-License-Identifier: MIT
// output.c: see output.h.

#include "base/output.h"

#include "base/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUTPUT_CHUNK ((size_t)64 << 10)

static int open_temporary(struct output *out, const char *path, struct comic_err *err)
{
	size_t len = strlen(path);
	mode_t mask = umask(0);

	(void)umask(mask);
	out->temporary = mem_alloc(len + sizeof(".XXXXXX"), 1);
	if (out->temporary == NULL)
		return err_set_nomem(err, path);
	memcpy(out->temporary, path, len);
	memcpy(out->temporary + len, ".XXXXXX", sizeof(".XXXXXX"));
	out->fd = mkstemp(out->temporary);
	if (out->fd < 0) {
		(void)err_set_errno(err, "%s: create", path);
		free(out->temporary);
		out->temporary = NULL;
		return -1;
	}
	(void)fchmod(out->fd, 0666 & ~mask);
	(void)fcntl(out->fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

// A device or a fifo is written to: renaming a file over /dev/null would take it away.
static int open_in_place(struct output *out, const char *path, struct comic_err *err)
{
	out->fd = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	return out->fd < 0 ? err_set_errno(err, "%s: open", path) : 0;
}

int output_open(struct output *out, const char *path, struct comic_err *err)
{
	struct stat st;

	*out = (struct output){ .fd = STDOUT_FILENO, .name = "standard output" };
	if (path == NULL)
		return 0;
	out->name = path;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return open_in_place(out, path, err);
	return open_temporary(out, path, err);
}

int output_write_all(int fd, const char *name, const void *data, size_t len, struct comic_err *err)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR) {
			if (interrupt_check(err) < 0)
				return -1;
			continue;
		}
		if (done < 0)
			return err_set_errno(err, "%s: write", name);
		at += done;
		len -= (size_t)done;
		// A signal that comes amid a write makes it short; the next one would block again.
		if (len > 0 && interrupt_check(err) < 0)
			return -1;
	}
	return 0;
}

int output_flush(struct output *out, struct comic_err *err)
{
	size_t len = out->pending.len;

	out->pending.len = 0;
	out->written += len;
	return output_write_all(out->fd, out->name, out->pending.data, len, err);
}

int output_write(struct output *out, const void *data, size_t len, struct comic_err *err)
{
	if (buf_add(&out->pending, data, len) < 0)
		return err_set_nomem(err, out->name);
	return out->pending.len < OUTPUT_CHUNK ? 0 : output_flush(out, err);
}

int output_commit(struct output *out, struct comic_err *err)
{
	int status = output_flush(out, err);

	buf_clear(&out->pending);
	if (close(out->fd) < 0 && status == 0)
		status = err_set_errno(err, "%s: close", out->name);
	out->fd = -1;
	if (out->temporary == NULL)
		return status;
	if (status == 0 && rename(out->temporary, out->name) < 0)
		status = err_set_errno(err, "%s: rename into place", out->name);
	if (status < 0)
		(void)unlink(out->temporary);
	free(out->temporary);
	out->temporary = NULL;
	return status;
}

void output_abort(struct output *out)
{
	buf_clear(&out->pending);
	if (out->fd > STDOUT_FILENO)
		(void)close(out->fd);
	out->fd = -1;
	if (out->temporary == NULL)
		return;
	(void)unlink(out->temporary);
	free(out->temporary);
	out->temporary = NULL;
}
