// SPDX-License-Identifier: MIT
// wal_file.c: see wal_file.h.

#include "database/wal_file.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)127 << 10) // SQLite writes no more than 128 KiB, less one byte, at once
#define FRAME_HEADER 24
#define SIZE_AT 4 // in it: the database's pages, of the last frame of a transaction

// In front of the default VFS's own file.
struct wal_file {
	sqlite3_file base;
	sqlite3_file *real;
	uint8_t *held; // NULL: nothing was written yet
	size_t len;
	sqlite3_int64 at; // where in the file it belongs
	bool ending; // the last frame of a transaction is being written
};

static struct wal_file *wal_of(sqlite3_file *file)
{
	return (struct wal_file *)file;
}

// Hands over what is held. After an error it is given up, as SQLite gives up the transaction.
static int hand_over(struct wal_file *w)
{
	size_t len = w->len;

	w->len = 0;
	return len == 0 ? SQLITE_OK : w->real->pMethods->xWrite(w->real, w->held, (int)len, w->at);
}

static bool is_held(const struct wal_file *w, sqlite3_int64 from, sqlite3_int64 len)
{
	return w->len > 0 && from < w->at + (sqlite3_int64)w->len && w->at < from + len;
}

// ---- methods ------------------------------------------------------------------------------

static int close_file(sqlite3_file *file)
{
	struct wal_file *w = wal_of(file);
	int got = hand_over(w);
	int closed = w->real->pMethods->xClose(w->real);

	free(w->held);
	w->held = NULL;
	return got != SQLITE_OK ? got : closed;
}

static int read_file(sqlite3_file *file, void *out, int len, sqlite3_int64 from)
{
	struct wal_file *w = wal_of(file);
	int got = is_held(w, from, len) ? hand_over(w) : SQLITE_OK;

	return got != SQLITE_OK ? got : w->real->pMethods->xRead(w->real, out, len, from);
}

// True if the bytes were added to what is held.
static bool hold(struct wal_file *w, const void *data, size_t len, sqlite3_int64 to)
{
	if (w->held == NULL)
		w->held = malloc(PIECE);
	if (w->held == NULL || w->len + len > PIECE ||
	    (w->len > 0 && to != w->at + (sqlite3_int64)w->len))
		return false;
	if (w->len == 0)
		w->at = to;
	memcpy(w->held + w->len, data, len);
	w->len += len;
	return true;
}

static bool ends_transaction(const uint8_t *header)
{
	static const uint8_t none[4];

	return memcmp(header + SIZE_AT, none, sizeof(none)) != 0;
}

static int write_file(sqlite3_file *file, const void *data, int len, sqlite3_int64 to)
{
	struct wal_file *w = wal_of(file);
	int got = SQLITE_OK;

	if (len == FRAME_HEADER)
		w->ending = ends_transaction(data);
	if (hold(w, data, (size_t)len, to))
		return w->ending ? hand_over(w) : SQLITE_OK;
	got = hand_over(w);
	if (got != SQLITE_OK)
		return got;
	if (!w->ending && hold(w, data, (size_t)len, to))
		return SQLITE_OK;
	return w->real->pMethods->xWrite(w->real, data, len, to);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
	struct wal_file *w = wal_of(file);
	int got = hand_over(w);

	return got != SQLITE_OK ? got : w->real->pMethods->xTruncate(w->real, size);
}

static int sync_file(sqlite3_file *file, int flags)
{
	struct wal_file *w = wal_of(file);
	int got = hand_over(w);

	return got != SQLITE_OK ? got : w->real->pMethods->xSync(w->real, flags);
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size)
{
	struct wal_file *w = wal_of(file);
	int got = hand_over(w);

	return got != SQLITE_OK ? got : w->real->pMethods->xFileSize(w->real, size);
}

static int lock_file(sqlite3_file *file, int level)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xLock(w->real, level);
}

static int unlock_file(sqlite3_file *file, int level)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xUnlock(w->real, level);
}

static int check_lock(sqlite3_file *file, int *out)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xCheckReservedLock(w->real, out);
}

static int control_file(sqlite3_file *file, int what, void *argument)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xFileControl(w->real, what, argument);
}

static int sector_size(sqlite3_file *file)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xSectorSize(w->real);
}

static int characteristics(sqlite3_file *file)
{
	struct wal_file *w = wal_of(file);

	return w->real->pMethods->xDeviceCharacteristics(w->real);
}

// A log is neither mapped nor has it shared memory: that is the database's.
static const sqlite3_io_methods methods = {
	.iVersion = 1,
	.xClose = close_file,
	.xRead = read_file,
	.xWrite = write_file,
	.xTruncate = truncate_file,
	.xSync = sync_file,
	.xFileSize = size_of_file,
	.xLock = lock_file,
	.xUnlock = unlock_file,
	.xCheckReservedLock = check_lock,
	.xFileControl = control_file,
	.xSectorSize = sector_size,
	.xDeviceCharacteristics = characteristics,
};

// ---- the VFS ------------------------------------------------------------------------------

static int open_any(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		    int *out_flags)
{
	sqlite3_vfs *real = sqlite3_vfs_find(NULL);
	struct wal_file *w = wal_of(file);
	int got = SQLITE_OK;

	(void)vfs;
	if ((flags & SQLITE_OPEN_WAL) == 0)
		return real->xOpen(real, name, file, flags, out_flags);
	*w = (struct wal_file){ .real = (sqlite3_file *)(w + 1) };
	got = real->xOpen(real, name, w->real, flags, out_flags);
	// SQLite closes what has methods, also after an error.
	if (w->real->pMethods != NULL)
		w->base.pMethods = &methods;
	return got;
}

int wal_file_register(void)
{
	static sqlite3_vfs vfs;
	const sqlite3_vfs *real = sqlite3_vfs_find(NULL);

	if (real == NULL)
		return SQLITE_ERROR;
	if (vfs.zName != NULL)
		return SQLITE_OK;
	vfs = *real;
	vfs.pNext = NULL;
	vfs.zName = WAL_FILE_VFS;
	vfs.szOsFile += (int)sizeof(struct wal_file);
	vfs.xOpen = open_any;
	return sqlite3_vfs_register(&vfs, 0);
}
