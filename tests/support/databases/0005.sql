CREATE TABLE searches (
    search_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    search BLOB NOT NULL,
    private INTEGER NOT NULL,
    page INTEGER NOT NULL,
    made_at REAL NOT NULL
, page_before INTEGER NOT NULL DEFAULT 0) STRICT;
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
CREATE TABLE shortlists (
    shortlist_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    brief TEXT NOT NULL,
    maker_id INTEGER NOT NULL,
    made_at REAL NOT NULL,
    closed_at REAL,
    version INTEGER NOT NULL DEFAULT 0,
    UNIQUE (guild_id, name_key)
) STRICT;
CREATE TABLE current_shortlists (
    channel_id INTEGER PRIMARY KEY,
    shortlist_id INTEGER NOT NULL
) STRICT;
CREATE INDEX current_shortlists_by_shortlist ON current_shortlists (shortlist_id);
CREATE TABLE shortlist_tracks (
    entry_id INTEGER PRIMARY KEY,
    shortlist_id INTEGER NOT NULL,
    asset_id TEXT NOT NULL,
    track TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    added_at REAL NOT NULL,
    found_by TEXT,
    likes INTEGER NOT NULL DEFAULT 0,
    dislikes INTEGER NOT NULL DEFAULT 0,
    UNIQUE (shortlist_id, asset_id)
) STRICT;
CREATE TABLE shortlist_votes (
    shortlist_id INTEGER NOT NULL,
    asset_id TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    vote INTEGER NOT NULL CHECK (vote IN (-1, 1)),
    PRIMARY KEY (shortlist_id, asset_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shortlist_votes_by_member ON shortlist_votes (member_id, shortlist_id, vote);
CREATE TABLE shortlist_notes (
    shortlist_id INTEGER NOT NULL,
    asset_id TEXT NOT NULL,
    member_id INTEGER NOT NULL,
    note TEXT NOT NULL,
    written_at REAL NOT NULL,
    PRIMARY KEY (shortlist_id, asset_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE shortlist_posts (
    message_id INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    rules_id INTEGER NOT NULL,
    guild_id INTEGER NOT NULL,
    shortlist_id INTEGER NOT NULL,
    page INTEGER NOT NULL,
    used_at REAL NOT NULL,
    is_behind INTEGER NOT NULL,
    is_blocked INTEGER NOT NULL DEFAULT 0,
    is_replaced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX shortlist_posts_by_shortlist ON shortlist_posts (shortlist_id, channel_id, used_at);
CREATE INDEX shortlist_posts_behind ON shortlist_posts (used_at) WHERE is_behind = 1 AND is_blocked = 0;
CREATE INDEX shortlist_posts_by_use ON shortlist_posts (used_at);
INSERT INTO searches VALUES (1, 901, 902, 903, X'82A474657874B66461726B2063696E656D617469632074656E73696F6EA574656D706F82A36C6F7778A468696768CC82', 0, 7, 1800000000.0, 8);
INSERT INTO searches VALUES (2, 901, 902, 904, X'84A474657874AB5175696E6E20456D626572A46B696E64A6617274697374A567656E7265A54C6F2D4669A66C656E67746882A36C6F773CA468696768C0', 1, 0, 1800000060.0, 0);
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
INSERT INTO shortlists VALUES (1, 901, 902, 'Boss fight', 'boss fight', '130 to 150 BPM', 903, 1800000000.0, NULL, 3);
INSERT INTO current_shortlists VALUES (902, 1);
INSERT INTO shortlist_tracks VALUES (1, 1, '1000', '{"asset_id":"1000","name":"Track 0"}', 903, 1800000000.0, 'calm', 1, 0);
INSERT INTO shortlist_votes VALUES (1, '1000', 903, 1);
INSERT INTO shortlist_notes VALUES (1, '1000', 903, 'loops well', 1800000000.0);
INSERT INTO shortlist_posts VALUES (905, 902, 902, 901, 1, 1, 1800000000.0, 0, 0, 0);
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
CREATE TRIGGER shortlist_made AFTER INSERT ON shortlists BEGIN
    INSERT INTO current_shortlists (channel_id, shortlist_id) VALUES (new.channel_id, new.shortlist_id)
    ON CONFLICT (channel_id) DO UPDATE SET shortlist_id = excluded.shortlist_id;
END;
CREATE TRIGGER shortlist_changed AFTER UPDATE OF name, closed_at ON shortlists BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = new.shortlist_id;
END;
CREATE TRIGGER shortlists_ruled AFTER INSERT ON rule_changes BEGIN
    UPDATE shortlists SET version = version + 1 WHERE guild_id = new.guild_id;
END;
CREATE TRIGGER shortlist_deleted AFTER DELETE ON shortlists BEGIN
    DELETE FROM current_shortlists WHERE shortlist_id = old.shortlist_id;
    DELETE FROM shortlist_posts WHERE shortlist_id = old.shortlist_id;
    DELETE FROM shortlist_tracks WHERE shortlist_id = old.shortlist_id;
END;
CREATE TRIGGER shortlist_track_added AFTER INSERT ON shortlist_tracks BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = new.shortlist_id;
END;
CREATE TRIGGER shortlist_track_changed AFTER UPDATE ON shortlist_tracks BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = new.shortlist_id;
END;
CREATE TRIGGER shortlist_track_removed AFTER DELETE ON shortlist_tracks BEGIN
    DELETE FROM shortlist_votes WHERE (shortlist_id, asset_id) = (old.shortlist_id, old.asset_id);
    DELETE FROM shortlist_notes WHERE (shortlist_id, asset_id) = (old.shortlist_id, old.asset_id);
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = old.shortlist_id;
END;
CREATE TRIGGER shortlist_vote_cast AFTER INSERT ON shortlist_votes BEGIN
    UPDATE shortlist_tracks SET likes = likes + (new.vote = 1), dislikes = dislikes + (new.vote = -1)
    WHERE (shortlist_id, asset_id) = (new.shortlist_id, new.asset_id);
END;
CREATE TRIGGER shortlist_vote_changed AFTER UPDATE ON shortlist_votes WHEN old.vote <> new.vote BEGIN
    UPDATE shortlist_tracks SET likes = likes + new.vote, dislikes = dislikes - new.vote
    WHERE (shortlist_id, asset_id) = (new.shortlist_id, new.asset_id);
END;
CREATE TRIGGER shortlist_vote_withdrawn AFTER DELETE ON shortlist_votes BEGIN
    UPDATE shortlist_tracks SET likes = likes - (old.vote = 1), dislikes = dislikes - (old.vote = -1)
    WHERE (shortlist_id, asset_id) = (old.shortlist_id, old.asset_id);
END;
CREATE TRIGGER shortlist_note_written AFTER INSERT ON shortlist_notes BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = new.shortlist_id;
END;
CREATE TRIGGER shortlist_note_changed AFTER UPDATE ON shortlist_notes BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = new.shortlist_id;
END;
CREATE TRIGGER shortlist_note_removed AFTER DELETE ON shortlist_notes BEGIN
    UPDATE shortlists SET version = version + 1 WHERE shortlist_id = old.shortlist_id;
END;
CREATE TRIGGER shortlist_posts_fall_behind AFTER UPDATE OF version ON shortlists BEGIN
    UPDATE shortlist_posts SET is_behind = 1 WHERE shortlist_id = new.shortlist_id AND is_behind = 0;
END;
CREATE TRIGGER shortlist_post_used AFTER INSERT ON shortlist_posts BEGIN
    UPDATE shortlist_posts SET is_replaced = 1, is_behind = 1
    WHERE (shortlist_id, channel_id) = (new.shortlist_id, new.channel_id) AND message_id NOT IN (
        SELECT message_id FROM shortlist_posts
        WHERE (shortlist_id, channel_id) = (new.shortlist_id, new.channel_id)
        ORDER BY used_at DESC, message_id DESC LIMIT 5
    );
END;
PRAGMA user_version = 5;
