# SPDX-License-Identifier: MIT
# What the names of files say, through the programs: names that other programs know, odd bytes,
# folders. The names one by one are in the unit tests test_metadata_filename*.
load helpers

NAMES=$BATS_TEST_DIRNAME/../../shared/fixtures/filenames/comicfn2dict.json
TABLE=$BATS_TEST_DIRNAME/filename-differences.tsv
PAGE=$BATS_TEST_DIRNAME/../man/comic-metadata.5

compare() { # TABLE
    run /usr/bin/python3 "$BATS_TEST_DIRNAME/filename-compare" "$NAMES" "$1"
    echo "$output"
}

meta() { # FILTER NAME...: jq over the comic records of names
    local filter=$1
    shift
    comic-extract --full --no-open -- "$@" | comic-cat | jq -c "select(.t == \"comic\") | $filter"
}

@test "names give what comicfn2dict finds in them, but for a table of differences" {
    [ "$(grep -vc '^#' "$TABLE")" -ge 20 ]
    ! grep -v '^#' "$TABLE" | grep -vP '^[^\t]+\t[a-z_]+\t[^\t]+\t[^\t]+\t[a-z-]+$'
    [ -f "$NAMES" ] || return 0 # a file of another project, not in this tree
    compare "$TABLE"
    [ "$status" -eq 0 ]
}

@test "the comparison can fail" {
    [ -f "$NAMES" ] || return 0
    grep -v 'King of Skittles' "$TABLE" >short
    compare short
    [ "$status" -eq 1 ]
    [[ $output == *"not in the table: King of Skittles"*" / issue_count / 5 / 05"* ]]
    { cat "$TABLE" && printf 'The Walking Dead #3.cbz\tissue\t3\t4\twhole-number\n'; } >long
    compare long
    [ "$status" -eq 1 ]
    [[ $output == *"no longer so: The Walking Dead #3.cbz / issue / 3 / 4"* ]]
}

@test "comic-metadata(5) gives the reason of each difference" {
    reasons=$(grep -v '^#' "$TABLE" | cut -f5 | sort -u)
    [ "$(wc -w <<<"$reasons")" -ge 2 ]
    for reason in $reasons; do
        grep -q "^\.It Li $reason\$" "$PAGE"
    done
}

@test "only the name of the file counts, not the folders it is in" {
    local folder="Other v9 (1999) (Marvel)"
    run meta '[.meta.series.name, .meta.issue.name, .meta.volume, .meta.date, .meta.publisher]' \
        "$folder/Saga #3.cbz" "/x/Vol. 4/012.cbz"
    [ "$output" = '["Saga","3",null,null,null]
["012",null,null,null,null]' ]
}

@test "names of any bytes are comics, in the stream and in the database" {
    local long
    long=$(printf '%0250d' 0)
    printf '%s\0' $'bad \xff\xfe utf8 #1.cbz' $'control \x01\x1b[31m #2.cbz' $'line\nfeed #3.cbz' \
        'emoji 💥 #4.cbz' $'bidi \u202e\u200f #5.cbz' "$long.cbz" '((((.cbz' '-.cbz' ' .cbz' \
        $'nfd e\u0301 #6.cbz' '#.cbz' '__.cbz' "'\".cbz" '$(x) `y` ;.cbz' |
        xargs -0 comic-extract --full --no-open -- >stream
    comic-cat --check <stream
    [ "$(comic-cat <stream | jq -r 'select(.t == "comic") | .meta.issue.name // "-"' | tr -d '\n')" = 12345----6---- ]
    comic-chunk <stream | comic-load --report=none x.db
    [ "$(sqlite3 x.db 'SELECT count(*) FROM comic')" = 14 ]
}
