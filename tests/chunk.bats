#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-chunk: the limit, the budget, where batches end, and what passes untouched.
# shellcheck disable=SC2016,SC2154 # code for another bash; variables that bats' run sets

load helpers

# make_stream COUNT [BYTES [GROUPS]]: that many comics of about so many bytes each, in every group.
make_stream() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys, msgpack
count, size, groups = (int(a) for a in (sys.argv[1:] + ["300", "1"][len(sys.argv) - 2:]))
out = sys.stdout.buffer
text = "x" * max(0, size - 150)
for group in range(groups):
    out.write(msgpack.packb({"t": "begin", "v": 1, "by": "test 1", "roots": [b"/r"], "complete": True}))
    for i in range(count):
        out.write(msgpack.packb({"t": "comic", "path": f"/r/{group}/{i:08d}.cbz", "size": 1000 + i,
                                 "mtime": 1500000000000000000 + i, "ino": i, "dev": 1, "format": "cbz",
                                 "pages": 2, "sources": ["filename"], "meta": {"summary": text or "x"}}))
    out.write(msgpack.packb({"t": "end", "records": count}))
PYTHON
}

# shape FILE: the types of its records in a line, runs counted: "begin comic*7 batch:7 end ..."
shape() {
    comic-cat "$1" | jq -r '.t + (if .t == "batch" then ":\(.records)" else "" end)' | uniq -c |
        awk '{ printf "%s%s%s", sep, $2, ($1 > 1 ? "*" $1 : ""); sep = " " } END { print "" }'
}

# limited KIB COMMAND...: under a limit of address space, where that is possible.
limited() {
    local kib=$1
    shift
    if sanitized; then "$@"; else (ulimit -v "$kib" && exec "$@"); fi
}

# make_cgroup NAME BYTES: a memory cgroup below this process's; its folder is printed.
make_cgroup() {
    local own folder file
    if own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup) && [ -n "$own" ]; then
        folder=/sys/fs/cgroup/memory$own/$1 file=memory.limit_in_bytes
    else
        own=$(sed -n 's/^0:://p' /proc/self/cgroup)
        folder=/sys/fs/cgroup$own/$1 file=memory.max
    fi
    mkdir "$folder" 2>/dev/null || return 1
    echo "$folder" >>"$BATS_TEST_TMPDIR/cgroups"
    echo "$2" 2>/dev/null >"$folder/$file" || return 1
    echo "$folder"
}

# in_cgroup FOLDER COMMAND...
in_cgroup() {
    local folder=$1
    shift
    (echo "$BASHPID" >"$folder/cgroup.procs" && exec "$@")
}

teardown() {
    [ ! -e "$BATS_TEST_TMPDIR/cgroups" ] || tac "$BATS_TEST_TMPDIR/cgroups" | xargs -r rmdir
}

explain_last() {
    comic-chunk --explain "$@" | tail -n 1
}

# ---- the limit ----------------------------------------------------------------------------

@test "chunk: --explain ends with the comics per batch of a memory limit" {
    while read -r memory comics; do
        run -0 --separate-stderr comic-chunk --memory "$memory" --explain </dev/null
        [ "${lines[-1]}" = "comics per batch: $comics" ]
        [ "$stderr" = "" ]
    done <<'END'
4G 65536
4GiB 65536
1g 16384
256M 4096
67108864 1024
32M 1000
1 1000
1T 500000
END
}

@test "chunk: --explain says where the limit came from" {
    run -0 --separate-stderr comic-chunk --memory 1G --explain
    [ "${lines[0]}" = "memory limit: 1 GiB, from --memory" ]
    [ "${lines[1]}" = "budget: 256 MiB, 0.25 of the limit" ]
    run -0 --separate-stderr comic-chunk --explain
    [ "${lines[0]}" = "looked at:" ]
    [[ $output == *$'\n  physical memory: '* ]]
    [[ $output == *$'\nmemory limit: '*", from "* ]]
}

