"""`demo`: the real bot in a simulated Discord in the browser, seen by two members and a moderator."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

import discord
import simcord
from simcord.preview import Preview

from bot.bot import Bot
from bot.clock import steady_clock
from bot.config import Config
from bot.database import open_database
from bot.demo.catalogue import running_catalogue
from bot.demo.covers import draw_cover
from bot.demo.real_time import RealTimeAudioScape, RealTimePauses, RealTimeRunner
from bot.demo.tracks import invented_tracks
from bot.errors import OperatorError

_CATALOGUE_KEY: Final = "demo"
_SIMULATED_CLOCK: Final = steady_clock(lambda: datetime(2026, 1, 1, tzinfo=UTC).timestamp())
"""Starts at the same time as the simulated Discord's clock, so that relative times on the page are right."""

_SETTLE_SECONDS: Final = 20.0
"""The simulation waits for so long; the bot answers within 12 seconds."""

_INSTRUCTIONS: Final = """Open

    {url}

and type in the channel: /music chill lo-fi beats · then press ▶, or type /more
Also: /artist Quinn Ember · /music boss fight tempo:130-150 · /shortlist show · /music simulate 500
At the top, choose whether you are Mika, Noor or the moderator Sam. Press Ctrl+C to stop the demo.
"""
_WELCOME_OFFLINE: Final = f"""
Needledrop is running in a simulated Discord, with an offline catalogue of invented music. {_INSTRUCTIONS}"""
_WELCOME_AUDIOSCAPE: Final = f"""
Needledrop is running in a simulated Discord, with AudioScape's real catalogue. {_INSTRUCTIONS}"""


class Simulation(NamedTuple):
    """A simulated Discord with one channel, and the members in it."""

    env: simcord.Env
    channel: simcord.ChannelHandle
    members: tuple[simcord.MemberActor, ...]


def run_demo(config: Config, problems: Mapping[str, str], *, port: int) -> None:
    """Print the demo's address and serve it until Ctrl+C.

    `problems` are those of the settings; only AudioScape's matter here, and its key may be missing.
    Raises OperatorError.
    """
    try:
        asyncio.run(_run_demo(config, problems, port))
    except (OSError, simcord.SetupError) as error:
        raise OperatorError(
            f"The demo can't be served on port {port}: {error}. Choose another port with --port."
        ) from error


async def _run_demo(config: Config, problems: Mapping[str, str], port: int) -> None:
    async with (
        search_api(config, problems) as (url, key),
        simulated_bot(url, key) as (bot, pauses),
        simulated_discord(bot, pauses) as simulation,
    ):
        covers = await asyncio.to_thread(_covers)
        async with simulation.env.preview(
            simulation.channel, viewers=simulation.members, layout="channel", assets=covers, port=port or None
        ) as preview:
            welcome = _WELCOME_AUDIOSCAPE if config.audioscape_api_key else _WELCOME_OFFLINE
            print(welcome.format(url=preview.url), flush=True)  # noqa: T201 (it is the command's output)
            await _wait_until_closed(preview)


@asynccontextmanager
async def search_api(config: Config, problems: Mapping[str, str]) -> AsyncIterator[tuple[str, str]]:
    """The URL and the key of AudioScape if the settings have a key, else of the offline catalogue.

    Raises OperatorError if the key or the URL is wrong.
    """
    if not config.audioscape_api_key:
        async with running_catalogue(_CATALOGUE_KEY) as url:
            yield url, _CATALOGUE_KEY
        return
    for name in ("AUDIOSCAPE_API_KEY", "AUDIOSCAPE_API_URL"):
        if problem := problems.get(name):
            raise OperatorError(problem)
    yield config.audioscape_api_url, config.audioscape_api_key


@asynccontextmanager
async def simulated_bot(url: str, key: str) -> AsyncIterator[tuple[Bot, RealTimePauses]]:
    """The bot over the search API at `url`, with a temporary database; requests and pauses take real time."""
    runner = RealTimeRunner()
    pauses = RealTimePauses(runner)
    with tempfile.TemporaryDirectory(prefix="needledrop-demo-") as folder:
        async with (
            open_database(str(Path(folder) / "demo.db")) as database,
            RealTimeAudioScape(url=url, key=key, runner=runner) as audioscape,
            runner.running(),
        ):
            bot = Bot(
                audioscape=audioscape, database=database, wall_clock=_SIMULATED_CLOCK, sleep=pauses.sleep
            )
            yield bot, pauses


@asynccontextmanager
async def simulated_discord(bot: Bot, pauses: RealTimePauses) -> AsyncIterator[Simulation]:
    """Run `bot` in a server with one text channel, the members Mika and Noor, and the moderator Sam."""
    reply_to_error = bot.tree.on_error
    async with simcord.run(bot, shard_count=1, settle_timeout=_SETTLE_SECONDS, check_errors=False) as env:
        pauses.env = env
        bot.tree.error(reply_to_error)  # SimCord's own handler treats every error reply as a failure
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
        yield Simulation(env, channel, (mika, noor, sam))


def _covers() -> dict[str, tuple[str, bytes]]:
    """The file name and the bytes of every cover, by URL."""
    urls = dict.fromkeys(track.thumbnail_url for track in invented_tracks() if track.thumbnail_url)
    return {url: ("cover.png", draw_cover(url)) for url in urls}


async def _wait_until_closed(preview: Preview) -> None:
    """Return when the page is closed, or on SIGINT or SIGTERM."""
    interrupted = asyncio.Event()
    with suppress(NotImplementedError):  # Windows: Ctrl+C cancels the main task instead
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    waiting = {asyncio.create_task(preview.wait_closed()), asyncio.create_task(interrupted.wait())}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()
