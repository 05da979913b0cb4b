#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mirror.py [--seed N] [--rounds N] DIR: whatever happens to the files, the database follows.

Makes a small library in DIR and, round after round, does random things to it,
lets some runs be killed half way, runs the pipeline to its end, and compares
the database with a fresh import of the same files. Programs come from PATH.
Prints one line a hundred rounds; on a difference the seed, the round and what
was done in it, exit status 1.
"""
import argparse
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

SERIES = ["Harbor Lights", "Night Watch", "The Glass Tide", "Émile"]
NAMES = ["Ann Able", "Bo Baker", "Cy Chen", "Dee Doe", "Ed Esk"]
WORDS = ["Storm", "Ember", "Raven", "Quay", "Moss"]


def xml(rng):
    """A ComicInfo.xml whose values are shared with other comics, and often disagree."""
    pick = lambda items, most: ", ".join(rng.sample(items, rng.randint(0, most)))
    fields = {
        "Title": "; ".join(rng.sample(WORDS, rng.randint(1, 2))), "Series": rng.choice(SERIES),
        "Number": str(rng.randint(1, 30)), "Count": str(rng.randint(1, 30)),
        "Volume": str(rng.randint(1, 3)), "Publisher": rng.choice(["P One", "P Two", ""]),
        "Imprint": rng.choice(["", "I"]), "Year": str(rng.randint(1990, 2020)),
        "Writer": pick(NAMES, 3), "Penciller": pick(NAMES, 2), "Characters": pick(NAMES, 3),
        "Genre": pick(WORDS, 3), "Tags": pick(WORDS, 2), "StoryArc": pick(WORDS, 2),
        "StoryArcNumber": "1,2", "AgeRating": rng.choice(["", "Teen", "Everyone"]),
        "Web": f"https://comicvine.gamespot.com/c/4000-{rng.randint(1, 40)}/",
        "MainCharacterOrTeam": rng.choice(NAMES), "Summary": "x " * rng.randint(0, 200),
        "LanguageISO": rng.choice(["en", "fr", ""]),
    }
    body = "".join(f"<{k}>{v}</{k}>" for k, v in fields.items() if v)
    return f"<ComicInfo>{body}</ComicInfo>"


def comic(rng):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for page in range(rng.randint(1, 4)):
            z.writestr(zipfile.ZipInfo(f"{page}.jpg"), rng.randbytes(40))
        if rng.random() < 0.85:
            z.writestr(zipfile.ZipInfo("ComicInfo.xml"), xml(rng))
    return out.getvalue()


class Library:
    """The files, and the things that can happen to them."""

    def __init__(self, root, rng):
        self.root, self.rng, self.clock, self.done = root, rng, 1_400_000_000, []
        os.mkdir(root)
        for _ in range(30):
            self.add()

    def folders(self):
        return [d for d, _, _ in os.walk(self.root)]

    def comics(self):
        return sorted(os.path.join(d, f) for d, _, fs in os.walk(self.root) for f in fs
                      if f.endswith(".cbz"))

    def some_comic(self):
        comics = self.comics()
        return self.rng.choice(comics) if comics else self.add()

    def some_folder(self):
        folders = sorted(self.folders())
        if len(folders) < 12 and self.rng.random() < 0.3:
            new = os.path.join(self.rng.choice(folders), f"d{self.rng.randint(0, 99)}")
            os.makedirs(new, exist_ok=True)
            return new
        return self.rng.choice(folders)

    def new_path(self):
        name = self.rng.choice(["Night Watch {:03}.cbz", "Glass Tide v2 #{} (2001).cbz", "n{}.cbz",
                                "caf\u0065\u0301 {}.cbz", "bad\udcff{}.cbz", "new\nline{}.cbz"])
        return os.path.join(self.some_folder(), name.format(self.rng.randint(0, 99)))

    def stamp(self, path):
        self.clock += 1  # a change of content is a change of time: that is how it is seen
        os.utime(path, ns=(0, self.clock * 10**9 + self.rng.randint(0, 999) * 10**6))

    def write(self, path, data):
        if os.path.exists(path):
            os.chmod(path, 0o644)
        with open(path, "wb") as f:
            f.write(data)
        self.stamp(path)
        return path

    # ---- what can happen ----

    def add(self):
        return self.write(self.new_path(), comic(self.rng))

    def delete(self):
        os.unlink(self.some_comic())

    def delete_folder(self):
        folder = self.some_folder()
        if folder != self.root and self.rng.random() < 0.3:
            shutil.rmtree(folder)

    def retag(self):
        self.write(self.some_comic(), comic(self.rng))

    def rename(self):
        os.replace(self.some_comic(), self.new_path())

    def rename_case(self):
        old = self.some_comic()
        folder, name = os.path.split(old)
        os.replace(old, os.path.join(folder, name.swapcase()[:-4] + ".cbz"))

    def move_folder(self):
        old, new = self.some_folder(), os.path.join(self.some_folder(), "m")
        if old != self.root and not (new + "/").startswith(old + "/") and not os.path.exists(new):
            os.rename(old, new)

    def swap(self):
        a, b = self.some_comic(), self.some_comic()
        os.replace(a, a + ".swap")
        if a != b:
            os.replace(b, a)
        os.replace(a + ".swap", b)

    def copy(self):
        source, target = self.some_comic(), self.new_path()
        if not os.path.exists(target):
            shutil.copy2(source, target)

    def touch(self):
        self.stamp(self.some_comic())

    def truncate(self):
        path = self.some_comic()
        os.truncate(path, self.rng.choice([0, 10, max(0, os.path.getsize(path) - 30)]))
        self.stamp(path)

    def lock_file(self):
        os.chmod(self.some_comic(), self.rng.choice([0o000, 0o644]))

    def lock_folder(self):
        folder = self.some_folder()
        if folder != self.root:
            os.chmod(folder, 0o000)

    def ignore(self):
        rules = os.path.join(self.some_folder(), ".comicignore")
        if os.path.exists(rules):
            os.unlink(rules)
        else:
            with open(rules, "w", encoding="utf-8") as f:
                f.write(self.rng.choice(["n*\n", "d*/\n", "*.cbz\n!n1*.cbz\n", "/m\n"]))

    def mutate(self):
        for folder in self.folders():
            os.chmod(folder, 0o755)  # found again before the next things happen
        kinds = [self.add] * 5 + [self.retag] * 4 + [self.delete] * 2 + [self.rename] * 4 + [
            self.delete_folder, self.rename_case, self.move_folder, self.swap, self.swap, self.copy,
            self.touch, self.truncate, self.lock_file, self.ignore]
        self.done = []
        for _ in range(self.rng.randint(0, 12)):
            happened = self.rng.choice(kinds)
            self.done.append(happened.__name__)
            happened()
        if self.rng.random() < 0.1:
            self.lock_folder()
            self.done.append("lock_folder")

    def locked_folders(self):
        return [d for d in self.folders() if os.stat(d).st_mode & 0o777 == 0]


def as_user(command):
    """Root reads everything; here it shall not."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] + command


