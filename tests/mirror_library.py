# SPDX-License-Identifier: MIT
"""The files of mirror.py, and what can happen to them."""
import json
import os
import random
import re
import shutil

import comics

SERIES = ["Harbor Lights", "Night Watch", "The Glass Tide", "Émile"]
NAMES = ["Ann Able", "Bo Baker", "Cy Chen", "Dee Doe", "Ed Esk"]
WORDS = ["Storm", "Ember", "Raven", "Quay", "Moss"]
FILE_NAMES = ["Night Watch {:03}{}", "Glass Tide v2 #{} (2001){}", "n{}{}", "caf\u0065\u0301 {}{}",
              "caf\u00e9 {}{}", "bad\udcff{}{}", "new\nline{}{}", "-rf 'q\" %s\\{}{}"]
COMICS = (".cbz", ".cbr", ".cb7", ".cbt")
COMIC_NAME = re.compile(r"\.cb[zr7t](/|$)")  # of a comic, or of a folder above it
RULES = ["n*\n", "d*/\n", "*.cbz\n!n1*.cbz\n", "/m\n", "# none\r\n\r\nNight*\r\n", "**/d1/**\n",
         "*.cbr\n*.cbt\n"]
DEEP = "deep" + "p" * 200  # folders of this name: longer than PATH_MAX all together
DEEP_LEVELS = 21


def pick(rng, items, most):
    return rng.sample(items, rng.randint(0, most))


def comicinfo(rng):
    """Values are shared with other comics, and often disagree with theirs."""
    fields = {
        "Title": "; ".join(rng.sample(WORDS, rng.randint(1, 2))), "Series": rng.choice(SERIES),
        "Number": str(rng.randint(1, 30)), "Count": str(rng.randint(1, 30)),
        "Volume": str(rng.randint(1, 3)), "Publisher": rng.choice(["P One", "P Two", ""]),
        "Imprint": rng.choice(["", "I"]), "Year": str(rng.randint(1990, 2020)),
        "Writer": ", ".join(pick(rng, NAMES, 3)), "Penciller": ", ".join(pick(rng, NAMES, 2)),
        "Characters": ", ".join(pick(rng, NAMES, 3)), "Genre": ", ".join(pick(rng, WORDS, 3)),
        "Tags": ", ".join(pick(rng, WORDS, 2)), "StoryArc": ", ".join(pick(rng, WORDS, 2)),
        "StoryArcNumber": "1,2", "AgeRating": rng.choice(["", "Teen", "Everyone"]),
        "Web": f"https://comicvine.gamespot.com/c/4000-{rng.randint(1, 40)}/",
        "MainCharacterOrTeam": rng.choice(NAMES), "Summary": "x " * rng.randint(0, 200),
        "LanguageISO": rng.choice(["en", "fr", ""]), "Teams": ", ".join(pick(rng, WORDS, 2)),
        "Locations": ", ".join(pick(rng, WORDS, 1)), "Notes": rng.choice(["", "tagged by hand"]),
        "AlternateSeries": rng.choice(["", *SERIES]), "ScanInformation": rng.choice(["", "scan"]),
        "SeriesGroup": rng.choice(["", "Group A", "Group B"]), "Format": rng.choice(["", "Annual"]),
    }
    body = "".join(f"<{k}>{v}</{k}>" for k, v in fields.items() if v)
    return f"<ComicInfo>{body}</ComicInfo>".encode()


def metroninfo(rng):
    people = "".join(
        f'<Credit><Creator id="{i}">{n}</Creator><Roles><Role>Writer</Role></Roles></Credit>'
        for i, n in enumerate(pick(rng, NAMES, 3)))
    universe = '<Universes><Universe id="7"><Name>U</Name></Universe></Universes>'
    return (f'<MetronInfo><Publisher id="1"><Name>P One</Name></Publisher>'
            f'<Series id="{rng.randint(1, 9)}" lang="en"><Name>{rng.choice(SERIES)}</Name>'
            f'<Volume>{rng.randint(1, 3)}</Volume></Series><Number>{rng.randint(1, 30)}</Number>'
            f'{rng.choice(["", universe])}<Credits>{people}</Credits></MetronInfo>').encode()


