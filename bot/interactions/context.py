"""Who asks, and where: taken from the interaction, never from what a button's id says."""

import discord
from discord import app_commands

from bot.errors import Refused
from bot.interactions.client import Interaction
from bot.models.requester import Requester


def requester_of(interaction: Interaction) -> Requester:
    """Who asks, and in which guild. Raises Refused outside of guilds."""
    if interaction.guild_id is None:
        raise Refused("I only work in servers: please use me in one of their channels.")
    return Requester(interaction.guild_id, interaction.user.id)


def filter_channel_id(interaction: Interaction) -> int:
    """The channel whose rules hold here: a thread follows those of the channel that it is in."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return interaction.channel_id or 0


def is_moderator(interaction: Interaction) -> bool:
    return interaction.permissions.manage_guild


def require_moderator(interaction: Interaction) -> None:
    """Raises MissingPermissions, which is logged, where Discord let somebody else through."""
    if not is_moderator(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])
