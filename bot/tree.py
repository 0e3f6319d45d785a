"""The command tree: where an error of a command becomes a reply."""

from typing import Any

import discord
from discord import app_commands

from bot import watch
from bot.replies import answer_error


class Tree(app_commands.CommandTree[Any]):
    async def interaction_check(self, interaction: discord.Interaction[Any], /) -> bool:
        watch.begin(interaction)
        return True

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError, /
    ) -> None:
        await answer_error(interaction, error)
