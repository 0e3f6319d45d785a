-- Searches and how far they got, what the service answered, budgets, genres, and what Discord was told.

CREATE TABLE searches (
    search_id INTEGER PRIMARY KEY AUTOINCREMENT,
    guild_id INTEGER NOT NULL,
    channel_id INTEGER NOT NULL,
    member_id INTEGER NOT NULL,
    search BLOB NOT NULL,
    private INTEGER NOT NULL,
    page INTEGER NOT NULL,
    made_at REAL NOT NULL
) STRICT;
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

CREATE TABLE budgets (
    guild_id INTEGER PRIMARY KEY,
    full_at REAL NOT NULL
) STRICT;

CREATE TABLE genres (
    genre_key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    times_seen INTEGER NOT NULL
) STRICT;

CREATE TABLE synced_commands (
    application_id INTEGER PRIMARY KEY,
    digest BLOB NOT NULL
) STRICT;
