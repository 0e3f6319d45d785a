"""The genres that the bot has seen, for autocomplete."""

from collections.abc import Iterable, Mapping

import msgspec

from bot.database.sqlite.connection import Connection
from bot.text import genre_key


class GenreStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def add(self, tracks_by_genre: Mapping[str, int]) -> None:
        """Count so many more tracks of each genre; a genre keeps the spelling it was first seen in."""
        seen = [(genre_key(name), name, count) for name, count in tracks_by_genre.items()]
        await self._run(
            "INSERT INTO genres (genre_key, name, times_seen)"
            " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
            " FROM json_each(?) WHERE true"
            " ON CONFLICT (genre_key) DO UPDATE SET times_seen = times_seen + excluded.times_seen",
            (msgspec.json.encode(seen).decode(),),
        )

    async def suggest(self, text: str, *, most: int) -> list[str]:
        """Genres whose name holds `text`, however written, the most frequent first."""
        rows = await self._run(
            "SELECT name FROM genres WHERE instr(genre_key, :key) ORDER BY times_seen DESC, name LIMIT :most",
            {"key": genre_key(text) if text.strip() else "", "most": most},
        )
        return [name for (name,) in rows]

    async def trim(self, most: int) -> None:
        """Forget all but the genres seen most often."""
        await self._run(
            "DELETE FROM genres WHERE genre_key IN"
            " (SELECT genre_key FROM genres ORDER BY times_seen DESC LIMIT -1 OFFSET ?)",
            (most,),
        )

    async def canonical_names(self, texts: Iterable[str]) -> dict[str, str]:
        """How the service spells the genres that `texts` mean, by their keys, where they have been seen."""
        keys = msgspec.json.encode([genre_key(text) for text in texts]).decode()
        rows = await self._run(
            "SELECT genre_key, name FROM genres WHERE genre_key IN (SELECT value FROM json_each(?))", (keys,)
        )
        return {key: name for key, name in rows}  # noqa: C416 (rows are sequences, not pairs)
