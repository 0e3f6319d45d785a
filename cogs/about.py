"""/about, /help and /privacy: what the bot is, what it can do, and what it keeps."""

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
from bot.privacy.notice import privacy_text
from bot.telemetry.metrics import SERVICE_STATUS

Interaction: TypeAlias = discord.Interaction[Bot]
Command: TypeAlias = app_commands.Command[Any, ..., Any]

_AUDIOSCAPE: Final = "https://audioscape.ai"
_SCOPES: Final = ("bot", "applications.commands")


class About(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(extras={"example": "/about"})
    async def about(self, interaction: Interaction) -> None:
        """Show what this bot is, and how it is doing"""
        nothing = discord.Permissions.none()
        invite = discord.utils.oauth_url(interaction.application_id, permissions=nothing, scopes=_SCOPES)
        lines = (
            f"**Needledrop** {__version__} finds music by how it should sound.",
            f"Discord: {_latency(self.bot.latency)}",
            f"[AudioScape](<{_AUDIOSCAPE}>): {_service(self.bot.clock())}",
            f"[Invite me to your server](<{invite}>) · `/help` shows what I can do · `/privacy` what I keep",
        )
        await interaction.response.send_message("\n".join(lines), ephemeral=True)

    @app_commands.command(extras={"example": "/help"})
    async def help(self, interaction: Interaction) -> None:
        """Show every command with an example"""
        known = list(self.bot.tree.walk_commands())
        public = [each for each in known if permission(each) is None]
        moderators = [each for each in known if _may_only_as_moderator(each, interaction.permissions)]
        embeds = [_help_embed("What you can ask me", public)]
        if moderators:
            embeds.append(_help_embed("For moderators", moderators))
        await interaction.response.send_message(embeds=embeds, ephemeral=True)

    @app_commands.command(extras={"example": "/privacy"})
    async def privacy(self, interaction: Interaction) -> None:
        """Show what is kept of you and for how long, and delete it"""
        view = privacy_view(is_moderator=is_moderator(interaction))
        await interaction.response.send_message(privacy_text(), view=view, ephemeral=True)


def permission(command: Command | app_commands.Group) -> discord.Permissions | None:
    """What Discord asks of who uses it; only the outermost group can say so."""
    return (command.root_parent or command).default_permissions


def _may_only_as_moderator(command: Command | app_commands.Group, held: discord.Permissions) -> bool:
    needed = permission(command)
    return needed is not None and held.is_superset(needed)


def _help_embed(title: str, shown: Iterable[Command | app_commands.Group]) -> discord.Embed:
    lines = [
        f"**/{command.qualified_name}** — {command.description}\n> `{command.extras['example']}`"
        for command in shown
        if isinstance(command, app_commands.Command)
    ]
    return discord.Embed(title=title, description="\n".join(lines))


def _latency(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms away" if math.isfinite(seconds) else "no heartbeat yet"


def _service(now: float) -> str:
    began_at = now - time.monotonic()
    if SERVICE_STATUS.failed_at is not None:
        when = f"<t:{int(began_at + SERVICE_STATUS.failed_at)}:R>"
        return f"in trouble, first seen {when}; what I remember is shown meanwhile"
    if SERVICE_STATUS.answered_at is None:
        return "not asked since I was started"
    answered = f"<t:{int(began_at + SERVICE_STATUS.answered_at)}:R>"
    return f"working; it last answered {answered}, in {SERVICE_STATUS.seconds:.1f} s"


async def setup(bot: Bot) -> None:
    await bot.add_cog(About(bot))
