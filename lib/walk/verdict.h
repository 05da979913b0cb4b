// SPDX-License-Identifier: MIT
// verdict.h: what one file is to the database. A pure function of both.
//
// Unchanged means equal size and mtime, to the nanosecond; which is the later one does not matter.
// The device is never looked at, the inode only tells that the identity has to be refreshed.
#ifndef COMIC_VERDICT_H
#define COMIC_VERDICT_H

#include "stream/record.h"
#include "walk/known.h"

struct verdict_rules {
	bool all; // read every comic again
	bool retry_failed; // and every one that failed
	bool unstable_inodes; // inodes say nothing here
	int64_t settle; // nanoseconds: a file changed so recently may still be written
};

enum verdict {
	VERDICT_UNCHANGED,
	VERDICT_NEW, // the database does not know the path
	VERDICT_MODIFIED, // it does, and the file has to be read (again)
	VERDICT_TOUCHED, // only the stored identity is out of date, or a failure is overcome
	VERDICT_UNSETTLED, // new or modified, but too recently
};

// row NULL: the path is not in the database. now: nanoseconds since the epoch.
enum verdict verdict_of(const struct known_row *row, const struct identity *file,
			const struct verdict_rules *rules, int64_t now);

#endif
