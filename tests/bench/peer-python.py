#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peer-python.py FOLDER DATABASE [search]: what one writes in an afternoon instead of using
comicpipe.

os.walk, zipfile, ElementTree, sqlite3; one thread, one transaction, no search index. It knows one
kind of archive and one format, and a file it cannot read ends it. With `search` it makes what
comicpipe makes besides: a search index of texts and names, and which comics a name has.
"""
import os
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree
import zipfile

SCHEMA = """
CREATE TABLE publisher (id INTEGER PRIMARY KEY, name TEXT UNIQUE);
CREATE TABLE series (id INTEGER PRIMARY KEY, publisher_id INTEGER, name TEXT,
    UNIQUE (publisher_id, name));
CREATE TABLE name (id INTEGER PRIMARY KEY, kind TEXT, name TEXT, UNIQUE (kind, name));
CREATE TABLE comic (id INTEGER PRIMARY KEY, path TEXT UNIQUE, size INTEGER, mtime INTEGER,
    series_id INTEGER, number TEXT, volume TEXT, title TEXT, summary TEXT, year TEXT, month TEXT,
    pages INTEGER);
CREATE TABLE comic_name (comic_id INTEGER, name_id INTEGER, PRIMARY KEY (comic_id, name_id))
    WITHOUT ROWID;
"""
SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (publisher, series, title, summary, names, content = '',
    tokenize = 'unicode61 remove_diacritics 2');
"""
NAMED = "CREATE INDEX comic_name_name ON comic_name (name_id)"
LISTS = ("Characters", "Teams", "Locations", "Genre", "Tags", "Writer", "Penciller", "Inker",
         "Colorist", "Letterer", "CoverArtist", "Editor")
IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def read(path):
    """The elements of its ComicInfo.xml, and how many pages it has."""
    facts, pages = {}, 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            pages += name.lower().endswith(IMAGES)
            if os.path.basename(name) == "ComicInfo.xml":
                root = ElementTree.fromstring(archive.read(name))
                facts = {element.tag: element.text or "" for element in root}
    return facts, pages


class Index:
    def __init__(self, path, search):
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA + (SEARCH if search else ""))
        self.search = search
        self.known = {}

    def id_of(self, table, **row):
        key = (table, *row.values())
        if key not in self.known:
            self.known[key] = self.db.execute(
                f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values())).lastrowid
        return self.known[key]

    def add(self, path, stat, facts, pages):
        publisher = self.id_of("publisher", name=facts.get("Publisher", ""))
        series = self.id_of("series", publisher_id=publisher, name=facts.get("Series", ""))
        comic = self.db.execute(
            "INSERT INTO comic VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (path, stat.st_size, stat.st_mtime_ns, series, facts.get("Number"),
             facts.get("Volume"), facts.get("Title"), facts.get("Summary"), facts.get("Year"),
             facts.get("Month"), pages)).lastrowid
        names = {self.id_of("name", kind=kind, name=name.strip())
                 for kind in LISTS for name in facts.get(kind, "").split(",") if name.strip()}
        self.db.executemany("INSERT INTO comic_name VALUES (?, ?)",
                            [(comic, name) for name in names])
        if self.search:
            self.db.execute("INSERT INTO search (rowid, publisher, series, title, summary, names)"
                            " VALUES (?, ?, ?, ?, ?, ?)",
                            (comic, facts.get("Publisher"), facts.get("Series"),
                             facts.get("Title"), facts.get("Summary"),
                             ",".join(facts.get(kind, "") for kind in LISTS)))

    def finish(self):
        if self.search:
            self.db.execute(NAMED)
        self.db.commit()


def main():
    index = Index(sys.argv[2], "search" in sys.argv[3:])
    for folder, _, names in os.walk(sys.argv[1]):
        for name in names:
            if name.lower().endswith(".cbz"):
                path = os.path.join(folder, name)
                index.add(path, os.stat(path), *read(path))
    index.finish()


main()
