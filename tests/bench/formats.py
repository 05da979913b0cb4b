# SPDX-License-Identifier: MIT
"""The same comics in every format that comic-extract reads, for scripts/bench.

The metadata is that of a generated library's ComicInfo.xml, told again as each format tells it;
the pages are few bytes, so that what is measured is reading formats, not pages.
"""
import io
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from xml.sax.saxutils import escape

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
COMICS = 100
PAGES = 28
PAGE_BYTES = 2048
ROLES = ("Writer", "Penciller", "Inker", "Colorist", "Letterer", "CoverArtist", "Editor")


class Facts:
    """What a ComicInfo.xml says."""

    def __init__(self, document):
        self.text = {e.tag: e.text or "" for e in ElementTree.fromstring(document)}

    def __getitem__(self, element):
        return self.text.get(element, "")

    def list(self, element):
        return [name for name in self[element].split(", ") if name]

    def credits(self):
        """Pairs of a person and a role."""
        return [(person, role) for role in ROLES for person in self.list(role)]

    def number(self, element):
        return int(self[element] or 0)


def tag(name, text, attributes=""):
    return f"<{name}{attributes}>{escape(text)}</{name}>\n" if text else ""


def metroninfo(facts):
    names = lambda outer, inner, element: "".join((
        f"<{outer}>\n", *(tag(inner, name) for name in facts.list(element)), f"</{outer}>\n"))
    credited = "".join(f"<Credit>{tag('Creator', person)}<Roles>{tag('Role', role)}</Roles>"
                       "</Credit>\n" for person, role in facts.credits())
    return "".join((
        '<?xml version="1.0" encoding="UTF-8"?>\n<MetronInfo>\n',
        "<Publisher>", tag("Name", facts["Publisher"]), "</Publisher>\n",
        "<Series>", tag("Name", facts["Series"]), tag("Volume", facts["Volume"]), "</Series>\n",
        tag("CollectionTitle", facts["Title"]), tag("Number", facts["Number"]),
        tag("Summary", facts["Summary"]), tag("Notes", facts["Notes"]),
        f"<CoverDate>{facts.number('Year')}-{facts.number('Month'):02}-{facts.number('Day') or 1:02}"
        "</CoverDate>\n", tag("PageCount", facts["PageCount"]),
        names("Genres", "Genre", "Genre"), names("Tags", "Tag", "Tags"),
        names("Characters", "Character", "Characters"), names("Teams", "Team", "Teams"),
        names("Locations", "Location", "Locations"), f"<Credits>\n{credited}</Credits>\n",
        tag("AgeRating", "Teen"), "<URLs>", tag("URL", facts["Web"], ' primary="true"'),
        "</URLs>\n</MetronInfo>\n"))


def comet(facts):
    many = lambda name, values: "".join(tag(name, value) for value in values)
    return "".join((
        '<?xml version="1.0" encoding="UTF-8"?>\n<comet>\n',
        tag("title", facts["Title"]), tag("description", facts["Summary"]),
        tag("series", facts["Series"]), tag("issue", facts["Number"]),
        tag("volume", facts["Volume"]), tag("publisher", facts["Publisher"]),
        f"<date>{facts.number('Year')}-{facts.number('Month'):02}</date>\n",
        many("genre", facts.list("Genre")), many("character", facts.list("Characters")),
        many("writer", facts.list("Writer")), many("penciller", facts.list("Penciller")),
        many("inker", facts.list("Inker")), many("colorist", facts.list("Colorist")),
        many("letterer", facts.list("Letterer")),
        many("coverDesigner", facts.list("CoverArtist")), many("editor", facts.list("Editor")),
        tag("language", facts["LanguageISO"]), tag("pages", facts["PageCount"]), "</comet>\n"))


def comicbookinfo(facts):
    return json.dumps({"appID": "bench", "ComicBookInfo/1.0": {
        "series": facts["Series"], "title": facts["Title"], "publisher": facts["Publisher"],
        "issue": facts["Number"], "volume": facts.number("Volume"), "comments": facts["Summary"],
        "publicationYear": facts.number("Year"), "publicationMonth": facts.number("Month"),
        "genre": facts["Genre"], "language": facts["LanguageISO"], "tags": facts.list("Tags"),
        "credits": [{"person": person, "role": role} for person, role in facts.credits()]}})


def comicbox(facts):
    names = lambda element: {name: {} for name in facts.list(element)}
    roles = {}
    for person, role in facts.credits():
        roles.setdefault(person, {"roles": {}})["roles"][role] = {}
    return {"appID": "bench", "comicbox": {
        "publisher": {"name": facts["Publisher"]}, "series": {"name": facts["Series"]},
        "issue": {"name": facts["Number"]}, "volume": {"number": facts.number("Volume")},
        "title": facts["Title"], "summary": facts["Summary"], "notes": facts["Notes"],
        "date": {"year": facts.number("Year"), "month": facts.number("Month")},
        "genres": names("Genre"), "tags": names("Tags"), "characters": names("Characters"),
        "teams": names("Teams"), "locations": names("Locations"), "credits": roles,
        "language": facts["LanguageISO"], "page_count": facts.number("PageCount")}}


