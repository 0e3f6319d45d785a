"""Memory: what the search service has answered before, in windows and track by track."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Final

from cachetools import LRUCache

from bot.database import Database
from bot.errors import StorageTrouble
from bot.models import WINDOW_SIZE, Search, Window
from bot.text import keywords

_WINDOWS_AT_HAND: Final = 64
"""About 60 KB each."""

_log = logging.getLogger(__name__)


class Memory:
    """Everything is in the database; the windows used last are at hand as well."""

    def __init__(self, *, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self._at_hand: LRUCache[tuple[bytes, int], Window] = LRUCache(_WINDOWS_AT_HAND)
        self._storing: set[asyncio.Task[None]] = set()

    async def window(self, search: Search, start: int, *, since: float) -> Window | None:
        """The window that begins at `start`, unless the service gave it before `since`."""
        key = (search.digest, start)
        window = self._recent(key, since)
        if window is None:
            window = await self._database.windows.get(*key, since=since)
            if window is None:
                return self._recent(key, since)  # it may have come in while we looked
            self._at_hand[key] = window
        return window

    def _recent(self, key: tuple[bytes, int], since: float) -> Window | None:
        window = self._at_hand.get(key)
        return window if window is not None and window.fetched_at >= since else None

    async def tracks(self, search: Search) -> Window | None:
        """Tracks of any answer that fit `search` by their words; None where there are none."""
        found = tuple(await self._database.tracks.like(search, keywords(search.text), WINDOW_SIZE))
        return Window(found, start=0, end=len(found), total=len(found), method="text") if found else None

    async def keep(self, search: Search, window: Window) -> None:
        """Keep an answer; its tracks are filed behind the caller's back, who has somebody waiting."""
        self._at_hand[(search.digest, window.start)] = window
        try:
            await self._database.windows.put(search.digest, window)
        except StorageTrouble as error:  # the answer is in hand: it can be shown, and asked for again
            _log.error("An answer could not be stored: %r", error.__cause__)
        filing = asyncio.create_task(self._file(window))
        self._storing.add(filing)
        filing.add_done_callback(self._storing.discard)

    async def settle(self) -> None:
        """Wait until all that was kept is filed."""
        await asyncio.gather(*self._storing)

    async def genres(self, text: str, most: int) -> list[str]:
        """Genres seen so far that `text` may mean, best first; none where they can't be read."""
        try:
            return await self._database.genres.like(text, most=most)
        except StorageTrouble as error:
            _log.error("No genres to offer: %r", error.__cause__)
            return []

    async def _file(self, window: Window) -> None:
        try:
            await self._database.tracks.see(window.tracks, self._now())
            await self._database.genres.see(Counter(track.genre for track in window.tracks if track.genre))
        except StorageTrouble as error:
            _log.error("Tracks could not be filed: %r", error.__cause__)
