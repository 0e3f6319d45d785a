"""The menus under an answer: its tracks, to add to a shortlist or to find more like."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import discord

from bot.buttons import AnyPressable, NumbersMenu, numbers_template
from bot.models import Track
from bot.ranges import clock
from bot.text import cut

_LONGEST: Final = 100
"""https://docs.discord.com/developers/components/reference#string-select-select-option-structure"""

_OPTIONS_AT_HAND: Final = 2_000
"""About 1 KB each."""

_ASSET_ID: Final = re.compile(r"\d{1,20}", re.ASCII)


class AddMenu(NumbersMenu, template=numbers_template("add")):
    """Adds the tracks chosen, of a page of a search, to the channel's shortlist."""

    kind = "add"
    words = "Add to …"
    takes_several = True

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.adding.add_chosen(interaction, self.number, self.item.values)


class LikeMenu(NumbersMenu, template=numbers_template("like")):
    """Searches for what is like the track chosen, of a page of a search."""

    kind = "like"
    words = "More like …"

    async def pressed(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.pager.more_like(interaction, self.number, self.item.values[0])


MENUS: Final[tuple[AnyPressable, ...]] = (AddMenu, LikeMenu)
"""Every kind of menu here that the bot must know again after a restart."""


def track_menus(search_id: int, number: int, tracks: Sequence[Track]) -> list[NumbersMenu]:
    """One of each kind; none where no track has an id that a game could use."""
    options = [track_option(track) for track in tracks if is_asset_id(track.asset_id)]
    return [AddMenu(search_id, number, options), LikeMenu(search_id, number, options)] if options else []


def is_asset_id(text: str) -> bool:
    """Whether `text` is an id as a game refers to it, which is a number."""
    return _ASSET_ID.fullmatch(text) is not None


class _Sent(discord.SelectOption):
    """Is written out once, however often it is sent; and so, once made, never changed."""

    _written: Any = None

    def to_dict(self) -> Any:
        self._written = self._written or super().to_dict()
        return self._written.copy()


@lru_cache(maxsize=_OPTIONS_AT_HAND)
def track_option(track: Track, prefix: str = "") -> discord.SelectOption:
    """A track to choose, with `prefix` before its title; its value is its asset id."""
    parts = [track.artist, f"{round(track.bpm)} BPM" if track.bpm else None]
    parts.append(clock(track.duration) if track.duration else None)
    return _Sent(
        label=cut(prefix + track.name, _LONGEST),
        value=track.asset_id,
        description=cut(" · ".join(filter(None, parts)), _LONGEST) or None,
    )
