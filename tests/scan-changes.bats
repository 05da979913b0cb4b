#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-scan --db: how the files differ from the database.
load helpers
load scan

# ---- comparison with the database -------------------------------------------------------------

@test "new, modified, touched, gone; nothing for what is unchanged" {
    comics lib/{a,b,c,d,e,f}.cbz
    remember lib.db lib
    run -0 scan lib
    same ''
    comics lib/new.cbz
    echo more >> lib/b.cbz
    cp -p lib/c.cbz copy && mv copy lib/c.cbz
    rm lib/d.cbz
    touch -d '2019-01-01' lib/e.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'modified lib/b.cbz' 'touched lib/c.cbz' 'modified lib/e.cbz' 'new lib/new.cbz' 'gone lib/d.cbz')"
    [ "$(comic-cat stream | jq -c 'select(.t == "end") | del(.t, .unreadable, .refused)')" = \
        '{"records":5,"files":6,"new":1,"modified":2,"touched":1,"moved":0,"unsettled":0,"gone":1,"unchanged":2}' ]
    [ "$(comic-cat stream | jq 'select(.t == "gone").id')" -eq "$(sql "SELECT id FROM comic WHERE path LIKE '%/d.cbz'")" ]
    run -0 scan --all lib
    same "$(printf '%s\n' {modified\ lib/{a,b,c,e,f}.cbz,new\ lib/new.cbz,gone\ lib/d.cbz})"
    comic-scan --settle 0 --db lib.db -0 lib | tr '\0' '\n' > got
    printf '%s\n' "$PWD"/lib/{b,e,new}.cbz | diff - got
    run -0 --separate-stderr comic-scan --settle 0 -v --db lib.db -o stream lib
    [ "$stderr" = 'comic-scan: 6 comics seen, 1 new, 2 modified, 0 moved, 1 gone' ]
}

@test "the database is only read" {
    comics lib/{a,b}.cbz
    remember lib.db lib
    sql 'PRAGMA journal_mode = WAL' > /dev/null
    rm lib/a.cbz
    before=$(sha256sum < lib.db)
    run -0 scan lib
    same 'gone lib/a.cbz'
    [ "$(sha256sum < lib.db)" = "$before" ]
    [ "$(echo lib.db*)" = lib.db ]
}

@test "a database that others may only read can be compared with" {
    comics lib/{a,b}.cbz 'ro?%/x.cbz'
    remember lib.db lib
    rm lib/a.cbz
    for mode in delete wal; do
        sql "PRAGMA journal_mode = $mode" > /dev/null
        cp lib.db 'ro?%/lib.db'
        chmod 444 'ro?%/lib.db'
        chmod 555 'ro?%'
        as_user comic-scan --settle 0 --db 'ro?%/lib.db' lib > stream
        run -0 changes stream
        same 'gone lib/a.cbz'
        [ "$(echo ro*/*)" = 'ro?%/lib.db ro?%/x.cbz' ]
    done
    # Written by somebody at this moment: not without locks.
    : > 'ro?%/lib.db-wal'
    chmod 000 'ro?%/lib.db-wal'
    run -3 --separate-stderr as_user comic-scan --db 'ro?%/lib.db' lib
    [[ "$stderr" == "comic-scan: $PWD/ro?%/lib.db: "* ]]
}

@test "a database that is missing, empty or without tables is empty, and stays so" {
    comics lib/a.cbz
    run -0 scan lib
    same 'new lib/a.cbz'
    [ ! -e lib.db ]
    : > lib.db
    run -0 scan lib
    same 'new lib/a.cbz'
    [ ! -s lib.db ]
    sql 'CREATE TABLE unrelated (x)'
    run -0 scan lib
    same 'new lib/a.cbz'
}

