"""CircuitBreaker: stops requests to the search service while it rejects them."""

import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from bot.database import Database
from bot.errors import AudioScapeError, KeyRefused, QueryRefused, RateLimited, StorageError

_Stored = TypeVar("_Stored")

MAX_OPEN_SECONDS: Final = 15 * 60
"""The longest wait after a 429, whatever its Retry-After says."""

MIN_BACKOFF_SECONDS: Final = 5.0
MAX_BACKOFF_SECONDS: Final = 5 * 60.0
"""The wait after a 429 without Retry-After doubles, from the first of these to the second."""

PROBE_SECONDS: Final = 60.0
"""The interval at which a refused key is tried again."""

_log = logging.getLogger(__name__)


class CircuitBreaker:
    """Open until Retry-After (stored) after a 429; half-open, one probe a minute, after a 401 or 403.

    Each request goes through `claim_probe`, `before_call` and `start_call`, then `record_success` or
    `record_failure`.
    """

    def __init__(
        self, *, database: Database, clock: Callable[[], float], wall_clock: Callable[[], float]
    ) -> None:
        self._state = database.circuit
        self._clock = clock
        self._wall_clock = wall_clock
        self._open_until = 0.0
        """A copy of the stored time, in case the database can't be written."""
        self._has_tripped = False
        """True from a 429 until the service has answered."""
        self._key_refused_at: float | None = None
        self._next_probe_at = 0.0

    @contextmanager
    def claim_probe(self) -> Iterator[None]:
        """Claim the one request of a minute while the key is refused; release it if the block raises.

        The claim is made before anything is awaited, so concurrent requests can't share it.
        Raises KeyRefused if the probe of this minute is claimed already.
        """
        if self._key_refused_at is None:
            yield
            return
        now = self._clock()
        if now < self._next_probe_at:
            raise KeyRefused("not tried again yet")
        unclaimed = self._next_probe_at
        claim = self._next_probe_at = now + PROBE_SECONDS
        try:
            yield
        except BaseException:
            if self._next_probe_at == claim:
                self._next_probe_at = unclaimed
            raise

    async def before_call(self) -> None:
        """Raises RateLimited while the circuit is open."""
        now = self._clock()
        open_until, self._has_tripped = await self._state.clamp_and_get(now + MAX_OPEN_SECONDS)
        self._open_until = min(self._open_until, now + MAX_OPEN_SECONDS)
        open_until = max(open_until, self._open_until)
        if open_until > now:
            raise self._rate_limited(open_until, "the circuit is open")

    def start_call(self) -> float:
        """The start of a request, to be passed to `record_success` or `record_failure`."""
        return self._clock()

    async def record_success(self, started_at: float) -> None:
        """Record an answered request: the key works, and the service takes requests."""
        self._accept_key(started_at)
        if self._has_tripped:
            self._has_tripped = False
            await self._store(self._state.reset())

    async def record_failure(self, error: AudioScapeError, started_at: float) -> AudioScapeError:
        """Record a failed request; returns the error for the member."""
        if isinstance(error, RateLimited):
            return await self._trip(error)
        if isinstance(error, KeyRefused):
            self._refuse_key()
        elif isinstance(error, QueryRefused):
            self._accept_key(started_at)
        return error

    async def _trip(self, error: RateLimited) -> RateLimited:
        now = self._clock()
        seconds = None if error.retry_after is None else min(error.retry_after, MAX_OPEN_SECONDS)
        change = self._state.trip(
            now, seconds, min_seconds=MIN_BACKOFF_SECONDS, max_seconds=MAX_BACKOFF_SECONDS
        )
        self._open_until = await self._store(change) or now + (seconds or MIN_BACKOFF_SECONDS)
        self._has_tripped = True
        _log.warning("AudioScape takes no requests for %.0f seconds", self._open_until - now)
        return self._rate_limited(self._open_until, error.detail)

    async def _store(self, change: Awaitable[_Stored]) -> _Stored | None:
        """The result of `change`; None if the database fails, as that must not hide the service's error."""
        try:
            return await change
        except StorageError as error:
            _log.error("The state of the circuit breaker could not be stored: %r", error.__cause__)
            return None

    def _rate_limited(self, open_until: float, detail: str) -> RateLimited:
        wait = open_until - self._clock()
        return RateLimited(detail, retry_after=wait, retry_at=self._wall_clock() + wait)

    def _refuse_key(self) -> None:
        if self._key_refused_at is None:
            _log.critical(
                "AudioScape refuses the key in AUDIOSCAPE_API_KEY: nobody can search. "
                "Replace it and restart; until then it is tried once a minute"
            )
        self._key_refused_at = self._clock()
        self._next_probe_at = self._key_refused_at + PROBE_SECONDS

    def _accept_key(self, started_at: float) -> None:
        """Close the circuit again; the answer to a request made before the key was refused proves nothing."""
        if self._key_refused_at is not None and started_at > self._key_refused_at:
            _log.warning("AudioScape accepts the key again")
            self._key_refused_at = None
