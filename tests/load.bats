#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# comic-load: what a stream makes of the database, batch by batch and at the end of a run.
# shellcheck disable=SC2154 # variables that bats' run sets

load helpers

# stream [ROOT [COMPLETE]] <JSON...: the records, one a line, as a stream of one group.
stream() {
    jq -c --arg root "${1:-/lib}" --argjson complete "${2:-true}" -n '
        [inputs] as $records
        | {t: "begin", v: 1, by: "test 1", roots: [$root], complete: $complete},
          $records[], {t: "end", records: ($records | length)}' | comic-cat --encode
}

# comic PATH [META [MORE]]: a comic record; META and MORE are JSON objects.
comic() {
    jq -cn --arg path "$1" --argjson meta "${2:-"{}"}" --argjson more "${3:-"{}"}" '
        {t: "comic", path: $path, size: 1000, mtime: "1500000000000000001", ino: "11", dev: 7,
         format: "cbz", pages: 20, sources: ["filename"], meta: $meta} + $more'
}

# about TYPE PATH [MORE]: any other record that has a path.
about() {
    jq -cn --arg t "$1" --arg path "$2" --argjson more "${3:-"{}"}" '{t: $t, path: $path} + $more'
}

# A file's identity as comic() has it.
FILE='{"size": 1000, "mtime": "1500000000000000001", "ino": "11", "dev": 7}'

fail() {
    about fail "$1" "$(jq -cn --argjson f "$FILE" --argjson m "${2:-"{}"}" \
        '$f + {code: "damaged", reason: "no central directory"} + $m')"
}

# load DB [OPTIONS...]: the stream on standard input in one batch, silently.
load_into() {
    comic-chunk --memory 1G -n "${N:-100000}" | comic-load --report=none "$@"
}

sql() {
    sqlite3 -batch "$@"
}

# healthy DB: nothing in it contradicts anything else in it.
healthy() {
    [ "$(sql "$1" "PRAGMA integrity_check; PRAGMA foreign_key_check;
        INSERT INTO comic_fts (comic_fts, rank) VALUES ('integrity-check', 1);
        SELECT 'gone' FROM gone; SELECT 'suspect' FROM suspect;")" = ok ]
    sql "$1" "$(orphans)" | tee orphans.txt
    [ ! -s orphans.txt ]
}

# Statements that find reference rows nothing refers to.
orphans() {
    local kind
    for kind in character team location genre tag story story_arc series_group universe credit reprint; do
        echo "SELECT '$kind', * FROM $kind WHERE id NOT IN (SELECT ${kind}_id FROM comic_$kind);"
    done
    for kind in age_rating original_format scan_info tagger language country volume; do
        echo "SELECT '$kind', * FROM $kind WHERE id NOT IN
              (SELECT ${kind}_id FROM comic WHERE ${kind}_id IS NOT NULL);"
    done
    echo "SELECT 'series', * FROM series WHERE id NOT IN (SELECT series_id FROM volume);
        SELECT 'imprint', * FROM imprint WHERE id NOT IN (SELECT imprint_id FROM series);
        SELECT 'publisher', * FROM publisher WHERE id NOT IN (SELECT publisher_id FROM imprint);
        SELECT 'person', * FROM person WHERE id NOT IN (SELECT person_id FROM credit);
        SELECT 'role', * FROM role WHERE id NOT IN (SELECT role_id FROM credit WHERE role_id IS NOT NULL);
        SELECT 'source', * FROM identifier_source WHERE id NOT IN (SELECT source_id FROM identifier);
        SELECT 'identifier', * FROM identifier WHERE id NOT IN (SELECT identifier_id FROM comic_identifier
            UNION SELECT identifier_id FROM comic_object_identifier);
        SELECT 'folder', * FROM folder WHERE id NOT IN (SELECT folder_id FROM comic UNION
            SELECT parent_id FROM folder WHERE parent_id IS NOT NULL);"
}

# same_content DB DB: both say the same.
same_content() {
    comic-dump "$1" >one.dump
    comic-dump "$2" >two.dump
    cmp one.dump two.dump
}

make_stream() {
    /usr/bin/python3 "$PROJECT/tests/make-stream" "$@"
}

# ---- the command line ---------------------------------------------------------------------

@test "usage: one database, known reports, percents" {
    for args in "" "a.db b.db" "--report=xml a.db" "--max-gone=101 a.db" "--memory=0 a.db" "--no a.db"; do
        # shellcheck disable=SC2086 # words are meant
        run -2 --separate-stderr comic-load $args </dev/null
        [[ $stderr == *"Try 'comic-load --help'."* ]]
    done
    [ ! -e a.db ]
}

@test "no stream: exit 3, and no database is made" {
    run -3 --separate-stderr comic-load a.db </dev/null
    [[ $stderr == *"truncated stream"* ]]
    [ ! -e a.db ]
    comic /lib/a.cbz | comic-cat --encode >alone
    run -3 --separate-stderr comic-load a.db <alone
    [ ! -e a.db ]
}

@test "a stream that was not extracted or not chunked is refused with a hint" {
    about file /lib/a.cbz "$(jq -c '. + {change: "new"}' <<<"$FILE")" | stream >files
    comic-chunk <files >chunked
    run -3 --separate-stderr comic-load a.db <chunked
    [[ $stderr == *"/lib/a.cbz: load: not extracted: pipe the stream through comic-extract"* ]]
    comic /lib/a.cbz | stream >unchunked
    run -3 --separate-stderr comic-load a.db <unchunked
    [[ $stderr == *"pipe it through comic-chunk"* ]]
    make_stream --comics 2000 >many
    run -3 --separate-stderr comic-load --memory 4M a.db <many
    [[ $stderr == *"records without a batch: pipe the stream through comic-chunk"* ]]
    [ "$(sql a.db 'SELECT COUNT(*) FROM comic')" = 0 ]
}

