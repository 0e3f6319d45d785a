"""Searches: the track, the search, the query, the window of results, the page."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final, Literal, Self, TypeAlias

import msgspec

from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.text import fold, genre_key

WINDOW_SIZE: Final = 100
"""Tracks asked for at once: the largest `limit` of AudioScape's search."""

PAGE_SIZE: Final = 5
"""Tracks shown at once: one embed each, and Discord takes at most ten in a message."""


_ASSET_ID: Final = re.compile(r"\d{1,20}", re.ASCII)


class Track(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of music. Text is clean, but not yet escaped for where it is shown."""

    asset_id: str
    name: str
    artist: str | None = None
    album: str | None = None
    genre: str | None = None
    bpm: float | None = None
    duration: float | None = None
    """In seconds."""
    thumbnail_url: str | None = None


TimeFeel: TypeAlias = Literal["full", "half", "double"]
"""How a track's tempo is counted beside how it is felt: at half time, 140 BPM are written as 70."""


class Search(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a member wants: words for the service, and wishes that we look after ourselves."""

    text: str
    kind: Literal["music", "artist"] = "music"
    genre: str | None = None
    tempo: Span | None = None
    """In beats per minute, rounded as they are shown. The service can't filter by it."""
    length: Span | None = None
    """In seconds."""
    half_double: bool = False
    """Whether what is felt at the tempo when counted at half or at double time counts too."""
    besides: str | None = None
    """The asset id of a track that is known already: others like it are wanted."""

    @property
    def query(self) -> "Query":
        """What the service is asked where a server has no filters."""
        return Query(self.text, () if self.genre is None else (self.genre,), self.length)

    @property
    def has_wishes(self) -> bool:
        """Whether there are tracks that it does not want."""
        return any(each is not None for each in (self.tempo, self.length, self.genre, self.besides))

    def wants(self, track: Track) -> bool:
        """Whether `track` fulfils every wish; one that doesn't say can't."""
        return (
            (self.tempo is None or self.time_feel_of(track) is not None)
            and track.asset_id != self.besides
            and (self.length is None or (track.duration is not None and track.duration in self.length))
            and (self.genre is None or genre_key(track.genre or "") == genre_key(self.genre))
        )

    @property
    def tempos(self) -> Mapping[TimeFeel, Span]:
        """The tempos that a track may be written at to be felt at the one wanted; none where any will do."""
        if self.tempo is None:
            return {}
        if not self.half_double:
            return {"full": self.tempo}
        return {"full": self.tempo, "half": self.tempo.times(0.5), "double": self.tempo.times(2)}

    def time_feel_of(self, track: Track) -> TimeFeel | None:
        """The time at which `track` is felt at the tempo wanted; None where it isn't."""
        beats = 0 if track.bpm is None else round(track.bpm)
        return next((time for time, tempo in self.tempos.items() if beats and beats in tempo), None)


class Query(msgspec.Struct, frozen=True):
    """What the search service is asked: a search, as far as the service can look after it."""

    text: str
    genres: tuple[str, ...] = ()
    """Keep any of these; none stands for all."""
    length: Span | None = None

    @property
    def digest(self) -> bytes:
        """The same for all queries that the service would answer alike: they share its answers."""
        asked = (fold(self.text), "\n".join(sorted(map(genre_key, self.genres))), self.length)
        return hashlib.blake2b(msgspec.msgpack.encode(asked), digest_size=16).digest()


class Window(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer of the service: up to WINDOW_SIZE tracks, from one place in the list of matches."""

    tracks: tuple[Track, ...]
    start: int
    end: int
    """Where the next window begins; the same as `start` where the service sent nothing."""
    total: int | None = None
    """How many matched in all, as the service counts; None where it didn't say."""
    method: str = "semantic"
    """As the service names it: "semantic", "text", and newer ones such as "id"."""
    matched_artist: str | None = None
    fetched_at: float = 0.0
    """In seconds since the epoch."""

    @property
    def is_last(self) -> bool:
        if self.end == self.start:
            return True
        if self.total is None:
            return self.end - self.start < WINDOW_SIZE
        return self.end >= self.total


class SavedSearch(msgspec.Struct, frozen=True):
    """A search that can be gone on with, and how far it got."""

    search_id: int
    guild_id: int
    member_id: int
    search: Search
    private: bool
    page: int
    """The number of the page that it was turned to last, from 1; 0 before the first."""
    page_before: int
    """The one that it was turned from."""
    made_at: float
    """In seconds since the epoch."""
    rules_version: int = 0
    """Of the server's filter rules, when this was read."""

    @classmethod
    def of_nobody(cls, search: Search, *, guild_id: int, member_id: int, now: float) -> Self:
        """One that is looked through once and kept nowhere."""
        return cls(0, guild_id, member_id, search, private=True, page=1, page_before=0, made_at=now)


class HiddenTrack(msgspec.Struct, frozen=True):
    """A track that fits a search, and the rule by which it is not shown."""

    track: Track
    rule: Rule


class Fallback(msgspec.Struct, frozen=True):
    """Why and from when something is shown that is no fresh answer of the service."""

    reason: str
    fetched_at: float | None
    """When the service gave this answer, in seconds since the epoch; None for tracks of many answers."""


class Page(msgspec.Struct, frozen=True):
    """Up to PAGE_SIZE tracks, and all that is said above them."""

    number: int
    tracks: tuple[Track, ...]
    search: Search
    method: str
    matched_artist: str | None
    featured_artist: str | None
    """Whose own tracks come first in each window."""
    own_tracks: int
    """How many of the tracks found are by the featured artist."""
    total: int | None
    """How many matched at the service, before our own narrowing."""
    found: int
    """How many tracks fit in what was looked at so far."""
    looked_at: int
    """How many of the service's matches were looked at so far."""
    fallback: Fallback | None
    """Set where the service didn't answer, and this is what we knew."""
    more: Literal["page", "further", "none"]
    """What ▶ can do: turn to a further page, look further for this one, or nothing."""
    hidden: tuple[HiddenTrack, ...] = ()
    """What would fit, in what was looked at so far, but for the server's filters."""
    allowed_genres: tuple[str, ...] = ()
    """The server's allow-list, where it stood in for a genre in the question to the service."""

    @property
    def is_narrowed(self) -> bool:
        """Whether the service counts tracks that we don't show, so that its total says little.

        It filters by genre and length itself, and only what it lets through all the same is left out by us.
        """
        filtered = self.search.genre is not None or self.search.length is not None
        return (
            self.search.tempo is not None or bool(self.hidden) or (filtered and self.found < self.looked_at)
        )


def is_asset_id(text: str) -> bool:
    """Whether `text` is an id as a game refers to it, which is a number."""
    return _ASSET_ID.fullmatch(text) is not None
