"""Searches that members can continue, and the page that each has reached."""

from collections.abc import Sequence

import msgspec

from bot.database.rules import VERSION
from bot.database.sqlite.batch import Row
from bot.database.sqlite.connection import Connection
from bot.models.search import SavedSearch, Search

_COLUMNS = ", ".join(
    (
        "search_id, guild_id, member_id, search, private, page, page_before, made_at",
        # In the same row, which saves a second statement.
        VERSION.format(guild_id="searches.guild_id"),
    )
)
_LATEST = """coalesce(
    (SELECT search_id FROM searches WHERE guild_id = :guild_id AND channel_id = :channel_id
        AND member_id = :member_id AND page >= :min_page ORDER BY search_id DESC LIMIT 1),
    (SELECT search_id FROM searches WHERE guild_id = :guild_id AND channel_id = :channel_id
        AND NOT private AND page >= :min_page ORDER BY search_id DESC LIMIT 1)
)"""

_decoder = msgspec.msgpack.Decoder(Search)


class SearchStore:
    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._delete_older = connection.delete_older

    async def add(
        self, search: Search, *, guild_id: int, channel_id: int, member_id: int, private: bool, now: float
    ) -> SavedSearch:
        """Add a search, on its first page, which is about to be shown."""
        rows = await self._execute(
            "INSERT INTO searches (guild_id, channel_id, member_id, search, private, page, made_at)"
            f" VALUES (?, ?, ?, ?, ?, 1, ?) RETURNING {_COLUMNS}",
            (guild_id, channel_id, member_id, msgspec.msgpack.encode(search), private, now),
        )
        return _saved(rows[0])

    async def get(self, search_id: int, *, guild_id: int) -> SavedSearch | None:
        """The search, or None if it is unknown, expired or another guild's."""
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM searches WHERE search_id = ? AND guild_id = ?", (search_id, guild_id)
        )
        return _first(rows)

    async def set_page(
        self, search_id: int, page: int, *, guild_id: int, member_id: int
    ) -> SavedSearch | None:
        """Move the search to `page`, which is about to be shown.

        Returns None if it is unknown, expired, another guild's, or another member's private one.
        """
        rows = await self._execute(
            "UPDATE searches SET page_before = page, page = ? WHERE search_id = ? AND guild_id = ?"
            f" AND (NOT private OR member_id = ?) RETURNING {_COLUMNS}",
            (page, search_id, guild_id, member_id),
        )
        return _first(rows)

    async def claim_next_page(self, *, guild_id: int, channel_id: int, member_id: int) -> SavedSearch | None:
        """Move the latest search (see get_latest) to its next page, or None if there is none.

        Of several calls at once each gets a page of its own.
        """
        rows = await self._execute(
            "UPDATE searches SET page_before = page, page = page + 1"
            f" WHERE search_id = {_LATEST} RETURNING {_COLUMNS}",
            {"guild_id": guild_id, "channel_id": channel_id, "member_id": member_id, "min_page": 0},
        )
        return _first(rows)

    async def get_latest(
        self, *, guild_id: int, channel_id: int, member_id: int, min_page: int = 0
    ) -> SavedSearch | None:
        """The member's own latest search in the channel, else the channel's latest public one, else None.

        Searches that have not reached `min_page` don't count.
        """
        place = {"guild_id": guild_id, "channel_id": channel_id, "member_id": member_id}
        rows = await self._execute(
            f"SELECT {_COLUMNS} FROM searches WHERE search_id = {_LATEST}",
            place | {"min_page": min_page},
        )
        return _first(rows)

    async def move_page(self, search_id: int, page: int, new_page: int) -> bool:
        """Move the search from `page`, which was not shown, to `new_page`.

        Returns False if it is on another page by then, or gone.
        """
        rows = await self._execute(
            "UPDATE searches SET page = ? WHERE search_id = ? AND page = ? RETURNING 1",
            (new_page, search_id, page),
        )
        return bool(rows)

    async def expire(self, before: float, limit: int) -> int:
        """Remove up to `limit` searches made `before`. Returns the number removed."""
        return await self._delete_older("searches", "made_at", before, limit)


def _first(rows: Sequence[Row]) -> SavedSearch | None:
    return _saved(rows[0]) if rows else None


def _saved(row: Row) -> SavedSearch:
    search_id, guild_id, member_id, search, private, *position = row
    return SavedSearch(search_id, guild_id, member_id, _decoder.decode(search), bool(private), *position)
