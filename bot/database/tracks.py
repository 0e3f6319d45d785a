"""Every track seen lately, in a full-text index: what there is to search while the service can't be."""

from collections.abc import Iterable, Sequence

import msgspec

from bot.database.connection import Connection
from bot.models import Track
from bot.text import fold, genre_key

_CANDIDATES = 500
"""How many of the latest matches are ranked; a common word may match a million."""

_SEE = """
INSERT INTO tracks (asset_id, track, words, seen_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), :now
FROM json_each(:tracks) WHERE true
ON CONFLICT (asset_id) DO UPDATE
SET track = excluded.track, words = excluded.words, seen_at = excluded.seen_at
WHERE excluded.seen_at - tracks.seen_at > 86400 OR excluded.track <> tracks.track
"""

_LIKE = """
SELECT track FROM (
    SELECT rowid AS track_id, rank AS relevance FROM track_words
    WHERE track_words MATCH ? ORDER BY rowid DESC LIMIT ?
) JOIN tracks USING (track_id) ORDER BY relevance, track_id
"""

_decoder = msgspec.json.Decoder(Track)


class Tracks:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def see(self, tracks: Iterable[Track], now: float) -> None:
        """Remember `tracks`, as they are now, from this moment on."""
        rows = [(track.asset_id, msgspec.json.encode(track).decode(), _words(track)) for track in tracks]
        await self._run(_SEE, {"tracks": msgspec.json.encode(rows).decode(), "now": now})

    async def like(self, words: Sequence[str]) -> list[Track]:
        """Remembered tracks that hold any of `words`, which are single words; the likeliest first."""
        if not words:
            return []
        rows = await self._run(_LIKE, (" OR ".join(f'"{word}"' for word in words), _CANDIDATES))
        return [_decoder.decode(track) for (track,) in rows]

    async def forget(self, before: float, most: int) -> int:
        """Remove up to `most` tracks not seen since `before`; how many were removed."""
        rows = await self._run(
            "DELETE FROM tracks WHERE track_id IN"
            " (SELECT track_id FROM tracks WHERE seen_at < ? LIMIT ?) RETURNING 1",
            (before, most),
        )
        return len(rows)


def _words(track: Track) -> str:
    parts = (track.name, track.artist, track.album, track.genre, genre_key(track.genre or ""))
    return fold(" ".join(filter(None, parts)))
