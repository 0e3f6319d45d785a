"""Error replies: every error of a command, a press or a modal becomes one message and one log line."""

import logging
import secrets
from collections.abc import Callable
from typing import Any, Final

import discord
from discord import app_commands
from discord.utils import MISSING

from bot.errors import BotError, BudgetSpent, Refused, StorageError
from bot.interactions.responses import DISCORD_ERRORS, RETRY
from bot.interactions.services import Interaction
from bot.telemetry.interactions import record_error, record_first_response

_UNKNOWN_MESSAGE: Final = 10008
_UNANSWERABLE: Final = frozenset({10015, 10062, 40060, 50027})
"""Codes for an interaction that has expired or has its response already.

https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
"""

_log = logging.getLogger(__name__)


async def reply_to_error(interaction: Interaction, error: Exception) -> None:
    """Reply to the member, and log what the operator should know. Never raises.

    If Discord does not take the reply, that is one line in the log.
    """
    error = _translated(interaction, error)
    record_error(error)
    if isinstance(error, DISCORD_ERRORS):
        _log.warning("%s: Discord did not take the response: %r", _name(interaction), error)
        if _code(error) in _UNANSWERABLE:
            return
    try:
        text, view = _sentence(interaction, error), _retry_view(interaction, error)
        await _send(interaction, text, view, is_private=isinstance(error, Refused | BudgetSpent))
    except (*DISCORD_ERRORS, RuntimeError) as refusal:  # RuntimeError: the HTTP session is closed already
        if not isinstance(error, DISCORD_ERRORS):
            _log.warning("%s: Discord did not take the error reply: %r", _name(interaction), refusal)


def _translated(interaction: Interaction, error: Exception) -> Exception:
    """The cause of an error of the command tree, as a Refused if members can do something about it."""
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
        return Refused("This command has just changed. Reload Discord (Ctrl+R), then try it again.")
    if isinstance(error, app_commands.MissingPermissions):
        _log.warning("%s: refused to a member who is no moderator: %s", _name(interaction), error)
        return Refused("Only moderators can do this: it needs the *Manage Server* permission.")
    return error


def _code(error: Exception) -> int:
    return error.code if isinstance(error, discord.HTTPException) else 0


def _sentence(interaction: Interaction, error: Exception) -> str:
    if isinstance(error, StorageError):
        _log.error("%s: the database failed: %r", _name(interaction), error.__cause__)
    if isinstance(error, BotError):
        return str(error)
    if isinstance(error, DISCORD_ERRORS):
        if _code(error) == _UNKNOWN_MESSAGE:
            return "This message was deleted. Please run the command again."
        return "Discord didn't take my answer. Please try again."
    reference = secrets.token_hex(4)
    record_error(error, reference)
    _log.error("%s failed, reference %s", _name(interaction), reference, exc_info=error)
    return (
        "Sorry, something went wrong on my side. If it happens again, "
        f"please give this reference to the people who run me: `{reference}`"
    )


def _retry_view(interaction: Interaction, error: Exception) -> discord.ui.View | None:
    offer: Callable[[], discord.ui.View] | None = interaction.extras.get(RETRY)
    may_pass = not isinstance(error, BotError) or error.retryable
    return offer() if offer is not None and may_pass else None


async def _send(
    interaction: Interaction, text: str, view: discord.ui.View | None, *, is_private: bool
) -> None:
    """Send the reply. With `is_private`, a public "thinking …" is taken back, and the reply is ephemeral."""
    response = interaction.response
    is_thinking = response.type is discord.InteractionResponseType.deferred_channel_message
    if not response.is_done():
        await response.send_message(text, view=view or MISSING, ephemeral=True)
        record_first_response()
    elif is_thinking and not is_private:
        await interaction.edit_original_response(content=text, view=view)
    else:
        # The first follow-up after a defer takes the deferred message's place and visibility: fill it first.
        if is_thinking:
            await interaction.edit_original_response(content="…")
        await interaction.followup.send(text, view=view or MISSING, ephemeral=True)
        if is_thinking:
            await interaction.delete_original_response()


def _name(interaction: Interaction) -> str:
    """The command or the custom id, without the member's own words."""
    if interaction.command is not None:
        return f"/{interaction.command.qualified_name}"
    data: Any = interaction.data or {}
    return f"Component {str(data.get('custom_id', ''))[:100]!r}"
