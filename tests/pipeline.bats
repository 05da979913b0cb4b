#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The four stages end to end: one result whatever the batches, workers and cuts.
load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    make_library --comics 2000 --pages 4 --page-bytes 256 --manifest manifest.json lib
    comic-scan --settle 0 lib > scanned
    comic-extract < scanned > extracted
    comic-chunk -n 300 < extracted > chunked
    comic-load --report=none whole.db < chunked
    comic-dump whole.db > whole.dump
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    S=$BATS_FILE_TMPDIR
    LIB=$S/lib
}

# sound DB: nothing in it contradicts anything else.
sound() {
    [ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 "$1" 'PRAGMA foreign_key_check')" ]
    sqlite3 "$1" "INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)"
}

same_as_whole() {
    sound "$1"
    comic-dump "$1" | cmp - "$S/whole.dump"
}

@test "the pipeline as one line" {
    comic-scan --settle 0 "$LIB" | comic-extract | comic-chunk | comic-load --report=none lib.db
    [ "${PIPESTATUS[*]}" = "0 0 0 0" ]
    same_as_whole lib.db
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 2000 ]
}

@test "each saved stream is valid, and an independent decoder reads the same records" {
    for stream in scanned extracted chunked whole.dump; do
        comic-cat --check "$S/$stream"
        /usr/bin/python3 - "$S/$stream" > types <<'PYTHON'
import msgpack, sys
for record in msgpack.Unpacker(open(sys.argv[1], "rb"), raw=False, strict_map_key=True):
    print(record["t"])
PYTHON
        comic-cat "$S/$stream" | jq -r .t | cmp - types
    done
}

@test "the same content with 1 and 8 workers, batches of 7, of 1000, and one batch" {
    comic-extract -j1 < "$S/scanned" | cmp - "$S/extracted"
    comic-extract -j8 < "$S/scanned" | cmp - "$S/extracted"
    for n in 7 1000 100000; do
        comic-chunk -n "$n" < "$S/extracted" | comic-load --report=none "n$n.db"
        same_as_whole "n$n.db"
    done
}

@test "a second run writes nothing" {
    cp "$S/whole.db" lib.db
    before=$(sha256sum < lib.db)
    import_into lib.db "$LIB"
    [ "$(sha256sum < lib.db)" = "$before" ]
    # Also when everything is read again.
    comic-scan --all --settle 0 --db lib.db "$LIB" | comic-extract | comic-chunk | comic-load --report=json lib.db > report
    [ "$(jq -c '[.comics_unchanged, .comics_created, .comics_updated]' report)" = '[2000,0,0]' ]
    [ "$(sha256sum < lib.db)" = "$before" ]
    [ ! -s lib.db-wal ]
}

@test "a dump loads to the same dump" {
    comic-chunk -n 77 < "$S/whole.dump" | comic-load --report=none b.db
    same_as_whole b.db
}

@test "reference rows are exactly the distinct names of the library, across batches of 7" {
    comic-chunk -n 7 < "$S/extracted" | comic-load --report=none lib.db
    run -0 /usr/bin/python3 - "$S/manifest.json" lib.db "$LIB" <<'PYTHON'
import json, os, sqlite3, sys
want = json.load(open(sys.argv[1]))
db = sqlite3.connect(sys.argv[2])
db.text_factory = bytes
def rows(sql):
    return sorted(tuple(v.decode() if isinstance(v, bytes) else v for v in r)
                  for r in db.execute(sql))
def check(name, got, wanted):
    wanted = sorted(tuple(w) if isinstance(w, list) else (w,) for w in wanted)
    key = lambda r: tuple("" if v is None else str(v) for v in r)
    got, wanted = sorted(got, key=key), sorted(wanted, key=key)
    missing = [w for w in wanted if w not in got][:3]
    extra = [g for g in got if g not in wanted][:3]
    assert got == wanted, f"{name}: missing {missing}, extra {extra}"
for table in ("publisher character team location genre tag story story_arc series_group person"
              " role age_rating original_format scan_info tagger").split():
    check(table, rows(f"SELECT name FROM {table}"), want[table])
check("language", rows("SELECT code FROM language"), want["language"])
check("imprint", rows("SELECT p.name, i.name FROM imprint i JOIN publisher p ON p.id = publisher_id"),
      want["imprint"])
check("series", rows("SELECT p.name, i.name, s.name FROM series s JOIN imprint i ON i.id = imprint_id"
                     " JOIN publisher p ON p.id = publisher_id"), want["series"])
check("volume", rows("SELECT p.name, i.name, s.name, v.number FROM volume v JOIN series s ON s.id = series_id"
                     " JOIN imprint i ON i.id = imprint_id JOIN publisher p ON p.id = publisher_id"),
      want["volume"])
check("credit", rows("SELECT p.name, r.name FROM credit JOIN person p ON p.id = person_id"
                     " JOIN role r ON r.id = role_id"), want["credit"])
root = os.path.realpath(sys.argv[3])
above = ["/"] + [root[:i] for i in range(1, len(root)) if root[i] == "/"] + [root]
check("folder", rows("SELECT path FROM folder"),
      sorted(set(above) | {root + "/" + f for f in want["folder"] if f not in ("", ".")}))
PYTHON
}

