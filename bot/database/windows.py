"""What the service answered, shared by every guild that asks the same."""

import msgspec

from bot.database.connection import Connection
from bot.models import Window

_decoder = msgspec.msgpack.Decoder(Window)


class Windows:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def put(self, digest: bytes, window: Window) -> None:
        await self._run(
            "INSERT INTO windows (digest, start, fetched_at, answer) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (digest, start)"
            " DO UPDATE SET fetched_at = excluded.fetched_at, answer = excluded.answer",
            (digest, window.start, window.fetched_at, msgspec.msgpack.encode(window)),
        )

    async def get(self, digest: bytes, start: int, *, since: float) -> Window | None:
        """The window, unless it was fetched before `since`."""
        rows = await self._run(
            "SELECT answer FROM windows WHERE digest = ? AND start = ? AND fetched_at >= ?",
            (digest, start, since),
        )
        return _decoder.decode(rows[0][0]) if rows else None

    async def forget(self, before: float, most: int) -> int:
        """Remove up to `most` windows fetched before then; how many were removed."""
        rows = await self._run(
            "DELETE FROM windows WHERE rowid IN"
            " (SELECT rowid FROM windows WHERE fetched_at < ? LIMIT ?) RETURNING 1",
            (before, most),
        )
        return len(rows)
