"""Shortlists, without their tracks; each limit is part of the statement that could exceed it."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec

from bot.database.sqlite.batch import Row
from bot.database.sqlite.connection import Connection
from bot.models.search import Track
from bot.models.shortlists import MAX_SHORTLISTS, Shortlist, Summary
from bot.text import fold

RenameResult: TypeAlias = Literal["renamed", "taken", "gone"]

_COLUMNS = "shortlist_id, guild_id, name, brief, maker_id, made_at, closed_at, version"

_ADD = f"""
INSERT INTO shortlists (guild_id, channel_id, name, name_key, brief, maker_id, made_at)
SELECT :guild_id, :channel_id, :name, :name_key, :brief, :maker_id, :now
WHERE (SELECT count(*) FROM shortlists WHERE guild_id = :guild_id) < {MAX_SHORTLISTS}
ON CONFLICT (guild_id, name_key) DO NOTHING
RETURNING {_COLUMNS}
"""

_SET_CURRENT = """
INSERT INTO current_shortlists (channel_id, shortlist_id)
SELECT :channel_id, shortlist_id FROM shortlists WHERE shortlist_id = :shortlist_id
ON CONFLICT (channel_id) DO UPDATE SET shortlist_id = excluded.shortlist_id
RETURNING 1
"""

# A shortlist can be renamed to its own name in another spelling, but not to the name of another shortlist.
_RENAME = """
UPDATE OR IGNORE shortlists SET name = :name, name_key = :name_key WHERE shortlist_id = :shortlist_id
RETURNING 1
"""

_LIST_LEADERS = """
SELECT shortlist_id, track FROM (
    SELECT shortlist_id, track, row_number() OVER (
        PARTITION BY shortlist_id ORDER BY likes - dislikes DESC, likes DESC, entry_id
    ) AS place
    FROM shortlist_tracks JOIN shortlists USING (shortlist_id) WHERE guild_id = :guild_id
) WHERE place <= 10 ORDER BY shortlist_id, place
"""

_LIST_SIZES = f"""
SELECT (SELECT count(*) FROM shortlist_tracks WHERE shortlist_id = shortlists.shortlist_id), {_COLUMNS}
FROM shortlists WHERE guild_id = :guild_id ORDER BY closed_at IS NOT NULL, shortlist_id DESC
"""

_decoder = msgspec.json.Decoder(Track)


class ShortlistStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._execute_transaction = connection.execute_transaction

    async def add(
        self, name: str, brief: str, *, guild_id: int, channel_id: int, maker_id: int, now: float
    ) -> Shortlist | None:
        """Add a shortlist, current in its channel. None if the name is taken or the guild has too many."""
        rows = await self._execute(
            _ADD,
            {
                "guild_id": guild_id,
                "channel_id": channel_id,
                "name": name,
                "name_key": fold(name),
                "brief": brief,
                "maker_id": maker_id,
                "now": now,
            },
        )
        return _first(rows)

    async def get(self, shortlist_id: int, *, guild_id: int) -> Shortlist | None:
        """The shortlist, or None if it is unknown, deleted or another guild's."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM shortlists WHERE shortlist_id = ? AND guild_id = ?",
            (shortlist_id, guild_id),
        )
        return _first(rows)

    async def get_by_name(self, name: str, *, guild_id: int) -> Shortlist | None:
        """The guild's shortlist of that name, in any spelling; None if there is none."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM shortlists WHERE guild_id = ? AND name_key = ?", (guild_id, fold(name))
        )
        return _first(rows)

    async def get_current(self, *, guild_id: int, channel_id: int) -> Shortlist | None:
        """The shortlist that was opened last in the channel, or None."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM shortlists JOIN current_shortlists USING (shortlist_id)"
            " WHERE current_shortlists.channel_id = ? AND guild_id = ?",
            (channel_id, guild_id),
        )
        return _first(rows)

    async def suggest_names(self, text: str, *, guild_id: int, limit: int) -> list[str]:
        """Up to `limit` names that contain `text`: those that begin with it first, then the newest."""
        rows = await self._execute(
            "SELECT name FROM shortlists WHERE guild_id = :guild_id AND instr(name_key, :key)"
            " ORDER BY instr(name_key, :key) > 1, shortlist_id DESC LIMIT :limit",
            {"guild_id": guild_id, "key": fold(text), "limit": limit},
        )
        return [name for (name,) in rows]

    async def list_summaries(self, *, guild_id: int) -> list[Summary]:
        """All of the guild's shortlists, open ones first, then the newest."""
        sizes = await self._execute(_LIST_SIZES, {"guild_id": guild_id})
        leaders = defaultdict[int, list[Track]](list)
        for shortlist_id, track in await self._execute(_LIST_LEADERS, {"guild_id": guild_id}):
            leaders[shortlist_id].append(_decoder.decode(track))
        shortlists = [(Shortlist(*columns), size) for size, *columns in sizes]
        return [
            Summary(shortlist, size, tuple(leaders[shortlist.shortlist_id])) for shortlist, size in shortlists
        ]

    async def set_current(self, shortlist_id: int, *, channel_id: int) -> bool:
        """Make it the channel's current shortlist. Returns False if it is deleted."""
        row = {"channel_id": channel_id, "shortlist_id": shortlist_id}
        return bool(await self._execute(_SET_CURRENT, row))

    async def rename(self, shortlist_id: int, name: str) -> RenameResult:
        """Rename it, unless another shortlist of the guild has that name, or it is deleted itself."""
        renamed, existing = await self._execute_transaction(
            (_RENAME, "SELECT 1 FROM shortlists WHERE shortlist_id = :shortlist_id"),
            {"shortlist_id": shortlist_id, "name": name, "name_key": fold(name)},
        )
        if renamed:
            return "renamed"
        return "taken" if existing else "gone"

    async def close(self, shortlist_id: int, now: float) -> bool:
        """Freeze it. Returns False if it was closed already, or is deleted."""
        return bool(
            await self._execute(
                "UPDATE shortlists SET closed_at = ?"
                " WHERE shortlist_id = ? AND closed_at IS NULL RETURNING 1",
                (now, shortlist_id),
            )
        )

    async def reopen(self, shortlist_id: int) -> bool:
        """Allow new tracks and votes again. Returns False if it was open already, or is deleted."""
        return bool(
            await self._execute(
                "UPDATE shortlists SET closed_at = NULL"
                " WHERE shortlist_id = ? AND closed_at IS NOT NULL RETURNING 1",
                (shortlist_id,),
            )
        )

    async def delete(self, shortlist_id: int) -> bool:
        """Delete it with its tracks, votes and notes. Returns False if it was deleted already."""
        return bool(
            await self._execute("DELETE FROM shortlists WHERE shortlist_id = ? RETURNING 1", (shortlist_id,))
        )


def _first(rows: Sequence[Row]) -> Shortlist | None:
    return Shortlist(*rows[0]) if rows else None
