"""PageBuilder: fills one page from windows, in order, with the tracks that a search wants."""

from collections.abc import Iterable
from typing import Literal

from bot.filters.matching import Filters
from bot.models.search import PAGE_SIZE, Fallback, HiddenTrack, Page, Search, Track, Window
from bot.text import fold


class PageBuilder:
    """Page n is the n-th group of PAGE_SIZE wanted tracks, counted from the first window on."""

    def __init__(self, search: Search, number: int, filters: Filters) -> None:
        self._search = search
        self._filters = filters
        self._hidden: list[HiddenTrack] = []
        self._number = number
        self._first: Window | None = None
        self._last: Window | None = None
        self._wanted: list[Track] = []
        self._seen: set[str] = set()
        self._remembered: Fallback | None = None

    @property
    def next_start(self) -> int:
        return 0 if self._last is None else self._last.end

    @property
    def is_complete(self) -> bool:
        """Whether further windows would not change the page."""
        return len(self._wanted) >= self._number * PAGE_SIZE or self.is_at_end

    @property
    def is_at_end(self) -> bool:
        return self._last is not None and self._last.is_last

    @property
    def is_full(self) -> bool:
        """Whether the page is full to the last place, and nothing is gathered beyond it yet."""
        return len(self._wanted) == self._number * PAGE_SIZE

    @property
    def found(self) -> int:
        """How many wanted tracks there were so far, on this page and before it."""
        return len(self._wanted)

    @property
    def has_something(self) -> bool:
        return len(self._wanted) > (self._number - 1) * PAGE_SIZE

    def add(self, window: Window, fallback: Fallback | None = None) -> None:
        """Take in the window that begins at `next_start`; a track that came before is not taken again."""
        self._remembered = self._remembered or fallback
        self._first = self._first or window
        self._last = window
        new = {track.asset_id: track for track in window.tracks if track.asset_id not in self._seen}
        self._seen.update(new)
        wanted: Iterable[Track] = new.values()
        if self._search.has_wishes:
            wanted = filter(self._search.wants, wanted)
        if self._filters.rules:
            wanted = filter(self._is_shown, wanted)
        artist = featured_artist(self._search, self._first)
        if artist is not None:
            wanted = sorted(wanted, key=lambda track: not is_by(track, artist))
        self._wanted += wanted

    def _is_shown(self, track: Track) -> bool:
        rule = self._filters.hiding_rule(track)
        if rule is not None:
            self._hidden.append(HiddenTrack(track, rule))
        return rule is None

    def page(self) -> Page:
        """What has been gathered; at least one window must have been added."""
        if self._first is None:
            raise ValueError("no window was added")
        end = self._number * PAGE_SIZE
        artist = featured_artist(self._search, self._first)
        matched = self._first.matched_artist
        return Page(
            number=self._number,
            tracks=tuple(self._wanted[end - PAGE_SIZE : end]),
            search=self._search,
            method=self._first.method,
            matched_artist=None if matched is None or self._filters.hides_artist(matched) else matched,
            featured_artist=artist,
            own_tracks=sum(is_by(track, artist) for track in self._wanted) if artist else 0,
            total=self._first.total,
            found=len(self._wanted),
            looked_at=self.next_start,
            hidden=tuple(self._hidden),
            allowed_genres=tuple(self._filters.allowed_genres) if self._search.genre is None else (),
            fallback=self._remembered,
            more=self._more(end),
        )

    def _more(self, end: int) -> Literal["page", "further", "none"]:
        if len(self._wanted) > end:
            return "page"
        if self.is_at_end:
            return "none"
        return "page" if len(self._wanted) == end else "further"


def featured_artist(search: Search, window: Window) -> str | None:
    """Whose own tracks come first: the artist recognised, else the one that was asked for."""
    return window.matched_artist or (search.text if search.kind == "artist" else None)


def is_by(track: Track, artist: str) -> bool:
    """Whether `track` is by `artist`, and not just in their style."""
    return track.artist is not None and fold(track.artist) == fold(artist)
