# SPDX-License-Identifier: MIT
# Metadata of every format: the fixtures of other projects, sources and where values came from, and
# comic-metadata(5) against the tables in the code.
load helpers

FIXTURES=$BATS_TEST_DIRNAME/../../shared/fixtures
PAGE=$BATS_TEST_DIRNAME/../man/comic-metadata.5
TABLES=$BATS_TEST_DIRNAME/metadata

# pack FILE MEMBER TEXT [MEMBER TEXT...] [COMMENT]: a CBZ with these members and one page.
pack() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import sys, zipfile
args = sys.argv[2:]
with zipfile.ZipFile(sys.argv[1], "w") as z:
    z.writestr(zipfile.ZipInfo("1.jpg", (2020, 1, 1, 0, 0, 0)), b"page")
    while len(args) > 1:
        z.writestr(zipfile.ZipInfo(args.pop(0), (2020, 1, 1, 0, 0, 0)), args.pop(0))
    if args:
        z.comment = args[0].encode()
PYTHON
}

meta() { # FILTER ARGS...: jq over the comic record
    local filter=$1
    shift
    comic-extract "$@" | comic-cat | jq -c "select(.t == \"comic\") | $filter"
}

@test "every fixture gives what is known to be in it" {
    awk -F '\t' '!/^#/ && NF != 4 { print; bad = 1 } END { exit bad || NR < 50 }' "$TABLES-fixtures.tsv"
    awk -F '\t' '!/^#/ && NF != 5 { print; bad = 1 } END { exit bad || NR < 50 }' "$TABLES-differences.tsv"
    [ -d "$FIXTURES" ] || return 0 # files of other projects, not in this tree
    run /usr/bin/python3 "$TABLES-compare" "$FIXTURES" "$TABLES-fixtures.tsv" "$TABLES-differences.tsv"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the comparison can fail" {
    [ -d "$FIXTURES" ] || return 0
    sed 's/"The Beginning COMET"/"Another"/; s/null-name/same/' "$TABLES-fixtures.tsv" >table
    sed '/^null-name/d; /valid.xml/s/"2023-05-31T13:00:46Z"/"2023"/' "$TABLES-differences.tsv" >differences
    run /usr/bin/python3 "$TABLES-compare" "$FIXTURES" table differences
    [ "$status" -eq 1 ]
    [[ $output == *"multi.cbz: want"* ]]
    [[ $output == *"comicbox-2-update.cbz: /teams - {"*"}: not listed"* ]]
    [[ $output == *'valid.xml: /updated_at "2023-05-31T'*' "2023": no longer there'* ]]
}

@test "all sources of one comic are merged, the strongest value wins" {
    pack "Weak #9 (1999) Name.cbz" \
        comic-book-info.json '{"ComicBookInfo/1.0":{"series":"B","title":"B","publisher":"B","genre":"b"}}' \
        sub/CoMet.xml '<comet><series>C</series><title>C</title><publisher>C</publisher><genre>c</genre></comet>' \
        ComicInfo.xml '<ComicInfo><Series>I</Series><Title>I</Title><Genre>B, i</Genre></ComicInfo>' \
        metroninfo.xml '<MetronInfo><Series><Name>M</Name></Series><Genres><Genre>m</Genre></Genres></MetronInfo>' \
        comicbox-cli.yaml 'comicbox: {genres: [y]}' \
        comicbox.json '{"comicbox":{"genres":{"j":null},"imprint":"J"}}' \
        COMICBOX.YAML 'comicbox: {summary: "Y"}' \
        '{"ComicBookInfo/1.0":{"series":"A","country":"France"}}'
    run meta .sources *.cbz
    [ "$output" = '["filename","archive comment","comic-book-info.json","CoMet.xml","ComicInfo.xml","MetronInfo.xml","comicbox-cli.yaml","comicbox.json","comicbox.yaml"]' ]
    run meta '[.meta | .series.name, .title, .publisher.name, .imprint.name, .country, .summary, .issue.name, .date.year, (.genres | keys | join(" "))]' *.cbz
    [ "$output" = '["M","I","C","J","FR","Y","9",1999,"B c i j m y"]' ]
}

@test "--sources reads only what it names" {
    pack "Weak #9.cbz" ComicInfo.xml '<ComicInfo><Series>I</Series></ComicInfo>' \
        CoMet.xml '<comet><series>C</series><issue>4</issue></comet>' \
        '{"ComicBookInfo/1.0":{"series":"A"}}'
    run meta '[.sources, .meta.series.name, .meta.issue.name]' --sources=comment "Weak #9.cbz"
    [ "$output" = '[["archive comment"],"A",null]' ]
    run meta '[.sources, .meta.series.name, .meta.issue.name]' --sources=filename,COMET.xml "Weak #9.cbz"
    [ "$output" = '[["filename","CoMet.xml"],"C","4"]' ]
    run meta '[.sources, .meta.series.name, .meta.issue.name]' --sources=comicbox.yaml "Weak #9.cbz"
    [ "$output" = '[[],null,null]' ]
    run meta '.sources' --sources=filename --no-open "Weak #9.cbz"
    [ "$output" = '["filename"]' ]
}

@test "--sources takes the name of every source and no other" {
    pack a.cbz
    for name in filename comment pdf comic-book-info.json CoMet.xml ComicInfo.xml MetronInfo.xml \
        comicbox-cli.yaml comicbox.json comicbox.yaml; do
        run --separate-stderr comic-extract --sources "$name" a.cbz
        [ "$status" -eq 0 ]
        grep -q "$name" "$BATS_TEST_DIRNAME/../man/comic-extract.1"
    done
    for list in '' Comic 'ComicInfo.xml,' ',' 'ComicInfo.xml;pdf'; do
        run --separate-stderr comic-extract --sources "$list" a.cbz
        [ "$status" -eq 2 ]
        [[ $stderr == *"--sources: '"*"' is no source of metadata"* ]]
    done
}

