"""Bot: holds what the commands stand on, names the cogs, and tells Discord of commands that changed."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord.ext import commands, tasks

from bot import privacy, views, watch
from bot.audioscape import AudioScape
from bot.budgets import LIMITS, Limits
from bot.buttons import is_one_of
from bot.clock import steady_clock
from bot.commands import digest, told
from bot.config import FRESH_SECONDS
from bot.database import Database
from bot.door import Door
from bot.errors import Refused
from bot.filters import buttons as filter_buttons
from bot.filters.desk import FilterDesk
from bot.filters.rulebook import Rulebook
from bot.finder import Finder
from bot.gateway import Gateway
from bot.limiter import Limiter
from bot.memory import Memory
from bot.pager import Pager
from bot.replies import answer_error, is_press
from bot.shortlists import buttons as shortlist_buttons
from bot.shortlists.adding import Adding
from bot.shortlists.booth import Booth
from bot.shortlists.desk import Desk
from bot.shortlists.posts import Posts
from bot.shortlists.shelf import Shelf
from bot.sweeper import sweep
from bot.tree import Tree
from bot.tries import Tries

COGS: Final = ("cogs.music", "cogs.budget", "cogs.filters", "cogs.shortlists", "cogs.about")
BUTTONS: Final = (
    *views.BUTTONS,
    *filter_buttons.BUTTONS,
    *shortlist_buttons.BUTTONS,
    *privacy.BUTTONS,
)

_UNANSWERED_SECONDS: Final = 2.0
"""Discord gives an answer 3 seconds."""

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


class Bot(commands.AutoShardedBot):
    """No intents and no guild cache: an interaction carries all that an answer needs."""

    def __init__(  # noqa: PLR0913 (what differs in a test or the demo; most have defaults)
        self,
        *,
        audioscape: AudioScape,
        database: Database,
        limits: Limits = LIMITS,
        fresh_seconds: float = FRESH_SECONDS,
        wall: Callable[[], float] = time.time,
        now: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`wall` tells the time that members read; `now`, which never jumps, what the bot goes by.

        `sleep` makes the pauses between two edits of one message, and measures our members' patience.
        """
        super().__init__(
            **_OPTIONS,
            tree_cls=Tree,
            activity=discord.Activity(type=discord.ActivityType.listening, name="/music"),
        )
        self.database = database
        self.now = now or steady_clock(wall)
        self._sleep = sleep
        self.open_forms: set[str] = set()
        self.gateway = Gateway(self)
        self.rulebook = Rulebook(database=database)
        self.limiter = Limiter(database=database, limits=limits, now=self.now, wall=wall)
        self.memory = Memory(database=database, now=self.now)
        self._make_finder(audioscape, wall, sleep, fresh_seconds)
        self._make_shortlists(sleep)
        self._make_desks(wall)

    def _make_finder(
        self,
        audioscape: AudioScape,
        wall: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        fresh_seconds: float,
    ) -> None:
        door = Door(database=self.database, now=self.now, wall=wall)
        self.finder = Finder(
            audioscape=audioscape,
            memory=self.memory,
            tries=lambda payer: Tries(door, self.limiter, payer),
            now=self.now,
            sleep=sleep,
            fresh_seconds=fresh_seconds,
        )
        self.pager = Pager(finder=self.finder, rulebook=self.rulebook, database=self.database, now=self.now)

    def _make_shortlists(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        database = self.database
        self.shelf = Shelf(database=database, rulebook=self.rulebook)
        self.posts = Posts(
            shelf=self.shelf,
            database=database,
            now=self.now,
            channel=self.get_partial_messageable,
            sleep=sleep,
        )
        self.desk = Desk(shelf=self.shelf, posts=self.posts, database=database, now=self.now)
        self.booth = Booth(shelf=self.shelf, posts=self.posts, database=database, now=self.now)
        self.adding = Adding(
            shelf=self.shelf, posts=self.posts, finder=self.finder, database=database, now=self.now
        )

    def _make_desks(self, wall: Callable[[], float]) -> None:
        database = self.database
        self.privacy = privacy.Privacy(
            database=database, limiter=self.limiter, rulebook=self.rulebook, posts=self.posts, now=self.now
        )
        self.filter_desk = FilterDesk(
            rulebook=self.rulebook,
            finder=self.finder,
            database=database,
            now=self.now,
            wall=wall,
            changed=self.posts.catch_up,
        )

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*BUTTONS)
        await self.add_cog(self.gateway)
        await self.load_commands()
        await self._sync_if_changed()
        self._sweep.start()
        self._catch_up.start()

    async def load_commands(self) -> None:
        for cog in COGS:
            await self.load_extension(cog)

    async def on_ready(self) -> None:
        _log.info("Ready as %s on %d shard(s)", self.user, self.shard_count or 1)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Answer what nothing else answers: a button from another version, a form from another process."""
        if not self._is_ours(interaction):
            await self._sleep(_UNANSWERED_SECONDS)
            if not interaction.response.is_done():
                watch.begin(interaction)
                refusal = Refused("That is from another time. Please do it again from the start.")
                await answer_error(interaction, refusal)

    def _is_ours(self, interaction: discord.Interaction[Any]) -> bool:
        data: Any = interaction.data or {}
        custom_id = str(data.get("custom_id"))
        if interaction.type is discord.InteractionType.modal_submit:
            return custom_id in self.open_forms
        return not is_press(interaction) or is_one_of(BUTTONS, custom_id)

    async def close(self) -> None:
        self._sweep.cancel()
        self._catch_up.cancel()
        self.posts.close()
        await self.memory.settle()
        await super().close()

    async def _sync_if_changed(self) -> None:
        """Discord limits how often commands may be written, and shows rewritten ones late."""
        application_id = self.application_id or 0
        commands_now = told(self.tree)
        digest_now = digest(commands_now)
        if await self.database.synced_commands.digest(application_id) == digest_now:
            return
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            _log.error("Discord did not take the commands; members see the old ones: %s", error)
            return
        await self.database.synced_commands.put(application_id, digest_now)
        _log.info("Told Discord of %d commands", len(commands_now))

    @tasks.loop(minutes=1)
    async def _catch_up(self) -> None:
        await self.posts.catch_up()

    @tasks.loop(hours=1)
    async def _sweep(self) -> None:
        await sweep(self.database, self.now())