@test "a batch larger than the memory is refused" {
    make_stream --comics 2000 | comic-chunk --memory 4G >large
    make_stream --comics 1 | comic-chunk >small
    cat small large >both
    run -3 --separate-stderr comic-load --memory 4M a.db <both
    [[ $stderr == *"give comic-chunk less --memory, or this more"* ]]
    [ "$(sql a.db 'SELECT COUNT(*) FROM comic')" = 1 ]
}

@test "reports: text on standard error, JSON on standard output, or none" {
    { comic /lib/a.cbz '{"tags": {"x": {}}}'; fail /lib/b.cbz; } | stream | comic-chunk >s
    run -0 --separate-stderr comic-load a.db <s
    [ -z "$output" ]
    [[ $stderr == "comic-load: batches 1, comics created 1, failed 1, "*" s, "*" comics/s" ]]
    run -0 --separate-stderr comic-load --report=json b.db <s
    [ -z "$stderr" ]
    [ "$(jq -c '[.batches, .comics_created, .comics_deleted, .failed, .links_created, .finished]' <<<"$output")" = '[1,1,0,1,1,true]' ]
    run -0 --separate-stderr comic-load --report=none c.db <s
    [ -z "$stderr$output" ]
    run -1 --separate-stderr comic-load --report=none --strict d.db <s
    run -3 --separate-stderr bash -c 'comic-load --report=json e.db <s >/dev/full'
    [[ $stderr == *"standard output: write: No space left on device" ]]
}

# ---- what is stored -----------------------------------------------------------------------

META='{
    "title": "The Title", "collection_title": "Collected",
    "publisher": {"name": "Pub", "identifiers": {"metron": {"key": "1"}}},
    "imprint": {"name": "Imp"},
    "series": {"name": "The Series", "sort_name": "Series, The", "start_year": 1990, "volume_count": 3,
               "identifiers": {"comicvine": {"key": "77", "url": "https://x/77"}}},
    "volume": {"number": 2, "number_to": 3, "issue_count": 12},
    "issue": {"name": "1.50", "number": 1.5, "suffix": "AU"},
    "alternative_issue": {"name": "7", "number": 7},
    "date": {"year": 1999, "month": 12, "day": 31, "cover_date": "1999-12-31", "store_date": "1999-11-30"},
    "summary": "A summary.", "notes": "Some notes.", "review": "A review.", "rights": "Rights.",
    "age_rating": "Teen", "original_format": "Annual", "scan_info": "Scanner", "tagger": "Tagger 1",
    "language": "en", "country": "US", "manga": "No", "reading_direction": "ltr", "monochrome": true,
    "community_rating": {"average_rating": 4.5, "rating_count": 9},
    "critical_rating": {"average_rating": 3},
    "protagonist": "Hero", "stories": {"Story": {}}, "arcs": {"Arc": {"number": 4}, "Other": {}},
    "credits": {"Ann": {"roles": {"Writer": {}, "Inker": {}}}, "Bob": {"identifiers": {"metron": {"key": "b"}}}},
    "characters": {"Hero": {"identifiers": {"metron": {"key": "5"}}}, "Villain": {}},
    "teams": {"Team": {}}, "locations": {"Place": {}}, "genres": {"Genre": {}}, "tags": {"b": {}, "a": {}},
    "universes": {"U": {"designation": "Earth 1"}, "V": {}}, "series_groups": ["Group"],
    "identifiers": {"isbn": {"key": "978"}, "web": {"url": "https://w/"}, "void": {}},
    "reprints": [{"series": {"name": "Old"}, "volume": {"number": 1, "issue_count": 5}, "issue": "3", "language": "fr"},
                 {"series": {"sort_name": "Sorted"}}, {"issue": "9"}],
    "cover": "01.jpg", "unknown": {"x": 1}, "page_count": 99
}'