@test "-v adds where each value came from, and comic-load takes such a stream" {
    pack "Weak #9 (1999).cbz" ComicInfo.xml '<ComicInfo><Series>I</Series><Genre>a,b</Genre><Month>3</Month></ComicInfo>' \
        CoMet.xml '<comet><genre>B</genre><genre>c</genre><isVersionOf>Foo #1</isVersionOf></comet>'
    run meta .from -v *.cbz
    [ "$output" = '{"series":{"name":"ComicInfo.xml"},"issue":{"name":"filename","number":"computed"},"date":{"year":"filename","month":"ComicInfo.xml"},"genres":{"b":"ComicInfo.xml","c":"CoMet.xml","a":"ComicInfo.xml"},"reprints":["CoMet.xml"],"cover":"computed"}' ]
    [ "$(meta .from *.cbz)" = null ]
    comic-extract -v *.cbz >with
    comic-extract *.cbz >without
    comic-cat --check <with
    comic-chunk <with | comic-load --report=none with.db
    comic-chunk <without | comic-load --report=none without.db
    cmp <(comic-dump with.db) <(comic-dump without.db)
}

@test "an ordinary archive comment is silent" {
    pack a.cbz "Scanned by {X}"
    run meta '[.sources, .warnings]' a.cbz
    [ "$output" = '[["filename"],null]' ]
}

@test "broken documents cost themselves only" {
    pack "Good #1.cbz" ComicInfo.xml '<ComicInfo><Publisher>P</Publisher></ComicInfo>' \
        comicbox.json '{"comicbox":' comicbox.yaml 'comicbox: [' MetronInfo.xml '<x/>' \
        comic-book-info.json 'no' CoMet.xml ''
    run meta '[.meta.series.name, .meta.publisher.name, (.warnings | length)]' "Good #1.cbz"
    [ "$output" = '["Good","P",5]' ]
}

# words PATTERN FILE...: what the first parentheses of PATTERN take out of the sources
words() {
    local pattern=$1
    shift
    (cd "$BATS_TEST_DIRNAME/../lib" && sed -nE "s/.*$pattern.*/\1/p" "$@" | sort -u)
}

# Each line of input must be a word of the page as man shows it.
in_page() {
    groff -man -mdoc -Tutf8 -P-c -rLL=2000n "$PAGE" 2>/dev/null | col -b >page.txt
    local missing=0
    while IFS= read -r word; do
        grep -qF -- "$word" page.txt || { echo "not in comic-metadata(5): $word"; missing=1; }
    done
    return $missing
}

@test "comic-metadata(5) has every field, element and word of the code, and no other" {
    run -0 /usr/bin/python3 "$TABLES-tables" "$BATS_TEST_DIRNAME/../lib" "$PAGE"
    # And the comparison can fail, both ways.
    sed '/^\.It ma15+ Ta/d; s/^ComicInfo: Imprint\./ComicInfo: Imprint, Country./; s/^cvdb$/cvdb, cv/' \
        "$PAGE" >page
    run -1 /usr/bin/python3 "$TABLES-tables" "$BATS_TEST_DIRNAME/../lib" page
    [[ $output == *"Age ratings: only in the code: ('ma15+', 'MA15+', 'Teen Plus')"* ]]
    [[ $output == *"elements: only on the page: ('ComicInfo', 'imprint', 'Country')"* ]]
    [[ $output == *"Sources of identifiers: only on the page: ('comicvine', 'Comic Vine', 'cvdb, cv', "* ]]
    words '^	\{ "([^"]+\.[a-z]+)", [a-z_]+ \},.*' metadata/metadata.c | in_page
}

# Each line of a table of names: it is named in the DIFFERENCES of the page.
explained() {
    sed -n '/^\.Sh DIFFERENCES/,/^\.Sh SEE/s/^\.It Li //p' "$PAGE" >explained
    grep -vxFf explained <(cut -f 1 "$1" | grep -v '^#') | sort -u >missing
    [ ! -s missing ] || { echo "not in comic-metadata(5):"; cat missing; return 1; }
}

@test "comic-metadata(5) explains every difference that the fixtures show" {
    [ "$(grep -vc '^#' "$TABLES-differences.tsv")" -ge 50 ]
    explained "$TABLES-differences.tsv"
}

@test "what is read differently on purpose is read as comic-metadata(5) says" {
    explained "$TABLES-deviations.tsv"
    /usr/bin/python3 - "$TABLES-deviations.tsv" <<'PYTHON'
import re, sys, zipfile
with open(sys.argv[1], encoding="utf-8") as f:
    rows = [line.rstrip("\n").split("\t") for line in f if line[0] != "#"]
for at, (name, member, document, *_) in enumerate(rows):
    data = re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), document.encode())
    with zipfile.ZipFile(f"{at:03}.cbz", "w") as z:
        z.writestr("1.jpg", b"page")
        z.writestr(member, data)
PYTHON
    # Without the file name, which would say a series; but junk has no other source.
    comic-extract --full --sources=ComicInfo.xml,MetronInfo.xml,CoMet.xml,comic-book-info.json,comicbox.yaml \
        ./*.cbz | comic-cat | jq -c 'select(.t == "comic") | .meta' >found
    at=0
    while IFS=$'\t' read -r name _ document place want; do
        at=$((at + 1))
        got=$(sed -n "${at}p" found | jq -c "$place")
        [ "$got" = "$want" ] || { echo "$name: $document: $place: got $got, want $want"; return 1; }
    done < <(grep -v '^#' "$TABLES-deviations.tsv")
    [ "$at" -ge 50 ]
}
