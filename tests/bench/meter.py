# SPDX-License-Identifier: MIT
"""Runs a command and counts what it costs; used by scripts/bench and scripts/bench-peers.

Instructions are callgrind's and system calls strace's, so they repeat; seconds are of this
machine at this moment.
"""
import json
import os
import re
import resource
import subprocess
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", os.path.join(PROJECT, "build"))
READS = {"read", "pread64", "readv", "preadv", "recvmsg", "recvfrom"}
WRITES = {"write", "pwrite64", "writev", "pwritev", "sendmsg", "sendto"}
# Their time and size follow from the tools that measure, or from the system's own libraries.
COUNTED = ("instructions", "calls", "read", "written", "faults")

# Under a tool each file takes so long to open that comic-extract would have threads for it; with
# so few descriptors it has none.
FEW_DESCRIPTORS = 256


class Command:
    """A command with files for its input and output, measured alone.

    fresh is called before each run. What the command `without` costs is subtracted: it does the
    same but for what is to be measured.
    """

    def __init__(self, args, stdin=None, stdout=None, fresh=None, without=None):
        self.args, self.stdin, self.stdout = args, stdin, stdout
        self.fresh, self.without = fresh, without

    def run(self, wrapper=(), descriptors=None):
        """Standard error of the command under the wrapper."""
        limit = (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
                 ) if descriptors else None
        if self.fresh:
            self.fresh()
        with open(self.stdin or os.devnull, "rb") as source, \
                open(self.stdout or os.devnull, "wb") as target:
            done = subprocess.run([*wrapper, *self.args], stdin=source, stdout=target,
                                  stderr=subprocess.PIPE, errors="replace", check=False,
                                  preexec_fn=limit)
        if done.returncode != 0:
            sys.exit(f"bench: {' '.join(self.args)}: status {done.returncode}\n{done.stderr}")
        return done.stderr


def usage(command, scratch):
    """Wall and CPU seconds, page faults, and peak resident KiB of the largest process."""
    report = os.path.join(scratch, "usage")
    command.run([os.path.join(BUILD, "bench", "usage"), report])
    with open(report, encoding="ascii") as lines:
        return json.load(lines)


def instructions(command):
    """Instructions of all its processes together."""
    errors = command.run(["valgrind", "--tool=callgrind", "--trace-children=yes",
                          "--callgrind-out-file=/dev/null"], FEW_DESCRIPTORS)
    return sum(int(n) for n in re.findall(r"Collected : (\d+)", errors))


def system_calls(command, scratch):
    """Calls of all its processes, and the bytes they read and wrote; `files`: out of files."""
    log = os.path.join(scratch, "strace")
    command.run(["strace", "-f", "-qq", "-o", log], FEW_DESCRIPTORS)
    counts = {"calls": 0, "read": 0, "written": 0, "files": 0}
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            match = re.match(r"\d+ +(?:<\.\.\. )?(\w+)(.*)", line)
            if not match or line.rstrip().endswith("<unfinished ...>"):
                continue
            call, rest = match.groups()
            result = re.search(r"= (\d+)$", rest)
            size = int(result[1]) if result else 0
            counts["calls"] += 1
            counts["read"] += size if call in READS else 0
            counts["written"] += size if call in WRITES else 0
            counts["files"] += size if call == "pread64" else 0
    os.unlink(log)
    return counts


def measure(command, scratch, count=True):
    """All of it; without count what takes no tool."""
    figures = usage(command, scratch)
    if count:
        figures.update(system_calls(command, scratch))
        figures["instructions"] = instructions(command)
    if command.without:
        for key, value in measure(command.without, scratch, count).items():
            if key != "rss_kib":
                figures[key] -= value
    return figures
