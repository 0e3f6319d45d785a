"""What can be pressed under an answer: buttons whose ids carry all they need, so they outlive a restart."""

import re
from typing import Any, Final, Self

import discord
from discord import ui

from bot.models import Page, SavedSearch
from bot.replies import answer_error
from bot.text import cut

_LONGEST_LABEL: Final = 80


class PageButton(
    ui.DynamicItem[ui.Button[Any]], template=r"page:(?P<search_id>\d{1,18}):(?P<number>\d{1,7})"
):
    """Shows a certain page of a certain search in place of its message, however often it is pressed."""

    def __init__(
        self,
        search_id: int,
        number: int,
        *,
        label: str = "",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        self.search_id = search_id
        self.number = number
        super().__init__(
            ui.Button(label=label, style=style, disabled=disabled, custom_id=f"page:{search_id}:{number}")
        )

    @classmethod
    async def from_custom_id(
        cls, _: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(int(match["search_id"]), int(match["number"]), label=getattr(item, "label", None) or "")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        try:
            await interaction.client.pager.turn(interaction, self.search_id, self.number)
        except Exception as error:  # noqa: BLE001 (discord.py would only log it, and the member wait in vain)
            await answer_error(interaction, error)


BUTTONS: Final = (PageButton,)
"""Every kind of button that the bot must know again after a restart."""


def is_known(custom_id: str) -> bool:
    return any(button.__discord_ui_compiled_template__.fullmatch(custom_id) for button in BUTTONS)


def page_view(search_id: int, page: Page) -> ui.View | None:
    """◀ and ▶ as far as they lead anywhere; nothing under an answer that has nothing."""
    if page.more == "none" and page.number == 1 and not page.tracks:
        return None
    view = ui.View(timeout=None)
    view.add_item(PageButton(search_id, page.number - 1, label="◀", disabled=page.number == 1))
    if page.more == "further":
        view.add_item(
            PageButton(search_id, page.number, label="Keep looking", style=discord.ButtonStyle.primary)
        )
    else:
        view.add_item(PageButton(search_id, page.number + 1, label="▶", disabled=page.more == "none"))
    return view


def retry_view(search_id: int, number: int, *, back_to: SavedSearch | None = None) -> ui.View:
    """Try the same again; and, where there is one, go back to a search whose pages are known."""
    view = ui.View(timeout=None)
    view.add_item(PageButton(search_id, number, label="Try again", style=discord.ButtonStyle.primary))
    if back_to is not None and (back_to.search_id, back_to.page) != (search_id, number):
        label = cut(f"Back to {back_to.search.text}", _LONGEST_LABEL)
        view.add_item(PageButton(back_to.search_id, back_to.page, label=label))
    return view
