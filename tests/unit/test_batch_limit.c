// SPDX-License-Identifier: MIT
// test_batch_limit.c: the memory limit of made-up machines.

#include "batch/limit.h"
#include "fake_root.h"
#include "tap.h"

#define MIB ((uint64_t)1 << 20)
#define GIB ((uint64_t)1 << 30)
#define V2_MOUNT "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n"
#define V1_MOUNT                                                                                   \
	"35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 master:1 - cgroup cgroup "        \
	"rw,memory\n"
#define OTHER_MOUNTS                                                                               \
	"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"                                                    \
	"33 31 0:30 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"                              \
	"34 31 0:31 / /sys/fs/cgroup/x rw - cgroup cgroup rw,name=memory\n"
#define V1_NO_LIMIT "9223372036854771712\n"

static struct limit_system machine; // 16 GiB, no rlimits, unless a test says so
static struct limit found;

static void detect(void)
{
	struct comic_err err = { 0 };

	limit_clear(&found);
	if (limit_detect(&found, &machine, &err) < 0)
		ok(false, "limit_detect: %s", err.text);
}

static void begin(const char *cgroup, const char *mounts)
{
	fake_begin();
	machine = (struct limit_system){ fake_root, LIMIT_NONE, LIMIT_NONE, 16 * GIB };
	if (cgroup != NULL)
		fake_put("/proc/self/cgroup", cgroup);
	if (mounts != NULL)
		fake_put("/proc/self/mountinfo", mounts);
}

static void is_limit(uint64_t bytes, const char *source, const char *what)
{
	detect();
	is_u64(found.bytes, bytes, what);
	is_string(found.source, source, what);
}

// The note on the first candidate whose source begins so; "" if there is none, "-" without note.
static const char *note_of(const char *source)
{
	for (size_t i = 0; i < found.count; i++) {
		const struct limit_candidate *c = &found.candidates[i];

		if (strncmp(c->source, source, strlen(source)) == 0)
			return c->note == NULL ? "-" : c->note;
	}
	return "";
}

