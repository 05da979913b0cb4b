#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-import: what it starts, carries, shows and ends with. The stages here are
# scripts beside a copy of it, so that each can be made to fail in its own way.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    mkdir bin
    cp "$BUILD/bin/comic-import" bin/
    IMPORT=$PWD/bin/comic-import
    for name in scan extract chunk load; do
        fake "$name" "exec cat"
    done
    fake scan 'cat found.stream'
    fake load 'cat >loaded.stream'
    stream 3 >found.stream
}

# fake NAME COMMANDS: bin/comic-NAME, which writes down its operands and runs COMMANDS.
fake() {
    printf '#!/bin/bash\nprintf "%%s\\n" "$@" >%s.args\n%s\n' "$1" "$2" >"bin/comic-$1"
    chmod +x "bin/comic-$1"
}

# stream COUNT: a stream of that many files.
stream() {
    {
        echo '{"t":"begin","v":1,"by":"comic-scan 0","roots":["/lib"],"complete":true}'
        seq -f '{"t":"file","path":"/lib/%06.0f.cbz","size":1,"mtime":"1","ino":"1","change":"new"}' "$1"
        echo "{\"t\":\"end\",\"records\":$1}"
    } | comic-cat --encode
}

@test "what the scanner found reaches the loader byte for byte" {
    run -0 --separate-stderr "$IMPORT" lib
    cmp found.stream loaded.stream
    [ -z "$output$stderr" ]
}

@test "all stages are batch work, as nice as comic-import, where no other policy was chosen" {
    chrt -b 0 true || skip "kernel: no SCHED_BATCH"
    for name in scan extract chunk load; do
        fake "$name" "nice >$name.nice; chrt -p \$\$ >$name.policy; exec cat"
    done
    run -0 chrt -o 0 nice -n 3 "$IMPORT" lib
    for name in scan extract chunk load; do
        grep -q 'policy: SCHED_BATCH' $name.policy
        [ "$(cat $name.nice)" = "$(nice -n 3 nice)" ]
    done
    run -0 chrt -i 0 "$IMPORT" lib
    grep -q 'policy: SCHED_IDLE' load.policy
}

@test "each option goes to the stage it belongs to" {
    run -0 "$IMPORT" --db x.db -j 3 --memory 1G -n 500 --fraction 0.5 --settle 0 --all --exclude 'a b' \
        --exclude '*.x' --retry-failed --allow-empty --forget /gone --max-gone 80 --keep-missing \
        --report=none --dry-run --strict -v one -- --two
    diff scan.args - <<'ARGS'
--settle
0
--all
--exclude
a b
--exclude
*.x
--retry-failed
--allow-empty
--forget
/gone
--db
x.db
--verbose
--strict
--
one
--two
ARGS
    diff extract.args - <<'ARGS'
--jobs
3
--memory
536870912
--verbose
--strict
--
ARGS
    diff chunk.args - <<'ARGS'
--memory
1G
--comics
500
--fraction
0.5
--max
1000
--verbose
--strict
--
ARGS
    diff load.args - <<'ARGS'
--memory
1G
--fraction
0.5
--max-gone
80
--keep-missing
--report
none
--dry-run
--verbose
--strict
--
x.db
ARGS
}

@test "a memory limit bounds the workers and what each may map" {
    run -0 "$IMPORT" --memory 32M lib
    [ "$(head -n 4 extract.args | xargs)" = "--jobs 1 --memory 201326592" ]
    run -0 "$IMPORT" --memory 300M -j 7 lib
    [ "$(head -n 4 extract.args | xargs)" = "--jobs 7 --memory 314572800" ]
}

@test "the database is library.db in the current directory by default" {
    run -0 "$IMPORT" -q lib
    diff load.args <(printf '%s\n' --quiet -- library.db)
    diff scan.args <(printf '%s\n' --db library.db --quiet -- lib)
}

@test "a wrong value is one usage error, and nothing is started" {
    for wrong in -j=0 -jx '-n 0' --fraction=2 --settle=x --memory=lots --max-gone=101 --report=xml --nonsense; do
        # shellcheck disable=SC2086 # two words where there is a space
        run -2 --separate-stderr "$IMPORT" $wrong lib
        [ "${#stderr_lines[@]}" -eq 2 ]
        [ "${stderr_lines[1]}" = "Try 'comic-import --help'." ]
    done
    run -2 --separate-stderr "$IMPORT"
    [ "${stderr_lines[0]}" = "comic-import: no folder of comics given" ]
    [ ! -e scan.args ]
}

@test "--forget needs no root" {
    run -0 "$IMPORT" --forget /old
    diff scan.args <(printf '%s\n' --forget /old --db library.db --)
}

@test "the scanner and the extractor may run ahead of the next stage" {
    stream 20000 >found.stream
    mkfifo gate gate2
    # Without the room in between, each would wait for the other for ever.
    fake scan 'cat found.stream; exec >&-; echo >gate'
    fake extract 'read -r _ <gate; cat'
    fake chunk 'cat; exec >&-; echo >gate2'
    fake load 'read -r _ <gate2; cat >loaded.stream'
    run -0 timeout 60 "$IMPORT" lib
    cmp found.stream loaded.stream
    run -1 bash -c 'ls -A | grep -E "comic-import[.]|library"' # no trace of what waited
}