def yaml(value, indent=""):
    """Maps, strings and numbers in block style."""
    if not isinstance(value, dict):
        return " " + json.dumps(value, ensure_ascii=False) + "\n"
    if not value:
        return " {}\n"
    lines = (f"{indent}{json.dumps(key, ensure_ascii=False)}:{yaml(inner, indent + '  ')}"
             for key, inner in value.items())
    return ("\n" if indent else "") + "".join(lines)


# ---- containers -----------------------------------------------------------------------------


def write_zip(path, members, comment=b""):
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = comment
        for name, data in members:
            method = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), data, method)


def write_tar(path, members, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def write_rar(path, members):
    """RAR 4, stored."""
    with open(path, "wb") as out:
        out.write(b"Rar!\x1a\x07\x00")
        block = struct.pack("<BHHHL", 0x73, 0, 13, 0, 0)
        out.write(struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block)
        for name, data in members:
            name = name.encode()
            block = struct.pack("<BHHLLBLLBBHL", 0x74, 0x8000, 32 + len(name), len(data),
                                len(data), 3, zlib.crc32(data), 0x5821A000, 20, 0x30, len(name),
                                0o100644) + name
            out.write(struct.pack("<H", zlib.crc32(block) & 0xFFFF) + block + data)


def write_7z(path, members):
    folder = path + ".d"
    os.mkdir(folder)
    for name, data in members:
        with open(os.path.join(folder, name), "wb") as out:
            out.write(data)
    subprocess.run(["bsdtar", "--format", "7zip", "-cf", path, "-C", folder,
                    *(name for name, _ in members)], check=True)
    shutil.rmtree(folder)


def write_pdf(path, members):
    name, data = members[-1]
    document = path + ".xml"
    with open(document, "wb") as out:
        out.write(data)
    subprocess.run([sys.executable, os.path.join(PROJECT, "tests", "make-pdf"), path, "--pages",
                    str(PAGES), "--info", "Title=A Title", "--attach", f"{name}={document}"],
                   check=True)
    os.unlink(document)


# Name, suffix, what writes it, and the member's name with what makes it out of facts.
FORMATS = (
    ("CBZ + ComicInfo.xml", "cbz", write_zip, "ComicInfo.xml", None),
    ("CBZ + MetronInfo.xml", "cbz", write_zip, "MetronInfo.xml", metroninfo),
    ("CBZ + CoMet.xml", "cbz", write_zip, "CoMet.xml", comet),
    ("CBZ + ComicBookInfo comment", "cbz", write_zip, None, comicbookinfo),
    ("CBZ + comicbox.json", "cbz", write_zip, "comicbox.json",
     lambda facts: json.dumps(comicbox(facts))),
    ("CBZ + comicbox.yaml", "cbz", write_zip, "comicbox.yaml",
     lambda facts: yaml(comicbox(facts))),
    ("CBT + ComicInfo.xml", "cbt", write_tar, "ComicInfo.xml", None),
    ("CBT.xz + ComicInfo.xml", "cbt", lambda path, members: write_tar(path, members, "w:xz"),
     "ComicInfo.xml", None),
    ("CB7 + ComicInfo.xml", "cb7", write_7z, "ComicInfo.xml", None),
    ("CBR + ComicInfo.xml", "cbr", write_rar, "ComicInfo.xml", None),
    ("PDF + ComicInfo.xml", "pdf", write_pdf, "ComicInfo.xml", None),
)


def documents(library):
    """The ComicInfo.xml of the first comics that have one."""
    found = []
    for folder, _, names in sorted(os.walk(library)):
        for name in sorted(names):
            with zipfile.ZipFile(os.path.join(folder, name)) as archive:
                found += [archive.read(member) for member in archive.namelist()
                          if member.endswith("ComicInfo.xml")]
            if len(found) >= COMICS:
                return found
    return found


def make(library, folder):
    """Yields a format's name, the paths of its comics, and options of comic-extract."""
    draw = random.Random(1)
    pages = [(f"{i:03}.jpg", draw.randbytes(PAGE_BYTES)) for i in range(PAGES)]
    infos = documents(library)
    for number, (name, suffix, write, member, tell) in enumerate(FORMATS):
        if write is write_7z and not shutil.which("bsdtar"):
            continue
        paths = []
        os.makedirs(os.path.join(folder, str(number)))
        for i, info in enumerate(infos):
            path = os.path.join(folder, str(number), f"Some Series {i:03} (2012).{suffix}")
            document = tell(Facts(info)).encode() if tell else info
            if member:
                write(path, [*pages, (member, document)])
            else:
                write(path, pages, document)
            paths.append(path)
        yield name, paths, ()
        if number == 0:
            yield "name only", paths, ("--no-open",)
