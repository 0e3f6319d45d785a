"""Tracks of recent answers in a full-text index, for searches while the service is unavailable."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from bot.database.sqlite.connection import Connection
from bot.models.ranges import Span
from bot.models.search import Query, Track
from bot.text import genre_key
from bot.text import words as words_of

_MAX_CANDIDATES: Final = 20_000
"""Only so many of the newest matches are ranked, since a common word can match a million."""

_PUT = """
INSERT INTO tracks (asset_id, track, words, genre_key, bpm, duration, seen_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
    json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'), :now
FROM json_each(:tracks) WHERE true
ON CONFLICT (asset_id) DO UPDATE
SET track = excluded.track, words = excluded.words, genre_key = excluded.genre_key,
    bpm = excluded.bpm, duration = excluded.duration, seen_at = excluded.seen_at
WHERE excluded.seen_at - tracks.seen_at > 86400 OR excluded.track <> tracks.track
"""

_SEARCH = """
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
    AND (:min_seconds IS NULL OR duration >= :min_seconds)
    AND (:max_seconds IS NULL OR duration <= :max_seconds)
ORDER BY relevance, track_id LIMIT :limit
"""

_decoder = msgspec.json.Decoder(Track)


class TrackStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def put(self, tracks: Iterable[Track], now: float) -> None:
        """Store `tracks` as seen at `now`.

        A track that has not changed and was seen within a day before keeps its moment: this saves a write.
        """
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
        await self._execute(_PUT, {"tracks": msgspec.json.encode(rows).decode(), "now": now})

    async def search(
        self, query: Query, tempos: Sequence[Span], words: Sequence[str], limit: int
    ) -> list[Track]:
        """Up to `limit` stored tracks that match `query`'s filters: those with all of `words`, then with any.

        If there are `tempos`, the tempo of a track is in one of them.
        """
        found: dict[str, Track] = {}
        for operator in (" AND ", " OR ") if len(words) > 1 else (" ",):
            if words and len(found) < limit:
                matches = await self._list_matches(query, tempos, operator, words, limit)
                found |= {track.asset_id: track for track in matches}
        return list(found.values())[:limit]

    async def _list_matches(
        self, query: Query, tempos: Sequence[Span], operator: str, words: Sequence[str], limit: int
    ) -> list[Track]:
        length = query.length or Span()
        keys = [genre_key(genre) for genre in query.genres]
        rows = await self._execute(
            _SEARCH,
            {
                "words": operator.join(f'"{word}"' for word in words),
                "candidates": _MAX_CANDIDATES,
                "genre_keys": msgspec.json.encode(keys).decode() if keys else None,
                "tempos": msgspec.json.encode(tempos).decode() if tempos else None,
                "min_seconds": length.low,
                "max_seconds": length.high,
                "limit": limit,
            },
        )
        return [_decoder.decode(track) for (track,) in rows]

    async def get_many(self, asset_ids: Sequence[str]) -> list[Track]:
        """The stored tracks among `asset_ids`, in the same order."""
        rows = await self._execute(
            "SELECT track FROM json_each(?) AS given JOIN tracks ON asset_id = value ORDER BY given.key",
            (msgspec.json.encode(asset_ids).decode(),),
        )
        return [_decoder.decode(track) for (track,) in rows]

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` tracks not seen since `before`. Returns the number removed."""
        return await self._delete_older("tracks", "seen_at", before, limit)


def _words(track: Track) -> str:
    parts = (track.name, track.artist, track.album, track.genre, genre_key(track.genre or ""))
    return " ".join(word for part in parts if part for word in words_of(part))
