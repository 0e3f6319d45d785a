"""PrivacyService: erases the data of a member or a server, in the database and in memory."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from bot.budgets.rate_limiter import RateLimiter
from bot.database import Database
from bot.filters.cache import FilterCache
from bot.interactions.context import requester_of, require_moderator
from bot.interactions.services import Interaction
from bot.search.page_lookup import MAX_LOOKUP_SECONDS
from bot.shortlists.posts import ShortlistPosts
from bot.telemetry.interactions import other_tasks

_MAX_COMMAND_SECONDS: Final = MAX_LOOKUP_SECONDS + 3
"""An erasure waits so long for commands in progress, so that none of them writes data after it."""


class PrivacyService:
    """Takes the member and the server from the interaction, never from a button's id."""

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
        """Erase what names the member, in every server. Raises StorageError, with nothing erased."""
        member_id = interaction.user.id
        await _wait_for(other_tasks(member_id=member_id))
        await self._database.privacy.erase_member(member_id, self._clock())
        self._rate_limiter.evict(lambda requester: requester.member_id == member_id)
        self._posts.evict(member_id)
        await self._posts.schedule_outdated()  # they show votes and notes that are gone

    async def erase_guild(self, interaction: Interaction) -> None:
        """Erase what names the server. Raises MissingPermissions, or StorageError with nothing erased."""
        require_moderator(interaction)
        guild_id = requester_of(interaction).guild_id
        await _wait_for(other_tasks(guild_id=guild_id))
        await self._database.privacy.erase_guild(guild_id, self._clock())
        self._rate_limiter.evict(lambda requester: requester.guild_id == guild_id)
        self._filter_cache.evict(guild_id)


async def _wait_for(commands: set[asyncio.Task[Any]]) -> None:
    if commands:
        await asyncio.wait(commands, timeout=_MAX_COMMAND_SECONDS)
