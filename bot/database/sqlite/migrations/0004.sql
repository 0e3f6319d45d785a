-- Shortlists, their tracks, votes and notes, and the messages that show them.
-- Triggers keep the tallies right, and count up a shortlist's version with all that its ranking shows, the
-- server's rules among it.

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

-- What a post shows is behind as soon as there is more to show; a blocked one stays blocked.
CREATE TRIGGER shortlist_posts_fall_behind AFTER UPDATE OF version ON shortlists BEGIN
    UPDATE shortlist_posts SET is_behind = 1 WHERE shortlist_id = new.shortlist_id AND is_behind = 0;
END;

-- In each channel the posts used last are kept up to date; another is told so, and forgotten.
CREATE TRIGGER shortlist_post_used AFTER INSERT ON shortlist_posts BEGIN
    UPDATE shortlist_posts SET is_replaced = 1, is_behind = 1
    WHERE (shortlist_id, channel_id) = (new.shortlist_id, new.channel_id) AND message_id NOT IN (
        SELECT message_id FROM shortlist_posts
        WHERE (shortlist_id, channel_id) = (new.shortlist_id, new.channel_id)
        ORDER BY used_at DESC, message_id DESC LIMIT 5
    );
END;
