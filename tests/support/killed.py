"""Kills a process in the middle of one change to a database, and looks at what is left of it."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

TIMES = 16


def killed_at_every_stage(
    prepare: Callable[[], None], change: Callable[[], Awaitable[None]], look: Callable[[], str]
) -> set[str]:
    """What `look` has seen after `change`, done in a process of its own, was killed ever later.

    The first time it is let be, to learn how long it takes.
    """
    seen = set()
    prepare()
    began_at = time.monotonic()
    os.waitpid(_forked(change), 0)
    longest = time.monotonic() - began_at
    seen.add(look())
    for number in range(TIMES):
        prepare()
        process = _forked(change)
        time.sleep(longest * number / TIMES)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        seen.add(look())
    return seen


def _forked(change: Callable[[], Awaitable[None]]) -> int:
    process = os.fork()
    if process == 0:
        try:
            asyncio.run(_awaited(change))
        finally:
            os._exit(0)
    return process


async def _awaited(change: Callable[[], Awaitable[None]]) -> None:
    await change()


def remove(path: Path) -> None:
    """The database, with what stands beside it."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
