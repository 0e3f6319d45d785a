"""The buttons under `/privacy`, which delete what is kept."""

import re
from typing import Any, ClassVar, Final, Self

import discord
from discord import ui

from bot.interactions.client import Interaction, service_of
from bot.interactions.components import PersistentItem, PersistentItemType, PersistentView
from bot.interactions.context import require_moderator
from bot.interactions.responses import defer
from bot.privacy.service import PrivacyService


class ErasureButton(PersistentItem[ui.Button[Any]], template=r"(?!)"):
    """Deletes something, or asks once more before it does."""

    custom_id: ClassVar[str]
    text: ClassVar[str]

    def __init__(self) -> None:
        style = discord.ButtonStyle.danger
        super().__init__(ui.Button(label=self.text, style=style, custom_id=self.custom_id))

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], __: ui.Item[Any], ___: re.Match[str], /
    ) -> Self:
        return cls()


class DeleteMineButton(ErasureButton, template=r"delete:mine"):
    custom_id = "delete:mine"
    text = "Delete all that is kept of me"

    async def pressed(self, interaction: Interaction) -> None:
        await defer(interaction)
        await service_of(interaction, PrivacyService).erase_member(interaction)
        await interaction.edit_original_response(content=_MINE_GONE, view=None)


class DeleteServersButton(ErasureButton, template=r"delete:server"):
    custom_id = "delete:server"
    text = "Delete all of this server"

    async def pressed(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await interaction.response.edit_message(content=_SURE, view=_view(DeleteServersSurelyButton()))


class DeleteServersSurelyButton(ErasureButton, template=r"delete:server:surely"):
    custom_id = "delete:server:surely"
    text = "Yes, delete all of this server"

    async def pressed(self, interaction: Interaction) -> None:
        require_moderator(interaction)
        await defer(interaction)
        await service_of(interaction, PrivacyService).erase_guild(interaction)
        await interaction.edit_original_response(content=_SERVERS_GONE, view=None)


BUTTONS: Final[tuple[PersistentItemType, ...]] = (
    DeleteMineButton,
    DeleteServersButton,
    DeleteServersSurelyButton,
)

_MINE_GONE: Final = (
    "Done: nothing that I keep names you any more, in any server. "
    "Buttons under your old answers no longer work.\n"
    "-# A budget that you have drawn on is kept until it is full again, and then forgotten too."
)
_SERVERS_GONE: Final = (
    "Done: nothing that I keep names this server any more. The bot's own budgets hold again, and no filter.\n"
    "-# A budget that was drawn on is kept until it is full again, and then forgotten too."
)
_SURE: Final = (
    "This deletes every member's searches in this server, its budgets, filters and shortlists, and who "
    "made them. Buttons under old answers will no longer work. It can't be undone. Are you sure?"
)


def privacy_view(*, is_moderator: bool) -> ui.View:
    return _view(DeleteMineButton(), *([DeleteServersButton()] if is_moderator else []))


def _view(*buttons: ErasureButton) -> ui.View:
    view = PersistentView()
    for button in buttons:
        view.add_item(button)
    return view
