# SPDX-License-Identifier: MIT
# Two archives that another indexer, Codex, tests itself with: what the database holds after the
# first, and after the second in its place. The files are not part of this project.
load helpers

FIXTURES=$BATS_TEST_DIRNAME/../../shared/fixtures/codex

import() { # NAME: the comic of the library becomes this file
    mkdir -p lib
    cp "$FIXTURES/$1" lib/comic.cbz
    comic-scan --settle 0 --db library.db lib | comic-extract | comic-chunk | comic-load --report=none library.db
}

query() {
    sqlite3 -separator '|' library.db "$1"
}

# Each line: what a query gives, on one line with ";" between rows, then the query.
expect() {
    while IFS=$'\t' read -r want sql; do
        got=$(query "$sql" | paste -sd ';')
        [ "$got" = "$want" ] || { echo "$sql: got '$got', want '$want'"; return 1; }
    done
}

@test "a comic of every field, and the one that replaces it" {
    [ -d "$FIXTURES" ] || return 0
    import comicbox-2-example.cbz
    expect <<'TABLE'
Youthful Adventure Stories|TestImprint|Captain Science|1950||7	SELECT p.name, i.name, s.name, v.number, v.number_to, c.volume_issue_count FROM comic c JOIN volume v ON v.id = c.volume_id JOIN series s ON s.id = v.series_id JOIN imprint i ON i.id = s.imprint_id JOIN publisher p ON p.id = i.publisher_id
The Beginning|The Big Omnibus|1.2|S|43.5|AU	SELECT title, collection_title, issue_number, issue_suffix, alternative_issue_number, alternative_issue_suffix FROM comic
1950|11|1|1950-11-01|4.2|128|1|ltr|0	SELECT year, month, day, cover_date, community_rating, community_rating_count, page_count, reading_direction, monochrome FROM comic
Everyone|Everyone|0	SELECT name, metron_name, rank FROM age_rating
US|en|Trade Paperback|Photocopied|comicbox dev	SELECT (SELECT code FROM country), (SELECT code FROM language), (SELECT name FROM original_format), (SELECT name FROM scan_info), (SELECT name FROM tagger)
Captain Science|	SELECT m.name, c.main_team_id FROM comic c JOIN character m ON m.id = c.main_character_id
comicvine|comic|145269;metron|character|345;metron|story_arc|123	SELECT s.name, i.type, i.key FROM identifier i JOIN identifier_source s ON s.id = i.source_id ORDER BY 1, 2, 3
c|;d|1;e|3;f|5	SELECT a.name, l.number FROM comic_story_arc l JOIN story_arc a ON a.id = l.story_arc_id ORDER BY 1
Capitan Sciencia|1||es;Kapitän Wissenschaft|||de	SELECT r.series_name, r.volume_number, r.issue, r.language FROM reprint r ORDER BY 1
Capitan Sciencia,Kapitän Wissenschaft|US,United States|en,English|c,d,e,f|Young Adult Silly Universe,4242	SELECT alternate_series, country, language, story_arcs, universes FROM v_search
Boy Empirical,Captain Science|Joe Orlando,Wally Wood|The Moon|science comics|The Beginning|a,b,c|Team Scientific Method	SELECT characters, credits, locations, series_groups, stories, tags, teams FROM v_search
TABLE
    # Again: nothing changes.
    query "SELECT * FROM comic" >before
    comic-scan --settle 0 --db library.db lib --all | comic-extract | comic-chunk | comic-load --report=none library.db
    query "SELECT * FROM comic" | cmp - before
    import comicbox-2-update.cbz
    expect <<'TABLE'
1|The Beginning; The End|2.2|XXX|44.0|BU	SELECT count(*), title, issue_number, issue_suffix, alternative_issue_number, alternative_issue_suffix FROM comic
1951|12|20|1951-12-20|3.5|200|0|rtl|1|1	SELECT year, month, day, cover_date, community_rating, community_rating_count, page_count, reading_direction, monochrome, volume_issue_count FROM comic
Adult|Adult|5	SELECT name, metron_name, rank FROM age_rating
GB|fr|Hardcover|Digital	SELECT (SELECT code FROM country), (SELECT code FROM language), (SELECT name FROM original_format), (SELECT name FROM scan_info)
|Team Cornish Game Hen	SELECT c.main_character_id, t.name FROM comic c LEFT JOIN team t ON t.id = c.main_team_id
Captain Science|Team Cornish Game Hen,Team Scientific Method|Mars|adult comics|The Beginning,The End|a,c|c,d,e,g|Mystery,Science Fiction	SELECT characters, teams, locations, series_groups, stories, tags, story_arcs, genres FROM v_search
comicvine|145265;metron|999	SELECT s.name, i.key FROM comic_identifier l JOIN identifier i ON i.id = l.identifier_id JOIN identifier_source s ON s.id = i.source_id ORDER BY 1
character|metron|123;genre|metron|012;imprint|metron|123;location|comicvine|111;person|metron|123;publisher|metron|111;series|comicvine|333;story|metron|555;story_arc|comicvine|456;story_arc|comicvine|890;team|metron|123;universe|metron|6969	SELECT i.type, s.name, i.key FROM comic_object_identifier l JOIN identifier i ON i.id = l.identifier_id JOIN identifier_source s ON s.id = i.source_id ORDER BY i.type || ' ' || i.key
Young Adult Silly Universe|6969	SELECT name, designation FROM universe
c|;d|1;e|3;g|5	SELECT a.name, l.number FROM comic_story_arc l JOIN story_arc a ON a.id = l.story_arc_id ORDER BY 1
TABLE
    # What nothing refers to any more is gone.
    expect <<'TABLE'
0	SELECT count(*) FROM character WHERE name = 'Boy Empirical'
0	SELECT count(*) FROM story_arc WHERE name = 'f'
0	SELECT count(*) FROM identifier WHERE key = '145269'
TABLE
}
