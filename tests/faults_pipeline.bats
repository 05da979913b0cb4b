#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What must not cost a comic: a share that is not there, a folder that cannot be read, a scan that
# dies, a full disk. Each says so, exits 3 where it should, and the next good run is as if nothing
# had been.
load helpers
load scan

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    make_library --comics 400 --pages 2 --page-bytes 64 lib
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir disk
    cp -a "$BATS_FILE_TMPDIR/lib" disk/lib
    ln -s disk/lib share
    import lib.db share other >/dev/null
    comic-dump lib.db > full.dump
    cp lib.db full.db
}

# import DB ARGS...: one run.
import() {
    local db=$1
    shift
    [ -d other ] || { mkdir other && make_cbz other/one.cbz; }
    comic-import --settle 0 --report=json --db "$db" -n 100 "$@" > report.json
}

# Nothing was deleted, nothing else is different.
untouched() {
    cmp lib.db full.db
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 401 ]
}

# The next run, with all as it should be, gives a fresh import's content, and nothing is left over.
converges() {
    local sql="PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1);
        SELECT count(*) FROM gone; SELECT count(*) FROM import_run WHERE finished_at IS NULL"
    import lib.db share other
    [ "$(sqlite3 lib.db "$sql" | xargs)" = 'ok 0 0' ]
    import fresh.db share other
    cmp <(comic-dump lib.db) <(comic-dump fresh.db)
}

@test "a share that is not mounted: missing, empty, or marked; its comics stay" {
    local said
    mv disk/lib disk/away
    for said in missing empty marked; do
        case $said in
            empty) mkdir disk/lib ;;
            marked) : > disk/lib/DOCKER_UNMOUNTED_VOLUME ;;
        esac
        run -3 --separate-stderr import lib.db share other
        case $said in
            missing) want='not found; what the database has of it stays (--forget drops it)' ;;
            empty) want='it is empty, but the database has comics in it: if it is mounted and this is right, use --allow-empty' ;;
            marked) want='it holds DOCKER_UNMOUNTED_VOLUME: its volume is not mounted' ;;
        esac
        [ "${stderr_lines[0]}" = "comic-scan: $PWD/share: refused: $want" ]
        untouched
    done
    # Neither do its rows follow what happens elsewhere, which goes on.
    make_cbz other/two.cbz
    run -3 import lib.db share other
    [ "$(jq -c '[.comics_created, .comics_deleted]' report.json)" = '[1,0]' ]
    rm -r disk/lib other/two.cbz
    mv disk/away disk/lib
    converges
    comic-dump lib.db | cmp - full.dump
}

@test "an empty file system mounted over the share" {
    cat > over <<'SHELL'
mount -t tmpfs none disk/lib || { echo cannot; exit 0; }
exec comic-import --settle 0 --report=none --db lib.db share other
SHELL
    run --separate-stderr unshare -rm env PATH="$PATH" sh over
    [ "$output" != cannot ] && [[ $stderr != *"unshare failed"* ]] || skip "kernel: no mount namespaces here"
    [ "$status" -eq 3 ]
    [[ $stderr == "comic-scan: $PWD/share: refused: it is empty, but"*"use --allow-empty"* ]]
    untouched
}

@test "an unreadable folder: what is below it stays, the rest follows" {
    local folder
    folder=$(find disk/lib -mindepth 1 -maxdepth 1 -type d | sort | sed -n 2p)
    inside=$(find "$folder" -type f | wc -l)
    outside=$(find disk/lib -type f ! -path "$folder/*" | sort | sed -n '1p')
    rm "$outside"
    chmod 000 "$folder"
    run -0 --separate-stderr as_user comic-import --settle 0 --report=json --db lib.db share other
    [ "$(jq -c '[.comics_deleted, .comics_created, .failed]' <<< "$output")" = '[1,0,0]' ]
    [ "${stderr_lines[0]}" = "comic-scan: warning: $PWD/share/${folder#disk/lib/}/: open: Permission denied" ]
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 400 ]
    chmod 755 "$folder"
    rm "$(find "$folder" -type f | head -n 1)"
    converges
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 399 ]
    [ "$inside" -gt 1 ]
}

@test "a scan that is killed half way deletes nothing" {
    find disk/lib -type f | sort | head -n 300 | tr '\n' '\0' | xargs -0 rm
    for at in 2 8 30; do
        run bash -c 'strace -qq -o /dev/null -e inject=getdents64:signal=KILL:when=$1 \
            comic-scan --settle 0 --db lib.db share other | comic-extract | comic-chunk -n 100 |
            comic-load --max-gone 100 --report=none lib.db; echo "${PIPESTATUS[*]}"' bash $at
        [ "${lines[-1]}" = '137 3 3 3' ]
        [[ "$output" == *"truncated stream"* ]]
        untouched
    done
    import lib.db --max-gone 100 share other
    converges
    [ "$(sqlite3 lib.db 'SELECT count(*) FROM comic')" -eq 101 ]
}

@test "the disk fills up: said so, nothing deleted, and it goes on when there is room" {
    # Everything is written again, and half of it is gone.
    cat > full <<'SHELL'
run() {
    comic-import -n 100 --settle 0 --report=none "$@" --max-gone 100 --db mnt/lib.db share other
}
mount -t tmpfs -o size=$((($(stat -c %s lib.db) + 1023) / 1024 + $1))k none mnt || { echo cannot; exit 0; }
cp lib.db mnt/lib.db
run; echo "status $?"
sqlite3 mnt/lib.db "SELECT count(*) FROM comic WHERE size > 0; PRAGMA integrity_check; PRAGMA foreign_key_check"
mount -o remount,size=100m mnt
run; echo "status $?"
comic-dump mnt/lib.db > after.dump
SHELL
    mkdir mnt
    # Other tags everywhere: every comic of another library is put in the place of one of this.
    make_library --comics 400 --pages 2 --page-bytes 64 --seed 5 disk/next
    mv disk/lib disk/gone
    mv disk/next disk/lib
    import fresh.db share other
    comic-dump fresh.db > want.dump
    for room in 40 400 1500; do
        run --separate-stderr unshare -rm env PATH="$PATH" bash full "$room"
        [ "$output" != cannot ] && [[ $stderr != *"unshare failed"* ]] || skip "kernel: no mount namespaces here"
        echo "room $room: $stderr"
        [ "${lines[0]}" = 'status 3' ]
        [[ "$stderr" == *"comic-load: "*"mnt/lib.db: "*": disk full"* ]]
        # Those that are gone are still there, and whole batches of the new.
        [ "${lines[1]}" -ge 401 ]
        [ "${lines[2]}" = ok ]
        [ "${lines[3]}" = 'status 0' ]
        cmp after.dump want.dump
    done
}
