"""What members say of tracks on shortlists: one vote and one note a member and track, while it is open."""

from bot.database.sqlite.connection import Connection
from bot.models.shortlists import Note, Vote

_OPEN_TRACK = """
FROM shortlist_tracks JOIN shortlists USING (shortlist_id)
WHERE shortlist_id = :shortlist_id AND asset_id = :asset_id AND closed_at IS NULL
"""

_CAST = f"""
INSERT INTO shortlist_votes (shortlist_id, asset_id, member_id, vote)
SELECT shortlist_id, asset_id, :member_id, :vote {_OPEN_TRACK}
ON CONFLICT DO UPDATE SET vote = excluded.vote
RETURNING 1
"""

_WRITE = f"""
INSERT INTO shortlist_notes (shortlist_id, asset_id, member_id, note, written_at)
SELECT shortlist_id, asset_id, :member_id, :note, :now {_OPEN_TRACK}
ON CONFLICT DO UPDATE SET note = excluded.note, written_at = excluded.written_at
RETURNING 1
"""

_OWN = f"""
(shortlist_id, asset_id, member_id) = (:shortlist_id, :asset_id, :member_id)
AND EXISTS (SELECT 1 {_OPEN_TRACK})
"""

_OF = """
SELECT asset_id, vote FROM shortlist_votes WHERE shortlist_id = :shortlist_id AND member_id = :member_id
"""


class VoteStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def vote(self, shortlist_id: int, asset_id: str, *, member_id: int, vote: Vote) -> bool:
        """Make this the member's vote; False where the track is gone or the shortlist closed."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._run(_CAST, place | {"vote": vote}))

    async def remove(self, shortlist_id: int, asset_id: str, *, member_id: int) -> bool:
        """Remove the member's vote; False if there is none, or the shortlist is closed or gone."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._run(f"DELETE FROM shortlist_votes WHERE {_OWN} RETURNING 1", place))

    async def get(self, shortlist_id: int, asset_id: str, *, member_id: int) -> Vote | None:
        """The member's vote on that track."""
        rows = await self._run(
            "SELECT vote FROM shortlist_votes WHERE shortlist_id = ? AND asset_id = ? AND member_id = ?",
            (shortlist_id, asset_id, member_id),
        )
        vote: Vote | None = rows[0][0] if rows else None
        return vote

    async def list_by_member(self, shortlist_id: int, *, member_id: int) -> dict[str, Vote]:
        """The member's votes on that shortlist, by asset id."""
        rows = await self._run(_OF, {"shortlist_id": shortlist_id, "member_id": member_id})
        return {row[0]: row[1] for row in rows}


class NoteStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def put(self, shortlist_id: int, asset_id: str, text: str, *, member_id: int, now: float) -> bool:
        """Make this the member's note; False where the track is gone or the shortlist closed."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._run(_WRITE, place | {"note": text, "now": now}))

    async def remove(self, shortlist_id: int, asset_id: str, *, member_id: int) -> bool:
        """Remove the member's note; False if there is none, or the shortlist is closed or gone."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._run(f"DELETE FROM shortlist_notes WHERE {_OWN} RETURNING 1", place))

    async def list_by_track(self, shortlist_id: int, asset_id: str) -> list[Note]:
        """What members say of that track, the newest first."""
        rows = await self._run(
            "SELECT member_id, note, written_at FROM shortlist_notes"
            " WHERE shortlist_id = ? AND asset_id = ? ORDER BY written_at DESC, member_id",
            (shortlist_id, asset_id),
        )
        return [Note(*row) for row in rows]
