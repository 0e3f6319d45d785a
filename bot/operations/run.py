"""`run`: starts the bot on Discord, and stops it on a signal without leaving a member unanswered."""

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
from bot.operations.health import serve_health
from bot.telemetry.interactions import tasks_under_way

_AUTHENTICATION_FAILED: Final = 4004
"""The close code of Discord's gateway for an invalid token."""

# Together less than the 5 seconds within which the bot promises to stop.
_FINISH_SECONDS: Final = 2.0
_APOLOGY_SECONDS: Final = 1.0
_CLOSE_SECONDS: Final = 1.5

_log = logging.getLogger(__name__)


def run_in_loop(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run `main` on uvloop, or on asyncio's own event loop on Windows."""
    _tune_garbage_collection()
    if sys.platform == "win32":
        asyncio.run(main())
    else:
        import uvloop  # noqa: PLC0415 (not available on Windows)

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())


def _tune_garbage_collection() -> None:
    """Exclude imported modules, and collect less often: one page of results exceeds Python's default."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


async def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT. Raises OperatorError if the bot can't start."""
    stop = _stop_on_signals()
    use_api(config.discord_api_url)
    if config.discord_gateway_url is not None:
        use_gateway(config.discord_gateway_url)
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
        async with serve_health(bot, config.port):
            try:
                await _serve(bot, config, stop)
            finally:
                await _finish_answers(audioscape)
                await asyncio.wait({asyncio.create_task(bot.close())}, timeout=_CLOSE_SECONDS)
    _log.info("Stopped")


def _stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
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
        _log.info("Stopping: waiting for the interactions under way")
        if not bot.is_ready():
            serving.cancel()
        return
    stopping.cancel()
    try:
        serving.result()
    except (StorageError, discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise OperatorError(explain_login_failure(error, config)) from error
    except (ValueError, TypeError, KeyError) as error:
        if bot.is_ready():
            raise
        raise OperatorError(explain_login_failure(error, config)) from error


def explain_login_failure(error: Exception, config: Config) -> str:
    """Why the bot can't log in to Discord, and what to do about it."""
    close_code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or close_code == _AUTHENTICATION_FAILED:
        return (
            "Discord refused the token in DISCORD_TOKEN. "
            "Copy the token again from Discord's developer portal, or reset it there."
        )
    if close_code is not None:
        return (
            f"Discord closed the gateway connection with code {close_code}. "
            "Discord's documentation of gateway close codes explains it."
        )
    if isinstance(error, StorageError):
        return f"The database {config.database_path} can't be used: {error.__cause__}."
    if isinstance(error, discord.HTTPException):
        return (
            f"Discord refused the login: {config.discord_api_url} responded with status {error.status}. "
            "Check DISCORD_API_URL, and try again in a few minutes."
        )
    if isinstance(error, ValueError | TypeError | KeyError):
        # discord.py raises these for responses that don't come from Discord.
        return f"The server at {config.discord_api_url} is not Discord. Check DISCORD_API_URL."
    return (
        f"Discord can't be reached at {config.discord_api_url} ({type(error).__name__}). "
        "Check the network and DISCORD_API_URL, then start the bot again."
    )


async def _finish_answers(audioscape: AudioScape) -> None:
    """Wait for the answers under way, then cancel their requests so that the rest answers with an apology."""
    await asyncio.sleep(0)  # an interaction that has just come in begins its record
    if answers := tasks_under_way():
        await asyncio.wait(answers, timeout=_FINISH_SECONDS)
    audioscape.cancel_requests()
    if answers := tasks_under_way():
        await asyncio.wait(answers, timeout=_APOLOGY_SECONDS)
