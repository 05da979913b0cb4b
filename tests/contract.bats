#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# What every program does the same: help, usage, closed and full descriptors,
# terminals, broken pipes, signals.
load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    make_library --comics 300 --pages 3 lib
    comic-scan --settle 0 lib > scanned
    comic-extract < scanned > extracted
    comic-chunk < extracted > chunked
    comic-load --report=none good.db < chunked
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    S=$BATS_FILE_TMPDIR
    cp "$S/good.db" good.db
}

# write_something PROGRAM: makes it write a stream or text to standard output.
write_something() {
    case $1 in
        comic-scan) comic-scan --settle 0 "$S/lib" ;;
        comic-extract) comic-extract < "$S/scanned" ;;
        comic-chunk) comic-chunk < "$S/extracted" ;;
        comic-cat) comic-cat < "$S/chunked" ;;
        comic-dump) comic-dump good.db ;;
        comic-load) comic-load --report=json new.db < "$S/chunked" ;;
        comic-import) comic-import --report=json --settle 0 --db new.db "$S/lib" ;;
    esac
}

WRITERS="comic-scan comic-extract comic-chunk comic-cat comic-dump"
READERS="comic-extract comic-chunk comic-load comic-cat"

@test "--help explains, on standard output" {
    for program in $PROGRAMS; do
        run -0 --separate-stderr "$program" --help
        [[ "${lines[0]}" == "Usage: $program "* ]]
        [[ "$output" == *"Exit status:"* ]]
        [ -z "$stderr" ]
        run -0 --separate-stderr "$program" -h
        [[ "${lines[0]}" == "Usage: $program "* ]]
    done
}

@test "--version is the name and the version" {
    for program in $PROGRAMS; do
        run -0 --separate-stderr "$program" --version
        [ "$output" = "$program $(cat "$PROJECT/VERSION")" ]
    done
}

@test "an unknown option is a usage error: 2, nothing on standard output" {
    for program in $PROGRAMS; do
        run -2 --separate-stderr "$program" --no-such-option
        [ -z "$output" ]
        [[ "${stderr_lines[0]}" == "$program: unknown or ambiguous option '--no-such-option'" ]]
        run -2 --separate-stderr "$program" -Z
        [[ "${stderr_lines[0]}" == "$program: unknown option '-Z'" ]]
    done
}

@test "help to a full or closed standard output is 3" {
    for program in $PROGRAMS; do
        run -3 bash -c "$program --help > /dev/full"
        run -3 bash -c "$program --help >&-"
    done
}

@test "a full or closed standard output is 3 with a message" {
    for program in $WRITERS comic-load comic-import; do
        for target in '> /dev/full' '>&-'; do
            rm -f new.db*
            run -3 --separate-stderr bash -c "$(declare -f write_something); S='$S' write_something $program $target"
            [[ "$stderr" == *"$program: standard output: "* ]] || { echo "$program $target: $stderr"; return 1; }
        done
    done
}

@test "a closed standard input is 3 with a message" {
    for program in $READERS; do
        operand=
        [ "$program" != comic-load ] || operand=x.db
        run -3 --separate-stderr bash -c "$program $operand <&-"
        [[ "$stderr" == *"standard input"* ]] || { echo "$program: $stderr"; return 1; }
    done
}

@test "an empty standard input is a truncated stream: 3" {
    for program in $READERS; do
        operand=
        [ "$program" != comic-load ] || operand=x.db
        run -3 --separate-stderr bash -c "$program $operand < /dev/null"
        [[ "$stderr" == *"truncated stream"* ]] || { echo "$program: $stderr"; return 1; }
    done
}

# on_terminal COMMAND: its exit status with a terminal on 0, 1 and 2; output in $output.
on_terminal() {
    run script -qec "$1" /dev/null < /dev/null
}

@test "a stream is not written to a terminal: 2" {
    for program in comic-scan comic-extract comic-chunk comic-dump; do
        on_terminal "bash -c '$(declare -f write_something); S=$S; write_something $program'"
        [ "$status" -eq 2 ] || { echo "$program: $status: $output"; return 1; }
        [[ "$output" == *"standard output is a terminal"*"comic-cat"* ]]
    done
}

@test "a stream is not read from a terminal: 2" {
    for program in $READERS; do
        operand='> out'
        [ "$program" != comic-load ] || operand=x.db
        on_terminal "$program $operand"
        [ "$status" -eq 2 ] || { echo "$program: $status: $output"; return 1; }
        [[ "$output" == *"standard input is a terminal"* ]]
    done
}

@test "-f writes the stream to a terminal all the same" {
    on_terminal "comic-scan -f --settle 0 $S/lib"
    [ "$status" -eq 0 ]
}

@test "a reader that goes away ends a writer quietly, by SIGPIPE" {
    # More than a pipe holds, so that the writer is still writing.
    for _ in $(seq 50); do cat "$S/chunked"; done > many
    for command in "comic-cat many" "comic-chunk < many"; do
        bash -c "$command 2> err; echo \$? > status" | head -c 1 > /dev/null
        [ "$(cat status)" -eq 141 ]
        [ ! -s err ]
        # Also where SIGPIPE was ignored when it began.
        bash -c "trap '' PIPE; $command 2> err; echo \$? > status" | head -c 1 > /dev/null
        [ "$(cat status)" -eq 141 ]
        [ ! -s err ]
    done
}

@test "SIGINT and SIGTERM end a stage by that signal" {
    for signal in INT TERM; do
        for program in $READERS; do
            operand=
            [ "$program" != comic-load ] || operand=x.db
            rm -f in
            mkfifo in
            # Job control gives the child default signal handling.
            run bash -c "set -m; $program $operand < in > out & exec 3> in; head -c 2000 '$S/chunked' >&3
                until [ -e /proc/\$!/wchan ]; do :; done; kill -$signal \$!; wait \$!"
            case $signal in INT) want=130 ;; TERM) want=143 ;; esac
            [ "$status" -eq "$want" ] || { echo "$program $signal: $status $output"; return 1; }
        done
    done
}

@test "a database stays valid when the loader is interrupted" {
    mkfifo in
    run bash -c "set -m; comic-load --report=none x.db < in & exec 3> in; cat '$S/chunked' >&3
        until [ -s x.db ] ; do :; done; kill -INT \$!; wait \$!"
    [ "$status" -eq 130 ]
    [ "$(sqlite3 x.db 'PRAGMA integrity_check')" = ok ]
    comic-load --report=none x.db < "$S/chunked"
    comic-dump x.db | cmp - <(comic-dump good.db)
}

@test "a missing operand is a usage error where one is needed" {
    for program in comic-scan comic-load comic-dump comic-import; do
        run -2 --separate-stderr bash -c "$program > out < /dev/null"
        [[ "${stderr_lines[0]}" == "$program: "* ]]
        [ ! -s out ]
    done
}

@test "names on the terminal have their control bytes escaped" {
    make_cbz $'bad\n\e[31m.cbz'
    : > $'bad\n\e[31m.cbz'
    run -0 --separate-stderr bash -c 'comic-extract bad* > out'
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ "$stderr" == *'bad\x0a\x1b[31m.cbz: empty: '* ]]
}