def pipeline(db, root, batch):
    """The four stages, started; joined by pipes."""
    commands = [["comic-scan", "--settle", "0", "--allow-empty", "--db", db, root],
                ["comic-extract", "-j2"], ["comic-chunk", "-n", str(batch)],
                ["comic-load", "--report=none", "--max-gone", "100", db]]
    stages, source = [], subprocess.DEVNULL
    for command in commands:
        last = command is commands[-1]
        stages.append(subprocess.Popen(as_user(command), stdin=source, stderr=subprocess.PIPE,
                                       stdout=subprocess.DEVNULL if last else subprocess.PIPE))
        if source is not subprocess.DEVNULL:
            source.close()
        source = stages[-1].stdout
    return stages


def finish(stages):
    texts = [stage.stderr.read().decode(errors="replace") for stage in stages]
    return [stage.wait() for stage in stages], "".join(texts)


def run(db, root, batch):
    status, text = finish(pipeline(db, root, batch))
    if any(status):
        raise AssertionError(f"exit statuses {status}: {text}")
    return text


def scanned(db, root):
    """What a scan reports, as JSON Lines."""
    command = ["comic-scan", "--settle", "0", "--allow-empty", "--db", db, root]
    scan = subprocess.run(as_user(command), capture_output=True, check=True).stdout
    return subprocess.run(["comic-cat"], input=scan, capture_output=True, check=True).stdout.decode()


