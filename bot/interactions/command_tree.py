"""The command tree: records every command, and turns its errors into replies."""

from typing import Any

from discord import app_commands

from bot.interactions.error_replies import reply_to_error
from bot.interactions.services import Interaction
from bot.telemetry.interactions import track_interaction


class BotCommandTree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Begin the record of a command; discord.py calls this first in the command's task."""
        track_interaction(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await reply_to_error(interaction, error)
