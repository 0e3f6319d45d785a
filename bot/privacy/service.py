"""PrivacyService: deletes what is kept of a member or a server."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bot.budgets.rate_limiter import RateLimiter
from bot.database import Database
from bot.filters.cache import FilterCache
from bot.interactions.client import Interaction
from bot.interactions.context import requester_of, require_moderator
from bot.search.page_lookup import MAX_LOOKUP_SECONDS
from bot.shortlists.posts import ShortlistPosts
from bot.telemetry.interactions import other_tasks

_LONGEST_COMMAND_SECONDS: Final = MAX_LOOKUP_SECONDS + 3
"""How long a deletion waits for what is under way, so that nothing is written down after it."""


class PrivacyService:
    """Deletes what is kept. Who and where is taken from the interaction."""

    def __init__(
        self,
        *,
        database: Database,
        rate_limiter: RateLimiter,
        filter_cache: FilterCache,
        posts: ShortlistPosts,
        clock: Callable[[], float],
    ) -> None:
        self._database = database
        self._rate_limiter = rate_limiter
        self._filter_cache = filter_cache
        self._posts = posts
        self._clock = clock

    async def erase_member(self, interaction: Interaction) -> None:
        """Delete what names the member, in every server. Raises StorageError, with nothing deleted."""
        member_id = interaction.user.id
        await _settle(other_tasks(member_id=member_id))
        await self._database.privacy.erase_member(member_id, self._clock())
        self._rate_limiter.evict(lambda requester: requester.member_id == member_id)
        self._posts.evict(member_id)
        await self._posts.schedule_outdated()  # without the member's votes and notes

    async def erase_guild(self, interaction: Interaction) -> None:
        """Delete what names the server. Raises MissingPermissions, and StorageError."""
        require_moderator(interaction)
        guild_id = requester_of(interaction).guild_id
        await _settle(other_tasks(guild_id=guild_id))
        await self._database.privacy.erase_guild(guild_id, self._clock())
        self._rate_limiter.evict(lambda requester: requester.guild_id == guild_id)
        self._filter_cache.evict(guild_id)


async def _settle(under_way: set[asyncio.Task[Any]]) -> None:
    if under_way:
        await asyncio.wait(under_way, timeout=_LONGEST_COMMAND_SECONDS)