@test "chunk: --explain reads no standard input" {
    run -0 comic-chunk --explain <&-
    mkfifo pipe
    run -0 comic-chunk --explain 0<>pipe
}

@test "chunk: --fraction, --comic-size, --min, --max and -n change the batch" {
    [ "$(explain_last --memory 1G --fraction 0.5)" = "comics per batch: 32768" ]
    [ "$(explain_last --memory 1G --fraction 1)" = "comics per batch: 65536" ]
    [ "$(explain_last --memory 1G --comic-size 32K)" = "comics per batch: 8192" ]
    [ "$(explain_last --memory 1G --max 5000)" = "comics per batch: 5000" ]
    [ "$(explain_last --memory 1M --min 10)" = "comics per batch: 16" ]
    [ "$(explain_last --memory 1M --min 20)" = "comics per batch: 20" ]
    [ "$(explain_last --memory 1G -n 7)" = "comics per batch: 7" ]
}

@test "chunk: the first batches are smaller, unless their number is given" {
    make_stream 3000 >in
    comic-chunk -q --memory 64M --max 1000 <in >out
    [ "$(shape out)" = "begin comic*500 batch:500 comic*1000 batch:1000 comic*1000 batch:1000 comic*500 end batch:500" ]
    comic-chunk -q --memory 64M -n 2000 <in >out
    [ "$(shape out)" = "begin comic*2000 batch:2000 comic*1000 end batch:1000" ]
    comic-chunk -q --memory 64M --min 1 --max 256 <in >out
    [[ "$(shape out)" == "begin comic*256 batch:256 comic*256 batch:256 "* ]]
}

@test "chunk: a limit of address space or data is found" {
    if sanitized; then skip "sanitizer: it needs all address space"; fi
    run -0 bash -c 'ulimit -v 1048576; exec comic-chunk --explain'
    [[ $output == *"memory limit: 1 GiB, from RLIMIT_AS"* ]]
    [ "${lines[-1]}" = "comics per batch: 16384" ]
    run -0 bash -c 'ulimit -d 262144; exec comic-chunk --explain'
    [[ $output == *"memory limit: 256 MiB, from RLIMIT_DATA"* ]]
    [ "${lines[-1]}" = "comics per batch: 4096" ]
    run -0 bash -c 'ulimit -d 262144; ulimit -v 65536; exec comic-chunk --explain'
    [ "${lines[-1]}" = "comics per batch: 1024" ]
    run -0 bash -c 'ulimit -v 65536; exec comic-chunk --memory 1G --explain'
    [ "${lines[-1]}" = "comics per batch: 16384" ]
}

@test "chunk: a limit above the physical memory is ignored with a note" {
    if sanitized; then skip "sanitizer: it needs all address space"; fi
    make_stream 1 >in
    run -0 --separate-stderr bash -c 'ulimit -v 99999999999; exec comic-chunk <in >out'
    [[ $stderr == "comic-chunk: RLIMIT_AS: ignored: 93 TiB is more than the machine has" ]]
    run -0 --separate-stderr bash -c 'ulimit -v 99999999999; exec comic-chunk -q <in >out'
    [ "$stderr" = "" ]
}

@test "chunk: the limit of a memory cgroup is found" {
    folder=$(make_cgroup chunk-test.$$ 268435456) || skip "kernel: no memory cgroup can be made"
    run -0 in_cgroup "$folder" comic-chunk --explain
    echo "$output"
    [[ $output == *"memory limit: 256 MiB, from cgroup v"*"/chunk-test.$$"* ]]
    [ "${lines[-1]}" = "comics per batch: 4096" ]
}

@test "chunk: the smallest limit of nested memory cgroups is found" {
    outer=$(make_cgroup chunk-nested.$$ 67108864) || skip "kernel: no memory cgroup can be made"
    inner=$(make_cgroup chunk-nested.$$/inner 536870912) || skip "kernel: no nested memory cgroup can be made"
    run -0 in_cgroup "$inner" comic-chunk --explain
    echo "$output"
    [[ $output == *"memory limit: 64 MiB, from cgroup v"*"/chunk-nested.$$"$'\n'* ]]
    [ "${lines[-1]}" = "comics per batch: 1024" ]
    run -0 in_cgroup "$outer" comic-chunk --explain
    [ "${lines[-1]}" = "comics per batch: 1024" ]
}

