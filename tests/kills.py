#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""kills.py [--seed N] [--kills N] LIBRARY DIR: kill -9 at any moment loses nothing.

Imports LIBRARY again and again; each run, or one of its stages, is killed after
a random time. Whatever was committed must be valid and is not extracted again.
An import that got to its end must be what an undisturbed one is; the next one
begins with no database. Works in DIR; programs come from PATH. Exit status 1
with the seed and the number of the kill when something is wrong.
"""
import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

import mirror

LONGEST = 0.6  # seconds until the kill


def remove(db):
    for suffix in ("", "-wal", "-shm", "-journal"):
        if os.path.exists(db + suffix):
            os.unlink(db + suffix)


def content(db):
    return subprocess.run(["comic-dump", db], stdout=subprocess.PIPE, check=True).stdout


def stages(db, library):
    """The pipeline as a shell starts it, in batches of 300."""
    commands = [["comic-scan", "--settle", "0", "--db", db, library], ["comic-extract", "-j2"],
                ["comic-chunk", "-n", "300"], ["comic-load", "--report=none", db]]
    started, source = [], subprocess.DEVNULL
    for command in commands:
        last = command is commands[-1]
        started.append(subprocess.Popen(command, stdin=source, stderr=subprocess.DEVNULL,
                                        stdout=None if last else subprocess.PIPE))
        if source is not subprocess.DEVNULL:
            source.close()
        source = started[-1].stdout
    return started


def killed_run(db, library, rng):
    """True if it was over before the kill came."""
    running = stages(db, library)
    victims = running if rng.random() < 0.3 else [rng.choice(running)]
    time.sleep(rng.random() * LONGEST)
    for victim in victims:
        victim.send_signal(signal.SIGKILL)
    return [stage.wait() for stage in running] == [0, 0, 0, 0]


def committed(db):
    """The paths in a valid database; None before its tables were made."""
    if not os.path.exists(db):
        return None
    connection = sqlite3.connect(db)
    try:
        if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'comic'").fetchall():
            return None
        mirror.check_valid(connection)
        connection.text_factory = bytes
        return {row[0] for row in connection.execute("SELECT path FROM comic")}
    finally:
        connection.close()


def check_rest(db, library, everything):
    """What the next run extracts is what is not there yet."""
    there = committed(db) or set()
    scan = subprocess.run(["comic-scan", "--settle", "0", "--print0", "--db", db, library],
                          stdout=subprocess.PIPE, check=True)
    rest = set(scan.stdout.split(b"\0")[:-1])
    assert rest == everything - there, (
        f"{len(there)} are there, {len(everything)} in all, {len(rest)} extracted again")
    assert len(there) % 300 == 0 or not rest, f"{len(there)} comics: not whole batches"
    return len(there)


def is_finished(db):
    connection = sqlite3.connect(db)
    got = connection.execute("SELECT count(*), count(finished_at) FROM import_run").fetchone()
    connection.close()
    return got[0] > 0 and got[0] == got[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("library")
    parser.add_argument("dir")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    library = os.path.abspath(options.library)
    everything = {os.fsencode(os.path.join(folder, name)) for folder, _, names in os.walk(library)
                  for name in names}
    os.makedirs(options.dir, exist_ok=True)
    db, whole = os.path.join(options.dir, "k.db"), os.path.join(options.dir, "whole.db")
    if any(stage.wait() for stage in stages(whole, library)):
        print("the undisturbed import failed")
        return 1
    want, number, inside, imports = content(whole), 0, 0, 0
    try:
        for number in range(1, options.kills + 1):
            killed_run(db, library, rng)
            there = check_rest(db, library, everything)
            inside += 0 < there < len(everything)
            if there == len(everything) and is_finished(db):
                imports += 1
                assert content(db) == want, "its end is not that of an undisturbed import"
                remove(db)
        assert [stage.wait() for stage in stages(db, library)] == [0, 0, 0, 0], "the last run"
        mirror.check_sound(db)
        assert content(db) == want, "the last run is not what an undisturbed import is"
    except (AssertionError, sqlite3.Error, subprocess.CalledProcessError) as error:
        print(f"seed {options.seed}, kill {number}: {error}")
        return 1
    print(f"{options.kills} kills, {inside} left a part of the library,"
          f" {imports} imports got to their end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
