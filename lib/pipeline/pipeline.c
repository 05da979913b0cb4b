// SPDX-License-Identifier: MIT
// pipeline.c: see pipeline.h.

#define _GNU_SOURCE // ppoll

#include "pipeline/pipeline.h"

#include "base/interrupt.h"
#include "base/mem.h"
#include "pipeline/lines.h"
#include "pipeline/relay.h"
#include "pipeline/turns.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TICK 500000000 // nanoseconds between two progress() calls
#define OUTPUT_CHUNK 4096

// Of each stage three descriptors are watched, and the last one's output.
enum watched { WATCH_FROM, WATCH_TO, WATCH_MESSAGES, WATCH_COUNT };

struct pipeline {
	struct stage *stages;
	size_t count;
	const struct pipeline_listener *listener;
	struct relay relays[PIPELINE_STAGES]; // of the stages that are carried
	struct lines messages[PIPELINE_STAGES];
	int output; // the last stage's standard output, -1 at its end
	const struct relay *found; // the first relay
	const struct relay *read; // the last one
	int64_t started; // when the first file was found, 0: not yet
	int64_t next_tick;
	bool told; // the stages were sent the signal that arrived here
	struct pollfd polls[PIPELINE_STAGES * WATCH_COUNT + 1];
};

// ---- signals ------------------------------------------------------------------------------

// Signals only arrive while ppoll() waits, so that none falls between a look and the wait.
struct signals {
	sigset_t mask; // as it was, and as it is during the wait
	struct sigaction child;
	struct sigaction pipe;
};

static void wake_up(int signal_number)
{
	(void)signal_number;
}

static void hold_signals(struct signals *old)
{
	static const int held[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD };
	struct sigaction wake = { .sa_handler = wake_up };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < COMIC_COUNT(held); i++)
		(void)sigaddset(&set, held[i]);
	(void)sigprocmask(SIG_BLOCK, &set, &old->mask);
	(void)sigaction(SIGCHLD, &wake, &old->child);
	(void)sigaction(SIGPIPE, &ignore, &old->pipe);
	(void)sigdelset(&old->mask, SIGCHLD); // whoever started this may have blocked it
}

static void release_signals(const struct signals *old)
{
	(void)sigaction(SIGCHLD, &old->child, NULL);
	(void)sigaction(SIGPIPE, &old->pipe, NULL);
	(void)sigprocmask(SIG_SETMASK, &old->mask, NULL);
}

// ---- progress -----------------------------------------------------------------------------

