"""Serves `/healthz` and `/metrics` to whoever looks after the bot's process."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.bot import Bot
from bot.errors import OperatorError, StorageError
from bot.telemetry.metrics import CONNECTED, DATABASE_BYTES, LATENCY, LOOP_LAG, REGISTRY, WINDOWS

_DATABASE_SECONDS: Final = 2.0
"""How long the database may take to write; a lock that is held longer lets no command through either."""

_FRESH_SECONDS: Final = 1.0
"""How long an outcome stands for the next request, lest whoever finds the address keeps the disk busy."""

_log = logging.getLogger(__name__)


class Health:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._writing: asyncio.Task[str | None] | None = None
        self._began_at = 0.0

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        return application

    async def problems(self) -> list[str]:
        """Why the bot can't serve; empty where it can."""
        gateway = [] if self._bot.gateway.is_connected else ["gateway: not connected"]
        database = await self._database_problem()
        return gateway if database is None else [*gateway, f"database: {database}"]

    async def _healthz(self, _: web.Request) -> web.Response:
        problems = await self.problems()
        return web.Response(text="\n".join(problems or ["well"]) + "\n", status=503 if problems else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        await self._look()
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _database_problem(self) -> str | None:
        """One write at a time, however many ask; one that hangs is a problem for all of them."""
        now = time.monotonic()
        if self._writing is None or (self._writing.done() and now - self._began_at > _FRESH_SECONDS):
            self._began_at = now
            self._writing = asyncio.create_task(self._write())
        done, _ = await asyncio.wait({self._writing}, timeout=_DATABASE_SECONDS)
        return self._writing.result() if done else f"no answer for {_DATABASE_SECONDS:.0f} seconds"

    async def _write(self) -> str | None:
        try:
            await self._bot.database.maintenance.probe_write()
        except StorageError as error:
            return str(error.__cause__)
        return None

    async def _look(self) -> None:
        """Set what is told only when somebody looks; without the database's answer, as it was before."""
        CONNECTED.set(self._bot.gateway.is_connected)
        latency = self._bot.latency
        LATENCY.set(latency if math.isfinite(latency) else math.nan)
        WINDOWS.labels("memory").set(self._bot.result_cache.cached_windows)
        before = time.perf_counter()
        await asyncio.sleep(0)
        LOOP_LAG.set(time.perf_counter() - before)
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                DATABASE_BYTES.set(await self._bot.database.maintenance.get_size())
                WINDOWS.labels("stored").set(await self._bot.database.maintenance.count_windows())
        except (StorageError, TimeoutError) as error:
            _log.warning("The database told nothing of itself: %r", error.__cause__ or error)


@asynccontextmanager
async def health_served(bot: Bot, port: int | None) -> AsyncIterator[None]:
    """On every address of this machine, or nowhere without a port. Raises OperatorError."""
    if port is None:
        yield
        return
    runner = web.AppRunner(Health(bot).application(), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, port=port).start()
        except OSError as error:
            raise OperatorError(f"Nothing can be served on PORT {port}: {error.strerror}.") from error
        _log.info("Serving /healthz and /metrics on port %d", port)
        yield
    finally:
        await runner.cleanup()