# ---- batches ------------------------------------------------------------------------------

@test "chunk: a stream is one batch when it fits, ended after its end" {
    make_stream 20 >in
    run -0 --separate-stderr bash -c 'comic-chunk --memory 1G <in >out'
    [ "$stderr" = "" ]
    [ "$(shape out)" = "begin comic*20 end batch:20" ]
    comic-cat --check out
    [ "$(comic-cat out | jq -c 'select(.t == "batch") | [.n, .records, .comics]')" = "[1,20,20]" ]
    bytes=$(($(stat -c %s in) - $(comic-cat in | jq -c 'select(.t == "begin" or .t == "end")' |
        comic-cat --encode 2>/dev/null | wc -c)))
    [ "$(comic-cat out | jq 'select(.t == "batch") | .bytes')" -eq "$bytes" ]
}

@test "chunk: -n 7 ends a batch after each seventh record" {
    make_stream 20 >in
    comic-chunk -n 7 <in >out
    [ "$(shape out)" = "begin comic*7 batch:7 comic*7 batch:7 comic*6 end batch:6" ]
    [ "$(comic-cat out | jq -c 'select(.t == "batch") | .n' | tr '\n' ' ')" = "1 2 3 " ]
    make_stream 14 >in
    comic-chunk -n 7 <in >out
    [ "$(shape out)" = "begin comic*7 batch:7 comic*7 end batch:7" ]
}

@test "chunk: groups follow one another inside a batch" {
    make_stream 3 300 3 >in
    comic-chunk -n 2 <in >out
    [ "$(shape out)" = "begin comic*2 batch:2 comic end begin comic batch:2 comic*2 end begin batch:2 comic*2 batch:2 comic end batch:1" ]
    comic-cat --check out
    comic-chunk <in >out
    [ "$(shape out)" = "begin comic*3 end begin comic*3 end begin comic*3 end batch:9" ]
}

@test "chunk: a stream without records is one batch of none" {
    make_stream 0 300 2 >in
    comic-chunk <in >out
    [ "$(shape out)" = "begin end begin end batch:0" ]
}

@test "chunk: every type but begin and end counts, also an unknown one" {
    comic-cat --encode >in <<'END'
{"t":"begin","v":1,"by":"x","roots":["/r"],"complete":true}
{"t":"moved","id":1,"from":"/r/a","path":"/r/b","size":1,"mtime":"1","ino":"1","dev":1}
{"t":"gone","id":2,"path":"/r/c"}
{"t":"fail","path":"/r/d","size":1,"mtime":"1","ino":"1","dev":1,"code":"damaged","reason":"x"}
{"t":"file","path":"/r/e","size":1,"mtime":"1","ino":"1","dev":1,"change":"new"}
{"t":"novel","anything":[1,2,3]}
{"t":"end","records":5}
END
    comic-chunk -n 1 <in >out
    [ "$(shape out)" = "begin moved batch:1 gone batch:1 fail batch:1 file batch:1 novel end batch:1" ]
    [ "$(comic-cat out | jq -s 'map(select(.t == "batch").comics) | add')" -eq 0 ]
}

@test "chunk: records of a megabyte end a batch before its count" {
    make_stream 40 1048576 >in
    comic-chunk --memory 64M <in >out
    # The budget is 16 MiB, the batch 8 MiB of memory: at least 1 and at most 8 such records.
    comic-cat out | jq -c 'select(.t == "batch") | .records' >batches
    [ "$(awk '{ n += $1 } END { print n }' batches)" -eq 40 ]
    [ "$(sort -n batches | tail -n 1)" -le 8 ]
    [ "$(wc -l <batches)" -gt 4 ]
    comic-chunk --memory 4G <in >out
    [ "$(shape out)" = "begin comic*40 end batch:40" ]
}

