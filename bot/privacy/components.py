"""Buttons under `/privacy` that delete the data of a member or a server."""

import re
from typing import Any, ClassVar, Final, Self

import discord
from discord import ui

from bot.interactions.client import Interaction, service_of
from bot.interactions.components import PersistentItem, PersistentItemType, PersistentView
from bot.interactions.context import require_moderator
from bot.interactions.responses import defer
from bot.privacy.service import PrivacyService


class ErasureButton(PersistentItem, ui.Button[Any]):
    """Base class of the buttons that erase data, or ask for a confirmation."""

    erasure_id: ClassVar[str]
    text: ClassVar[str]

    def __init_subclass__(cls, *, erasure_id: str) -> None:
        super().__init_subclass__(template=erasure_id)
        cls.erasure_id = erasure_id

    def __init__(self) -> None:
        super().__init__(label=self.text, style=discord.ButtonStyle.danger, custom_id=self.erasure_id)

    @classmethod
    def from_match(cls, _: re.Match[str]) -> Self:
        return cls()


class DeleteMemberDataButton(ErasureButton, erasure_id="delete:mine"):
    text = "Delete my data"

    async def respond(self, interaction: Interaction) -> None:
        await defer(interaction)
        await service_of(interaction, PrivacyService).erase_member(interaction)
        await interaction.edit_original_response(content=_MEMBER_ERASED, view=None)


class DeleteServerDataButton(ErasureButton, erasure_id="delete:server"):
    """Asks for a confirmation."""

    text = "Delete this server's data"

    async def respond(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        view = PersistentView(ConfirmDeleteServerDataButton())
        await interaction.response.edit_message(content=_CONFIRMATION, view=view)


class ConfirmDeleteServerDataButton(ErasureButton, erasure_id="delete:server:surely"):
    text = "Yes, delete this server's data"

    async def respond(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await defer(interaction)
        await service_of(interaction, PrivacyService).erase_guild(interaction)
        await interaction.edit_original_response(content=_SERVER_ERASED, view=None)


PERSISTENT_ITEMS: Final[tuple[PersistentItemType, ...]] = (
    DeleteMemberDataButton,
    DeleteServerDataButton,
    ConfirmDeleteServerDataButton,
)

_MEMBER_ERASED: Final = (
    "Done: your data is deleted, in every server. Buttons under your earlier searches no longer work.\n"
    "-# A budget that you have used is kept until it is full again, and then deleted too."
)
_SERVER_ERASED: Final = (
    "Done: this server's data is deleted. It has no filters and no shortlists now, and the bot's standard "
    "budgets.\n"
    "-# A budget that was used is kept until it is full again, and then deleted too."
)
_CONFIRMATION: Final = (
    "This deletes this server's filters, shortlists and budgets, everybody's searches in it, and the history "
    "of changes. Buttons under earlier searches will no longer work. It can't be undone. Are you sure?"
)


def privacy_view(*, is_moderator: bool) -> ui.View:
    """A button for the member's own data, and for moderators one for the server's."""
    return PersistentView(DeleteMemberDataButton(), *([DeleteServerDataButton()] if is_moderator else []))
