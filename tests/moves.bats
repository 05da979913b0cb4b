#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A library that moves keeps the ids of its comics: by their inodes or, on another file system,
# by their pages; also when the run that sees it is killed.
load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    make_library --comics 1200 --pages 2 --page-bytes 64 original
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    ORIGINAL=$BATS_FILE_TMPDIR/original
}

# on_other_files COMMAND...: the command, where `new` is another file system if the kernel lets us
# make one; elsewhere it is a folder whose files have other inodes.
on_other_files() {
    export -f pipeline ids as_fresh load_killed_at import_into copy_to_new
    export PROJECT
    mkdir new
    # shellcheck disable=SC2016 # for the shell within
    if unshare -rm true 2> /dev/null; then
        unshare -rm bash -euc 'mount -t tmpfs none new; "$@"' bash "$@"
    else
        bash -euc '"$@"' bash "$@"
    fi
}

# pipeline DB NAME ARGS...: comic-scan with ARGS; NAME.stream is what it said, NAME.json the report.
pipeline() {
    local db=$1 name=$2
    shift 2
    comic-scan --settle 0 --db "$db" "$@" > "$name.stream"
    comic-extract < "$name.stream" | comic-chunk -n 300 | comic-load --report=json "$db" > "$name.json"
}

# What tells a comic from all others, and its id.
ids() {
    sqlite3 "$1" 'SELECT fingerprint, file_name, id, added_at FROM comic ORDER BY 1, 2'
}

# as_fresh DB ROOT: it is valid, nothing is left to do, and a fresh import of ROOT gives the same.
as_fresh() {
    [ "$(sqlite3 "$1" "PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1);
        SELECT count(*) FROM gone; SELECT count(*) FROM suspect;
        SELECT count(*) FROM import_run WHERE finished_at IS NULL" | xargs)" = 'ok 0 0 0' ]
    [ -e fresh.db ] || import_into fresh.db "$2"
    cmp <(comic-dump "$1") <(comic-dump fresh.db)
}

@test "a renamed top folder: no archive is opened, every id is kept" {
    mkdir lib
    make_library --comics "${MOVED_COMICS:-2000}" --pages 2 --page-bytes 64 lib/Comics
    import_into lib.db lib
    ids lib.db > before
    mv lib/Comics 'lib/Bandes dessinées'
    pipeline lib.db run lib
    # The base names are as they were: there is nothing to read.
    [ "$(comic-cat run.stream | jq -r .t | uniq -c | xargs)" = "1 begin ${MOVED_COMICS:-2000} moved 1 end" ]
    [ "$(jq -c '[.comics_moved, .comics_created, .comics_updated, .comics_deleted]' run.json)" = "[${MOVED_COMICS:-2000},0,0,0]" ]
    # The leak check does not work in a traced program.
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=open,openat,openat2 -o trace comic-extract < run.stream > extracted
    [ "$(comic-cat extracted | jq -r .t | uniq -c | xargs)" = "1 begin ${MOVED_COMICS:-2000} moved 1 end" ]
    run -1 grep -E '\.cb[zrt7]"' trace
    ids lib.db | cmp - before
    as_fresh lib.db lib
}

@test "a comic renamed to the name of a file that could not be read keeps its id" {
    mkdir lib
    make_cbz lib/a.cbz '<ComicInfo><Series>Night Watch</Series></ComicInfo>'
    echo 'no archive' > lib/b.cbz
    import_into lib.db lib
    [ "$(sqlite3 lib.db 'SELECT path FROM failed')" = "$PWD/lib/b.cbz" ]
    id=$(sqlite3 lib.db 'SELECT id FROM comic')
    # Another file with the same pages: they do not tell where the comic went, its inode does.
    cp -p lib/a.cbz lib/c.cbz
    mv lib/a.cbz lib/b.cbz
    pipeline lib.db run lib
    [ "$(comic-cat run.stream | jq -r 'select(.t == "moved") | .path')" = "$PWD/lib/b.cbz" ]
    [ "$(sqlite3 lib.db "SELECT id FROM comic WHERE file_name = 'b.cbz'")" = "$id" ]
    as_fresh lib.db lib
    # Not when that file is still the one that could not be read.
    echo 'no archive' > lib/d.cbz
    pipeline lib.db run lib
    rm lib/c.cbz
    pipeline lib.db run lib
    [ "$(comic-cat run.stream | jq -r .t | sort | uniq -c | xargs)" = '1 begin 1 end 1 gone' ]
}

