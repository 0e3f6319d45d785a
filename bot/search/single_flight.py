"""SingleFlight: one request for all concurrent callers of a key, paid for by the first who can pay."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Result = TypeVar("_Result")


class _Call(Generic[_Result]):
    """A request under way: `paid` is True once it is paid for, False if it can't be; `result` is its task."""

    __slots__ = ("paid", "result")

    paid: asyncio.Future[bool]
    result: asyncio.Task[_Result]


class SingleFlight(Generic[_Key, _Result]):
    def __init__(self) -> None:
        self._calls: dict[_Key, _Call[_Result]] = {}

    async def join(
        self, key: _Key, pay: Callable[[], Awaitable[None]], fetch: Callable[[], Awaitable[_Result]]
    ) -> asyncio.Task[_Result]:
        """The task that fetches the result of `key`, once it is paid for.

        The task is shared: await it through `asyncio.shield`. Raises what the caller's own `pay` raises;
        if the payment of another caller fails, the next one pays.
        """
        while True:
            call = self._calls.get(key)
            is_own = call is None
            if call is None:
                call = self._start(key, pay, fetch)
            if await asyncio.shield(call.paid):
                return call.result
            if is_own:
                await call.result  # raises what `pay` raised

    def _start(
        self, key: _Key, pay: Callable[[], Awaitable[None]], fetch: Callable[[], Awaitable[_Result]]
    ) -> _Call[_Result]:
        call = self._calls[key] = _Call()
        call.paid = asyncio.get_running_loop().create_future()
        call.result = asyncio.create_task(_run(call, pay, fetch))
        call.result.add_done_callback(partial(self._end, key))
        return call

    def _end(self, key: _Key, result: asyncio.Task[_Result]) -> None:
        call = self._calls.pop(key)
        if not call.paid.done():
            call.paid.set_result(False)
        if not result.cancelled():
            result.exception()  # no warning that it was never retrieved: its callers may have stopped waiting


async def _run(
    call: _Call[_Result], pay: Callable[[], Awaitable[None]], fetch: Callable[[], Awaitable[_Result]]
) -> _Result:
    await pay()
    call.paid.set_result(True)
    return await fetch()
