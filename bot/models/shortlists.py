"""The nouns of a shortlist: the list, its tracks and what members said of them, and where it is shown."""

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

LISTED: Final = 10
"""Tracks on one page of a ranking."""

Vote: TypeAlias = Literal[-1, 1]


class Shortlist(msgspec.Struct, frozen=True):
    """One guild's collection of candidates; text is clean, but not yet escaped."""

    shortlist_id: int
    guild_id: int
    name: str
    brief: str
    maker_id: int
    made_at: float
    closed_at: float | None
    """In seconds since the epoch; None while tracks can be added and voted on."""
    version: int
    """Grows with everything that a ranking shows."""


class Entry(msgspec.Struct, frozen=True):
    """A track on a shortlist, as it was when it was added, and what has become of it."""

    track: Track
    member_id: int
    """Who added it."""
    added_at: float
    found_by: str | None
    """The words of the search that it was added from."""
    likes: int
    dislikes: int
    notes: int
    note: str | None
    """The newest."""

    @property
    def score(self) -> int:
        return self.likes - self.dislikes


class Note(msgspec.Struct, frozen=True):
    """What one member says of one track."""

    member_id: int
    text: str
    written_at: float


class Summary(msgspec.Struct, frozen=True):
    """A shortlist among others: how many tracks it has, and the first of them."""

    shortlist: Shortlist
    size: int
    leaders: tuple[Track, ...]
    """Best first; several, as not every track may be shown everywhere."""


class Post(msgspec.Struct, frozen=True):
    """A message that shows one page of a ranking, and is kept up to date."""

    message_id: int
    channel_id: int
    rules_id: int
    """The channel whose rules hold there: for a thread its parent."""
    guild_id: int
    shortlist_id: int
    page: int
    """From 1."""
    is_replaced: bool = False
    """Whether others in its channel have been used since, and it is to say so and be left alone."""