@test "chunk: the same records come out, byte for byte" {
    # Integers and texts in wide encodings that no packer of ours would write.
    /usr/bin/python3 - <<'PYTHON'
body = (b"\x83\xa1t\xa5comic\xa4path\xdb\x00\x00\x00\x02/a\xa1x\xcf" + bytes(8),
        b"\xdf\x00\x00\x00\x02\xa1t\xd9\x04fail\xc4\x02zz\xca\x3f\x80\x00\x00",
        b"\x82\xa1t\xa5novel\xc0\xc8\x00\x01\x05x")
begin = b"\x83\xa1v\xd2\x00\x00\x00\x01\xa1t\xa5begin\xa2by\xd9\x01x"
end = b"\x82\xa7records\xcd\x00\x03\xa1t\xa3end"
open("in", "wb").write(begin + b"".join(body) + end)
open("want", "wb").write(b"\x84" + begin[1:] + b"\xa6budget\xce\x10\x00\x00\x00" + b"".join(body) + end)
PYTHON
    comic-chunk --memory 1G <in >out
    head -c "$(stat -c %s want)" out | cmp - want
}

@test "chunk: begin gets the budget, in place of another one" {
    make_stream 2 300 2 >in
    comic-chunk --memory 1G <in >once
    [ "$(comic-cat once | jq -c 'select(.t == "begin") | .budget' | tr '\n' ' ')" = "268435456 268435456 " ]
    [ "$(comic-cat once | jq -c 'select(.t == "begin") | del(.budget)')" = \
        "$(comic-cat in | jq -c 'select(.t == "begin")')" ]
    comic-chunk --memory 2G --fraction 0.5 <once >twice
    [ "$(comic-cat twice | jq -c 'select(.t == "begin") | .budget' | tr '\n' ' ')" = "1073741824 1073741824 " ]
}

@test "chunk: a stream can be cut anew" {
    make_stream 20 >in
    comic-chunk --memory 1G -n 3 <in >threes
    comic-chunk --memory 1G -n 7 <in >want
    comic-chunk --memory 1G -n 7 <threes >out
    cmp out want
    comic-chunk --memory 1G -n 7 <out | cmp - want
}

@test "chunk: parts joined with cat are one stream" {
    make_stream 3 >a
    make_stream 4 >b
    comic-chunk -n 5 <a >a.cut
    cat a.cut b | comic-chunk -n 5 >out
    [ "$(shape out)" = "begin comic*3 end begin comic*2 batch:5 comic*2 end batch:2" ]
}

# ---- memory -------------------------------------------------------------------------------

@test "chunk: a long stream passes in 32 MiB of address space" {
    make_stream 100000 3000 | limited 32768 comic-chunk --memory 64M | cat >out
    [ "${PIPESTATUS[*]}" = "0 0 0" ]
    [ "$(comic-cat out | grep -c '^{"t":"comic"')" -eq 100000 ]
    rm out
}

@test "chunk: a long stream passes in a memory cgroup of 8 MiB" {
    folder=$(make_cgroup chunk-long.$$ 8388608) || skip "kernel: no memory cgroup can be made"
    if sanitized; then skip "sanitizer: it needs more memory than that"; fi
    make_stream 100000 3000 | in_cgroup "$folder" comic-chunk | md5sum >got
    make_stream 100000 3000 | comic-chunk --memory 8M | md5sum | cmp - got
}

@test "chunk: a record larger than the memory is an error, not a crash" {
    make_stream 1 6000000 >in
    run -0 limited 65536 comic-chunk --memory 1M -o out <in
    [ "$(shape out)" = "begin comic end batch:1" ]
    if sanitized; then return 0; fi
    run -3 --separate-stderr limited 8192 comic-chunk --memory 1M -o out2 <in
    [[ $stderr == *"out of memory"* ]]
    [ ! -e out2 ]
}

# ---- faults -------------------------------------------------------------------------------

