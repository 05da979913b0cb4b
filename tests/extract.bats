#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-extract: operands, streams, workers, failures.
load helpers

XML='<?xml version="1.0"?><ComicInfo><Series>Night Watch</Series><Number>7</Number>
<Writer>Ann Able, Bo Baker</Writer><Publisher>Harbor</Publisher></ComicInfo>'

# json PROGRAM...: its records as JSON, without begin and end.
records() {
    comic-cat | jq -c 'select(.t != "begin" and .t != "end")'
}

@test "a comic named on the command line" {
    make_cbz a.cbz "$XML"
    run -0 --separate-stderr bash -c "comic-extract a.cbz > out"
    [ -z "$stderr" ]
    comic-cat --check out
    comic-cat out > json
    [ "$(jq -c 'select(.t == "begin") | [.complete, .roots]' json)" = '[false,[]]' ]
    [ "$(jq -r 'select(.t == "comic") | .path' json)" = "$PWD/a.cbz" ]
    [ "$(jq -c 'select(.t == "comic") | [.format, .pages, .meta.series.name, .meta.issue.number]' json)" = '["cbz",2,"Night Watch",7]' ]
    [ "$(jq -c 'select(.t == "comic") | .sources' json)" = '["filename","ComicInfo.xml"]' ]
    [ "$(jq -c 'select(.t == "comic") | .meta.credits | keys' json)" = '["Ann Able","Bo Baker"]' ]
    [ "$(jq -r 'select(.t == "comic") | .meta.cover' json)" = 01.jpg ]
    [ "$(jq -r 'select(.t == "comic") | .fingerprint | length' json)" -eq 32 ]
    [ "$(jq -r 'select(.t == "comic") | .mtime' json)" = "$(stat -c %Y a.cbz)000000000" ]
}

@test "file records are replaced, all others pass through in their place" {
    make_cbz a.cbz "$XML"
    make_cbz b.cbz
    comic-scan --settle 0 . > scanned
    comic-cat scanned | jq -c 'if .t == "end" then
        {t: "gone", id: 3, path: "/x"}, {t: "later", x: 1}, (.records += 2) else . end' |
        comic-cat --encode > mixed
    run -0 bash -c "comic-extract < mixed > out"
    [ "$(comic-cat out | jq -r .t | tr '\n' ' ')" = "begin comic comic gone later end " ]
    [ "$(comic-cat out | jq -c 'select(.t == "begin") | .complete')" = true ]
    [ "$(comic-cat out | jq -c 'select(.t == "end") | [.records, .comics, .failed, .skipped]')" = '[4,2,0,0]' ]
}

@test "touched and unsettled files are not opened" {
    make_cbz a.cbz "$XML"
    comic-scan --settle 0 . | comic-cat | sed 's/"change":"new"/"change":"touched"/' |
        comic-cat --encode > in
    comic-extract < in | cmp -s - in || [ "$(comic-extract < in | comic-cat | jq -r 'select(.t=="file").change')" = touched ]
}

@test "the order of records does not depend on the number of workers" {
    make_library --comics 200 --pages 2 lib
    comic-scan --settle 0 lib > scanned
    comic-extract -j1 < scanned > one
    comic-extract -j8 < scanned > eight
    cmp one eight
    comic-cat --check one
}

@test "every kind of failure has its code and one line" {
    make_cbz good.cbz "$XML"
    : > empty.cbz
    printf '<html>not found</html>' > page.cbz
    head -c 150 good.cbz > cut.cbz
    make_cbz secret.cbz
    chmod 000 secret.cbz
    run -0 --separate-stderr as_user bash -c "comic-extract *.cbz > out"
    comic-cat --check out
    [ "$(comic-cat out | jq -r 'select(.t == "fail") | [(.path | split("/")[-1]), .code] | join(" ")')" = "$(printf 'cut.cbz damaged\nempty.cbz empty\npage.cbz not-an-archive\nsecret.cbz unreadable')" ]
    [ "${#stderr_lines[@]}" -eq 4 ]
    [[ "${stderr_lines[1]}" == "comic-extract: $PWD/empty.cbz: empty: "* ]]
    [ "$(comic-cat out | jq -c 'select(.t == "end") | [.comics, .failed]')" = '[1,4]' ]
}

