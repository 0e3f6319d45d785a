"""Runs the bot on Discord until it is told to stop, and stops it so that nobody is left without an answer."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import aiohttp
import discord

from bot.audioscape.client import AudioScape
from bot.bot import Bot
from bot.config import Config
from bot.database import open_database
from bot.errors import OperatorError, StorageError
from bot.interactions.discord_patches import use_api, use_gateway
from bot.operations.health import health_served
from bot.telemetry.interactions import tasks_under_way

_AUTHENTICATION_FAILED: Final = 4004
"""Discord's gateway close code for a token it doesn't accept."""

# Together below the 5 seconds in which the bot promises to be gone.
_FINISH_SECONDS: Final = 2.0
_APOLOGISE_SECONDS: Final = 1.0
_CLOSE_SECONDS: Final = 1.5

_log = logging.getLogger(__name__)


def run_in_loop(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `main` on the fastest event loop that this platform has."""
    _collect_less_garbage()
    if sys.platform == "win32":
        asyncio.run(main())
    else:
        import uvloop  # noqa: PLC0415 (there is none on Windows)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())


def _collect_less_garbage() -> None:
    """What has been imported is never garbage, and a page alone is as much as Python lets pass by default."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT. Raises OperatorError where it can't start."""
    stop = _stop_signal()
    use_api(config.discord_api_url)
    async with (
        open_database(config.database_path) as database,
        AudioScape(url=config.audioscape_api_url, key=config.audioscape_api_key) as audioscape,
    ):
        bot = Bot(
            audioscape=audioscape,
            database=database,
            limits=config.limits,
            fresh_seconds=config.fresh_seconds,
        )
        if config.discord_gateway_url is not None:
            use_gateway(config.discord_gateway_url)
        async with health_served(bot, config.port):
            try:
                await _serve(bot, config, stop)
            finally:
                await _finish(audioscape)
                await asyncio.wait({asyncio.create_task(bot.close())}, timeout=_CLOSE_SECONDS)
    _log.info("Closed")


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows: Ctrl+C cancels the main task instead
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _serve(bot: Bot, config: Config, stop: asyncio.Event) -> None:
    serving = asyncio.create_task(bot.start(config.discord_token))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stopping.done():
        _log.info("Told to stop: finishing the answers under way")
        if not bot.is_ready():
            serving.cancel()
        return
    stopping.cancel()
    try:
        serving.result()
    except (StorageError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise OperatorError(reason(error, config)) from error
    except (ValueError, TypeError, KeyError) as error:
        if bot.is_ready():
            raise
        raise OperatorError(reason(error, config)) from error


def reason(error: Exception, config: Config) -> str:
    """Why the bot can't sign in, and what to do about it."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == _AUTHENTICATION_FAILED:
        return "Discord refused the token in DISCORD_TOKEN. Copy it anew from its developer portal."
    if code is not None:
        return f"Discord closed the connection for good, with code {code}; its documentation says why."
    if isinstance(error, StorageError):
        return f"The database {config.database_path} can't be used ({error.__cause__})."
    if isinstance(error, discord.HTTPException):
        return f"Discord doesn't let the bot in: {config.discord_api_url} answers with status {error.status}."
    if isinstance(error, ValueError | TypeError | KeyError):
        # What discord.py makes of answers that aren't Discord's.
        return f"What answers at {config.discord_api_url} is not Discord."
    return (
        f"Discord can't be reached at {config.discord_api_url} ({type(error).__name__}). "
        "Check the network and DISCORD_API_URL, then start again."
    )


async def _finish(audioscape: AudioScape) -> None:
    """Let answers under way be given; what still waits for the search service then gets an apology."""
    await asyncio.sleep(0)  # an interaction that has just come in begins its record
    if under_way := tasks_under_way():
        await asyncio.wait(under_way, timeout=_FINISH_SECONDS)
    audioscape.give_up()
    if under_way := tasks_under_way():
        await asyncio.wait(under_way, timeout=_APOLOGISE_SECONDS)
