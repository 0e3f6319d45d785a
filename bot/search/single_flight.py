"""SingleFlight: one request for all who ask the same at once, paid for by the first of them who can."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Generic, TypeVar

from bot.errors import BotError

_Key = TypeVar("_Key", bound=Hashable)
_Cargo = TypeVar("_Cargo")


class SingleFlight(Generic[_Key, _Cargo]):
    def __init__(self) -> None:
        self._under_way: dict[_Key, tuple[asyncio.Task[None], asyncio.Task[_Cargo]]] = {}

    async def join(
        self, key: _Key, pay: Callable[[], Awaitable[None]], fetch: Callable[[], Awaitable[_Cargo]]
    ) -> asyncio.Task[_Cargo]:
        """The task that fetches what `key` stands for; it is paid for when this returns.

        Shield it when you wait: others do too. Raises what `pay` raises, where nobody else has paid.
        """
        while True:
            is_ours = key not in self._under_way
            paid, cargo = self._under_way[key] if not is_ours else self._start(key, pay, fetch)
            try:
                await asyncio.shield(paid)
            except BotError:
                if is_ours:
                    raise
            else:
                return cargo

    def _start(
        self, key: _Key, pay: Callable[[], Awaitable[None]], fetch: Callable[[], Awaitable[_Cargo]]
    ) -> tuple[asyncio.Task[None], asyncio.Task[_Cargo]]:
        async def carry() -> _Cargo:
            await asyncio.shield(paid)
            return await fetch()

        def end(task: asyncio.Task[Any]) -> None:
            is_over = task is cargo or task.cancelled() or task.exception() is not None
            if is_over and self._under_way.get(key) == (paid, cargo):  # the next one may have taken off
                del self._under_way[key]
            if not task.cancelled():
                task.exception()  # taken note of, for the case that nobody waits for it any more

        async def settle() -> None:
            await pay()

        paid = asyncio.create_task(settle())
        cargo = asyncio.create_task(carry())
        for task in (paid, cargo):
            task.add_done_callback(end)
        self._under_way[key] = paid, cargo
        return paid, cargo
