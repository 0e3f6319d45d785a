"""Searches that can be gone on with, and how far each got."""

from collections.abc import Sequence

import msgspec

from bot.database.connection import Connection, Row
from bot.database.rules import VERSION
from bot.models import SavedSearch, Search

_COLUMNS = ", ".join(
    (
        "search_id, guild_id, member_id, search, private, page, made_at",
        # With the row, so that nobody has to ask for it by itself.
        VERSION.format(guild_id="searches.guild_id"),
    )
)
_decoder = msgspec.msgpack.Decoder(Search)


class Searches:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run

    async def add(
        self, search: Search, *, guild_id: int, channel_id: int, member_id: int, private: bool, now: float
    ) -> SavedSearch:
        rows = await self._run(
            "INSERT INTO searches (guild_id, channel_id, member_id, search, private, page, claimed, made_at)"
            f" VALUES (?, ?, ?, ?, ?, 0, 1, ?) RETURNING {_COLUMNS}",
            (guild_id, channel_id, member_id, msgspec.msgpack.encode(search), private, now),
        )
        return _saved(rows[0])

    async def get(self, search_id: int, *, guild_id: int) -> SavedSearch | None:
        """The search, unless it is unknown, swept away or another guild's."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM searches WHERE search_id = ? AND guild_id = ?", (search_id, guild_id)
        )
        return _first(rows)

    async def latest(
        self, *, guild_id: int, channel_id: int, member_id: int, least_page: int = 0
    ) -> SavedSearch | None:
        """The member's own latest search in the channel, else the channel's latest that all may see.

        Searches that have not got to `least_page` don't count.
        """
        own = await self._run(
            f"SELECT {_COLUMNS} FROM searches WHERE guild_id = ? AND channel_id = ? AND member_id = ?"
            " AND page >= ? ORDER BY search_id DESC LIMIT 1",
            (guild_id, channel_id, member_id, least_page),
        )
        if own:
            return _first(own)
        public = await self._run(
            f"SELECT {_COLUMNS} FROM searches WHERE guild_id = ? AND channel_id = ? AND NOT private"
            " AND page >= ? ORDER BY search_id DESC LIMIT 1",
            (guild_id, channel_id, least_page),
        )
        return _first(public)

    async def claim_next_page(self, search_id: int) -> int:
        """The page after the one shown last; of several who ask at once, each gets a page of its own.

        0 where the search has been deleted meanwhile.
        """
        rows = await self._run(
            "UPDATE searches SET claimed = max(claimed, page) + 1 WHERE search_id = ? RETURNING claimed",
            (search_id,),
        )
        return int(rows[0][0]) if rows else 0

    async def release(self, search_id: int, page: int) -> None:
        """Give up a claim on a page that could not be shown, and with it all before it."""
        await self._run(
            "UPDATE searches SET claimed = page WHERE search_id = ? AND claimed = ?", (search_id, page)
        )

    async def reach(self, search_id: int, page: int) -> None:
        """Remember that `page` is the one shown last."""
        await self._run("UPDATE searches SET page = ?1, claimed = ?1 WHERE search_id = ?2", (page, search_id))

    async def leave(self, search_id: int, page: int, before: int) -> None:
        """Remember that `before` is the one shown last, unless somebody has gone on from `page`."""
        await self._run(
            "UPDATE searches SET page = ?1, claimed = ?1 WHERE search_id = ?2 AND page = ?3",
            (before, search_id, page),
        )

    async def forget(self, before: float, most: int) -> int:
        """Remove up to `most` searches made before then; how many were removed."""
        rows = await self._run(
            "DELETE FROM searches WHERE search_id IN"
            " (SELECT search_id FROM searches WHERE made_at < ? LIMIT ?) RETURNING 1",
            (before, most),
        )
        return len(rows)


def _first(rows: Sequence[Row]) -> SavedSearch | None:
    return _saved(rows[0]) if rows else None


def _saved(row: Row) -> SavedSearch:
    search_id, guild_id, member_id, search, private, page, made_at, rules_version = row
    return SavedSearch(
        search_id, guild_id, member_id, _decoder.decode(search), bool(private), page, made_at, rules_version
    )
