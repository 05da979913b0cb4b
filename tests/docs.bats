#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The manual pages of the formats name everything there is, and their examples run.
load helpers

MAN=$PROJECT/man

# entry PAGE NAME: the text of the list entry `.It Ic NAME` of a page.
entry() {
    awk -v name="$2" '
        $1 == ".It" && $2 == "Ic" { inside = ($3 == name) }
        $1 == ".Sh" { inside = 0 }
        inside' "$1"
}

# words: the words in a text, one a line, without punctuation of mdoc.
words() {
    tr -c 'A-Za-z0-9_-' '\n'
}

@test "comic-db(5) has every table, view and column of the schema" {
    sqlite3 a.db <"$PROJECT/lib/database/schema.sql"
    sqlite3 a.db "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')
        AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'comic_fts_%'" >tables
    [ "$(wc -l <tables)" -gt 40 ]
    while read -r table; do
        entry "$MAN/comic-db.5" "$table" | words >words
        [ -s words ] || { echo "$table is not there"; return 1; }
        sqlite3 a.db "SELECT name FROM pragma_table_info('$table')" >columns
        [ "$table" != v_search ] || echo comic_id >columns # the others are those of comic_fts
        while read -r column; do
            grep -qFx "$column" words || { echo "$table.$column is not there"; return 1; }
        done <columns
    done <tables
    # And none that there is not.
    sed -n 's/^\.It Ic //p' "$MAN/comic-db.5" | sort >named
    diff <(sort tables) named
    version=$(sed -n 's/^#define SCHEMA_VERSION //p' "$PROJECT/lib/database/schema.h")
    entry "$MAN/comic-db.5" meta | tr '\n' ' ' | grep -q "version of this schema, $version\."
}

@test "the queries of comic-db(5) run, and find something" {
    make_library --comics 300 --pages 2 lib
    import_into library.db lib
    cp lib/*/*/*.cbz lib/ # copies
    : >lib/empty.cbz
    import_into library.db lib 2>/dev/null
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$MAN/comic-db.5" >examples
    awk '/^\.Ed/ { show = 0 } show > 0 { print > ("query" count) } /^\.Bd/ { show = 1; count++ }' examples
    [ "$(ls query* | wc -l)" -ge 8 ]
    for query in query*; do
        # The library has no such words.
        sed -i 's/characters:vagabond OR title:"the corsair"/characters:a* OR title:"the"/' "$query"
        run -0 sqlite3 library.db <"$query"
        [ -n "$output" ] || { echo "nothing found:"; cat "$query"; return 1; }
    done
}

@test "comic-stream(5) has every type of record and its keys" {
    # From the table that decodes them: name, and the types it belongs to.
    sed -n '/^static const struct key {/,/^};/s/^\t{ TEXT_INIT("\([a-z]*\)"), \([A-Z_()| ]*\), .*/\1 \2/p' \
        "$PROJECT/lib/stream/record.c" >keys
    [ "$(wc -l <keys)" -ge 25 ]
    while read -r key types; do
        case $types in
            PATHS*) types='file moved gone comic fail' ;;
            FILES*) types='file moved comic fail' ;;
            ROWS*) types='moved gone' ;;
            COUNTS*) types='batch end' ;;
            *) types=$(sed 's/,.*//; s/BIT(STREAM_\([A-Z]*\))/\L\1/' <<<"$types") ;;
        esac
        for type in $types; do
            entry "$MAN/comic-stream.5" "$type" | grep '^\.It Cm' | words | grep -qFx "$key" ||
                { echo "$key of $type is not there"; return 1; }
        done
    done <keys
    sed -n '/^static const char \*const type_names/,/^};/p' "$PROJECT/lib/stream/reader.c" |
        grep -o '"[a-z]*"' | tr -d '"' | grep . | sort >types
    diff types <(sed -n 's/^\.It Ic //p' "$MAN/comic-stream.5" | sort)
}

