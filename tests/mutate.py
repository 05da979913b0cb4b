#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""mutate.py [--count N] [--seed S] [--slowest SECONDS] DIR [SAMPLE...]: damaged comics.

Makes N (1000) damaged copies of each SAMPLE (default: all of them; --list names them) and gives
them to comic-extract one by one: flipped bits, wrong lengths, pieces cut out, doubled, swapped or
put in from another comic, cut short; often with checksums made right again, so that the damage
is met behind them. Documents are damaged inside a sound ZIP, also by tags or keys that changed
places. Every copy must end as one comic or fail record, within SECONDS (2), and not because the
worker died. What does not is left in DIR; the exit status is then 1. The same seed makes the
same copies.
"""
import argparse
import glob
import os
import random
import re
import subprocess
import sys
import time
import zlib

import msgpack

import comics

TESTS = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(TESTS, "../../shared/fixtures/comicbox")  # not part of the project
INTERESTING = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]
ASKED_TWICE = 3  # runs of a slow one before it counts: others work on this machine too


# ---- samples ---------------------------------------------------------------------------------

def corpus(name):
    with open(os.path.join(TESTS, "fuzz/corpus", name), "rb") as file:
        return file.read()


DOCUMENTS = {
    "ComicInfo.xml": "comicinfo/typical", "MetronInfo.xml": "metroninfo/whole.xml",
    "CoMet.xml": "comet/whole.xml", "comic-book-info.json": "comicbookinfo/whole.json",
    "comicbox.json": "comicbox/small.json", "comicbox.yaml": "comicbox/whole.yaml",
}


def members(document="ComicInfo.xml"):
    pages = [(f"Saga/{n:02}.jpg", b"\xff\xd8" + b"page %d " % n * 20) for n in range(1, 6)]
    return pages[:2] + [(document, corpus(DOCUMENTS[document]))] + pages[2:]


def make_pdf(folder, *options):
    path = os.path.join(folder, "sample.pdf")
    attached = os.path.join(TESTS, "fuzz/corpus", DOCUMENTS["ComicInfo.xml"])
    subprocess.run([sys.executable, os.path.join(TESTS, "make-pdf"), path, "--info", "Title=Saga",
                    "--info", "Keywords=a, b", "--info", "Author=Ann Able", "--attach",
                    "ComicInfo.xml=" + attached, *options], check=True)
    return path


def packed_pdf(folder, *options):
    plain, packed = make_pdf(folder), os.path.join(folder, "packed.pdf")
    subprocess.run(["qpdf", "--deterministic-id", *options, plain, packed], check=True)
    return packed


def read(path):
    with open(path, "rb") as file:
        return file.read()


def samples(folder):
    """Name: bytes of a whole comic, or for a document its name in a ZIP and bytes."""
    comment = corpus("comicbookinfo/whole.json")
    found = {kind: make(members(), comment) for kind, make in comics.MAKERS.items()}
    for name in DOCUMENTS:
        found["zip " + name] = comics.make_zip(members(name))
        found[name] = (name, corpus(DOCUMENTS[name]))
    found["pdf"] = read(make_pdf(folder))
    found["pdf encrypted"] = read(make_pdf(folder, "--user-password", ""))
    found["pdf packed"] = read(packed_pdf(folder, "--object-streams=generate"))
    found["pdf linearized"] = read(packed_pdf(folder, "--linearize"))
    for path in sorted(glob.glob(glob.escape(FIXTURES) + "/*.cb[rt7]")):
        found[os.path.basename(path)] = read(path)
    return found


# ---- damage ----------------------------------------------------------------------------------

def flip(data, draw, _others):
    for _ in range(draw.choice([1, 1, 2, 8, 30])):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def set_number(data, draw, _others):
    size = draw.choice([1, 2, 4, 8])
    at = draw.randrange(len(data))
    number = draw.choice(INTERESTING + [len(data), at]) + draw.choice([0, 0, 0, 1, -1])
    order = draw.choice(["little", "little", "big"])
    data[at:at + size] = (number % (1 << 8 * size)).to_bytes(size, order)


def cut(data, draw, _others):
    del data[draw.randrange(len(data)):]


def span(data, draw):
    start = draw.randrange(len(data))
    return start, min(len(data), start + draw.choice([1, 4, 16, 100, 1000]))


def take_out(data, draw, _others):
    start, end = span(data, draw)
    del data[start:end]


def double(data, draw, _others):
    start, end = span(data, draw)
    data[start:start] = data[start:end] * draw.choice([1, 1, 1, 20])


def swap(data, draw, _others):
    size = draw.choice([1, 4, 16, 64, 512])
    one, two = draw.randrange(len(data)), draw.randrange(len(data))
    data[one:one + size], data[two:two + size] = data[two:two + size], data[one:one + size]


def transplant(data, draw, others):
    other = draw.choice(others)
    start, end = span(other, draw)
    at = draw.randrange(len(data))
    data[at:at + draw.choice([0, end - start])] = other[start:end]


DAMAGES = [flip, flip, set_number, set_number, cut, take_out, double, swap, transplant]
WORD = re.compile(rb"[A-Za-z][A-Za-z_-]+")


def swap_words(data, draw, _others):
    """Tags, keys, values: some of one become another."""
    words = sorted(set(WORD.findall(data)))
    if len(words) > 1:
        one, two = draw.sample(words, 2)
        count = draw.choice([1, 2, -1])
        data[:] = data.replace(one, b"\0").replace(two, one, count).replace(b"\0", two)


def damage(data, draw, others, kinds):
    for _ in range(draw.choice([1, 1, 2, 4])):
        if data:
            draw.choice(kinds)(data, draw, others)


# ---- checksums made right again ----------------------------------------------------------------

def mend_tar(data):
    for at in range(0, len(data) - 511, 512):
        if data[at + 257:at + 262] == b"ustar":
            data[at + 148:at + 156] = b" " * 8
            data[at + 148:at + 156] = b"%06o\0 " % sum(data[at:at + 512])


def mend_rar4(data):
    at = 7
    while at + 7 <= len(data):
        size = int.from_bytes(data[at + 5:at + 7], "little")
        crc = zlib.crc32(data[at + 2:at + size]) & 0xFFFF
        data[at:at + 2] = crc.to_bytes(2, "little")
        has_data = data[at + 4] & 0x80 or data[at + 2] in (0x74, 0x7A)
        at += max(size, 7) + (int.from_bytes(data[at + 7:at + 11], "little") if has_data else 0)


def take_vint(data, at):
    value = shift = 0
    while at < len(data) and shift < 63:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 0x80:
            break
    return value, at


def mend_rar5(data):
    at = 8
    while at + 7 <= len(data):
        size, behind = take_vint(data, at + 4)
        end = behind + size
        data[at:at + 4] = zlib.crc32(data[at + 4:end]).to_bytes(4, "little")
        _, behind = take_vint(data, behind)
        flags, behind = take_vint(data, behind)
        if flags & 1:
            _, behind = take_vint(data, behind)
        at = end + (take_vint(data, behind)[0] if flags & 2 else 0)


def mend_7z(data):
    if len(data) < 32:
        return
    start, size = (int.from_bytes(data[n:n + 8], "little") for n in (12, 20))
    data[28:32] = zlib.crc32(data[32 + start:32 + start + size]).to_bytes(4, "little")
    data[8:12] = zlib.crc32(data[12:32]).to_bytes(4, "little")


def mend(data):
    if data[:7] == comics.RAR4_START:
        mend_rar4(data)
    elif data[:8] == comics.RAR5_START:
        mend_rar5(data)
    elif data[:6] == b"7z\xbc\xaf\x27\x1c":
        mend_7z(data)
    else:
        mend_tar(data)


def damaged(name, sample, draw, others):
    """One damaged copy."""
    if isinstance(sample, tuple):
        data = bytearray(sample[1])
        damage(data, draw, others, DAMAGES + [swap_words] * 6)
        return comics.make_zip(members()[:2] + [(sample[0], bytes(data))])
    if name.startswith("tar.") and draw.random() < 0.5:
        data = bytearray(comics.make_tar(members()))
        damage(data, draw, others, DAMAGES)
        mend_tar(data)
        return comics.PACKERS[name[4:]](bytes(data))
    data = bytearray(sample)
    damage(data, draw, others, DAMAGES)
    if draw.random() < 0.5:
        mend(data)
    return bytes(data)


# ---- what comic-extract says -------------------------------------------------------------------

class Extract:
    """One running comic-extract: a file in, its record out."""

    def __init__(self, log):
        self.program = subprocess.Popen(["comic-extract", "-q", "-j1", "--timeout", "20"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.records = msgpack.Unpacker(raw=True)
        self.put({"t": "begin", "v": 1, "by": "mutate.py", "roots": [], "complete": False})
        self.count = 0

    def put(self, record):
        self.program.stdin.write(msgpack.packb(record))
        self.program.stdin.flush()

    def get(self):
        """The next record, but the begin; None if there is none."""
        for record in self.records:
            if record[b"t"] != b"begin":
                return record
        chunk = self.program.stdout.read1()
        self.records.feed(chunk)
        return self.get() if chunk else None

    def read(self, path):
        """The record of the file at path, and the seconds it took."""
        start = time.monotonic()
        self.count += 1
        self.put({"t": "file", "path": path, "size": 1, "mtime": 1, "ino": 1, "change": "new"})
        return self.get(), time.monotonic() - start

    def end(self):
        """True if nothing came but the records asked for."""
        self.put({"t": "end", "records": self.count})
        self.program.stdin.close()
        end = self.get()
        return (end is not None and end[b"records"] == self.count and self.get() is None and
                self.program.wait() == 0)


def judge(record, path):
    """What is wrong with this answer, "" if nothing is."""
    if record is None:
        return "comic-extract ended"
    if record.get(b"path") != path.encode():
        return "the record of another file"
    if record[b"t"] not in (b"comic", b"fail"):
        return "a record " + record[b"t"].decode()
    if record.get(b"code") in (b"crash", b"timeout", b"changed", b"unreadable"):
        return "%s: %s" % (record[b"code"].decode(), record[b"reason"].decode())
    return ""


class Play:
    def __init__(self, options, log):
        self.folder, self.slowest, self.seed = options.dir, options.slowest, options.seed
        self.log = log
        self.extract = Extract(log)
        self.bad, self.worst = 0, 0.0
        self.verdicts = {}

    def play(self, name, number, data):
        path = os.path.join(self.folder, "now")
        with open(path, "wb") as file:
            file.write(data)
        record, seconds = self.extract.read(path)
        wrong = judge(record, path)
        for _ in range(ASKED_TWICE - 1):
            if wrong or seconds <= self.slowest:
                break
            seconds = min(seconds, self.extract.read(path)[1])
        self.worst = max(self.worst, seconds)
        if not wrong and seconds > self.slowest:
            wrong = f"{seconds:.1f} s"
        verdict = "?" if record is None else record.get(b"code", record[b"t"]).decode()
        self.verdicts[verdict] = self.verdicts.get(verdict, 0) + 1
        if wrong:
            self.bad += 1
            kept = os.path.join(self.folder, f"{name.replace(' ', '-')}-{self.seed}-{number}")
            os.replace(path, kept)
            print(f"{kept}: {wrong}", flush=True)
        if record is None:
            self.extract = Extract(self.log)

    def told(self):
        counts = " ".join(f"{code} {count}" for code, count in sorted(self.verdicts.items()))
        text = f"{counts}; the slowest {self.worst:.2f} s"
        self.verdicts, self.worst = {}, 0.0
        return text


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slowest", type=float, default=2.0)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("dir")
    parser.add_argument("samples", nargs="*")
    options = parser.parse_args()
    options.dir = os.path.abspath(options.dir)
    os.makedirs(options.dir, exist_ok=True)
    found = samples(options.dir)
    if options.list:
        print("\n".join(found))
        return 0
    others = [sample for sample in found.values() if isinstance(sample, bytes)]
    print(f"seed {options.seed}, {options.count} copies of each")
    with open(os.path.join(options.dir, "log"), "wb") as log:
        play = Play(options, log)
        for name in options.samples or found:
            draw = random.Random(f"{options.seed} {name}")
            for number in range(options.count):
                play.play(name, number, damaged(name, found[name], draw, others))
            print(f"{name}: {play.told()}", flush=True)
        if not play.extract.end():
            print("the stream did not end as it should")
            play.bad += 1
    print(f"{play.bad} bad")
    return 1 if play.bad else 0


if __name__ == "__main__":
    sys.exit(main())
