-- A page that is being looked for is claimed before it is shown.
-- Budgets of three scopes in place of the guild's alone, what servers set of them, the door that a 429
-- closes, and every track seen, to be searched when the service can't be.

ALTER TABLE searches ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0;
UPDATE searches SET claimed = page;

CREATE TABLE buckets (
    scope TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    seconds REAL NOT NULL,
    full_at REAL NOT NULL,
    PRIMARY KEY (scope, guild_id, member_id, seconds)
) STRICT, WITHOUT ROWID;
CREATE INDEX buckets_by_age ON buckets (full_at);
INSERT INTO buckets SELECT 'guild', guild_id, 0, 60, full_at FROM budgets;
DROP TABLE budgets;

CREATE TABLE guild_rates (
    guild_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    rates TEXT NOT NULL,
    PRIMARY KEY (guild_id, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE guild_rate_changes (
    guild_id INTEGER NOT NULL,
    scope TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    changed_at REAL NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX guild_rate_changes_by_guild ON guild_rate_changes (guild_id, changed_at);
CREATE TRIGGER guild_rate_set AFTER INSERT ON guild_rate_changes WHEN new.after IS NOT NULL BEGIN
    INSERT INTO guild_rates (guild_id, scope, rates) VALUES (new.guild_id, new.scope, new.after)
    ON CONFLICT (guild_id, scope) DO UPDATE SET rates = excluded.rates;
END;
CREATE TRIGGER guild_rate_unset AFTER INSERT ON guild_rate_changes WHEN new.after IS NULL BEGIN
    DELETE FROM guild_rates WHERE guild_id = new.guild_id AND scope = new.scope;
END;

CREATE TABLE door (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    closed_until REAL NOT NULL,
    closings INTEGER NOT NULL
) STRICT;
INSERT INTO door VALUES (1, 0, 0);

CREATE TABLE tracks (
    track_id INTEGER PRIMARY KEY,
    asset_id TEXT NOT NULL UNIQUE,
    track TEXT NOT NULL,
    words TEXT NOT NULL,
    genre_key TEXT,
    bpm INTEGER,
    duration REAL,
    seen_at REAL NOT NULL
) STRICT;
CREATE INDEX tracks_by_age ON tracks (seen_at);
CREATE VIRTUAL TABLE track_words USING fts5 (words, content = tracks, content_rowid = track_id, tokenize = porter);
CREATE TRIGGER track_added AFTER INSERT ON tracks BEGIN
    INSERT INTO track_words (rowid, words) VALUES (new.track_id, new.words);
END;
CREATE TRIGGER track_removed AFTER DELETE ON tracks BEGIN
    INSERT INTO track_words (track_words, rowid, words) VALUES ('delete', old.track_id, old.words);
END;
CREATE TRIGGER track_changed AFTER UPDATE OF words ON tracks WHEN old.words <> new.words BEGIN
    INSERT INTO track_words (track_words, rowid, words) VALUES ('delete', old.track_id, old.words);
    INSERT INTO track_words (rowid, words) VALUES (new.track_id, new.words);
END;
