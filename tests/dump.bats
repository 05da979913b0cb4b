#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-dump: what it says of a database made by hand, and how it refuses.
load helpers

# new_db FILE: an empty comic database.
new_db() {
    sqlite3 "$1" <"$PROJECT/lib/database/schema.sql"
}

# A publisher, imprint, series and volume without names, and the folder /: row 1 of each.
base_rows="
INSERT INTO folder VALUES (1, '/', NULL, '');
INSERT INTO publisher VALUES (1, '', '');
INSERT INTO imprint VALUES (1, 1, '', '');
INSERT INTO series VALUES (1, 1, '', '');
INSERT INTO volume VALUES (1, 1, NULL, NULL);
"

# comic_row ID PATH: SQL for a comic of which nothing is known.
comic_row() {
    echo "INSERT INTO comic (id, path, folder_id, file_name, size, mtime, ino, dev, format,
        page_count, volume_id, added_at, updated_at) VALUES
        ($1, '$2', 1, 'x', 10, 20, 30, 40, 'cbz', 5, 1, '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z');"
}

# A comic with every column set, every kind of link and every identifier.
full_rows="
INSERT INTO folder VALUES (1, '/', NULL, '');
INSERT INTO publisher VALUES (7, 'Pub', 'pub');
INSERT INTO imprint VALUES (8, 7, 'Imp', 'imp');
INSERT INTO series VALUES (9, 8, 'The Series', 'series, the');
INSERT INTO volume VALUES (10, 9, 1995, 1997);
INSERT INTO age_rating VALUES (1, 'Teen', 'Teen', 2);
INSERT INTO language VALUES (1, 'en', 'English');
INSERT INTO country VALUES (1, 'US', 'United States');
INSERT INTO original_format VALUES (1, 'Trade Paperback');
INSERT INTO scan_info VALUES (1, 'Scanner');
INSERT INTO tagger VALUES (1, 'Tagger 1.0');
INSERT INTO character VALUES (1, 'Zed'), (2, 'Amy'), (3, 'Élan');
INSERT INTO team VALUES (1, 'Team');
INSERT INTO location VALUES (1, 'Here');
INSERT INTO genre VALUES (1, 'Crime');
INSERT INTO tag VALUES (1, 'b'), (2, 'B');
INSERT INTO story VALUES (1, 'One'), (2, 'Two');
INSERT INTO series_group VALUES (1, 'Group 2'), (2, 'Group 1');
INSERT INTO story_arc VALUES (1, 'Arc', 'arc'), (2, 'Bow', 'bow');
INSERT INTO universe VALUES (1, 'Prime', 'Earth 616'), (2, 'Other', '');
INSERT INTO person VALUES (1, 'Writer W'), (2, 'Artist A'), (3, 'Nobody');
INSERT INTO role VALUES (1, 'Writer'), (2, 'Penciller');
INSERT INTO credit VALUES (1, 1, 1), (2, 2, 2), (3, 2, 1), (4, 3, NULL);
INSERT INTO reprint VALUES (1, 'Old Series', 3, '12', 'fr'), (2, 'Old Series', NULL, '', '');
INSERT INTO identifier_source VALUES (1, 'metron'), (2, 'comicvine');
INSERT INTO identifier VALUES (1, 1, 'comic', '100'), (2, 2, 'comic', ''), (3, 1, 'publisher', '1'),
    (4, 1, 'imprint', '2'), (5, 1, 'series', '3'), (6, 1, 'story', '4'), (7, 1, 'story_arc', '5'),
    (8, 1, 'person', '6'), (9, 1, 'role', '7'), (10, 1, 'character', '8'), (11, 1, 'team', '9'),
    (12, 1, 'location', '10'), (13, 1, 'genre', '11'), (14, 1, 'tag', '12'),
    (15, 1, 'universe', '13'), (16, 1, 'reprint', '14'), (17, 2, 'series', '15');
