"""Ranking: a shortlist's visible tracks, best first, in pages. Pure."""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.models.pages import page_count
from bot.models.shortlists import RANKING_PAGE_SIZE, Entry, Shortlist

_WINNING_PLACES: Final = 3


class Ranking(msgspec.Struct, frozen=True):
    """A shortlist and its tracks that the filters of a channel show, best first."""

    shortlist: Shortlist
    entries: Sequence[Entry]
    hidden_count: int
    """The number of its tracks that the filters hide."""

    @property
    def page_count(self) -> int:
        return page_count(len(self.entries), RANKING_PAGE_SIZE)

    def clamp_page(self, page: int) -> int:
        """The number of an existing page: `page`, or the first or last one."""
        return min(max(1, page), self.page_count)

    def page_entries(self, page: int) -> Sequence[tuple[int, Entry]]:
        """The tracks of the clamped `page`, each with its position from 1."""
        start = (self.clamp_page(page) - 1) * RANKING_PAGE_SIZE
        return list(enumerate(self.entries[start : start + RANKING_PAGE_SIZE], start + 1))

    def get_entry(self, asset_id: str) -> Entry | None:
        """The visible track of that id."""
        return next((entry for entry in self.entries if entry.track.asset_id == asset_id), None)

    def other_asset_ids(self, asset_id: str) -> Sequence[str]:
        """The ids of all other tracks: those after `asset_id` first, then those from the top down to it."""
        ids = [entry.track.asset_id for entry in self.entries]
        index = ids.index(asset_id) if asset_id in ids else len(ids)
        return [*ids[index + 1 :], *ids[:index]]

    @property
    def winners(self) -> Sequence[tuple[int, Entry]]:
        """The tracks on the first three places, each with its place; tracks of one score share a place.

        Only a track with more 👍 than 👎 can win.
        """
        scores = [entry.score for entry in self.entries]
        placed = [(scores.index(entry.score) + 1, entry) for entry in self.entries if entry.score > 0]
        return [(place, entry) for place, entry in placed if place <= _WINNING_PLACES]
