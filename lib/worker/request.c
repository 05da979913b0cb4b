// SPDX-License-Identifier: MIT
// request.c: see request.h.

#include "worker/request.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void request_add(struct request_batch *b, const struct job *job)
{
	struct text name = job->name;
	struct child_request *request = &b->requests[b->count];
	struct iovec *parts = &b->parts[(size_t)2 * b->count];

	if (name.len > CHILD_NAME_MAX) // no file system has such names; the end has the suffix
		name = (struct text){ name.data + name.len - CHILD_NAME_MAX, CHILD_NAME_MAX };
	*request = (struct child_request){ job->size, (uint32_t)name.len, job->fd >= 0 };
	parts[0] = (struct iovec){ request, sizeof(*request) };
	parts[1] = (struct iovec){ (void *)(uintptr_t)name.data, name.len };
	if (job->fd >= 0)
		b->fds[b->fd_count++] = job->fd;
	b->bytes += sizeof(*request) + name.len;
	b->count++;
}

int request_send(int socket, struct request_batch *b)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(b->fds))];
	} control = { .bytes = { 0 } };
	size_t fd_bytes = b->fd_count * sizeof(b->fds[0]);
	struct msghdr message = { .msg_iov = b->parts, .msg_iovlen = (size_t)2 * b->count };
	ssize_t sent = 0;

	if (b->fd_count > 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(fd_bytes);
		control.align = (struct cmsghdr){ .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS,
						  .cmsg_len = CMSG_LEN(fd_bytes) };
		memcpy(CMSG_DATA(&control.align), b->fds, fd_bytes);
	}
	do {
		sent = sendmsg(socket, &message, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	// A batch is far smaller than a socket's buffer, so it is sent whole or not at all.
	return sent == (ssize_t)b->bytes ? 0 : -1;
}
