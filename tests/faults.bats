#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# An allocation fails, each in turn: the program ends with 3, or has done all of its work.
load helpers

setup_file() {
    if sanitized; then return 0; fi
    cc -shared -fPIC -O1 -o "$BATS_FILE_TMPDIR/fault.so" "$PROJECT/tests/preload/fault.c"
    cd "$BATS_FILE_TMPDIR" || return 1
    mkdir lib
    make_cbz lib/a.cbz '<ComicInfo><Series>Night Watch</Series><Writer>Ann Able</Writer></ComicInfo>'
    make_cbz lib/b.cbz
    comic-scan --settle 0 lib > scanned
    comic-extract -j1 < scanned > extracted
    comic-chunk < extracted > chunked
    comic-cat chunked > json
}

setup() {
    if sanitized; then skip "sanitizer: it has an allocator of its own"; fi
    cd "$BATS_TEST_TMPDIR" || return 1
}

# The whole output stands in WANT, or none of it needs to.
is_whole() { # WANT
    cmp -s out "$1"
}

# Every comic is as it should be, or one that a worker had no memory for.
is_extracted() { # WANT
    comic-cat --check out &&
        ! comic-cat out | grep -v '"t":"end"\|"code":"memory"\|"code":"crash"' |
        grep -vxFf <(comic-cat "$1")
}

# fail_each CHECK INPUT WANT PROGRAM ARGS...: every allocation of a run, alone and with all later ones.
fail_each() {
    local check=$1 input=$BATS_FILE_TMPDIR/$2 want=$BATS_FILE_TMPDIR/$3 lasting n status
    shift 3
    for lasting in FAULT_ONCE=1 FAULT_LASTING=1; do
        for ((n = 1; ; n++)); do
            rm -f hit
            status=0
            env FAULT_AT=$n FAULT_HIT=hit $lasting LD_PRELOAD="$BATS_FILE_TMPDIR/fault.so" "$@" \
                < "$input" > out 2> err || status=$?
            [ -e hit ] || break
            echo "allocation $n ($lasting): exit status $status, $(head -n 1 err)"
            if [ "$status" -eq 0 ]; then
                "$check" "$want"
            else
                [ "$status" -eq 3 ]
                [ -s err ]
                run ! cmp -s out "$want"
                [ "$check" != is_extracted ] || run -3 comic-cat --check out
            fi
        done
        [ "$n" -gt 10 ]
        [ "$status" -eq 0 ]
        is_whole "$want"
    done
}

@test "faults: comic-cat" {
    fail_each is_whole chunked json comic-cat
}

@test "faults: comic-cat --encode" {
    fail_each is_whole json chunked comic-cat --encode
}

@test "faults: comic-chunk" {
    fail_each is_whole extracted chunked comic-chunk
}

@test "faults: comic-extract" {
    fail_each is_extracted scanned extracted comic-extract -j1
}