@test "every field has its place" {
    comic "/lib/Fol/Ti.cbz" "$META" '{"fingerprint": "0123456789abcdef0123456789abcdef", "warnings": ["one", "two"],
        "ino": "18446744073709551615"}' | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT path, file_name, size, mtime, ino, dev, format, page_count, fingerprint, sources, warnings FROM comic")" = \
        '/lib/Fol/Ti.cbz|Ti.cbz|1000|1500000000000000001|-1|7|cbz|20|0123456789abcdef0123456789abcdef|["filename"]|["one","two"]' ]
    [ "$(sql a.db "SELECT title, sort_name, collection_title, series_sort_name, series_start_year, series_volume_count,
        volume_issue_count, issue_name, issue_number, issue_suffix, alternative_issue_name, alternative_issue_number,
        alternative_issue_suffix IS NULL FROM comic")" = \
        'The Title|title, the|Collected|Series, The|1990|3|12|1.50|1.5|AU|7|7.0|1' ]
    [ "$(sql a.db "SELECT year, month, day, cover_date, store_date, summary, notes, review, rights, manga, reading_direction,
        monochrome, community_rating, community_rating_count, critical_rating, critical_rating_count IS NULL, cover FROM comic")" = \
        '1999|12|31|1999-12-31|1999-11-30|A summary.|Some notes.|A review.|Rights.|No|ltr|1|4.5|9|3.0|1|01.jpg' ]
    [ "$(sql a.db "SELECT p.name, i.name, s.name, s.sort_name, v.number, v.number_to FROM comic c JOIN volume v ON v.id = c.volume_id
        JOIN series s ON s.id = v.series_id JOIN imprint i ON i.id = s.imprint_id JOIN publisher p ON p.id = i.publisher_id")" = \
        'Pub|Imp|The Series|series, the|2|3' ]
    [ "$(sql a.db "SELECT a.name, a.metron_name, a.rank, l.code, l.name, k.code, k.name FROM comic c JOIN age_rating a ON a.id = c.age_rating_id
        JOIN language l ON l.id = c.language_id JOIN country k ON k.id = c.country_id")" = 'Teen|Teen|1|en|English|US|United States' ]
    [ "$(sql a.db "SELECT x.name, m.name, c.main_team_id IS NULL FROM comic c JOIN character m ON m.id = c.main_character_id
        JOIN tagger x ON x.id = c.tagger_id")" = 'Tagger 1|Hero|1' ]
    [ "$(sql a.db "SELECT p.name, r.name FROM comic_credit JOIN credit k ON k.id = credit_id JOIN person p ON p.id = person_id
        LEFT JOIN role r ON r.id = role_id ORDER BY 1, 2" | tr '\n' ' ')" = 'Ann|Inker Ann|Writer Bob| ' ]
    [ "$(sql a.db "SELECT name, number FROM comic_story_arc JOIN story_arc ON story_arc.id = story_arc_id ORDER BY 1" | tr '\n' ' ')" = 'Arc|4 Other| ' ]
    [ "$(sql a.db "SELECT name, designation FROM universe ORDER BY 1" | tr '\n' ' ')" = 'U|Earth 1 V| ' ]
    [ "$(sql a.db "SELECT series_name, volume_number, issue, language, issue_count FROM comic_reprint JOIN reprint ON reprint.id = reprint_id
        ORDER BY 1" | tr '\n' ' ')" = 'Old|1|3|fr|5 Sorted|||| ' ]
    [ "$(sql a.db "SELECT s.name, type, key, url FROM comic_identifier JOIN identifier i ON i.id = identifier_id
        JOIN identifier_source s ON s.id = source_id ORDER BY 1" | tr '\n' ' ')" = 'isbn|comic|978| web|comic||https://w/ ' ]
    [ "$(sql a.db "SELECT type, key, url FROM comic_object_identifier JOIN identifier i ON i.id = identifier_id
        ORDER BY 1" | tr '\n' ' ')" = 'character|5| person|b| publisher|1| series|77|https://x/77 ' ]
    [ "$(sql a.db "SELECT path, name, parent_id IS NULL FROM folder ORDER BY path" | tr '\n' ' ')" = '/|/|1 /lib|lib|0 /lib/Fol|Fol|0 ' ]
    [ "$(sql a.db "SELECT group_concat(name, ',') FROM (SELECT name FROM series_group UNION SELECT name FROM story UNION SELECT name FROM team
        UNION SELECT name FROM location UNION SELECT name FROM genre UNION SELECT name FROM tag)")" = 'Genre,Group,Place,Story,Team,a,b' ]
}

@test "a comic that says nothing has all levels, and the views show it" {
    comic /a.cbz | stream / | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT quote(publisher), quote(imprint), quote(series), quote(volume), path FROM v_comic")" = 'NULL|NULL|NULL|NULL|/a.cbz' ]
    [ "$(sql a.db "SELECT COUNT(*) FROM v_series")" = 1 ]
}

@test "search: every text is found, and the row follows the comic" {
    comic /lib/a.cbz "$META" | stream | load_into a.db
    for word in Pub Imp Series Title Collected summary notes review Teen English Estados States en US Annual Scanner Tagger \
        Hero Villain Team Place Genre Story Arc Group Earth Ann Bob Inker Writer Old Sorted isbn web '"A summary"'; do
        [ "$word" = Estados ] || [ "$(sql a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH '$word'")" = 1 ]
    done
    [ "$(sql a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'Estados'")" = 0 ]
    comic /lib/a.cbz "$(jq 'del(.tags, .summary) | .characters = {"Hero": {}, "Sidekick": {}}' <<<"$META")" | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'Villain'")" = 0 ]
    [ "$(sql a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'Sidekick'")" = 1 ]
}

@test "a search row is left alone when its text did not change" {
    comic /lib/a.cbz "$META" | stream | load_into a.db
    sql a.db "SELECT id, hex(block) FROM comic_fts_data" >before
    comic /lib/a.cbz "$(jq '.arcs.Arc.number = 5 | .date.year = 2000' <<<"$META")" '{"size": 2}' | stream | load_into a.db
    sql a.db "SELECT id, hex(block) FROM comic_fts_data" >after
    cmp before after
    [ "$(sql a.db "SELECT year, size, number FROM comic, comic_story_arc WHERE number IS NOT NULL")" = '2000|2|5' ]
    healthy a.db
}

@test "paths are bytes: any byte but NUL, stored as it is" {
    /usr/bin/python3 - <<'PYTHON' >s
import sys, msgpack
out = sys.stdout.buffer
paths = [b"/", b"/l/\xff\xfe.cbz", b"/l/cafe\xcc\x81/x.cbz", b"/l/caf\xc3\xa9/x.cbz", b"/l/new\nline.cbz", b"/l/%s'\".cbz", b"/l/"]
out.write(msgpack.packb({"t": "begin", "v": 1, "roots": [b"/l"], "complete": True}))
for i, path in enumerate(paths):
    out.write(msgpack.packb({"t": "comic", "path": path, "size": i, "mtime": -i, "format": "pdf", "pages": 1}))
out.write(msgpack.packb({"t": "end", "records": len(paths)}))
PYTHON
    load_into a.db <s
    healthy a.db
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 7 ]
    [ "$(sql a.db "SELECT hex(path), hex(file_name) FROM comic WHERE size = 1")" = "2F6C2FFFFE2E63627A|EFBFBDEFBFBD2E63627A" ]
    [ "$(sql a.db "SELECT COUNT(*) FROM folder WHERE name = 'café'")" = 2 ]
    [ "$(sql a.db "SELECT hex(path) FROM comic WHERE size = 4")" = "2F6C2F6E65770A6C696E652E63627A" ]
    load_into a.db <s
    [ "$(sql a.db "SELECT COUNT(*) FROM import_run")" = 1 ]
}

