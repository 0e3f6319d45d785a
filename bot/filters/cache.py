"""FilterCache: the filters of each channel, cached in memory until the server's rules change."""

import logging
from collections.abc import Iterable
from typing import Final

from cachetools import LRUCache

from bot.database import Database
from bot.errors import StorageError
from bot.filters.matching import Filters
from bot.models.rules import WHOLE_SERVER

_CACHE_SIZE: Final = 50_000
"""Rules, and channels without any: about 25 MB."""

_log = logging.getLogger(__name__)


class FilterCache:
    """Each lookup compares versions with the database, so changes by another process count at once."""

    def __init__(self, *, database: Database) -> None:
        self._rules = database.rules
        self._cached: LRUCache[tuple[int, int], tuple[int, Filters]] = LRUCache(
            _CACHE_SIZE, getsizeof=lambda entry: 1 + len(entry[1].rules)
        )
        self._change_count = 0

    @property
    def change_count(self) -> int:
        """The changes of rules made by this process: another number means that an answer may be outdated."""
        return self._change_count

    def record_change(self) -> None:
        self._change_count += 1

    async def get(self, guild_id: int, channel_id: int, *, version: int | None = None) -> Filters:
        """The filters of a channel: its own rules and the server's. Raises StorageError.

        `version` is that of the server's rules; without it, the database is asked for it.
        """
        if version is None:
            version = await self._rules.get_version(guild_id)
        key = (guild_id, channel_id)
        cached = self._cached.get(key)
        if cached is not None and cached[0] == version:
            return cached[1]
        version, rules = await self._rules.list_with_version(guild_id)
        filters = Filters(rule for rule in rules if rule.channel_id in {WHOLE_SERVER, channel_id})
        self._cached[key] = version, filters
        return filters

    def evict(self, guild_id: int) -> None:
        """Drop the filters of all channels of a guild from memory."""
        for key in [key for key in self._cached if key[0] == guild_id]:
            del self._cached[key]

    async def visible_genres(self, guild_id: int, channel_id: int, genres: Iterable[str]) -> list[str]:
        """Those of `genres` that a channel may show; none if its rules can't be read."""
        try:
            filters = await self.get(guild_id, channel_id)
        except StorageError as error:
            _log.error("Genres are not offered, because the rules could not be read: %r", error.__cause__)
            return []
        return [genre for genre in genres if not filters.hides_genre(genre)]
