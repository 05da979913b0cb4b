#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-load when things go wrong: kills, signals, locks, full disks, foreign and broken databases.
# shellcheck disable=SC2154 # variables that bats' run sets

load helpers

make_stream() {
    /usr/bin/python3 "$PROJECT/tests/make-stream" "$@"
}

sql() {
    sqlite3 -batch "$@"
}

sane() {
    [ "$(sql "$1" "PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1)")" = ok ]
}

same_content() {
    comic-dump "$1" >one.dump
    comic-dump "$2" >two.dump
    cmp one.dump two.dump
}

# The sanitizers reserve terabytes of address space: no such limit can be put on them.
sanitized() {
    ldd "$BUILD/bin/comic-load" | grep -q libasan
}

@test "kill -9 at any moment: whole batches stay, and the next run makes the rest of it" {
    make_stream --comics 1000 | comic-chunk >first
    comic-load --report=none base.db <first
    make_stream --comics 1000 --variant k --drop 4 --gone --db base.db | comic-chunk -n 50 >update
    cp base.db good.db
    comic-load --report=none good.db <update
    for delay in 00 01 02 04 06 08 10 13 16 20 25 30 40; do
        cp base.db k.db
        comic-load --report=none k.db <update &
        pid=$!
        /usr/bin/python3 -c "import time; time.sleep(0.01 * float('$delay'))"
        kill -9 $pid 2>/dev/null || true
        wait $pid || true
        sane k.db
        comic-load --report=none k.db <update
        sane k.db
        same_content k.db good.db
        [ "$(sql k.db "SELECT COUNT(*) FROM import_run WHERE finished_at IS NULL")" = 0 ]
        [ "$(sql k.db "SELECT COUNT(*) FROM suspect")" = 0 ]
        [ "$(sql k.db "SELECT COUNT(*) FROM tag")" = "$(sql good.db "SELECT COUNT(*) FROM tag")" ]
        rm k.db*
    done
}

@test "an unfinished run is finished by the next complete one, even with nothing to load" {
    make_stream --comics 40 | comic-chunk >s
    comic-load --report=none a.db <s
    sql a.db "UPDATE import_run SET finished_at = NULL; INSERT INTO tag VALUES (9999, 'left over');
        INSERT INTO suspect VALUES ('tag', 9999); INSERT INTO gone VALUES (1, '/lib/x', NULL, '/lib')"
    make_stream --comics 40 --incomplete | comic-chunk >part
    comic-load --report=none a.db <part
    [ "$(sql a.db "SELECT COUNT(*) FROM tag WHERE id = 9999")" = 1 ]
    make_stream --comics 0 | comic-chunk >empty
    comic-load --report=none a.db <empty
    [ "$(sql a.db "SELECT (SELECT COUNT(*) FROM tag WHERE id = 9999), (SELECT COUNT(*) FROM suspect),
        (SELECT COUNT(*) FROM gone), (SELECT COUNT(*) FROM import_run WHERE finished_at IS NULL),
        (SELECT COUNT(*) FROM comic)")" = "0|0|0|0|40" ]
    md5sum a.db >sum
    comic-load --report=none a.db <s
    md5sum -c sum
}

