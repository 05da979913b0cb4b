// SPDX-License-Identifier: MIT
// cgroup.h: where the control groups that bound this process's memory are.
//
// /proc/self/cgroup names the process's group, /proc/self/mountinfo says where the tree of
// groups is mounted and which of its groups is seen at the mount point (its root). Inside a
// container or a cgroup namespace that root is often not "/": proc(5), cgroups(7),
// cgroup_namespaces(7).
#ifndef COMIC_CGROUP_H
#define COMIC_CGROUP_H

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

enum cgroup_version {
	CGROUP_V1, // the hierarchy of the v1 memory controller
	CGROUP_V2, // the unified hierarchy
};

// The process's group is the directory mount + below; its ancestors are what is left when
// components are cut off the end of below, down to mount itself. What lies above the mount's
// root cannot be seen. The group's name, as the kernel shows it, is top + below.
struct cgroup {
	const char *mount; // below proc.h's root; in the arena
	const char *top; // the group seen at mount, "" for "/"
	const char *below; // "" or "/a/b"; without ".."
};

enum cgroup_found {
	CGROUP_FOUND,
	CGROUP_ABSENT, // the process is in no group of this version
	CGROUP_UNSEEN, // err says why it could not be found, NOMEM included
};

// On a system where the group lies outside every mount (a container with a foreign mount),
// the mount point itself stands in for it: what bounds the mounted groups is then taken to
// bound the process, which errs towards less memory.
COMIC_MUST_CHECK enum cgroup_found cgroup_find(struct arena *a, const char *root,
					       enum cgroup_version version, struct cgroup *out,
					       struct comic_err *err);

#endif
