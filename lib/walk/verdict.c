// SPDX-License-Identifier: MIT
// verdict.c: see verdict.h.

#include "walk/verdict.h"

#include "walk/path.h"

// True if the same bytes would fail again.
static bool is_final(const struct known_row *row)
{
	switch (row->code) {
	case FAIL_EMPTY:
	case FAIL_NOT_AN_ARCHIVE:
	case FAIL_ENCRYPTED:
	case FAIL_VOLUME:
	case FAIL_UNSUPPORTED:
	case FAIL_DAMAGED:
	case FAIL_LIMIT:
		return true;
	case FAIL_CRASH:
	case FAIL_TIMEOUT:
		return row->attempts >= FAIL_ATTEMPTS_MAX;
	case FAIL_NONE:
	case FAIL_UNREADABLE:
	case FAIL_CHANGED:
	case FAIL_MEMORY:
		break;
	}
	return false;
}

static bool is_unsettled(int64_t mtime, int64_t settle, int64_t now)
{
	return mtime <= now && mtime > now - settle;
}

static enum verdict compare(const struct known_row *row, const struct identity *file,
			    const struct verdict_rules *rules)
{
	if (row == NULL)
		return VERDICT_NEW;
	if (rules->all)
		return VERDICT_MODIFIED;
	// A failure of this very state counts more than a comic row that agrees with it: a move
	// brings that up to date although the file could not be read at its new name.
	if (row->has_failed && path_identity_equal(file, &row->failed_id))
		return is_final(row) && !rules->retry_failed ? VERDICT_UNCHANGED : VERDICT_MODIFIED;
	if (!row->has_comic || !path_identity_equal(file, &row->comic_id))
		return VERDICT_MODIFIED;
	if (row->has_failed)
		return VERDICT_TOUCHED; // the good state is back
	if (file->ino != row->comic_id.ino && !rules->unstable_inodes)
		return VERDICT_TOUCHED;
	return VERDICT_UNCHANGED;
}

enum verdict verdict_of(const struct known_row *row, const struct identity *file,
			const struct verdict_rules *rules, int64_t now)
{
	enum verdict verdict = compare(row, file, rules);

	if ((verdict == VERDICT_NEW || verdict == VERDICT_MODIFIED) &&
	    is_unsettled(file->mtime, rules->settle, now))
		return VERDICT_UNSETTLED;
	return verdict;
}