@test "SIGTERM and SIGINT: the signal is the status, whole batches stay" {
    make_stream --comics 400 | comic-chunk -n 100 >s
    for signal in TERM INT; do
        # A shell's background job ignores SIGINT; python's does not.
        run -0 /usr/bin/python3 - $signal.db $signal <<'PYTHON'
import os, signal, subprocess, sys
data = open("s", "rb").read()
p = subprocess.Popen(["comic-load", "--report=none", sys.argv[1]], stdin=subprocess.PIPE)
p.stdin.write(data[: len(data) * 3 // 4]); p.stdin.flush()
import sqlite3, time
for i in range(1000):
    try:
        if sqlite3.connect(sys.argv[1]).execute("SELECT COUNT(*) FROM comic").fetchone()[0] >= 200:
            break
    except sqlite3.OperationalError:
        pass
    time.sleep(0.01)
p.send_signal(getattr(signal, "SIG" + sys.argv[2]))
assert p.wait(20) == -getattr(signal, "SIG" + sys.argv[2]), p.returncode
PYTHON
        sane $signal.db
        [ $(("$(sql $signal.db "SELECT COUNT(*) FROM comic")" % 100)) = 0 ]
        comic-load --report=none $signal.db <s
        [ "$(sql $signal.db "SELECT COUNT(*) FROM comic")" = 400 ]
    done
}

# wait_for_batches [SIGNAL]: a.db has two batches of s although the stream stops in the fourth; the
# signal is sent again and again meanwhile. Prints comic-load's report.
wait_for_batches() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import signal, sqlite3, subprocess, sys, time
data = open("s", "rb").read()
p = subprocess.Popen(["comic-load", "--report=json", "a.db"], stdin=subprocess.PIPE)
p.stdin.write(data[: len(data) * 3 // 4]); p.stdin.flush()
comics = 0
while comics < 200:  # the test's own time limit ends it
    time.sleep(0.02)
    try:
        comics = sqlite3.connect("a.db").execute("SELECT COUNT(*) FROM comic").fetchone()[0]
        if len(sys.argv) > 1:  # there is a schema, and so there are the program's handlers
            p.send_signal(getattr(signal, sys.argv[1]))
    except sqlite3.OperationalError:
        pass
# Nothing is locked meanwhile.
sqlite3.connect("a.db", isolation_level=None, timeout=0).executescript("BEGIN IMMEDIATE; ROLLBACK")
p.stdin.close()
assert p.wait() == 3, p.returncode
PYTHON
}

@test "a stream that is waited for: what it brought in whole batches is committed" {
    make_stream --comics 400 | comic-chunk -n 100 >s
    run -0 --separate-stderr wait_for_batches
    [ "$(jq .comics_created <<<"$output")" = "$(sql a.db "SELECT COUNT(*) FROM comic")" ]
    sane a.db
}

@test "SIGUSR1 while a stream is waited for: what it brought is committed all the same" {
    make_stream --comics 400 | comic-chunk -n 100 >s
    run -0 --separate-stderr wait_for_batches SIGUSR1
    [ "$(jq .comics_created <<<"$output")" -ge 200 ]
    sane a.db
}

@test "SIGUSR1 is answered while a stream is waited for" {
    make_stream --comics 400 | comic-chunk -n 100 >s
    most=$(($(stat -c %s s) * 3 / 4))
    mkfifo fifo
    comic-load --report=none a.db <fifo 2>messages &
    pid=$!
    exec {in}>fifo
    head -c $most s >&"$in"
    until [ -e a.db ]; do sleep 0.01; done # then there are its handlers
    until grep -qE '^comic-load: [23]00 comics in [23] batches, ' messages; do
        kill -USR1 $pid
        sleep 0.02
    done
    tail -c "+$((most + 1))" s >&"$in"
    exec {in}>&-
    wait $pid
    [ "$(sqlite3 a.db 'SELECT COUNT(*) FROM comic')" = 400 ]
}

@test "a signal does not undo what shares a transaction with the batch it meets" {
    make_stream --comics 2000 | comic-chunk -n 1000 --memory 4G >s
    ASAN_OPTIONS=detect_leaks=0 strace -qq -e trace=read -o trace comic-load --memory 4G --report=none whole.db <s
    status=0
    # The read that brings the end of the second batch.
    at=$(grep -n '^read(0, .* = [1-9]' trace | tail -n 1 | cut -d: -f1)
    ASAN_OPTIONS=detect_leaks=0 strace -qq -e trace=read -e inject=read:signal=TERM:when="$at" -o trace \
        comic-load --memory 4G --report=json a.db <s >report || status=$?
    [ "$status" -eq $((128 + 15)) ]
    grep -q 'killed by SIGTERM' trace
    [ "$(jq -c '[.comics_created, .finished]' report)" = '[2000,false]' ]
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 2000 ]
    sane a.db
}

@test "a broken stream: the whole batches before the break are committed" {
    make_stream --comics 400 | comic-chunk -n 100 >s
    { head -c $(($(stat -c %s s) * 3 / 4)) s; printf '\301'; } >broken
    run -3 --separate-stderr comic-load --report=json a.db <broken
    [ "$(jq .comics_created <<<"$output")" -ge 200 ]
    [ "$(jq .comics_created <<<"$output")" = "$(sql a.db "SELECT COUNT(*) FROM comic")" ]
    sane a.db
}

@test "small batches share a transaction: little more is written than at once" {
    written() { # BATCH: bytes
        make_stream --comics 4000 | comic-chunk -n "$1" --memory 4G >s
        /usr/bin/python3 - <<'PYTHON'
import os, subprocess
p = subprocess.Popen(["comic-load", "--memory", "4G", "--report=none", "w.db"], stdin=open("s", "rb"))
os.waitid(os.P_PID, p.pid, os.WEXITED | os.WNOWAIT)
print(next(line.split()[1] for line in open(f"/proc/{p.pid}/io") if line.startswith("wchar")))
PYTHON
        rm w.db
    }
    once=$(written 4000)
    small=$(written 100)
    echo "$once bytes at once, $small in small batches"
    [ "$small" -le $((once * 11 / 10)) ]
}

@test "a batch that fails undoes those it shares a transaction with, and the report tells" {
    make_stream --comics 15000 | comic-chunk -n 1000 --memory 4G >s
    run -3 --separate-stderr bash -c 'ulimit -f 24000; exec comic-load --memory 4G --report=json a.db <s'
    comics=$(sql a.db "SELECT COUNT(*) FROM comic")
    echo "$comics comics"
    [ "$comics" -gt 0 ]
    [ $((comics % 1000)) = 0 ]
    [ "$(jq .comics_created <<<"$output")" = "$comics" ]
    [ "$(sql a.db "SELECT comics_created, batches FROM import_run")" = "$comics|$((comics / 1000))" ]
    sane a.db
}

@test "a locked database is waited for, up to --wait" {
    make_stream --comics 10 | comic-chunk >s
    comic-load --report=none a.db <s
    make_stream --comics 10 --variant z | comic-chunk >t
    /usr/bin/python3 - <<'PYTHON' &
import sqlite3, time, os
db = sqlite3.connect("a.db", isolation_level=None)
db.execute("BEGIN IMMEDIATE")
open("locked", "w").close()
while not os.path.exists("release"):
    time.sleep(0.01)
time.sleep(0.3)
db.execute("ROLLBACK")
PYTHON
    holder=$!
    until [ -e locked ]; do :; done
    run -3 --separate-stderr comic-load --report=none --wait 0.05 a.db <t
    [[ $stderr == "comic-load: a.db: begin: locked by another program"* ]]
    touch release
    comic-load --report=none --wait 30 a.db <t
    wait $holder
    [ "$(sql a.db "SELECT SUM(comics_updated) FROM import_run")" = 4 ]
}

@test "two loaders at once: both end, the database is one run's" {
    make_stream --comics 500 | comic-chunk -n 50 >s
    comic-load --report=none one.db <s
    comic-load --report=none both.db <s &
    comic-load --report=none both.db <s
    wait $!
    sane both.db
    same_content one.db both.db
    [ "$(sql both.db "SELECT COUNT(*) FROM tag")" = "$(sql one.db "SELECT COUNT(*) FROM tag")" ]
}

@test "another program's changes between batches are seen" {
    make_stream --comics 200 | comic-chunk -n 100 >s
    /usr/bin/python3 - <<'PYTHON'
import sqlite3, subprocess, time
data = open("s", "rb").read()
p = subprocess.Popen(["comic-load", "--report=none", "a.db"], stdin=subprocess.PIPE)
cut = len(data) * 3 // 4
p.stdin.write(data[:cut]); p.stdin.flush()
while True:
    time.sleep(0.01)
    try:
        db = sqlite3.connect("a.db", isolation_level=None)
        if db.execute("SELECT COUNT(*) FROM comic").fetchone()[0] == 100:
            break
    except sqlite3.OperationalError:
        pass
# What the loader remembers under these ids is something else now.
db.execute("UPDATE genre SET id = id + 1000")
db.execute("UPDATE comic_genre SET genre_id = genre_id + 1000")
db.close()
p.stdin.write(data[cut:]); p.stdin.close()
assert p.wait() == 0
PYTHON
    sane a.db
    comic-load --report=none fresh.db <s
    same_content a.db fresh.db
}

@test "a newer schema is refused and left as it is" {
    make_stream --comics 3 | comic-chunk >s
    comic-load --report=none a.db <s
    sql a.db "UPDATE meta SET value = 99 WHERE key = 'schema_version'"
    md5sum a.db >sum
    run -3 --separate-stderr comic-load a.db <s
    [[ $stderr == *"a.db: open: made by a newer comicpipe (schema 99, this knows 2)" ]]
    md5sum -c sum
}

# What version 1 had not, taken out again.
make_version_1() {
    view=$(sql "$1" "SELECT sql FROM sqlite_schema WHERE name = 'v_search'" | sed '/^WHERE c.id <= IFNULL/d')
    sql "$1" "DROP TABLE newcomer;
        DROP VIEW v_search; $view;
        DELETE FROM comic_fts_config WHERE k = 'crisismerge';
        UPDATE meta SET value = 1 WHERE key = 'schema_version'"
}

described() { # DB: its schema and the settings of its search index
    sql "$1" "SELECT value FROM meta WHERE key = 'schema_version';
        SELECT sql FROM sqlite_schema WHERE name != 'v_search' ORDER BY name;
        SELECT k, v FROM comic_fts_config ORDER BY k" | tr -d ' \n'
}

@test "a database of an older schema is brought up to date" {
    make_stream --comics 3 | comic-chunk >s
    comic-load --report=none a.db <s
    cp a.db b.db
    make_version_1 a.db
    [ "$(described a.db)" != "$(described b.db)" ]
    comic-dump a.db | cmp - <(comic-dump b.db)
    make_stream --comics 9 | comic-chunk >s
    comic-load --report=none a.db <s
    comic-load --report=none b.db <s
    [ "$(described a.db)" = "$(described b.db)" ]
    sane a.db
    same_content a.db b.db
}

@test "what is not a comic database is refused and left as it is" {
    make_stream --comics 3 | comic-chunk >s
    head -c 9000 /dev/urandom >noise.db
    sql other.db "CREATE TABLE comic (x)"
    mkdir dir.db
    md5sum noise.db other.db >sum
    run -3 --separate-stderr comic-load noise.db <s
    [[ $stderr == *"noise.db: "*"file is not a database" ]]
    run -3 --separate-stderr comic-load other.db <s
    [[ $stderr == *"other.db: open: a database, but not of comics" ]]
    run -3 --separate-stderr comic-load dir.db <s
    [[ $stderr == *"dir.db: open: unable to open database file"* ]]
    run -3 --separate-stderr comic-load no/such.db <s
    [[ $stderr == *"no/such.db: open: unable to open database file"* ]]
    md5sum -c sum
    : >zero.db
    comic-load --report=none zero.db <s
    [ "$(sql zero.db "SELECT COUNT(*) FROM comic")" = 3 ]
    comic-load --report=none file:x <s
    [ -f file:x ]
}

@test "a database that may not be written is refused" {
    make_stream --comics 3 | comic-chunk >s
    mkdir d
    comic-load --report=none d/a.db <s
    chmod 444 d/a.db
    chmod 555 d
    run -3 --separate-stderr as_user comic-load d/a.db <s
    chmod 755 d
    [[ $stderr == *"d/a.db: open: it may only be read" ]]
}

@test "damaged pages: exit 3 or a sound database, never a crash" {
    make_stream --comics 300 | comic-chunk >s
    comic-load --report=none good.db <s
    make_stream --comics 300 --variant d | comic-chunk >t
    pages=$(($(stat -c %s good.db) / 8192))
    for seed in 1 2 3 4 5 6 7 8; do
        cp good.db bad.db
        /usr/bin/python3 - $seed $pages <<'PYTHON'
import random, sys
rng = random.Random(sys.argv[1])
with open("bad.db", "r+b") as f:
    for _ in range(10):
        f.seek(rng.randrange(1, int(sys.argv[2])) * 8192)
        f.write(bytes(rng.randrange(256) for _ in range(64)))
PYTHON
        run --separate-stderr comic-load --report=none bad.db <t
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ]
        [ "$status" -eq 0 ] || [[ $stderr == *"bad.db: "* ]]
        rm -f bad.db*
    done
}

@test "disk full: said so, whole batches stay, and it goes on when there is space" {
    make_stream --comics 600 | comic-chunk -n 100 >s
    cat >full <<'SHELL'
mount -t tmpfs -o size=2m none mnt || { echo cannot; exit 0; }
PATH=$1:$PATH
status=0
comic-load --report=none mnt/a.db <s 2>message || status=$?
cat message
sqlite3 mnt/a.db "SELECT 'comics', COUNT(*) % 100 FROM comic; PRAGMA integrity_check"
mount -o remount,size=100m mnt
comic-load --report=none mnt/a.db <s
sqlite3 mnt/a.db "SELECT 'comics', COUNT(*) FROM comic; PRAGMA integrity_check"
umount mnt
exit $status
SHELL
    mkdir mnt
    run --separate-stderr unshare -rm sh full "$BUILD/bin"
    [ "$output" != cannot ] && [[ $stderr != *"unshare failed"* ]] || skip "kernel: no mount namespaces here"
    [ "$status" -eq 3 ]
    [[ $output == "comic-load: mnt/a.db: "*": disk full"$'\n'"comics|0"$'\n'ok$'\n'"comics|600"$'\n'ok ]]
}

@test "a file size limit is an error, not a death" {
    make_stream --comics 600 | comic-chunk -n 100 >s
    run -3 --separate-stderr bash -c 'ulimit -f 1500; exec comic-load --report=none a.db <s'
    [[ $stderr == "comic-load: a.db: "* ]]
    sane a.db
    comic-load --report=none a.db <s
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 600 ]
}

