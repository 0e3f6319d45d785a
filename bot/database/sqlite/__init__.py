"""The SQLite engine: connection, migrations, locks, backups and inspection."""
