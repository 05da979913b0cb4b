// SPDX-License-Identifier: MIT
// checkpoint.c: see checkpoint.h.

#include "database/checkpoint.h"

#define WAL_WORTH ((uint64_t)4 << 20) // bytes

static sqlite3_file *main_file(sqlite3 *db)
{
	sqlite3_file *file = NULL;

	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file) != SQLITE_OK)
		return NULL;
	return file != NULL && file->pMethods != NULL ? file : NULL;
}

// True if the path is still that of the loader's file: another one put in its place has nothing to
// do with the log. Asked after opening and before anything is read: it cannot change later what
// is open.
static bool is_same_file(sqlite3_file *file)
{
	int moved = 0;

	return file->pMethods->xFileControl(file, SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
	       moved == 0;
}

// Copying has only handed the pages to the system; they go to the disk meanwhile.
static void sync_pages(sqlite3 *db)
{
	sqlite3_file *file = main_file(db);

	if (file != NULL)
		(void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

static void copy_log(void *context)
{
	const struct checkpoint *c = context;
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(c->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
	    is_same_file(c->file)) {
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
	// A log that is shorter began anew.
	uint64_t known = c->copied <= d->wal_bytes ? c->copied : 0;

	if (!d->wal || d->wal_bytes - known < WAL_WORTH || !beside_is_done(&c->beside))
		return;
	beside_wait(&c->beside);
	c->file = main_file(d->db);
	if (c->file == NULL)
		return;
	c->path = sqlite3_db_filename(d->db, "main");
	c->copied = d->wal_bytes;
	beside_start(&c->beside, copy_log, c);
}

void checkpoint_end(struct checkpoint *c)
{
	beside_wait(&c->beside);
}
