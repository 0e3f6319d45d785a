"""Windows: the service's answers, shared by all guilds that search for the same."""

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.search import Window

_decoder = msgspec.msgpack.Decoder(Window)


class WindowStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def put(self, digest: bytes, window: Window) -> None:
        """Add the window, or replace the one with the same start. `digest` is that of its query."""
        await self._execute(
            "INSERT INTO windows (digest, start, fetched_at, answer) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest, start)"
            " DO UPDATE SET fetched_at = excluded.fetched_at, answer = excluded.answer",
            (digest, window.start, window.fetched_at, msgspec.msgpack.encode(window)),
        )

    async def get(self, digest: bytes, start: int, *, since: float) -> Window | None:
        """The window that begins at `start`, or None if it is unknown or was fetched before `since`."""
        rows = await self._execute(
            "SELECT answer FROM windows WHERE digest = ? AND start = ? AND fetched_at >= ?",
            (digest, start, since),
        )
        return _decoder.decode(rows[0][0]) if rows else None

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` windows fetched `before`. Returns the number removed."""
        return await self._delete_older("windows", "fetched_at", before, limit)
