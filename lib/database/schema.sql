-- SPDX-License-Identifier: MIT
-- The comic index, comic-db(5). Schema version 2.
--
-- publisher > imprint > series > volume > comic; a level a comic does not name
-- is the row named ''. A row that comics share holds only its key and what
-- follows from the key; what a comic says about it stands with the comic or on
-- its link, so that the content is a function of the files alone.

CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value ANY
) STRICT, WITHOUT ROWID;
-- Until the first import has ended the secondary indexes (indexes.sql) are not there, and
-- the search index ends at the comic of this id.
INSERT INTO meta VALUES ('first_import', 0);

-- ---- reference rows ------------------------------------------------------------------

CREATE TABLE folder (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,          -- raw bytes, no trailing '/' but for '/' itself
    parent_id INTEGER REFERENCES folder, -- NULL only for '/'
    name TEXT NOT NULL                  -- base name for display: UTF-8, NFC
) STRICT;

CREATE TABLE publisher (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sort_name TEXT NOT NULL
) STRICT;

CREATE TABLE imprint (
    id INTEGER PRIMARY KEY,
    publisher_id INTEGER NOT NULL REFERENCES publisher,
    name TEXT NOT NULL,
    sort_name TEXT NOT NULL,
    UNIQUE (publisher_id, name)
) STRICT;

CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    imprint_id INTEGER NOT NULL REFERENCES imprint,
    name TEXT NOT NULL,
    sort_name TEXT NOT NULL,
    UNIQUE (imprint_id, name)
) STRICT;

CREATE TABLE volume (
    id INTEGER PRIMARY KEY,
    series_id INTEGER NOT NULL REFERENCES series,
    number INTEGER,                     -- a number or a year
    number_to INTEGER                   -- last of a range
) STRICT;
-- NULLs are distinct in a UNIQUE constraint; here a missing number is one value.
CREATE UNIQUE INDEX volume_key ON volume
    (series_id, COALESCE(number, -9223372036854775808), COALESCE(number_to, -9223372036854775808));

