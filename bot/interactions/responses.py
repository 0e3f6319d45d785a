"""How an interaction is answered: at once or deferred, with a page or with an error."""

import logging
import secrets
from collections.abc import Callable, Sequence
from typing import Any, Final

import aiohttp
import discord
from discord import app_commands
from discord.utils import MISSING

from bot.errors import BotError, BudgetSpent, Refused, StorageError
from bot.interactions.client import Interaction
from bot.telemetry.interactions import record_error

_INVALID_BODY: Final = 50035
_UNKNOWN_MESSAGE: Final = 10008
_BEYOND_REPLY: Final = frozenset({10015, 10062, 40060, 50027})
"""Discord's error codes for an interaction that has expired, or that somebody has answered already."""

DISCORD_ERRORS: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
"""How sending to Discord fails; nothing else raises these so far up."""

_RETRY: Final = "retry"

_log = logging.getLogger(__name__)


class Reply:
    """The one answer to an interaction: a new message for a command, the same message for a button."""

    def __init__(self, interaction: Interaction, *, private: bool, is_new: bool = False) -> None:
        """`is_new` asks for a new message, whatever was pressed."""
        self._interaction = interaction
        self._private = private
        self._in_place = is_press(interaction) and not is_new

    async def defer(self) -> None:
        if self._interaction.response.is_done():
            return
        if self._in_place:
            await self._interaction.response.defer()
        else:
            await self._interaction.response.defer(ephemeral=self._private, thinking=True)

    async def send(self, content: str, embeds: Sequence[discord.Embed], view: discord.ui.View | None) -> None:
        """Send it; where Discord finds fault with it, once more without the pictures from outside."""
        try:
            await self._deliver(content, embeds, view)
        except discord.HTTPException as error:
            if error.code != _INVALID_BODY or not any(embed.thumbnail for embed in embeds):
                raise
            embeds = [embed.copy().set_thumbnail(url=None) for embed in embeds]
            await self._deliver(content, embeds, view)
            _log.warning("Discord refused an answer, which then went without pictures: %s", error)

    async def _deliver(
        self, content: str, embeds: Sequence[discord.Embed], view: discord.ui.View | None
    ) -> None:
        response = self._interaction.response
        if response.is_done():
            await self._interaction.edit_original_response(content=content, embeds=embeds, view=view)
        elif self._in_place:
            await response.edit_message(content=content, embeds=embeds, view=view)
        else:
            await response.send_message(content, embeds=embeds, view=view or MISSING, ephemeral=self._private)


def offer_retry(interaction: Interaction, view: Callable[[], discord.ui.View]) -> None:
    """Let an error that may pass be answered with `view`, which tries again."""
    interaction.extras[_RETRY] = view


async def reply_to_error(interaction: Interaction, error: Exception) -> None:
    """Turn whatever ended a command or a press into one reply, and into the log where it is not the member's.

    Never raises: where Discord does not take the reply, that is one line in the log.
    """
    error = _understood(interaction, error)
    record_error(error)
    if isinstance(error, DISCORD_ERRORS):
        _log.warning("%s: Discord did not take the answer: %r", _name(interaction), error)
        if _code(error) in _BEYOND_REPLY:
            return
    try:
        text, view = _sentence(interaction, error), _retry_view(interaction, error)
        await _tell(interaction, text, view, is_private=isinstance(error, Refused | BudgetSpent))
    except (*DISCORD_ERRORS, RuntimeError) as refusal:  # the last when the connection is closed already
        if not isinstance(error, DISCORD_ERRORS):
            _log.warning("%s: Discord did not take the reply: %r", _name(interaction), refusal)


def _understood(interaction: Interaction, error: Exception) -> Exception:
    """What lies behind an error of the command tree, in our own words where we have some."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return Refused("That command has just changed. Reload Discord (Ctrl+R), then try it again.")
    if isinstance(error, app_commands.MissingPermissions):
        _log.warning("%s, for moderators, was refused to a member: %s", _name(interaction), error)
        return Refused("That is for moderators: it needs the permission Manage Server.")
    return error


def _code(error: Exception) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0


def _sentence(interaction: Interaction, error: Exception) -> str:
    if isinstance(error, StorageError):
        _log.error("%s: the database failed: %r", _name(interaction), error.__cause__)
    if isinstance(error, BotError):
        return str(error)
    if isinstance(error, DISCORD_ERRORS):
        is_gone = _code(error) == _UNKNOWN_MESSAGE
        return (
            "That message is gone. Please search again."
            if is_gone
            else "Discord didn't take my answer. Please try again."
        )
    reference = secrets.token_hex(4)
    record_error(error, reference)
    _log.error("%s failed, reference %s", _name(interaction), reference, exc_info=error)
    return (
        "Sorry, that went wrong, and it is my fault. If it happens again, "
        f"tell whoever runs me this reference: `{reference}`"
    )


def _retry_view(interaction: Interaction, error: Exception) -> discord.ui.View | None:
    offer: Callable[[], discord.ui.View] | None = interaction.extras.get(_RETRY)
    can_retry = not isinstance(error, BotError) or error.retryable
    return offer() if offer is not None and can_retry else None


async def _tell(
    interaction: Interaction, text: str, view: discord.ui.View | None, *, is_private: bool
) -> None:
    """`is_private` takes back that we are thinking, where all have seen it: one member alone reads this."""
    response = interaction.response
    is_thinking = response.type is discord.InteractionResponseType.deferred_channel_message
    if not response.is_done():
        await response.send_message(text, view=view or MISSING, ephemeral=True)
    elif is_thinking and not is_private:
        await interaction.edit_original_response(content=text, view=view)
    else:
        # Discord takes the first message after a defer for what was deferred, and shows it to all.
        if is_thinking:
            await interaction.edit_original_response(content="…")
        await interaction.followup.send(text, view=view or MISSING, ephemeral=True)
        if is_thinking:
            await interaction.delete_original_response()


def is_press(interaction: Interaction) -> bool:
    """Whether a button was pressed, and not a command typed."""
    return interaction.type is discord.InteractionType.component


def _name(interaction: Interaction) -> str:
    """What was typed or pressed, without what was written beside it."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data or {}
    return f"Button {str(data.get('custom_id', ''))[:100]!r}"
