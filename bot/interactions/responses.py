"""Responses to interactions: deferred or at once, as a new message or in place of the pressed one."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import discord
from discord.utils import MISSING

from bot.interactions.services import Interaction
from bot.telemetry.interactions import record_first_response

DISCORD_ERRORS: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Raised when a request to Discord fails; the services let no other error of these types reach a command."""

RETRY: Final = "retry"
"""Key of `Interaction.extras` for the view that `offer_retry` registers."""

_INVALID_FORM_BODY: Final = 50035
"""https://docs.discord.com/developers/topics/opcodes-and-status-codes#json"""

_log = logging.getLogger(__name__)


class Reply:
    """The one response to an interaction: a new message for a command, the same message for a button."""

    def __init__(self, interaction: Interaction, *, private: bool, is_new: bool = False) -> None:
        """With `is_new`, a press is answered with a new message too."""
        self._interaction = interaction
        self._private = private
        self._in_place = is_press(interaction) and not is_new

    async def defer(self) -> None:
        """Show that the bot is working, unless the interaction has its first response already."""
        if self._interaction.response.is_done():
            return
        if self._in_place:
            await defer(self._interaction)
        else:
            await defer(self._interaction, ephemeral=self._private, thinking=True)

    async def send(self, content: str, embeds: Sequence[discord.Embed], view: discord.ui.View | None) -> None:
        """Send the message. If Discord finds its body invalid, send it again without thumbnails.

        Raises DISCORD_ERRORS.
        """
        try:
            await self._deliver(content, embeds, view)
        except discord.HTTPException as error:
            if error.code != _INVALID_FORM_BODY or not any(embed.thumbnail for embed in embeds):
                raise
            embeds = [embed.copy().set_thumbnail(url=None) for embed in embeds]
            await self._deliver(content, embeds, view)
            _log.warning("Discord refused a message, which was then sent without thumbnails: %s", error)

    async def _deliver(
        self, content: str, embeds: Sequence[discord.Embed], view: discord.ui.View | None
    ) -> None:
        response = self._interaction.response
        if response.is_done():
            await self._interaction.edit_original_response(content=content, embeds=embeds, view=view)
            return
        if self._in_place:
            await response.edit_message(content=content, embeds=embeds, view=view)
        else:
            await response.send_message(content, embeds=embeds, view=view or MISSING, ephemeral=self._private)
        record_first_response()


async def defer(interaction: Interaction, *, ephemeral: bool = False, thinking: bool = False) -> None:
    """Defer the first response, and record when Discord took it. Raises DISCORD_ERRORS."""
    await interaction.response.defer(ephemeral=ephemeral, thinking=thinking)
    record_first_response()


def offer_retry(interaction: Interaction, view: Callable[[], discord.ui.View]) -> None:
    """Attach the view that `view` makes to the reply, if the interaction ends in an error that may pass."""
    interaction.extras[RETRY] = view


def is_press(interaction: Interaction) -> bool:
    """True for a button or a menu, False for a command or a modal."""
    return interaction.type is discord.InteractionType.component
