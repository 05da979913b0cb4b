#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The examples in README.md and the manual pages run, and every option is documented.
load helpers

setup_file() {
    load helpers
    cd "$BATS_FILE_TMPDIR" || return 1
    make_library --comics 60 --pages 3 Comics
    make_cbz x.cbz '<ComicInfo><Series>Sample</Series><Number>1</Number></ComicInfo>'
    comic-scan --settle 0 Comics | comic-extract > saved.stream
    comic-chunk < saved.stream | comic-load --report=none lib.db
    cp lib.db library.db
    cp lib.db old.db
    cp saved.stream part.1
    make_library --comics 5 --seed 2 Manga
}

# A home with a library, a comic, a database and a saved stream, as the examples name them.
setup() {
    cp -a "$BATS_FILE_TMPDIR/." "$BATS_TEST_TMPDIR"
    cd "$BATS_TEST_TMPDIR" || return 1
    export HOME=$BATS_TEST_TMPDIR
}

# examples PAGE: its example command lines, as a shell reads them.
examples() {
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/s/^\.Dl //p' "$1" |
        sed -e 's/\\(dq/"/g' -e "s/\\\\(aq/'/g" -e 's/\\e/\\/g' -e 's/\\&//g' -e 's/\\-/-/g'
}

@test "every example of every program's page runs" {
    for program in $PROGRAMS; do
        page=$PROJECT/man/$program.1
        [ -e "$page" ] || { echo "no page $page"; return 1; }
        examples "$page" > lines
        [ "$(wc -l < lines)" -ge 3 ] || { echo "$program: fewer than three examples"; return 1; }
        while IFS= read -r line; do
            bash -o pipefail -c "$line" < /dev/null > out 2>&1 || [ $? -eq 141 ] || {
                echo "$program: $line"
                cat out
                return 1
            }
        done < lines
    done
}

@test "every example in --help runs" {
    for program in $PROGRAMS; do
        "$program" --help | sed -n '/^Examples:/,/^$/s/^  //p' > lines
        [ -s lines ] || { echo "$program: no examples"; return 1; }
        while IFS= read -r line; do
            bash -o pipefail -c "$line" < /dev/null > out 2>&1 || [ $? -eq 141 ] || {
                echo "$program: $line"
                cat out
                return 1
            }
        done < lines
    done
}

@test "the commands of README.md run" {
    awk '/^```sh/ { show = 1; next } /^```/ { show = 0 } show' "$PROJECT/README.md" |
        grep -v 'scripts/' | sed 's/^\$ //' > script
    [ "$(wc -l < script)" -ge 10 ]
    run -0 bash -e -o pipefail script
}

@test "every option of --help is in the manual page, and every page names its program" {
    for program in $PROGRAMS; do
        page=$PROJECT/man/$program.1
        for option in $("$program" --help | grep -oE -- '^ +(-.,)? *--[a-z0-9-]+' | grep -oE -- '--[a-z0-9-]+'); do
            grep -qF -- "Fl -${option#--}" "$page" || { echo "$program: $option is not in $page"; return 1; }
        done
        for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
            grep -qx "\.Sh $section" "$page" || { echo "$program: no section $section"; return 1; }
        done
        [[ "$(cat "$PROJECT/README.md")" == *"$program"* ]]
    done
}

@test "the manual pages are well formed" {
    for page in "$PROJECT"/man/*.[1-9]; do
        run -0 groff -mdoc -ww -z -Tutf8 "$page"
        [ -z "$output" ] || { echo "$page: $output"; return 1; }
    done
}
