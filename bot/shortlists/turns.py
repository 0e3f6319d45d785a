"""Turns: what is wanted ever so often is done now and then, and always once more after it was wanted last."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

PAUSE_SECONDS: Final = 2.0
"""From the end of one turn to the beginning of the next."""


class Turns:
    """Each key has turns of its own: the first at once, where there was none lately."""

    def __init__(
        self, do: Callable[[int], Awaitable[None]], *, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._do = do
        self._sleep = sleep
        self._wanted: set[int] = set()
        self._resting: set[int] = set()
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def want(self, key: int) -> None:
        """Do it for `key` as soon as it may be done; what is wanted already is not wanted twice."""
        self._wanted.add(key)
        self._start(key)

    def rest(self, key: int) -> None:
        """Begin with the pause: it has just been done elsewhere."""
        self._resting.add(key)
        self._start(key)

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    def _start(self, key: int) -> None:
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._take(key))

    async def _take(self, key: int) -> None:
        try:
            while key in self._wanted or key in self._resting:
                if key in self._resting:
                    self._resting.discard(key)
                else:
                    self._wanted.discard(key)
                    await self._do(key)
                await self._sleep(PAUSE_SECONDS)
        finally:
            del self._tasks[key]
