"""Every track seen lately, in a full-text index: what there is to search while the service can't be."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.ranges import Span
from bot.models.search import Query, Track
from bot.text import genre_key
from bot.text import words as words_of

_CANDIDATES: Final = 20_000
"""How many of the latest matches are looked at; a common word may match a million."""

_SEE = """
INSERT INTO tracks (asset_id, track, words, genre_key, bpm, duration, seen_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'), :now
FROM json_each(:tracks) WHERE true
ON CONFLICT (asset_id) DO UPDATE
SET track = excluded.track, words = excluded.words, genre_key = excluded.genre_key,
    bpm = excluded.bpm, duration = excluded.duration, seen_at = excluded.seen_at
WHERE excluded.seen_at - tracks.seen_at > 86400 OR excluded.track <> tracks.track
"""

_LIKE = """
SELECT track FROM (
    SELECT rowid AS track_id, rank AS relevance FROM track_words
    WHERE track_words MATCH :words ORDER BY rowid DESC LIMIT :candidates
) JOIN tracks USING (track_id)
WHERE (:genre_keys IS NULL OR genre_key IN (SELECT value FROM json_each(:genre_keys)))
    AND (:tempos IS NULL OR EXISTS (
        SELECT 1 FROM json_each(:tempos)
        WHERE bpm BETWEEN coalesce(json_extract(value, '$.low'), bpm)
            AND coalesce(json_extract(value, '$.high'), bpm)
    ))
    AND (:shortest IS NULL OR duration >= :shortest) AND (:longest IS NULL OR duration <= :longest)
ORDER BY relevance, track_id LIMIT :most
"""

_decoder = msgspec.json.Decoder(Track)


class TrackStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def put(self, tracks: Iterable[Track], now: float) -> None:
        """Remember `tracks`, as they are now, from this moment on."""
        rows = [
            (
                track.asset_id,
                msgspec.json.encode(track).decode(),
                _words(track),
                genre_key(track.genre or ""),
                None if track.bpm is None else round(track.bpm),
                track.duration,
            )
            for track in tracks
        ]
        await self._run(_SEE, {"tracks": msgspec.json.encode(rows).decode(), "now": now})

    async def search(
        self, query: Query, tempos: Sequence[Span], words: Sequence[str], most: int
    ) -> list[Track]:
        """Remembered tracks that `query` lets through: with all of `words` first, then with any.

        Where there are `tempos`, a track's lies in one of them.
        """
        found: dict[str, Track] = {}
        for joint in (" AND ", " OR ") if len(words) > 1 else (" ",):
            if words and len(found) < most:
                matches = await self._matching(query, tempos, joint, words, most)
                found |= {track.asset_id: track for track in matches}
        return list(found.values())[:most]

    async def _matching(
        self, query: Query, tempos: Sequence[Span], joint: str, words: Sequence[str], most: int
    ) -> list[Track]:
        length = query.length or Span()
        keys = [genre_key(genre) for genre in query.genres]
        rows = await self._run(
            _LIKE,
            {
                "words": joint.join(f'"{word}"' for word in words),
                "candidates": _CANDIDATES,
                "genre_keys": msgspec.json.encode(keys).decode() if keys else None,
                "tempos": msgspec.json.encode(tempos).decode() if tempos else None,
                "shortest": length.low,
                "longest": length.high,
                "most": most,
            },
        )
        return [_decoder.decode(track) for (track,) in rows]

    async def get_many(self, asset_ids: Sequence[str]) -> list[Track]:
        """Those of `asset_ids` that are remembered, in the same order."""
        rows = await self._run(
            "SELECT track FROM json_each(?) AS wanted JOIN tracks ON asset_id = value ORDER BY wanted.key",
            (msgspec.json.encode(asset_ids).decode(),),
        )
        return [_decoder.decode(track) for (track,) in rows]

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` tracks not seen since `before`; how many were removed."""
        return await self._expire("tracks", "seen_at", before, most)


def _words(track: Track) -> str:
    parts = (track.name, track.artist, track.album, track.genre, genre_key(track.genre or ""))
    return " ".join(word for part in parts if part for word in words_of(part))