@test "chunk: a stream cut anywhere exits 3, passes on what is whole, and ends no batch" {
    make_stream 30 >in
    comic-chunk --memory 1G <in >full
    total=$(stat -c %s in)
    for i in {0..50}; do
        cut=$((total * i / 51))
        status=0
        head -c $cut in | comic-chunk --memory 1G >out 2>err || status=$?
        [ $status -eq 3 ]
        [[ $(cat err) == "comic-chunk: standard input: truncated stream at byte "* ]]
        size=$(stat -c %s out)
        cmp -n "$size" out full
        # Nothing but the piece of a record is missing; the budget was added.
        [ "$size" -le $((cut + 13)) ]
        [ "$cut" -lt 400 ] || [ "$size" -gt $((cut - 400)) ]
        [ "$(comic-cat out 2>/dev/null | grep -c '"t":"batch"')" -eq 0 ]
    done
}

@test "chunk: a corrupt stream exits 3 after what came before" {
    make_stream 30 >in
    { head -c $(($(stat -c %s in) - 16)) in; printf '\301'; } >bad
    run -3 --separate-stderr bash -c 'comic-chunk <bad >out'
    [[ $stderr == "comic-chunk: standard input: corrupt stream at byte "* ]]
    [ "$(comic-cat out 2>/dev/null | grep -c '"t":"comic"')" -eq 30 ]
    [ "$(comic-cat out 2>/dev/null | grep -c '"t":"batch"')" -eq 0 ]
    run -3 --separate-stderr comic-chunk </dev/null
    [ "$output" = "" ]
    [[ $stderr == *"truncated stream at byte 0"* ]]
    run -3 --separate-stderr bash -c 'echo hello | comic-chunk'
    [[ $stderr == *"corrupt stream at byte 0"* ]]
}

@test "chunk: -o leaves nothing of a truncated stream" {
    make_stream 30 >in
    head -c 5000 in >part
    run -3 comic-chunk -o out <part
    run -0 ls
    [ "$output" = $'in\npart' ]
    echo old >out
    run -3 comic-chunk -o out <part
    [ "$(cat out)" = old ]
    run -0 comic-chunk -o out <in
    [ "$(shape out)" = "begin comic*30 end batch:30" ]
}

@test "chunk: output that cannot be written exits 3" {
    make_stream 30 >in
    run -3 --separate-stderr bash -c 'comic-chunk <in >/dev/full'
    [ "$stderr" = "comic-chunk: standard output: write: No space left on device" ]
    run -3 --separate-stderr bash -c 'comic-chunk <in >&-'
    [[ $stderr == "comic-chunk: standard output: write: "* ]]
    run -3 --separate-stderr bash -c 'comic-chunk --explain >/dev/full'
    run -3 --separate-stderr bash -c 'comic-chunk <&- >out'
    [[ $stderr == "comic-chunk: standard input: read: "* ]]
}

@test "chunk: a reader that goes away is no error" {
    make_stream 20000 >in
    run -0 --separate-stderr bash -c 'comic-chunk <in | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
    [ "$output" = 141 ]
    [ "$stderr" = "" ]
    run -0 --separate-stderr bash -c 'trap "" PIPE; comic-chunk <in | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
    [ "$output" = 141 ]
    [ "$stderr" = "" ]
}

@test "chunk: an interrupt ends it by that signal, without a batch" {
    make_stream 5 >in
    mkfifo pipe
    comic-chunk <pipe >out &
    pid=$!
    exec 7>pipe
    head -c 500 in >&7
    kill -TERM $pid
    exec 7>&-
    status=0
    wait $pid || status=$?
    [ $status -eq 143 ]
    [ "$(comic-cat out 2>/dev/null | grep -c '"t":"batch"')" -eq 0 ]
}

