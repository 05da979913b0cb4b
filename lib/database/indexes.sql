-- SPDX-License-Identifier: MIT
-- What schema.sql leaves out, made at the end of the first import, comic-db(5).
--
-- No look-up of the loader needs these before: they tell which comics a row has
-- (for whoever asks, and for the sweep of rows without any) and which comics have
-- the same pages. To make one of a million entries is a sort; to keep it while they
-- come in no order is to write most of its pages again with every batch.

CREATE INDEX IF NOT EXISTS folder_parent ON folder (parent_id);
CREATE INDEX IF NOT EXISTS credit_role ON credit (role_id);
CREATE INDEX IF NOT EXISTS comic_character_character ON comic_character (character_id);
CREATE INDEX IF NOT EXISTS comic_team_team ON comic_team (team_id);
CREATE INDEX IF NOT EXISTS comic_location_location ON comic_location (location_id);
CREATE INDEX IF NOT EXISTS comic_genre_genre ON comic_genre (genre_id);
CREATE INDEX IF NOT EXISTS comic_tag_tag ON comic_tag (tag_id);
CREATE INDEX IF NOT EXISTS comic_story_story ON comic_story (story_id);
CREATE INDEX IF NOT EXISTS comic_series_group_series_group ON comic_series_group (series_group_id);
CREATE INDEX IF NOT EXISTS comic_story_arc_story_arc ON comic_story_arc (story_arc_id);
CREATE INDEX IF NOT EXISTS comic_universe_universe ON comic_universe (universe_id);
CREATE INDEX IF NOT EXISTS comic_credit_credit ON comic_credit (credit_id);
CREATE INDEX IF NOT EXISTS comic_reprint_reprint ON comic_reprint (reprint_id);
CREATE INDEX IF NOT EXISTS comic_identifier_identifier ON comic_identifier (identifier_id);
CREATE INDEX IF NOT EXISTS comic_object_identifier_identifier ON comic_object_identifier (identifier_id);
CREATE INDEX IF NOT EXISTS comic_fingerprint ON comic (fingerprint) WHERE fingerprint IS NOT NULL;
