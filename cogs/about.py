"""/about, /help and /privacy: the bot's state, its commands, and the data that it keeps."""

import math
import time
from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot import __version__
from bot.bot import Bot
from bot.interactions.context import is_moderator
from bot.privacy.components import privacy_view
from bot.privacy.notice import privacy_notice
from bot.telemetry.metrics import SERVICE_STATUS

Interaction: TypeAlias = discord.Interaction[Bot]
Command: TypeAlias = app_commands.Command[Any, ..., Any]

_AUDIOSCAPE_URL: Final = "https://audioscape.ai"
_SCOPES: Final = ("bot", "applications.commands")


class About(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/about"})
    async def about(self, interaction: Interaction) -> None:
        """Show what this bot does, and whether it is working"""
        nothing = discord.Permissions.none()
        invite = discord.utils.oauth_url(interaction.application_id, permissions=nothing, scopes=_SCOPES)
        lines = (
            f"**Needledrop** {__version__} finds music by how it should sound.",
            f"Discord: {_discord_state(self.bot.latency)}",
            f"[AudioScape](<{_AUDIOSCAPE_URL}>): {_audioscape_state(self.bot.clock())}",
            f"[Invite me to your server](<{invite}>) · `/help` lists my commands, `/privacy` what I keep",
        )
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    @app_commands.command(extras={"example": "/help"})
    async def help(self, interaction: Interaction) -> None:
        """Show every command with an example"""
        all_commands = list(self.bot.tree.walk_commands())
        public = [each for each in all_commands if required_permissions(each) is None]
        restricted = [each for each in all_commands if _is_permitted(each, interaction.permissions)]
        embeds = [_help_embed("What I can do for you", public)]
        if restricted:
            embeds.append(_help_embed("For moderators", restricted))
        await interaction.response.send_message(embeds=embeds, ephemeral=True)

    @app_commands.command(extras={"example": "/privacy"})
    async def privacy(self, interaction: Interaction) -> None:
        """Show which data I keep about you and for how long, and delete it"""
        view = privacy_view(is_moderator=is_moderator(interaction))
        await interaction.response.send_message(privacy_notice(), view=view, ephemeral=True)


def required_permissions(command: Command | app_commands.Group) -> discord.Permissions | None:
    """The permissions that a member needs, or None; Discord takes them from the outermost group."""
    return (command.root_parent or command).default_permissions


def _is_permitted(command: Command | app_commands.Group, held: discord.Permissions) -> bool:
    """True if the command needs permissions, and `held` includes them."""
    required = required_permissions(command)
    return required is not None and held.is_superset(required)


def _help_embed(title: str, listed: Iterable[Command | app_commands.Group]) -> discord.Embed:
    lines = [
        f"**/{command.qualified_name}** — {command.description}\n> `{command.extras['example']}`"
        for command in listed
        if isinstance(command, app_commands.Command)
    ]
    return discord.Embed(title=title, description="\n".join(lines))


def _discord_state(latency: float) -> str:
    """`latency` is in seconds, and not finite until Discord has answered a heartbeat."""
    if not math.isfinite(latency):
        return "connected; the response time is not measured yet"
    return f"connected; the response time is {latency * 1000:.0f} ms"


def _audioscape_state(now: float) -> str:
    """`now` is in seconds since the epoch; SERVICE_STATUS keeps times of the monotonic clock."""
    epoch_offset = now - time.monotonic()
    if SERVICE_STATUS.failed_at is not None:
        when = f"<t:{int(epoch_offset + SERVICE_STATUS.failed_at)}:R>"
        return f"not working; the problems began {when}. I show results that I have found before."
    if SERVICE_STATUS.answered_at is None:
        return "not asked yet since I was last started"
    when = f"<t:{int(epoch_offset + SERVICE_STATUS.answered_at)}:R>"
    return f"working; it last answered {when}, in {SERVICE_STATUS.seconds:.1f} s"


async def setup(bot: Bot) -> None:
    await bot.add_cog(About(bot))