@test "--strict makes a failure the exit status 1, the output stays whole" {
    : > empty.cbz
    run -1 bash -c "comic-extract --strict empty.cbz > out"
    comic-cat --check out
}

@test "a missing operand is named, the others are read, exit 3" {
    make_cbz a.cbz
    run -3 --separate-stderr bash -c "comic-extract missing.cbz a.cbz > out"
    [ "$stderr" = "comic-extract: $PWD/missing.cbz: skipped: no such file" ]
    [ "$(comic-cat out | jq -r 'select(.t == "comic") | .path')" = "$PWD/a.cbz" ]
}

@test "a file that went away since the scan is a note and no record" {
    make_cbz a.cbz
    make_cbz b.cbz
    comic-scan --settle 0 . > scanned
    rm a.cbz
    run -0 --separate-stderr bash -c "comic-extract < scanned > out"
    [ "$stderr" = "comic-extract: $PWD/a.cbz: skipped: no such file" ]
    [ "$(comic-cat out | jq -c 'select(.t == "end") | [.comics, .failed, .skipped]')" = '[1,0,1]' ]
}

@test "a fifo, a folder and a device are skipped without waiting" {
    mkfifo pipe.cbz
    mkdir folder.cbz
    run -0 --separate-stderr bash -c "comic-extract pipe.cbz folder.cbz /dev/null > out"
    [ "${#stderr_lines[@]}" -eq 3 ]
    [[ "${stderr_lines[0]}" == *"pipe.cbz: skipped: not a regular file" ]]
    [[ "${stderr_lines[1]}" == *"folder.cbz: skipped: a folder"* ]]
}

@test "a record says what the file is when it is read, not when it was scanned" {
    make_cbz a.cbz
    comic-scan --settle 0 . > scanned
    make_cbz a.cbz "$XML"
    touch -d '2021-05-05' a.cbz
    comic-extract < scanned | records > json
    [ "$(jq -r .size json)" = "$(stat -c %s a.cbz)" ]
    [ "$(jq -r .meta.publisher.name json)" = Harbor ]
}

@test "--no-open tells what the name does, and opens nothing" {
    printf 'nonsense' > 'Some Series #003 (2014).cbz'
    ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 \
        strace -f -qq -e trace=open,openat -o trace comic-extract --no-open *.cbz > out
    run -1 grep -F 'Some Series' trace
    [ "$(comic-cat out | jq -c 'select(.t == "comic") | [.meta.series.name, .meta.issue.name, .meta.date.year, .pages]')" = '["Some Series","003",2014,0]' ]
}

@test "--files0-from reads names that end with NUL" {
    make_cbz $'new\nline.cbz'
    make_cbz ./-dash.cbz
    printf '%s\0' $'new\nline.cbz' -dash.cbz > names
    comic-extract --files0-from names > out
    [ "$(comic-cat out | jq -c 'select(.t == "comic") | .path | split("/")[-1]')" = "$(printf '"new\\nline.cbz"\n"-dash.cbz"')" ]
    printf '%s\0' ./-dash.cbz | comic-extract --files0-from=- | comic-cat --check
    run -2 comic-extract --files0-from names a.cbz
}

@test "a name that is not UTF-8 keeps its bytes" {
    name=$(printf 'caf\xe9 001.cbz')
    make_cbz "$name"
    comic-extract "$name" > out
    [ "$(comic-cat out | jq -r 'select(.t == "comic") | .path["$bytes"]' | base64 -d)" = "$PWD/$name" ]
    comic-cat out | jq -c . | comic-cat --encode | cmp - out
}