@test "hostile metadata: keys twice, names twice, thousands of names" {
    /usr/bin/python3 - <<'PYTHON' >s
import sys, msgpack
out = sys.stdout.buffer
class Map(list): pass
def pack(o):
    if isinstance(o, Map):
        return msgpack.Packer().pack_map_header(len(o)) + b"".join(pack(k) + pack(v) for k, v in o)
    if isinstance(o, list):
        return msgpack.Packer().pack_array_header(len(o)) + b"".join(pack(v) for v in o)
    if isinstance(o, dict):
        return pack(Map(o.items()))
    return msgpack.packb(o)
arcs = Map([("A", {"number": 3}), ("A", {}), ("A", {"number": 1})])
tags = {f"tag {i % 9000:05d}": {} for i in range(9000, 0, -1)}
meta = Map([("tags", {"t": {}}), ("tags", {"t": {}, "u": {}}), ("arcs", arcs), ("genres", tags),
            ("title", "first"), ("title", "last"),
            ("credits", Map([("P", {"roles": {"W": {}}}), ("P", {"roles": {"W": {}}}), ("P", {})])),
            ("stories", {"nul\0inside": {}, "nul\0other": {}}),
            ("identifiers", Map([("s", {"key": "k"}), ("s", {"key": "k", "url": "u"})]))])
out.write(pack({"t": "begin", "v": 1, "complete": True}))
for path in ("/b.cbz", "/a.cbz"):
    out.write(pack({"t": "comic", "path": path, "size": 1, "mtime": 1, "format": "cbz", "pages": 2**63, "meta": meta}))
out.write(pack({"t": "end", "records": 2}))
PYTHON
    load_into a.db <s
    healthy a.db
    [ "$(sql a.db "SELECT COUNT(*), MAX(title), MIN(page_count) FROM comic")" = "2|last|9223372036854775807" ]
    [ "$(sql a.db "SELECT number FROM comic_story_arc" | tr '\n' ' ')" = "3 3 " ]
    [ "$(sql a.db "SELECT COUNT(*) FROM comic_genre")" = 18000 ]
    [ "$(sql a.db "SELECT url FROM comic_identifier" | tr '\n' ' ')" = "u u " ]
    [ "$(sql a.db "SELECT COUNT(*) FROM story")" = 2 ]
    md5sum a.db >sum
    load_into a.db <s
    md5sum -c sum
}

# ---- many comics --------------------------------------------------------------------------

@test "the content does not depend on where batches end" {
    make_stream --comics 1500 >s
    N=100000 load_into one.db <s
    N=1000 load_into thousand.db <s
    N=7 load_into seven.db <s
    for db in one thousand seven; do
        healthy $db.db
        same_content one.db $db.db
    done
    [ "$(sql one.db "SELECT COUNT(*) FROM comic")" = 1500 ]
}

@test "a second run writes nothing" {
    make_stream --comics 600 >s
    load_into a.db <s
    touch -d 2001-01-01 a.db
    stat -c '%y %s' a.db >before
    md5sum a.db >sum
    for n in 100 100000; do
        N=$n load_into a.db <s
        md5sum -c sum
        stat -c '%y %s' a.db | cmp - before
        [ ! -e a.db-wal ]
    done
    [ "$(sql a.db "SELECT COUNT(*) FROM import_run")" = 1 ]
}

@test "retagged and deleted comics leave what a fresh import makes" {
    make_stream --comics 1200 | load_into a.db
    make_stream --comics 1200 --variant x --drop 3 --gone --db a.db >update
    N=100 load_into a.db <update
    make_stream --comics 1200 --variant x --drop 3 | load_into fresh.db
    healthy a.db
    same_content a.db fresh.db
    for table in tag character person credit identifier series volume folder story reprint comic_object_identifier comic_credit; do
        [ "$(sql a.db "SELECT COUNT(*) FROM $table")" = "$(sql fresh.db "SELECT COUNT(*) FROM $table")" ]
    done
    [ "$(sql a.db "SELECT comics_deleted, comics_updated, comics_unchanged FROM import_run WHERE id = 2")" = "400|400|400" ]
}

@test "the last comic of a path wins, wherever batches end, and leaves no trace of the others" {
    {
        comic /lib/a.cbz '{"series": {"name": "First"}, "tags": {"only first": {}, "both": {}}}'
        comic /lib/b.cbz
        comic /lib/a.cbz '{"series": {"name": "Last"}, "tags": {"both": {}}}' '{"size": 5}'
    } | stream >s
    for n in 1 2 100; do
        N=$n load_into $n.db <s
        healthy $n.db
        [ "$(sql $n.db "SELECT series, size FROM v_comic WHERE path = '/lib/a.cbz'")" = "Last|5" ]
        [ "$(sql $n.db "SELECT name FROM tag")" = both ]
        same_content 1.db $n.db
    done
}

@test "what comics say of a shared series stands with the comic: order does not matter" {
    comic /lib/a.cbz '{"series": {"name": "S", "volume_count": 2, "start_year": 1990}, "date": {"year": 1991}}' >a
    comic /lib/b.cbz '{"series": {"name": "S", "volume_count": 5}, "date": {"year": 1995}}' >b
    cat a b | stream | load_into ab.db
    cat b a | stream | N=1 load_into ba.db
    same_content ab.db ba.db
    [ "$(sql ba.db "SELECT series, comics, volumes, first_year, last_year, volume_count, start_year FROM v_series")" = "S|2|1|1991|1995|5|1990" ]
}

