"""`/healthz` and `/metrics` over the wire: ok if the bot can serve, else one line for each problem."""

import asyncio
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.support.command_line import output, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn
from tests.support.monitors import Monitor


async def test_connected_bot_is_ok(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        assert await monitor.becomes(200) == "ok\n"


async def test_locked_database_is_reported_in_time_and_metrics_are_served_meanwhile(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor, tmp_path: Path
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await monitor.becomes(503) == "database: database is locked\n"
            async with asyncio.timeout(5):
                statuses = [(await monitor.health())[0] for _ in range(20)]
            assert statuses == [503] * 20
            assert "needledrop_gateway_connected 1.0" in await monitor.scrape()
        assert await monitor.becomes(200) == "ok\n"


async def test_lost_connection_and_locked_database_are_two_lines(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor, tmp_path: Path
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        with closing(sqlite3.connect(tmp_path / "needledrop.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await monitor.becomes(503)
            discord.refuses_connections = True
            await discord.close_gateway()
            text = await monitor.becomes(503, containing="gateway")

    assert text == "gateway: not connected\ndatabase: database is locked\n"


async def test_occupied_port_is_named_in_a_sentence(environment: dict[str, str], monitor: Monitor) -> None:
    with socket.create_server(("127.0.0.1", monitor.port)):
        async with process(environment) as bot:
            log = await output(bot)

    assert bot.returncode == 1
    assert f"PORT {monitor.port} can't be used" in log
    assert "Traceback" not in log


async def test_without_a_port_nothing_is_served(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    del environment["PORT"]
    async with process(environment):
        await wait_until_ready(discord)
        with closing(socket.socket()) as client:
            assert client.connect_ex(("127.0.0.1", monitor.port)) != 0
