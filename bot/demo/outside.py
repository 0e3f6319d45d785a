"""What goes on outside the simulation, whose clock stands still: the search service is asked, time passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import simcord

from bot.audioscape import AudioScape
from bot.errors import AudioScapeError
from bot.models import Query, Window


class OutsideAudioScape(AudioScape):
    """Hands each search to a task that was there before the simulation began, and so keeps real time."""

    def __init__(self, *, url: str, key: str) -> None:
        super().__init__(url=url, key=key)
        self._wanted: asyncio.Queue[tuple[Query, int, asyncio.Future[Window]]] = asyncio.Queue()

    async def search(self, query: Query, start: int) -> Window:
        answer: asyncio.Future[Window] = asyncio.get_running_loop().create_future()
        self._wanted.put_nowait((query, start, answer))
        return await answer

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Enter this before the simulation."""
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            work.cancel()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as searches:
            while True:
                searches.create_task(self._answer(*await self._wanted.get()))

    async def _answer(self, query: Query, start: int, answer: asyncio.Future[Window]) -> None:
        try:
            window = await super().search(query, start)
        except AudioScapeError as error:
            answer.set_exception(error)
        else:
            answer.set_result(window)


class OutsideClock:
    """Lets real time pass for pauses inside the simulation."""

    def __init__(self) -> None:
        self._wanted: asyncio.Queue[tuple[float, asyncio.Future[None]]] = asyncio.Queue()
        self.env: simcord.Env | None = None

    async def sleep(self, seconds: float) -> None:
        """Nobody else in the simulation waits for it."""
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._wanted.put_nowait((seconds, over))
        if self.env is not None:
            await self.env.external_wait(over, reason="a pause between edits")

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Enter this before the simulation."""
        work = asyncio.create_task(self._work())
        try:
            yield
        finally:
            work.cancel()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as pauses:
            while True:
                pauses.create_task(self._end(*await self._wanted.get()))

    async def _end(self, seconds: float, over: asyncio.Future[None]) -> None:
        await asyncio.sleep(seconds)
        if not over.done():
            over.set_result(None)