# with_stopped_worker SIGNAL ARGS...: comic-extract with one worker, which gets
# STOP after its first file and SIGNAL (KILL, or nothing for "") while it has the second.
with_stopped_worker() {
    local signal=$1
    shift
    mkfifo in
    comic-extract -j1 "$@" < in > out 2> err 3>&- &
    local pid=$! worker=
    exec 9> in
    until worker=$(pgrep -P "$pid") && [ -n "$worker" ]; do :; done
    comic-cat scanned | head -n 2 | comic-cat --encode >&9
    until [ -s out ]; do :; done
    kill -STOP "$worker"
    comic-cat scanned | tail -n +3 | comic-cat --encode >&9
    exec 9>&-
    if [ -n "$signal" ]; then
        # The worker has its request when the parent has opened the file.
        until [ "$(find "/proc/$pid/fd" -lname '*.cbz' 2> /dev/null | wc -l)" -gt 0 ]; do :; done
        kill "-$signal" "$worker"
    fi
    wait "$pid"
}

@test "a worker that dies costs the file it had" {
    make_cbz a.cbz
    make_cbz b.cbz
    make_cbz c.cbz
    comic-scan --settle 0 . > scanned
    with_stopped_worker KILL
    comic-cat --check out
    [ "$(comic-cat out | jq -r 'select(.t == "comic" or .t == "fail") | .code // "ok"' | tr '\n' ' ')" = "ok crash ok " ]
    [[ "$(cat err)" == "comic-extract: $PWD/b.cbz: crash: the worker died of signal 9" ]]
}

@test "how a worker died is known even if the caller ignores SIGCHLD" {
    make_cbz a.cbz
    make_cbz b.cbz
    comic-scan --settle 0 . > scanned
    (trap '' CHLD; with_stopped_worker KILL)
    [[ "$(cat err)" == "comic-extract: $PWD/b.cbz: crash: the worker died of signal 9" ]]
}

@test "a worker that hangs costs the file it had" {
    make_cbz a.cbz
    make_cbz b.cbz
    comic-scan --settle 0 . > scanned
    with_stopped_worker "" --timeout 2
    [ "$(comic-cat out | jq -r 'select(.t == "comic" or .t == "fail") | .code // "ok"' | tr '\n' ' ')" = "ok timeout " ]
    [[ "$(cat err)" == "comic-extract: $PWD/b.cbz: timeout: no result within 2 s" ]]
}

@test "no worker outlives its parent" {
    mkfifo in
    comic-extract -j3 < in > out 3>&- &
    pid=$!
    exec 9> in
    until [ "$(pgrep -c -P "$pid")" -eq 3 ]; do :; done
    workers=$(pgrep -P "$pid")
    kill -KILL "$pid"
    for worker in $workers; do
        while [ -e "/proc/$worker" ] && ! grep -q '^State:.Z' "/proc/$worker/status"; do :; done
    done
}

@test "a worker never has more address space than the program" {
    if sanitized; then skip "sanitizer: it needs all address space"; fi
    mkfifo in
    (ulimit -Sv 200000; exec comic-extract -j1 < in > out 3>&-) &
    pid=$!
    exec 9> in
    make_cbz a.cbz
    comic-scan --settle 0 . | comic-cat | head -n 2 | comic-cat --encode >&9
    until [ -s out ]; do :; done
    run -0 cat "/proc/$(pgrep -P "$pid")/limits"
    exec 9>&-
    [[ "$output" == *"Max address space "*" 204800000 "* ]]
}

@test "fewer descriptors than files in the window cost nothing but time" {
    make_library --comics 150 --pages 2 --page-bytes 64 lib
    comic-scan --settle 0 lib > scanned
    comic-extract < scanned > want
    for limit in 32 24; do
        run -0 --separate-stderr bash -c "ulimit -n $limit; comic-extract -j8 < scanned 3>&- > out"
        [ -z "$stderr" ]
        cmp out want
    done
    run -3 --separate-stderr bash -c "ulimit -n 8; comic-extract -j8 < scanned 3>&- > out"
    [[ "$stderr" == "comic-extract: worker: "*": Too many open files" ]]
}

# 150 comics in lib, and what LD_PRELOAD takes to make them slow.
make_slow_library() {
    cc -shared -fPIC -O1 -o slow.so "$PROJECT/tests/preload/slow.c"
    make_library --comics 150 --pages 2 --page-bytes 64 lib
}