@test "--keep-missing keeps what the file no longer says" {
    comic /lib/a.cbz "$META" '{"fingerprint": "0123456789abcdef0123456789abcdef"}' | stream | load_into a.db
    comic /lib/a.cbz '{"title": "New", "tags": {"c": {}}}' '{"size": 1, "sources": []}' | stream | load_into a.db --keep-missing
    healthy a.db
    [ "$(sql a.db "SELECT title, summary, year, series IS NULL, language FROM v_comic JOIN comic USING (id, title, year)")" = "New|A summary.|1999|1|English" ]
    [ "$(sql a.db "SELECT fingerprint IS NULL, sources IS NULL, (SELECT group_concat(name) FROM tag),
        (SELECT COUNT(*) FROM comic_character) FROM comic")" = "1|1|c|2" ]
    [ "$(sql a.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'Villain AND New'")" = 1 ]
    comic /lib/a.cbz '{"title": "New"}' | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT summary IS NULL, (SELECT COUNT(*) FROM comic_tag) FROM comic")" = "1|0" ]
}

# ---- failures -----------------------------------------------------------------------------

@test "a failure keeps the comic, counts its attempts, and ends with a comic" {
    comic /lib/a.cbz '{"title": "T"}' | stream | load_into a.db
    fail /lib/a.cbz | stream | load_into a.db
    fail /lib/a.cbz '{"code": "crash", "reason": "signal 11"}' | stream | load_into a.db
    [ "$(sql a.db "SELECT attempts FROM failed")" = 1 ]
    fail /lib/a.cbz '{"code": "crash", "reason": "signal 11"}' | stream | load_into a.db
    [ "$(sql a.db "SELECT path, code, reason, attempts, has_comic FROM v_failed")" = "/lib/a.cbz|crash|signal 11|2|1" ]
    [ "$(sql a.db "SELECT title FROM comic")" = T ]
    fail /lib/a.cbz '{"mtime": "5"}' | stream | load_into a.db
    [ "$(sql a.db "SELECT attempts, mtime FROM failed")" = "1|5" ]
    comic /lib/a.cbz '{"title": "T"}' | stream | load_into a.db
    [ "$(sql a.db "SELECT COUNT(*) FROM failed")" = 0 ]
    healthy a.db
}

@test "failures of one path act in order, wherever batches end" {
    {
        fail /lib/a.cbz '{"code": "crash"}'
        fail /lib/a.cbz '{"code": "timeout"}'
        fail /lib/a.cbz '{"code": "crash"}'
        comic /lib/b.cbz
        fail /lib/b.cbz
        fail /lib/c.cbz
        comic /lib/c.cbz
        fail /lib/d.cbz '{"size": 5}'
        fail /lib/d.cbz
        fail /lib/d.cbz
        comic /lib/e.cbz
        fail /lib/e.cbz
        comic /lib/e.cbz
        fail /lib/e.cbz
    } | stream >s
    for n in 1 2 3 100; do
        N=$n load_into $n.db <s
        [ "$(sql $n.db "SELECT path, attempts FROM failed" | tr '\n' ' ')" = "/lib/a.cbz|2 /lib/b.cbz|1 /lib/d.cbz|1 /lib/e.cbz|1 " ]
        [ "$(sql $n.db "SELECT path FROM comic" | tr '\n' ' ')" = "/lib/b.cbz /lib/c.cbz /lib/e.cbz " ]
    done
    N=100 load_into 100.db <s
    [ "$(sql 100.db "SELECT path, attempts FROM failed" | tr '\n' ' ')" = "/lib/a.cbz|2 /lib/b.cbz|1 /lib/d.cbz|1 /lib/e.cbz|1 " ]
}

# ---- files that only changed their place --------------------------------------------------

moved() { # ID FROM PATH [MORE]
    about moved "$3" "$(jq -cn --argjson f "$FILE" --argjson id "$1" --arg from "$2" --argjson m "${4:-"{}"}" '$f + {id: $id, from: $from} + $m')"
}

@test "a moved comic keeps its row, and its folders follow" {
    comic /lib/old/deep/a.cbz "$META" | stream | load_into a.db
    sql a.db "UPDATE comic SET added_at = 'then', updated_at = 'then'"
    fail /lib/old/deep/a.cbz '{"size": 3}' | stream | load_into a.db
    moved 1 /lib/old/deep/a.cbz /lib/new/b.cbz '{"ino": "12"}' | stream | comic-chunk >s
    run -0 --separate-stderr comic-load a.db <s
    [[ $stderr == *" comics moved 1, folders created 1, folders deleted 2, "* ]]
    healthy a.db
    [ "$(sql a.db "SELECT id, path, file_name, ino, added_at, updated_at FROM comic")" = "1|/lib/new/b.cbz|b.cbz|12|then|then" ]
    [ "$(sql a.db "SELECT path FROM folder" | tr '\n' ' ')" = "/ /lib /lib/new " ]
    [ "$(sql a.db "SELECT COUNT(*) FROM failed")" = 0 ]
    md5sum a.db >sum
    comic-load --report=none a.db <s
    md5sum -c sum
}

@test "a move of something else than it says is a failure, and breaks nothing" {
    { comic /lib/a.cbz; comic /lib/b.cbz '{}' '{"size": 5}'; } | stream | load_into a.db
    {
        moved 1 /lib/wrong.cbz /lib/x/1.cbz
        moved 9 /lib/a.cbz /lib/x/2.cbz
        moved 1 /lib/a.cbz /lib/x/3.cbz '{"mtime": "7"}'
        moved 1 /lib/a.cbz /lib/b.cbz
    } | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT path FROM comic" | tr '\n' ' ')" = "/lib/a.cbz /lib/b.cbz " ]
    [ "$(sql a.db "SELECT path, code FROM failed" | tr '\n' ' ')" = "/lib/b.cbz|changed /lib/x/1.cbz|changed /lib/x/2.cbz|changed /lib/x/3.cbz|changed " ]
    [ "$(sql a.db "SELECT COUNT(*) FROM folder WHERE path = '/lib/x'")" = 0 ]
}