CREATE TABLE age_rating (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    metron_name TEXT,                   -- the Metron scale: Everyone .. Adult
    rank INTEGER                        -- -1 Unknown, 0 Everyone .. 5 Adult; NULL: not on the scale
) STRICT;
CREATE TABLE language (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
CREATE TABLE country (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
CREATE TABLE original_format (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE scan_info (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tagger (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE character (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE location (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE genre (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE story (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE series_group (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE story_arc (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    sort_name TEXT NOT NULL
) STRICT;
CREATE TABLE universe (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    designation TEXT NOT NULL,          -- '' if the comic gives none
    UNIQUE (name, designation)
) STRICT;

CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE role (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE credit (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person,
    role_id INTEGER REFERENCES role     -- NULL: a person without a role
) STRICT;
CREATE UNIQUE INDEX credit_key ON credit (person_id, COALESCE(role_id, 0));

CREATE TABLE identifier_source (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE identifier (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES identifier_source,
    type TEXT NOT NULL,                 -- what it identifies: comic, series, person, ...
    key TEXT NOT NULL,                  -- '' where only a URL is known
    UNIQUE (source_id, type, key)
) STRICT;

CREATE TABLE reprint (
    id INTEGER PRIMARY KEY,
    series_name TEXT NOT NULL,
    volume_number INTEGER,
    issue TEXT NOT NULL,                -- '' if none
    language TEXT NOT NULL              -- '' if none
) STRICT;
CREATE UNIQUE INDEX reprint_key ON reprint
    (series_name, COALESCE(volume_number, -9223372036854775808), issue, language);

-- ---- comics --------------------------------------------------------------------------

CREATE TABLE comic (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- kept through moves, never used again
    path TEXT NOT NULL UNIQUE,          -- raw bytes as on disk, byte order
    folder_id INTEGER NOT NULL REFERENCES folder,
    file_name TEXT NOT NULL,            -- base name for display: UTF-8, NFC
    size INTEGER NOT NULL,              -- bytes
    mtime INTEGER NOT NULL,             -- nanoseconds since the epoch
    ino INTEGER NOT NULL,               -- 64 bits, as a signed pattern
    dev INTEGER,                        -- a hint
    format TEXT NOT NULL CHECK (format IN ('cbz', 'cbr', 'cb7', 'cbt', 'pdf')),
    page_count INTEGER NOT NULL,
    fingerprint TEXT,                   -- of the pages: equal means the same pages
    volume_id INTEGER NOT NULL REFERENCES volume,
    title TEXT,
    sort_name TEXT,                     -- of the title
    collection_title TEXT,
    series_sort_name TEXT,              -- what this comic says of its series and volume
    series_start_year INTEGER,
    series_volume_count INTEGER,
    volume_issue_count INTEGER,
    issue_name TEXT,                    -- as written
    issue_number REAL,
    issue_suffix TEXT,
    alternative_issue_name TEXT,
    alternative_issue_number REAL,
    alternative_issue_suffix TEXT,
    year INTEGER,
    month INTEGER,
    day INTEGER,
    cover_date TEXT,                    -- YYYY-MM-DD
    store_date TEXT,
    age_rating_id INTEGER REFERENCES age_rating,
    original_format_id INTEGER REFERENCES original_format,
    scan_info_id INTEGER REFERENCES scan_info,
    tagger_id INTEGER REFERENCES tagger,
    language_id INTEGER REFERENCES language,
    country_id INTEGER REFERENCES country,
    main_character_id INTEGER REFERENCES character,
    main_team_id INTEGER REFERENCES team,
    manga TEXT,
    reading_direction TEXT,
    monochrome INTEGER,                 -- 0, 1
    community_rating REAL,              -- 0.0 to 5.0
    community_rating_count INTEGER,
    critical_rating REAL,
    critical_rating_count INTEGER,
    cover TEXT,                         -- the member's name
    sources TEXT,                       -- JSON array of text
    added_at TEXT NOT NULL,             -- UTC, YYYY-MM-DDThh:mm:ssZ
    updated_at TEXT NOT NULL,           -- when what it says last changed
    warnings TEXT,                      -- JSON array of text
    rights TEXT,                        -- the long texts last: reading the others skips them
    review TEXT,
    notes TEXT,
    summary TEXT
) STRICT;
CREATE INDEX comic_ino ON comic (ino);
CREATE INDEX comic_folder ON comic (folder_id);
CREATE INDEX comic_volume ON comic (volume_id);
CREATE INDEX comic_age_rating ON comic (age_rating_id) WHERE age_rating_id IS NOT NULL;
CREATE INDEX comic_original_format ON comic (original_format_id) WHERE original_format_id IS NOT NULL;
CREATE INDEX comic_scan_info ON comic (scan_info_id) WHERE scan_info_id IS NOT NULL;
CREATE INDEX comic_tagger ON comic (tagger_id) WHERE tagger_id IS NOT NULL;
CREATE INDEX comic_language ON comic (language_id) WHERE language_id IS NOT NULL;
CREATE INDEX comic_country ON comic (country_id) WHERE country_id IS NOT NULL;
CREATE INDEX comic_main_character ON comic (main_character_id) WHERE main_character_id IS NOT NULL;
CREATE INDEX comic_main_team ON comic (main_team_id) WHERE main_team_id IS NOT NULL;

-- ---- links ---------------------------------------------------------------------------

CREATE TABLE comic_character (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    character_id INTEGER NOT NULL REFERENCES character,
    PRIMARY KEY (comic_id, character_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_team (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    team_id INTEGER NOT NULL REFERENCES team,
    PRIMARY KEY (comic_id, team_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_location (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    location_id INTEGER NOT NULL REFERENCES location,
    PRIMARY KEY (comic_id, location_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_genre (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    genre_id INTEGER NOT NULL REFERENCES genre,
    PRIMARY KEY (comic_id, genre_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_tag (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    tag_id INTEGER NOT NULL REFERENCES tag,
    PRIMARY KEY (comic_id, tag_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_story (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES story,
    PRIMARY KEY (comic_id, story_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_series_group (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    series_group_id INTEGER NOT NULL REFERENCES series_group,
    PRIMARY KEY (comic_id, series_group_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_story_arc (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    story_arc_id INTEGER NOT NULL REFERENCES story_arc,
    number INTEGER,                     -- this comic's place in the arc
    PRIMARY KEY (comic_id, story_arc_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_universe (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    universe_id INTEGER NOT NULL REFERENCES universe,
    PRIMARY KEY (comic_id, universe_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_credit (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    credit_id INTEGER NOT NULL REFERENCES credit,
    PRIMARY KEY (comic_id, credit_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_reprint (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    reprint_id INTEGER NOT NULL REFERENCES reprint,
    issue_count INTEGER,                -- of the reprint's volume, as this comic says
    PRIMARY KEY (comic_id, reprint_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE comic_identifier (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    identifier_id INTEGER NOT NULL REFERENCES identifier, -- of type 'comic'
    url TEXT,
    PRIMARY KEY (comic_id, identifier_id)
) STRICT, WITHOUT ROWID;

-- What a comic says identifies something it names: identifier.type tells the
-- table (publisher, imprint, series, story_arc, person, character, ...) and
-- object_id the row in it, which the comic links to as well.
CREATE TABLE comic_object_identifier (
    comic_id INTEGER NOT NULL REFERENCES comic ON DELETE CASCADE,
    identifier_id INTEGER NOT NULL REFERENCES identifier,
    object_id INTEGER NOT NULL,
    url TEXT,
    PRIMARY KEY (comic_id, identifier_id, object_id)
) STRICT, WITHOUT ROWID;

-- ---- the run -------------------------------------------------------------------------

-- Comics that could not be read, as the disk was then.
CREATE TABLE failed (
    path TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    ino INTEGER NOT NULL,
    dev INTEGER,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER NOT NULL,          -- of crash and timeout: in a row, of this state of the file
    failed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,                   -- NULL: not finished, the next complete run does it
    first_comic INTEGER NOT NULL,       -- comics this run created have an id from here on
    batches INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,   -- of records read
    seconds REAL NOT NULL DEFAULT 0,
    comics_created INTEGER NOT NULL DEFAULT 0,
    comics_updated INTEGER NOT NULL DEFAULT 0,
    comics_unchanged INTEGER NOT NULL DEFAULT 0,
    comics_moved INTEGER NOT NULL DEFAULT 0,
    comics_deleted INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    tags_created INTEGER NOT NULL DEFAULT 0,  -- reference rows of every kind but folders
    tags_deleted INTEGER NOT NULL DEFAULT 0,
    links_created INTEGER NOT NULL DEFAULT 0,
    links_deleted INTEGER NOT NULL DEFAULT 0,
    folders_created INTEGER NOT NULL DEFAULT 0,
    folders_deleted INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Comics reported gone, until the run is known to be complete.
CREATE TABLE gone (
    run_id INTEGER NOT NULL REFERENCES import_run ON DELETE CASCADE,
    path TEXT NOT NULL,
    comic_id INTEGER,                   -- NULL: only a row in `failed`
    root TEXT NOT NULL,                 -- the scanned root it was below
    PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;

-- Reference rows that lost a link and may be without any: tested at the end of the run.
CREATE TABLE suspect (
    kind TEXT NOT NULL,                 -- the table's name
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- Comics that came while a comic with the same pages was in the database, in a place that
-- no run has looked at since: if it is gone from there when one does, it has moved.
CREATE TABLE newcomer (
    comic_id INTEGER PRIMARY KEY REFERENCES comic ON DELETE CASCADE
) STRICT;

-- ---- search --------------------------------------------------------------------------

-- What a comic is found by. The loader inserts these texts from memory and takes
-- them out by this view (from the comic to its publisher: CROSS JOIN keeps the order), so lib/database/search.c must make the same ones: names in
-- byte order, joined by commas.
CREATE VIEW v_search AS
SELECT c.id AS comic_id,
    p.name AS publisher,
    i.name AS imprint,
    s.name AS series,
    c.title AS title,
    c.collection_title AS collection_title,
    c.summary AS summary,
    c.notes AS notes,
    c.review AS review,
    (SELECT name FROM age_rating WHERE id = c.age_rating_id) AS age_rating,
    (SELECT metron_name FROM age_rating WHERE id = c.age_rating_id) AS metron_age_rating,
    (SELECT code || ',' || name FROM country WHERE id = c.country_id) AS country,
    (SELECT code || ',' || name FROM language WHERE id = c.language_id) AS language,
    (SELECT name FROM original_format WHERE id = c.original_format_id) AS original_format,
    (SELECT name FROM scan_info WHERE id = c.scan_info_id) AS scan_info,
    (SELECT name FROM tagger WHERE id = c.tagger_id) AS tagger,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_character AS l
        JOIN character AS t ON t.id = l.character_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS characters,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_team AS l
        JOIN team AS t ON t.id = l.team_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS teams,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_location AS l
        JOIN location AS t ON t.id = l.location_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS locations,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_genre AS l
        JOIN genre AS t ON t.id = l.genre_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS genres,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_tag AS l
        JOIN tag AS t ON t.id = l.tag_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS tags,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_story AS l
        JOIN story AS t ON t.id = l.story_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS stories,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_story_arc AS l
        JOIN story_arc AS t ON t.id = l.story_arc_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS story_arcs,
    (SELECT group_concat(name, ',') FROM (SELECT t.name FROM comic_series_group AS l
        JOIN series_group AS t ON t.id = l.series_group_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS series_groups,
    (SELECT group_concat(name, ',') FROM (SELECT t.name || ',' || t.designation AS name
        FROM comic_universe AS l
        JOIN universe AS t ON t.id = l.universe_id
        WHERE l.comic_id = c.id ORDER BY t.name, t.designation)) AS universes,
    (SELECT group_concat(name, ',') FROM (SELECT DISTINCT t.name FROM comic_credit AS l
        JOIN credit AS k ON k.id = l.credit_id JOIN person AS t ON t.id = k.person_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS credits,
    (SELECT group_concat(name, ',') FROM (SELECT DISTINCT t.name FROM comic_credit AS l
        JOIN credit AS k ON k.id = l.credit_id JOIN role AS t ON t.id = k.role_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS roles,
    (SELECT group_concat(name, ',') FROM (SELECT DISTINCT t.series_name AS name
        FROM comic_reprint AS l JOIN reprint AS t ON t.id = l.reprint_id
        WHERE l.comic_id = c.id ORDER BY t.series_name)) AS alternate_series,
    (SELECT group_concat(name, ',') FROM (SELECT DISTINCT t.name FROM comic_identifier AS l
        JOIN identifier AS k ON k.id = l.identifier_id
        JOIN identifier_source AS t ON t.id = k.source_id
        WHERE l.comic_id = c.id ORDER BY t.name)) AS sources
FROM comic AS c
CROSS JOIN volume AS v ON v.id = c.volume_id
CROSS JOIN series AS s ON s.id = v.series_id
CROSS JOIN imprint AS i ON i.id = s.imprint_id
CROSS JOIN publisher AS p ON p.id = i.publisher_id
WHERE c.id <= IFNULL((SELECT value FROM meta WHERE key = 'first_import'), 9223372036854775807);

CREATE VIRTUAL TABLE comic_fts USING fts5 (
    publisher, imprint, series, title, collection_title, summary, notes, review, age_rating,
    metron_age_rating, country, language, original_format, scan_info, tagger, characters, teams,
    locations, genres, tags, stories, story_arcs, series_groups, universes, credits, roles,
    alternate_series, sources,
    content = 'v_search', content_rowid = 'comic_id',
    tokenize = 'unicode61 remove_diacritics 2'
);
-- To merge segments costs as much as to make them: they are merged at the end of a run, when
-- there are many (lib/database/search_merge.c), not while it loads.
INSERT INTO comic_fts (comic_fts, rank) VALUES ('automerge', 0), ('usermerge', 8), ('crisismerge', 64);

-- ---- for people ----------------------------------------------------------------------

CREATE VIEW v_comic AS
SELECT c.id,
    NULLIF(p.name, '') AS publisher,
    NULLIF(i.name, '') AS imprint,
    NULLIF(s.name, '') AS series,
    CASE WHEN v.number_to IS NULL THEN v.number ELSE v.number || '-' || v.number_to END AS volume,
    c.issue_name AS issue,
    c.issue_number,
    c.title,
    c.year,
    c.month,
    c.day,
    c.page_count,
    c.format,
    (SELECT name FROM language WHERE id = c.language_id) AS language,
    (SELECT name FROM country WHERE id = c.country_id) AS country,
    (SELECT name FROM age_rating WHERE id = c.age_rating_id) AS age_rating,
    (SELECT name FROM original_format WHERE id = c.original_format_id) AS original_format,
    c.reading_direction,
    c.community_rating,
    c.size,
    datetime(c.mtime / 1000000000, 'unixepoch') AS modified,
    c.added_at,
    c.updated_at,
    c.path
FROM comic AS c
JOIN volume AS v ON v.id = c.volume_id
JOIN series AS s ON s.id = v.series_id
JOIN imprint AS i ON i.id = s.imprint_id
JOIN publisher AS p ON p.id = i.publisher_id;

-- Where comics of a series disagree, the largest number stands.
CREATE VIEW v_series AS
SELECT s.id,
    NULLIF(p.name, '') AS publisher,
    NULLIF(i.name, '') AS imprint,
    NULLIF(s.name, '') AS series,
    s.sort_name,
    COUNT(DISTINCT v.id) AS volumes,
    COUNT(*) AS comics,
    MIN(c.year) AS first_year,
    MAX(c.year) AS last_year,
    MAX(c.series_start_year) AS start_year,
    MAX(c.series_volume_count) AS volume_count
FROM series AS s
JOIN imprint AS i ON i.id = s.imprint_id
JOIN publisher AS p ON p.id = i.publisher_id
JOIN volume AS v ON v.series_id = s.id
JOIN comic AS c ON c.volume_id = v.id
GROUP BY s.id;

CREATE VIEW v_failed AS
SELECT path, code, reason, attempts, size,
    datetime(mtime / 1000000000, 'unixepoch') AS modified,
    failed_at,
    EXISTS (SELECT 1 FROM comic WHERE comic.path = failed.path) AS has_comic -- from an earlier state
FROM failed;

-- Comics whose pages are the same, in groups.
CREATE VIEW v_duplicate AS
SELECT fingerprint,
    COUNT(*) OVER (PARTITION BY fingerprint) AS copies,
    id, page_count, size, path
FROM comic AS c
WHERE page_count > 0 AND EXISTS (SELECT 1 FROM comic AS o
    WHERE o.fingerprint = c.fingerprint AND o.id <> c.id AND o.page_count > 0);
