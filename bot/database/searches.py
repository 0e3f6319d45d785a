"""Searches that can be gone on with, and how far each got."""

from collections.abc import Sequence

import msgspec

from bot.database.rules import VERSION
from bot.database.sqlite.connection import Connection, Row
from bot.models.search import SavedSearch, Search

_COLUMNS = ", ".join(
    (
        "search_id, guild_id, member_id, search, private, page, page_before, made_at",
        # With the row, so that nobody has to ask for it by itself.
        VERSION.format(guild_id="searches.guild_id"),
    )
)
_LATEST = """coalesce(
    (SELECT search_id FROM searches WHERE guild_id = :guild_id AND channel_id = :channel_id
        AND member_id = :member_id AND page >= :least_page ORDER BY search_id DESC LIMIT 1),
    (SELECT search_id FROM searches WHERE guild_id = :guild_id AND channel_id = :channel_id
        AND NOT private AND page >= :least_page ORDER BY search_id DESC LIMIT 1)
)"""

_decoder = msgspec.msgpack.Decoder(Search)


class SearchStore:
    def __init__(self, connection: Connection) -> None:
        self._run = connection.run
        self._expire = connection.expire

    async def add(
        self, search: Search, *, guild_id: int, channel_id: int, member_id: int, private: bool, now: float
    ) -> SavedSearch:
        """A new search, on its first page, which is about to be shown."""
        rows = await self._run(
            "INSERT INTO searches (guild_id, channel_id, member_id, search, private, page, made_at)"
            f" VALUES (?, ?, ?, ?, ?, 1, ?) RETURNING {_COLUMNS}",
            (guild_id, channel_id, member_id, msgspec.msgpack.encode(search), private, now),
        )
        return _saved(rows[0])

    async def get(self, search_id: int, *, guild_id: int) -> SavedSearch | None:
        """The search, unless it is unknown, swept away or another guild's."""
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM searches WHERE search_id = ? AND guild_id = ?", (search_id, guild_id)
        )
        return _first(rows)

    async def set_page(
        self, search_id: int, page: int, *, guild_id: int, member_id: int
    ) -> SavedSearch | None:
        """Turn the search to `page`, which is about to be shown.

        None where it is unknown, swept away, another guild's, or another member's private one.
        """
        rows = await self._run(
            "UPDATE searches SET page_before = page, page = ? WHERE search_id = ? AND guild_id = ?"
            f" AND (NOT private OR member_id = ?) RETURNING {_COLUMNS}",
            (page, search_id, guild_id, member_id),
        )
        return _first(rows)

    async def claim_next_page(self, *, guild_id: int, channel_id: int, member_id: int) -> SavedSearch | None:
        """Turn the latest search, as `latest` has it, to its next page; of several at once each gets one."""
        rows = await self._run(
            "UPDATE searches SET page_before = page, page = page + 1"
            f" WHERE search_id = {_LATEST} RETURNING {_COLUMNS}",
            {"guild_id": guild_id, "channel_id": channel_id, "member_id": member_id, "least_page": 0},
        )
        return _first(rows)

    async def get_latest(
        self, *, guild_id: int, channel_id: int, member_id: int, least_page: int = 0
    ) -> SavedSearch | None:
        """The member's own latest search in the channel, else the channel's latest that all may see.

        Searches that have not got to `least_page` don't count.
        """
        place = {"guild_id": guild_id, "channel_id": channel_id, "member_id": member_id}
        rows = await self._run(
            f"SELECT {_COLUMNS} FROM searches WHERE search_id = {_LATEST}",
            place | {"least_page": least_page},
        )
        return _first(rows)

    async def move_page(self, search_id: int, page: int, to: int) -> None:
        """Turn the search from `page`, which was not shown, to another, unless somebody has gone on."""
        await self._run(
            "UPDATE searches SET page = ? WHERE search_id = ? AND page = ?", (to, search_id, page)
        )

    async def expire(self, before: float, most: int) -> int:
        """Remove up to `most` searches made before then; how many were removed."""
        return await self._expire("searches", "made_at", before, most)


def _first(rows: Sequence[Row]) -> SavedSearch | None:
    return _saved(rows[0]) if rows else None


def _saved(row: Row) -> SavedSearch:
    search_id, guild_id, member_id, search, private, *position = row
    return SavedSearch(search_id, guild_id, member_id, _decoder.decode(search), bool(private), *position)