@test "moves and comics of the same paths act in order, wherever batches end" {
    { comic /lib/a.cbz; comic /lib/b.cbz; } | stream >before
    {
        moved 1 /lib/a.cbz /lib/a2.cbz
        comic /lib/a2.cbz '{"title": "renamed"}'
        comic /lib/a.cbz '{"title": "another"}'
        moved 2 /lib/b.cbz /lib/c.cbz
        moved 2 /lib/c.cbz /lib/d.cbz
        moved 2 /lib/d.cbz /lib/e.cbz
        comic /lib/f.cbz '{"title": "stays"}' '{"size": 9}'
        moved 2 /lib/e.cbz /lib/f.cbz
    } | stream >s
    for n in 1 2 3 100; do
        load_into $n.db <before
        N=$n load_into $n.db <s
        healthy $n.db
        [ "$(sql $n.db "SELECT id, path, title FROM comic ORDER BY path" | tr '\n' ' ')" = "3|/lib/a.cbz|another 1|/lib/a2.cbz|renamed 2|/lib/e.cbz| 4|/lib/f.cbz|stays " ]
        [ "$(sql $n.db "SELECT path, code FROM failed")" = "/lib/f.cbz|changed" ]
    done
}

@test "touched: the inode follows, a failure is over, the rest stays" {
    comic /lib/a.cbz | stream | load_into a.db
    fail /lib/a.cbz '{"size": 3}' | stream | load_into a.db
    about file /lib/a.cbz "$(jq -c '. + {change: "touched", ino: "99"}' <<<"$FILE")" | stream | load_into a.db
    [ "$(sql a.db "SELECT ino, size FROM comic")" = "99|1000" ]
    [ "$(sql a.db "SELECT COUNT(*) FROM failed")" = 0 ]
    md5sum a.db >sum
    about file /lib/a.cbz "$(jq -c '. + {change: "touched", ino: "99"}' <<<"$FILE")" | stream | load_into a.db
    about file /lib/a.cbz "$(jq -c '. + {change: "touched", ino: "98", size: 4}' <<<"$FILE")" | stream | load_into a.db
    about file /lib/no.cbz "$(jq -c '. + {change: "touched"}' <<<"$FILE")" | stream | load_into a.db
    about file /lib/a.cbz "$(jq -c '. + {change: "unsettled", size: 77}' <<<"$FILE")" | stream | load_into a.db
    md5sum -c sum
}

@test "only the file's time changed: the row is refreshed, the comic is not updated" {
    comic /lib/a.cbz "$META" | stream | load_into a.db
    sql a.db "UPDATE comic SET updated_at = 'then'"
    comic /lib/a.cbz "$META" '{"mtime": "42", "dev": 9}' | stream | comic-chunk >s
    run -0 --separate-stderr comic-load a.db <s
    [[ $stderr == *" comics unchanged 1, "* ]]
    [ "$(sql a.db "SELECT mtime, updated_at FROM comic")" = "42|then" ]
    md5sum a.db >sum
    comic /lib/a.cbz "$META" '{"mtime": "42", "dev": 10}' | stream | load_into a.db
    md5sum -c sum
}

# ---- comics that are gone -----------------------------------------------------------------

gone() { # ID PATH
    about gone "$2" "{\"id\": $1}"
}

@test "gone comics go at the end of a complete stream, with all that was only theirs" {
    { comic /lib/x/a.cbz "$META"; comic /lib/b.cbz '{"tags": {"a": {}}}'; fail /lib/c.cbz; fail /lib/x/a.cbz; } | stream | load_into a.db
    { gone 2 /lib/x/a.cbz; gone null /lib/c.cbz; } | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT path FROM comic")" = /lib/b.cbz ]
    [ "$(sql a.db "SELECT COUNT(*) FROM failed")" = 0 ]
    [ "$(sql a.db "SELECT name FROM tag")" = a ]
    [ "$(sql a.db "SELECT COUNT(*) FROM person")" = 0 ]
    [ "$(sql a.db "SELECT comics_deleted, folders_deleted FROM import_run WHERE id = 2")" = "1|1" ]
    comic /lib/x/a.cbz | stream | load_into a.db
    [ "$(sql a.db "SELECT id FROM comic WHERE path = '/lib/x/a.cbz'")" = 3 ]
}

@test "what is said of a path after gone, or does not match it, stays" {
    { comic /lib/a.cbz; comic /lib/b.cbz; comic /lib/c.cbz; comic /lib/d.cbz; comic /lib/e.cbz; } | stream | load_into a.db
    {
        gone 1 /lib/a.cbz
        gone 2 /lib/b.cbz
        gone 9 /lib/c.cbz
        gone 4 /lib/other.cbz
        gone null /lib/e.cbz
        comic /lib/a.cbz '{"title": "back"}'
        fail /lib/b.cbz
    } | stream >s
    for n in 1 3 100; do
        cp a.db $n.db
        N=$n load_into $n.db <s
        healthy $n.db
        [ "$(sql $n.db "SELECT path FROM comic" | tr '\n' ' ')" = "/lib/a.cbz /lib/b.cbz /lib/c.cbz /lib/d.cbz /lib/e.cbz " ]
    done
}

