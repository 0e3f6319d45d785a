"""Votes on tracks of shortlists: one per member and track, while the shortlist is open."""

from bot.database.sqlite.connection import Connection
from bot.models.shortlists import Vote

OPEN_TRACK = """
FROM shortlist_tracks JOIN shortlists USING (shortlist_id)
WHERE shortlist_id = :shortlist_id AND asset_id = :asset_id AND closed_at IS NULL
"""
"""A FROM clause: the track, if it is on the shortlist and that is open."""

_VOTE = f"""
INSERT INTO shortlist_votes (shortlist_id, asset_id, member_id, vote)
SELECT shortlist_id, asset_id, :member_id, :vote {OPEN_TRACK}
ON CONFLICT DO UPDATE SET vote = excluded.vote
RETURNING 1
"""

OWN_ON_OPEN_TRACK = f"""
(shortlist_id, asset_id, member_id) = (:shortlist_id, :asset_id, :member_id)
AND EXISTS (SELECT 1 {OPEN_TRACK})
"""
"""A condition: the row is the member's own, and its shortlist is open."""

_LIST_BY_MEMBER = """
SELECT asset_id, vote FROM shortlist_votes WHERE shortlist_id = :shortlist_id AND member_id = :member_id
"""


class VoteStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute

    async def vote(self, shortlist_id: int, asset_id: str, *, member_id: int, vote: Vote) -> bool:
        """Set the member's vote. Returns False if the track is gone, or the shortlist is closed or gone."""
        place = {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id}
        return bool(await self._execute(_VOTE, place | {"vote": vote}))

    async def remove(self, shortlist_id: int, asset_id: str, *, member_id: int) -> bool:
        """Withdraw the member's vote. Returns False if there is none, or the shortlist is closed or gone."""
        rows = await self._execute(
            f"DELETE FROM shortlist_votes WHERE {OWN_ON_OPEN_TRACK} RETURNING 1",
            {"shortlist_id": shortlist_id, "asset_id": asset_id, "member_id": member_id},
        )
        return bool(rows)

    async def get(self, shortlist_id: int, asset_id: str, *, member_id: int) -> Vote | None:
        """The member's vote on the track, or None."""
        rows = await self._execute(
            "SELECT vote FROM shortlist_votes WHERE shortlist_id = ? AND asset_id = ? AND member_id = ?",
            (shortlist_id, asset_id, member_id),
        )
        vote: Vote | None = rows[0][0] if rows else None
        return vote

    async def list_by_member(self, shortlist_id: int, *, member_id: int) -> dict[str, Vote]:
        """The member's votes on the shortlist, by asset id."""
        rows = await self._execute(_LIST_BY_MEMBER, {"shortlist_id": shortlist_id, "member_id": member_id})
        return {row[0]: row[1] for row in rows}
