-- A database as the third version left it.
CREATE TABLE searches (
    search_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    search BLOB NOT NULL,
    private INTEGER NOT NULL,
    page INTEGER NOT NULL,
    made_at REAL NOT NULL
, claimed INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX searches_by_member ON searches (guild_id, channel_id, member_id);
CREATE INDEX public_searches_by_channel ON searches (guild_id, channel_id) WHERE NOT private;
CREATE INDEX searches_by_age ON searches (made_at);
CREATE TABLE windows (
    digest BLOB NOT NULL,
    start INTEGER NOT NULL,
    fetched_at REAL NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (digest, start)
) STRICT;
CREATE INDEX windows_by_age ON windows (fetched_at);
CREATE TABLE genres (
    genre_key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    times_seen INTEGER NOT NULL
) STRICT;
CREATE TABLE synced_commands (
    application_id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL
) STRICT;
CREATE TABLE buckets (
    scope TEXT NOT NULL,
    guild_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    seconds REAL NOT NULL,
    full_at REAL NOT NULL,
    PRIMARY KEY (scope, guild_id, member_id, seconds)
) STRICT, WITHOUT ROWID;
CREATE INDEX buckets_by_age ON buckets (full_at);
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
CREATE TABLE door (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    closed_until REAL NOT NULL,
    closings INTEGER NOT NULL
) STRICT;
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
CREATE TABLE rules (
    rule_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule_key TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (guild_id, channel_id, kind, rule_key)
) STRICT;
CREATE TABLE rule_changes (
    change_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rule_key TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    changed_at REAL NOT NULL,
    before TEXT,
    after TEXT
) STRICT;
CREATE INDEX rule_changes_by_guild ON rule_changes (guild_id, change_id);
CREATE INDEX rule_changes_by_age ON rule_changes (changed_at);
CREATE TABLE rule_versions (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL UNIQUE
) STRICT;
INSERT INTO searches VALUES (1, 901, 902, 903, X'82A474657874B66461726B2063696E656D617469632074656E73696F6EA574656D706F82A36C6F7778A468696768CC82', 0, 7, 1800000000.0, 8);
INSERT INTO searches VALUES (2, 901, 902, 904, X'84A474657874AB5175696E6E20456D626572A46B696E64A6617274697374A567656E7265A54C6F2D4669A66C656E67746882A36C6F773CA468696768C0', 1, 0, 1800000060.0, 1);
INSERT INTO windows VALUES (X'E11850ED1187DEEC0DAF2E135A2FA08F', 0, 1800000000.0, X'86A6747261636B739288A861737365745F6964A431303031A46E616D65A9536C6F77205261696EA6617274697374AB5175696E6E20456D626572A5616C62756DAB4669727374204C69676874A567656E7265A54C6F2D4669A362706D5AA86475726174696F6ECB4067100000000000AD7468756D626E61696C5F75726CD92068747470733A2F2F636F766572732E6578616D706C652E636F6D2F312E706E6783A861737365745F6964A431303032A46E616D65AB4E69676874204472697665A567656E7265A953796E746877617665A5737461727400A3656E6402A5746F74616C02AE6D6174636865645F617274697374AB5175696E6E20456D626572AA666574636865645F6174CB41DAD27480000000');
INSERT INTO genres VALUES ('lofi', 'Lo-Fi', 12);
INSERT INTO genres VALUES ('synthwave', 'Synthwave', 3);
INSERT INTO synced_commands VALUES (905, X'0102010201020102010201020102010201020102010201020102010201020102');
INSERT INTO buckets VALUES ('key', 0, 0, 60.0, 1800000001.0);
INSERT INTO buckets VALUES ('member', 901, 903, 60.0, 1800000010.0);
INSERT INTO buckets VALUES ('guild', 901, 0, 60.0, 1800000060.0);
INSERT INTO guild_rates VALUES (901, 'member', '2/minute, 9/hour');
INSERT INTO guild_rate_changes VALUES (901, 'member', 906, 1800000000.0, NULL, '3/minute');
INSERT INTO guild_rate_changes VALUES (901, 'member', 906, 1800000001.0, '3/minute', '2/minute, 9/hour');
INSERT INTO guild_rate_changes VALUES (901, 'guild', 906, 1800000001.0, NULL, '9/minute');
INSERT INTO guild_rate_changes VALUES (901, 'guild', 907, 1800000002.0, '9/minute', NULL);
INSERT INTO door VALUES (1, 1800000030.0, 1);
INSERT INTO tracks VALUES (1, '1001', '{"asset_id":"1001","name":"Slow Rain","artist":"Quinn Ember","album":"First Light","genre":"Lo-Fi","bpm":90,"duration":184.5,"thumbnail_url":"https://covers.example.com/1.png"}', 'slow rain quinn ember first light lo fi lofi', 'lofi', 90, 184.5, 1800000000.0);
INSERT INTO tracks VALUES (2, '1002', '{"asset_id":"1002","name":"Night Drive","genre":"Synthwave"}', 'night drive synthwave synthwave', 'synthwave', NULL, NULL, 1800000000.0);
INSERT INTO rules VALUES (2, 901, 902, 'block word', 'christmas', 'christmas');
INSERT INTO rule_changes VALUES (1, 901, 0, 'allow genre', 'lofi', 906, 1800000000.0, NULL, 'Lo-Fi');
INSERT INTO rule_changes VALUES (2, 901, 902, 'block word', 'christmas', 906, 1800000000.0, NULL, 'christmas');
INSERT INTO rule_changes VALUES (3, 901, 0, 'allow genre', 'lofi', 907, 1800000001.0, 'Lo-Fi', NULL);
INSERT INTO rule_versions VALUES (3, 901);
INSERT INTO track_words (track_words) VALUES ('rebuild');
CREATE TRIGGER guild_rate_set AFTER INSERT ON guild_rate_changes WHEN new.after IS NOT NULL BEGIN
    INSERT INTO guild_rates (guild_id, scope, rates) VALUES (new.guild_id, new.scope, new.after)
    ON CONFLICT (guild_id, scope) DO UPDATE SET rates = excluded.rates;
END;
CREATE TRIGGER guild_rate_unset AFTER INSERT ON guild_rate_changes WHEN new.after IS NULL BEGIN
    DELETE FROM guild_rates WHERE guild_id = new.guild_id AND scope = new.scope;
END;
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
CREATE TRIGGER rule_added AFTER INSERT ON rules BEGIN
    DELETE FROM rule_versions WHERE guild_id = new.guild_id;
    INSERT INTO rule_versions (guild_id) VALUES (new.guild_id);
END;
CREATE TRIGGER rule_altered AFTER UPDATE ON rules BEGIN
    DELETE FROM rule_versions WHERE guild_id = new.guild_id;
    INSERT INTO rule_versions (guild_id) VALUES (new.guild_id);
END;
CREATE TRIGGER rule_removed AFTER DELETE ON rules BEGIN
    DELETE FROM rule_versions WHERE guild_id = old.guild_id;
    INSERT INTO rule_versions (guild_id) VALUES (old.guild_id);
END;
CREATE TRIGGER rule_set AFTER INSERT ON rule_changes WHEN new.after IS NOT NULL BEGIN
    INSERT INTO rules (guild_id, channel_id, kind, rule_key, text)
    VALUES (new.guild_id, new.channel_id, new.kind, new.rule_key, new.after)
    ON CONFLICT (guild_id, channel_id, kind, rule_key) DO UPDATE SET text = excluded.text;
END;
CREATE TRIGGER rule_unset AFTER INSERT ON rule_changes WHEN new.after IS NULL BEGIN
    DELETE FROM rules WHERE guild_id = new.guild_id AND channel_id = new.channel_id
        AND kind = new.kind AND rule_key = new.rule_key;
END;
PRAGMA user_version = 3;