@test "chunk: --strict exits 1 when there was a failure, having passed on everything" {
    make_stream 2 >good
    comic-cat --encode >in <<'END'
{"t":"begin","v":1,"by":"x","roots":["/r"],"complete":true}
{"t":"fail","path":"/r/d","size":1,"mtime":"1","ino":"1","dev":1,"code":"damaged","reason":"x"}
{"t":"end","records":1}
END
    run -0 comic-chunk -o out <in
    run -1 comic-chunk --strict -o out <in
    [ "$(shape out)" = "begin fail end batch:1" ]
    run -0 comic-chunk --strict -o out <good
    run -3 bash -c 'head -c -3 in | comic-chunk --strict >out'
}

@test "chunk: -v says what was decided" {
    make_stream 20 >in
    run -0 --separate-stderr bash -c 'comic-chunk -v --memory 1G -n 7 <in >out'
    [ "${stderr_lines[0]}" = "comic-chunk: memory limit 1 GiB (--memory), budget 256 MiB, 7 comics per batch" ]
    [ "${stderr_lines[1]}" = "comic-chunk: 20 records in 3 batches" ]
}

@test "chunk: wrong usage exits 2 and says why" {
    while IFS='|' read -r args want; do
        # shellcheck disable=SC2086 # the words are the arguments
        run -2 --separate-stderr comic-chunk $args </dev/null
        [ "$output" = "" ]
        [ "${stderr_lines[0]}" = "comic-chunk: $want" ]
        [ "${stderr_lines[1]}" = "Try 'comic-chunk --help'." ]
    done <<'END'
--memory=0|'0': a size above 0 is needed
--memory=x|'x': not a size (try 256M or 4G)
--memory=-1|'-1': not a size (try 256M or 4G)
--comic-size=0|'0': a size above 0 is needed
--fraction=0|'0': not a fraction above 0 and up to 1
--fraction=1.5|'1.5': not a fraction above 0 and up to 1
--min=0|'0': not a number from 1 to 4294967295
--max=-5|'-5': not a number from 1 to 4294967295
--min=500 --max=400|--min is above --max
-n 0|'0': not a number from 1 to 4294967295
-n|option '-n' needs an argument
--explain -o x|--explain writes to standard output only
in.stream|'in.stream': no operand is taken; the stream comes on standard input
--nonsense|unknown or ambiguous option '--nonsense'
END
}

@test "chunk: a terminal is refused, unless forced" {
    make_stream 1 >in
    run -2 script -qec 'comic-chunk <in' /dev/null
    [[ $output == *"standard output is a terminal"* ]]
    run -2 script -qec 'comic-chunk >out' /dev/null
    [[ $output == *"standard input is a terminal"* ]]
    run -0 script -qec 'comic-chunk -f <in' /dev/null
    run -0 script -qec 'comic-chunk --explain' /dev/null
}

@test "chunk: a begin that grows beyond what a reader takes is refused" {
    /usr/bin/python3 - <<'PYTHON' > long
import msgpack, sys
begin = {"t": "begin", "v": 1, "by": "", "complete": False}
begin["by"] = "x" * ((8 << 20) - len(msgpack.packb(begin)) - 4)
sys.stdout.buffer.write(msgpack.packb(begin) + msgpack.packb({"t": "end", "records": 0}))
PYTHON
    comic-cat --check long
    run -3 --separate-stderr bash -c "comic-chunk < long > out"
    [[ "$stderr" == "comic-chunk: standard output: a record of "*" bytes, of 8388608 at most" ]]
}

@test "chunk: SIGUSR1 is answered while input is waited for" {
    make_stream 30 >s
    mkfifo fifo
    comic-chunk -v -n 1000 <fifo >out 2>messages &
    pid=$!
    exec {in}>fifo
    head -c $(($(stat -c %s s) / 2)) s >&"$in"
    until [ -s messages ]; do sleep 0.01; done # then there are its handlers
    until grep -qE '^comic-chunk: batch 1: [1-9][0-9]* records so far$' messages; do
        sleep 0.05
        kill -USR1 $pid
    done
    tail -c "+$(($(stat -c %s s) / 2 + 1))" s >&"$in"
    exec {in}>&-
    wait $pid
    comic-cat --check out
}
