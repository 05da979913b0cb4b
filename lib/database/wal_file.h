// SPDX-License-Identifier: MIT
// wal_file.h: the write-ahead log, handed to the system in large pieces.
//
// SQLite writes the log in two calls for each page: 24 bytes that say which page it is, then the
// page. One call for an eighth of a MiB costs the system less than half of that. So writes to the
// log that follow each other are held back until
// - they fill a piece, or another write does not follow on,
// - they end a transaction: whoever is told that it is committed finds it in the file,
// - what is held is read, or the file is synced, measured or cut.
// An error comes with the write that hands over what was held: SQLite undoes the transaction all
// the same. What a killed process held was not committed.
//
// That a transaction ends is said by the header of a page's frame: the four bytes from the fourth
// on are the size of the database in pages, or 0 where more frames follow ("WAL Frame Header
// Format", sqlite.org/fileformat2.html). SQLite alone writes pieces of 24 bytes into a log, as
// headers; it splits pages only where `synchronous` is FULL, which is not used with it.
#ifndef COMIC_WAL_FILE_H
#define COMIC_WAL_FILE_H

#include "base/compiler.h"

// For sqlite3_open_v2(): the default VFS but for the log.
#define WAL_FILE_VFS "comic-wal"

// Makes the VFS known, once; then it does nothing. 0 or SQLite's result code.
COMIC_MUST_CHECK int wal_file_register(void);

#endif
