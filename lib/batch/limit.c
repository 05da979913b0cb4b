// SPDX-License-Identifier: MIT
// limit.c: see limit.h.

#include "batch/limit.h"

#include "base/size.h"
#include "batch/cgroup.h"
#include "batch/proc.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define VALUE_MAX ((size_t)64)       // a byte count or "max"
#define TABLE_MAX ((size_t)64 << 10) // memory.stat and meminfo have some 60 lines
// cgroup v1 writes "none" as the largest long rounded down to a page; no machine has 4 EiB.
#define V1_NONE ((uint64_t)1 << 62)

struct detection {
	struct limit *limit;
	const struct limit_system *system;
	uint64_t physical;
	struct comic_err *err;
};

static int add_groups(struct detection *d, enum cgroup_version version);
static uint64_t physical_memory(const struct limit_system *system);

static uint64_t rlimit_bytes(int resource)
{
	struct rlimit r;

	if (getrlimit(resource, &r) < 0 || r.rlim_cur == RLIM_INFINITY)
		return LIMIT_NONE;
	return r.rlim_cur;
}

int limit_here(struct limit *out, uint64_t given, struct comic_err *err)
{
	long pages = sysconf(_SC_PHYS_PAGES);
	long page = sysconf(_SC_PAGESIZE);
	struct limit_system here = {
		.root = "",
		.address_space = rlimit_bytes(RLIMIT_AS),
		.data = rlimit_bytes(RLIMIT_DATA),
		.physical = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0,
	};

	if (given == 0)
		return limit_detect(out, &here, err);
	*out = (struct limit){ .bytes = given, .source = "--memory" };
	return 0;
}

