// SPDX-License-Identifier: MIT
// test_walk_verdict.c: what a file is to the database, as a table.

#include "walk/verdict.h"

#include "tap.h"

#define NOW INT64_C(1700000000000000000)
#define SECOND INT64_C(1000000000)
#define OLD (NOW - 100 * SECOND)

static const struct identity disk = { .size = 10, .mtime = OLD, .ino = 7, .dev = 1 };

static enum verdict judge(const struct known_row *row, const struct verdict_rules *rules)
{
	return verdict_of(row, &disk, rules, NOW);
}

static void test_comics(void)
{
	struct verdict_rules rules = { .settle = 2 * SECOND };
	struct known_row row = { .has_comic = true, .comic_id = { 10, OLD, 7, 0 } };

	ok(judge(NULL, &rules) == VERDICT_NEW, "not in the database: new");
	ok(judge(&row, &rules) == VERDICT_UNCHANGED, "the same, whatever the device: unchanged");
	row.comic_id.ino = 8;
	ok(judge(&row, &rules) == VERDICT_TOUCHED, "another inode: touched");
	rules.unstable_inodes = true;
	ok(judge(&row, &rules) == VERDICT_UNCHANGED, "unless inodes say nothing");
	row.comic_id = (struct identity){ 11, OLD, 7, 0 };
	ok(judge(&row, &rules) == VERDICT_MODIFIED, "another size: modified");
	row.comic_id = (struct identity){ 10, OLD + 1, 7, 0 };
	ok(judge(&row, &rules) == VERDICT_MODIFIED,
	   "a time one nanosecond older than before: modified");
	row.comic_id.mtime = OLD;
	rules.all = true;
	ok(judge(&row, &rules) == VERDICT_MODIFIED, "--all reads it again");
	ok(judge(NULL, &rules) == VERDICT_NEW, "and a new one stays new");
}

static void test_failures(void)
{
	static const struct {
		enum fail_code code;
		int64_t attempts;
		bool final;
	} codes[] = {
		{ FAIL_EMPTY, 1, true },       { FAIL_NOT_AN_ARCHIVE, 1, true },
		{ FAIL_ENCRYPTED, 1, true },   { FAIL_VOLUME, 1, true },
		{ FAIL_UNSUPPORTED, 1, true }, { FAIL_DAMAGED, 1, true },
		{ FAIL_LIMIT, 1, true },       { FAIL_UNREADABLE, 9, false },
		{ FAIL_CHANGED, 9, false },    { FAIL_MEMORY, 9, false },
		{ FAIL_CRASH, 1, false },      { FAIL_CRASH, 2, true },
		{ FAIL_TIMEOUT, 1, false },    { FAIL_TIMEOUT, 2, true },
		{ FAIL_NONE, 9, false },
	};
	struct verdict_rules rules = { .settle = 0 };
	const struct verdict_rules retry = { .retry_failed = true };

	for (size_t i = 0; i < COMIC_COUNT(codes); i++) {
		struct known_row row = {
			.has_failed = true,
			.failed_id = { 10, OLD, 99, 0 },
			.code = codes[i].code,
			.attempts = codes[i].attempts,
		};
		enum verdict want = codes[i].final ? VERDICT_UNCHANGED : VERDICT_MODIFIED;

		ok(judge(&row, &rules) == want, "code %d, attempt %d", (int)row.code,
		   (int)row.attempts);
		ok(judge(&row, &retry) == VERDICT_MODIFIED, "--retry-failed tries again");
		row.failed_id.size = 9;
		ok(judge(&row, &rules) == VERDICT_MODIFIED, "another file now: again");
	}
}

static void test_both(void)
{
	const struct verdict_rules rules = { .settle = 0 };
	struct known_row row = {
		.has_comic = true,
		.comic_id = { 5, 1, 7, 0 },
		.has_failed = true,
		.failed_id = { 10, OLD, 7, 0 },
		.code = FAIL_DAMAGED,
	};

	ok(judge(&row, &rules) == VERDICT_UNCHANGED, "the failure is current: leave it");
	row.comic_id = disk;
	row.failed_id = (struct identity){ 5, 1, 7, 0 };
	ok(judge(&row, &rules) == VERDICT_TOUCHED, "the good file is back: touched");
	row.comic_id.size = 4;
	ok(judge(&row, &rules) == VERDICT_MODIFIED, "neither of both: modified");
}

static void test_settling(void)
{
	static const struct {
		int64_t mtime;
		bool settled;
		const char *what;
	} times[] = {
		{ NOW, false, "just now" },
		{ NOW - 2 * SECOND + 1, false, "almost 2 s ago" },
		{ NOW - 2 * SECOND, true, "2 s ago" },
		{ NOW + 1, true, "in the future" },
		{ INT64_MAX, true, "at the end of time" },
		{ INT64_MIN, true, "at its beginning" },
	};
	struct verdict_rules rules = { .settle = 2 * SECOND };
	struct known_row row = { .has_comic = true, .comic_id = { 3, 3, 3, 0 } };

	for (size_t i = 0; i < COMIC_COUNT(times); i++) {
		struct identity file = { .size = 1, .mtime = times[i].mtime };
		enum verdict want = times[i].settled ? VERDICT_NEW : VERDICT_UNSETTLED;

		ok(verdict_of(NULL, &file, &rules, NOW) == want, "new, %s", times[i].what);
		want = times[i].settled ? VERDICT_MODIFIED : VERDICT_UNSETTLED;
		ok(verdict_of(&row, &file, &rules, NOW) == want, "modified, %s", times[i].what);
	}
	rules.settle = 0;
	ok(verdict_of(NULL, &(struct identity){ .mtime = NOW }, &rules, NOW) == VERDICT_NEW,
	   "--settle 0 takes all");
	row.comic_id = (struct identity){ 1, NOW, 5, 0 };
	rules.settle = SECOND;
	ok(verdict_of(&row, &(struct identity){ 1, NOW, 5, 0 }, &rules, NOW) == VERDICT_UNCHANGED,
	   "what did not change is never unsettled");
}

int main(void)
{
	test_comics();
	test_failures();
	test_both();
	test_settling();
	return done();
}