INSERT INTO comic (id, path, folder_id, file_name, size, mtime, ino, dev, format, page_count, fingerprint,
    volume_id, title, sort_name, collection_title, series_sort_name, series_start_year, series_volume_count,
    volume_issue_count, issue_name, issue_number, issue_suffix, alternative_issue_name,
    alternative_issue_number, alternative_issue_suffix, year, month, day, cover_date, store_date, summary,
    notes, review, rights, age_rating_id, original_format_id, scan_info_id, tagger_id, language_id,
    country_id, main_character_id, main_team_id, manga, reading_direction, monochrome, community_rating,
    community_rating_count, critical_rating, critical_rating_count, cover, sources, warnings, added_at, updated_at)
    VALUES (5, '/lib/a.cbz', 1, 'a.cbz', 1000, 1500000000123456789, -2, 77, 'cbr', 24,
    '0123456789abcdef0123456789abcdef', 10, 'Title', 'title', 'Collection', 'Series, The', 1990, 4, 12,
    '001.MU', 1.0, 'MU', '2½', 2.5, 'X', 1996, 2, 29, '1996-02-29', '1996-01-01', 'A summary
of two lines', 'Notes', 'Review', 'Rights', 1, 1, 1, 1, 1, 1, 2, 1, 'YesAndRightToLeft', 'rtl', 0,
    4.5, 10, 3.0, 2, '01.jpg', '[\"ComicInfo.xml\",\"file name\"]', '[\"a\\u00e9\"]',
    '2020-01-01T00:00:00Z', '2020-01-01T00:00:00Z');
INSERT INTO comic_character VALUES (5, 1), (5, 2), (5, 3);
INSERT INTO comic_team VALUES (5, 1);
INSERT INTO comic_location VALUES (5, 1);
INSERT INTO comic_genre VALUES (5, 1);
INSERT INTO comic_tag VALUES (5, 1), (5, 2);
INSERT INTO comic_story VALUES (5, 1), (5, 2);
INSERT INTO comic_series_group VALUES (5, 1), (5, 2);
INSERT INTO comic_story_arc VALUES (5, 1, NULL), (5, 2, 3);
INSERT INTO comic_universe VALUES (5, 1), (5, 2);
INSERT INTO comic_credit VALUES (5, 1), (5, 2), (5, 3), (5, 4);
INSERT INTO comic_reprint VALUES (5, 1, 6), (5, 2, NULL);
INSERT INTO comic_identifier VALUES (5, 1, 'https://metron.cloud/issue/100'), (5, 2, 'https://example.org/x');
INSERT INTO comic_object_identifier VALUES (5, 3, 7, NULL), (5, 4, 8, NULL), (5, 5, 9, 'https://s'),
    (5, 17, 9, NULL), (5, 6, 1, NULL), (5, 7, 2, NULL), (5, 8, 1, NULL), (5, 9, 1, NULL), (5, 10, 2, NULL),
    (5, 11, 1, NULL), (5, 12, 1, NULL), (5, 13, 1, NULL), (5, 14, 2, NULL), (5, 15, 1, NULL), (5, 16, 1, NULL);
"

full_json='{"t":"comic","path":"/lib/a.cbz","size":1000,"mtime":"1500000000123456789","ino":"18446744073709551614","format":"cbr","pages":24,"fingerprint":"0123456789abcdef0123456789abcdef","sources":["ComicInfo.xml","file name"],"meta":{"title":"Title","collection_title":"Collection","publisher":{"name":"Pub","identifiers":{"metron":{"key":"1"}}},"imprint":{"name":"Imp","identifiers":{"metron":{"key":"2"}}},"series":{"name":"The Series","sort_name":"Series, The","start_year":1990,"volume_count":4,"identifiers":{"comicvine":{"key":"15"},"metron":{"key":"3","url":"https://s"}}},"volume":{"number":1995,"number_to":1997,"issue_count":12},"issue":{"name":"001.MU","number":1,"suffix":"MU"},"alternative_issue":{"name":"2½","number":2.5,"suffix":"X"},"date":{"year":1996,"month":2,"day":29,"cover_date":"1996-02-29","store_date":"1996-01-01"},"summary":"A summary\nof two lines","notes":"Notes","review":"Review","rights":"Rights","age_rating":"Teen","original_format":"Trade Paperback","scan_info":"Scanner","tagger":"Tagger 1.0","language":"en","country":"US","manga":"YesAndRightToLeft","reading_direction":"rtl","monochrome":false,"community_rating":{"average_rating":4.5,"rating_count":10},"critical_rating":{"average_rating":3,"rating_count":2},"protagonist":"Amy","stories":{"One":{"identifiers":{"metron":{"key":"4"}}},"Two":{}},"arcs":{"Arc":{},"Bow":{"number":3,"identifiers":{"metron":{"key":"5"}}}},"credits":{"Artist A":{"roles":{"Penciller":{},"Writer":{"identifiers":{"metron":{"key":"7"}}}}},"Nobody":{},"Writer W":{"roles":{"Writer":{}},"identifiers":{"metron":{"key":"6"}}}},"characters":{"Amy":{"identifiers":{"metron":{"key":"8"}}},"Zed":{},"Élan":{}},"teams":{"Team":{"identifiers":{"metron":{"key":"9"}}}},"locations":{"Here":{"identifiers":{"metron":{"key":"10"}}}},"genres":{"Crime":{"identifiers":{"metron":{"key":"11"}}}},"tags":{"B":{"identifiers":{"metron":{"key":"12"}}},"b":{}},"universes":{"Other":{},"Prime":{"designation":"Earth 616","identifiers":{"metron":{"key":"13"}}}},"series_groups":["Group 1","Group 2"],"identifiers":{"comicvine":{"url":"https://example.org/x"},"metron":{"key":"100","url":"https://metron.cloud/issue/100"}},"reprints":[{"series":{"name":"Old Series"}},{"language":"fr","series":{"name":"Old Series"},"volume":{"number":3,"issue_count":6},"issue":"12","identifiers":{"metron":{"key":"14"}}}],"cover":"01.jpg"},"warnings":["aé"]}'