@test "where no file can be made the stream passes all the same" {
    stream 20000 >found.stream
    run -0 "$IMPORT" --db missing/folder/x.db lib
    cmp found.stream loaded.stream
}

@test "a stream larger than the room in between passes whole" {
    stream 20000 >part
    for _ in $(seq 80); do cat part; done >found.stream
    fake load 'cat found.stream >/dev/null; sha256sum >sum'
    run -0 timeout 60 "$IMPORT" lib
    cmp sum <(sha256sum <found.stream)
}

@test "a stage gets only standard input, output and error" {
    for name in scan extract chunk load; do
        fake "$name" "ls -l /proc/self/fd >&3; cat $([ "$name" != scan ] || echo found.stream)"
        sed -i "s/>&3/>$name.fds/" "bin/comic-$name"
    done
    ls /proc/self/fd >mine
    run -0 "$IMPORT" lib
    for name in scan extract chunk load; do
        # What bats itself left open is there too.
        diff <(sed -n 's/.* \([0-9]*\) -> .*/\1/p' "$name.fds" | sort) <(sort mine) || return 1
    done
    grep -q ' 0 -> /dev/null' scan.fds
}

@test "a stage has default signals, even where SIGPIPE was ignored" {
    fake scan 'grep -E "^Sig(Blk|Ign)" /proc/self/status >signals; cat found.stream'
    run -0 bash -c "trap '' PIPE; '$IMPORT' lib"
    # SIGXFSZ (25) is ignored by every program; signals from 32 on are others' business.
    diff <(sed 's/\t.*\(.......\)$/ \1/' signals) <(printf 'SigBlk: 0000000\nSigIgn: 1000000\n')
}

# ends STAGE=COMMANDS...: the status with these stages, its messages in $stderr.
ends() {
    for each in "$@"; do
        fake "${each%%=*}" "${each#*=}"
    done
    run --separate-stderr timeout 60 "$IMPORT" lib
}

@test "the status is that of the first stage that failed for a reason of its own" {
    ends scan='cat found.stream; exit 3'
    [ "$status" -eq 3 ] && [ -z "$stderr" ]
    ends scan='cat found.stream; exit 1'
    [ "$status" -eq 1 ]
    ends scan='cat found.stream; exit 1' load='cat >/dev/null; exit 3'
    [ "$status" -eq 3 ]
    ends scan='cat found.stream' load='cat >/dev/null; exit 1'
    [ "$status" -eq 1 ]
    ends scan='exit 2' load='cat >/dev/null; exit 3'
    [ "$status" -eq 2 ] && [ -z "$stderr" ]
    ends scan='cat found.stream' load='exit 2'
    [ "$status" -eq 2 ]
}

@test "a stage that dies of SIGPIPE because a later one died is not to blame" {
    ends scan='exec cat /dev/zero' load='exit 3'
    [ "$status" -eq 3 ]
    [ -z "$stderr" ]
    ends scan='exec cat /dev/zero' load='kill -9 $$'
    [ "$status" -eq 3 ]
    [ "$stderr" = "comic-import: comic-load: killed by signal 9 (Killed)" ]
    ends scan='exec cat /dev/zero' extract='kill -9 $$' chunk='cat; exit 3' load='cat >/dev/null; exit 3'
    [ "$status" -eq 3 ]
    [ "$stderr" = "comic-import: comic-extract: killed by signal 9 (Killed)" ]
}

@test "a death or status that the stage could not explain is named" {
    ends scan='kill -PIPE $$'
    [ "$status" -eq 3 ]
    [ "$stderr" = "comic-import: comic-scan: killed by signal 13 (Broken pipe)" ]
    ends scan='cat found.stream; exit 99'
    [ "$status" -eq 3 ]
    [ "$stderr" = "comic-import: comic-scan: ended with status 99" ]
}

@test "a stage that cannot be started stops those that were" {
    rm bin/comic-load
    run -3 --separate-stderr env PATH=/usr/bin:/bin "$IMPORT" lib
    [ "$stderr" = "comic-import: comic-load: start: No such file or directory" ]
    fake load 'true'
    chmod -x bin/comic-load
    run -3 --separate-stderr env PATH=/usr/bin:/bin "$IMPORT" lib
    [ "$stderr" = "comic-import: comic-load: start: No such file or directory" ]
}

@test "stages that are not beside it are found in PATH" {
    mkdir other
    mv bin/comic-load other/
    run -0 env PATH="$PWD/other:$PATH" "$IMPORT" lib
    cmp found.stream loaded.stream
}

