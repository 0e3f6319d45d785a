"""Asks the search service from outside the simulation, whose clock stands still while the bot is awaited."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
