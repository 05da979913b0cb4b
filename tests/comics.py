#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""comics.py KIND FILE MEMBER... [--comment TEXT]: write the members into an archive.

MEMBER is NAME=FILE: the bytes of FILE under NAME, in this order. KIND is one of
zip tar tar.gz tar.bz2 tar.xz tar.zst 7z rar4 rar5. No free program writes RAR; here its members
are stored. --comment is the archive's, in a zip or rar. What a kind cannot hold is left out.
"""
import argparse
import bz2
import gzip
import io
import lzma
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

LONG_AGO = (2020, 1, 1, 0, 0, 0)


def make_zip(members, comment=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
        archive.comment = comment
    return out.getvalue()


def make_tar(members, _comment=b""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, stdout=subprocess.PIPE,
                          check=True).stdout


PACKERS = {"gz": lambda data: gzip.compress(data, mtime=0), "bz2": bz2.compress,
           "xz": lzma.compress, "zst": zstd}


def packed_tar(packer):
    return lambda members, comment=b"": packer(make_tar(members))


def make_7z(members, _comment=b""):
    """By 7zz, which stores them in the order they are named."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, data in members:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(data)
            names.append(name)
        archive = os.path.join(folder, "archive.7z")
        subprocess.run(["7zz", "a", "-bso0", "-mtm-", archive, *names], cwd=folder, check=True,
                       stdin=subprocess.DEVNULL)
        with open(archive, "rb") as file:
            return file.read()


# ---- RAR 1.5 to 4, as technote.txt of RAR 4 has it -------------------------------------------

RAR4_START = b"Rar!\x1a\x07\x00"


def rar4_block(kind, flags, body, data=b""):
    header = bytes([kind]) + flags.to_bytes(2, "little") + (7 + len(body)).to_bytes(2, "little") + body
    return (zlib.crc32(header) & 0xFFFF).to_bytes(2, "little") + header + data


def rar4_file(name, data, kind=0x74, flags=0, method=0x30):
    name = name.encode()
    body = len(data).to_bytes(4, "little") * 2 + b"\x03" + zlib.crc32(data).to_bytes(4, "little")
    body += (0x50210000).to_bytes(4, "little") + bytes([20, method]) + len(name).to_bytes(2, "little")
    body += (0o100644).to_bytes(4, "little") + name
    return rar4_block(kind, 0x8000 | flags, body, data)


def make_rar4(members, comment=b""):
    out = RAR4_START + rar4_block(0x73, 0, bytes(6))
    if comment:
        out += rar4_file("CMT", comment, kind=0x7A)
    return out + b"".join(rar4_file(*one) for one in members) + rar4_block(0x7B, 0x4000, b"")


# ---- RAR 5, as the RAR 5.0 technical note has it ---------------------------------------------

RAR5_START = b"Rar!\x1a\x07\x01\x00"


def vint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def rar5_block(kind, body, data=b"", flags=0, extra=b""):
    header = vint(kind) + vint(flags | (1 if extra else 0) | (2 if data else 0))
    header += (vint(len(extra)) if extra else b"") + (vint(len(data)) if data else b"")
    header += body + extra
    header = vint(len(header)) + header
    return zlib.crc32(header).to_bytes(4, "little") + header + data


def rar5_file(name, data, kind=2, extra=b"", method=0, flags=0, size=None):
    name = name.encode()
    body = vint(4) + vint(len(data) if size is None else size) + vint(0o100644) + zlib.crc32(data).to_bytes(4, "little")
    body += vint(method) + vint(1) + vint(len(name)) + name
    return rar5_block(kind, body, data, flags, extra)


def make_rar5(members, comment=b""):
    out = RAR5_START + rar5_block(1, vint(0))
    if comment:
        out += rar5_file("CMT", comment, kind=3)
    return out + b"".join(rar5_file(*one) for one in members) + rar5_block(5, vint(0))


MAKERS = {"zip": make_zip, "tar": make_tar, "7z": make_7z, "rar4": make_rar4, "rar5": make_rar5}
MAKERS.update(("tar." + name, packed_tar(packer)) for name, packer in PACKERS.items())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=MAKERS)
    parser.add_argument("file")
    parser.add_argument("members", nargs="*")
    parser.add_argument("--comment", default="")
    options = parser.parse_args()
    members = []
    for member in options.members:
        name, path = member.split("=", 1)
        with open(path, "rb") as file:
            members.append((name, file.read()))
    with open(options.file, "wb") as out:
        out.write(MAKERS[options.kind](members, options.comment.encode()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
