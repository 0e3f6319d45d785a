"""PageBuilder: builds one page from consecutive windows of results."""

from collections.abc import Iterable
from typing import Literal

from bot.filters.matching import Filters
from bot.models.search import PAGE_SIZE, Fallback, HiddenTrack, Page, Search, Track, Window
from bot.text import fold


class PageBuilder:
    """Page n is the n-th group of PAGE_SIZE matching, visible tracks, counted from the first window."""

    def __init__(self, search: Search, number: int, filters: Filters) -> None:
        self._search = search
        self._record_or_keeps = filters
        self._hidden: list[HiddenTrack] = []
        self._number = number
        self._first: Window | None = None
        self._last: Window | None = None
        self._matches: list[Track] = []
        self._seen: set[str] = set()
        self._fallback: Fallback | None = None

    @property
    def next_start(self) -> int:
        """The offset of the next window to add."""
        return 0 if self._last is None else self._last.end

    @property
    def is_complete(self) -> bool:
        """True if further windows would not change the tracks of the page."""
        return len(self._matches) >= self._number * PAGE_SIZE or self.is_at_end

    @property
    def is_at_end(self) -> bool:
        return self._last is not None and self._last.is_last

    @property
    def is_full(self) -> bool:
        """True if the page is full and no track of the following page is known yet."""
        return len(self._matches) == self._number * PAGE_SIZE

    @property
    def found(self) -> int:
        """The number of matching tracks, on this page and the pages before it."""
        return len(self._matches)

    @property
    def has_tracks(self) -> bool:
        """True if the page has at least one track."""
        return len(self._matches) > (self._number - 1) * PAGE_SIZE

    def add(self, window: Window, fallback: Fallback | None = None) -> None:
        """Add the window that begins at `next_start`; a repeated track is dropped."""
        self._fallback = self._fallback or fallback
        self._first = self._first or window
        self._last = window
        new = {track.asset_id: track for track in window.tracks if track.asset_id not in self._seen}
        self._seen.update(new)
        matches: Iterable[Track] = new.values()
        if self._search.has_criteria:
            matches = filter(self._search.matches, matches)
        if self._record_or_keeps.rules:
            matches = filter(self._record_or_keep, matches)
        artist = featured_artist(self._search, self._first)
        if artist is not None:
            matches = sorted(matches, key=lambda track: not is_by(track, artist))
        self._matches += matches

    def _record_or_keep(self, track: Track) -> bool:
        """True if `track` is visible; a hidden one is recorded."""
        rule = self._record_or_keeps.hiding_rule(track)
        if rule is not None:
            self._hidden.append(HiddenTrack(track, rule))
        return rule is None

    def page(self) -> Page:
        """The page as built so far. Raises ValueError if no window was added."""
        if self._first is None:
            raise ValueError("no window was added")
        end = self._number * PAGE_SIZE
        artist = featured_artist(self._search, self._first)
        matched = self._first.matched_artist
        return Page(
            number=self._number,
            tracks=tuple(self._matches[end - PAGE_SIZE : end]),
            search=self._search,
            method=self._first.method,
            matched_artist=None
            if matched is None or self._record_or_keeps.hides_artist(matched)
            else matched,
            featured_artist=artist,
            featured_count=sum(is_by(track, artist) for track in self._matches) if artist else 0,
            total=self._first.total,
            found=len(self._matches),
            examined=self.next_start,
            hidden=tuple(self._hidden),
            allowed_genres=tuple(self._record_or_keeps.allowed_genres) if self._search.genre is None else (),
            fallback=self._fallback,
            continuation=self._continuation(end),
        )

    def _continuation(self, end: int) -> Literal["next page", "keep looking", "end"]:
        if len(self._matches) > end:
            return "next page"
        if self.is_at_end:
            return "end"
        return "next page" if len(self._matches) == end else "keep looking"


def featured_artist(search: Search, window: Window) -> str | None:
    """The artist whose own tracks come first: the one the service recognised, else the one searched for."""
    return window.matched_artist or (search.text if search.kind == "artist" else None)


def is_by(track: Track, artist: str) -> bool:
    """True if `track` is by `artist`, rather than in their style."""
    return track.artist is not None and fold(track.artist) == fold(artist)
