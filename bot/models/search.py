"""Data types of a search: track, search, query, window of results, saved search, page."""

import hashlib
import re
from collections.abc import Mapping
from typing import Final, Literal, Self, TypeAlias

import msgspec

from bot.models.ranges import Span
from bot.models.rules import Rule
from bot.text import fold, genre_key

WINDOW_SIZE: Final = 100
"""Tracks in one API response: the largest `limit` of AudioScape's search."""

PAGE_SIZE: Final = 5
"""Tracks on one page: each is an embed, and Discord accepts ten embeds in a message."""

_ASSET_ID: Final = re.compile(r"\d{1,20}", re.ASCII)


class Track(msgspec.Struct, frozen=True, omit_defaults=True):
    """One piece of music. Its text is cleaned, but not escaped for Discord."""

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
"""The relation of a track's notated tempo to its felt tempo: at half time, 140 BPM is notated as 70."""


class Search(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member's search: the words for the service, and the criteria that this bot checks itself.

    Stored as msgpack under its field names: a renamed field keeps its old name as `name`.
    """

    text: str
    kind: Literal["music", "artist"] = "music"
    genre: str | None = None
    tempo: Span | None = None
    """In beats per minute, rounded as displayed. The service can't filter by tempo."""
    length: Span | None = None
    """In seconds."""
    half_double: bool = False
    """True if tracks notated at half or double the tempo match too."""
    excluded_id: str | None = msgspec.field(default=None, name="besides")
    """The asset id of the track that a search for similar tracks started from."""

    @property
    def query(self) -> "Query":
        """The query for the service if no server filters apply."""
        return Query(self.text, () if self.genre is None else (self.genre,), self.length)

    @property
    def has_criteria(self) -> bool:
        """True if `matches` rejects any track at all."""
        return any(each is not None for each in (self.tempo, self.length, self.genre, self.excluded_id))

    def matches(self, track: Track) -> bool:
        """True if `track` meets every criterion; an unknown tempo, length or genre meets none."""
        return (
            (self.tempo is None or self.time_feel_of(track) is not None)
            and track.asset_id != self.excluded_id
            and (self.length is None or (track.duration is not None and track.duration in self.length))
            and (self.genre is None or genre_key(track.genre or "") == genre_key(self.genre))
        )

    @property
    def accepted_tempos(self) -> Mapping[TimeFeel, Span]:
        """The notated tempos that match, by time feel; empty if every tempo matches."""
        if self.tempo is None:
            return {}
        if not self.half_double:
            return {"full": self.tempo}
        return {"full": self.tempo, "half": self.tempo.scaled(0.5), "double": self.tempo.scaled(2)}

    def time_feel_of(self, track: Track) -> TimeFeel | None:
        """The time feel at which `track` matches the tempo, or None if it doesn't."""
        beats = 0 if track.bpm is None else round(track.bpm)
        return next((time for time, tempo in self.accepted_tempos.items() if beats and beats in tempo), None)


class Query(msgspec.Struct, frozen=True):
    """A request to the search service: the part of a search that the service can evaluate."""

    text: str
    genres: tuple[str, ...] = ()
    """Tracks of any of these genres match; empty for every genre."""
    length: Span | None = None

    @property
    def digest(self) -> bytes:
        """The cache key: equal for queries that the service answers alike."""
        normalised = (fold(self.text), "\n".join(sorted(map(genre_key, self.genres))), self.length)
        return hashlib.blake2b(msgspec.msgpack.encode(normalised), digest_size=16).digest()


class Window(msgspec.Struct, frozen=True, omit_defaults=True):
    """One API response: up to WINDOW_SIZE consecutive tracks of the list of matches.

    Stored as msgpack under its field names.
    """

    tracks: tuple[Track, ...]
    start: int
    end: int
    """The offset of the next window; equal to `start` if the response was empty."""
    total: int | None = None
    """The service's count of all matches, or None if it gave none."""
    method: str = "semantic"
    """The service's search method: "semantic", "text", or a newer one such as "id"."""
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
    """A search with its paging position."""

    search_id: int
    guild_id: int
    member_id: int
    search: Search
    private: bool
    page: int
    """The number of the current page, from 1; 0 before the first."""
    previous_page: int
    """The page before the last change of `page`."""
    created_at: float
    """In seconds since the epoch."""
    rules_version: int = 0
    """The version of the server's filter rules when this was read."""

    @classmethod
    def unsaved(cls, search: Search, *, guild_id: int, member_id: int, now: float) -> Self:
        """A search that is run once and not stored."""
        return cls(0, guild_id, member_id, search, private=True, page=1, previous_page=0, created_at=now)


class HiddenTrack(msgspec.Struct, frozen=True):
    """A track that matches a search, and the filter rule that hides it."""

    track: Track
    rule: Rule


class Fallback(msgspec.Struct, frozen=True):
    """The reason and the age of results that are shown in place of a fresh API response."""

    reason: str
    """A whole sentence."""
    fetched_at: float | None
    """The time of the cached response in seconds since the epoch; None for tracks of many responses."""


class Page(msgspec.Struct, frozen=True):
    """Up to PAGE_SIZE tracks, and the facts of the headline above them."""

    number: int
    tracks: tuple[Track, ...]
    search: Search
    method: str
    matched_artist: str | None
    featured_artist: str | None
    """The artist whose own tracks come first in each window."""
    featured_count: int
    """The number of `found` tracks by the featured artist."""
    total: int | None
    """The service's count of matches, before this bot's own filtering."""
    found: int
    """The number of examined tracks that match and are visible."""
    examined: int
    """The number of the service's matches that have been examined."""
    fallback: Fallback | None
    """Set if the service didn't answer and the tracks come from earlier responses."""
    continuation: Literal["next page", "keep looking", "end"]
    """The effect of ▶: show the next page, examine more matches to fill this page, or none."""
    hidden: tuple[HiddenTrack, ...] = ()
    """Examined tracks that match but are hidden by the server's filters."""
    allowed_genres: tuple[str, ...] = ()
    """The server's allow-list, if the query used it in place of a genre."""

    @property
    def is_narrowed(self) -> bool:
        """True if `total` counts tracks that are not shown.

        The service filters by genre and length itself; this bot drops only those that it returns anyway.
        """
        filtered = self.search.genre is not None or self.search.length is not None
        return self.search.tempo is not None or bool(self.hidden) or (filtered and self.found < self.examined)


def is_asset_id(text: str) -> bool:
    """True if `text` is a Roblox asset id: up to 20 ASCII digits."""
    return _ASSET_ID.fullmatch(text) is not None
