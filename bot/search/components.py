"""What can be pressed under an answer: buttons whose ids carry all they need, so they outlive a restart."""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias

import discord
from discord import ui

from bot.interactions.client import Interaction, service_of
from bot.interactions.components import (
    PersistentItemType,
    PersistentView,
    TargetButton,
    TargetMenu,
    TemporaryView,
    page_buttons,
    target_template,
)
from bot.interactions.embeds import SerialiseOnce
from bot.models.ranges import clock
from bot.models.search import Page, SavedSearch, Track, is_asset_id
from bot.search.actions import SearchActions
from bot.text import cut

_LONGEST_LABEL: Final = 80
_LONGEST_OPTION: Final = 100
"""https://docs.discord.com/developers/components/reference#string-select-select-option-structure"""

_OPTION_CACHE_SIZE: Final = 2_000
"""About 1 KB each."""

_BEGIN_AGAIN_SECONDS: Final = 15 * 60.0
"""As long as Discord lets a message that one member alone sees be answered."""


class PageButton(TargetButton, template=target_template("page")):
    """Shows a page of a search in place of its message, however often it is pressed."""

    kind = "page"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).show_page(interaction, self.number, self.page)


class AgainButton(TargetButton, template=target_template("again")):
    """Looks for its page once more, after that has failed."""

    kind = "again"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).retry_page(interaction, self.number, self.page)


class BeginAgain(TemporaryView):
    """RequestAttempts again what could not even be written down, and so lives only as long as the process."""

    def __init__(self, begin: Callable[[Interaction], Awaitable[None]]) -> None:
        super().__init__(timeout=_BEGIN_AGAIN_SECONDS)
        self._begin = begin

    @ui.button(label="Try again", style=discord.ButtonStyle.primary)
    async def again(self, interaction: Interaction, _: ui.Button[Any]) -> None:
        await self._begin(interaction)


class SimilarMenu(TargetMenu, template=target_template("like")):
    """Searches for what is like the track chosen, of a page of a search."""

    kind = "like"
    words = "More like …"

    async def pressed(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).search_similar(interaction, self.number, self.chosen[0])


TrackMenu: TypeAlias = type[TargetMenu]
"""A kind of menu over the tracks of an answer."""

BUTTONS: Final[tuple[PersistentItemType, ...]] = (PageButton, AgainButton, SimilarMenu)
"""Every kind of button and menu here that the bot must know again after a restart."""


def page_view(search_id: int, page: Page, menus: Sequence[TrackMenu]) -> ui.View | None:
    """◀ and ▶ as far as they lead anywhere, and the menus; nothing under an answer that has nothing."""
    if page.more == "none" and page.number == 1 and not page.tracks:
        return None
    view = PersistentView()
    previous, following = page_buttons(
        partial(PageButton, search_id), page.number, has_next=page.more != "none"
    )
    view.add_item(previous)
    if page.more == "further":
        following = PageButton(
            search_id, page.number, label="Keep looking", style=discord.ButtonStyle.primary
        )
    view.add_item(following)
    options = [track_option(track) for track in page.tracks if is_asset_id(track.asset_id)]
    for menu in menus if options else ():
        view.add_item(menu(search_id, page.number, options))
    return view


def retry_view(search_id: int, number: int, *, back_to: SavedSearch | None = None) -> ui.View:
    """Try the same again; and, where there is one, go back to a search whose pages are known."""
    view = PersistentView()
    view.add_item(AgainButton(search_id, number, label="Try again", style=discord.ButtonStyle.primary))
    if back_to is not None and (back_to.search_id, back_to.page) != (search_id, number):
        label = cut(f"Back to {back_to.search.text}", _LONGEST_LABEL)
        view.add_item(PageButton(back_to.search_id, back_to.page, label=label))
    return view


def again_view(begin: Callable[[Interaction], Awaitable[None]]) -> ui.View:
    return BeginAgain(begin)


class TrackOption(SerialiseOnce, discord.SelectOption):
    """The cached option of one track."""


@lru_cache(maxsize=_OPTION_CACHE_SIZE)
def track_option(track: Track, prefix: str = "") -> discord.SelectOption:
    """A track to choose, with `prefix` before its title; its value is its asset id."""
    parts = [track.artist, f"{round(track.bpm)} BPM" if track.bpm else None]
    parts.append(clock(track.duration) if track.duration else None)
    return TrackOption(
        label=cut(prefix + track.name, _LONGEST_OPTION),
        value=track.asset_id,
        description=cut(" · ".join(filter(None, parts)), _LONGEST_OPTION) or None,
    )