@test "messages of the stages come whole, one after another, on standard error" {
    for name in extract chunk; do
        fake "$name" "for i in \$(seq 200); do printf '$name: '; printf 'some '; printf '%s\n' text; done >&2; cat"
    done
    fake load "printf 'the end without a newline' >&2; cat >/dev/null"
    run -0 --separate-stderr "$IMPORT" lib
    [ -z "$output" ]
    [ "$(printf '%s\n' "${stderr_lines[@]}" | sort | uniq -c | tr -s ' ')" = " 200 chunk: some text
 200 extract: some text
 1 the end without a newline" ]
}

@test "the loader's report is standard output" {
    fake load 'cat >/dev/null; echo "{\"comics_created\": 3}"'
    run -0 --separate-stderr "$IMPORT" --report=json lib
    [ "$output" = '{"comics_created": 3}' ]
    run -3 --separate-stderr bash -c "'$IMPORT' lib >/dev/full"
    [ "$stderr" = "comic-import: standard output: write: No space left on device" ]
}

@test "a signal is passed on to every stage, then it dies of it" {
    for signal in INT TERM HUP; do
        rm -f *.got *.ready
        for name in scan extract chunk load; do
            # A trap waits for the end of a command, but not for that of `wait`.
            fake "$name" "trap 'echo >$name.got; trap - $signal; kill -$signal \$\$' $signal
                tail -f /dev/null --pid \$\$ >/dev/null 2>&1 & : >$name.ready; wait"
        done
        run bash -c "set -m; '$IMPORT' lib &
            until [ -e scan.ready ] && [ -e extract.ready ] && [ -e chunk.ready ] && [ -e load.ready ]; do :; done
            kill -$signal \$!; wait \$!"
        [ "$status" -eq $((128 + $(kill -l "$signal"))) ] || { echo "$signal: $status: $output"; return 1; }
        ls scan.got extract.got chunk.got load.got
    done
}

@test "SIGUSR1 prints one line of what is done" {
    mkfifo gate
    stream 1234 >found.stream
    fake load 'read -r _ <gate; cat >loaded.stream'
    run -0 timeout 60 bash -c "'$IMPORT' lib 2>messages & until [ -e load.args ]; do :; done
        until grep -q '^comic-import: 1,234' messages; do kill -USR1 \$!; done; echo >gate; wait \$!"
    cmp found.stream loaded.stream
    grep -Ex 'comic-import: 1,234 (comics read, storing|of 1,234 comics)' messages
}

@test "on a terminal there is a progress line, which messages do not mix with" {
    fake extract 'until grep -q "of 3 comics" typescript; do :; done; echo "comic-extract: a message" >&2; cat'
    run -0 timeout 60 script -qefc "'$IMPORT' lib" typescript </dev/null
    cmp found.stream loaded.stream
    # The line is written over with spaces before anything else comes.
    tr '\r' '\n' <typescript | grep -x 'comic-extract: a message'
    tr '\r' '\n' <typescript | grep -Fx '0 of 3 comics'
    tr '\r' '\n' <typescript | grep -Ex ' +'
}

@test "there is no progress line without a terminal or with -q" {
    fake extract 'sleep 1; cat' # two ticks long
    run -0 --separate-stderr "$IMPORT" lib
    [ -z "$stderr" ]
    run -0 timeout 60 script -qefc "'$IMPORT' -q lib" typescript </dev/null
    [ -z "$output" ]
}

# ---- with the real stages ---------------------------------------------------------------------

@test "the same database as by the pipeline in a shell, and a second run writes nothing" {
    make_library --comics 300 --pages 2 lib
    import_into shell.db lib
    run -0 --separate-stderr comic-import --settle 0 --report=json --db one.db lib
    [ "$(jq .comics_created <<<"$output")" -eq 300 ]
    [ -z "$stderr" ]
    cmp <(comic-dump shell.db) <(comic-dump one.db)
    cp -p one.db before.db
    run -0 --separate-stderr comic-import --settle 0 --report=json --db one.db lib
    [ "$(jq .comics_created <<<"$output")" -eq 0 ]
    cmp before.db one.db
    [ "$(stat -c %y before.db)" = "$(stat -c %y one.db)" ]
}

@test "a run that was stopped or whose stage was killed is completed by the next one" {
    make_library --comics 300 --pages 2 lib
    import_into shell.db lib
    for signal in TERM INT; do
        run bash -c "set -m; comic-import -n 50 --settle 0 --report=none --db $signal.db lib & until [ -s $signal.db ]; do :; done
            kill -$signal \$!; wait \$!"
        # It may have been done already.
        [ "$status" -eq $((128 + $(kill -l "$signal"))) ] || [ "$status" -eq 0 ]
        run -0 comic-import --settle 0 --report=none --db "$signal.db" lib
        cmp <(comic-dump shell.db) <(comic-dump "$signal.db")
    done
    for victim in scan extract chunk load; do
        run --separate-stderr bash -c "comic-import -n 50 --settle 0 --report=none --db $victim.db lib &
            until kill -9 \$(pgrep -P \$! -x comic-$victim) 2>/dev/null || [ ! -e /proc/\$! ]; do :; done; wait \$!"
        [ "$status" -eq 3 ] || [ "$status" -eq 0 ]
        [ "$status" -eq 0 ] || [[ "$stderr" == *"comic-import: comic-$victim: killed by signal 9 (Killed)"* ]]
        run -0 comic-import --settle 0 --report=none --db "$victim.db" lib
        cmp <(comic-dump shell.db) <(comic-dump "$victim.db")
    done
}
