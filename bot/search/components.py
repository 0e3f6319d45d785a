"""Buttons and menus under a page of results; their custom ids carry all state, so they outlive a restart."""

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from typing import Any, Final, TypeAlias

import discord
from discord import ui

from bot.interactions.components import (
    PersistentItemType,
    PersistentView,
    TargetButton,
    TargetMenu,
    TemporaryView,
    page_buttons,
)
from bot.interactions.services import Interaction, service_of
from bot.models.ranges import format_duration
from bot.models.search import Page, SavedSearch, Track, is_asset_id
from bot.search.actions import SearchActions
from bot.text import truncate

_MAX_LABEL: Final = 80
_MAX_OPTION: Final = 100
"""https://docs.discord.com/developers/components/reference#string-select-select-option-structure"""

_OPTION_CACHE_SIZE: Final = 2_000
"""Options; about 1 KB each."""

_RETRY_SECONDS: Final = 15 * 60.0
"""Discord lets an ephemeral message be updated for so long."""


class PageButton(TargetButton, kind="page"):
    """Replaces its message by a page of a search."""

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).show_page(interaction, self.target_id, self.page)


class RetryButton(TargetButton, kind="again"):
    """Retries a page that could not be shown."""

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).retry_page(interaction, self.target_id, self.page)


class RetryCommandView(TemporaryView):
    """Retries a command whose search was not stored; it works until the process ends."""

    def __init__(self, begin: Callable[[Interaction], Awaitable[None]]) -> None:
        super().__init__(timeout=_RETRY_SECONDS)
        self._begin = begin

    @ui.button(label="Try again", style=discord.ButtonStyle.primary)
    async def again(self, interaction: Interaction, _: ui.Button[Any]) -> None:
        await self._begin(interaction)


class SimilarMenu(TargetMenu, kind="like"):
    """Searches for tracks similar to the chosen track of a page."""

    text = "More like …"

    async def respond(self, interaction: Interaction) -> None:
        await service_of(interaction, SearchActions).search_similar(
            interaction, self.target_id, self.chosen[0]
        )


TrackMenu: TypeAlias = type[TargetMenu]
"""A menu whose options are the tracks of a page."""

PERSISTENT_ITEMS: Final[tuple[PersistentItemType, ...]] = (PageButton, RetryButton, SimilarMenu)
"""Every persistent button and menu of this module."""


def page_view(search_id: int, page: Page, menus: Sequence[TrackMenu]) -> ui.View | None:
    """◀ and ▶, disabled where there is no page, and the menus; None for a search without results."""
    if page.continuation == "end" and page.number == 1 and not page.tracks:
        return None
    previous, following = page_buttons(
        partial(PageButton, search_id), page.number, has_next=page.continuation != "end"
    )
    if page.continuation == "keep looking":
        following = PageButton(
            search_id, page.number, label="Keep looking", style=discord.ButtonStyle.primary
        )
    options = [track_option(track) for track in page.tracks if is_asset_id(track.asset_id)]
    shown_menus = [menu(search_id, page.number, options) for menu in menus if options]
    return PersistentView(previous, following, *shown_menus)


def retry_view(search_id: int, number: int, *, back_to: SavedSearch | None = None) -> ui.View:
    """A button that retries a page and, if given, one back to a search whose page is in the cache."""
    retry = RetryButton(search_id, number, label="Try again", style=discord.ButtonStyle.primary)
    if back_to is None or (back_to.search_id, back_to.page) == (search_id, number):
        return PersistentView(retry)
    label = truncate(f"Back to {back_to.search.text}", _MAX_LABEL)
    return PersistentView(retry, PageButton(back_to.search_id, back_to.page, label=label))


def temporary_retry_view(begin: Callable[[Interaction], Awaitable[None]]) -> ui.View:
    """A button that calls `begin` again, for a command whose search was not stored."""
    return RetryCommandView(begin)


@lru_cache(maxsize=_OPTION_CACHE_SIZE)
def track_option(track: Track, prefix: str = "") -> discord.SelectOption:
    """The menu option of a track, with `prefix` before its title; its value is the asset id."""
    beats, seconds = round(track.bpm or 0), round(track.duration or 0)
    parts = [
        track.artist,
        f"{beats} BPM" if beats else None,
        format_duration(seconds) if seconds else None,
    ]
    return discord.SelectOption(
        label=truncate(prefix + track.name, _MAX_OPTION),
        value=track.asset_id,
        description=truncate(" · ".join(filter(None, parts)), _MAX_OPTION) or None,
    )