def comet(rng):
    return (f'<comet><title>{rng.choice(WORDS)}</title><series>{rng.choice(SERIES)}</series>'
            f'<issue>{rng.randint(1, 30)}</issue><writer>{rng.choice(NAMES)}</writer>'
            f'<character>{rng.choice(NAMES)}</character></comet>').encode()


def comicbookinfo(rng):
    return json.dumps({"ComicBookInfo/1.0": {
        "series": rng.choice(SERIES), "issue": rng.randint(1, 30), "tags": pick(rng, WORDS, 3),
        "credits": [{"person": n, "role": "Artist"} for n in pick(rng, NAMES, 2)]}}).encode()


def metadata(rng):
    """Members, and the archive's comment."""
    members = []
    if rng.random() < 0.8:
        members.append(("ComicInfo.xml", comicinfo(rng)))
    if rng.random() < 0.15:
        members.append(("MetronInfo.xml", metroninfo(rng)))
    if rng.random() < 0.1:
        members.append(("CoMet.xml", comet(rng)))
    return members, comicbookinfo(rng) if rng.random() < 0.1 else b""


def comic(rng, path, pages=None):
    """The bytes of a comic; pages: those of an other one, by the number they are made of."""
    pages = rng.randint(0, 1 << 30) if pages is None else pages
    made = random.Random(pages)
    images = [(f"{n}.jpg", made.randbytes(40)) for n in range(made.randint(1, 4))]
    members, comment = metadata(rng)
    kind = {".cbr": rng.choice(["rar4", "rar5"]), ".cbt": "tar",
            ".cb7": "7z"}.get(os.path.splitext(path)[1], "zip")
    return comics.MAKERS[kind](images + members, comment), pages


def far(path):
    """The descriptor of the folder of a path of any length, and the name in it."""
    folder = os.open("/", os.O_RDONLY)
    *names, last = path.strip("/").split("/")
    for name in names:
        below = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    return folder, last


def stat(path):
    """os.stat() of a path of any length; None if there is nothing."""
    try:
        folder, name = far(path)
    except OSError:
        return None
    try:
        return os.stat(name, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)