@test "where it takes long to open a file several are opened at once" {
    sanitized && skip "sanitizer: no preloading"
    make_slow_library
    echo broken > lib/x.cbz
    comic-scan --settle 0 lib > scanned
    rm "$(comic-cat scanned | jq -r 'select(.t == "file") | .path' | sed -n 99p)"
    comic-extract < scanned > want 2> errors
    export SLOW_MS=3 SLOW_FILE=most
    LD_PRELOAD=./slow.so comic-extract < scanned > out 2> slow_errors
    cmp out want
    cmp slow_errors errors
    [ "$(cut -d' ' -f1 most)" -ge 2 ]
}

@test "threads open files only as long as it takes long" {
    sanitized && skip "sanitizer: no preloading"
    make_slow_library
    comic-scan --settle 0 lib > scanned
    comic-extract < scanned > want
    export SLOW_FILE=seen SLOW_MS=3
    SLOW_OPENS=0 LD_PRELOAD=./slow.so comic-extract < scanned > out
    [ "$(cut -d' ' -f3 seen)" = 0 ] || skip "kernel: each file takes long to open"
    # A file now and then is no reason.
    SLOW_OPENS=4 LD_PRELOAD=./slow.so comic-extract < scanned > out
    cmp out want
    [ "$(cut -d' ' -f3 seen)" = 0 ]
    SLOW_OPENS=40 LD_PRELOAD=./slow.so comic-extract < scanned > out
    cmp out want
    by_threads=$(cut -d' ' -f3 seen)
    [ "$by_threads" -ge 20 ]
    SLOW_OPENS=150 LD_PRELOAD=./slow.so comic-extract < scanned > out
    [ "$(cut -d' ' -f3 seen)" -gt $((by_threads + 20)) ]
}

# with_taken N PROGRAM...: it has 520 descriptors at most, of which N are taken already.
with_taken() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import os, resource, subprocess, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (520, 520))
taken = [os.open("/dev/null", os.O_RDONLY) for _ in range(int(sys.argv[1]))]
sys.exit(subprocess.run(sys.argv[2:], stdin=open("scanned"), stdout=open("out", "w"),
                        stderr=open("errors", "w"), pass_fds=taken).returncode)
PYTHON
}

@test "files that were opened too early are given up for want of descriptors" {
    sanitized && skip "sanitizer: no preloading"
    make_slow_library
    comic-scan --settle 0 lib > scanned
    comic-extract < scanned > want
    export SLOW_MS=2 SLOW_READ_MS=3 SLOW_FILE=seen
    for taken in 480 490 500; do
        with_taken $taken env LD_PRELOAD=./slow.so comic-extract -j4
        cmp out want
    done
    [ "$(cut -d' ' -f2 seen)" -gt 0 ]
    # Workers that die meanwhile are replaced all the same.
    for taken in 450 490 500; do
        SLOW_DEADLY=6 with_taken $taken env LD_PRELOAD=./slow.so comic-extract -j4
        comic-cat --check out
        [ "$(records < out | wc -l)" = 150 ]
        grep -q 'the worker died' errors
    done
}

@test "where it takes long to open a file a worker that dies still costs the file it had" {
    sanitized && skip "sanitizer: no preloading"
    make_slow_library
    comic-scan --settle 0 lib > scanned
    SLOW_MS=2 SLOW_DEADLY=20 LD_PRELOAD=./slow.so comic-extract -j2 < scanned > out 2> errors
    comic-cat --check out
    [ "$(records < out | wc -l)" = 150 ]
    died=$(grep -c 'the worker died' errors)
    [ "$died" -ge 3 ]
    [ "$(records < out | jq -r .t | grep -c fail)" = "$died" ]
}

# The system counts the descriptors that wait in the sockets of all of a user's processes.
@test "many at once wait for each other's descriptors to be taken in" {
    /usr/bin/python3 - <<'PYTHON'
import os, zipfile
with zipfile.ZipFile("0.cbz", "w") as z:
    for i in range(3000):
        z.writestr(f"{i}.jpg", b"")
for i in range(1, 60):
    os.link("0.cbz", f"{i}.cbz")
PYTHON
    comic-extract -- *.cbz > want
    for i in 1 2 3 4 5 6; do
        (ulimit -n 64; status=0
         without_privileges comic-extract -j4 -- *.cbz > "out.$i" 2> "err.$i" 3>&- || status=$?
         echo "$status" >> statuses) &
    done
    wait
    cat err.*
    [ "$(sort -u statuses)" = 0 ]
    for i in 1 2 3 4 5 6; do cmp "out.$i" want; done
}

