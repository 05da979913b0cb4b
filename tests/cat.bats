#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-cat: streams as JSON Lines and back.
load helpers

# A stream of one file record and an unknown type, by an independent implementation.
write_stream() {
    /usr/bin/python3 - "$@" <<'PYTHON' > stream
import msgpack, sys
def put(record):
    sys.stdout.buffer.write(msgpack.packb(record, use_bin_type=True))
put({"t": "begin", "v": 1, "by": "test", "roots": [b"/\xff"], "complete": True})
put({"t": "file", "path": b"/\xff/a.cbz", "size": 5, "mtime": -1700000000123456789,
     "ino": 2**64 - 1, "dev": 2**60, "change": "new"})
put({"t": "later", "x": [1, 2.25, 2**60, None, True, b"zz", {"deep": {"er": "é\n\x00"}}]})
put({"t": "end", "records": 2})
PYTHON
}

@test "a stream becomes one JSON object a line" {
    write_stream
    run -0 --separate-stderr comic-cat stream
    [ "${#lines[@]}" -eq 4 ]
    [ "${lines[1]}" = '{"t":"file","path":{"$bytes":"L/8vYS5jYno="},"size":5,"mtime":"-1700000000123456789","ino":"18446744073709551615","dev":"1152921504606846976","change":"new"}' ]
    [ "${lines[2]}" = '{"t":"later","x":[1,2.25,{"$int":"1152921504606846976"},null,true,{"$bytes":"eno="},{"deep":{"er":"é\n\u0000"}}]}' ]
    [ -z "$stderr" ]
}

@test "JSON becomes the same bytes again, also through jq" {
    write_stream
    comic-cat stream | comic-cat --encode | cmp - stream
    comic-cat < stream | jq -c . | comic-cat --encode | cmp - stream
    comic-cat stream | jq . | comic-cat --encode | cmp - stream
}

@test "--check is silent on a good stream and says what is wrong with a bad one" {
    write_stream
    run -0 --separate-stderr comic-cat --check stream
    [ -z "$output$stderr" ]
    comic-cat stream | sed 's/"change":"new"/"change":"sold"/' | comic-cat --encode > bad
    run -3 --separate-stderr comic-cat --check bad
    [[ "$stderr" == "comic-cat: bad: file record at byte "*": change: new, modified, touched or unsettled was expected" ]]
    comic-cat stream | sed 's/"size":5,//' | comic-cat --encode > bad
    run -3 --separate-stderr comic-cat --check bad
    [[ "$stderr" == *"size is missing" ]]
}

# comic_with FINGERPRINT: a stream of one comic.
comic_with() {
    printf '%s\n' '{"t":"begin","v":1,"by":"x","roots":[],"complete":false}' \
        '{"t":"comic","path":"/a.cbz","size":1,"mtime":"1","format":"cbz","pages":1,"fingerprint":"'"$1"'"}' \
        '{"t":"end","records":1}' | comic-cat --encode
}

@test "--check: a fingerprint is 32 hex digits, in lower case, without a NUL" {
    comic_with 0123456789abcdef0123456789abcdef | comic-cat --check
    for digits in 0123456789ABCDEF0123456789abcdef 0123 '\u0000123456789abcdef0123456789abcdef' \
        0123456789abcdef0123456789abcde:; do
        run -3 --separate-stderr bash -c 'comic-cat --check' < <(comic_with "$digits")
        [[ $stderr == *"fingerprint: 32 hex digits was expected" ]]
    done
}

@test "every prefix of a stream is truncated, exit 3" {
    write_stream
    for cut in $(seq 0 "$(($(stat -c %s stream) - 1))"); do
        head -c "$cut" stream > part
        run -3 comic-cat --check part
        [[ "$output" == *"truncated stream"* ]]
    done
}

@test "bytes that are no stream end with their offset, exit 3" {
    printf '\335\377\377\377\377' > bomb
    run -3 --separate-stderr comic-cat bomb
    [ "$stderr" = "comic-cat: bomb: corrupt stream at byte 0: not msgpack, or beyond its limits" ]
    printf 'hello\n' > text
    run -3 --separate-stderr comic-cat text
    [[ "$stderr" == "comic-cat: text: corrupt stream at byte 0: not a record"* ]]
}