class Library:
    """Two folders and a single file, which are the roots."""

    def __init__(self, base, rng):
        self.base, self.rng, self.clock, self.done = base, rng, 1_400_000_000, []
        self.roots = [os.path.join(base, name) for name in ("one", "two é", "single.cbz")]
        self.folder_roots = self.roots[:2]
        self.pages, self.saved, self.exclude = {}, {}, None
        for root in self.folder_roots:
            os.makedirs(root)
        self.make_deep()
        self.write(self.roots[2])
        for _ in range(40):
            self.add()

    # ---- looking ----

    def folders(self):
        found = []
        for root in self.folder_roots:
            for folder, below, _ in os.walk(root):
                below[:] = [name for name in below if not name.startswith("deep")]
                found.append(folder)
        return sorted(found)

    def comics(self):
        return [path for folder in self.folders() for path in sorted(
            os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(COMICS))
                if os.path.isfile(path) and not os.path.islink(path)]

    def some_comic(self):
        found = self.comics()
        return self.rng.choice(found) if found else self.add()

    def some_folder(self):
        folders = self.folders()
        if len(folders) < 14 and self.rng.random() < 0.3:
            new = os.path.join(self.rng.choice(folders), f"d{self.rng.randint(0, 99)}")
            os.makedirs(new, exist_ok=True)
            return new
        return self.rng.choice(folders)

    def new_path(self, suffix=None):
        kinds = [".cbz"] * 17 + [".cbr", ".cbt", ".cb7"]
        suffix = suffix or self.rng.choice(kinds)
        while True:
            name = self.rng.choice(FILE_NAMES).format(self.rng.randint(0, 99), suffix)
            path = os.path.join(self.some_folder(), name)
            if not os.path.isdir(path):
                return path

    # ---- writing: a change of content is a change of time, that is how it is seen ----

    def stamp(self, path):
        self.clock += 1
        os.utime(path, ns=(0, self.clock * 10**9 + self.rng.randint(0, 999) * 10**6))

    def write(self, path, pages=None):
        data, self.pages[path] = comic(self.rng, path, pages)
        if os.path.exists(path):
            os.unlink(path)  # a hard link keeps what it has
        with open(path, "wb") as f:
            f.write(data)
        self.stamp(path)
        return path

    # ---- what can happen ----

    def add(self):
        return self.write(self.new_path())

    def delete(self):
        os.unlink(self.some_comic())

    def delete_folder(self):
        folder = self.some_folder()
        if folder not in self.roots and self.rng.random() < 0.3:
            shutil.rmtree(folder)

    def rewrite(self):
        self.write(self.some_comic())

    def retag(self):
        """Other metadata, the same pages."""
        path = self.rng.choice([self.some_comic(), self.roots[2]])
        self.write(path, self.pages.get(path))

    def rename(self):
        old = self.some_comic()
        new = self.new_path(os.path.splitext(old)[1])
        os.replace(old, new)
        self.pages[new] = self.pages.get(old)

    def rename_and_retag(self):
        old = self.some_comic()
        new = self.new_path(os.path.splitext(old)[1])
        if not os.path.exists(new):
            os.unlink(old)
            self.write(new, self.pages.get(old))

    def rename_case(self):
        folder, name = os.path.split(self.some_comic())
        stem, suffix = os.path.splitext(name)
        new = os.path.join(folder, stem.swapcase() + suffix)
        if not os.path.isdir(new):
            os.replace(os.path.join(folder, name), new)

    def move_folder(self):
        old, new = self.some_folder(), os.path.join(self.some_folder(), "m")
        if old not in self.roots and not (new + "/").startswith(old + "/") \
                and not os.path.lexists(new):
            os.rename(old, new)

    def swap(self):
        a, b = self.some_comic(), self.some_comic()
        os.replace(a, a + ".swap")
        if a != b:
            os.replace(b, a)
        os.replace(a + ".swap", b)
        self.pages[a], self.pages[b] = self.pages.get(b), self.pages.get(a)

    def copy(self):
        source = self.some_comic()
        target = self.new_path(os.path.splitext(source)[1])
        if not os.path.exists(target):
            shutil.copy2(source, target)
            self.pages[target] = self.pages.get(source)

    def copy_away(self):
        """What mv does between file systems."""
        source = self.some_comic()
        target = os.path.join(self.some_folder(), os.path.basename(source))
        if not os.path.exists(target):
            shutil.copy2(source, target)
            os.unlink(source)
            self.pages[target] = self.pages.get(source)

    def hard_link(self):
        source = self.some_comic()
        target = self.new_path(os.path.splitext(source)[1])
        if not os.path.exists(target):
            os.link(source, target)

    def link(self):
        """A symbolic link to a comic or a folder, also one above it; or there is one less."""
        links = [os.path.join(f, n) for f in self.folders() for n in sorted(os.listdir(f))
                 if os.path.islink(os.path.join(f, n))]
        if len(links) > 1:
            os.unlink(self.rng.choice(links))
            return
        target = self.rng.choice([self.some_folder(), self.some_comic()])
        place = os.path.join(self.some_folder(), self.rng.choice(["s.cbz", "s"]))
        if not os.path.lexists(place):
            if self.rng.random() < 0.5:
                target = os.path.relpath(target, os.path.dirname(place))
            os.symlink(target, place)

    def touch(self):
        self.stamp(self.some_comic())

    def odd_time(self):
        when = self.rng.choice([-5_000_000_000, -1, 0, 1, 16_725_225_600])
        os.utime(self.some_comic(), ns=(0, when * 10**9 + self.rng.randint(0, 10**9 - 1)))

    def truncate(self):
        path = self.some_comic()
        with open(path, "rb") as f:
            data = f.read()
        self.saved[path] = data, os.stat(path).st_mtime_ns
        os.truncate(path, self.rng.choice([0, 10, max(0, len(data) - 30)]))
        self.stamp(path)

    def restore(self):
        """As it was before it was truncated, its time too."""
        if self.saved:
            path, (data, mtime) = self.saved.popitem()
            if os.path.exists(path):
                with open(path, "wb") as f:
                    f.write(data)
                os.utime(path, ns=(0, mtime))

    def not_a_comic(self):
        path = self.new_path(".cbz")
        if not os.path.lexists(path):
            self.rng.choice([os.mkfifo, os.mkdir])(path)

    def lock_file(self):
        os.chmod(self.some_comic(), self.rng.choice([0o000, 0o644]))

    def ignore(self):
        rules = os.path.join(self.some_folder(), ".comicignore")
        if os.path.exists(rules):
            os.unlink(rules)
        else:
            with open(rules, "w", encoding="utf-8", newline="") as f:
                f.write(self.rng.choice(RULES))

    # ---- a path beyond PATH_MAX ----

    def deep_top(self):
        return next(n for n in os.listdir(self.roots[0]) if n.startswith("deep"))

    def deep_path(self, name):
        return os.path.join(self.roots[0], self.deep_top(), *[DEEP] * DEEP_LEVELS, name)

    def make_deep(self):
        folder = os.open(self.roots[0], os.O_RDONLY)
        for name in ["deep", *[DEEP] * DEEP_LEVELS]:
            os.mkdir(name, dir_fd=folder)
            below = os.open(name, os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = below
        os.close(folder)

    def deep(self):
        """A comic goes there, or comes from there; or the way there changes its name."""
        top = os.path.join(self.roots[0], self.deep_top())
        if self.rng.random() < 0.3:
            os.rename(top, os.path.join(self.roots[0], f"deep{self.rng.randint(0, 99)}"))
            return
        folder, name = far(self.deep_path(f"n{self.rng.randint(0, 2)}.cbz"))
        comic_path = self.some_comic()
        try:
            if name in os.listdir(folder):
                os.rename(name, self.new_path(".cbz"), src_dir_fd=folder)
            elif comic_path.endswith(".cbz"):
                os.rename(comic_path, name, dst_dir_fd=folder)
        finally:
            os.close(folder)

    # ---- a round ----

    def unlock(self):
        """So that all is found again, and can be removed."""
        for folder in self.folders():
            os.chmod(folder, 0o755)

    def mutate(self):
        self.unlock()
        kinds = [self.add] * 5 + [self.retag] * 4 + [self.delete] * 2 + [self.rename] * 4 + [
            self.delete_folder, self.rename_case, self.move_folder, self.swap, self.swap,
            self.copy, self.copy_away, self.rewrite, self.rename_and_retag, self.hard_link,
            self.link, self.touch, self.odd_time, self.truncate, self.restore, self.not_a_comic,
            self.lock_file, self.ignore, self.deep]
        self.done = []
        for _ in range(self.rng.randint(0, 14)):
            happened = self.rng.choice(kinds)
            self.done.append(happened.__name__)
            happened()
        self.exclude = self.rng.choice(["n*", "/d1*", "m/"]) if self.rng.random() < 0.1 else None
        if self.rng.random() < 0.2:
            self.lock_folder()

    def lock_folder(self):
        """None may be listed; or all in it may be listed and not looked at."""
        folder = self.some_folder()
        if folder in self.roots:
            return
        mode = 0o000
        if self.exclude is None and self.rng.random() < 0.4 and not any(
                os.path.exists(os.path.join(f, ".comicignore")) for f in self.folders()):
            mode = 0o444
        os.chmod(folder, mode)
        self.done.append(f"lock_folder({mode:o})")
