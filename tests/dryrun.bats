#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# --dry-run: it tells exactly what the run that follows does, and leaves nothing behind.
# shellcheck disable=SC2154 # variables that bats' run sets

load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir tmp db
    export SQLITE_TMPDIR=$PWD/tmp
}

make_stream() {
    /usr/bin/python3 "$PROJECT/tests/make-stream" "$@"
}

# state: everything in db/ and its folder's own times.
state() {
    stat -c '%n %i %s %y %z' db
    # The shared memory of those who have the database open is no part of it.
    find db -type f ! -name '*-shm' -exec stat -c '%n %i %s %y' {} + -exec sha256sum {} + | sort
}

# counts: of a report, without what differs each time.
counts() {
    jq -cS 'del(.seconds, .dry_run)'
}

# foretold STREAM [STATUS [OPTIONS...]]: a dry run writes nothing, ends and says as the real one.
foretold() {
    local stream=$1 expected=${2:-0}
    shift; [ $# -eq 0 ] || shift
    state >before.state
    run "-$expected" --separate-stderr comic-load --dry-run --report=json "$@" db/a.db <"$stream"
    [ "$(jq .dry_run <<<"$output")" = true ]
    counts <<<"$output" >dry.json
    echo "$stderr" >dry.messages
    state | diff before.state -
    [ -z "$(ls tmp)" ]
    run "-$expected" --separate-stderr comic-load --report=json "$@" db/a.db <"$stream"
    [ "$(jq .dry_run <<<"$output")" = false ]
    counts <<<"$output" | diff dry.json -
    [ "$stderr" = "$(cat dry.messages)" ]
}

# count NAME: of the last run.
count() {
    jq ".$1" dry.json
}

@test "a missing database: all is new, and none is made" {
    make_stream --comics 100 | comic-chunk -n 7 >s
    foretold s
    [ "$(count comics_created)" -eq 100 ]
    [ "$(count batches)" -eq 15 ]
    foretold s
    [ "$(count comics_unchanged)" -eq 100 ]
    : >db/a.db.new
    mv db/a.db.new db/a.db # an empty one
    foretold s
    [ "$(count comics_created)" -eq 100 ]
}

@test "updates, deletions and orphans over many batches" {
    make_stream --comics 200 | comic-chunk | comic-load --report=none db/a.db
    for n in 7 1000; do
        make_stream --comics 200 --variant "v$n" --drop 4 --gone --db db/a.db | comic-chunk -n "$n" >s
        foretold s
        for name in comics_updated comics_unchanged tags_created tags_deleted links_created links_deleted; do
            [ "$(count $name)" -gt 0 ]
        done
        make_stream --comics 200 | comic-chunk -n "$n" >all
        foretold all
        [ "$(count comics_created)" -eq 50 ]
    done
    make_stream --comics 200 --drop 1 --gone --db db/a.db | comic-chunk -n 7 >none
    foretold none 0 --max-gone 100
    [ "$(count comics_deleted)" -eq 200 ]
    [ "$(count folders_deleted)" -gt 0 ]
}

@test "a whole library that moved" {
    make_stream --comics 100 --root /old | comic-chunk | comic-load --report=none db/a.db
    { make_stream --comics 100 --root /new
      make_stream --comics 100 --root /old --drop 1 --gone --db db/a.db; } | comic-chunk -n 7 >s
    foretold s
    [ "$(count comics_moved)" -gt 50 ]
    [ "$(count folders_created)" -gt 0 ]
    [ "$(count folders_deleted)" -gt 0 ]
}

@test "refused deletions, truncated streams, streams not chunked: the same status and message" {
    make_stream --comics 40 | comic-chunk | comic-load --report=none db/a.db
    make_stream --comics 40 --drop 1 --gone --db db/a.db | comic-chunk -n 7 >s
    foretold s 3
    [[ $stderr == *"/lib: delete: 40 of 40 comics are gone, more than 50 %"* ]]
    [ "$(count comics_deleted)" -eq 0 ]
    make_stream --comics 60 --seed 2 | comic-chunk -n 7 >s
    head -c 90000 s >cut
    foretold cut 3
    [[ $stderr == *"truncated stream"* ]]
    [ "$(count comics_created)" -gt 0 ]
    make_stream --comics 60 --seed 3 >s
    foretold s 3
    [[ $stderr == *"pipe it through comic-chunk"* ]]
}

@test "failures and --strict" {
    for n in 1 2 3; do
        jq -cn --arg path "/lib/$n.cbz" '{t: "fail", path: $path, size: 9, mtime: "5", ino: "1", dev: 1,
            code: "damaged", reason: "no central directory"}'
    done | jq -cn '{t: "begin", v: 1, by: "t 1", roots: ["/lib"], complete: true}, inputs, {t: "end", records: 3}' |
        comic-cat --encode | comic-chunk -n 2 >s
    foretold s 1 --strict
    [ "$(count failed)" -eq 3 ]
    foretold s 1 --strict
}