def killed_run(db, root, rng):
    stages = pipeline(db, root, 5)
    time.sleep(rng.random() * 0.08)
    rng.choice(stages).send_signal(rng.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
    finish(stages)


def dump(db):
    """(path, type) to record, as comic-cat shows it; a path is a string or its base64."""
    first = subprocess.Popen(["comic-dump", db], stdout=subprocess.PIPE)
    text = subprocess.run(["comic-cat"], stdin=first.stdout, capture_output=True, check=True).stdout
    if first.wait() != 0:
        raise AssertionError("comic-dump failed")
    records = [json.loads(line) for line in text.splitlines()]
    return {(json.dumps(r["path"]), r["t"]): r for r in records if r["t"] in ("comic", "fail")}


def identities(db):
    """path to (id, ino, size, mtime), paths as the file system has them."""
    with sqlite3.connect(db) as connection:
        connection.text_factory = bytes
        rows = connection.execute("SELECT path, id, ino, size, mtime FROM comic").fetchall()
    connection.close()
    return {os.fsdecode(row[0]): row[1:] for row in rows}


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
        if table not in ("identifier",):
            assert orphans == 0, f"{orphans} rows of {table} that nothing refers to"
    assert connection.execute("SELECT count(*) FROM suspect").fetchone()[0] == 0, "suspects left"
    assert connection.execute("SELECT count(*) FROM gone").fetchone()[0] == 0, "gone rows left"
    connection.close()


def path_of(key):
    """The file system's path of a dump's key."""
    import base64
    path = json.loads(key[0])
    return os.fsdecode(base64.b64decode(path["$bytes"])) if isinstance(path, dict) else path


def expected(fresh, before, locked, got):
    """A fresh import, and what is kept: below unreadable folders, and of comics that fail now.

    Permissions are no part of what tells a changed file: one that was read before they
    went, and has not changed since, is not opened again.
    """
    want = dict(fresh)
    for key, record in fresh.items():
        if key[1] != "fail" or record["code"] != "unreadable" or got.get(key) == record:
            continue
        for kind in ("comic", "fail"):
            known = got.get((key[0], kind))
            if known and all(known[k] == record[k] for k in ("size", "mtime")):
                want.pop(key, None)
                want[(key[0], kind)] = known
    for key, record in before.items():
        path = path_of(key)
        if any(path.startswith(folder + "/") for folder in locked):
            want[key] = record
        elif key[1] == "comic" and (key[0], "fail") in fresh:
            want.setdefault(key, record)
    # One that moved and cannot be read at its new place keeps what was known at the old one.
    contents = [content(record) for key, record in before.items() if key[1] == "comic"]
    for key, record in got.items():
        if key not in want and (key[0], "fail") in fresh and content(record) in contents:
            want[key] = record
    return want


def content(record):
    return {k: v for k, v in record.items() if k != "path"}


def check_ids(before, after, root):
    """A comic that moved and nothing else keeps its id."""
    places = {}
    for path, row in before.items():
        places.setdefault(row[1:], []).append((path, row[0]))
    for path, row in after.items():
        old = places.get(row[1:], [])
        if path in before:
            assert before[path][0] == row[0], f"{path!r}: its id changed"
        elif len(old) == 1 and not os.path.lexists(old[0][0]) and os.stat(path).st_nlink == 1:
            twins = [p for p, r in after.items() if r[1:] == row[1:]]
            assert len(twins) > 1 or old[0][1] == row[0], f"{path!r}: moved, its id changed"
    assert root


def play(library, scratch, rng, number):
    db, fresh_db = os.path.join(scratch, "lib.db"), os.path.join(scratch, "fresh.db")
    before = dump(db) if os.path.exists(db) else {}
    ids = identities(db) if os.path.exists(db) else {}
    library.mutate()
    killed = rng.random() < 0.4
    if killed:
        killed_run(db, library.root, rng)
    said = run(db, library.root, rng.choice([1, 7, 1000]))
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(fresh_db + suffix):
            os.unlink(fresh_db + suffix)
    fresh_said = run(fresh_db, library.root, 1000)
    got = dump(db)
    # One that is ignored is not looked into, and nobody finds that it cannot be read.
    locked = [folder for folder in library.locked_folders() if f"{folder}/: open" in said]
    want = expected(dump(fresh_db), before, locked, got)
    for key in sorted(set(got) | set(want)):
        if got.get(key) != want.get(key):
            raise AssertionError(f"{key}:\n got {got.get(key)}\nwant {want.get(key)}\n"
                                 f"killed: {killed}, locked: {library.locked_folders()}\n"
                                 f"this run: {said}\nfresh: {fresh_said}")
    if not library.locked_folders() and not killed:
        check_ids(ids, identities(db), library.root)
    check_sound(db)
    if number % 10 == 0:
        before = open(db, "rb").read()
        scan = scanned(db, library.root)
        run(db, library.root, 1000)
        if open(db, "rb").read() != before:
            raise AssertionError(f"a run without changes wrote; the scan said {scan}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("dir")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    os.makedirs(options.dir, exist_ok=True)
    library = Library(os.path.join(os.path.abspath(options.dir), "lib"), rng)
    for number in range(1, options.rounds + 1):
        try:
            play(library, options.dir, rng, number)
        except Exception as error:  # whatever it is, say how to see it again
            print(f"seed {options.seed}, round {number}: {' '.join(library.done)}\n{error}")
            return 1
        if number % 100 == 0:
            print(f"{number} rounds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
