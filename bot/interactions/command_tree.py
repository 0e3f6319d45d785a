"""The command tree: where an error of a command becomes a reply."""

from typing import Any

from discord import app_commands

from bot.interactions.client import Interaction
from bot.interactions.responses import reply_to_error
from bot.telemetry.interactions import track_interaction


class BotCommandTree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: Interaction, /) -> bool:
        track_interaction(interaction)
        return True

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await reply_to_error(interaction, error)