@test "a broken database is 3, with no end" {
    comics lib/a.cbz
    echo 'this is not a database, whatever its name is' > lib.db
    run -3 --separate-stderr comic-scan --db lib.db lib
    [[ "$stderr" == "comic-scan: $PWD/lib.db: "*"not a database" ]]
    rm lib.db
    for i in $(seq 300); do comics "lib/$i.cbz"; done
    remember lib.db lib
    # All pages but the first: the tables are found, their rows are not.
    dd if=/dev/zero of=lib.db bs=4096 seek=3 count=40 conv=notrunc status=none
    run -3 scan lib
    grep -q "^comic-scan: $PWD/lib.db: read: " messages
    [ "$(comic-cat stream 2> /dev/null | jq -r .t | grep -cx end)" -eq 0 ]
    run -3 --separate-stderr comic-scan --db lib lib
    [[ "$stderr" == "comic-scan: $PWD/lib: open: "* ]]
}

@test "only rows below the named roots can be gone" {
    comics lib/{a/1,a/2,b/1,a.x/1,a0/1}.cbz
    remember lib.db lib
    rm -r lib/b lib/a.x lib/a0 lib/a/1.cbz
    run -0 scan lib/a
    same 'gone lib/a/1.cbz'
    run -0 scan lib
    same "$(printf 'gone lib/%s/1.cbz\n' a.x a a0 b)"
}

@test "a file where a folder was, and a folder where a file was" {
    comics lib/x.cbz lib/y/1.cbz
    remember lib.db lib
    rm -r lib/x.cbz lib/y
    comics lib/x.cbz/1.txt
    : > lib/y
    run -0 scan lib
    same "$(printf 'gone lib/%s\n' x.cbz y/1.cbz)"
    # The root itself was a comic when it was last seen.
    rm -r lib lib.db
    comics lib.cbz
    remember lib.db .
    rm lib.cbz
    comics lib.cbz/a/1.cbz
    run -0 scan lib.cbz
    same "$(printf '%s\n' 'new lib.cbz/a/1.cbz' 'gone lib.cbz')"
}

@test "thousands of rows, all of them gone, in little memory" {
    ! ldd "$BUILD/bin/comic-scan" | grep -q asan || skip 'sanitizer: wants terabytes of address space'
    mkdir -p lib/x
    remember lib.db
    sql "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199999)
        INSERT INTO comic (path, size, mtime, ino) SELECT printf('$PWD/lib/%0200d.cbz', i), 1, 1, 1 FROM n"
    run -0 bash -c 'ulimit -v 40000; comic-scan --settle 0 --db lib.db lib > stream'
    [ "$(comic-cat stream | jq 'select(.t == "end").gone')" -eq 200000 ]
    comic-cat stream | jq -r 'select(.t == "gone").path' > got
    LC_ALL=C sort -c got
}

# ---- moves ------------------------------------------------------------------------------------

@test "a renamed folder: its comics moved, nothing is gone, nothing is read" {
    comics lib/old/{1,2,3}.cbz lib/stay.cbz
    remember lib.db lib
    mv lib/old lib/new
    run -0 scan lib
    same "$(printf 'moved lib/old/%s.cbz lib/new/%s.cbz\n' 1 1 2 2 3 3)"
    [ "$(comic-cat stream | jq -c 'select(.t == "moved") | [.id, .size, .mtime]' | tail -n 1)" = "[$(sql "SELECT id FROM comic WHERE path LIKE '%/3.cbz'"),13,\"1577836800123456789\"]" ]
    # Also towards the end, where the old row comes first.
    mv lib/new lib/zzz
    run -0 scan lib
    same "$(printf 'moved lib/old/%s.cbz lib/zzz/%s.cbz\n' 1 1 2 2 3 3)"
}

@test "another base name: moved, and modified" {
    comics lib/a/x.cbz lib/b/y.cbz
    remember lib.db lib
    mv lib/a/x.cbz lib/a/z.cbz
    mv lib/b/y.cbz lib/a/y.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'moved lib/b/y.cbz lib/a/y.cbz' 'moved lib/a/x.cbz lib/a/z.cbz' 'modified lib/a/z.cbz')"
    # Also while it is not settled: it is the file that was read.
    touch lib/a/z.cbz
    sql "UPDATE comic SET mtime = $(stat -c %.9Y lib/a/z.cbz | tr -d .) WHERE path LIKE '%/x.cbz'"
    comic-scan --settle 100 --db lib.db lib > stream
    run -0 changes stream
    [ "${lines[1]}" = 'moved lib/a/x.cbz lib/a/z.cbz' ]
    [ "${lines[2]}" = 'modified lib/a/z.cbz' ]
}

