// SPDX-License-Identifier: MIT
// pace.c: see pace.h.

#include "worker/pace.h"

// A file that was waited for takes longer to open than any other. It is slow when so many more were
// waited for than not, until it is the other way round: on a busy machine each file may once be the
// one at which it was another process's turn.
#define WAITED 50000 // nanoseconds to open a file
#define WAITED_FILES 16
// To ask for what is in memory takes a moment, and is done for few files only when it was so for
// many in a row.
#define CACHED 5000 // nanoseconds to ask for a file's bytes
#define CACHED_FILES 64
#define PROBE 16 // one of so many

bool pace_prefetch(struct pace *p)
{
	p->probe = (p->probe + 1) % PROBE;
	return p->cached < CACHED_FILES || p->probe == 0;
}

static void note_wait(struct pace *p, bool waited)
{
	if (waited && p->waited < WAITED_FILES)
		p->waited++;
	else if (!waited && p->waited > 0)
		p->waited--;
	p->slow = p->slow ? p->waited > 0 : p->waited == WAITED_FILES;
}

void pace_note(struct pace *p, const struct opening *o)
{
	if (o->fd < 0)
		return;
	note_wait(p, o->took >= WAITED);
	if (o->prefetch && o->prefetch_took >= CACHED)
		p->cached = 0;
	else if (o->prefetch && p->cached < CACHED_FILES)
		p->cached++;
}
