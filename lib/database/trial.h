// SPDX-License-Identifier: MIT
// trial.h: a copy of a database to try a run on, of which nothing stays.
//
// The copy is SQLite's own kind of temporary database: pages that do not fit
// into the cache go to a file that loses its name as soon as it is made, in the
// first of SQLITE_TMPDIR, TMPDIR, /var/tmp, /usr/tmp and /tmp that can be written. It takes as
// much disk as the database and what the run adds, and is gone however the program ends. (An
// SQLite built with SQLITE_TEMP_STORE 2 or 3 keeps it in memory.)
//
// The database is left as it is, its log and its folder too: a log that a killed
// program left is read but not moved back, and no file is made (but the shared memory of
// such a log, if that is missing).
#ifndef COMIC_TRIAL_H
#define COMIC_TRIAL_H

#include "database/database.h"

// Makes d->db a copy of what is committed in the file d->path; empty if there is no such file or
// nothing in it. Nobody writing it is kept waiting, but for one that has no write-ahead log.
// -1 (DB, IO, NOMEM, INTERRUPTED): d is still to be closed by close_database().
COMIC_MUST_CHECK int trial_open(struct database *d, struct comic_err *err);

#endif
