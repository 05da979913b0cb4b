#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""odd_comics.py DIR: archives as libraries have them and programs stumble over them.

Each file is named after what is odd about it. tests/archives.bats has what is to become of them.
"""
import gzip
import io
import os
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

import comics

PAGES = [(f"{n:02}.jpg", b"\xff\xd8" + b"page %d " % n * 50) for n in range(1, 4)]
XML = b"<ComicInfo><Series>Inside</Series></ComicInfo>"
OLD_XML = b"<ComicInfo><Series>Stale</Series></ComicInfo>"
BOOK = PAGES + [("ComicInfo.xml", XML)]
END = b"PK\x05\x06"


def zip_of(members, method=zipfile.ZIP_DEFLATED, comment=b"", made_by=None, **info_fields):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, comics.LONG_AGO)
            info.compress_type = method
            if made_by is not None:
                info.create_system = made_by
            for key, value in info_fields.items():
                setattr(info, key, value)
            archive.writestr(info, data)
        archive.comment = comment
    return out.getvalue()


def raw_names(data, *pairs):
    """Names of equal length exchanged, in the directory and the local headers."""
    for old, new in pairs:
        assert len(old) == len(new) and data.count(old) == 2
        data = data.replace(old, new)
    return data


def seven(*options, members=tuple(BOOK), kind="7z"):
    """What 7zz makes of the members: {suffix: bytes} of the one or more files."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in members:
            path = os.path.join(folder, "in", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
        subprocess.run(["7zz", "a", "-bso0", "-mtm-", *options, "-t" + kind, "../out"],
                       cwd=os.path.join(folder, "in"), check=True, stdin=subprocess.DEVNULL)
        made = {}
        for name in sorted(os.listdir(folder)):
            if name != "in":
                with open(os.path.join(folder, name), "rb") as file:
                    made[name[3:]] = file.read()
        return made


def one(made):
    assert len(made) == 1, made.keys()
    return next(iter(made.values()))


# ---- ZIP -------------------------------------------------------------------------------------

def stale(comment=b"", padding=0):
    """ComicInfo.xml updated by appending: the old one still stands in the file."""
    old = zip_of([("ComicInfo.xml", OLD_XML)] + PAGES)
    out = io.BytesIO(old)
    with zipfile.ZipFile(out, "a") as archive:
        del archive.NameToInfo["ComicInfo.xml"]
        archive.filelist = [info for info in archive.filelist if info.filename != "ComicInfo.xml"]
        archive.writestr(zipfile.ZipInfo("ComicInfo.xml", comics.LONG_AGO), XML)
        archive.comment = comment
    return out.getvalue() + bytes(padding)


def directory_of(data):
    at = data.rindex(END)
    return int.from_bytes(data[at + 16:at + 20], "little")


def patched(data, at, new):
    return data[:at] + new + data[at + len(new):]


def nested():
    inner = zip_of([("inner.jpg", b"inner"), ("ComicInfo.xml", OLD_XML)], zipfile.ZIP_STORED)
    return zip_of(PAGES + [("book.cbz", inner)], zipfile.ZIP_STORED)


def streamed():
    """Through a pipe: sizes stand behind the data."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in BOOK:
            archive.writestr(zipfile.ZipInfo(name, comics.LONG_AGO), data)
    return bytes(pipe.data)


def overlapping():
    data = zip_of(PAGES + [("ComicInfo.xml", XML)])
    directory = directory_of(data)
    first = data[directory:directory + 46 + 6]
    twin = first.replace(b"01.jpg", b"99.jpg")
    end = bytearray(data[data.rindex(END):])
    end[8:10] = end[10:12] = struct.pack("<H", 5)
    end[12:16] = struct.pack("<I", data.rindex(END) - directory + len(twin))
    return data[:data.rindex(END)] + twin + bytes(end)


def flipped(data, what, offset=0):
    at = data.index(what) + offset
    return patched(data, at, bytes([data[at] ^ 1]))


def bad_crc():
    data = zip_of(BOOK, zipfile.ZIP_STORED)
    return flipped(data, b"Inside")


def many(count):
    return zip_of([(f"{n:06}.jpg", b"") for n in range(count)] + [("ComicInfo.xml", XML)])


def zip_bomb(mib):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("01.jpg", b"page")
        with archive.open("ComicInfo.xml", "w", force_zip64=True) as file:
            for _ in range(mib):
                file.write(b" " * 2**20)
    return out.getvalue()


def lying_size():
    """An XML that says it has 100 bytes and has a million."""
    data = zip_of(PAGES + [("ComicInfo.xml", b"<ComicInfo>" + b" " * 10**6 + b"</ComicInfo>")])
    size = (10**6 + 23).to_bytes(4, "little")
    assert data.count(size) == 2
    return data.replace(size, (100).to_bytes(4, "little"))


def spanned():
    """The only or last part, as PKZIP marks it."""
    data = bytearray(zip_of(BOOK))
    at = data.rindex(END)
    data[at + 4:at + 8] = struct.pack("<HH", 2, 2)
    return bytes(data)


ZIPS = {
    "plain.cbz": lambda: zip_of(BOOK),
    "stored.cbz": lambda: zip_of(BOOK, zipfile.ZIP_STORED),
    "bzip2-members.cbz": lambda: zip_of(BOOK, zipfile.ZIP_BZIP2),
    "lzma-members.cbz": lambda: zip_of(BOOK, zipfile.ZIP_LZMA),
    "streamed.cbz": streamed,
    "empty.cbz": lambda: zip_of([]),
    "no-pages.cbz": lambda: zip_of([("ComicInfo.xml", XML), ("readme.txt", b"hello")]),
    "stale-member.cbz": stale,
    "stale-member-long-comment.cbz": lambda: stale(b"c" * 20000),
    "stale-member-longest-comment.cbz": lambda: stale(b"c" * 65535),
    "stale-member-padding.cbz": lambda: stale(padding=17000),
    "lost-end.cbz": lambda: zip_of(BOOK)[:-22],
    "lost-directory.cbz": lambda: (lambda data: data[:directory_of(data)])(zip_of(BOOK)),
    "wrong-directory-offset.cbz": lambda: (lambda data: patched(
        data, data.rindex(END) + 16, struct.pack("<I", 7)))(zip_of(BOOK)),
    "wrong-directory-size.cbz": lambda: (lambda data: patched(
        data, data.rindex(END) + 12, struct.pack("<I", 7)))(zip_of(BOOK)),
    "wrong-count.cbz": lambda: (lambda data: patched(
        data, data.rindex(END) + 8, struct.pack("<HH", 2, 2)))(zip_of(BOOK)),
    "nested.cbz": nested,
    "nested-lost-end.cbz": lambda: nested()[:-22],
    "nested-lost-directory.cbz": lambda: (lambda data: data[:directory_of(data)])(nested()),
    "nested-cut.cbz": lambda: (lambda data: data[:directory_of(data) - 5])(nested()),
    "prefix.cbz": lambda: b"#!/bin/sh\n" + bytes(4086) + zip_of(BOOK),
    "suffix.cbz": lambda: zip_of(BOOK) + bytes(1024),
    "suffix-64k.cbz": lambda: zip_of(BOOK) + bytes(65000),
    "sfx.cbz": lambda: b"MZ" + bytes(70000) + zip_of(BOOK),
    "duplicate-member.cbz": lambda: zip_of([("ComicInfo.xml", OLD_XML)] + BOOK),
    "mac.cbz": lambda: zip_of(BOOK + [("__MACOSX/._01.jpg", b"x"), ("._02.jpg", b"x"),
                                      (".DS_Store", b"x"), ("Thumbs.db", b"x")]),
    "two-documents.cbz": lambda: zip_of(PAGES + [("b/ComicInfo.xml", OLD_XML),
                                                 ("a/comicinfo.XML", XML)]),
    "backslashes.cbz": lambda: zip_of([("Saga^" + name, data) for name, data in BOOK],
                                      made_by=0).replace(b"Saga^", b"Saga\\"),
    "cp437.cbz": lambda: raw_names(zip_of([("caf_.jpg", b"1")] + BOOK), (b"caf_", b"caf\x82")),
    "shift-jis.cbz": lambda: raw_names(zip_of([("____.jpg", b"1")] + BOOK),
                                       (b"____", "漫画".encode("cp932"))),
    "utf-8-name.cbz": lambda: zip_of([("漫画/é.jpg", b"1")] + BOOK),
    "nul-in-name.cbz": lambda: raw_names(zip_of([("04.jpgXexe", b"1")] + BOOK),
                                         (b"04.jpgX", b"04.jpg\0")),
    "hostile-names.cbz": lambda: zip_of([(name, b"1") for name in (
        "../up.jpg", "/absolute.jpg", "-rf.jpg", "a\nb.jpg", "\x1b[31m.jpg", "x" * 4000 + ".jpg")]
        + BOOK),
    "overlapping.cbz": overlapping,
    "bad-document-checksum.cbz": bad_crc,
    "bad-page-checksum.cbz": lambda: flipped(zip_of(BOOK, zipfile.ZIP_STORED), b"page 2"),
    "70000-members.cbz": lambda: many(70000),
    "100001-members.cbz": lambda: many(100001),
    "bomb.cbz": lambda: zip_bomb(1024),
    "lying-size.cbz": lying_size,
    "part-of-spanned.cbz": spanned,
    "first-of-spanned.cbz": lambda: b"PK\x07\x08" + zip_of(BOOK)[:200],
    "split.z01": lambda: b"PK\x07\x08" + zip_of(BOOK)[:200],
    "cut-in-half.cbz": lambda: (lambda data: data[:len(data) // 2])(zip_of(BOOK, zipfile.ZIP_STORED)),
    "zip-password.cbz": lambda: one(seven("-psecret", "-mem=ZipCrypto", kind="zip")),
    "zip-aes.cbz": lambda: one(seven("-psecret", "-mem=AES256", kind="zip")),
    "deflate64.cbz": lambda: one(seven("-mm=Deflate64", kind="zip", members=[
        ("01.jpg", os.urandom(9)), ("ComicInfo.xml", XML * 100)])),
    "ppmd-members.cbz": lambda: one(seven("-mm=PPMd", kind="zip")),
    "part-of-zip.zip.002": lambda: seven("-v300b", "-mx0", kind="zip")[".zip.002"],
    "part-of-zip.zip.001": lambda: seven("-v300b", "-mx0", kind="zip")[".zip.001"],
}


# ---- 7z ----------------------------------------------------------------------------------------

def large_dictionary():
    """512 MiB of dictionary for 200 bytes of data: a number in the header."""
    data = bytearray(one(seven("-m0=LZMA", "-mhc=off")))
    at = data.index(b"\x03\x01\x01\x05\x5d") + 5
    data[at:at + 4] = struct.pack("<I", 512 << 20)
    start, size = struct.unpack("<QQ", data[12:28])
    data[28:32] = struct.pack("<I", zlib.crc32(data[32 + start:32 + start + size]))
    data[8:12] = struct.pack("<I", zlib.crc32(data[12:32]))
    return bytes(data)


SEVENS = {
    "plain.cb7": lambda: one(seven()),
    "stored.cb7": lambda: one(seven("-mx0")),
    "not-solid.cb7": lambda: one(seven("-ms=off")),
    "ppmd.cb7": lambda: one(seven("-m0=PPMd")),
    "bzip2.cb7": lambda: one(seven("-m0=BZip2")),
    "deflate.cb7": lambda: one(seven("-m0=Deflate")),
    "deflate64.cb7": lambda: one(seven("-m0=Deflate64")),
    "bcj2.cb7": lambda: one(seven("-m0=BCJ2", "-m1=LZMA", "-m2=LZMA", "-m3=LZMA")),
    "arm64.cb7": lambda: one(seven("-m0=ARM64", "-m1=LZMA2")),
    "plain-header.cb7": lambda: one(seven("-mhc=off")),
    "encrypted.cb7": lambda: one(seven("-psecret")),
    "encrypted-list.cb7": lambda: one(seven("-psecret", "-mhe=on")),
    "empty.cb7": lambda: one(seven("-x!*", "-spf")),
    "part.7z.001": lambda: seven("-v200b", "-mx0")[".7z.001"],
    "part.7z.002": lambda: seven("-v200b", "-mx0")[".7z.002"],
    "utf-8-name.cb7": lambda: one(seven(members=[("漫画/é.jpg", b"1")] + BOOK)),
    # libarchive 3.6 cannot skip such a page.
    "page-of-64-kib.cb7": lambda: one(seven(members=[("01.jpg", bytes(range(256)) * 256)] + BOOK[3:])),
    "large-dictionary.cb7": large_dictionary,
}


# ---- RAR ---------------------------------------------------------------------------------------

def rar4(members=tuple(BOOK), archive_flags=0, file_flags=0, method=0x30):
    files = b"".join(comics.rar4_file(name, data, flags=file_flags, method=method)
                     for name, data in members)
    return comics.RAR4_START + comics.rar4_block(0x73, archive_flags, bytes(6)) + files + \
        comics.rar4_block(0x7B, 0x4000, b"")


def rar5(members=tuple(BOOK), archive_flags=0, extra=b"", method=0, flags=0):
    files = b"".join(comics.rar5_file(name, data, extra=extra, method=method, flags=flags)
                     for name, data in members)
    return comics.RAR5_START + comics.rar5_block(1, comics.vint(archive_flags)) + files + \
        comics.rar5_block(5, comics.vint(0))


# An encryption record: type 1, version 0, flags 1 (password check), 2**15 rounds, salt, vector, check.
ENCRYPTED = (lambda record: comics.vint(len(record)) + record)(
    b"\x01\x00\x01\x0f" + bytes(16) + bytes(16) + bytes(12))
SOLID_5 = 0x04
FILE_SOLID = 0x40 | 1 << 7  # bits of the compression information: solid, the fastest method
DICTIONARY_4G = 15 << 10 | 1 << 7

def link(kind, target):
    """A redirection record: 1 is a symbolic link, 4 a hard one, 5 a file stored once."""
    record = comics.vint(5) + comics.vint(kind) + comics.vint(0)
    record += comics.vint(len(target)) + target.encode()
    return comics.vint(len(record)) + record


def unicode_rar4():
    """A name in UTF-16, packed: the low byte of a unit, both of it, ... and a run of the plain name."""
    block = comics.rar4_file("NAME", b"page")
    body = bytearray(block[7:-4])
    assert body.endswith(b"NAME")
    # 00漫é: high byte; 1, 1, 2, 1 (of high byte 0); then a run of four as they are
    field = b"00__.jpg\0" + b"\x00" + b"\x08" + b"00" + "漫".encode("utf-16-le") + b"\xe9"
    field += b"\xc0" + b"\x02"
    body[19:21] = struct.pack("<H", len(field))
    return rar4()[:-7] + comics.rar4_block(0x74, 0x8200, bytes(body[:-4]) + field, b"page") + \
        rar4()[-7:]


RARS = {
    "plain-4.cbr": rar4,
    "plain-5.cbr": rar5,
    "solid-4.cbr": lambda: rar4(archive_flags=0x08, file_flags=0x10, method=0x33),
    "solid-5.cbr": lambda: rar5(archive_flags=SOLID_5, method=FILE_SOLID),
    "encrypted-4.cbr": lambda: rar4(file_flags=0x04),
    "encrypted-5.cbr": lambda: rar5(extra=ENCRYPTED),
    "encrypted-list-4.cbr": lambda: rar4(archive_flags=0x80),
    "encrypted-list-5.cbr": lambda: comics.RAR5_START + comics.rar5_block(
        4, b"\x00\x00\x0f" + bytes(16)) + os.urandom(500),
    "first-part-4.part1.cbr": lambda: rar4(archive_flags=0x0101, file_flags=0x02),
    "second-part-4.part2.cbr": lambda: rar4(archive_flags=0x01, file_flags=0x01),
    "old-volume-4.r00": lambda: rar4(archive_flags=0x01, file_flags=0x01),
    "first-part-5.part1.cbr": lambda: rar5(archive_flags=0x01, flags=0x10),
    "second-part-5.part2.cbr": lambda: comics.RAR5_START + comics.rar5_block(
        1, comics.vint(3) + comics.vint(1)) + comics.rar5_file("02.jpg", b"half", flags=0x08),
    "large-dictionary-5.cbr": lambda: rar5(method=DICTIONARY_4G),
    "unknown-method-5.cbr": lambda: rar5(method=1 | 1 << 7),
    "utf-8-name-5.cbr": lambda: rar5([("漫画/é.jpg", b"1")] + BOOK),
    "backslashes-4.cbr": lambda: rar4([("Saga\\" + name, data) for name, data in BOOK]),
    "duplicate-member-5.cbr": lambda: rar5([("ComicInfo.xml", OLD_XML)] + BOOK),
    "no-end-4.cbr": lambda: rar4()[:-7],
    "no-end-5.cbr": lambda: rar5()[:-8],
    "zip-in-rar.cbr": lambda: rar5([("book.cbz", zip_of(BOOK, zipfile.ZIP_STORED))]),
    "only-volume-4.cbr": lambda: rar4(archive_flags=0x0101),
    "only-volume-5.cbr": lambda: rar5(archive_flags=0x01),
    "first-volume-of-whole-members-5.cbr": lambda: rar5(archive_flags=0x01)[:-8] +
        comics.rar5_block(5, comics.vint(1)),
    "unicode-name-4.cbr": unicode_rar4,
    "recovery-record-4.cbr": lambda: rar4()[:-7] + comics.rar4_block(
        0x7A, 0x8000, struct.pack("<IIBIIBBHI", 2000, 2000, 3, 0, 0, 20, 0x30, 2, 0) + b"RR",
        bytes(2000)) + rar4()[-7:],
    "solid-bomb-5.cbr": lambda: rar5(archive_flags=SOLID_5)[:-8] + comics.rar5_file(
        "04.jpg", b"zeros", method=FILE_SOLID, size=10 << 30) + rar5()[-8:],
    "link-5.cbr": lambda: rar5()[:-8] + comics.rar5_file(
        "04.jpg", b"", extra=link(1, "01.jpg")) + rar5()[-8:],
    "before-3-4.cbr": lambda: rar4(method=0x33),
    "copies-5.cbr": lambda: rar5()[:-8] + comics.rar5_file(
        "a/04.jpg", b"", size=len(PAGES[0][1]), extra=link(4, "01.jpg")) + comics.rar5_file(
            "a/ComicInfo.xml", b"", size=len(XML), extra=link(5, "ComicInfo.xml")) + rar5()[-8:],
    "copy-of-nothing-5.cbr": lambda: rar5(PAGES)[:-8] + comics.rar5_file(
        "ComicInfo.xml", b"", size=len(XML), extra=link(5, "nothing")) + rar5()[-8:],
    # RAR 2 puts the owner there, and counts it into the checksum.
    "owner-4.cbr": lambda: rar4()[:-7] + b"\0\0" + comics.rar4_block(
        0x77, 0x8000, b"\4\0\0\0\1\1\0", b"root")[2:],
    "zeros-before.cbr": lambda: bytes(128000) + rar5(),
    "zeros-before.cb7": lambda: bytes(128000) + one(seven()),
    "too-far-behind.cbr": lambda: bytes(1100000) + rar5(),
    "sfx.cbr": lambda: b"MZ" + bytes(70000) + rar5(),
    "cut-in-half-5.cbr": lambda: rar5()[:len(rar5()) // 2],
    "bad-document-checksum-4.cbr": lambda: flipped(rar4(), b"Inside"),
    "bad-document-checksum-5.cbr": lambda: flipped(rar5(), b"Inside"),
    "rar-1.4.cbr": lambda: b"RE~^" + bytes(100),
}


# ---- tar ---------------------------------------------------------------------------------------

def quine():
    """gzip in gzip in gzip, and a bomb at the bottom."""
    data = bytes(2**26)
    for _ in range(4):
        data = gzip.compress(data, mtime=0)
    return data


def sparse_tar():
    """GNU sparse: a member of 20 GiB that has no data."""
    header = bytearray(512)
    header[0:6] = b"01.jpg"
    header[100:108] = b"0000644\0"
    header[124:136] = b"00000000000\0"
    header[136:148] = b"00000000000\0"
    header[156:157] = b"S"
    header[257:265] = b"ustar  \0"
    header[386:398] = (20 << 30).to_bytes(12, "big")
    header[398:410] = b"00000000000\0"
    header[483:495] = b"\x80" + (20 << 30).to_bytes(11, "big")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + bytes(1024)


def links():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("a.jpg", tarfile.SYMTYPE), ("b.jpg", tarfile.LNKTYPE),
                           ("c.jpg", tarfile.FIFOTYPE), ("d.jpg", tarfile.DIRTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        for name, data in BOOK:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


TARS = {
    "plain.cbt": lambda: comics.make_tar(BOOK),
    "empty.cbt": lambda: bytes(1024),
    "empty-10240.cbt": lambda: bytes(10240),
    "empty-gz.cbt": lambda: gzip.compress(bytes(10240)),
    "gz-of-a-text.cbt": lambda: gzip.compress(b"just a text\n" * 100),
    "gz-of-a-zip.cbt": lambda: gzip.compress(zip_of(BOOK)),
    "gz-cut.cbt": lambda: comics.MAKERS["tar.gz"](
        [("00.jpg", os.urandom(100000))] + BOOK)[:-200],
    "xz-broken.cbt": lambda: (lambda data: patched(data, 60, b"\xff\xff"))(comics.MAKERS["tar.xz"](BOOK)),
    "cut-at-a-member.cbt": lambda: comics.make_tar(BOOK)[:2048],
    "cut-in-a-member.cbt": lambda: comics.make_tar(BOOK)[:2000],
    "no-end-blocks.cbt": lambda: comics.make_tar(BOOK).rstrip(b"\0").ljust(4096, b"\0"),
    "zeros-behind.cbt": lambda: comics.make_tar(BOOK) + bytes(2**21),
    "links.cbt": links,
    "sparse.cbt": sparse_tar,
    "duplicate-member.cbt": lambda: comics.make_tar([("ComicInfo.xml", OLD_XML)] + BOOK),
    "zip-in-tar.cbz": lambda: comics.make_tar([("book.cbz", zip_of(BOOK))]),
    "dot-slash.cbt": lambda: comics.make_tar([("./" + name, data) for name, data in BOOK]),
    "quine.cbt": quine,
}

# ---- no archives ---------------------------------------------------------------------------------

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
OTHERS = {
    "zero.cbz": lambda: b"",
    "one-byte.cbz": lambda: b"P",
    "page.cbz": lambda: b"<!DOCTYPE html><html><title>404</title></html>",
    "jpeg.cbz": lambda: JPEG + bytes(5000),
    "png.cbr": lambda: b"\x89PNG\r\n\x1a\n" + bytes(100),
    "text.cbr": lambda: b"no comic here\n",
    "zeros.cbz": lambda: bytes(100000),
    "random.cbz": lambda: zlib.compress(bytes(range(256)) * 40),
    "ace.cbr": lambda: b"\x12\x34\x31\x00\x00\x00\x90**ACE**" + bytes(100),
    "lha.cbr": lambda: b"\x20\x20-lh5-" + bytes(100),
    "xml.cbz": lambda: b"\xef\xbb\xbf<?xml version=\"1.0\"?><error/>",
}


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    wanted = sys.argv[2:]
    for makers in (ZIPS, SEVENS, RARS, TARS, OTHERS):
        for name, make in makers.items():
            if not wanted or name in wanted:
                with open(os.path.join(folder, name), "wb") as out:
                    out.write(make())
    return 0


if __name__ == "__main__":
    sys.exit(main())