@test "SIGTERM ends it even while nobody reads its output; no worker is left" {
    make_library --comics 1000 --pages 2 --page-bytes 64 lib
    comic-scan --settle 0 lib > scanned
    cat > stalled.py <<'PYTHON'
import array, fcntl, os, subprocess, sys, termios
reader, writer = os.pipe()
program = subprocess.Popen(sys.argv[1:], stdin=open("scanned"), stdout=writer, close_fds=True)
size, held = fcntl.fcntl(reader, 1032), array.array("i", [0])  # F_GETPIPE_SZ
while held[0] < size - 4096:
    fcntl.ioctl(reader, termios.FIONREAD, held)
children = open(f"/proc/{program.pid}/task/{program.pid}/children").read().split()
program.terminate()
assert program.wait(30) == -15, program.returncode
assert not any(os.path.exists(f"/proc/{child}") for child in children), children
PYTHON
    /usr/bin/python3 stalled.py comic-extract -j3
    /usr/bin/python3 stalled.py comic-cat
    /usr/bin/python3 stalled.py comic-chunk
}

@test "SIGUSR1 prints the counts and disturbs nothing, not even half a name" {
    make_cbz a.cbz
    mkfifo names
    comic-extract --files0-from names > out 2> err 3>&- &
    pid=$!
    exec 9> names
    printf 'a.c' >&9
    kill -USR1 "$pid"
    printf 'bz\0' >&9
    exec 9>&-
    wait "$pid"
    [ "$(comic-cat out | jq -r 'select(.t == "comic") | .path')" = "$PWD/a.cbz" ]
    [ "$(cat err)" = "comic-extract: 0 comics, 0 failed, 0 skipped" ]
}

@test "a record no reader would take is refused where it is made" {
    /usr/bin/python3 - <<'PYTHON' > long
import msgpack, sys
def put(record):
    sys.stdout.buffer.write(msgpack.packb(record, use_bin_type=True))
put({"t": "begin", "v": 1, "by": "test", "roots": [], "complete": False})
file = {"t": "file", "path": b"/", "size": 5, "mtime": 1, "ino": 2, "change": "new"}
file["path"] += b"x" * ((8 << 20) - len(msgpack.packb(file, use_bin_type=True)) - 8)
put(file)
put({"t": "end", "records": 1})
PYTHON
    comic-cat --check long
    run -3 --separate-stderr bash -c "comic-extract < long > out"
    [[ "${stderr_lines[-1]}" == "comic-extract: standard output: a record of "*" bytes, of 8388608 at most" ]]
    run -3 comic-cat --check out
    [[ "$output" == *"truncated stream"* ]]
}

@test "a name longer than any file system's keeps its end" {
    name=$(printf 'x%.0s' $(seq 2000))
    printf '{"t":"begin","v":1,"complete":false}\n{"t":"file","path":"/%s #007.cbz","size":1,"mtime":"1","change":"new"}\n{"t":"end","records":1}\n' "$name" |
        comic-cat --encode > in
    run -0 bash -c "comic-extract --no-open < in > out"
    [ "$(comic-cat out | jq -r 'select(.t == "comic") | .meta.issue.name')" = 007 ]
    [ "$(comic-cat out | jq -r 'select(.t == "comic") | .path | length')" -eq 2010 ]
}

