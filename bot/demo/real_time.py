"""RealTimeRunner: runs calls in real time for the simulated Discord, whose clock stands still."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias, TypeVar

import simcord

from bot.audioscape.client import AudioScape
from bot.models.search import Query, Window

_Result = TypeVar("_Result")
_Call: TypeAlias = Callable[[], Coroutine[Any, Any, _Result]]


class RealTimeRunner:
    """Runs calls in tasks of its own, which belong to no simulation and so keep real time."""

    def __init__(self) -> None:
        self._submitted: asyncio.Queue[tuple[_Call[Any], asyncio.Future[Any]]] = asyncio.Queue()

    def submit(self, call: _Call[_Result]) -> "asyncio.Future[_Result]":
        """Run `call`; the future gets its result or its exception."""
        result: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._submitted.put_nowait((call, result))
        return result

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run submitted calls while entered. Enter it before the simulation, and leave it afterwards."""
        worker = asyncio.create_task(self._run_submitted())
        try:
            yield
        finally:
            worker.cancel()
            await asyncio.wait({worker})

    async def _run_submitted(self) -> None:
        tasks: set[asyncio.Task[Any]] = set()
        try:
            while True:
                call, result = await self._submitted.get()
                task = asyncio.create_task(call())
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                task.add_done_callback(partial(_deliver, result))
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _deliver(result: "asyncio.Future[Any]", task: "asyncio.Task[Any]") -> None:
    """Give the future the outcome of its task, unless its caller has stopped waiting."""
    if task.cancelled():
        result.cancel()
        return
    error = task.exception()
    if result.done():
        return
    if error is None:
        result.set_result(task.result())
    else:
        result.set_exception(error)


class RealTimeAudioScape(AudioScape):
    """An AudioScape client whose requests run outside the simulation."""

    def __init__(self, *, url: str, key: str, runner: RealTimeRunner) -> None:
        super().__init__(url=url, key=key)
        self._runner = runner

    async def search(self, query: Query, start: int) -> Window:
        search = super().search
        return await self._runner.submit(lambda: search(query, start))


class RealTimePauses:
    """Pauses of real time for code inside the simulation; `env` is set once the simulation runs."""

    def __init__(self, runner: RealTimeRunner) -> None:
        self._runner = runner
        self.env: simcord.Env | None = None

    async def sleep(self, seconds: float) -> None:
        """Sleep without keeping the rest of the simulation waiting."""
        elapsed = self._runner.submit(lambda: asyncio.sleep(seconds))
        if self.env is None:
            await elapsed
        else:
            await self.env.external_wait(elapsed, reason="a pause between edits")
