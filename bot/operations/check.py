"""`check` and `sync`: check everything that the bot needs, and register its commands, without running it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import discord

from bot.audioscape.client import AudioScape
from bot.bot import Bot
from bot.config import Config
from bot.database import Inspection, inspect, open_database
from bot.errors import AudioScapeError, KeyRefused, OperatorError, RateLimited
from bot.interactions.command_sync import fetch_payloads, list_changes, payloads
from bot.interactions.discord_patches import use_api
from bot.models.search import Query
from bot.operations.run import explain_login_failure
from bot.telemetry.redaction import Redaction

_MIN_FREE_BYTES: Final = 200 * 1024 * 1024
_DISCORD_TIMEOUT_SECONDS: Final = 20.0
"""For all requests to Discord together; discord.py itself retries without a limit."""

_QUERY: Final = Query("music")
_DISCORD_FAILURES: Final = (
    discord.DiscordException,
    aiohttp.ClientError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
)
"""Raised by a login; the last three by responses that don't come from Discord."""


class _LoginOnlyBot(Bot):
    """A Bot that has all commands and can log in, but neither syncs them nor starts any background task."""

    async def setup_hook(self) -> None:
        await self.load_commands()


async def check(environment: Mapping[str, str]) -> bool:
    """Print one line for each part: that it works, or what to do about it. True if all parts work."""
    config, problems = Config.read(environment)
    redact = Redaction(config.secrets)
    inspection = _SharedInspection(config, problems)
    parts: Mapping[str, Callable[[], Awaitable[str]]] = {
        "settings": lambda: _settings(problems),
        "database": lambda: _database(config, inspection),
        "AudioScape": lambda: _audioscape(config, problems, inspection),
        "Discord": lambda: _discord(config, problems),
    }
    all_work = True
    for name, part in parts.items():
        try:
            line = f"✓ {name}: {await part()}"
        except OperatorError as error:
            all_work = False
            line = f"✗ {name}: {error}"
        print(redact(" ".join(line.split())), flush=True)  # noqa: T201 (it is the command's output)
    return all_work


async def sync(config: Config, guild_id: int | None, *, remove: bool = False) -> str:
    """Register the commands with Discord now, globally or for one guild, or `remove` that guild's own.

    Returns a sentence that says what was done. Raises OperatorError.
    """
    try:
        async with asyncio.timeout(_DISCORD_TIMEOUT_SECONDS), _logged_in_bot(config) as bot:
            if guild_id is None:
                commands = await bot.tree.sync()
                return f"Registered {len(commands)} commands with Discord."
            guild = discord.Object(guild_id)
            if remove:
                await bot.tree.sync(guild=guild)
                return f"Removed the commands of guild {guild_id}. The global commands stay."
            bot.tree.copy_global_to(guild=guild)
            commands = await bot.tree.sync(guild=guild)
            return f"Registered {len(commands)} commands with Discord for guild {guild_id} only."
    except discord.NotFound as error:
        raise OperatorError(f"Discord knows no guild {guild_id}. Check the number after --guild.") from error
    except discord.Forbidden as error:
        raise OperatorError(
            f"The bot has no access to guild {guild_id}. Invite it to that server first."
        ) from error
    except (*_DISCORD_FAILURES, TimeoutError) as error:
        raise OperatorError(explain_login_failure(error, config)) from error


async def _settings(problems: Mapping[str, str]) -> str:
    if problems:
        raise OperatorError(" ".join(problems.values()))
    return "complete and valid"


class _SharedInspection:
    """One inspection of the database, shared by the parts that need it, since it reads the whole file."""

    def __init__(self, config: Config, problems: Mapping[str, str]) -> None:
        self._config = config
        self._problems = problems
        self._task: asyncio.Task[Inspection] | None = None

    async def result(self) -> Inspection:
        """Raises OperatorError if a bot could not use the database."""
        _require(self._problems, "DATABASE_URL")
        if self._task is None:
            self._task = asyncio.create_task(asyncio.to_thread(inspect, self._config.database_path))
        return await self._task