@test "the counts of a run are the sums over its batches" {
    comic-chunk -n 7 < "$S/extracted" | comic-load --report=none many.db
    comic-chunk -n 100000 < "$S/extracted" | comic-load --report=none one.db
    sql='SELECT comics_created, comics_updated, comics_unchanged, comics_moved, comics_deleted, failed,
         tags_created, tags_deleted, links_created, links_deleted, folders_created, folders_deleted FROM import_run'
    [ "$(sqlite3 many.db "$sql")" = "$(sqlite3 one.db "$sql")" ]
    [ "$(sqlite3 many.db 'SELECT count(*) FROM import_run')" -eq 1 ]
    [ "$(sqlite3 many.db 'SELECT comics_created FROM import_run')" -eq "$(sqlite3 many.db 'SELECT count(*) FROM comic')" ]
    [ "$(sqlite3 many.db 'SELECT folders_created FROM import_run')" -eq "$(sqlite3 many.db 'SELECT count(*) FROM folder')" ]
    tags=0 links=0
    for table in $(sqlite3 many.db "SELECT name FROM sqlite_schema WHERE type = 'table'"); do
        case $table in
            comic_fts*|sqlite_*|comic|folder|failed|gone|suspect|meta|import_run) ;;
            comic_*) links=$((links + $(sqlite3 many.db "SELECT count(*) FROM $table"))) ;;
            *) tags=$((tags + $(sqlite3 many.db "SELECT count(*) FROM $table"))) ;;
        esac
    done
    [ "$(sqlite3 many.db 'SELECT tags_created FROM import_run')" -eq "$tags" ]
    [ "$(sqlite3 many.db 'SELECT links_created FROM import_run')" -eq "$links" ]
    [ "$(sqlite3 many.db 'SELECT batches FROM import_run')" -ge 286 ]
}

@test "a stream cut at 200 places: whole batches stay, nothing is deleted, the next run completes" {
    size=$(stat -c %s "$S/chunked")
    comic-chunk -n 300 < "$S/extracted" > in
    for i in $(seq 200); do
        cut=$((size * i / 201))
        rm -f cut.db*
        run -3 bash -c "head -c $cut in | comic-load --report=none cut.db"
        refute_crash "$status"
        [ -e cut.db ] || continue
        n=$(sqlite3 cut.db 'SELECT count(*) FROM comic')
        [ $((n % 300)) -eq 0 ] || { echo "cut at $cut: $n comics"; return 1; }
        if [ $((i % 20)) -eq 0 ]; then
            sound cut.db
            comic-load --report=none cut.db < in
            same_as_whole cut.db
        fi
    done
}

@test "a truncated stream deletes nothing from a full database" {
    cp "$S/whole.db" lib.db
    rm -rf copy
    cp -a "$LIB" copy
    mv copy lib2
    comic-scan --settle 0 --db lib.db "$LIB" > /dev/null
    # A scan of half the library reports the rest gone; without its end nothing is deleted.
    comic-cat "$S/scanned" | jq -c 'if .t == "end" then empty else . end' > json
    { head -n 1 json; sqlite3 -json lib.db 'SELECT id, path FROM comic LIMIT 1000' |
        jq -c '.[] | {t: "gone", id, path}'; } > cut
    { cat cut; echo '{"t":"end","records":1000}'; } | comic-cat --encode | comic-chunk > gone.stream
    head -c -20 gone.stream > gone.cut
    run -3 comic-load --report=none lib.db < gone.cut
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 2000 ]
    sound lib.db
    import_into lib.db "$LIB"
    same_as_whole lib.db
}

@test "each stage killed in turn: the next run converges" {
    for victim in comic-scan comic-extract comic-chunk comic-load; do
        for after in 1 2 3 4; do
            rm -f k.db* fifo
            # The victim dies when the loader has committed something, or at once.
            bash -c "comic-scan --settle 0 '$LIB' | comic-extract -j2 | comic-chunk -n 100 | comic-load --report=none k.db" 2> /dev/null &
            pid=$!
            until pgrep -P "$pid" -x "$victim" > /dev/null || ! kill -0 "$pid" 2> /dev/null; do :; done
            for _ in $(seq $((after * 40))); do kill -0 "$pid" 2> /dev/null || break; done
            pkill -KILL -P "$pid" -x "$victim" || true
            wait "$pid" || true
            # Killed before the first transaction there is a file without tables.
            if [ "$(sqlite3 k.db "SELECT count(*) FROM sqlite_schema WHERE name = 'comic_fts'")" -eq 1 ]; then
                sound k.db
            fi
            import_into k.db "$LIB"
            same_as_whole k.db
        done
    done
}

