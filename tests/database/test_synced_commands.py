"""SyncedCommandStore: one digest for each application."""

from bot.database import Database


async def test_the_last_digest_of_each_application_is_kept(database: Database) -> None:
    await database.synced_commands.put(1, b"old")
    await database.synced_commands.put(1, b"new")
    await database.synced_commands.put(2, b"other")

    assert await database.synced_commands.get(1) == b"new"
    assert await database.synced_commands.get(2) == b"other"
    assert await database.synced_commands.get(3) is None