@test "an empty database is an empty group" {
    new_db a.db
    comic-dump a.db >dump
    comic-cat dump >json
    cat >want <<JSON
{"t":"begin","v":1,"by":"comic-dump $(cat "$PROJECT/VERSION")","roots":[],"complete":false}
{"t":"end","records":0,"comics":0,"failed":0}
JSON
    diff want json
}

@test "every column, link and identifier has its key, in the order of the format" {
    new_db a.db
    sqlite3 a.db "$full_rows"
    comic-dump a.db >dump
    comic-cat --check dump
    comic-cat dump | sed -n 2p >json
    diff <(echo "$full_json") json
}

@test "what a comic does not say is not there" {
    new_db a.db
    sqlite3 a.db "$base_rows $(comic_row 1 /a.cbz)"
    run -0 --separate-stderr bash -c 'comic-dump a.db | comic-cat | sed -n 2p'
    [ "$output" = '{"t":"comic","path":"/a.cbz","size":10,"mtime":"20","ino":"30","format":"cbz","pages":5,"meta":{}}' ]
}

@test "the main team is the protagonist when no character is" {
    new_db a.db
    sqlite3 a.db "$full_rows UPDATE comic SET main_character_id = NULL"
    run -0 bash -c 'comic-dump a.db | comic-cat | jq -r "select(.t == \"comic\").meta.protagonist"'
    [ "$output" = Team ]
}

@test "comics and failures are merged in byte order of their paths" {
    new_db a.db
    sqlite3 a.db "$base_rows
        $(comic_row 1 /z.cbz) $(comic_row 2 /b.cbz) $(comic_row 3 /b/c.cbz) $(comic_row 4 '/é.cbz') $(comic_row 5 /B.cbz)
        INSERT INTO failed VALUES ('/b.cbz', 1, 2, -1, 4, 'damaged', 'the reason', 2, ''),
            ('/a.cbz', 0, 2, 3, NULL, 'empty', '', 1, ''), ('/zz.cbz', 9, 2, 3, NULL, 'not-an-archive', '', 1, '');"
    comic-dump a.db | comic-cat >json
    cat >want <<'LIST'
comic /B.cbz
fail /a.cbz
comic /b.cbz
fail /b.cbz
comic /b/c.cbz
comic /z.cbz
fail /zz.cbz
comic /é.cbz
LIST
    diff want <(jq -r 'select(.path) | "\(.t) \(.path)"' json)
    grep -Fx '{"t":"fail","path":"/b.cbz","size":1,"mtime":"2","ino":"18446744073709551615","code":"damaged","reason":"the reason"}' json
    [ "$(tail -1 json)" = '{"t":"end","records":8,"comics":5,"failed":3}' ]
}