@test "what is no comic database, or none that can be, is refused as ever" {
    make_stream --comics 1 | comic-chunk >s
    echo "not a database at all, but some text in a file" >db/a.db
    run -3 comic-load --dry-run db/a.db <s
    [ "$output" = "comic-load: db/a.db: prepare: file is not a database" ]
    rm db/a.db
    sqlite3 db/a.db 'CREATE TABLE x (y)'
    run -3 comic-load --dry-run db/a.db <s
    [ "$output" = "comic-load: db/a.db: open: a database, but not of comics" ]
    run -3 comic-load --dry-run none/a.db <s
    [ "$output" = "comic-load: none/a.db: open: No such file or directory" ]
    run -3 comic-load --dry-run db <s
    [ "$output" = "comic-load: db: open: not a regular file" ]
    mkfifo fifo
    run -3 comic-load --dry-run fifo <s
    [ ! -e none ]
}

@test "the report is a table; none with -q or --report=none" {
    make_stream --comics 1200 | comic-chunk >s
    run -0 --separate-stderr comic-load --dry-run db/a.db <s
    [ -z "$output" ]
    [ "$(sed -n 1p <<<"$stderr")" = "comic-load: dry run, nothing was written:" ]
    [ "$(sed -n 2p <<<"$stderr" | tr -s ' ')" = "comic-load: created updated unchanged moved deleted failed" ]
    [ "$(sed -n 3p <<<"$stderr" | tr -s ' ')" = "comic-load: comics 1,200 0 0 0 0 0" ]
    [ "$(sed -n 's/^comic-load: \([a-z]* *\)[0-9].*/\1/p' <<<"$stderr" | tr -s ' \n' ' ')" = "comics tags links folders " ]
    [[ $(tail -n 1 <<<"$stderr") =~ ^'comic-load: '[0-9]+' batches, '[0-9.]+' s'$ ]]
    [ "$(sed -n 2,6p <<<"$stderr" | awk '{ print length }' | uniq | wc -l)" -eq 1 ]
    for option in -q --report=none; do
        run -0 comic-load --dry-run $option db/a.db <s
        [ -z "$output" ]
    done
}

@test "a database and folder that may only be read, and odd names" {
    make_stream --comics 300 | comic-chunk | comic-load --report=none db/a.db
    make_stream --comics 300 --variant k --drop 4 --gone --db db/a.db | comic-chunk -n 70 >s
    chmod 444 db/a.db
    chmod 555 db
    state >before.state
    run -0 --separate-stderr as_user comic-load --dry-run --report=json db/a.db <s
    counts <<<"$output" >dry.json
    run -0 --separate-stderr as_user comic-load --dry-run --report=json "/$PWD/db/a.db" <s
    counts <<<"$output" | cmp - dry.json
    state | diff before.state -
    chmod 755 db
    chmod 644 db/a.db
    for name in 'file:a?mode=rw#%41' ':memory:' $'\xff\n'; do
        cp db/a.db "$name"
        run -0 --separate-stderr comic-load --dry-run --report=json "$name" <s
        counts <<<"$output" | cmp - dry.json
    done
    run -0 --separate-stderr comic-load --report=json db/a.db <s
    counts <<<"$output" | cmp - dry.json
}

# start_loader STREAM: a loader of db/a.db that has applied STREAM and waits for more.
start_loader() {
    mkfifo more
    comic-load --report=none db/a.db <more 3>&- &
    loader=$!
    exec 9>more
    cat "$1" >&9
    until [ "$(sqlite3 -readonly -batch db/a.db 'SELECT SUM(batches) FROM import_run WHERE finished_at IS NULL')" = "$2" ]; do
        kill -0 "$loader"
    done 2>/dev/null
}

