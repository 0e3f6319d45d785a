"""Door: keeps everybody from asking the search service for as long as it doesn't want to be asked."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from bot.database import Database
from bot.errors import AudioScapeError, KeyRefused, QueryRefused, RateLimited, StorageError

_Kept = TypeVar("_Kept")

LONGEST_SECONDS: Final = 15 * 60
"""However long the service says that we should wait."""

SHORTEST_BACKOFF: Final = 5.0
LONGEST_BACKOFF: Final = 5 * 60.0
KEY_SECONDS: Final = 60.0
"""How often a key that was refused is tried again."""

_log = logging.getLogger(__name__)


class CircuitBreaker:
    """Closed by a 429 until it says, kept in the database; ajar, for one request a minute, after a 401."""

    def __init__(
        self, *, database: Database, clock: Callable[[], float], wall_clock: Callable[[], float]
    ) -> None:
        self._state = database.circuit
        self._clock = clock
        self._wall_clock = wall_clock
        self._closed_until = 0.0
        self._is_counting = False
        self._key_refused_at: float | None = None
        self._key_tried_again_at = 0.0

    async def before_call(self) -> None:
        """Raises RateLimited or KeyRefused where the service must not be asked now."""
        now = self._clock()
        if self._key_refused_at is not None and now < self._key_tried_again_at:
            raise KeyRefused("not tried again yet")
        closed_until, self._is_counting = await self._state.get(now + LONGEST_SECONDS)
        self._closed_until = min(self._closed_until, now + LONGEST_SECONDS)
        closed_until = max(closed_until, self._closed_until)
        if closed_until > now:
            raise self._closed(closed_until, "the door is closed")

    def start_call(self) -> float:
        """Ask now; returns the moment, to be given to `answered`."""
        now = self._clock()
        self._key_tried_again_at = now + KEY_SECONDS
        return now

    async def record_failure(self, error: AudioScapeError, entered_at: float) -> AudioScapeError:
        """Learn from a request that failed; returns the error that the member should read."""
        if isinstance(error, RateLimited):
            return await self._close(error)
        if isinstance(error, KeyRefused):
            self._refuse_key()
        elif isinstance(error, QueryRefused):
            self._accept_key(entered_at)
        return error

    async def record_success(self, entered_at: float) -> None:
        """Learn from a request that was answered: the key works, and the service takes searches."""
        self._accept_key(entered_at)
        if self._is_counting:
            self._is_counting = False
            await self._keep(self._state.reset())

    async def _close(self, error: RateLimited) -> RateLimited:
        now = self._clock()
        seconds = None if error.retry_after is None else min(error.retry_after, LONGEST_SECONDS)
        closing = self._state.trip(now, seconds, min_seconds=SHORTEST_BACKOFF, max_seconds=LONGEST_BACKOFF)
        self._closed_until = await self._keep(closing) or now + (seconds or SHORTEST_BACKOFF)
        self._is_counting = True
        _log.warning("AudioScape wants to be left alone for %.0f seconds", self._closed_until - now)
        return self._closed(self._closed_until, error.detail)

    async def _keep(self, change: Awaitable[_Kept]) -> _Kept | None:
        """An answer, or the reason why there is none, is not lost because the database can't be written."""
        try:
            return await change
        except StorageError as error:
            _log.error("The door's state could not be stored: %r", error.__cause__)
            return None

    def _closed(self, closed_until: float, detail: str) -> RateLimited:
        wait = closed_until - self._clock()
        return RateLimited(detail, retry_after=wait, retry_at=self._wall_clock() + wait)

    def _refuse_key(self) -> None:
        if self._key_refused_at is None:
            _log.critical(
                "AudioScape refuses the key in AUDIOSCAPE_API_KEY: nobody can search. "
                "Replace it and restart; until then it is tried once a minute"
            )
        self._key_refused_at = self._clock()
        self._key_tried_again_at = self._key_refused_at + KEY_SECONDS

    def _accept_key(self, entered_at: float) -> None:
        """An answer to what was asked before the key was refused says nothing."""
        if self._key_refused_at is not None and entered_at > self._key_refused_at:
            _log.warning("AudioScape accepts the key again")
            self._key_refused_at = None
