# SPDX-License-Identifier: MIT
# Metadata of every format: the fixtures of other projects, sources and where values came from, and
# comic-metadata(5) against the tables in the code.
load helpers

FIXTURES=$BATS_TEST_DIRNAME/../../shared/fixtures
PAGE=$BATS_TEST_DIRNAME/../man/comic-metadata.5

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
    awk -F '\t' '!/^#/ && NF != 4 { print; bad = 1 } END { exit bad || NR < 50 }' "$BATS_TEST_DIRNAME/metadata-fixtures.tsv"
    [ -d "$FIXTURES" ] || return 0 # files of other projects, not in this tree
    run /usr/bin/python3 "$BATS_TEST_DIRNAME/metadata-compare" "$FIXTURES" "$BATS_TEST_DIRNAME/metadata-fixtures.tsv"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the comparison can fail" {
    [ -d "$FIXTURES" ] || return 0
    sed 's/"The Beginning COMET"/"Another"/; s/null-name/same/' "$BATS_TEST_DIRNAME/metadata-fixtures.tsv" >table
    run /usr/bin/python3 "$BATS_TEST_DIRNAME/metadata-compare" "$FIXTURES" table
    [ "$status" -eq 1 ]
    [[ $output == *"multi.cbz: want"* ]]
    [[ $output == *"comicbox-2-update.cbz: /teams differs"* ]]
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

@test "comic-metadata(5) names every field, element, key and word of the code" {
    [ -f "$PAGE" ]
    words '^	[A-Z_]+\("([a-z_]+)",.*' stream/meta.c | in_page
    for format in comicinfo metroninfo comet; do
        [ "$(words '^.*[A-Z]+\("([A-Za-z]+)",.*' metadata/$format.c | wc -l)" -gt 20 ]
        words '^.*[A-Z]+\("([A-Za-z]+)",.*' metadata/$format.c | in_page
    done
    words '^	\{ "([A-Za-z]+)", put_.*' metadata/comicbookinfo.c | in_page
    words '^	\{ "[a-z0-9+]+", "([^"]+)".*' metadata/age_rating.c metadata/format.c metadata/role.c | in_page
    words '.*\] = \{ "[a-z]+", "([^"]+)".*' metadata/identifier.c | in_page
    words '.*\] = \{ "([a-z]+)", "[^"]+".*' metadata/identifier.c | in_page
    words '^	\{ "([^"]+\.[a-z]+)", [a-z_]+ \},.*' metadata/metadata.c | in_page
    [ "$(words '^	\{ "([^"]+)", [A-Z_]+ \},.*' metadata/publisher.c | wc -l)" -gt 30 ]
    words '^	\{ "([^"]+)", [A-Z_]+ \},.*' metadata/publisher.c | in_page
}

@test "comic-metadata(5) explains every difference that the fixtures show" {
    [ -f "$PAGE" ]
    sed -nE 's/^    "([a-z-]+)": r".*/\1/p' "$BATS_TEST_DIRNAME/metadata-compare" >names
    [ "$(wc -l <names)" -ge 9 ]
    in_page <names
}