@test "memory does not grow with the library" {
    sanitized && skip "sanitizer: reserves the whole address space"
    peak() {
        /usr/bin/python3 - "$1" "$2" <<'PYTHON'
import resource, subprocess, sys
subprocess.run(["comic-load", "--memory", "32M", "--report=none", sys.argv[1]], stdin=open(sys.argv[2], "rb"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PYTHON
    }
    make_stream --comics 2000 | comic-chunk --memory 32M >small
    make_stream --comics 12000 | comic-chunk --memory 32M >large
    small=$(peak small.db small)
    large=$(peak large.db large)
    echo "$small KiB for 2,000 comics, $large KiB for 12,000"
    [ "$large" -lt $((small + 3000)) ]
    run -0 bash -c 'ulimit -v 65536; exec comic-load --memory 32M --report=none limited.db <large'
    [ "$(sql limited.db "SELECT COUNT(*) FROM comic")" = 12000 ]
}

@test "no memory: exit 3, and the database is as it was" {
    sanitized && skip "sanitizer: reserves the whole address space"
    make_stream --comics 1500 | comic-chunk -n 100000 --memory 4G >s
    make_stream --comics 10 | comic-chunk >t
    comic-load --report=none base.db <t
    for kib in 14000 16000 18000 20000 22000 24000 27000 30000; do
        cp base.db m.db
        run --separate-stderr bash -c "ulimit -v $kib; exec comic-load --memory 1G --report=none m.db <s"
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || [ "$status" -eq 127 ]
        sane m.db
        [ "$status" -eq 0 ] || [ "$(sql m.db "SELECT COUNT(*) FROM comic")" = 10 ]
        rm -f m.db*
    done
}
