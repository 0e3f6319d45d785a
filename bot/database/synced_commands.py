"""What Discord was last told of our commands."""

from bot.database.sqlite.connection import Connection


class SyncedCommandStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def get(self, application_id: int) -> bytes | None:
        rows = await self._run(
            "SELECT digest FROM synced_commands WHERE application_id = ?", (application_id,)
        )
        return rows[0][0] if rows else None

    async def put(self, application_id: int, digest: bytes) -> None:
        await self._run(
            "INSERT INTO synced_commands (application_id, digest) VALUES (?, ?)"
            " ON CONFLICT (application_id) DO UPDATE SET digest = excluded.digest",
            (application_id, digest),
        )