@test "comics that disagree about what they share: the rest is as a fresh import says" {
    mkdir shelf
    make_cbz shelf/a.cbz '<ComicInfo><Series>Twins</Series><Number>1</Number><Volume>1</Volume><Count>5</Count><Publisher>P</Publisher><Web>https://comicvine.gamespot.com/x/4000-11/</Web></ComicInfo>'
    make_cbz shelf/b.cbz '<ComicInfo><Series>Twins</Series><Number>2</Number><Volume>1</Volume><Count>9</Count><Publisher>P</Publisher><Web>https://comicvine.gamespot.com/x/4000-22/</Web></ComicInfo>'
    import_into d.db shelf
    [ "$(sqlite3 d.db 'SELECT group_concat(volume_issue_count) FROM comic')" = 5,9 ]
    # Retag one.
    make_cbz shelf/b.cbz '<ComicInfo><Series>Twins</Series><Number>2</Number><Volume>1</Volume><Count>3</Count><Publisher>P</Publisher></ComicInfo>'
    touch -d 2021-01-01 shelf/b.cbz
    import_into d.db shelf
    import_into fresh1.db shelf
    cmp <(comic-dump d.db) <(comic-dump fresh1.db)
    sound d.db
    # Delete the other.
    rm shelf/a.cbz
    import_into d.db shelf
    import_into fresh2.db shelf
    cmp <(comic-dump d.db) <(comic-dump fresh2.db)
    sound d.db
    [ "$(sqlite3 d.db 'SELECT count(*) FROM identifier')" -eq 0 ]
}

@test "universes and series identifiers that disagree, from records" {
    universe() { # PATH DESIGNATION SERIES_ID
        printf '{"t":"comic","path":"%s","size":1,"mtime":"%s","ino":"1","format":"cbz","pages":1,"meta":{"series":{"name":"S","identifiers":{"metron":{"key":"%s"}}},"universes":{"Prime":{"designation":"%s"}}}}\n' "$1" "$4" "$3" "$2"
    }
    stream() {
        { echo '{"t":"begin","v":1,"complete":true,"roots":["/l"]}'; cat; } > body
        echo "{\"t\":\"end\",\"records\":$(($(wc -l < body) - 1))}" >> body
        comic-cat --encode < body | comic-chunk -n 1
    }
    { universe /l/a 616 10 1; universe /l/b 617 20 1; } | stream | comic-load --report=none d.db
    [ "$(sqlite3 d.db 'SELECT count(*) FROM universe')" -eq 2 ]
    # Retag /l/b to agree with /l/a.
    universe /l/b 616 10 2 | stream | comic-load --report=none d.db
    { universe /l/a 616 10 1; universe /l/b 616 10 2; } | stream | comic-load --report=none fresh.db
    cmp <(comic-dump d.db) <(comic-dump fresh.db)
    # Delete /l/a.
    id=$(sqlite3 d.db "SELECT id FROM comic WHERE path = '/l/a'")
    printf '{"t":"gone","id":%s,"path":"/l/a"}\n' "$id" | stream | comic-load --report=none --max-gone 100 d.db
    universe /l/b 616 10 2 | stream | comic-load --report=none fresh2.db
    cmp <(comic-dump d.db) <(comic-dump fresh2.db)
    sound d.db
}

@test "fan-out with xargs: parts join with cat" {
    comic-scan --settle 0 --print0 "$LIB" |
        xargs -0 -n 300 -P 2 sh -c 'exec comic-extract -j1 -o part.$$ "$@"' sh
    cat part.* | comic-chunk | comic-load --report=none x.db
    same_as_whole x.db
}

@test "fan-out with GNU parallel" {
    comic-scan --settle 0 --print0 "$LIB" | parallel -0 -n 300 -j 2 comic-extract -j1 |
        comic-chunk | comic-load --report=none p.db
    same_as_whole p.db
}

@test "record to JSON, through jq, and back is the same stream" {
    comic=$(find "$LIB" -name '*.cbz' | head -n 1)
    comic-extract "$comic" > one
    comic-cat one | jq . -c | comic-cat --encode | cmp - one
    comic-cat "$S/extracted" | jq . -c | comic-cat --encode | cmp - "$S/extracted"
}
