// SPDX-License-Identifier: MIT
// child.c: see child.h.

#include "worker/child.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX (sizeof(struct child_request) + CHILD_NAME_MAX)
#define HELD_BYTES ((size_t)64 << 10) // of replies held back
#define HELD_TIME 5000000 // nanoseconds the first of them waits while others are begun

// What was received and not yet worked on.
struct inbox {
	size_t at; // of the next request in bytes
	size_t len; // of what is in bytes
	size_t fd_count;
	int fds[CHILD_BATCH]; // of the requests in bytes that have one, in their order
	char bytes[CHILD_BATCH * REQUEST_MAX];
};

// Replies that are done and not yet sent.
struct outbox {
	struct buf bytes;
	int64_t since; // when the first of them was begun
};

int64_t child_clock(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool take_fds(struct inbox *in, struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	size_t count = 0;

	if (head == NULL || head->cmsg_level != SOL_SOCKET || head->cmsg_type != SCM_RIGHTS)
		return true;
	count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	if (count > CHILD_BATCH - in->fd_count)
		return false;
	memcpy(in->fds + in->fd_count, CMSG_DATA(head), count * sizeof(int));
	in->fd_count += count;
	return true;
}

// More bytes. No recvmsg() goes beyond the message that descriptors were sent with: see unix(7).
static bool receive_more(int socket, struct inbox *in)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(CHILD_BATCH * sizeof(int))];
	} control;
	struct iovec part = { .iov_base = in->bytes };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t got = 0;

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
	return take_fds(in, &message);
}

// True if a whole request stands at the inbox's front. A broken one is as good as the end.
static bool has_request(const struct inbox *in, struct child_request *request, bool *broken)
{
	size_t left = in->len - in->at;

	*broken = false;
	if (left < sizeof(*request))
		return false;
	memcpy(request, in->bytes + in->at, sizeof(*request));
	*broken = request->name_len > CHILD_NAME_MAX;
	return !*broken && left - sizeof(*request) >= request->name_len;
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

static bool send_held(int socket, struct outbox *out)
{
	size_t len = out->bytes.len;

	out->bytes.len = 0;
	return write_all(socket, out->bytes.data, len);
}

// The next request: its name is in the inbox, its descriptor the caller's to close. Nothing is
// held back while it is waited for.
static bool receive(int socket, struct inbox *in, struct outbox *out, struct child_request *request,
		    int *fd)
{
	bool broken = false;

	while (!has_request(in, request, &broken)) {
		if (broken || !send_held(socket, out) || !receive_more(socket, in))
			return false;
	}
	in->at += sizeof(*request) + request->name_len;
	*fd = -1;
	if (request->has_fd == 0)
		return true;
	// A descriptor that was lost on its way must not look like a job without one.
	if (in->fd_count == 0)
		return false;
	*fd = in->fds[0];
	in->fd_count--;
	memmove(in->fds, in->fds + 1, in->fd_count * sizeof(int));
	return true;
}

// Adds the reply to those held, behind its length.
static bool answer(const struct pool_options *options, void *state, struct outbox *out, int fd,
		   uint64_t size, struct text name)
{
	size_t at = out->bytes.len;
	uint32_t len = 0;

	if (buf_add(&out->bytes, &len, sizeof(len)) < 0)
		return false;
	// No memory: the length alone, an empty reply, says so.
	if (options->work(state, fd, size, name, &out->bytes) < 0 ||
	    out->bytes.len - at > POOL_REPLY_MAX)
		out->bytes.len = at + sizeof(len);
	len = (uint32_t)(out->bytes.len - at - sizeof(len));
	memcpy(out->bytes.data + at, &len, sizeof(len));
	return true;
}

static bool is_time_to_send(const struct outbox *out)
{
	return out->bytes.len >= HELD_BYTES || child_clock() - out->since >= HELD_TIME;
}

static void tell_progress(struct child_progress *progress, struct outbox *out)
{
	int64_t now = child_clock();

	if (out->bytes.len == 0)
		out->since = now;
	atomic_store(&progress->since, now);
	atomic_fetch_add(&progress->begun, 1);
}

int child_run(int socket, struct child_progress *progress, const struct pool_options *options)
{
	static const uint32_t room = 0;
	struct inbox in = { 0 };
	struct outbox out = { .bytes = { .max = HELD_BYTES + POOL_REPLY_MAX } };
	struct child_request request;
	void *state = options->start(options->context);
	int fd = -1;
	int status = 0;

	if (state == NULL || !write_all(socket, &room, sizeof(room)))
		return 1;
	while (status == 0 && receive(socket, &in, &out, &request, &fd)) {
		struct text name = { in.bytes + in.at - request.name_len, request.name_len };

		tell_progress(progress, &out);
		if (!answer(options, state, &out, fd, request.size, name))
			status = 1;
		if (fd >= 0)
			(void)close(fd);
		if (status == 0 && is_time_to_send(&out) && !send_held(socket, &out))
			status = 1;
	}
	buf_clear(&out.bytes);
	return status;
}
