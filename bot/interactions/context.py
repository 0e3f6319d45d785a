"""Context of an interaction: the requester, the channel whose filters apply, the moderators' permission.

All of it comes from the interaction itself. A custom id is input, and is never trusted for it.
"""

import discord
from discord import app_commands

from bot.errors import Refused
from bot.interactions.services import Interaction
from bot.models.requester import Requester


def requester_of(interaction: Interaction) -> Requester:
    """The member and the guild. Raises Refused outside of guilds."""
    if interaction.guild_id is None:
        raise Refused("I only work in servers. Please use me in one of their channels.")
    return Requester(interaction.guild_id, interaction.user.id)


def filter_channel_id(interaction: Interaction) -> int:
    """The id of the channel whose filter rules apply: a thread has those of its parent channel."""
    channel = interaction.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return interaction.channel_id or 0


def is_moderator(interaction: Interaction) -> bool:
    return interaction.permissions.manage_guild


def require_moderator(interaction: Interaction) -> None:
    """Check again what the command declares to Discord. Raises MissingPermissions, which is logged."""
    if not is_moderator(interaction):
        raise app_commands.MissingPermissions(["manage_guild"])
