"""Notes on tracks of shortlists: one per member and track, while the shortlist is open."""

from bot.database.shortlist_votes import OPEN_TRACK, OWN_ON_OPEN_TRACK
from bot.database.sqlite.connection import Connection
from bot.models.shortlists import Note

_PUT_NOTE = f"""
INSERT INTO shortlist_notes (shortlist_id, asset_id, member_id, note, written_at)
SELECT shortlist_id, asset_id, :member_id, :note, :now {OPEN_TRACK}
ON CONFLICT DO UPDATE SET note = excluded.note, written_at = excluded.written_at
RETURNING 1
"""


class NoteStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def put(self, shortlist_id: int, asset_id: str, text: str, *, member_id: int, now: float) -> bool:
        """Set the member's note. Returns False if the track is gone, or the shortlist is closed or gone."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._execute(_PUT_NOTE, place | {"note": text, "now": now}))

    async def remove(self, shortlist_id: int, asset_id: str, *, member_id: int) -> bool:
        """Remove the member's note. Returns False if there is none, or the shortlist is closed or gone."""
        rows = await self._execute(
            f"DELETE FROM shortlist_notes WHERE {OWN_ON_OPEN_TRACK} RETURNING 1",
            {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id},
        )
        return bool(rows)

    async def list_by_track(self, shortlist_id: int, asset_id: str) -> list[Note]:
        """All members' notes on the track, the newest first."""
        rows = await self._execute(
            "SELECT member_id, note, written_at FROM shortlist_notes"
            " WHERE shortlist_id = ? AND asset_id = ? ORDER BY written_at DESC, member_id",
            (shortlist_id, asset_id),
        )
        return [Note(*row) for row in rows]
