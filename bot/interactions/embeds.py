"""The colour of embeds that are not about one genre."""

from typing import Final

import discord

NEUTRAL_COLOUR: Final = discord.Colour(0x5B6270)
