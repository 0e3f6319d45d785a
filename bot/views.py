"""What can be pressed under an answer: buttons whose ids carry all they need, so they outlive a restart."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord
from discord import ui

from bot.buttons import AnyPressable, NumbersButton, ShortLived, numbers_template
from bot.menus import MENUS, track_menus
from bot.models import Page, SavedSearch
from bot.text import cut

_LONGEST_LABEL: Final = 80
_BEGIN_AGAIN_SECONDS: Final = 15 * 60.0
"""As long as Discord lets a message that one member alone sees be answered."""


class PageButton(NumbersButton, template=numbers_template("page")):
    """Shows a page of a search in place of its message, however often it is pressed."""

    kind = "page"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.pager.turn(interaction, self.number, self.page)


class AgainButton(NumbersButton, template=numbers_template("again")):
    """Looks for its page once more, after that has failed."""

    kind = "again"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.pager.try_again(interaction, self.number, self.page)


class BeginAgain(ShortLived):
    """Tries again what could not even be written down, and so lives only as long as the process."""

    def __init__(self, begin: Callable[[discord.Interaction[Any]], Awaitable[None]]) -> None:
        super().__init__(timeout=_BEGIN_AGAIN_SECONDS)
        self._begin = begin

    @ui.button(label="Try again", style=discord.ButtonStyle.primary)
    async def again(self, interaction: discord.Interaction[Any], _: ui.Button[Any]) -> None:
        await self._begin(interaction)


BUTTONS: Final[tuple[AnyPressable, ...]] = (PageButton, AgainButton, *MENUS)
"""Every kind of button and menu here that the bot must know again after a restart."""


def page_view(search_id: int, page: Page) -> ui.View | None:
    """◀ and ▶ as far as they lead anywhere, and the menus; nothing under an answer that has nothing."""
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
    for menu in track_menus(search_id, page.number, page.tracks):
        view.add_item(menu)
    return view


def retry_view(search_id: int, number: int, *, back_to: SavedSearch | None = None) -> ui.View:
    """Try the same again; and, where there is one, go back to a search whose pages are known."""
    view = ui.View(timeout=None)
    view.add_item(AgainButton(search_id, number, label="Try again", style=discord.ButtonStyle.primary))
    if back_to is not None and (back_to.search_id, back_to.page) != (search_id, number):
        label = cut(f"Back to {back_to.search.text}", _LONGEST_LABEL)
        view.add_item(PageButton(back_to.search_id, back_to.page, label=label))
    return view


def again_view(begin: Callable[[discord.Interaction[Any]], Awaitable[None]]) -> ui.View:
    return BeginAgain(begin)
