"""Entries: tracks on shortlists, each once on a shortlist, up to its maximum."""

from collections.abc import Iterable, Sequence

import msgspec

from bot.database.sqlite.batch import Row
from bot.database.sqlite.connection import Connection
from bot.models.search import Track
from bot.models.shortlists import MAX_TRACKS, Entry

_ADD = f"""
WITH given AS MATERIALIZED (
    SELECT key, json_extract(value, '$[0]') AS asset_id, json_extract(value, '$[1]') AS track
    FROM json_each(:tracks)
)
INSERT INTO shortlist_tracks (shortlist_id, asset_id, track, member_id, added_at, found_by)
SELECT shortlist_id, asset_id, track, :member_id, :now, :found_by
FROM given CROSS JOIN shortlists
WHERE shortlist_id = :shortlist_id AND closed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM shortlist_tracks AS known
    WHERE (known.shortlist_id, known.asset_id) = (shortlists.shortlist_id, given.asset_id)
)
ORDER BY key
LIMIT max(0, {MAX_TRACKS} - (SELECT count(*) FROM shortlist_tracks WHERE shortlist_id = :shortlist_id))
ON CONFLICT (shortlist_id, asset_id) DO NOTHING
RETURNING asset_id
"""

_ENTRIES = """
SELECT track, member_id, added_at, found_by, likes, dislikes, (
    SELECT count(*) FROM shortlist_notes
    WHERE (shortlist_notes.shortlist_id, shortlist_notes.asset_id)
        = (shortlist_tracks.shortlist_id, shortlist_tracks.asset_id)
), (
    SELECT note FROM shortlist_notes
    WHERE (shortlist_notes.shortlist_id, shortlist_notes.asset_id)
        = (shortlist_tracks.shortlist_id, shortlist_tracks.asset_id)
    ORDER BY written_at DESC LIMIT 1
)
FROM shortlist_tracks WHERE shortlist_id = :shortlist_id AND (:asset_id IS NULL OR asset_id = :asset_id)
ORDER BY likes - dislikes DESC, likes DESC, entry_id
"""

_REMOVE = """
DELETE FROM shortlist_tracks WHERE shortlist_id = :shortlist_id AND asset_id = :asset_id
AND EXISTS (SELECT 1 FROM shortlists WHERE shortlist_id = :shortlist_id AND closed_at IS NULL)
RETURNING 1
"""

_decoder = msgspec.json.Decoder(Track)


class EntryStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def add(
        self, shortlist_id: int, tracks: Iterable[Track], *, member_id: int, now: float, found_by: str | None
    ) -> set[str]:
        """Add copies of `tracks` if the shortlist is open and has room.

        Returns the ids of those added. The others are on it already, or didn't fit; none is added to a
        shortlist that is closed or deleted.
        """
        rows = await self._execute(
            _ADD,
            {
                "shortlist_id": shortlist_id,
                "tracks": msgspec.json.encode(
                    [(track.asset_id, msgspec.json.encode(track).decode()) for track in tracks]
                ).decode(),
                "member_id": member_id,
                "now": now,
                "found_by": found_by,
            },
        )
        return {asset_id for (asset_id,) in rows}

    async def list_all(self, shortlist_id: int) -> list[Entry]:
        """Every entry of the shortlist: the best score first, then the most 👍, then the oldest."""
        rows = await self._execute(_ENTRIES, {"shortlist_id": shortlist_id, "asset_id": None})
        return [_entry(row) for row in rows]

    async def get(self, shortlist_id: int, asset_id: str) -> Entry | None:
        """The entry of that track, or None if it is not on the shortlist."""
        rows = await self._execute(_ENTRIES, {"shortlist_id": shortlist_id, "asset_id": asset_id})
        return _entry(rows[0]) if rows else None

    async def list_present_ids(self, shortlist_id: int, asset_ids: Sequence[str]) -> set[str]:
        """Those of `asset_ids` that are on the shortlist."""
        rows = await self._execute(
            "SELECT asset_id FROM shortlist_tracks"
            " WHERE shortlist_id = ? AND asset_id IN (SELECT value FROM json_each(?))",
            (shortlist_id, msgspec.json.encode(asset_ids).decode()),
        )
        return {asset_id for (asset_id,) in rows}

    async def remove(self, shortlist_id: int, asset_id: str) -> bool:
        """Take a track off an open shortlist, with its votes and notes.

        Returns False if it was not on it, or if the shortlist is closed or deleted.
        """
        return bool(await self._execute(_REMOVE, {"shortlist_id": shortlist_id, "asset_id": asset_id}))


def _entry(row: Row) -> Entry:
    track, *rest = row
    return Entry(_decoder.decode(track), *rest)