static void test_v2(void)
{
	begin("0::/a/b\n", OTHER_MOUNTS V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/b/memory.max", "1073741824\n");
	fake_put("/sys/fs/cgroup/a/b/memory.high", "max\n");
	is_limit(GIB, "cgroup v2 memory.max of /a/b", "v2: its own memory.max");
	is_string(note_of("cgroup v2 memory.high of /a/b"), "-", "v2: max is no limit, no note");

	fake_put("/sys/fs/cgroup/a/memory.max", "536870912\n");
	fake_put("/sys/fs/cgroup/a/memory.high", "max\n");
	is_limit(GIB / 2, "cgroup v2 memory.max of /a", "v2: a parent's");
	fake_put("/sys/fs/cgroup/a/memory.high", "268435456\n");
	is_limit(GIB / 4, "cgroup v2 memory.high of /a", "v2: a parent's memory.high");
	fake_put("/sys/fs/cgroup/memory.max", "134217728\n");
	is_limit(GIB / 8, "cgroup v2 memory.max of /", "v2: the root's, as in a namespace");

	begin("0::/a/b/c\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/b/c/x", "");
	fake_put("/sys/fs/cgroup/a/memory.max", "1048576\n");
	is_limit(MIB, "cgroup v2 memory.max of /a", "v2: no memory controller in the leaf");

	begin("0::/\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/memory.max", "2097152"); // no newline
	is_limit(2 * MIB, "cgroup v2 memory.max of /", "v2: path / is the mount");
}

static void test_v1(void)
{
	begin("4:memory:/docker/x\n1:cpu,cpuacct:/y\n", OTHER_MOUNTS V1_MOUNT);
	fake_put("/sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", "268435456\n");
	fake_put("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes", V1_NO_LIMIT);
	fake_put("/sys/fs/cgroup/memory/memory.limit_in_bytes", V1_NO_LIMIT);
	is_limit(GIB / 4, "cgroup v1 memory.limit_in_bytes of /docker/x", "v1: its own");
	is_string(note_of("cgroup v1 memory.limit_in_bytes of /docker"), "-",
		  "v1: the kernel's way to say none is no limit, no note");

	fake_put("/sys/fs/cgroup/memory/docker/x/memory.stat",
		 "cache 1\nhierarchical_memory_limit 134217728\nhierarchical_memsw_limit 1\n");
	is_limit(GIB / 8, "cgroup v1 hierarchical_memory_limit of /docker/x",
		 "v1: an ancestor that cannot be seen");
	fake_put("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes", "67108864\n");
	is_limit(64 * MIB, "cgroup v1 memory.limit_in_bytes of /docker", "v1: one that can");
	fake_put("/sys/fs/cgroup/memory/docker/x/memory.stat", "hierarchical_memory_limit\n");
	fake_put("/sys/fs/cgroup/memory/docker/memory.limit_in_bytes", V1_NO_LIMIT);
	is_limit(GIB / 4, "cgroup v1 memory.limit_in_bytes of /docker/x", "v1: half a line");

	begin("5:cpu,memory,pids:/g\n", "35 31 0:32 / /cg rw - cgroup none rw,cpu,memory,pids\n");
	fake_put("/cg/g/memory.limit_in_bytes", "33554432\n");
	is_limit(32 * MIB, "cgroup v1 memory.limit_in_bytes of /g", "v1: controllers together");
}

static void test_hybrid(void)
{
	begin("4:memory:/one\n0::/two\n",
	      V1_MOUNT "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
	fake_put("/sys/fs/cgroup/unified/two/cgroup.procs", "1\n");
	fake_put("/sys/fs/cgroup/memory/one/memory.limit_in_bytes", "536870912\n");
	is_limit(GIB / 2, "cgroup v1 memory.limit_in_bytes of /one",
		 "hybrid: memory is v1's, v2 has no such files");
	is_string(note_of("cgroup v2"), "", "hybrid: files that are not there are not noted");
}

static void test_containers(void)
{
	begin("4:memory:/docker/abc\n",
	      "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
	fake_put("/sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n");
	is_limit(GIB, "cgroup v1 memory.limit_in_bytes of /docker/abc",
		 "container: the mount's root is the own group");

	begin("0::/pod/abc/job\n", "35 31 0:32 /pod/abc /cg\\040mount ro - cgroup2 cgroup2 rw\n");
	fake_put("/cg mount/job/memory.max", "max\n");
	fake_put("/cg mount/memory.max", "4194304\n");
	is_limit(4 * MIB, "cgroup v2 memory.max of /pod/abc",
		 "container: a group below the mount's root; an escaped mount point");

	begin("0::/pod/abcd\n", "35 31 0:32 /pod/abc /cg ro - cgroup2 cgroup2 rw\n");
	fake_put("/cg/memory.max", "8388608\n");
	fake_put("/cg/d/memory.max", "1048576\n");
	is_limit(8 * MIB, "cgroup v2 memory.max of /pod/abc",
		 "container: a foreign mount stands in, by its mount point");

	begin("0::/../sibling\n", V2_MOUNT);
	fake_put("/sys/fs/sibling/memory.max", "1048576\n");
	fake_put("/sys/fs/cgroup/memory.max", "2097152\n");
	is_limit(2 * MIB, "cgroup v2 memory.max of /", "namespace: never up with ..");

	begin("0::/../x\n", "35 31 0:32 /.. /cg ro - cgroup2 cgroup2 rw\n");
	fake_put("/cg/x/memory.max", "3145728\n");
	is_limit(3 * MIB, "cgroup v2 memory.max of /../x", "namespace: a mount from outside it");

	begin("0::/a/b\n", "35 31 0:32 /a/b /part ro - cgroup2 cgroup2 rw\n" V2_MOUNT
			   "36 31 0:32 /zzz /other ro - cgroup2 cgroup2 rw\n");
	fake_put("/part/memory.max", "max\n");
	fake_put("/sys/fs/cgroup/a/b/memory.max", "max\n");
	fake_put("/sys/fs/cgroup/a/memory.max", "5242880\n");
	is_limit(5 * MIB, "cgroup v2 memory.max of /a",
		 "of several mounts, the one that shows most");
}

static void test_absurd(void)
{
	begin("0::/a\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/memory.max", "0\n");
	fake_put("/sys/fs/cgroup/a/memory.high", "109951162777600\n");
	is_limit(16 * GIB, "physical memory", "absurd values bound nothing");
	is_string(note_of("cgroup v2 memory.max of /a"), "0 bytes cannot be meant", "0 is noted");
	is_string(note_of("cgroup v2 memory.high of /a"), "100 TiB is more than the machine has",
		  "more than there is is noted");

	fake_put("/sys/fs/cgroup/a/memory.max", "12 apples\n");
	fake_put("/sys/fs/cgroup/a/memory.high", "-1\n");
	is_limit(16 * GIB, "physical memory", "garbage bounds nothing");
	is_string(note_of("cgroup v2 memory.max of /a"), "not a number of bytes",
		  "garbage is noted");
	is_string(note_of("cgroup v2 memory.high of /a"), "not a number of bytes", "so is -1");
	fake_put("/sys/fs/cgroup/a/memory.max", "");
	fake_put("/sys/fs/cgroup/a/memory.high", "18446744073709551616\n");
	is_limit(16 * GIB, "physical memory", "nothing and 2^64 bound nothing");
	is_string(note_of("cgroup v2 memory.max of /a"), "not a number of bytes",
		  "nothing is noted");
	is_string(note_of("cgroup v2 memory.high of /a"), "not a number of bytes", "so is 2^64");

	begin("0::/a\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/memory.max/folder", "");
	is_limit(16 * GIB, "physical memory", "unreadable bounds nothing");
	is_string(note_of("cgroup v2 memory.max of /a"),
		  "/sys/fs/cgroup/a/memory.max: read: Is a directory", "unreadable is noted");
}

static char *repeated(char c, size_t count, const char *tail)
{
	char *text = malloc(count + strlen(tail) + 1);

	if (text == NULL)
		exit(1);
	memset(text, c, count);
	memcpy(text + count, tail, strlen(tail) + 1);
	return text;
}

static void test_garbage_files(void)
{
	char *digits = repeated('9', 3 << 20, "\n");
	char *lines = repeated('\n', 3 << 20, "0::/a\n");
	char *path = repeated('/', 70000, "a\n");
	char *huge = repeated(':', 5 << 20, "\n0::/a\n");

	memcpy(path, "0::", 3);
	begin("0::/a\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/memory.max", digits);
	is_limit(16 * GIB, "physical memory", "a huge value bounds nothing");
	is_string(note_of("cgroup v2 memory.max of /a"),
		  "/sys/fs/cgroup/a/memory.max: read: longer than 64 bytes", "and is noted");

	begin(lines, V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/memory.max", "1048576\n");
	is_limit(MIB, "cgroup v2 memory.max of /a", "3 MiB of empty lines are passed over");
	begin(path, V2_MOUNT);
	is_limit(16 * GIB, "physical memory", "a path of 70 kB bounds nothing");
	is_string(note_of("cgroup v2"), "/proc/self/cgroup: a path of 69998 bytes", "and is noted");
	begin(huge, V2_MOUNT);
	is_limit(16 * GIB, "physical memory", "5 MiB of garbage bound nothing");
	is_string(note_of("cgroup v2"), "/proc/self/cgroup: read: longer than 4194304 bytes",
		  "and are noted");

	begin("0\n0:\n0::\n0::relative\n:::/x\n0:memory:/b\n0::/a",
	      "1\n1 2 3 4 5 6\n- cgroup2\n"
	      "1 2 3 / /no-dash rw cgroup2 cgroup2 rw\n1 2 3 / /no-type rw -\n" V2_MOUNT);
	fake_put("/sys/fs/cgroup/a/memory.max", "1048576\n");
	is_limit(MIB, "cgroup v2 memory.max of /a", "half lines are passed over");
	free(digits);
	free(lines);
	free(path);
	free(huge);
}

static void test_missing(void)
{
	begin(NULL, NULL);
	is_limit(16 * GIB, "physical memory", "no /proc: physical memory");
	is_string(note_of("cgroup v2"), "/proc/self/cgroup: open: No such file or directory",
		  "no /proc is noted");
	begin("0::/a\n4:memory:/b\n", OTHER_MOUNTS);
	is_limit(16 * GIB, "physical memory", "not mounted: physical memory");
	is_string(note_of("cgroup v1"),
		  "/proc/self/mountinfo: the control groups of this process are not mounted",
		  "not mounted is noted");
	begin("3:cpu:/a\n", OTHER_MOUNTS);
	is_limit(16 * GIB, "physical memory", "in no memory group: physical memory");
	is_string(note_of("cgroup"), "", "in no memory group is not noted");
	begin("", "");
	machine.physical = 0;
	is_limit(LIMIT_ASSUMED, "an assumption: nothing else is known", "nothing known at all");
}

static void test_calls(void)
{
	begin("", "");
	machine.address_space = 2 * GIB;
	is_limit(2 * GIB, "RLIMIT_AS", "RLIMIT_AS");
	machine.data = GIB;
	is_limit(GIB, "RLIMIT_DATA", "RLIMIT_DATA");
	machine.data = 0;
	machine.address_space = 17 * GIB;
	is_limit(16 * GIB, "physical memory", "absurd rlimits");
	is_string(note_of("RLIMIT_AS"), "17 GiB is more than the machine has",
		  "RLIMIT_AS is noted");
	is_string(note_of("RLIMIT_DATA"), "0 bytes cannot be meant", "RLIMIT_DATA is noted");

	begin("", "");
	fake_put("/proc/meminfo", "MemTotal:        4194304 kB\nMemFree:  1 kB\n");
	is_limit(4 * GIB, "physical memory", "a MemTotal below the physical memory");
	fake_put("/proc/meminfo", "MemFree: 1 kB\nMemTotal:        0 kB\n");
	is_limit(16 * GIB, "physical memory", "a MemTotal of 0");
	fake_put("/proc/meminfo", "MemTotal: 99999999999999999999 kB\n");
	is_limit(16 * GIB, "physical memory", "a MemTotal beyond 2^64");
	machine.physical = 0;
	fake_put("/proc/meminfo", "MemTotal:        4194304 kB\n");
	is_limit(4 * GIB, "physical memory", "only MemTotal");
}

static void test_names(void)
{
	begin("0::/a\033[31m\n", V2_MOUNT);
	fake_put("/sys/fs/cgroup/a\033[31m/memory.max", "1048576\n");
	is_limit(MIB, "cgroup v2 memory.max of /a?[31m", "control bytes of a group's name");
	begin("0::/a b\\c\n", "35 31 0:32 /a\\040b\\134c /cg ro - cgroup2 cgroup2 rw\n");
	fake_put("/cg/memory.max", "1048576\n");
	is_limit(MIB, "cgroup v2 memory.max of /a b\\c", "an escaped root");
}

static void test_given(void)
{
	struct comic_err err = { 0 };
	struct limit limit;

	ok(limit_here(&limit, 5, &err) == 0 && limit.bytes == 5, "a given limit");
	is_string(limit.source, "--memory", "a given limit's source");
	limit_clear(&limit);
	ok(limit_here(&limit, 0, &err) == 0 && limit.bytes > 0 && limit.count >= 3,
	   "this process has a limit");
	limit_clear(&limit);
}

int main(void)
{
	test_v2();
	test_v1();
	test_hybrid();
	test_containers();
	test_absurd();
	test_garbage_files();
	test_missing();
	test_calls();
	test_names();
	test_given();
	limit_clear(&found);
	fake_clear();
	return done();
}
