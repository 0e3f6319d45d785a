-- What moderators let their server see, and who changed it; a change and what it does are one.

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

-- Another number after every change of a guild's rules, whoever makes it; no number comes twice.
CREATE TABLE rule_versions (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL UNIQUE
) STRICT;
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
