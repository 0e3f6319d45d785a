"""What the service answered, shared by every guild that asks the same."""

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.search import Window

_decoder = msgspec.msgpack.Decoder(Window)


class WindowStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

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

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` windows fetched before then; how many were removed."""
        return await self._expire("windows", "fetched_at", before, most)
