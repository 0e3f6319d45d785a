"""Shortlists: the list, its tracks, members' votes and notes on them, and the posts that show it."""

from typing import Final, Literal, TypeAlias

import msgspec

from bot.models.search import Track

MAX_SHORTLISTS: Final = 100
"""In one guild."""

MAX_TRACKS: Final = 1_000
"""On one shortlist."""

MAX_NAME_LENGTH: Final = 50
MAX_BRIEF_LENGTH: Final = 300
MAX_NOTE_LENGTH: Final = 200

RANKING_PAGE_SIZE: Final = 10
"""Tracks on one page of a ranking."""

Vote: TypeAlias = Literal[-1, 1]


class Shortlist(msgspec.Struct, frozen=True):
    """One guild's collection of candidates; its texts are cleaned, but not escaped."""

    shortlist_id: int
    guild_id: int
    name: str
    brief: str
    maker_id: int
    made_at: float
    closed_at: float | None
    """In seconds since the epoch; None while tracks can be added and voted on."""
    version: int
    """Grows with every change that a ranking shows."""


class Entry(msgspec.Struct, frozen=True):
    """A track on a shortlist, as it was when it was added, with its votes and notes."""

    track: Track
    member_id: int
    """The member who added it."""
    added_at: float
    found_by: str | None
    """The query of the search that it was added from; None if that search was private or is unknown."""
    likes: int
    dislikes: int
    notes: int
    note: str | None
    """The newest note."""

    @property
    def score(self) -> int:
        return self.likes - self.dislikes


class Note(msgspec.Struct, frozen=True):
    """One member's note on one track."""

    member_id: int
    text: str
    written_at: float


class Summary(msgspec.Struct, frozen=True):
    """A shortlist with the number of its tracks, and the first of them."""

    shortlist: Shortlist
    size: int
    leaders: tuple[Track, ...]
    """Best first; several, because a channel's filters may hide some."""


class Post(msgspec.Struct, frozen=True):
    """A message that shows one page of a ranking, and is kept up to date."""

    message_id: int
    channel_id: int
    filter_channel_id: int
    """The channel whose filters apply: for a thread its parent."""
    guild_id: int
    shortlist_id: int
    page: int
    """From 1."""
    is_replaced: bool = False
    """True if newer posts of its channel have taken its place: one last edit says so."""