@test "comic-stream(5) has every key of meta, of each map" {
    sed -n '/^\.Sh METADATA/,/^\.Sh JSON/p' "$MAN/comic-stream.5" >metadata
    # "table key" for each field; those of meta_fields itself are list entries.
    awk '/^(static )?const struct meta_field [a-z_]+\[\]/ { table = $0
            sub(/.*meta_field /, "", table); sub(/\[.*/, "", table) }
        /^};/ { table = "" }
        table != "" && match($0, /(FIELD|FULL)(_OF)?\("[a-z_]+"/) { key = substr($0, RSTART, RLENGTH)
            sub(/.*\("/, "", key); sub(/"$/, "", key); print table, key }' \
        "$PROJECT/lib/stream/meta.c" >fields
    [ "$(grep -c '^meta_fields ' fields)" -ge 45 ]
    sed -n 's/^\.It Cm //p' metadata | words | grep . >entries
    diff <(sed -n 's/^meta_fields //p' fields) entries # in the same order, too
    words <metadata >words
    while read -r _ key; do
        grep -qFx "$key" words || { echo "$key is not there"; return 1; }
    done <fields
    words <"$MAN/comic-extract.1" >extract
    sed -n '/^static const char \*const code_names/,/^};/p' "$PROJECT/lib/stream/record.c" |
        grep -o '"[a-z-]*"' | tr -d '"' | grep . >codes
    [ "$(wc -l <codes)" -ge 12 ]
    while read -r code; do
        entry "$MAN/comic-stream.5" fail | words | grep -qFx -- "$code"
        grep -qFx -- "$code" extract
    done <codes
}

@test "the streams of comic-stream(5) are streams" {
    sed -n '/^\.Sh EXAMPLES/,/^\.Sh [^E]/p' "$MAN/comic-stream.5" |
        awk '/^\.Ed/ { show = 0 } show { print } /^\.Bd/ { show = 1 }' >lines
    sed -n '/^{"t":"begin"/,/^{"t":"end"/p' lines | comic-cat --encode | comic-cat --check
    { sed -n '/^{"t":"begin"/p' lines; sed -n '/^{"t":"comic"/,/}}$/p' lines | tr -d '\n'; echo
      sed -n '/^{"t":"end"/p' lines; } | comic-cat --encode >loaded
    comic-cat --check loaded
    comic-chunk <loaded | comic-load --report=none x.db
    [ "$(sqlite3 x.db 'SELECT series FROM v_comic')" = Sample ]
}

@test "the tour and the fan-out of comicpipe(7) run" {
    export HOME=$PWD
    make_library --comics 60 --pages 2 Comics
    make_cbz x.cbz '<ComicInfo><Series>Sample</Series></ComicInfo>'
    touch -d '2020-01-01' Comics # settled
    sed -n '/^\.Ss A tour/,/^\.Ss Many/s/^\.Dl //p' "$MAN/comicpipe.7" | sed 's/\\&//g' >tour
    [ "$(wc -l <tour)" -ge 7 ]
    run -0 bash -e tour
    comic-dump library.db >want
    rm library.db
    awk '/^\.Ed/ { exit } show { print } /^mkdir parts/ { show = 1 }' "$MAN/comicpipe.7" >fan
    run -0 bash -e -c 'mkdir parts; . ./fan'
    comic-dump library.db | cmp - want
}

@test "every page is in the lists of comicpipe(7) and is named by another" {
    for page in "$MAN"/*.[1-9]; do
        name=$(basename "$page")
        [ "$name" != comicpipe.7 ] || continue
        grep -qE "^\.(It )?Xr ${name%.*} ${name##*.}" "$MAN/comicpipe.7" || { echo "$name"; return 1; }
        # References to our own pages lead somewhere.
        grep -ohE '^\.(It |Pq )?Xr comic[a-z-]* [1-9]' "$page" | sed 's/.*Xr //' | while read -r to section; do
            [ -e "$MAN/$to.$section" ] || { echo "$name: $to($section)"; return 1; }
        done
    done
}
