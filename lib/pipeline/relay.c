// SPDX-License-Identifier: MIT
// relay.c: see relay.h.

#define _GNU_SOURCE // O_TMPFILE

#include "pipeline/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// A file that nobody else sees and that goes with the process; -1 if there is no way to one.
static int open_spool(const char *folder)
{
	struct buf path = { 0 };
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	if (buf_printf(&path, "%s/.comic-import.XXXXXX", folder) == 0) {
		fd = mkostemp((char *)path.data, O_CLOEXEC);
		if (fd >= 0)
			(void)unlink((const char *)path.data);
	}
	buf_clear(&path);
	return fd;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int relay_open(struct relay *r, int in, int out, const char *folder, struct comic_err *err)
{
	*r = (struct relay){ .in = in, .out = out, .spool = open_spool(folder) };
	r->incoming = mem_alloc(RELAY_CHUNK, 1);
	r->outgoing = mem_alloc(RELAY_CHUNK, 1);
	if (r->incoming != NULL && r->outgoing != NULL)
		return 0;
	relay_close(r);
	return err_set_nomem(err, "carrying a stream between two stages");
}

void relay_close(struct relay *r)
{
	close_fd(&r->in);
	close_fd(&r->out);
	close_fd(&r->spool);
	free(r->incoming);
	free(r->outgoing);
	r->incoming = NULL;
	r->outgoing = NULL;
	r->incoming_len = 0;
	r->outgoing_len = 0;
	tally_clear(&r->tally);
}

bool relay_wants_input(const struct relay *r)
{
	return r->in >= 0 && r->incoming_len < RELAY_CHUNK;
}

bool relay_wants_output(const struct relay *r)
{
	return r->out >= 0 && r->outgoing_at < r->outgoing_len;
}

bool relay_done(const struct relay *r)
{
	return r->out < 0;
}

static void read_some(struct relay *r)
{
	ssize_t got = 0;

	if (!relay_wants_input(r))
		return;
	got = read(r->in, r->incoming + r->incoming_len, RELAY_CHUNK - r->incoming_len);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		close_fd(&r->in);
		return;
	}
	tally_add(&r->tally, r->incoming + r->incoming_len, (size_t)got);
	r->incoming_len += (size_t)got;
	r->received += (uint64_t)got;
}

// What incoming has room for needs no spool.
// A spool that cannot be written is no spool: what is in it is taken out, no more is put in.
static void fill_spool(struct relay *r)
{
	uint64_t at = r->spooled % RELAY_SPOOL; // it is used in a circle
	uint64_t room = RELAY_SPOOL - (r->spooled - r->taken);
	size_t len = r->incoming_len - r->incoming_at;
	ssize_t done = 0;

	if (room > RELAY_SPOOL - at)
		room = RELAY_SPOOL - at;
	if (len > room)
		len = (size_t)room;
	if (r->spool < 0 || len == 0 || r->incoming_len < RELAY_CHUNK)
		return;
	done = pwrite(r->spool, r->incoming + r->incoming_at, len, (off_t)at);
	if (done <= 0)
		return;
	r->incoming_at += (size_t)done;
	r->spooled += (uint64_t)done;
	if (r->incoming_at == r->incoming_len)
		r->incoming_at = r->incoming_len = 0;
}

// True if bytes went from the spool to outgoing. A spool that cannot be read loses them, so the
// next stage is left with a truncated stream, which it knows how to refuse.
static bool drain_spool(struct relay *r)
{
	uint64_t at = r->taken % RELAY_SPOOL;
	uint64_t len = r->spooled - r->taken;
	ssize_t got = 0;

	if (len > RELAY_SPOOL - at)
		len = RELAY_SPOOL - at;
	if (len > RELAY_CHUNK)
		len = RELAY_CHUNK;
	if (len == 0)
		return false;
	got = pread(r->spool, r->outgoing, (size_t)len, (off_t)at);
	if (got <= 0) {
		close_fd(&r->in);
		close_fd(&r->out);
		return false;
	}
	r->taken += (uint64_t)got;
	r->outgoing_at = 0;
	r->outgoing_len = (size_t)got;
	return true;
}

// Fills outgoing when it is empty, in the order in which bytes came.
static void refill(struct relay *r)
{
	uint8_t *empty = r->outgoing;

	if (r->outgoing_at < r->outgoing_len || drain_spool(r) || r->out < 0)
		return;
	r->outgoing = r->incoming;
	r->outgoing_at = r->incoming_at;
	r->outgoing_len = r->incoming_len;
	r->incoming = empty;
	r->incoming_at = 0;
	r->incoming_len = 0;
}

static void write_some(struct relay *r)
{
	ssize_t done = 0;

	if (!relay_wants_output(r))
		return;
	done = write(r->out, r->outgoing + r->outgoing_at, r->outgoing_len - r->outgoing_at);
	if (done < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (done < 0) { // its reader is gone
		close_fd(&r->in);
		close_fd(&r->out);
		return;
	}
	r->outgoing_at += (size_t)done;
	r->sent += (uint64_t)done;
}

void relay_step(struct relay *r)
{
	read_some(r);
	refill(r);
	write_some(r);
	refill(r);
	fill_spool(r);
	if (r->in < 0 && r->outgoing_at == r->outgoing_len && r->incoming_at == r->incoming_len &&
	    r->spooled == r->taken)
		close_fd(&r->out);
}
