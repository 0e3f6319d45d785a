"""The bot as a process, and every other command of `python -m bot`, over servers on loopback."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from bot.demo.catalogue import running_catalogue
from tests.support.discord_stand_in import TOKEN, DiscordStandIn, discord_stand_in

ROOT: Final = Path(__file__).parents[2]

PATIENCE_SECONDS: Final = 30.0
"""The time that a test waits for the process; a busy machine takes a few seconds to start it."""


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with discord_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
async def environment(discord: DiscordStandIn, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """The settings of a bot that uses the two servers on loopback."""
    async with running_catalogue("the-key") as url:
        yield {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": f"{discord.url}/api/v10",
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "AUDIOSCAPE_API_KEY": "the-key",
            "AUDIOSCAPE_API_URL": url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/needledrop.db",
        }


@asynccontextmanager
async def process(environment: dict[str, str], *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot` with `arguments` and no other settings than `environment`; killed at the end."""
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment, preexec_fn=_accept_interrupts,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


def _accept_interrupts() -> None:
    """A shell ignores SIGINT for its background jobs, and so for a bot that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


async def output(bot: asyncio.subprocess.Process) -> str:
    """Wait until the process ends, and return everything that it printed and logged."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        written, _ = await bot.communicate()
    return written.decode()


async def next_request(queue: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
    """The next request of the bot in one of the stand-in's queues."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        return await queue.get()


async def wait_until_ready(discord: DiscordStandIn) -> None:
    """Wait until a bot has logged in and is connected to the gateway."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await discord.ready.wait()
    discord.ready.clear()


async def command(environment: dict[str, str], *arguments: str) -> tuple[int | None, str]:
    """Run another command of the command line to its end; its exit code and its output."""
    async with process(environment, *arguments) as run:
        written = await output(run)
    return run.returncode, written