static int64_t now(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct progress measure(const struct pipeline *p)
{
	const uint64_t *read = p->read->tally.count;
	struct progress m = {
		.found = p->found->tally.count[STREAM_FILE],
		.found_all = p->found->in < 0,
		.read = read[STREAM_COMIC] + read[STREAM_FAIL] + read[STREAM_FILE],
		.failed = read[STREAM_FAIL],
		.read_all = p->read->in < 0,
		.elapsed = p->started == 0 ? 0 : now() - p->started,
	};

	if (p->read->received > 0)
		m.taken = (uint64_t)((double)m.read * (double)p->read->sent /
				     (double)p->read->received);
	return m;
}

// Tells the listener what is due.
static void report(struct pipeline *p)
{
	int64_t time = now();
	struct progress m;

	if (p->started == 0 && p->found->tally.count[STREAM_FILE] > 0)
		p->started = time;
	m = measure(p);
	if (interrupt_status_wanted())
		p->listener->status(p->listener->data, &m);
	if (time < p->next_tick)
		return;
	p->next_tick = time + TICK;
	p->listener->progress(p->listener->data, &m);
}

// ---- the loop -----------------------------------------------------------------------------

static void watch(struct pollfd *poll, int fd, bool wanted, short events)
{
	*poll = (struct pollfd){ .fd = wanted ? fd : -1, .events = events };
}

static void watch_all(struct pipeline *p)
{
	struct pollfd *at = p->polls;

	for (size_t i = 0; i < p->count; i++, at += WATCH_COUNT) {
		const struct relay *r = &p->relays[i];

		watch(&at[WATCH_FROM], r->in, relay_wants_input(r), POLLIN);
		watch(&at[WATCH_TO], r->out, relay_wants_output(r), POLLOUT);
		watch(&at[WATCH_MESSAGES], p->messages[i].fd, true, POLLIN);
	}
	watch(at, p->output, true, POLLIN);
}

static void read_output(struct pipeline *p)
{
	char bytes[OUTPUT_CHUNK];
	ssize_t got = 0;

	if (p->output < 0)
		return;
	while ((got = read(p->output, bytes, sizeof(bytes))) > 0)
		p->listener->output(p->listener->data, (struct text){ bytes, (size_t)got });
	if (got == 0 || (errno != EAGAIN && errno != EINTR))
		p->output = -1;
}

static void serve_all(struct pipeline *p)
{
	const struct pollfd *at = p->polls;

	for (size_t i = 0; i < p->count; i++, at += WATCH_COUNT) {
		if (at[WATCH_FROM].revents != 0 || at[WATCH_TO].revents != 0)
			relay_step(&p->relays[i]);
		if (at[WATCH_MESSAGES].revents != 0)
			lines_read(&p->messages[i], p->listener->message, p->listener->data);
	}
	if (at->revents != 0)
		read_output(p);
}

// Waits for what a relay, a message, a child's end, a signal or the next tick brings.
static void wait_and_serve(struct pipeline *p, const sigset_t *mask)
{
	int64_t left = p->next_tick - now();
	struct timespec pause = { .tv_nsec = left > 0 ? (long)left : 0 };

	watch_all(p);
	if (ppoll(p->polls, p->count * WATCH_COUNT + 1, &pause, mask) > 0)
		serve_all(p);
}

static void pass_on_signal(struct pipeline *p)
{
	if (interrupt_signal() == 0 || p->told)
		return;
	stages_signal(p->stages, p->count, interrupt_signal());
	p->told = true;
}

static void run_to_end(struct pipeline *p, const sigset_t *mask)
{
	for (;;) {
		pass_on_signal(p);
		report(p);
		if (stages_reap(p->stages, p->count) == 0)
			break;
		wait_and_serve(p, mask);
	}
	// What they wrote last is still in the pipes.
	for (size_t i = 0; i < p->count; i++) {
		lines_read(&p->messages[i], p->listener->message, p->listener->data);
		lines_finish(&p->messages[i], p->listener->message, p->listener->data);
	}
	read_output(p);
}

static int open_relays(struct pipeline *p, const char *folder, struct comic_err *err)
{
	for (size_t i = 0; i < p->count; i++) {
		p->messages[i].fd = p->stages[i].messages;
		p->relays[i] = (struct relay){ .in = -1, .out = -1, .spool = -1 };
	}
	for (size_t i = 0; i < p->count; i++) {
		if (!p->stages[i].carried)
			continue;
		int in = p->stages[i].out;
		int out = p->stages[i + 1].in;

		p->stages[i].out = -1; // they are the relay's now
		p->stages[i + 1].in = -1;
		if (relay_open(&p->relays[i], in, out, folder, err) < 0)
			return -1;
		p->read = &p->relays[i];
		if (p->found == NULL)
			p->found = p->read;
	}
	p->output = p->stages[p->count - 1].out;
	return 0;
}

static int run_started(struct pipeline *p, const char *folder, const sigset_t *mask,
		       struct comic_err *err)
{
	int status = open_relays(p, folder, err);

	if (status == 0)
		run_to_end(p, mask);
	for (size_t i = 0; i < p->count; i++)
		relay_close(&p->relays[i]);
	stages_finish(p->stages, p->count);
	return status;
}

int pipeline_run(struct stage *stages, size_t count, const char *beside,
		 const struct pipeline_listener *listener, struct comic_err *err)
{
	struct pipeline *p = mem_zero(1, sizeof(*p));
	const char *slash = strrchr(beside, '/');
	struct buf folder = { 0 };
	struct signals old;
	int status = -1;

	if (p == NULL || buf_printf(&folder, "%.*s", slash == NULL ? 0 : (int)(slash + 1 - beside),
				    beside) < 0 ||
	    buf_add(&folder, "./", sizeof("./")) < 0) {
		buf_clear(&folder);
		free(p);
		return err_set_nomem(err, "the pipeline");
	}
	p->stages = stages;
	p->count = count;
	p->listener = listener;
	p->next_tick = now() + TICK;
	turns_make_long();
	hold_signals(&old);
	status = stages_start(stages, count, &old.mask, err);
	if (status == 0)
		status = run_started(p, (const char *)folder.data, &old.mask, err);
	release_signals(&old);
	buf_clear(&folder);
	free(p);
	return status;
}
