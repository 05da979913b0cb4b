// SPDX-License-Identifier: MIT
// opener.c: see opener.h.

#include "worker/opener.h"

#include "base/beside.h"
#include "base/mem.h"
#include "container/container.h"
#include "walk/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define THREADS 8

struct opener {
	pthread_mutex_t lock;
	pthread_cond_t asked; // something was, or all ends
	pthread_cond_t done;
	struct opening *queue[OPENER_AHEAD]; // a ring
	size_t first;
	size_t count;
	bool ending;
	int event; // eventfd(2)
	struct beside threads[THREADS];
};

// ---- one file -----------------------------------------------------------------------------

static int64_t clock_now(void)
{
	struct timespec t = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void note_failure(struct opening *o, const char *what)
{
	o->failed = what;
	o->error = errno;
}

void opening_do(struct opening *o)
{
	int64_t began = clock_now();
	int64_t opened = 0;

	o->failed = NULL;
	o->fd = path_open(o->path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (o->fd < 0) {
		note_failure(o, "open");
	} else if (fstat(o->fd, &o->st) < 0) {
		note_failure(o, "stat");
		(void)close(o->fd);
		o->fd = -1;
	}
	opened = clock_now();
	if (o->fd >= 0 && o->prefetch && S_ISREG(o->st.st_mode))
		container_prefetch(o->fd, (uint64_t)o->st.st_size, path_base(text_from(o->path)));
	o->took = clock_now() - began;
	o->prefetch_took = o->took - (opened - began);
	atomic_store(&o->state, OPENING_DONE);
}

// ---- threads ------------------------------------------------------------------------------

// The next file to open; NULL: there will be none.
static struct opening *take(struct opener *opener)
{
	struct opening *o = NULL;

	(void)pthread_mutex_lock(&opener->lock);
	while (opener->count == 0 && !opener->ending)
		(void)pthread_cond_wait(&opener->asked, &opener->lock);
	if (!opener->ending) {
		o = opener->queue[opener->first];
		opener->first = (opener->first + 1) % OPENER_AHEAD;
		opener->count--;
	}
	(void)pthread_mutex_unlock(&opener->lock);
	return o;
}

static void tell(struct opener *opener)
{
	static const uint64_t one = 1;

	(void)pthread_mutex_lock(&opener->lock);
	(void)pthread_cond_broadcast(&opener->done);
	(void)pthread_mutex_unlock(&opener->lock);
	// It can only fail when it can be read already.
	if (write(opener->event, &one, sizeof(one)) < 0)
		return;
}

static void open_all(void *context)
{
	struct opener *opener = context;
	struct opening *o = NULL;

	while ((o = take(opener)) != NULL) {
		opening_do(o);
		tell(opener);
	}
}

struct opener *opener_new(void)
{
	struct opener *opener = mem_zero(1, sizeof(*opener));
	size_t started = 0;

	if (opener == NULL)
		return NULL;
	(void)pthread_mutex_init(&opener->lock, NULL);
	(void)pthread_cond_init(&opener->asked, NULL);
	(void)pthread_cond_init(&opener->done, NULL);
	opener->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	while (opener->event >= 0 && started < THREADS &&
	       beside_try(&opener->threads[started], open_all, opener))
		started++;
	if (started > 0)
		return opener;
	opener_free(opener);
	return NULL;
}

void opener_free(struct opener *opener)
{
	if (opener == NULL)
		return;
	(void)pthread_mutex_lock(&opener->lock);
	opener->ending = true;
	(void)pthread_cond_broadcast(&opener->asked);
	(void)pthread_mutex_unlock(&opener->lock);
	for (size_t i = 0; i < THREADS; i++)
		beside_wait(&opener->threads[i]);
	if (opener->event >= 0)
		(void)close(opener->event);
	(void)pthread_cond_destroy(&opener->asked);
	(void)pthread_cond_destroy(&opener->done);
	(void)pthread_mutex_destroy(&opener->lock);
	free(opener);
}

bool opener_ask(struct opener *opener, struct opening *o)
{
	bool room = false;

	(void)pthread_mutex_lock(&opener->lock);
	room = opener->count < OPENER_AHEAD;
	if (room) {
		atomic_store(&o->state, OPENING_ASKED);
		opener->queue[(opener->first + opener->count) % OPENER_AHEAD] = o;
		opener->count++;
		(void)pthread_cond_signal(&opener->asked);
	}
	(void)pthread_mutex_unlock(&opener->lock);
	return room;
}

void opener_wait(struct opener *opener, struct opening *o)
{
	(void)pthread_mutex_lock(&opener->lock);
	while (atomic_load(&o->state) != OPENING_DONE)
		(void)pthread_cond_wait(&opener->done, &opener->lock);
	(void)pthread_mutex_unlock(&opener->lock);
}

int opener_fd(const struct opener *opener)
{
	return opener->event;
}

void opener_hear(struct opener *opener)
{
	uint64_t count = 0;

	if (read(opener->event, &count, sizeof(count)) < 0)
		return; // nothing was said
}