@test "a member that unpacks to gigabytes costs nothing but itself" {
    /usr/bin/python3 - <<'PYTHON'
import zipfile
with zipfile.ZipFile("bomb.cbz", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("1.jpg", b"x")
    with z.open("ComicInfo.xml", "w") as f:
        f.write(b"<ComicInfo><Summary>")
        for _ in range(100):
            f.write(b" " * 1048576)
        f.write(b"</Summary></ComicInfo>")
PYTHON
    comic-extract bomb.cbz > out
    [ "$(comic-cat out | jq -c 'select(.t == "comic") | [.pages, .meta.series.name, (.warnings | length > 0)]')" = '[1,"bomb",true]' ]
}

@test "what is done goes on while more input is waited for, be it only the begin" {
    make_cbz a.cbz "$XML"
    comic-scan --settle 0 "$PWD" > scanned
    comic-cat scanned | head -n 1 | comic-cat --encode > begin
    mkfifo fifo
    for _ in 1 2 3 4 5 6 7 8; do
        rm -f out
        comic-extract -j1 < fifo > out 2>errors &
        exec {in}>fifo
        cat begin >&"$in"
        until [ -s out ]; do kill -0 $!; sleep 0.01; done
        cmp begin out
        tail -c "+$(($(stat -c %s begin) + 1))" scanned >&"$in"
        exec {in}>&-
        wait $!
        [ "$(records < out | jq -r .t)" = comic ]
    done
}

@test "a truncated input is 3 and no end is written" {
    make_library --comics 10 --pages 2 lib
    comic-scan --settle 0 lib > scanned
    head -c "$(($(stat -c %s scanned) - 3))" scanned > cut
    run -3 --separate-stderr bash -c "comic-extract < cut > out"
    [[ "$stderr" == *"truncated stream"* ]]
    run -3 comic-cat --check out
    [ "$(comic-cat out 2> /dev/null | jq -r 'select(.t == "end")')" = "" ]
}

@test "memory stays flat over many comics" {
    make_library --comics 2000 --pages 2 --page-bytes 64 lib
    comic-scan --settle 0 lib > scanned
    for _ in 1 2 3 4 5; do cat scanned; done > many
    if sanitized; then limit=unlimited; else limit=60000; fi
    bash -c "ulimit -v $limit; comic-extract -j1 < many > out"
    [ "$(comic-cat out | jq -c 'select(.t == "end") | .comics' | awk '{ n += $1 } END { print n }')" -eq 10000 ]
}

@test "system calls: at most 10 in the worker, 16 with the parent's, 16 KiB read" {
    if sanitized; then skip "sanitizer: it makes calls of its own"; fi
    make_library --comics 200 --pages 28 --page-bytes 65536 --sparse lib
    comic-scan --settle 0 lib > scanned
    # To open a file takes long where each call is watched. So few descriptors that threads do not.
    (ulimit -n 256 && strace -f -qq -o trace comic-extract -j1 < scanned > out)
    run -0 /usr/bin/python3 - <<'PYTHON'
import re
first, calls, read = None, {}, 0
for line in open("trace", errors="replace"):
    m = re.match(r"(\d+) +(?:<\.\.\. )?(\w+)(.*)", line)
    if not m or line.rstrip().endswith("<unfinished ...>") or m[3].startswith("+++"):
        continue
    first = first or m[1]
    calls[m[1] == first] = calls.get(m[1] == first, 0) + 1
    size = re.search(r"= (\d+)$", m[3])
    read += int(size[1]) if m[2] == "pread64" and size else 0
start = 250  # of the dynamic loader and the start of the processes
worker, parent = calls[False] / 200, (calls[True] - start) / 200
print(worker, parent, read / 200)
assert worker <= 10 and worker + parent <= 16 and read / 200 <= 16384
PYTHON
}

@test "the bytes a worker reads first are asked for beforehand: its end, of other kinds the head too" {
    make_cbz a.cbz "$XML"
    make_cbz b.cbr "$XML"
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -y -e trace=fadvise64 -o trace comic-extract -j1 a.cbz b.cbr > out
    comic-cat --check out
    [ "$(grep -c 'a.cbz>, .*, 7168, POSIX_FADV_WILLNEED) = 0' trace)" -eq 1 ]
    [ "$(grep -c 'b.cbr>, .*, POSIX_FADV_WILLNEED) = 0' trace)" -eq 2 ]
    [ "$(grep -c 'b.cbr>, 0, 1024, POSIX_FADV_WILLNEED) = 0' trace)" -eq 1 ]
}
