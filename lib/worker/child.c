// SPDX-License-Identifier: MIT
// child.c: see child.h.

#include "worker/child.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define REQUEST_MAX (sizeof(struct child_request) + CHILD_NAME_MAX)

// What was received and not yet worked on.
struct inbox {
	size_t at; // of the next request in bytes
	size_t len; // of what is in bytes
	int fd; // came with a request in bytes, -1: none
	char bytes[2 * REQUEST_MAX];
};

static int passed_fd(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

// More bytes. No recvmsg() goes beyond the request that a descriptor was sent with: see unix(7).
static bool receive_more(int socket, struct inbox *in)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = in->bytes };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t got = 0;
	int fd = -1;

	in->len -= in->at;
	memmove(in->bytes, in->bytes + in->at, in->len);
	in->at = 0;
	part.iov_base = in->bytes + in->len;
	part.iov_len = sizeof(in->bytes) - in->len;
	do {
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	in->len += (size_t)got;
	fd = passed_fd(&message);
	if (fd < 0)
		return true;
	if (in->fd >= 0) // two, and nothing says whose
		return false;
	in->fd = fd;
	return true;
}

// The next request: its name is in the inbox, its descriptor the caller's to close.
static bool receive(int socket, struct inbox *in, struct child_request *request, struct text *name,
		    int *fd)
{
	size_t size = sizeof(*request);

	while (in->len - in->at < size) {
		if (!receive_more(socket, in))
			return false;
	}
	memcpy(request, in->bytes + in->at, sizeof(*request));
	if (request->name_len > CHILD_NAME_MAX)
		return false;
	size += request->name_len;
	while (in->len - in->at < size) {
		if (!receive_more(socket, in))
			return false;
	}
	*name = (struct text){ in->bytes + in->at + sizeof(*request), request->name_len };
	in->at += size;
	*fd = request->has_fd != 0 ? in->fd : -1;
	in->fd = request->has_fd != 0 ? -1 : in->fd;
	// A descriptor that was lost on its way must not look like a job without one.
	return (request->has_fd != 0) == (*fd >= 0);
}

static bool write_all(int socket, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t done = write(socket, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		len -= (size_t)done;
	}
	return true;
}

// The reply is built behind room for its length, so that one write sends both.
static bool answer(int socket, struct buf *reply)
{
	uint32_t len = (uint32_t)(reply->len - sizeof(len));

	memcpy(reply->data, &len, sizeof(len));
	return write_all(socket, reply->data, reply->len);
}

int child_run(int socket, const struct pool_options *options)
{
	static const uint32_t room = 0;
	struct inbox in = { .fd = -1 };
	struct child_request request;
	struct text name;
	void *state = options->start(options->context);
	struct buf reply = { .max = POOL_REPLY_MAX };
	int fd = -1;
	int status = 0;

	if (state == NULL || !write_all(socket, &room, sizeof(room)))
		return 1;
	while (receive(socket, &in, &request, &name, &fd)) {
		reply.len = 0;
		if (buf_add(&reply, &room, sizeof(room)) < 0)
			return 1;
		// No memory: the length alone, an empty reply, says so.
		if (options->work(state, fd, request.size, name, &reply) < 0)
			reply.len = sizeof(room);
		if (fd >= 0)
			(void)close(fd);
		if (!answer(socket, &reply)) {
			status = 1;
			break;
		}
	}
	buf_clear(&reply);
	return status;
}