@test "a move to another root, and in from a folder that is not scanned" {
    comics a/1.cbz b/2.cbz c/3.cbz
    remember lib.db a b c
    mv a/1.cbz b/1.cbz
    mv c/3.cbz a/3.cbz
    run -0 scan a b
    same "$(printf '%s\n' "moved c/3.cbz a/3.cbz" "moved a/1.cbz b/1.cbz")"
}

@test "a case-only rename is a move" {
    comics lib/Foo/Bar.cbz
    remember lib.db lib
    mv lib/Foo lib/foo
    run -0 scan lib
    same 'moved lib/Foo/Bar.cbz lib/foo/Bar.cbz'
    mv lib/foo/Bar.cbz lib/foo/bar.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'moved lib/Foo/Bar.cbz lib/foo/bar.cbz' 'modified lib/foo/bar.cbz')"
}

@test "no move: changed content, a hard link, two candidates, a row of a refused root" {
    comics lib/{a,b}.cbz
    remember lib.db lib
    mv lib/a.cbz lib/c.cbz
    echo more >> lib/c.cbz
    ln lib/b.cbz lib/d.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'new lib/c.cbz' 'new lib/d.cbz' 'gone lib/a.cbz')"
    rm -r lib lib.db
    comics lib/a.cbz
    remember lib.db lib
    sql "INSERT INTO comic (path, size, mtime, ino) SELECT '$PWD/lib/twin.cbz', size, mtime, ino FROM comic"
    mv lib/a.cbz lib/b.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'new lib/b.cbz' 'gone lib/a.cbz' 'gone lib/twin.cbz')"
    rm -r lib lib.db
    comics lib/a.cbz other/b.cbz
    remember lib.db lib
    mv lib/a.cbz other/a.cbz
    : > lib/DOCKER_UNMOUNTED_VOLUME
    run -3 scan lib other
    run -0 changes stream
    same "$(printf 'new other/%s.cbz\n' a b)"
}

@test "where the old path exists the path wins: swap, chain, rename onto another" {
    comics lib/{a,bb}.cbz
    remember lib.db lib
    mv lib/a.cbz t && mv lib/bb.cbz lib/a.cbz && mv t lib/bb.cbz
    run -0 scan lib
    same "$(printf 'modified lib/%s.cbz\n' a bb)"
    rm -r lib lib.db
    comics lib/{a,bb}.cbz
    remember lib.db lib
    mv lib/bb.cbz lib/c.cbz && mv lib/a.cbz lib/bb.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'modified lib/bb.cbz' 'new lib/c.cbz' 'gone lib/a.cbz')"
    rm -r lib lib.db
    comics lib/{a,bb}.cbz
    remember lib.db lib
    mv -f lib/a.cbz lib/bb.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'modified lib/bb.cbz' 'gone lib/a.cbz')"
}

@test "the same file by two ways is no move" {
    comics lib/real/a.cbz
    remember lib.db lib
    ln -s real lib/alias
    run -0 scan lib
    same 'new lib/alias/a.cbz'
    # When the real one goes away, the first of two new ways has its row.
    mv lib/real lib/elsewhere
    ln -sfn elsewhere lib/alias
    run -0 scan lib
    same "$(printf '%s\n' 'moved lib/real/a.cbz lib/alias/a.cbz' 'new lib/elsewhere/a.cbz')"
}

@test "a moved comic whose old path had failed leaves only the failure behind" {
    comics lib/{a,b}.cbz
    remember lib.db lib
    sql "INSERT INTO failed VALUES ('$PWD/lib/a.cbz', 1, 1, 1, 'damaged', '', 1)"
    mkdir lib/x
    mv lib/a.cbz lib/x/a.cbz
    run -0 scan lib
    same "$(printf '%s\n' 'moved lib/a.cbz lib/x/a.cbz' 'gone lib/a.cbz (failed)')"
}

