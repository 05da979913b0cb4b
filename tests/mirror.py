#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mirror.py [--seed N] [--rounds N] DIR: whatever happens to the files, the database follows.

Makes a small library in DIR and, round after round, does random things to it; lets runs be
killed half way, look at a part only, meet each other, or find a root that is not mounted; then
runs the pipeline to its end and compares the database with a fresh import of the same files.
Programs come from PATH. The last line says what was met. On a difference: the seed, the round
and what was done in it, exit status 1.
"""
import argparse
import base64
import collections
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

import mirror_library


# ---- running ---------------------------------------------------------------------------------

def as_user(command):
    """Root reads everything; here it shall not."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] + command


class Runs:
    """How the programs are run on a library in this round."""

    def __init__(self, library, rng):
        self.library, self.rng = library, rng
        self.batch = rng.choice([1, 7, 1000])
        self.memory = ["--memory", rng.choice(["16M", "256M", "1G"])]

    def scan(self, db, roots, *options):
        exclude = self.library.exclude
        return ["comic-scan", "--settle", "0", "--allow-empty", *options, "--db", db,
                *([f"--exclude={exclude}"] if exclude else []), *roots]

    def start(self, db, roots, batch=None):
        """The four stages, joined by pipes."""
        commands = [self.scan(db, roots), ["comic-extract", "-j2"],
                    ["comic-chunk", "-n", str(batch or self.batch)],
                    ["comic-load", "--report=none", "--max-gone", "100", *self.memory, db]]
        stages, source = [], subprocess.DEVNULL
        for command in commands:
            last = command is commands[-1]
            stages.append(subprocess.Popen(as_user(command), stdin=source, stderr=subprocess.PIPE,
                                           stdout=subprocess.DEVNULL if last else subprocess.PIPE))
            if source is not subprocess.DEVNULL:
                source.close()
            source = stages[-1].stdout
        return stages

    def run(self, db, roots=None, status=0):
        """A run to its end; what it said."""
        got, said = finish(self.start(db, roots or self.library.roots))
        if got != [status, 0, 0, 0]:
            raise AssertionError(f"exit statuses {got}: {said}")
        return said

    def scanned(self, db):
        """What a scan reports, as JSON Lines."""
        scan = subprocess.run(as_user(self.scan(db, self.library.roots)), check=True,
                              capture_output=True).stdout
        return subprocess.run(["comic-cat"], input=scan, capture_output=True,
                              check=True).stdout.decode()

    # ---- what may come before a complete run ----

    def killed(self, db):
        stages = self.start(db, self.library.roots, 5)
        time.sleep(self.rng.random() * 0.08)
        self.rng.choice(stages).send_signal(
            self.rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        finish(stages)

    def together(self, db):
        """Two runs and a reader at once: nothing is an error."""
        both = [self.start(db, self.library.roots) for _ in range(2)]
        while any(stages[-1].poll() is None for stages in both):
            dump(db)
        for stages in both:
            got, said = finish(stages)
            if any(got):
                raise AssertionError(f"two runs at once, exit statuses {got}: {said}")

    def part(self, db):
        """One folder or one file; the parts that were looked at."""
        # A folder with the name of a comic is looked into only if it is named.
        folders = [f for f in self.library.folders() if not mirror_library.COMIC_NAME.search(f)]
        roots = [self.rng.choice([*folders, self.library.some_comic()])]
        status, said = finish(self.start(db, roots))
        if any(status) and "Permission denied" not in said:
            raise AssertionError(f"{roots}: exit statuses {status}: {said}")
        return roots

    def fan_out(self, db):
        """What is new or changed, extracted by others."""
        names = subprocess.run(
            as_user(self.scan(db, self.library.roots, "--print0")), check=True,
            capture_output=True).stdout
        subprocess.run(
            as_user(["sh", "-c", "xargs -0r comic-extract | comic-chunk | comic-load"
                     ' --report=none "$1"', "sh", db]), input=names, check=False,
            capture_output=True)


def finish(stages):
    texts = [stage.stderr.read().decode(errors="surrogateescape") for stage in stages]
    return [stage.wait() for stage in stages], "".join(texts)


# ---- looking into a database -----------------------------------------------------------------

def has_tables(db):
    """False also where a run was killed before it had made them."""
    if not os.path.exists(db):
        return False
    connection = sqlite3.connect(db)
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'comic'").fetchall()
    connection.close()
    return bool(found)


def dump(db):
    """(path, type) to record, as comic-cat shows it; a path is a string or its base64."""
    if not has_tables(db):
        return {}
    first = subprocess.Popen(["comic-dump", db], stdout=subprocess.PIPE)
    text = subprocess.run(["comic-cat"], stdin=first.stdout, capture_output=True, check=True).stdout
    if first.wait() != 0:
        raise AssertionError("comic-dump failed")
    records = [json.loads(line) for line in text.splitlines()]
    return {(json.dumps(r["path"]), r["t"]): r for r in records if r["t"] in ("comic", "fail")}


def path_of(key):
    """The file system's path of a dump's key."""
    path = json.loads(key[0])
    return os.fsdecode(base64.b64decode(path["$bytes"])) if isinstance(path, dict) else path


Row = collections.namedtuple("Row", "id file pages")


def identities(db):
    """path to Row, paths as the file system has them."""
    if not has_tables(db):
        return {}
    connection = sqlite3.connect(db)
    connection.text_factory = bytes
    rows = connection.execute("SELECT path, id, ino, size, mtime, page_count, fingerprint"
                              " FROM comic").fetchall()
    connection.close()
    return {os.fsdecode(r[0]): Row(r[1], r[2:5], r[6] if r[5] else None) for r in rows}


def check_valid(connection):
    """Whatever happened: nothing in the database contradicts anything else."""
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], "integrity"
    assert not connection.execute("PRAGMA foreign_key_check").fetchall(), "foreign keys"
    connection.execute("INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)")
    connection.rollback()


