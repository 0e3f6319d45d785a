"""Kills a process at every stage of one change to a database, and observes what is left."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

KILLS = 16


def killed_at_every_stage(
    prepare: Callable[[], None], change: Callable[[], Awaitable[None]], look: Callable[[], str]
) -> set[str]:
    """The results of `look` after `change` was killed in a process of its own, each time a little later.

    The first time the change is not killed: this measures its duration.
    """
    results = set()
    prepare()
    began_at = time.monotonic()
    os.waitpid(_fork(change), 0)
    duration = time.monotonic() - began_at
    results.add(look())
    for number in range(KILLS):
        prepare()
        process = _fork(change)
        time.sleep(duration * number / KILLS)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        results.add(look())
    return results


def _fork(change: Callable[[], Awaitable[None]]) -> int:
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
    """Remove the database with its logs and its lock."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
