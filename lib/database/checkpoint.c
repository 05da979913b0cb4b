// SPDX-License-Identifier: MIT
// checkpoint.c: see checkpoint.h.

#include "database/checkpoint.h"

#define WAL_SMALL ((uint64_t)4 << 20) // bytes: copied in no time

// Copying has only handed the pages to the system; they go to the disk meanwhile.
static void sync_pages(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file) ==
		    SQLITE_OK &&
	    file->pMethods != NULL)
		(void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static void copy_log(void *context)
{
	const struct checkpoint *c = context;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(c->path, &db, SQLITE_OPEN_READWRITE, NULL) ==
	    SQLITE_OK) {
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		// A connection that has not read does not know of the log.
		(void)sqlite3_exec(db, "PRAGMA schema_version", NULL, NULL, NULL);
		(void)sqlite3_wal_checkpoint_v2(db, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		sync_pages(db);
	}
	(void)sqlite3_close(db);
}

void checkpoint_begin(struct checkpoint *c, const struct database *d)
{
	*c = (struct checkpoint){ .path = sqlite3_db_filename(d->db, "main") };
	if (d->wal && d->wal_bytes >= WAL_SMALL)
		beside_start(&c->beside, copy_log, c);
}

void checkpoint_end(struct checkpoint *c)
{
	beside_wait(&c->beside);
}
