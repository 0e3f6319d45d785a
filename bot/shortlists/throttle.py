"""Turns: what is wanted ever so often is done now and then, and always once more after it was wanted last."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from cachetools import LRUCache

PAUSE_SECONDS: Final = 2.0
"""From the end of one turn to the beginning of the next."""

_KEYS: Final = 10_000
_MOST_ROUNDS: Final = 60


class Throttle:
    """Each key has turns of its own: the first at once, where there was none lately."""

    def __init__(
        self, do: Callable[[int], Awaitable[None]], *, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._do = do
        self._sleep = sleep
        self._wanted: set[int] = set()
        self._resting: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._beginning: asyncio.Future[None] | None = None
        """What another process did just before this one is unknown, and so every key rests once."""

    def schedule(self, key: int) -> None:
        """Do it for `key` as soon as it may be done; what is wanted already is not wanted twice."""
        self._wanted.add(key)
        self._start(key)

    def hold_off(self, key: int) -> None:
        """Begin with the pause: it has just been done elsewhere."""
        self._resting.add(key)
        self._start(key)

    def stop(self) -> None:
        if self._beginning is not None:
            self._beginning.cancel()
        for task in self._tasks.values():
            task.cancel()

    def _start(self, key: int) -> None:
        if self._beginning is None:
            self._beginning = asyncio.ensure_future(self._sleep(PAUSE_SECONDS))
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._take(key))

    async def _take(self, key: int) -> None:
        try:
            if self._beginning is not None and key not in self._resting:
                await asyncio.wait((self._beginning,))
            while key in self._wanted or key in self._resting:
                if key in self._resting:
                    self._resting.discard(key)
                else:
                    self._wanted.discard(key)
                    await self._do(key)
                await self._sleep(PAUSE_SECONDS)
        finally:
            del self._tasks[key]


class Backoff:
    """What has failed is passed over for some rounds: for none the first time, then for more and more."""

    def __init__(self) -> None:
        self._rounds: LRUCache[int, int] = LRUCache(_KEYS)
        self._left: LRUCache[int, int] = LRUCache(_KEYS)

    def add(self, key: int) -> None:
        rounds = min(_MOST_ROUNDS, 2 * self._rounds.get(key, 0) + 1)
        self._rounds[key], self._left[key] = rounds, rounds - 1

    def are_over(self, key: int) -> bool:
        """Whether it is time to try `key` again; to be asked once a round."""
        left = self._left.get(key, 0)
        if left:
            self._left[key] = left - 1
        return left == 0

    def clear(self, key: int) -> None:
        self._rounds.pop(key, None)
        self._left.pop(key, None)
