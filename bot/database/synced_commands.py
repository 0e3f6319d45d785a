"""Synced commands: the digest of the commands that were last sent to Discord."""

from bot.database.sqlite.connection import Connection


class SyncedCommandStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def get(self, application_id: int) -> bytes | None:
        """The digest of the application's commands, or None if none were sent."""
        rows = await self._execute(
            "SELECT digest FROM synced_commands WHERE application_id = ?", (application_id,)
        )
        return rows[0][0] if rows else None

    async def put(self, application_id: int, digest: bytes) -> None:
        """Add or replace the digest of the application's commands."""
        await self._execute(
            "INSERT INTO synced_commands (application_id, digest) VALUES (?, ?)"
            " ON CONFLICT (application_id) DO UPDATE SET digest = excluded.digest",
            (application_id, digest),
        )
