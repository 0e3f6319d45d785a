"""Bot: holds what the commands stand on, names the cogs, and tells Discord of commands that changed."""

import hashlib
import logging
import time
from typing import Any, Final

import discord
import msgspec
from discord.ext import commands, tasks

from bot.database import Database
from bot.errors import Refused, StorageTrouble
from bot.finder import Finder
from bot.pager import Pager
from bot.replies import answer_error
from bot.tree import Tree
from bot.views import BUTTONS, is_known

COGS: Final = ("cogs.music",)

REMEMBERED_SECONDS: Final = 7 * 24 * 60 * 60
"""How long a search can be gone on with; its windows are kept as long."""

_log = logging.getLogger(__name__)


class Bot(commands.AutoShardedBot):
    """No intents and no guild cache: an interaction carries all that an answer needs."""

    def __init__(self, *, finder: Finder, database: Database) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            allowed_mentions=discord.AllowedMentions.none(),
            allowed_contexts=discord.app_commands.AppCommandContext(guild=True),
            allowed_installs=discord.app_commands.AppInstallationType(guild=True),
            status=discord.Status.online,
            activity=discord.Activity(type=discord.ActivityType.listening, name="/music"),
        )
        self.finder = finder
        self.database = database
        self.pager = Pager(finder=finder, database=database)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(*BUTTONS)
        for cog in COGS:
            await self.load_extension(cog)
        await self._sync_if_changed()
        self._sweep.start()

    async def on_ready(self) -> None:
        _log.info("Ready as %s on %d shard(s)", self.user, self.shard_count or 1)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data or {}
        is_button = interaction.type is discord.InteractionType.component
        if is_button and not is_known(str(data.get("custom_id"))):
            await answer_error(interaction, Refused("That button is from another time. Please search again."))

    async def close(self) -> None:
        self._sweep.cancel()
        await super().close()

    async def _sync_if_changed(self) -> None:
        """Discord limits how often commands may be written, and shows rewritten ones late."""
        application_id = self.application_id or 0
        payload = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        digest = hashlib.sha256(msgspec.json.encode(payload, order="sorted")).digest()
        if await self.database.synced_commands.digest(application_id) == digest:
            return
        try:
            await self.tree.sync()
        except discord.HTTPException as error:
            _log.error("Discord did not take the commands; members see the old ones: %s", error)
            return
        await self.database.synced_commands.put(application_id, digest)
        _log.info("Told Discord of %d commands", len(payload))

    @tasks.loop(hours=1)
    async def _sweep(self) -> None:
        before = time.time() - REMEMBERED_SECONDS
        try:
            await self.database.searches.forget(before)
            await self.database.windows.forget(before)
        except StorageTrouble as error:
            _log.error("What is too old could not be removed: %r", error.__cause__)