// A copy of the formatted text in which control bytes are shown as '?': the names of groups are
// anyone's choice.
COMIC_PRINTF(2, 3) static char *copy_text(struct arena *a, const char *fmt, ...)
{
	char text[PATH_MAX + 128];
	char *copy = NULL;
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	copy = arena_copy(a, text, strlen(text));
	for (char *c = copy; c != NULL && *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	return copy;
}

// Takes texts from copy_text(): NULL is no memory. note is NULL for a value that was read.
static int add(struct detection *d, const char *source, uint64_t bytes, const char *note)
{
	struct limit *l = d->limit;
	char size[SIZE_TEXT];

	if (note == NULL && bytes == 0)
		note = "0 bytes cannot be meant";
	if (note == NULL && bytes != LIMIT_NONE && d->physical != 0 && bytes > d->physical)
		note = copy_text(&l->texts, "%s is more than the machine has",
				 size_format_bytes(bytes, size));
	if (source == NULL ||
	    mem_grow(&l->candidates, &l->room, l->count + 1, sizeof(*l->candidates)) < 0)
		return err_set_nomem(d->err, "finding the memory limit");
	if (note != NULL)
		bytes = LIMIT_NONE;
	l->candidates[l->count++] = (struct limit_candidate){ source, bytes, note };
	if (bytes != LIMIT_NONE && (l->source == NULL || bytes < l->bytes)) {
		l->bytes = bytes;
		l->source = source;
	}
	return 0;
}

int limit_detect(struct limit *out, const struct limit_system *system, struct comic_err *err)
{
	struct detection d = { out, system, physical_memory(system), err };

	*out = (struct limit){ 0 };
	if (add_groups(&d, CGROUP_V2) < 0 || add_groups(&d, CGROUP_V1) < 0 ||
	    add(&d, "RLIMIT_AS", system->address_space, NULL) < 0 ||
	    add(&d, "RLIMIT_DATA", system->data, NULL) < 0 ||
	    add(&d, "physical memory", d.physical == 0 ? LIMIT_NONE : d.physical,
		d.physical == 0 ? "not known" : NULL) < 0) {
		limit_clear(out);
		return -1;
	}
	if (out->source == NULL) {
		out->bytes = LIMIT_ASSUMED;
		out->source = "an assumption: nothing else is known";
	}
	return 0;
}

void limit_clear(struct limit *l)
{
	free(l->candidates);
	arena_clear(&l->texts);
	*l = (struct limit){ 0 };
}

// The bytes a file's text names: "max" and the v1 way of saying so are LIMIT_NONE.
static bool read_bytes(struct text t, uint64_t *bytes)
{
	bool unlimited = text_is(text_trim(t), "max");

	if (!unlimited && !proc_number(t, bytes))
		return false;
	if (unlimited || *bytes >= V1_NONE)
		*bytes = LIMIT_NONE;
	return true;
}

// The number after a name in a table of lines "name number" or "name: number kB".
static bool find_number(struct text table, const char *name, struct text *number)
{
	struct text line;

	while (proc_split(&table, '\n', &line)) {
		struct text key;

		if (!proc_split(&line, ' ', &key) || !text_is(key, name))
			continue;
		line = text_trim(line);
		return proc_split(&line, ' ', number);
	}
	return false;
}

static int add_unreadable(struct detection *d, const char *source, const struct comic_err *why)
{
	if (why->code == COMIC_ERR_NOMEM)
		return err_set_nomem(d->err, "finding the memory limit");
	return add(d, source, LIMIT_NONE, copy_text(&d->limit->texts, "%s", why->text));
}

// One file of one group: a value, or with `line` that line of a table.
struct group_file {
	const char *version;
	const char *name;
	const char *line;
};

static int add_file(struct detection *d, const struct group_file *file, const struct cgroup *group,
		    const char *below)
{
	char path[PATH_MAX];
	struct buf bytes = { .max = file->line == NULL ? VALUE_MAX : TABLE_MAX };
	struct comic_err why = { 0 };
	struct text value = TEXT("");
	uint64_t limit = LIMIT_NONE;
	const char *source = NULL;
	int status = 0;

	source = copy_text(&d->limit->texts, "cgroup %s %s of %s%s%s", file->version,
			   file->line == NULL ? file->name : file->line, group->top, below,
			   group->top[0] == '\0' && below[0] == '\0' ? "/" : "");
	(void)snprintf(path, sizeof(path), "%s%s/%s", group->mount, below, file->name);
	if (proc_read(&bytes, d->system->root, path, &why) < 0) {
		status = why.sys == ENOENT ? 0 : add_unreadable(d, source, &why);
	} else {
		if (bytes.len > 0)
			value = (struct text){ (const char *)bytes.data, bytes.len };
		if (file->line != NULL && !find_number(value, file->line, &value))
			status = 0;
		else if (read_bytes(value, &limit))
			status = add(d, source, limit, NULL);
		else
			status = add(d, source, LIMIT_NONE, "not a number of bytes");
	}
	buf_clear(&bytes);
	return status;
}

// From the process's own group up to the mount.
static int add_ancestors(struct detection *d, const struct group_file *file,
			 const struct cgroup *group)
{
	char below[PATH_MAX];

	(void)snprintf(below, sizeof(below), "%s", group->below);
	for (;;) {
		char *last = strrchr(below, '/');

		if (add_file(d, file, group, below) < 0)
			return -1;
		if (last == NULL)
			return 0;
		*last = '\0';
	}
}

static int add_groups(struct detection *d, enum cgroup_version version)
{
	static const struct group_file v2_max = { "v2", "memory.max", NULL };
	static const struct group_file v2_high = { "v2", "memory.high", NULL };
	static const struct group_file v1_limit = { "v1", "memory.limit_in_bytes", NULL };
	static const struct group_file v1_stat = { "v1", "memory.stat",
						   "hierarchical_memory_limit" };
	struct cgroup group = { 0 };
	struct comic_err why = { 0 };

	switch (cgroup_find(&d->limit->texts, d->system->root, version, &group, &why)) {
	case CGROUP_ABSENT:
		return 0;
	case CGROUP_UNSEEN:
		return add_unreadable(d, version == CGROUP_V2 ? "cgroup v2" : "cgroup v1", &why);
	case CGROUP_FOUND:
		break;
	}
	if (version == CGROUP_V2)
		return add_ancestors(d, &v2_max, &group) < 0 ? -1
							     : add_ancestors(d, &v2_high, &group);
	return add_ancestors(d, &v1_limit, &group) < 0 ? -1
						       : add_file(d, &v1_stat, &group, group.below);
}

static uint64_t physical_memory(const struct limit_system *system)
{
	struct buf bytes = { .max = TABLE_MAX };
	struct comic_err why = { 0 };
	uint64_t physical = system->physical;
	struct text number;
	uint64_t kib = 0;

	if (proc_read(&bytes, system->root, "/proc/meminfo", &why) == 0 && bytes.len > 0 &&
	    find_number((struct text){ (const char *)bytes.data, bytes.len },
			"MemTotal:", &number) &&
	    proc_number(number, &kib) && kib > 0 && kib < UINT64_MAX / 1024 &&
	    (physical == 0 || kib * 1024 < physical))
		physical = kib * 1024;
	buf_clear(&bytes);
	return physical;
}
