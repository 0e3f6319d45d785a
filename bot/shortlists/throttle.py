"""Throttle: coalesces updates per key, with a pause after each; Backoff: skips rounds after failures."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from cachetools import LRUCache

PAUSE_SECONDS: Final = 2.0
"""From the end of one update of a key to the beginning of its next."""

_MAX_KEYS: Final = 10_000
_MAX_ROUNDS: Final = 60


class Throttle:
    """Runs `update` for a key at most once every two seconds, and always once after the last request."""

    def __init__(
        self, update: Callable[[int], Awaitable[None]], *, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        """`sleep` takes seconds."""
        self._update = update
        self._sleep = sleep
        self._scheduled: set[int] = set()
        self._held_off: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._first_pause: asyncio.Future[None] | None = None
        """Delays the first updates of all keys: another process may have updated them just before."""

    def schedule(self, key: int) -> None:
        """Update `key` as soon as its pause is over; a key that is scheduled already is updated once."""
        self._scheduled.add(key)
        self._start(key)

    def hold_off(self, key: int) -> None:
        """Begin the pause of `key` now: it shows the newest state, because it has just been sent."""
        self._held_off.add(key)
        self._start(key)

    def stop(self) -> None:
        """Cancel all updates and pauses."""
        if self._first_pause is not None:
            self._first_pause.cancel()
        for task in self._tasks.values():
            task.cancel()

    def _start(self, key: int) -> None:
        if self._first_pause is None:
            self._first_pause = asyncio.ensure_future(self._sleep(PAUSE_SECONDS))
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._run(key))

    async def _run(self, key: int) -> None:
        try:
            if self._first_pause is not None and key not in self._held_off:
                await asyncio.wait((self._first_pause,))
            while key in self._scheduled or key in self._held_off:
                if key in self._held_off:
                    self._held_off.discard(key)
                else:
                    self._scheduled.discard(key)
                    await self._update(key)
                await self._sleep(PAUSE_SECONDS)
        finally:
            del self._tasks[key]


class Backoff:
    """Counts the rounds to skip after failures: none after the first, then 2, 6, 14, 30, and at most 59."""

    def __init__(self) -> None:
        self._rounds: LRUCache[int, int] = LRUCache(_MAX_KEYS)
        self._left: LRUCache[int, int] = LRUCache(_MAX_KEYS)

    def record_failure(self, key: int) -> None:
        rounds = min(_MAX_ROUNDS, 2 * self._rounds.get(key, 0) + 1)
        self._rounds[key], self._left[key] = rounds, rounds - 1

    def record_success(self, key: int) -> None:
        self._rounds.pop(key, None)
        self._left.pop(key, None)

    def count_round(self, key: int) -> bool:
        """Count one round for `key`; call it once a round. True if `key` is to be tried in this round."""
        left = self._left.get(key, 0)
        if left:
            self._left[key] = left - 1
        return left == 0
