#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The first import: what it puts off is there at its end, also when that is the end of another run.
# shellcheck disable=SC2154 # variables that bats' run sets

load helpers

# records COMICS [OPTIONS...]: a stream of so many, not cut into batches.
records() {
    /usr/bin/python3 "$PROJECT/tests/make-stream" --comics "$@"
}

load_into() {
    comic-load --report=none "$@"
}

# A stream is broken off behind its batch N.
until_batch() {
    comic-cat | awk -v n="$1" '{ print } /^{"t":"batch","n":/ && $0 ~ "\"n\":" n "," { exit }' |
        comic-cat --encode
}

valid() {
    [ "$(sqlite3 "$1" "PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1);")" = ok ]
}

indexes() {
    sqlite3 "$1" "SELECT name FROM sqlite_schema WHERE type = 'index' ORDER BY name"
}

first_import() {
    sqlite3 "$1" "SELECT value FROM meta WHERE key = 'first_import'"
}

found() { # rows of the search index itself
    sqlite3 "$1" "SELECT COUNT(*) FROM comic_fts_docsize"
}

# until_loaded DB COUNT PID: so many comics are in it; fails when PID ends before that.
until_loaded() {
    until [ "$(sqlite3 "$1" "SELECT COUNT(*) FROM comic" 2>errors)" = "$2" ]; do kill -0 "$3"; done
}

setup_file() {
    cd "$BATS_FILE_TMPDIR" || return
    records 600 >records
    comic-chunk -n 100 <records >batches
    comic-chunk <records | load_into whole.db
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    cp "$BATS_FILE_TMPDIR"/{records,batches,whole.db} .
}

@test "at its end everything is there, whatever the batches" {
    load_into a.db <batches
    [ -z "$(first_import a.db)" ]
    [ "$(found a.db)" = 600 ]
    valid a.db
    cmp <(indexes a.db) <(indexes whole.db)
    indexes a.db | grep -qx comic_character_character
    cmp <(comic-dump a.db) <(comic-dump whole.db)
}

@test "broken off: what is there is valid, and the next run does the rest" {
    until_batch 3 <batches >part
    run -3 load_into a.db <part
    [ "$(sqlite3 a.db "SELECT COUNT(*) FROM comic")" = 300 ]
    [ "$(first_import a.db)" = 0 ]
    [ "$(found a.db)" = 0 ]
    [ "$(sqlite3 a.db "SELECT COUNT(*) FROM v_search")" = 0 ]
    run ! grep -x comic_character_character <(indexes a.db)
    valid a.db
    cp a.db b.db
    load_into a.db <batches
    [ "$(found a.db)" = 600 ]
    valid a.db
    cmp <(indexes a.db) <(indexes whole.db)
    cmp <(comic-dump a.db) <(comic-dump whole.db)
    # ... also if it has nothing to load.
    jq -cn '{t: "begin", v: 1, by: "test 1", roots: ["/lib"], complete: true}, {t: "end", records: 0}' |
        comic-cat --encode | comic-chunk | load_into b.db
    [ -z "$(first_import b.db)" ]
    [ "$(found b.db)" = 300 ]
    valid b.db
    cmp <(indexes b.db) <(indexes whole.db)
}

@test "what is held when a later batch changes it goes in first" {
    records 300 --variant x >other
    cat records other | comic-chunk -n 100 | load_into a.db
    valid a.db
    [ "$(found a.db)" = 600 ]
    comic-chunk <other | load_into whole.db
    cmp <(comic-dump a.db) <(comic-dump whole.db)
}

@test "a small budget holds less: the index grows while it loads" {
    comic-chunk --memory 16M -n 100 <records >small
    until_batch 5 <small >part
    run -3 load_into --memory 8M --fraction 1 a.db <part
    [ "$(first_import a.db)" -gt 100 ]
    [ "$(found a.db)" = "$(first_import a.db)" ]
    valid a.db
    load_into --memory 8M --fraction 1 a.db <small
    valid a.db
    cmp <(comic-dump a.db) <(comic-dump whole.db)
}

@test "what is held goes in also when a later batch changes only what is in already" {
    {
        comic-cat records | head -n -1
        comic-cat records | sed -n 2,61p | jq -c '.meta.title = "Retitled"'
        echo '{"t":"end","records":660}'
    } | comic-cat --encode | comic-chunk --memory 16M -n 100 >twice
    load_into --memory 8M --fraction 1 a.db <twice
    valid a.db
    [ "$(sqlite3 a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'title: retitled'")" = 60 ]
}

@test "two programs make the same database at once" {
    until_batch 2 <batches >start
    mkfifo fifo
    load_into a.db <fifo &
    exec {out}>fifo
    cat start >&"$out"
    until_loaded a.db 200 $!
    records 50 --root /other | comic-chunk -n 10 >others
    until_batch 2 <others >part
    run -3 load_into a.db <part
    tail -c "+$(($(stat -c %s start) + 1))" batches >&"$out"
    exec {out}>&-
    wait $!
    [ "$(found a.db)" = 620 ]
    valid a.db
    load_into a.db <others
    [ "$(found a.db)" = 650 ]
    valid a.db
    load_into whole.db <others
    cmp <(comic-dump a.db) <(comic-dump whole.db)
}

# One is held up before each of its transactions in turn, while the other commits a batch that it
# keeps the search rows of.
@test "the first import may end while another program is at it" {
    sanitized && skip "sanitizer: no preloading"
    cc -shared -fPIC -O1 -o hold.so "$PROJECT/tests/preload/hold.c"
    records 60 | comic-chunk -n 30 >ours
    records 40 --root /other | comic-chunk -n 20 >theirs
    until_batch 1 <theirs >start
    mkfifo fifo
    held=0
    for at in $(seq 1 99); do
        rm -f a.db held errors
        HOLD_AT=$at HOLD_FILE=held LD_PRELOAD=./hold.so load_into a.db <ours &
        one=$!
        until [ -e held ] || ! kill -0 $one 2>errors; do :; done
        [ -e held ] || { wait $one; break; }
        : $((held++))
        before=$(sqlite3 a.db "SELECT COUNT(*) FROM comic" 2>errors) || before=0
        load_into a.db <fifo &
        other=$!
        exec {out}>fifo
        cat start >&"$out"
        until_loaded a.db "$((before + 20))" $other
        rm held
        wait $one
        tail -c "+$(($(stat -c %s start) + 1))" theirs >&"$out"
        exec {out}>&-
        wait $other
        [ "$(found a.db)" = 100 ]
        [ -z "$(first_import a.db)" ]
        valid a.db
    done
    [ "$held" -ge 6 ]
}

@test "another database put in the place of the one that is loaded stays as it is" {
    sanitized && skip "sanitizer: no preloading"
    cc -shared -fPIC -O1 -o hold.so "$PROJECT/tests/preload/hold.c"
    records 12000 | comic-chunk -n 6000 --memory 4G >ours
    records 200 --root /other | comic-chunk >theirs
    load_into other.db <theirs
    # Before the second transaction, the last but for those that end the first import.
    strace -E HOLD_AT=3 -E HOLD_FILE=held -E LD_PRELOAD=./hold.so -f -qq -e trace=clone,clone3 -o trace \
        comic-load --memory 4G --report=none a.db <ours &
    until [ -e held ]; do sleep 0.01; done
    mv a.db moved.db
    cp other.db a.db
    rm held
    wait $!
    [ "$(grep -c CLONE_THREAD trace)" -ge 1 ]
    cmp a.db other.db
    [ "$(found moved.db)" = 12000 ]
    valid moved.db
}
