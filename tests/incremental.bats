#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A run costs what changed: one comic is one comic's rows, nothing is nothing.
load helpers
load scan

# The pipeline by hand, so that each stream can be looked at: scanned, extracted, report.json.
run_stages() {
    comic-scan --settle 0 --db lib.db lib > scanned
    comic-extract < scanned > extracted
    comic-chunk < extracted | comic-load --report=json lib.db > report.json
}

found() { # WORD: how many comics the search knows it from
    sqlite3 lib.db "SELECT count(*) FROM comic_fts WHERE comic_fts MATCH '$1'"
}

# changed_rows DB DB: for each table that differs, how many rows only one of them has
changed_rows() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sqlite3, sys
def rows(path):
    db = sqlite3.connect(path)
    db.text_factory = bytes
    names = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    return {n.decode(): set(db.execute(f'SELECT * FROM "{n.decode()}"')) for n, in names.fetchall()}
before, after = rows(sys.argv[1]), rows(sys.argv[2])
print(*[f"{n} {len(before[n] ^ after[n])}" for n in sorted(after) if before[n] != after[n]])
PYTHON
}

@test "one changed tag in thousands of comics: its rows are written, and the search follows" {
    make_library --comics "${COMICS:-3000}" --pages 2 --page-bytes 64 lib
    make_cbz lib/one.cbz '<ComicInfo><Series>Night Watch</Series><Writer>Ann Able</Writer><Tags>quayside, oldwordly</Tags></ComicInfo>'
    run_stages
    [ "$(found oldwordly) $(found newfangled)" = '1 0' ]
    id=$(sqlite3 lib.db "SELECT id FROM comic WHERE file_name = 'one.cbz'")
    sqlite3 lib.db "SELECT * FROM comic WHERE id <> $id ORDER BY id" | sha256sum > others
    cp lib.db before.db
    make_cbz lib/one.cbz '<ComicInfo><Series>Night Watch</Series><Writer>Ann Able</Writer><Tags>quayside, newfangled</Tags></ComicInfo>'
    touch -d 2021-01-01 lib/one.cbz
    run_stages
    [ "$(comic-cat scanned | jq -c 'select(.t == "file") | [.change, .path]')" = "[\"modified\",\"$PWD/lib/one.cbz\"]" ]
    [ "$(jq -c '[.comics_created, .comics_updated, .comics_unchanged, .comics_deleted, .tags_created, .tags_deleted,
        .links_created, .links_deleted, .folders_created, .folders_deleted]' report.json)" = '[0,1,0,0,1,1,1,1,0,0]' ]
    [ "$(found oldwordly) $(found newfangled) $(found quayside)" = '0 1 1' ]
    [ "$(sqlite3 lib.db "SELECT group_concat(name) FROM (SELECT name FROM comic_tag JOIN tag ON tag.id = tag_id WHERE comic_id = $id ORDER BY 1)")" = newfangled,quayside ]
    sqlite3 lib.db "SELECT * FROM comic WHERE id <> $id ORDER BY id" | sha256sum | cmp - others
    # Row by row: the comic, its link, the tag that came and the one that went, its search words, the run.
    [ "$(changed_rows before.db lib.db)" = 'comic 2 comic_fts_data 3 comic_fts_idx 1 comic_tag 2 import_run 1 tag 2' ]
    # A few pages, however large the library.
    pages=$(/usr/bin/python3 - <<'PYTHON'
a, b = open("before.db", "rb").read(), open("lib.db", "rb").read()
size = int.from_bytes(b[16:18], "big")
size = 65536 if size == 1 else size
print(sum(a[i:i + size] != b[i:i + size] for i in range(0, max(len(a), len(b)), size)))
PYTHON
)
    echo "$pages pages of $(sqlite3 lib.db 'PRAGMA page_count') changed"
    [ "$pages" -le 60 ]
}

@test "a run without changes opens no comic and leaves the database as it is" {
    make_library --comics 300 --pages 2 --page-bytes 64 lib
    # Failures that are final, and what is no comic, are not looked at again either.
    : > lib/empty.cbz
    echo text > lib/text.cbz
    run_stages
    touch -d '2020-01-01 00:00:00.5' lib.db
    before=$(sha256sum lib.db; stat -c '%s %.9Y %i' lib.db; sqlite3 -readonly lib.db 'SELECT count(*), max(finished_at) FROM import_run')
    comic-scan --settle 0 --db lib.db lib > scanned
    [ "$(comic-cat scanned | jq -r .t | xargs)" = 'begin end' ]
    # The leak check does not work in a traced program.
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=open,openat,openat2 -o trace comic-import --settle 0 --report=json --db lib.db lib > report.json
    run -1 grep -E '\.cb[zrt7]"' trace
    grep -q 'lib.db"' trace
    [ "$(jq .batches report.json)" -le 1 ]
    after=$(sha256sum lib.db; stat -c '%s %.9Y %i' lib.db; sqlite3 -readonly lib.db 'SELECT count(*), max(finished_at) FROM import_run')
    [ "$before" = "$after" ]
    [ ! -s lib.db-wal ]
}

@test "the scan's memory does not grow with the library" {
    sanitized && skip 'sanitizer: remembers what was freed'
    # Looked at until it is gone: what wait4(2) tells includes the memory of who started it.
    peak() {
        /usr/bin/python3 - "$1" <<'PYTHON'
import re, subprocess, sys
peak = 0
for _ in range(8):  # on a busy machine one run may be over before it is looked at
    scan = subprocess.Popen(["comic-scan", "--settle", "0", "--db", "lib.db", "-o", "stream", sys.argv[1]])
    while scan.poll() is None:
        with open(f"/proc/{scan.pid}/status") as status:
            found = re.search(r"VmHWM:\s+(\d+) kB", status.read())
        if found:
            peak = max(peak, int(found[1]))
    assert scan.returncode == 0
assert peak > 1000
print(peak)
PYTHON
    }
    many() { # ROOT FOLDERS: each of 100 files
        /usr/bin/python3 - "$@" <<'PYTHON'
import os, sys
for folder in range(int(sys.argv[2])):
    path = f"{sys.argv[1]}/Publisher {folder % 7}/Series with a name {folder:04} (1998)"
    os.makedirs(path)
    for comic in range(100):
        open(f"{path}/Series with a name {folder:04} #{comic:03} (1998).cbz", "w").close()
PYTHON
    }
    many small 20
    many large 200
    remember lib.db small large
    small=$(peak small)
    large=$(peak large)
    [ "$(comic-cat stream | jq -c 'select(.t == "end") | [.records, .unchanged]')" = '[0,20000]' ]
    echo "small $small KiB, large $large KiB"
    [ "$((large - small))" -le 2048 ]
    # All of them new, then all of them gone.
    mv lib.db full.db
    [ "$(($(peak large) - $(peak small)))" -le 2048 ]
    mv full.db lib.db
    rm -r small/* large/*
    touch small/x.cbz large/x.cbz
    [ "$(($(peak large) - $(peak small)))" -le 2048 ]
    [ "$(comic-cat stream | jq -c 'select(.t == "end").gone')" -eq 2000 ]
}