@test "a declared length of gigabytes takes no memory" {
    if sanitized; then skip "sanitizer: it needs all address space"; fi
    printf '\333\177\377\377\377' > long
    run -3 bash -c 'ulimit -v 200000; comic-cat long'
    refute_crash "$status"
}

@test "several operands are read one after another; a bad one does not hide the next" {
    write_stream
    run -0 comic-cat stream stream
    [ "${#lines[@]}" -eq 8 ]
    run -3 --separate-stderr comic-cat missing stream
    [ "${#lines[@]}" -eq 4 ]
    [ "$stderr" = "comic-cat: missing: open: No such file or directory" ]
}

@test "--encode names the record that is wrong" {
    printf '{"t":"begin","v":1,"complete":false}\n{"x":1}\n' > json
    run -3 --separate-stderr comic-cat --encode json
    [[ "$stderr" == 'comic-cat: json: record 2: not a record'* ]]
    printf '{"t":\n' > json
    run -3 --separate-stderr comic-cat --encode json
    [[ "$stderr" == 'comic-cat: json: record 1: '* ]]
}

@test "-o writes a whole file or none" {
    write_stream
    comic-cat -o out.json stream
    [ "$(wc -l < out.json)" -eq 4 ]
    head -c 50 stream > part
    rm out.json
    run -3 comic-cat -o out.json part
    [ ! -e out.json ]
    [ "$(find . -name 'out.json*' | wc -l)" -eq 0 ]
}

@test "-o to what is no regular file writes to it and leaves it there" {
    write_stream
    mkfifo fifo
    cat fifo > got &
    run -0 comic-cat -o fifo stream
    wait
    [ -p fifo ]
    comic-cat stream | cmp - got
    ln -s /dev/full full
    run -3 --separate-stderr comic-cat -o full stream
    [ "$stderr" = "comic-cat: full: write: No space left on device" ]
    [ -L full ]
    mkdir folder
    run -3 --separate-stderr comic-cat -o folder stream
    [ "$stderr" = "comic-cat: folder: open: Is a directory" ]
}

@test "a full disk, a closed output and a closed input are 3" {
    write_stream
    comic-cat stream > json
    run -3 bash -c "comic-cat stream > /dev/full"
    run -3 bash -c "comic-cat --encode json > /dev/full"
    run -3 bash -c "comic-cat stream >&-"
    run -3 bash -c "comic-cat <&-"
}

@test "SIGUSR1 does not disturb --encode" {
    write_stream
    comic-cat stream > json
    mkfifo fifo
    comic-cat --encode fifo > again 3>&- &
    pid=$!
    exec 9> fifo
    head -c 100 json >&9
    kill -USR1 "$pid"
    tail -c +101 json >&9
    exec 9>&-
    wait "$pid"
    cmp again stream
}

@test "the reason is told even after a very long name" {
    name=$(printf '/%0200d' $(seq 15))
    run -3 --separate-stderr comic-cat "$name"
    [[ "$stderr" == *": No such file or directory" ]]
    run -3 --separate-stderr bash -c "comic-extract '$name' > out"
    [[ "$stderr" == *"15: skipped: no such file" ]]
}

@test "sources and warnings are not endless" {
    for count in 65536 65537; do
        jq -cn --argjson n $count '{t: "begin", v: 1, by: "x", roots: ["/c"], complete: false},
            {t: "comic", path: "/c/a.cbz", size: 1, mtime: "1", ino: "1", dev: 1, format: "cbz", pages: 1,
             warnings: [range($n) | ""]}, {t: "end", records: 1}' | comic-cat --encode > $count
    done
    comic-cat --check 65536
    # The roots of a scan may be more.
    jq -cn '{t: "begin", v: 1, by: "x", roots: [range(70000) | "/c/\(.)"], complete: false}, {t: "end", records: 0}' |
        comic-cat --encode > roots
    comic-cat --check roots
    run -3 comic-cat --check 65537
    [[ $output == *"warnings: an array of fewer texts was expected" ]]
}
