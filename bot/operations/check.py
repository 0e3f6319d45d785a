"""`check` and `sync`: looks at all that the bot needs, one line each, without being the bot."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
import discord

from bot.audioscape.client import AudioScape
from bot.bot import Bot
from bot.config import Config
from bot.database import Inspection, inspect, open_database
from bot.errors import AudioScapeError, KeyRefused, OperatorError, RateLimited
from bot.interactions.command_sync import changes, told
from bot.interactions.discord_patches import expect_no_voice, known_commands, use_api
from bot.models.search import Query
from bot.operations.run import reason
from bot.telemetry.redaction import Redaction

_LEAST_FREE: Final = 200 * 1024 * 1024
_SECONDS: Final = 20.0
"""For all that is asked of Discord, which has no deadline of its own."""

_SEARCH: Final = Query("music")
_TROUBLES: Final = (discord.DiscordException, aiohttp.ClientError, OSError, ValueError, TypeError, KeyError)
"""How asking Discord fails; the last three are what discord.py makes of answers that aren't Discord's."""


class _Visitor(Bot):
    """Knows all commands and can sign in, but tells Discord of nothing and never connects."""

    async def setup_hook(self) -> None:
        await self.load_commands()


async def check(environment: Mapping[str, str]) -> bool:
    """Print what is well and what isn't, with what to do; whether all is well."""
    config, problems = Config.read(environment)
    redact = Redaction(config.secrets)
    look = _Look(config, problems)
    parts = {
        "settings": _settings(problems),
        "database": _database(config, look),
        "AudioScape": _audioscape(config, problems, look),
        "Discord": _discord(config, problems),
    }
    is_well = True
    for name, part in parts.items():
        try:
            line = f"✓ {name}: {await part}"
        except OperatorError as error:
            is_well = False
            line = f"✗ {name}: {error}"
        print(redact(" ".join(line.split())), flush=True)  # noqa: T201 (it is the command's output)
    return is_well


async def sync(config: Config, guild_id: int | None, *, remove: bool = False) -> str:
    """Tell Discord of the commands now, for everywhere or for one guild, or `remove` that guild's own."""
    try:
        async with asyncio.timeout(_SECONDS), _visit(config) as bot:
            if guild_id is None:
                commands = await bot.tree.sync()
                return f"Told Discord of {len(commands)} commands."
            guild = discord.Object(guild_id)
            if not remove:
                bot.tree.copy_global_to(guild=guild)
            commands = await bot.tree.sync(guild=guild)
            return f"Told Discord of {len(commands)} commands for guild {guild_id} alone."
    except discord.NotFound as error:
        raise OperatorError(f"Discord knows no guild {guild_id}.") from error
    except discord.Forbidden as error:
        raise OperatorError(f"Discord doesn't let the bot into guild {guild_id}: invite it first.") from error
    except (*_TROUBLES, TimeoutError) as error:
        raise OperatorError(reason(error, config)) from error


async def _settings(problems: Mapping[str, str]) -> str:
    if problems:
        raise OperatorError(" ".join(problems.values()))
    return "all that is needed is there, and readable"


class _Look:
    """A look at the database, taken once for all who want to know; it reads the whole file."""

    def __init__(self, config: Config, problems: Mapping[str, str]) -> None:
        self._config = config
        self._problems = problems
        self._taking: asyncio.Task[Inspection] | None = None

    async def found(self) -> Inspection:
        """Raises OperatorError."""
        _need(self._problems, "DATABASE_URL")
        if self._taking is None:
            self._taking = asyncio.create_task(asyncio.to_thread(inspect, self._config.database_path))
        return await self._taking


async def _database(config: Config, look: _Look) -> str:
    found = await look.found()
    free = f"{found.free / 2**30:.1f} GB free"
    if found.free < _LEAST_FREE and found.newest_version and config.database_path != ":memory:":
        raise OperatorError(f"only {found.free / 2**20:.0f} MB are free on its disk. Make room there.")
    if found.version is None:
        return f"{config.database_path} is not there yet, and can be made; {free}"
    size = f"{found.size / 2**20:.1f} MB"
    upgrade = f", will become {found.newest_version}" if found.version < found.newest_version else ""
    return (
        f"{config.database_path} opens and can be written: version {found.version}{upgrade}, {size}, {free}"
    )


async def _audioscape(config: Config, problems: Mapping[str, str], look: _Look) -> str:
    _need(problems, "AUDIOSCAPE_API_KEY", "AUDIOSCAPE_API_URL")
    await _leave_alone(look)
    began_at = time.perf_counter()
    async with AudioScape(url=config.audioscape_api_url, key=config.audioscape_api_key) as audioscape:
        try:
            window = await audioscape.search(_SEARCH, 0)
        except KeyRefused as error:
            raise OperatorError(f"refuses the key ({error.detail}). Replace AUDIOSCAPE_API_KEY.") from error
        except RateLimited as error:
            raise OperatorError("gets too many requests with this key. Wait, or lower KEY_BUDGET.") from error
        except AudioScapeError as error:
            raise OperatorError(
                f"doesn't answer as it should: {type(error).__name__} ({error.detail}). "
                "Check AUDIOSCAPE_API_URL and the network; if they are right, the trouble is theirs."
            ) from error
    seconds = time.perf_counter() - began_at
    return f"accepts the key, and answered a search with {len(window.tracks)} tracks in {seconds:.2f} s"


async def _leave_alone(look: _Look) -> None:
    """A running bot may have been asked to wait; asking all the same could make the wait longer."""
    try:
        found = await look.found()
    except OperatorError:
        return
    if (wait := found.circuit_open_until - time.time()) > 0:
        raise OperatorError(f"wants to be left alone for another {wait:.0f} s, and so was not asked. Wait.")


async def _discord(config: Config, problems: Mapping[str, str]) -> str:
    _need(problems, "DISCORD_TOKEN", "DISCORD_API_URL")
    try:
        async with asyncio.timeout(_SECONDS), _visit(config) as bot:
            limits = await bot.fetch_session_start_limits()
            new = changes(told(bot.tree), await known_commands(bot))
            name = f"{bot.user} (application {bot.application_id})"
    except (*_TROUBLES, TimeoutError) as error:
        raise OperatorError(reason(error, config)) from error
    starts = f"{limits.remaining} of {limits.total} starts left today"
    if not limits.remaining:
        raise OperatorError(
            f"accepts the token of {name}, but {starts}. Wait before you start the bot again."
        )
    commands = f"commands that will change: {' '.join(new)}" if new else "commands are up to date"
    return f"accepts the token of {name}; {starts}; {commands}"


def _need(problems: Mapping[str, str], *names: str) -> None:
    if missing := [problems[name] for name in names if name in problems]:
        raise OperatorError(f"not checked. {' '.join(missing)}")


@asynccontextmanager
async def _visit(config: Config) -> AsyncIterator[Bot]:
    """A bot that has signed in, over a database that is gone afterwards."""
    expect_no_voice()
    use_api(config.discord_api_url)
    async with (
        open_database(":memory:") as database,
        AudioScape(url=config.audioscape_api_url, key=config.audioscape_api_key) as audioscape,
        _Visitor(audioscape=audioscape, database=database) as bot,
    ):
        await bot.login(config.discord_token)
        yield bot
