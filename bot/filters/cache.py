"""FilterCache: the filters of every channel, with those used last at hand."""

import logging
from collections.abc import Iterable
from typing import Final

from cachetools import LRUCache

from bot.database import Database
from bot.errors import StorageError
from bot.filters.matching import Filters

_RULE_CACHE_SIZE: Final = 50_000
"""Some 25 MB of them."""

_log = logging.getLogger(__name__)


class FilterCache:
    """A rule holds from the next command on, also where another process has made it."""

    def __init__(self, *, database: Database) -> None:
        self._rules = database.rules
        self._at_hand: LRUCache[tuple[int, int], tuple[int, Filters]] = LRUCache(
            _RULE_CACHE_SIZE, getsizeof=lambda entry: 1 + len(entry[1].rules)
        )
        self._changes = 0

    @property
    def change_count(self) -> int:
        """How many changes this process has made; it tells of one made while an answer was on its way."""
        return self._changes

    def record_change(self) -> None:
        self._changes += 1

    async def get(self, guild_id: int, channel_id: int, *, version: int | None = None) -> Filters:
        """What holds in a channel: its own rules and the server's; pass their `version` where it is known."""
        if version is None:
            version = await self._rules.get_version(guild_id)
        key = (guild_id, channel_id)
        known = self._at_hand.get(key)
        if known is not None and known[0] == version:
            return known[1]
        version, rules = await self._rules.list_with_version(guild_id)
        filters = Filters(rule for rule in rules if rule.channel_id in {0, channel_id})
        self._at_hand[key] = version, filters
        return filters

    def evict(self, guild_id: int) -> None:
        """Put away what is at hand of a guild."""
        for key in [key for key in self._at_hand if key[0] == guild_id]:
            del self._at_hand[key]

    async def visible_genres(self, guild_id: int, channel_id: int, genres: Iterable[str]) -> list[str]:
        """Those of `genres` that a channel may see; none where its rules can't be read."""
        try:
            filters = await self.get(guild_id, channel_id)
        except StorageError as error:
            _log.error("No genres to offer: %r", error.__cause__)
            return []
        return [genre for genre in genres if not filters.hides_genre(genre)]