@test "while a loader is at work: what it has committed counts, and it is not disturbed" {
    make_stream --comics 100 | comic-chunk | comic-load --report=none db/a.db
    make_stream --comics 200 --seed 2 --root /two | comic-chunk -n 70 >two
    start_loader two 3
    [ -s db/a.db-wal ]
    state >before.state
    run -0 --separate-stderr comic-load --dry-run --report=json db/a.db <two 9>&-
    [ "$(jq .comics_unchanged <<<"$output")" -eq 200 ]
    [ "$(jq .comics_created <<<"$output")" -eq 0 ]
    state | diff before.state -
    make_stream --comics 10 --seed 3 --root /three | comic-chunk >&9
    exec 9>&-
    wait "$loader"
    [ "$(sqlite3 -batch db/a.db 'PRAGMA integrity_check; SELECT COUNT(*) FROM comic')" = $'ok\n310' ]
}

@test "the log of a killed loader is read, and stays" {
    make_stream --comics 100 | comic-chunk | comic-load --report=none db/a.db
    make_stream --comics 200 --seed 2 --root /two | comic-chunk -n 70 >two
    start_loader two 3
    kill -9 "$loader"
    wait "$loader" || true
    exec 9>&-
    [ -s db/a.db-wal ]
    foretold two
    [ "$(count comics_unchanged)" -eq 200 ]
}

@test "a transaction that only writing could undo is said to be one" {
    make_stream --comics 300 | comic-chunk >s
    comic-load --report=none db/a.db <s
    sqlite3 -batch db/a.db 'PRAGMA journal_mode = DELETE' >/dev/null
    /usr/bin/python3 - <<'PYTHON' || true
import os, signal, sqlite3
c = sqlite3.connect("db/a.db", isolation_level=None)
c.execute("PRAGMA cache_size = 2")
c.execute("BEGIN")
c.execute("UPDATE comic SET title = 'x' || title, summary = hex(zeroblob(2000))")
os.kill(os.getpid(), signal.SIGKILL)
PYTHON
    [ -s db/a.db-journal ]
    state >before.state
    run -3 comic-load --dry-run db/a.db <s
    [[ $output == "comic-load: db/a.db: read: a killed program left a transaction that the next run must undo first" ]]
    state | diff before.state -
    comic-load --report=none db/a.db <s
    comic-load --dry-run --report=none db/a.db <s
}

@test "the copy has no name: a killed run leaves no file" {
    make_stream --comics 600 | comic-chunk | comic-load --report=none db/a.db
    make_stream --comics 50 --seed 2 | comic-chunk >s
    mkfifo more
    for signal in KILL TERM; do
        state >before.state
        comic-load --memory 16M --dry-run --report=none db/a.db <more 3>&- &
        pid=$!
        exec 9>more
        cat s >&9
        until [ -n "$(find "/proc/$pid/fd" -lname "$PWD/tmp/* (deleted)")" ]; do
            kill -0 "$pid"
        done
        [ -z "$(ls tmp)" ]
        kill "-$signal" "$pid"
        run wait "$pid"
        [ "$status" -ne 0 ]
        exec 9>&-
        [ -z "$(ls tmp)" ]
        state | diff before.state -
    done
}

@test "comic-import --dry-run: the whole pipeline, of the real database" {
    make_library --comics 60 --pages 2 lib
    : >lib/empty.cbz
    import() {
        comic-import -n 7 --settle 0 --report=json --db db/a.db "$@" lib
    }
    run -0 --separate-stderr import --dry-run
    counts <<<"$output" >dry.json
    [ -z "$(ls -A db)" ]
    [ "$(count comics_created)" -eq 60 ]
    [ "$(count failed)" -eq 1 ]
    run -0 --separate-stderr import
    counts <<<"$output" | cmp - dry.json

    mapfile -t comics < <(find lib -name '*.cbz' -size +0 | sort)
    rm "${comics[0]}" "${comics[1]}"
    mkdir lib/new
    mv "${comics[2]}" lib/new/
    cp "${comics[3]}" lib/new/again.cbz
    touch "${comics[4]}"
    cp -p db/a.db before.db
    run -0 --separate-stderr import --dry-run
    counts <<<"$output" >dry.json
    cmp db/a.db before.db
    [ "$(stat -c %y db/a.db)" = "$(stat -c %y before.db)" ]
    [ "$(ls -A db)" = a.db ]
    [ "$(count comics_moved) $(count comics_deleted) $(count comics_created)" = "1 2 1" ]
    run -0 --separate-stderr import
    counts <<<"$output" | cmp - dry.json
}
