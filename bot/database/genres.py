"""Genres that the service's answers have named, for autocomplete and for their canonical spelling."""

from collections.abc import Iterable, Mapping

import msgspec

from bot.database.sqlite.connection import Connection
from bot.text import genre_key


class GenreStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def add(self, tracks_by_genre: Mapping[str, int]) -> None:
        """Add to the number of tracks of each genre; a genre keeps the spelling of its first track."""
        seen = [(genre_key(name), name, count) for name, count in tracks_by_genre.items()]
        await self._execute(
            "INSERT INTO genres (genre_key, name, times_seen)"
            " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
            " FROM json_each(?) WHERE true"
            " ON CONFLICT (genre_key) DO UPDATE SET times_seen = times_seen + excluded.times_seen",
            (msgspec.json.encode(seen).decode(),),
        )

    async def suggest(self, text: str, *, limit: int) -> list[str]:
        """Up to `limit` genres that contain `text` in any spelling, most frequent first."""
        rows = await self._execute(
            "SELECT name FROM genres WHERE instr(genre_key, :key)"
            " ORDER BY times_seen DESC, name LIMIT :limit",
            {"key": genre_key(text) if text.strip() else "", "limit": limit},
        )
        return [name for (name,) in rows]

    async def trim(self, limit: int) -> int:
        """Remove all but the `limit` most frequent genres. Returns the number removed."""
        rows = await self._execute(
            "DELETE FROM genres WHERE genre_key IN"
            " (SELECT genre_key FROM genres ORDER BY times_seen DESC LIMIT -1 OFFSET ?) RETURNING 1",
            (limit,),
        )
        return len(rows)

    async def get_canonical_names(self, texts: Iterable[str]) -> dict[str, str]:
        """The service's spelling of the genres in `texts`, by genre key; unknown genres are left out."""
        keys = msgspec.json.encode([genre_key(text) for text in texts]).decode()
        rows = await self._execute(
            "SELECT genre_key, name FROM genres WHERE genre_key IN (SELECT value FROM json_each(?))", (keys,)
        )
        return {key: name for key, name in rows}  # noqa: C416 (rows are sequences, not pairs)