@test "an incomplete group deletes nothing, a truncated stream neither" {
    make_stream --comics 50 | load_into a.db
    make_stream --comics 50 --drop 5 --gone --db a.db --incomplete >incomplete
    load_into a.db <incomplete
    [ "$(sql a.db "SELECT COUNT(*), (SELECT COUNT(*) FROM gone) FROM comic")" = "50|0" ]
    make_stream --comics 50 --variant y --drop 5 --gone --db a.db | comic-chunk -n 10 >whole
    head -c $(($(stat -c %s whole) - 5)) whole >cut
    run -3 --separate-stderr comic-load --report=none a.db <cut
    [[ $stderr == *"truncated stream"* ]]
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 50 ]
    [ "$(sql a.db "SELECT COUNT(*) FROM import_run WHERE finished_at IS NULL")" = 1 ]
    cat whole cut >joined
    run -3 --separate-stderr comic-load --report=none a.db <joined
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 50 ]
    comic-load --report=none a.db <whole
    [ "$(sql a.db "SELECT COUNT(*) FROM comic")" = 40 ]
    [ "$(sql a.db "SELECT COUNT(*) FROM import_run WHERE finished_at IS NULL")" = 0 ]
    healthy a.db
}

@test "every prefix of a stream is refused and leaves whole batches" {
    make_stream --comics 6 | comic-chunk -n 2 >whole
    size=$(stat -c %s whole)
    for ((at = 0; at < size; at += 97)); do
        rm -f p.db*
        head -c "$at" whole >cut
        run -3 --separate-stderr comic-load --report=none p.db <cut
        [ ! -e p.db ] || [ $(("$(sql p.db "SELECT COUNT(*) FROM comic")" % 2)) = 0 ]
    done
}

@test "--max-gone: losing too much of a root is refused, the rest is done" {
    make_stream --comics 30 --root /one | load_into a.db
    make_stream --comics 30 --root /two --seed 2 | load_into a.db
    { make_stream --comics 30 --root /one --drop 1 --gone --db a.db
      make_stream --comics 30 --root /two --seed 2 --drop 3 --gone --db a.db; } | comic-chunk >s
    cp a.db b.db
    run -3 --separate-stderr comic-load --report=none a.db <s
    [[ $stderr == "comic-load: /one: delete: 30 of 30 comics are gone, more than 50 %: nothing was deleted (--max-gone allows more)" ]]
    [ "$(sql a.db "SELECT substr(path, 1, 4), COUNT(*) FROM comic GROUP BY 1" | tr '\n' ' ')" = "/one|30 /two|20 " ]
    healthy a.db
    [ "$(sql a.db "SELECT COUNT(*) FROM import_run WHERE finished_at IS NULL")" = 0 ]
    run -3 comic-load --report=none --max-gone 10 b.db <s
    [ "$(sql b.db "SELECT COUNT(*) FROM comic")" = 60 ]
    run -0 comic-load --report=none --max-gone 100 b.db <s
    [ "$(sql b.db "SELECT COUNT(*) FROM comic")" = 20 ]
    healthy b.db
    make_stream --comics 20 --root /small | load_into c.db
    make_stream --comics 20 --root /small --drop 1 --gone --db c.db | load_into c.db
    [ "$(sql c.db "SELECT COUNT(*) FROM comic")" = 0 ]
    healthy c.db
    [ "$(sql c.db "SELECT COUNT(*) FROM folder")" = 0 ]
}

# ---- the same pages elsewhere -------------------------------------------------------------

print() { # N: a fingerprint
    printf '{"fingerprint": "%032d"}' "$1"
}

@test "the same pages at a new path are the comic that is gone: its id goes on" {
    { comic /lib/a/x.cbz "$META" "$(print 1)"; comic /lib/a/y.cbz '{}' "$(print 2)"; comic /lib/a/z.cbz '{}' "$(print 3)"
      comic /lib/k.cbz '{}' "$(print 4)"; } | stream | load_into a.db
    sql a.db "UPDATE comic SET added_at = 'then'"
    { comic /lib/b/x.cbz '{"title": "New"}' "$(print 1)"; comic /lib/b/other.cbz '{"tags": {"t": {}}}' "$(print 2)"
      comic /lib/b/z.cbz '{}' "$(print 9)"; comic /lib/k2.cbz '{}' "$(print 4)"
      gone 1 /lib/a/x.cbz; gone 2 /lib/a/y.cbz; gone 3 /lib/a/z.cbz; } | stream >s
    for n in 1 2 100; do
        cp a.db $n.db
        N=$n load_into $n.db <s
        healthy $n.db
        [ "$(sql $n.db "SELECT id, path, added_at = 'then' FROM comic ORDER BY path" | tr '\n' ' ')" = "2|/lib/b/other.cbz|1 1|/lib/b/x.cbz|1 7|/lib/b/z.cbz|0 4|/lib/k.cbz|1 8|/lib/k2.cbz|0 " ]
        [ "$(sql $n.db "SELECT title FROM comic WHERE id = 1")" = New ]
        [ "$(sql $n.db "SELECT COUNT(*) FROM comic_fts WHERE comic_fts MATCH 'Villain'")" = 0 ]
        [ "$(sql $n.db "SELECT comic_id FROM comic_tag")" = 2 ]
        [ "$(sql $n.db "SELECT comics_moved, comics_created, comics_deleted FROM import_run WHERE id = 2")" = "2|2|1" ]
    done
}

