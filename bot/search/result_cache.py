"""ResultCache: the service's responses, as windows of results and as single tracks."""

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
"""Windows; about 60 KB each."""

_INDEXED_CACHE_SIZE: Final = 20_000
"""Asset ids that are known to be indexed; some 3 MB."""

_DAY_SECONDS: Final = 24 * 60 * 60.0

_log = logging.getLogger(__name__)


class ResultCache:
    """The database holds everything; a memory cache in front of it holds the latest windows."""

    def __init__(self, *, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._windows: LRUCache[tuple[bytes, int], Window] = LRUCache(_WINDOW_CACHE_SIZE)
        self._indexed: dict[str, int] = {}
        self._storing: set[asyncio.Task[None]] = set()

    async def get(self, query: Query, start: int, *, since: float) -> Window | None:
        """The window that begins at `start`, or None if there is none fetched at or after `since`."""
        key = (query.digest, start)
        window = self._in_memory(key, since)
        if window is None:
            window = await self._database.windows.get(*key, since=since)
            if window is None:
                return self._in_memory(key, since)  # another caller may have put it meanwhile
            record_source("stored")
            self._windows[key] = window
        return window

    def _in_memory(self, key: tuple[bytes, int], since: float) -> Window | None:
        window = self._windows.get(key)
        if window is None or window.fetched_at < since:
            return None
        record_source("memory")
        return window

    @property
    def cached_windows(self) -> int:
        """The number of windows in memory."""
        return len(self._windows)

    async def search_tracks(self, search: Search, query: Query, limit: int = WINDOW_SIZE) -> Window | None:
        """A keyword search of all stored tracks, or None if nothing matches.

        `query` is the request to the service for `search`.
        """
        tempos = list(search.accepted_tempos.values())
        found = tuple(await self._database.tracks.search(query, tempos, keywords(search.text), limit))
        return Window(found, start=0, end=len(found), total=len(found), method="text") if found else None

    def put(self, query: Query, window: Window) -> None:
        """Cache a response; it is stored in the background, so the caller is not kept waiting."""
        self._windows[(query.digest, window.start)] = window
        storing = asyncio.create_task(self._store(query, window))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)

    async def _store(self, query: Query, window: Window) -> None:
        try:
            await self._database.windows.put(query.digest, window)
        except StorageError as error:  # the caller still has the response
            _log.error("A response could not be stored: %r", error.__cause__)
        await self._index_tracks(window)

    async def flush(self) -> None:
        """Wait until everything that was put is stored."""
        await asyncio.gather(*self._storing)

    async def canonical_genres(self, query: Query) -> tuple[Query, bool]:
        """`query` with its genres in the service's spelling, and True if all of them are known."""
        if not query.genres:
            return query, True
        spellings = await self._database.genres.get_canonical_names(query.genres)
        genres = dict.fromkeys(spellings.get(genre_key(genre), genre) for genre in query.genres)
        is_known = all(genre_key(genre) in spellings for genre in query.genres)
        return replace(query, genres=tuple(genres)), is_known

    async def suggest_genres(self, text: str, limit: int) -> list[str]:
        """Known genres that contain `text`, the most frequent first; none if the database fails."""
        try:
            return await self._database.genres.suggest(text, limit=limit)
        except StorageError as error:
            _log.error("Genres could not be suggested: %r", error.__cause__)
            return []

    async def _index_tracks(self, window: Window) -> None:
        """Index the tracks that are new, changed or not seen today: most were, in other responses."""
        today = int(self._clock() // _DAY_SECONDS)
        seen = {track.asset_id: hash((track, today)) for track in window.tracks}
        new = [track for track in window.tracks if self._indexed.get(track.asset_id) != seen[track.asset_id]]
        if not new:
            return
        try:
            await self._database.tracks.put(new, self._clock())
            await self._database.genres.add(Counter(track.genre for track in new if track.genre))
        except StorageError as error:
            _log.error("Tracks could not be indexed: %r", error.__cause__)
            return
        if len(self._indexed) > _INDEXED_CACHE_SIZE:
            self._indexed.clear()
        self._indexed |= seen
