"""Starts the bot's process, against a Discord and a search service on loopback."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.demo.catalogue import running
from tests.support.discord_stand_in import TOKEN, DiscordStandIn, discord_stand_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordStandIn]:
    async with discord_stand_in() as stand_in:
        yield stand_in


@pytest.fixture
async def environment(discord: DiscordStandIn, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    async with running("the-key") as url:
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
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield bot
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


async def output(bot: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(20):
        written, _ = await bot.communicate()
    return written.decode()


async def soon(queue: "asyncio.Queue[dict[str, Any]]") -> dict[str, Any]:
    async with asyncio.timeout(10):
        return await queue.get()


async def is_ready(discord: DiscordStandIn) -> None:
    async with asyncio.timeout(20):
        await discord.ready.wait()
    discord.ready.clear()


async def command(environment: dict[str, str], *arguments: str) -> tuple[int | None, str]:
    """Run another command of the command line to its end; its exit code, and what it wrote."""
    async with process(environment, *arguments) as run:
        written = await output(run)
    return run.returncode, written
