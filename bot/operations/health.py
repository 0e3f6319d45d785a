"""The health endpoints: `/healthz` for a host, `/metrics` for Prometheus."""

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

_DATABASE_TIMEOUT_SECONDS: Final = 2.0
"""A database that takes longer to write can't answer a command in time either."""

_CACHE_SECONDS: Final = 1.0
"""The age up to which a database check answers further requests, so that they don't keep the disk busy."""

_log = logging.getLogger(__name__)


class Health:
    """The application that serves both endpoints for one bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._database_check: asyncio.Task[str | None] | None = None
        self._checked_at = 0.0

    def application(self) -> web.Application:
        application = web.Application()
        application.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        return application

    async def problems(self) -> list[str]:
        """One line for each reason why the bot can't serve; empty if it can."""
        gateway = [] if self._bot.gateway.is_connected else ["gateway: not connected"]
        database = await self._database_problem()
        return gateway if database is None else [*gateway, f"database: {database}"]

    async def _healthz(self, _: web.Request) -> web.Response:
        problems = await self.problems()
        return web.Response(text="\n".join(problems or ["ok"]) + "\n", status=503 if problems else 200)

    async def _metrics(self, _: web.Request) -> web.Response:
        await self._update_gauges()
        return web.Response(body=generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _database_problem(self) -> str | None:
        """Why the database can't be written, or None. All requests share one write at a time."""
        now = time.monotonic()
        check = self._database_check
        if check is None or (check.done() and now - self._checked_at > _CACHE_SECONDS):
            self._checked_at = now
            self._database_check = check = asyncio.create_task(self._check_database())
        done, _ = await asyncio.wait({check}, timeout=_DATABASE_TIMEOUT_SECONDS)
        return check.result() if done else f"no response within {_DATABASE_TIMEOUT_SECONDS:.0f} seconds"

    async def _check_database(self) -> str | None:
        try:
            await self._bot.database.maintenance.probe_write()
        except StorageError as error:
            return str(error.__cause__)
        return None

    async def _update_gauges(self) -> None:
        """Set the gauges for a scrape; without a response of the database, its gauges keep their values."""
        CONNECTED.set(self._bot.gateway.is_connected)
        latency = self._bot.latency
        LATENCY.set(latency if math.isfinite(latency) else math.nan)
        WINDOWS.labels("memory").set(self._bot.result_cache.cached_windows)
        before = time.perf_counter()
        await asyncio.sleep(0)
        LOOP_LAG.set(time.perf_counter() - before)
        try:
            async with asyncio.timeout(_DATABASE_TIMEOUT_SECONDS):
                DATABASE_BYTES.set(await self._bot.database.maintenance.get_size())
                WINDOWS.labels("stored").set(await self._bot.database.maintenance.count_windows())
        except (StorageError, TimeoutError) as error:
            _log.warning("The database's metrics could not be read: %r", error.__cause__ or error)


@asynccontextmanager
async def serve_health(bot: Bot, port: int | None) -> AsyncIterator[None]:
    """Serve the endpoints on every address of the machine while entered; without a port, serve nothing.

    Raises OperatorError if the port can't be used.
    """
    if port is None:
        yield
        return
    runner = web.AppRunner(Health(bot).application(), access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, port=port).start()
        except OSError as error:
            raise OperatorError(
                f"PORT {port} can't be used: {error.strerror}. "
                "Set PORT to a free port, or stop the program that uses this one."
            ) from error
        _log.info("Serving /healthz and /metrics on port %d", port)
        yield
    finally:
        await runner.cleanup()