def check_sound(db):
    """After a complete run: valid, and nothing is left over."""
    connection = sqlite3.connect(db)
    check_valid(connection)
    refers = {}
    for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'"
                                       " AND name NOT LIKE 'comic_fts%'").fetchall():
        for key in connection.execute(f"PRAGMA foreign_key_list({table})").fetchall():
            refers.setdefault(key[2], []).append((table, key[3]))
    for table, uses in refers.items():
        if table in ("comic", "import_run"):
            continue
        unused = " AND ".join(f"id NOT IN (SELECT {c} FROM {t} WHERE {c} IS NOT NULL)"
                              for t, c in uses)
        orphans = connection.execute(f"SELECT count(*) FROM {table} WHERE {unused}").fetchone()[0]
        assert orphans == 0, f"{orphans} rows of {table} that nothing refers to"
    for table in ("suspect", "gone", "newcomer"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, \
            f"rows of {table} left"
    connection.close()


# ---- what a database should say --------------------------------------------------------------

def content(record):
    """What was read of a file, wherever it is now."""
    return {k: v for k, v in record.items() if k not in ("path", "ino")}


def shown(path):
    """As messages show it: control characters and what is not UTF-8 as \\xNN."""
    return re.sub("[\x00-\x1f\x7f\udc80-\udcff]",
                  lambda m: "".join(f"\\x{byte:02x}" for byte in os.fsencode(m[0])), path)


class Unreadable:
    """What a run could not look at, by what it said."""

    def __init__(self, said):
        self.places = set(re.findall(r"warning: (/.*?): (?:open|stat|read): ", said))

    def has(self, path):
        path = shown(path)
        return any(path == place or place.endswith("/") and path.startswith(place)
                   for place in self.places)

    def __len__(self):
        return len(self.places)


def expected(fresh, before, got, unreadable):
    """A fresh import, and what is kept: below unreadable folders, and of comics that fail now."""
    want = dict(fresh)
    known = {json.dumps(content(record), sort_keys=True) for record in before.values()}
    # Permissions are no part of what tells a changed file: one that was read before they went,
    # here or where it was then, and has not changed since, is not opened again.
    for key, record in fresh.items():
        if key[1] != "fail" or record["code"] != "unreadable" or got.get(key) == record:
            continue
        for kind in ("comic", "fail"):
            had = got.get((key[0], kind))
            if had and all(had[k] == record[k] for k in ("size", "mtime", "ino")) \
                    and json.dumps(content(had), sort_keys=True) in known:
                want.pop(key, None)
                want[(key[0], kind)] = had
    for key, record in before.items():
        if unreadable.has(path_of(key)):
            want[key] = record
        elif key[1] == "comic" and (key[0], "fail") in fresh:
            want.setdefault(key, record)
    # One that moved and cannot be read at its new place keeps what was known at the old one.
    for key, record in got.items():
        now = fresh.get((key[0], "fail"))
        if key not in want and now and record["ino"] == now["ino"] \
                and json.dumps(content(record), sort_keys=True) in known:
            want[key] = record
    return want


def check_content(got, want):
    for key in sorted(set(got) | set(want)):
        if got.get(key) != want.get(key):
            raise AssertionError(f"{key}:\n got {got.get(key)}\nwant {want.get(key)}")


def check_ids(before, after, meanwhile, looked_at, by_inode, twice):
    """How many comics moved and kept their id; looked_at: parts another run saw alone before.

    There a link to what was not mounted led to nothing: its comics were gone, and came again. What
    was there only meanwhile, after that run, may as well be what came.
    """
    known = {row.id for row in before.values()}
    passing = {row.pages for path, row in meanwhile.items()
               if row.id not in known and path not in after}
    for path in before.keys() & after.keys():
        assert before[path].id == after[path].id or \
            looked_at and os.path.realpath(path) != path, f"{path!r}: its id changed"
    if twice:
        return 0
    old = {p: r for p, r in before.items() if p not in after}
    new = {p: r for p, r in after.items() if p not in before}
    moved = 0
    for what in ("file", "pages"):
        places = collections.defaultdict(lambda: ([], []))
        for side, rows in enumerate((old, new)):
            for path, row in rows.items():
                places[getattr(row, what)][side].append(path)
        for value, (gone, came) in places.items():
            if value is None or len(gone) != 1 or len(came) != 1 or any(
                    (gone[0] + "/").startswith(part + "/") for part in looked_at):
                continue
            if what == "file" and not (by_inode and moved_by_inode(gone[0], came[0], before, after,
                                                                   value)):
                continue
            if what == "pages" and value in passing:
                continue
            moved += 1
            assert old[gone[0]].id == new[came[0]].id, \
                f"{gone[0]!r} moved to {came[0]!r} ({what}), its id changed"
    return moved


def moved_by_inode(gone, came, before, after, file):
    now = mirror_library.stat(came)
    return now is not None and now.st_nlink == 1 and mirror_library.stat(gone) is None and all(
        sum(row.file == file for row in rows.values()) == 1 for rows in (before, after))


# ---- a round ---------------------------------------------------------------------------------

def remove(db):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(db + suffix):
            os.unlink(db + suffix)


def fresh_import(runs, db, roots=None):
    remove(db)
    runs.run(db, roots)
    return dump(db)


def unmounted(runs, db, fresh_db, rng):
    """A root is missing or empty: it is refused, all of it stays, the rest is done and returned."""
    root, *rest = runs.library.roots[1], runs.library.roots[0], runs.library.roots[2]
    before = dump(db)
    os.rename(root, root + ".off")
    missing = rng.random() < 0.5
    try:
        if not missing:
            os.mkdir(root)
            with open(os.path.join(root, "DOCKER_UNMOUNTED_VOLUME"), "w", encoding="ascii"):
                pass
        said = runs.run(db, status=3)
        fresh = fresh_import(runs, fresh_db, rest)
    finally:
        if not missing:
            os.unlink(os.path.join(root, "DOCKER_UNMOUNTED_VOLUME"))
            os.rmdir(root)
        os.rename(root + ".off", root)
    got = dump(db)
    want = expected(fresh, before, got, Unreadable(said))
    want.update((k, r) for k, r in before.items() if path_of(k).startswith(root + "/"))
    check_content(got, want)
    return rest


def play(library, scratch, rng, number, met):
    db, fresh_db = os.path.join(scratch, "lib.db"), os.path.join(scratch, "fresh.db")
    if rng.random() < 0.03:
        remove(db)
    runs = Runs(library, rng)
    before, ids, looked_at, twice = dump(db), identities(db), [], False
    library.mutate()
    first = rng.choices(["killed", "part", "together", "fan_out", "unmounted", ""],
                        [30, 8, 8, 5, 8, 41])[0]
    if first == "unmounted":
        looked_at = unmounted(runs, db, fresh_db, rng)
    elif first:
        looked_at = getattr(runs, first)(db) or []
    if first == "killed" and rng.random() < 0.4:
        # More happens before anybody looks again, and that run does not get far either. What is
        # new since the first may still turn out to be what another comic was.
        old, twice = {row.id for row in ids.values()}, True
        before = dump(db)
        ids = {path: row for path, row in identities(db).items() if row.id in old}
        done = library.done
        library.mutate()
        library.done = [*done, first, *library.done]
        runs.killed(db)
        met["killed twice"] += 1
    if first:
        library.done += [first, *map(repr, looked_at)]
        met[first] += 1
    meanwhile = identities(db)
    said = runs.run(db)
    unreadable = Unreadable(said)
    got, fresh = dump(db), fresh_import(runs, fresh_db)
    if first == "unmounted":
        # A link to what was not mounted led to nothing: what was known of comics there is gone.
        before = {key: record for key, record in before.items()
                  if key in got or os.path.realpath(path_of(key)) == path_of(key)}
    try:
        check_content(got, expected(fresh, before, got, unreadable))
        if not unreadable:
            by_inode = first in ("", "killed", "together")
            met["ids kept through moves"] += check_ids(ids, identities(db), meanwhile,
                                                       looked_at, by_inode, twice)
        check_sound(db)
    except AssertionError as error:
        raise AssertionError(f"{error}\nthe run said: {said}") from None
    met["comics"] += len(got)
    met["unreadable folders"] += len(unreadable)
    met["unreadable files"] += sum(r.get("code") == "unreadable" for r in got.values())
    met["kept though failed"] += sum((key[0], "fail") in got for key in got if key[1] == "comic")
    if number % 10 == 0:
        check_quiet(runs, db)


def check_quiet(runs, db):
    """A run without changes writes nothing."""
    with open(db, "rb") as f:
        before = f.read()
    scan = runs.scanned(db)
    runs.run(db)
    with open(db, "rb") as f:
        if f.read() != before:
            raise AssertionError(f"a run without changes wrote; the scan said {scan}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("dir")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    os.makedirs(options.dir, exist_ok=True)
    library = mirror_library.Library(os.path.join(os.path.abspath(options.dir), "lib"), rng)
    met = collections.Counter()
    for number in range(1, options.rounds + 1):
        try:
            play(library, options.dir, rng, number, met)
        except Exception as error:  # whatever it is, say how to see it again
            print(f"seed {options.seed}, round {number}: {' '.join(library.done)}\n"
                  f"{type(error).__name__}: {error}")
            return 1
        finally:
            library.unlock()
        if number % 100 == 0:
            print(f"{number} rounds", flush=True)
    print(", ".join(f"{count} {what}" for what, count in sorted(met.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
