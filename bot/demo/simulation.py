"""The real bot in a simulated Discord, shown in the browser, with three people to look through."""

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import discord
import simcord
from simcord.preview import Preview

from bot.bot import Bot
from bot.clock import steady_clock
from bot.config import AUDIOSCAPE_API_URL, web_url
from bot.database import open_database
from bot.demo.catalogue import running
from bot.demo.covers import cover
from bot.demo.real_time import RealTimeAudioScape, RealTimePauses, RealTimeRunner
from bot.demo.tracks import invented_tracks
from bot.errors import OperatorError

_KEY: Final = "demo"
_SIMULATED_CLOCK: Final = steady_clock(lambda: datetime(2026, 1, 1, tzinfo=UTC).timestamp())
"""Begins when the simulated Discord's clock does, so that moments fit what the page says about them."""

_SETTLE_SECONDS: Final = 20.0
"""How long the simulation waits for one answer of the bot's; the bot itself takes 12 seconds at most."""


def demo(environment: Mapping[str, str], *, port: int) -> None:
    """Print an address, and serve what is behind it until it is interrupted."""
    try:
        asyncio.run(_demo(environment, port))
    except (OSError, simcord.SetupError) as error:
        raise OperatorError(f"The demo can't serve on port {port}: {error}.") from error


async def _demo(environment: Mapping[str, str], port: int) -> None:
    async with (
        _search_service(environment) as (url, key),
        _bot(url, key) as (bot, clock),
        _world(bot, clock, port) as preview,
    ):
        real = "AudioScape itself" if key != _KEY else "an offline catalogue of invented music"
        print(_WELCOME.format(url=preview.url, real=real), flush=True)  # noqa: T201 (it is the command's output)
        await _closed_or_interrupted(preview)


_WELCOME: Final = """
Needledrop is running in a simulated Discord, over {real}. Open

    {url}

and type in the channel: /music chill lo-fi beats · then press ▶, or type /more
Also: /artist Quinn Ember · /music boss fight tempo:130-150 · /shortlist show · /music simulate 500
Choose at the top whether you look on as Mika, Noor or the moderator Sam. Ctrl+C ends it.
"""


@asynccontextmanager
async def _search_service(environment: Mapping[str, str]) -> AsyncIterator[tuple[str, str]]:
    """The address and the key: AudioScape's own where the environment has a key, else the catalogue's."""
    if key := environment.get("AUDIOSCAPE_API_KEY", "").strip():
        if not (key.isascii() and key.isprintable()):
            raise OperatorError("AUDIOSCAPE_API_KEY holds characters that can't be part of it.")
        yield _audioscape_url(environment), key
    else:
        async with running(_KEY) as url:
            yield url, _KEY


def _audioscape_url(environment: Mapping[str, str]) -> str:
    try:
        return web_url(environment.get("AUDIOSCAPE_API_URL", "").strip() or AUDIOSCAPE_API_URL)
    except ValueError as error:
        raise OperatorError(f"AUDIOSCAPE_API_URL is wrong: {error}.") from error


@asynccontextmanager
async def _bot(url: str, key: str) -> AsyncIterator[tuple[Bot, RealTimePauses]]:
    outside = RealTimeRunner()
    clock = RealTimePauses(outside)
    with tempfile.TemporaryDirectory(prefix="needledrop-demo-") as folder:
        async with (
            open_database(str(Path(folder) / "demo.db")) as database,
            RealTimeAudioScape(url=url, key=key, outside=outside) as audioscape,
            outside.working(),
        ):
            bot = Bot(
                audioscape=audioscape, database=database, wall_clock=_SIMULATED_CLOCK, sleep=clock.sleep
            )
            yield bot, clock


@asynccontextmanager
async def _world(bot: Bot, clock: RealTimePauses, port: int) -> AsyncIterator[Preview]:
    reply_to_error = bot.tree.on_error
    async with simcord.run(bot, shard_count=1, settle_timeout=_SETTLE_SECONDS, check_errors=False) as env:
        clock.env = env
        bot.tree.error(reply_to_error)  # simcord's own handler counts every error reply as a failure
        if bot.user is not None:
            await bot.user.edit(username="Needledrop")
        guild = env.create_guild("Needledrop demo")
        channel = guild.create_text_channel("music")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
        mika, noor = (guild.add_member(env.create_user(name)) for name in ("Mika", "Noor"))
        sam = guild.add_member(env.create_user("Sam (moderator)"), roles=[moderators])
        await sam.send(
            channel, "Welcome! Try `/music chill lo-fi beats`, or press **/** to see all commands."
        )
        pictures = await asyncio.to_thread(_pictures)
        async with env.preview(
            channel, viewers=(mika, noor, sam), layout="channel", assets=pictures, port=port or None
        ) as preview:
            yield preview


def _pictures() -> dict[str, tuple[str, bytes]]:
    urls = dict.fromkeys(track.thumbnail_url for track in invented_tracks() if track.thumbnail_url)
    return {url: ("cover.png", cover(url)) for url in urls}


async def _closed_or_interrupted(preview: Preview) -> None:
    interrupted = asyncio.Event()
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    waiting = {asyncio.create_task(preview.wait_closed()), asyncio.create_task(interrupted.wait())}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
