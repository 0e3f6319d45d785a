"""The measured processes: the bots and the fake AudioScape, with their CPU time and memory."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Literal, TypeAlias

from tests.bench.discord_load import TOKEN, Discord

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = Path(__file__).parent

Kind: TypeAlias = Literal["needledrop", "minimal", "minimal with guilds"]

_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 10.0
_COMMANDS: Final = {"needledrop": ["-m", "bot"], "service": [str(FOLDER / "canned_service.py")]}
_ENDLESS: Final = "1000000/second"


class Measured:
    """A process, with its CPU time and its memory."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @property
    def cpu_seconds(self) -> float:
        """User and system time of all its threads, from its CPU clock; see clock_getcpuclockid(3)."""
        return time.clock_gettime((~self.process.pid << 3) | 2)

    @property
    def resident_megabytes(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
        return int(kilobytes) / 1024


class RunningBot(Measured):
    """A bot that is connected to its own fake Discord."""

    def __init__(self, kind: Kind, process: asyncio.subprocess.Process, discord: Discord) -> None:
        super().__init__(process)
        self.kind = kind
        self.discord = discord


class Service(Measured):
    """The fake AudioScape."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        super().__init__(process)
        self.url = url


@asynccontextmanager
async def service() -> AsyncIterator[Service]:
    """Run the fake AudioScape while entered."""
    async with _started(_COMMANDS["service"], {}) as process:
        assert process.stdout is not None
        port = int(await process.stdout.readline())
        yield Service(process, f"http://127.0.0.1:{port}")


@asynccontextmanager
async def bot(kind: Kind, service_url: str, database: Path, *, guilds: int = 1) -> AsyncIterator[RunningBot]:
    """Run a connected bot in `guilds` guilds while entered; Needledrop stores its state in `database`."""
    discord = Discord(guilds)
    await discord.start()
    settings = {
        "DISCORD_TOKEN": TOKEN,
        "DISCORD_API_URL": discord.url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "AUDIOSCAPE_API_KEY": "the-key",
        "AUDIOSCAPE_API_URL": service_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "MEMBER_BUDGET": _ENDLESS,
        "GUILD_BUDGET": _ENDLESS,
        "KEY_BUDGET": _ENDLESS,
        "RESULTS_FRESH": "1 h",
        "LOG_LEVEL": "ERROR",
        "INTENTS": "default" if kind == "minimal with guilds" else "none",
    }
    command = _COMMANDS.get(kind, [str(FOLDER / "minimal_bot.py")])
    try:
        async with _started(command, settings) as process:
            async with asyncio.timeout(_START_SECONDS):
                await discord.ready.wait()
            yield RunningBot(kind, process, discord)
    finally:
        await discord.stop()


@asynccontextmanager
async def _started(command: list[str], settings: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **settings},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
