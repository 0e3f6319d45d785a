"""What goes on outside the simulation, whose clock stands still: the search service is asked, time passes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeAlias, TypeVar

import simcord

from bot.audioscape.client import AudioScape
from bot.errors import AudioScapeError
from bot.models.search import Query, Window

_Brought = TypeVar("_Brought")
_Errand: TypeAlias = tuple[Callable[[], Coroutine[Any, Any, Any]], "asyncio.Future[Any]"]


class RealTimeRunner:
    """Runs errands in a task that was there before the simulation began, and so keeps real time."""

    def __init__(self) -> None:
        self._wanted: asyncio.Queue[_Errand] = asyncio.Queue()

    def send(self, errand: Callable[[], Coroutine[Any, Any, _Brought]]) -> "asyncio.Future[_Brought]":
        """What the errand brings, or the AudioScapeError that it meets."""
        brought: asyncio.Future[_Brought] = asyncio.get_running_loop().create_future()
        self._wanted.put_nowait((errand, brought))
        return brought

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Enter this before the simulation."""
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            work.cancel()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as errands:
            while True:
                errands.create_task(self._run(*await self._wanted.get()))

    async def _run(
        self, errand: Callable[[], Coroutine[Any, Any, Any]], brought: "asyncio.Future[Any]"
    ) -> None:
        try:
            outcome = await errand()
        except AudioScapeError as error:
            if not brought.done():  # whoever wanted it may have given up
                brought.set_exception(error)
        else:
            if not brought.done():
                brought.set_result(outcome)


class RealTimeAudioScape(AudioScape):
    """Asks the search service from outside."""

    def __init__(self, *, url: str, key: str, outside: RealTimeRunner) -> None:
        super().__init__(url=url, key=key)
        self._outside = outside

    async def search(self, query: Query, start: int) -> Window:
        search = super().search
        return await self._outside.send(lambda: search(query, start))


class RealTimePauses:
    """Lets real time pass for pauses inside the simulation."""

    def __init__(self, outside: RealTimeRunner) -> None:
        self._outside = outside
        self.env: simcord.Env | None = None

    async def sleep(self, seconds: float) -> None:
        """Nobody else in the simulation waits for it."""
        over = self._outside.send(lambda: asyncio.sleep(seconds))
        if self.env is not None:
            await self.env.external_wait(over, reason="a pause between edits")