@test "same pages: file names decide first, what stays ambiguous is deleted" {
    { comic /lib/a/1.cbz '{}' "$(print 1)"; comic /lib/a/2.cbz '{}' "$(print 1)"; comic /lib/b/2.cbz '{}' "$(print 1)"
      comic /lib/a/p.cbz '{}' "$(print 2)"; comic /lib/a/q.cbz '{}' "$(print 2)"
      comic /lib/e.cbz '{}' '{"pages": 0}'; } | stream | load_into a.db
    { comic /lib/c/2.cbz '{}' "$(print 1)"; comic /lib/d/2.cbz '{}' "$(print 1)"; comic /lib/d/new.cbz '{}' "$(print 1)"
      comic /lib/c/r.cbz '{}' "$(print 2)"; comic /lib/f.cbz '{}' '{"pages": 0}'
      gone 1 /lib/a/1.cbz; gone 2 /lib/a/2.cbz; gone 5 /lib/b/2.cbz; gone 3 /lib/a/p.cbz; gone 4 /lib/a/q.cbz; gone 6 /lib/e.cbz
    } | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT id, path FROM comic ORDER BY path" | tr '\n' ' ')" = "2|/lib/c/2.cbz 8|/lib/c/r.cbz 5|/lib/d/2.cbz 1|/lib/d/new.cbz 11|/lib/f.cbz " ]
}

@test "a whole library that moved keeps its ids, even if the first run was killed before the end" {
    make_stream --comics 300 --root /old | load_into a.db
    sql a.db "SELECT fingerprint, id FROM comic ORDER BY 1" >ids
    make_stream --comics 300 --root /new | comic-chunk -n 100 >new
    head -c $(($(stat -c %s new) - 3)) new >cut
    run -3 comic-load --report=none a.db <cut
    { cat new; make_stream --comics 300 --root /old --drop 1 --gone --db a.db | comic-chunk; } | comic-load --report=none a.db
    healthy a.db
    sql a.db "SELECT fingerprint, id FROM comic ORDER BY 1" | cmp - ids
    make_stream --comics 300 --root /new | load_into fresh.db
    same_content a.db fresh.db
}

@test "search rows are taken out by old texts from memory or from the view, in turns" {
    for name in a b c d; do
        comic "/lib/$name.cbz" "$(jq -cn --arg n "$name" '{title: "Old \($n)", summary: "Once \($n)",
            notes: "kept", tags: {"first": {}}, characters: {"Zoë \($n)": {}}}')"
    done | stream | load_into a.db
    {
        comic /lib/a.cbz '{"title": "New", "notes": "kept", "tags": {"first": {}}, "characters": {"Zoë a": {}}}'
        comic /lib/b.cbz '{"title": "Old b", "summary": "Once b", "notes": "kept", "tags": {"second": {}}}'
        comic /lib/c.cbz '{"title": "Old c", "summary": "Twice", "tags": {"first": {}}, "characters": {"Zoë c": {}}}'
        comic /lib/d.cbz '{"title": "New", "publisher": {"name": "Somebody"}}'
    } | stream | load_into a.db
    healthy a.db
    [ "$(sql a.db "SELECT group_concat(rowid) FROM comic_fts WHERE comic_fts MATCH 'title:new'")" = 1,4 ]
    [ "$(sql a.db "SELECT group_concat(rowid) FROM comic_fts WHERE comic_fts MATCH 'old'")" = 2,3 ]
    [ "$(sql a.db "SELECT group_concat(rowid) FROM comic_fts WHERE comic_fts MATCH 'once'")" = 2 ]
    [ "$(sql a.db "SELECT group_concat(rowid) FROM comic_fts WHERE comic_fts MATCH 'zoe'")" = 1,3 ]
}

# words SEED N: N words nobody ever wrote, half of which begin alike.
words() {
    /usr/bin/python3 - "$1" "$2" <<'PYTHON'
import random, string, sys
dice = random.Random(int(sys.argv[1]))
print(" ".join("".join(dice.choices(string.ascii_lowercase, k=dice.randint(4, 9))) if i % 2 else
               f"item{dice.randrange(36 ** 4):x}" for i in range(int(sys.argv[2]))), end="")
PYTHON
}

# peak PROGRAM...: KiB that it takes at most.
peak() {
    /usr/bin/python3 - "$@" <<'PYTHON'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdin=open("stream"), check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PYTHON
}

@test "a comic of ever new words is searched for by each of them, and takes no more memory than there is" {
    words 1 140000 > one
    words 2 140000 > two
    { head -c 600000 one; words 3 60000; } > changed
    told() { # FILE...: comics whose summaries these are, and a small one
        for file in "$@"; do
            comic "/lib/$file.cbz" | jq -c --rawfile text "$file" '.meta.summary = $text'
        done
        comic /lib/z.cbz '{"summary": "nothing much"}'
    }
    cp changed three
    told one two three | stream | comic-chunk --memory 16M > stream
    first=$(peak comic-load --memory 16M --report=none a.db)
    healthy a.db
    cp changed one
    told one three | stream | comic-chunk --memory 16M > stream
    second=$(peak comic-load --memory 16M --report=none a.db)
    healthy a.db
    { told one two three | stream; } | load_into --memory 4G b.db
    for word in $(tr ' ' '\n' < changed | awk 'NR % 9001 == 1'); do
        [ "$(sql a.db "SELECT count(*) FROM comic_fts('$word')")" = 2 ]
    done
    [ "$(sql a.db "SELECT count(*) FROM comic_fts('$(tail -c 60 two | cut -d' ' -f3)')")" = 1 ]
    same_content a.db b.db
    sanitized && return
    # The budget is 4 MiB; 24 more are the program's own.
    echo "$first $second KiB"
    [ "$first" -le $((28 << 10)) ]
    [ "$second" -le $((28 << 10)) ]
}

@test "a comic larger than the budget is loaded all the same" {
    {
        comic /lib/a.cbz
        comic /lib/b.cbz | jq -c '.meta.summary = "word " * 900000'
        comic /lib/c.cbz
    } | stream | comic-chunk --memory 8M > stream
    comic-load --memory 8M --report=none a.db < stream
    healthy a.db
    [ "$(sql a.db "SELECT group_concat(length(summary)) FROM comic")" = 4500000 ]
    [ "$(sql a.db "SELECT group_concat(rowid) FROM comic_fts('word')")" = 2 ]
}
