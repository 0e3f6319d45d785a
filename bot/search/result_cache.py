"""Memory: what the search service has answered before, in windows and track by track."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from typing import Final

from cachetools import LRUCache
from msgspec.structs import replace

from bot.database import Database
from bot.errors import StorageError
from bot.models.search import WINDOW_SIZE, Query, Search, Window
from bot.telemetry.interactions import record_source
from bot.text import genre_key, keywords

_WINDOW_CACHE_SIZE: Final = 256
"""About 60 KB each."""

_MOST_FILED: Final = 20_000
"""Tracks of which we know by heart that they are filed; some 3 MB."""

_DAY_SECONDS: Final = 24 * 60 * 60.0

_log = logging.getLogger(__name__)


class ResultCache:
    """Everything is in the database; the windows used last are at hand as well."""

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._at_hand: LRUCache[tuple[bytes, int], Window] = LRUCache(_WINDOW_CACHE_SIZE)
        self._filed: dict[str, int] = {}
        self._storing: set[asyncio.Task[None]] = set()

    async def get(self, query: Query, start: int, *, since: float) -> Window | None:
        """The window that begins at `start`, unless the service gave it before `since`."""
        key = (query.digest, start)
        window = self._recent(key, since)
        if window is None:
            window = await self._database.windows.get(*key, since=since)
            if window is None:
                return self._recent(key, since)  # it may have come in while we looked
            record_source("stored")
            self._at_hand[key] = window
        return window

    def _recent(self, key: tuple[bytes, int], since: float) -> Window | None:
        window = self._at_hand.get(key)
        if window is None or window.fetched_at < since:
            return None
        record_source("memory")
        return window

    @property
    def cached_windows(self) -> int:
        return len(self._at_hand)

    async def search_tracks(self, search: Search, query: Query, most: int = WINDOW_SIZE) -> Window | None:
        """Tracks of any answer that fit `search` by their words; None where there are none.

        `query` is what the service would be asked for it.
        """
        like = self._database.tracks.search
        found = tuple(await like(query, list(search.tempos.values()), keywords(search.text), most))
        return Window(found, start=0, end=len(found), total=len(found), method="text") if found else None

    def put(self, query: Query, window: Window) -> None:
        """Keep an answer; it is stored behind the caller's back, who has somebody waiting."""
        self._at_hand[(query.digest, window.start)] = window
        storing = asyncio.create_task(self._store(query, window))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)

    async def _store(self, query: Query, window: Window) -> None:
        try:
            await self._database.windows.put(query.digest, window)
        except StorageError as error:  # the answer is in hand: it can be shown, and asked for again
            _log.error("An answer could not be stored: %r", error.__cause__)
        await self._index_tracks(window)

    async def flush(self) -> None:
        """Wait until all that was kept is stored."""
        await asyncio.gather(*self._storing)

    async def canonical_genres(self, query: Query) -> tuple[Query, bool]:
        """`query` with its genres as the service spells them, and whether all of them have been seen."""
        if not query.genres:
            return query, True
        spellings = await self._database.genres.get_canonical_names(query.genres)
        genres = dict.fromkeys(spellings.get(genre_key(genre), genre) for genre in query.genres)
        is_known = all(genre_key(genre) in spellings for genre in query.genres)
        return replace(query, genres=tuple(genres)), is_known

    async def suggest_genres(self, text: str, most: int) -> list[str]:
        """Genres seen so far that `text` may mean, best first; none where they can't be read."""
        try:
            return await self._database.genres.suggest(text, limit=most)
        except StorageError as error:
            _log.error("No genres to offer: %r", error.__cause__)
            return []

    async def _index_tracks(self, window: Window) -> None:
        """File the tracks that are new, or were not seen today: most have been, in other answers."""
        today = int(self._clock() // _DAY_SECONDS)
        seen = {track.asset_id: hash((track, today)) for track in window.tracks}
        new = [track for track in window.tracks if self._filed.get(track.asset_id) != seen[track.asset_id]]
        if not new:
            return
        try:
            await self._database.tracks.put(new, self._clock())
            await self._database.genres.add(Counter(track.genre for track in new if track.genre))
        except StorageError as error:
            _log.error("Tracks could not be filed: %r", error.__cause__)
            return
        if len(self._filed) > _MOST_FILED:
            self._filed.clear()
        self._filed |= seen
