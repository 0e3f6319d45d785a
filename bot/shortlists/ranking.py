"""Ranking: a shortlist's tracks in order, as far as they may be shown, page by page. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.models.pages import page_count
from bot.models.shortlists import LISTED, Entry, Shortlist

_WINNING_PLACES: Final = 3


class Ranking(msgspec.Struct, frozen=True):
    """A shortlist and those of its tracks that may be shown, best first."""

    shortlist: Shortlist
    entries: Sequence[Entry]
    hidden: int
    """How many more tracks the server's filters hide."""

    @property
    def pages(self) -> int:
        return page_count(len(self.entries), LISTED)

    def page(self, number: int) -> Sequence[tuple[int, Entry]]:
        """The tracks of page `number`, or of the last, each with its position from 1."""
        start = (self.nearest(number) - 1) * LISTED
        return list(enumerate(self.entries[start : start + LISTED], start + 1))

    def nearest(self, number: int) -> int:
        """The page worth showing when `number` was asked for."""
        return min(max(1, number), self.pages)

    def entry(self, asset_id: str) -> Entry | None:
        """The track of that id, where it may be shown."""
        return next((entry for entry in self.entries if entry.track.asset_id == asset_id), None)

    def after(self, asset_id: str) -> Sequence[str]:
        """The ids of all other tracks, from the one behind that one on, and around from the first."""
        ids = [entry.track.asset_id for entry in self.entries]
        place = ids.index(asset_id) if asset_id in ids else len(ids)
        return [*ids[place + 1 :], *ids[:place]]

    @property
    def winners(self) -> Sequence[tuple[int, Entry]]:
        """The tracks on the first three places, each with its place; what is level shares one.

        Only a track with more 👍 than 👎 can win.
        """
        scores = [entry.score for entry in self.entries]
        placed = [(scores.index(entry.score) + 1, entry) for entry in self.entries if entry.score > 0]
        return [(place, entry) for place, entry in placed if place <= _WINNING_PLACES]