@test "the dump does not depend on ids, dev or times of import" {
    new_db a.db
    new_db b.db
    sqlite3 a.db "$full_rows"
    sqlite3 b.db "PRAGMA foreign_keys = OFF; $full_rows
        UPDATE character SET id = 10 - id; UPDATE comic_character SET character_id = 10 - character_id;
        UPDATE comic SET main_character_id = 10 - main_character_id, dev = NULL, added_at = '', updated_at = '';
        UPDATE comic_object_identifier SET object_id = 10 - object_id WHERE identifier_id = 10;
        UPDATE comic SET id = 99; UPDATE comic_character SET comic_id = 99; UPDATE comic_team SET comic_id = 99;
        UPDATE comic_location SET comic_id = 99; UPDATE comic_genre SET comic_id = 99; UPDATE comic_tag SET comic_id = 99;
        UPDATE comic_story SET comic_id = 99; UPDATE comic_series_group SET comic_id = 99; UPDATE comic_story_arc SET comic_id = 99;
        UPDATE comic_universe SET comic_id = 99; UPDATE comic_credit SET comic_id = 99; UPDATE comic_reprint SET comic_id = 99;
        UPDATE comic_identifier SET comic_id = 99; UPDATE comic_object_identifier SET comic_id = 99;"
    comic-dump a.db >a
    comic-dump b.db >b
    cmp a b
}

@test "identifiers of one comic do not leak into the next" {
    new_db a.db
    sqlite3 a.db "$full_rows
        INSERT INTO comic (id, path, folder_id, file_name, size, mtime, ino, format, page_count, volume_id, added_at, updated_at)
            VALUES (6, '/lib/b.cbz', 1, 'x', 10, 20, 30, 'cbz', 5, 10, '', '');
        INSERT INTO comic_character VALUES (6, 2);"
    comic-dump a.db | comic-cat | sed -n 3p | jq -c .meta >json
    echo '{"publisher":{"name":"Pub"},"imprint":{"name":"Imp"},"series":{"name":"The Series"},"volume":{"number":1995,"number_to":1997},"characters":{"Amy":{}}}' >want
    diff want json
}

@test "paths that are not UTF-8 stay bytes" {
    new_db a.db
    sqlite3 a.db "$base_rows $(comic_row 1 /x.cbz) UPDATE comic SET path = CAST(x'2fff2e63627a' AS TEXT)"
    run -0 bash -c 'comic-dump a.db | comic-cat | sed -n 2p | jq -c .path'
    [ "$output" = '{"$bytes":"L/8uY2J6"}' ]
}

@test "many links make maps larger than 15 and 65,535 pairs" {
    new_db a.db
    sqlite3 a.db "$base_rows $(comic_row 1 /x.cbz)
        INSERT INTO character SELECT value, printf('C%06d', value) FROM generate_series(1, 70000);
        INSERT INTO comic_character SELECT 1, id FROM character;
        INSERT INTO tag SELECT value, printf('T%06d', value) FROM generate_series(1, 16);
        INSERT INTO comic_tag SELECT 1, id FROM tag;"
    comic-dump a.db >dump
    comic-cat --check dump
    [ "$(comic-cat dump | sed -n 2p | jq '.meta | (.characters | length), (.tags | length)' | tr '\n' ' ')" = '70000 16 ' ]
}

@test "-o writes a whole file or none" {
    new_db a.db
    comic-dump a.db >want
    comic-dump -o dump a.db
    cmp want dump
    run -3 comic-dump -o dump2 missing.db
    run -0 ls
    [ "$output" = $'a.db\ndump\nwant' ]
}

@test "nothing is written to the database, its folder or stdout when it is refused" {
    run -3 --separate-stderr comic-dump missing.db
    [ "$stderr" = "comic-dump: missing.db: open: No such file or directory" ]
    [ -z "$output" ]
    : >empty.db
    run -3 --separate-stderr comic-dump empty.db
    [ "$stderr" = "comic-dump: empty.db: not a comic database" ]
    [ -z "$output" ]
    sqlite3 other.db 'CREATE TABLE t (x)'
    run -3 --separate-stderr comic-dump other.db
    [ "$stderr" = "comic-dump: other.db: not a comic database" ]
    seq 10000 >text.db
    run -3 --separate-stderr comic-dump text.db
    [ "$stderr" = "comic-dump: text.db: not a comic database" ]
    run -3 --separate-stderr comic-dump .
    [ -z "$output" ]
    run -0 bash -c 'ls | grep -v ^separate-stderr' # those are made by bats
    [ "$output" = $'empty.db\nother.db\ntext.db' ]
}

@test "a newer schema is refused" {
    new_db a.db
    sqlite3 a.db "INSERT OR REPLACE INTO meta VALUES ('schema_version', 999)"
    run -3 --separate-stderr comic-dump a.db
    [[ $stderr == "comic-dump: a.db: made by a newer comicpipe (schema 999, "* ]]
    [ -z "$output" ]
}