copy_to_new() {
    mkdir old
    cp -a "$1/." old
    import_into lib.db old
    ids lib.db > before
    cp -a old/. new
    rm -r old/*
}

@test "on another file system, the old root emptied: every id is kept" {
    in_one_run() {
        copy_to_new "$1"
        cp lib.db second.db
        pipeline lib.db first --allow-empty old new
        [ "$(jq -c '[.comics_moved, .comics_created, .comics_updated, .comics_deleted]' first.json)" = '[1200,0,0,0]' ]
        ids lib.db | cmp - before
        as_fresh lib.db new
        pipeline second.db second --forget old new
        ids second.db | cmp - before
        as_fresh second.db new
        # All is done: the next run writes nothing.
        before=$(sha256sum lib.db)
        pipeline lib.db third --allow-empty old new
        [ "$(sha256sum lib.db)" = "$before" ]
    }
    export -f in_one_run
    on_other_files in_one_run "$ORIGINAL"
}

# load_killed_at N: a copy of lib.db after comic-load of the stream `moved` died at its Nth change
# to a file; killed.db must still be valid.
load_killed_at() {
    local status=0
    rm -f killed.db*
    cp lib.db killed.db
    KILL_AT=$1 LD_PRELOAD=$PWD/kill.so comic-load --report=none killed.db < moved 2> message || status=$?
    [ "$status" -eq 137 ]
    [ "$(sqlite3 killed.db "PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)")" = ok ]
}

# small DB: a library of 120 comics in `old`, imported; `new` is there and empty.
small() {
    make_library --comics 120 --pages 2 --page-bytes 64 old
    import_into lib.db old
    ids lib.db > before
    mkdir new
}

# imported STATUS ARGS...: comic-import; what it says of moved, created and deleted comics.
imported() {
    local want=$1 status=0
    shift
    comic-import --settle 0 --report=json --db lib.db "$@" > report.json 2> message || status=$?
    [ "$status" -eq "$want" ] || { cat message; return 1; }
    jq -c '[.comics_moved, .comics_created, .comics_deleted]' report.json
}

@test "a library imported at its new place before the old one is given up keeps its ids" {
    small
    cp -a old/. new
    rm -r old/*
    cp lib.db refused.db
    [ "$(imported 0 new)" = '[0,120,0]' ]
    # It cannot be known yet, also not when another folder is looked at, and nothing is written.
    mkdir other
    sum=$(sha256sum lib.db)
    [ "$(imported 0 new)" = '[0,0,0]' ]
    [ "$(imported 0 new other)" = '[0,0,0]' ]
    [ "$(sha256sum lib.db)" = "$sum" ]
    [ "$(sqlite3 lib.db 'SELECT count(*), count(DISTINCT fingerprint) FROM comic')" = '240|120' ]
    cp lib.db forgotten.db
    [ "$(imported 0 --allow-empty old new)" = '[120,0,0]' ]
    ids lib.db | cmp - before
    as_fresh lib.db new
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM newcomer')" -eq 0 ]
    mv forgotten.db lib.db
    rmdir old
    [ "$(imported 0 --forget old)" = '[120,0,0]' ]
    ids lib.db | cmp - before
    as_fresh lib.db new
    # The same when the run that met it refused the old root.
    mv refused.db lib.db
    mkdir old
    [ "$(imported 3 old new)" = '[0,120,0]' ]
    grep -q "$PWD/old: refused: it is empty" message
    [ "$(imported 0 --allow-empty old new)" = '[120,0,0]' ]
    ids lib.db | cmp - before
    as_fresh lib.db new
    # And when others extracted it.
    rm lib.db*
    cp -a new/. old
    import_into lib.db old
    ids lib.db > before
    comic-scan --settle 0 --print0 --db lib.db new | xargs -0 comic-extract | comic-chunk | comic-load --report=none lib.db
    rm -r old
    [ "$(imported 0 --forget old new)" = '[120,0,0]' ]
    ids lib.db | cmp - before
}

@test "copies that a run has seen together keep their own ids" {
    small
    cp -a old/. new
    [ "$(imported 0 new)" = '[0,120,0]' ]
    sqlite3 lib.db "SELECT path, id FROM comic WHERE path GLOB '*/new/*' ORDER BY path" > before
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM newcomer')" -eq 120 ]
    [ "$(imported 0 old new)" = '[0,0,0]' ]
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM newcomer')" -eq 0 ]
    # That is known now: the next run writes nothing.
    sum=$(sha256sum lib.db)
    [ "$(imported 0 old new)" = '[0,0,0]' ]
    [ "$(sha256sum lib.db)" = "$sum" ]
    rm -r old/*
    [ "$(imported 0 --allow-empty --max-gone 100 old new)" = '[0,0,120]' ]
    sqlite3 lib.db 'SELECT path, id FROM comic ORDER BY path' | cmp - before
    # One that came first does not take the id of one that came later.
    small=$(find new -type f | head -n 1)
    cp "$small" new/copy.cbz
    [ "$(imported 0 new)" = '[0,1,0]' ]
    rm new/copy.cbz
    [ "$(imported 0 new)" = '[0,0,1]' ]
    sqlite3 lib.db 'SELECT path, id FROM comic ORDER BY path' | cmp - before
}

@test "what moved away from a root is no loss of it: --max-gone counts the rest" {
    moved_but() { # CP: half of it is deleted on the way
        cp -a "$1/." old
        find old -type f | sort | awk 'NR > 120' | tr '\n' '\0' | xargs -0 rm
        import_into lib.db old
        ids lib.db > before
        $2 old/* new
        find new -type f | sort | awk 'NR % 2' | tr '\n' '\0' | xargs -0 rm
        rm -rf old/*
        comic-scan --settle 0 --db lib.db --allow-empty old new | comic-extract | comic-chunk -n 30 |
            comic-load --report=json lib.db > report.json
        [ "$(jq -c '[.comics_moved, .comics_created, .comics_deleted]' report.json)" = '[60,0,60]' ]
        [ "$(comm -12 before <(ids lib.db) | wc -l)" -eq 60 ]
        rm -f fresh.db
        as_fresh lib.db new
        rm -rf old/* new/* lib.db*
    }
    both_ways() {
        mkdir old
        moved_but "$1" 'cp -a'
        moved_but "$1" mv
    }
    export -f both_ways moved_but
    on_other_files both_ways "$ORIGINAL"
    # On one file system it is the inodes that tell.
    rmdir old new
    mkdir new
    both_ways "$ORIGINAL"
    # More than half is too much, wherever the others are.
    rm -rf old new
    small
    mv old/* new
    find new -type f | sort | awk 'NR > 40' | tr '\n' '\0' | xargs -0 rm
    [ "$(imported 3 --allow-empty old new)" = '[40,0,0]' ]
    grep -q "$PWD/old: delete: 80 of 120 comics are gone" message
}

@test "the same when it is killed in the last batch or anywhere in the finish" {
    sanitized && skip "sanitizer: wants to be the first library"
    cc -shared -fPIC -O1 -o kill.so "$PROJECT/tests/preload/kill.c"
    killed_each() {
        local n=0 how
        copy_to_new "$1"
        # Some comics are really gone: there is something to delete and to sweep too.
        find new -type f | sort | awk 'NR % 12 == 0' | tr '\n' '\0' | xargs -0 rm
        comic-scan --settle 0 --db lib.db --allow-empty old new | comic-extract | comic-chunk -n 300 > moved
        # How many changes to files the batches but the last make, and all.
        cp lib.db whole.db
        KILL_COUNT=all LD_PRELOAD=$PWD/kill.so comic-load --report=none whole.db < moved
        as_fresh whole.db new
        ids whole.db > want
        # Those that are there kept their ids.
        [ "$(wc -l < want)" -eq 1100 ]
        [ "$(comm -12 before want | wc -l)" -eq 1100 ]
        cp lib.db cut.db
        head -c -3 moved | KILL_COUNT=cut LD_PRELOAD=$PWD/kill.so comic-load --report=none cut.db 2> message || [ $? -eq 3 ]
        first=$(cat cut) last=$(cat all)
        [ $((last - first)) -gt 100 ]
        for n in $(seq $((first + 1)) $(((last - first) / ${KILL_POINTS:-24})) "$last") "$last"; do
            load_killed_at "$n"
            how=--allow-empty
            [ $((n % 2)) -eq 0 ] || how=--forget
            pipeline killed.db next $how old new
            ids killed.db | cmp - want || { echo "killed at change $n of $last"; return 1; }
            as_fresh killed.db new
        done
    }
    export -f killed_each
    on_other_files killed_each "$ORIGINAL"
}

@test "the same when the stream is cut, and that of the next run too" {
    # part STREAM BYTES: what head -c BYTES leaves of it is loaded, which is an error.
    part() {
        local status=0
        head -c "$2" "$1" | comic-load --report=none lib.db 2> message || status=$?
        [ "$status" -eq 3 ]
        grep -q 'truncated stream' message
    }
    cut_twice() {
        copy_to_new "$1"
        comic-scan --settle 0 --db lib.db --allow-empty old new | comic-extract | comic-chunk -n 300 > first
        part first $(($(stat -c %s first) / 2))
        there=$(($(sqlite3 lib.db 'SELECT count(*) FROM comic') - 1200))
        [ "$there" -gt 0 ]
        comic-scan --settle 0 --db lib.db --allow-empty old new > second.scan
        # What was committed is not read again.
        [ "$(comic-cat second.scan | jq -r .t | uniq -c | xargs)" = "1 begin $((1200 - there)) file 1200 gone 1 end" ]
        comic-extract < second.scan | comic-chunk -n 300 > second
        part second -3
        pipeline lib.db third --allow-empty old new
        ids lib.db | cmp - before
        as_fresh lib.db new
    }
    export -f part cut_twice
    on_other_files cut_twice "$ORIGINAL"
}