@test "new inodes everywhere: touched; from 1,000 comics on they say nothing" {
    for i in $(seq 20); do comics "lib/$i.cbz"; done
    remember lib.db lib
    cp -a lib copy && rm -r lib && mv copy lib
    run -0 scan lib
    [ "$(grep -c '^touched ' <<< "$output")" -eq 20 ]
    [ "${#lines[@]}" -eq 20 ]
    mkdir many
    (cd many && seq -f '%04.0f.cbz' 1100 | xargs touch -d 2020-01-01)
    remember lib.db many
    sql "UPDATE comic SET ino = -ino WHERE path LIKE '%/many/%'"
    run -0 scan many
    same ''
    # A move cannot be told there.
    mv many/1050.cbz many/new.cbz
    sql "UPDATE comic SET ino = $(stat -c %i many/new.cbz) WHERE path LIKE '%/many/1050.cbz'"
    run -0 scan many
    same "$(printf '%s\n' 'new many/new.cbz' 'gone many/1050.cbz')"
    # One among the first thousand that is as it was: the others were really replaced.
    sql "UPDATE comic SET ino = $(stat -c %i many/0500.cbz) WHERE path LIKE '%/many/0500.cbz'"
    run -0 scan many
    [ "$(grep -c '^touched ' <<< "$output")" -eq 1098 ]
    [ "$(grep -c '^moved ' <<< "$output")" -eq 1 ]
}

# ---- failures, settling -----------------------------------------------------------------------

# failed NAME CODE ATTEMPTS: lib/NAME.cbz failed as it is now and is no comic.
failed() {
    local path=lib/$1.cbz
    comics "$path"
    sql "INSERT INTO failed VALUES ('$PWD/$path', $(stat -c '%s, %.9Y, %i' "$path" | sed 's/\.//'), '$2', '', $3)"
}

@test "failures: some are final, some are tried again" {
    mkdir lib
    remember lib.db
    for code in empty not-an-archive encrypted volume unsupported damaged limit; do failed "final-$code" "$code" 1; done
    for code in unreadable changed memory; do failed "retry-$code" "$code" 7; done
    for code in crash timeout; do failed "retry-$code" "$code" 1; failed "final-$code" "$code" 2; done
    run -0 scan lib
    same "$(printf 'modified lib/retry-%s.cbz\n' changed crash memory timeout unreadable)"
    run -0 scan --retry-failed lib
    [ "${#lines[@]}" -eq 14 ]
    touch lib/final-damaged.cbz
    rm lib/final-empty.cbz
    run -0 scan lib
    [ "${lines[0]}" = 'modified lib/final-damaged.cbz' ]
    [ "${lines[6]}" = 'gone lib/final-empty.cbz (failed)' ]
    [ "${#lines[@]}" -eq 7 ]
}

@test "the good file is back: touched, which clears the failure" {
    comics lib/a.cbz
    remember lib.db lib
    sql "INSERT INTO failed VALUES ('$PWD/lib/a.cbz', 3, 3, 3, 'damaged', '', 1)"
    run -0 scan lib
    same 'touched lib/a.cbz'
    # A failure of the state that is on disk now is left alone, and so is the comic.
    sql "UPDATE failed SET (size, mtime) = (SELECT size, mtime FROM comic); UPDATE comic SET size = 99"
    run -0 scan lib
    same ''
}

@test "what may still be written is unsettled" {
    comics lib/{a,b,c,old}.cbz
    remember lib.db lib
    rm lib/a.cbz
    touch lib/b.cbz lib/new.cbz
    touch -d '+1 hour' lib/c.cbz
    comic-scan --settle 3600 --db lib.db lib > stream
    run -0 changes stream
    same "$(printf '%s\n' 'unsettled lib/b.cbz' 'modified lib/c.cbz' 'unsettled lib/new.cbz' 'gone lib/a.cbz')"
    [ "$(comic-scan --settle 3600 --db lib.db -0 lib | tr '\0' ' ')" = "$PWD/lib/c.cbz " ]
    run -2 comic-scan --settle -1 lib
    run -2 comic-scan --settle soon lib
}
