"""Bot: holds what the commands stand on, names the cogs, and tells Discord of commands that changed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord.ext import commands, tasks

from bot.audioscape.client import AudioScape
from bot.budgets.circuit_breaker import CircuitBreaker
from bot.budgets.rate_limiter import RateLimiter
from bot.budgets.request_attempts import RequestAttempts
from bot.clock import steady_clock
from bot.config import FRESH_SECONDS
from bot.database import Database
from bot.errors import Refused
from bot.filters.cache import FilterCache
from bot.interactions.command_sync import sync_if_changed
from bot.interactions.command_tree import BotCommandTree
from bot.interactions.components import answer_press, interaction_data
from bot.interactions.discord_patches import install
from bot.interactions.error_replies import reply_to_error
from bot.interactions.services import Interaction, ServiceClient
from bot.models.rates import DEFAULT_LIMITS, Limits
from bot.moderation import components as moderation_components
from bot.moderation.service import FilterService
from bot.privacy import components as privacy_components
from bot.privacy.retention import delete_expired
from bot.privacy.service import PrivacyService
from bot.search import components as search_components
from bot.search.components import SimilarMenu
from bot.search.finder import Finder
from bot.search.result_cache import ResultCache
from bot.search.service import SearchService
from bot.shortlists import components as shortlist_components
from bot.shortlists.adding import AddTracks
from bot.shortlists.components import AddTracksMenu
from bot.shortlists.lookup import ShortlistLookup
from bot.shortlists.posts import ShortlistPosts
from bot.shortlists.service import ShortlistService
from bot.shortlists.voting import Voting
from bot.telemetry.gateway import Gateway
from bot.telemetry.interactions import track_interaction

COGS: Final = ("cogs.music", "cogs.budget", "cogs.filters", "cogs.shortlists", "cogs.about")
PERSISTENT_ITEMS: Final = (
    *search_components.PERSISTENT_ITEMS,
    *moderation_components.PERSISTENT_ITEMS,
    *shortlist_components.PERSISTENT_ITEMS,
    *privacy_components.PERSISTENT_ITEMS,
)

_UNANSWERED_SECONDS: Final = 2.0
"""Discord gives an answer 3 seconds."""

_OUT_OF_DATE: Final = {
    discord.InteractionType.component: "This button or menu is out of date. Please run the command again.",
    discord.InteractionType.modal_submit: "This form is out of date. Please open it again.",
}

_OPTIONS: Final[dict[str, Any]] = {
    "command_prefix": commands.when_mentioned,
    "help_command": None,
    "intents": discord.Intents.none(),
    "member_cache_flags": discord.MemberCacheFlags.none(),
    "chunk_guilds_at_startup": False,
    "max_messages": None,
    "allowed_mentions": discord.AllowedMentions.none(),
    "allowed_contexts": discord.app_commands.AppCommandContext(guild=True),
    "allowed_installs": discord.app_commands.AppInstallationType(guild=True),
    "status": discord.Status.online,
}

_log = logging.getLogger(__name__)


class Bot(ServiceClient):
    """No intents and no guild cache: an interaction carries all that an answer needs."""

    def __init__(  # noqa: PLR0913 (what differs in a test or the demo; most have defaults)
        self,
        *,
        audioscape: AudioScape,
        database: Database,
        limits: Limits = DEFAULT_LIMITS,
        fresh_seconds: float = FRESH_SECONDS,
        wall_clock: Callable[[], float] = time.time,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`wall_clock` tells the time that members read; `clock`, which never jumps, what the bot goes by.

        `sleep` makes the pauses between two edits of one message, and measures our members' patience.
        """
        super().__init__(
            **_OPTIONS,
            tree_cls=BotCommandTree,
            activity=discord.Activity(type=discord.ActivityType.listening, name="/music"),
        )
        install(self)
        self.database = database
        self.clock = clock or steady_clock(wall_clock)
        self._sleep = sleep
        self.gateway = Gateway(self)
        self.filter_cache = FilterCache(database=database)
        self.rate_limiter = RateLimiter(
            database=database, limits=limits, clock=self.clock, wall_clock=wall_clock
        )
        self.result_cache = ResultCache(database=database, clock=self.clock)
        self._add_search(audioscape, wall_clock, sleep, fresh_seconds)
        self._add_shortlists(sleep)
        self._add_moderation(wall_clock)

    def _add_search(
        self,
        audioscape: AudioScape,
        wall_clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        fresh_seconds: float,
    ) -> None:
        breaker = CircuitBreaker(database=self.database, clock=self.clock, wall_clock=wall_clock)
        self.finder = Finder(
            audioscape=audioscape,
            result_cache=self.result_cache,
            attempts=lambda requester: RequestAttempts(breaker, self.rate_limiter, requester),
            clock=self.clock,
            sleep=sleep,
            fresh_seconds=fresh_seconds,
        )
        self.search_service = self.services.add(
            SearchService(
                finder=self.finder,
                filter_cache=self.filter_cache,
                database=self.database,
                clock=self.clock,
                menus=(AddTracksMenu, SimilarMenu),
            )
        )

    def _add_shortlists(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        database, clock = self.database, self.clock
        self.shortlist_lookup = lookup = self.services.add(
            ShortlistLookup(database=database, filter_cache=self.filter_cache)
        )
        self.shortlist_posts = posts = self.services.add(
            ShortlistPosts(
                lookup=lookup,
                database=database,
                clock=clock,
                get_channel=self.get_partial_messageable,
                sleep=sleep,
            )
        )
        self.shortlist_service = self.services.add(
            ShortlistService(lookup=lookup, posts=posts, database=database, clock=clock)
        )
        self.voting = self.services.add(Voting(lookup=lookup, posts=posts, database=database, clock=clock))
        self.add_tracks = self.services.add(
            AddTracks(
                service=self.shortlist_service,
                lookup=lookup,
                posts=posts,
                finder=self.finder,
                database=database,
                clock=clock,
            )
        )

    def _add_moderation(self, wall_clock: Callable[[], float]) -> None:
        self.privacy_service = self.services.add(
            PrivacyService(
                database=self.database,
                rate_limiter=self.rate_limiter,
                filter_cache=self.filter_cache,
                posts=self.shortlist_posts,
                clock=self.clock,
            )
        )
        self.filter_service = self.services.add(
            FilterService(
                filter_cache=self.filter_cache,
                finder=self.finder,
                database=self.database,
                clock=self.clock,
                wall_clock=wall_clock,
                on_change=self.shortlist_posts.schedule_outdated,
            )
        )

    async def setup_hook(self) -> None:
        await self.add_cog(self.gateway)
        await self.load_commands()
        await sync_if_changed(self.tree, self.application_id or 0, self.database.synced_commands)
        self._delete_expired.start()
        self._catch_up.start()

    async def load_commands(self) -> None:
        for cog in COGS:
            await self.load_extension(cog)

    async def on_ready(self) -> None:
        _log.info("Ready as %s on %d shard(s)", self.user, self.shard_count or 1)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Answer presses, and whatever nothing else answers: an id or a modal of another process."""
        kind = interaction.type
        if kind is discord.InteractionType.component:
            is_answered = await answer_press(PERSISTENT_ITEMS, interaction)
        elif kind is discord.InteractionType.modal_submit:
            is_answered = interaction_data(interaction).get("custom_id") in self.open_modals
        else:
            return
        if not is_answered:
            await self._answer_unknown(interaction)

    async def _answer_unknown(self, interaction: Interaction) -> None:
        """Say that a component is out of date, unless a view of this process answers it meanwhile."""
        await self._sleep(_UNANSWERED_SECONDS)
        if not interaction.response.is_done():
            track_interaction(interaction)
            await reply_to_error(interaction, Refused(_OUT_OF_DATE[interaction.type]))

    async def close(self) -> None:
        self._delete_expired.cancel()
        self._catch_up.cancel()
        self.shortlist_posts.stop()
        await self.result_cache.flush()
        await super().close()

    @tasks.loop(minutes=1)
    async def _catch_up(self) -> None:
        await self.shortlist_posts.schedule_outdated()

    @tasks.loop(hours=1)
    async def _delete_expired(self) -> None:
        await delete_expired(self.database, self.clock())
