// SPDX-License-Identifier: MIT
// child.c: see child.h.

#include "worker/child.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

struct inbox {
	struct child_request request;
	char name[CHILD_NAME_MAX];
};

static int passed_fd(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (head != NULL && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(head), sizeof(fd));
	return fd;
}

static bool read_rest(int socket, char *to, size_t len)
{
	while (len > 0) {
		ssize_t got = read(socket, to, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		len -= (size_t)got;
	}
	return true;
}

// One request is taken by one recvmsg(): the header, and the name in full when
// the kernel has it all, which it has, as the parent sends both at once.
static bool receive(int socket, struct inbox *in, int *fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = &in->request, .iov_len = sizeof(in->request) };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t got = 0;

	do {
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	*fd = passed_fd(&message);
	if ((size_t)got < sizeof(in->request) &&
	    !read_rest(socket, (char *)&in->request + got, sizeof(in->request) - (size_t)got))
		return false;
	// A descriptor that was lost on its way must not look like a job without one.
	if ((in->request.has_fd != 0) != (*fd >= 0))
		return false;
	return in->request.name_len <= CHILD_NAME_MAX &&
	       read_rest(socket, in->name, in->request.name_len);
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
	static struct inbox in; // too large for the stack's taste
	static const uint32_t room = 0;
	void *state = options->start(options->context);
	struct buf reply = { .max = POOL_REPLY_MAX };
	int fd = -1;
	int status = 0;

	if (state == NULL || !write_all(socket, &room, sizeof(room)))
		return 1;
	while (receive(socket, &in, &fd)) {
		struct text name = { in.name, in.request.name_len };

		reply.len = 0;
		if (buf_add(&reply, &room, sizeof(room)) < 0)
			return 1;
		// No memory: the length alone, an empty reply, says so.
		if (options->work(state, fd, in.request.size, name, &reply) < 0)
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
