// SPDX-License-Identifier: MIT
// checkpoint.h: the write-ahead log goes into the database file while the loader works on.
//
// A thread with a connection of its own runs a passive checkpoint: it copies what is committed
// and waits for nobody, and neither readers nor the loader wait for it. What it does not get done
// the loader's own checkpoints do; so nothing here can fail.
#ifndef COMIC_CHECKPOINT_H
#define COMIC_CHECKPOINT_H

#include "base/beside.h"
#include "database/database.h"

// A zeroed one is not running.
struct checkpoint {
	struct beside beside;
	const char *path;
	sqlite3_file *file; // the loader's
	uint64_t copied; // bytes of the log there were when the last one began
};

// Starts one if none is running and the log has grown enough since the last. d's connection stays
// open until checkpoint_end().
void checkpoint_begin(struct checkpoint *c, const struct database *d);
// Waits for its end.
void checkpoint_end(struct checkpoint *c);

#endif