async def _database(config: Config, inspection: _SharedInspection) -> str:
    path, found = config.database_path, await inspection.result()
    if path == ":memory:":
        return "in memory; everything in it is lost when the bot stops"
    free = f"{found.free / 2**30:.1f} GB free"
    if found.free < _MIN_FREE_BYTES:
        raise OperatorError(
            f"only {found.free / 2**20:.0f} MB are free on the disk of {path}. Free some space there."
        )
    if found.version is None:
        return f"{path} does not exist yet and can be created; {free}"
    size = f"{found.size / 2**20:.1f} MB"
    version = f"version {found.version}"
    if found.version < found.newest_version:
        version = f"version {found.version}, to be upgraded to {found.newest_version} at the next start"
    return f"{path} can be read and written; {version}; {size}; {free}"


async def _audioscape(config: Config, problems: Mapping[str, str], inspection: _SharedInspection) -> str:
    _require(problems, "AUDIOSCAPE_API_KEY", "AUDIOSCAPE_API_URL")
    await _require_no_rate_limit(inspection)
    began_at = time.perf_counter()
    async with AudioScape(url=config.audioscape_api_url, key=config.audioscape_api_key) as audioscape:
        try:
            window = await audioscape.search(_QUERY, 0)
        except KeyRefused as error:
            raise OperatorError(
                f"the key is refused ({error.detail}). Replace AUDIOSCAPE_API_KEY."
            ) from error
        except RateLimited as error:
            raise OperatorError(
                "the key's rate limit is reached. Try again in a few minutes, or lower KEY_BUDGET."
            ) from error
        except AudioScapeError as error:
            raise OperatorError(
                f"the search failed: {type(error).__name__} ({error.detail}). Check AUDIOSCAPE_API_URL and "
                "the network. If both are right, AudioScape has a problem: try again later."
            ) from error
    seconds = time.perf_counter() - began_at
    return f"accepts the key; a search returned {len(window.tracks)} tracks in {seconds:.2f} s"


async def _require_no_rate_limit(inspection: _SharedInspection) -> None:
    """Raise OperatorError while AudioScape's Retry-After lasts: one more request could make it longer."""
    try:
        found = await inspection.result()
    except OperatorError:
        return
    if (wait := found.circuit_open_until - time.time()) > 0:
        raise OperatorError(f"not checked. The key's rate limit is reached. Try again in {wait:.0f} seconds.")


async def _discord(config: Config, problems: Mapping[str, str]) -> str:
    _require(problems, "DISCORD_TOKEN", "DISCORD_API_URL")
    try:
        async with asyncio.timeout(_DISCORD_TIMEOUT_SECONDS), _logged_in_bot(config) as bot:
            limits = await bot.fetch_session_start_limits()
            changed = list_changes(payloads(bot.tree), await fetch_payloads(bot.tree))
            name = f"{bot.user} (application {bot.application_id})"
    except (*_DISCORD_FAILURES, TimeoutError) as error:
        raise OperatorError(explain_login_failure(error, config)) from error
    starts = f"{limits.remaining} of {limits.total} starts left today"
    if not limits.remaining:
        raise OperatorError(f"accepts the token of {name}; {starts}. Start the bot again tomorrow.")
    commands = f"commands to be changed: {' '.join(changed)}" if changed else "commands up to date"
    return f"accepts the token of {name}; {starts}; {commands}"


def _require(problems: Mapping[str, str], *names: str) -> None:
    """Raise OperatorError if one of the settings `names` is missing or wrong."""
    if found := [problems[name] for name in names if name in problems]:
        raise OperatorError(f"not checked. {' '.join(found)}")


@asynccontextmanager
async def _logged_in_bot(config: Config) -> AsyncIterator[Bot]:
    """A bot that is logged in over Discord's REST API, with a temporary database in memory."""
    use_api(config.discord_api_url)
    async with (
        open_database(":memory:") as database,
        AudioScape(url=config.audioscape_api_url, key=config.audioscape_api_key) as audioscape,
        _LoginOnlyBot(audioscape=audioscape, database=database) as bot,
    ):
        await bot.login(config.discord_token)
        yield bot