@test "a name that means something to SQLite is the name of a file" {
    new_db a.db
    for name in :memory: file:a.db 'file:a.db?mode=memory'; do
        run -3 --separate-stderr comic-dump "$name"
        [ "$stderr" = "comic-dump: $name: open: No such file or directory" ]
        cp a.db "./$name"
        comic-dump "$name" | cmp - <(comic-dump a.db)
    done
}

@test "a database that may only be read is read" {
    new_db a.db
    sqlite3 a.db "$full_rows"
    comic-dump a.db >want
    chmod 444 a.db
    comic-dump a.db | cmp - want
}

@test "a dump changes no byte of the database" {
    new_db a.db
    sqlite3 a.db "$full_rows"
    cp -p a.db before.db
    comic-dump a.db >dump
    cmp a.db before.db
    run -0 ls
    [ "$output" = $'a.db\nbefore.db\ndump' ]
}

@test "a database in WAL mode can be read while a transaction is open" {
    new_db a.db
    sqlite3 a.db "PRAGMA journal_mode = WAL; $base_rows $(comic_row 1 /a.cbz)" >/dev/null
    comic-dump a.db >want
    sqlite3 a.db "BEGIN IMMEDIATE; $(comic_row 2 /b.cbz)" '.system comic-dump a.db >dump' 'ROLLBACK'
    cmp want dump
}

@test "usage errors and write errors have their status" {
    new_db a.db
    run -2 --separate-stderr comic-dump
    [ "${stderr_lines[0]}" = "comic-dump: no database given" ]
    run -2 comic-dump a.db a.db
    run -2 comic-dump --nonsense a.db
    run -3 --separate-stderr bash -c 'comic-dump a.db >/dev/full'
    [ "$stderr" = "comic-dump: standard output: write: No space left on device" ]
    run -3 bash -c 'comic-dump a.db >&-'
    run -2 bash -c 'script -qec "comic-dump a.db" /dev/null </dev/null'
}

@test "a reader that stops ends it by SIGPIPE, without a message" {
    new_db a.db
    sqlite3 a.db "$base_rows INSERT INTO comic (path, folder_id, file_name, size, mtime, ino, format, page_count, volume_id, summary, added_at, updated_at)
        SELECT printf('/%06d.cbz', value), 1, '', 1, 1, 1, 'cbz', 1, 1, hex(zeroblob(500)), '', '' FROM generate_series(1, 1000)"
    run -0 --separate-stderr bash -c 'comic-dump a.db | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
    [ "$output" = 141 ]
    [ -z "$stderr" ]
}

@test "text that is no JSON array where one belongs is an error, not a crash" {
    new_db a.db
    sqlite3 a.db "$base_rows $(comic_row 1 /a.cbz) UPDATE comic SET sources = '{'"
    run -3 --separate-stderr comic-dump a.db
    [ "$stderr" = "comic-dump: a.db: comic 1: sources is not a JSON array" ]
    sqlite3 a.db "UPDATE comic SET sources = '[]'; INSERT INTO failed VALUES ('/b', 1, 1, 1, 1, 'odd', '', 1, '')"
    run -3 --separate-stderr comic-dump a.db
    [ "$stderr" = "comic-dump: a.db: failed: 'odd' is not a code of this version" ]
}

# round_trip DB: its dump, loaded into a new database, is dumped alike.
round_trip() {
    comic-dump "$1" >first
    comic-chunk <first | comic-load --report=none again.db
    comic-dump again.db >second
    cmp first second
}

@test "loaded again a dump gives the same dump: every column and link" {
    new_db a.db
    sqlite3 a.db "$full_rows"
    round_trip a.db
}

@test "loaded again a dump gives the same dump: failures, also beside a comic" {
    new_db a.db
    sqlite3 a.db "$base_rows $(comic_row 1 /a.cbz) $(comic_row 2 /b.cbz)
        INSERT INTO failed VALUES ('/a.cbz', 1, 2, -1, 4, 'damaged', 'the reason', 2, ''),
            ('/c.cbz', 0, 2, 3, NULL, 'empty', '', 1, '');"
    round_trip a.db
}

@test "loaded again a dump gives the same dump: a generated library" {
    make_library --comics 300 --pages 2 lib
    import_into a.db lib
    round_trip a.db
    # In batches too.
    comic-chunk -n 7 <first | comic-load --report=none small.db
    comic-dump small.db | cmp - first
}
