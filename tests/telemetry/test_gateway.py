"""The state of the gateway, as `/healthz` and `/metrics` show it while Discord closes connections."""

import asyncio

from tests.support.command_line import PATIENCE_SECONDS, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn
from tests.support.monitors import Monitor
from tests.support.peers import serving


async def test_bot_is_not_connected_before_its_session_is_ready(
    environment: dict[str, str], monitor: Monitor
) -> None:
    async def never_ready(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(never_ready, at_once=True) as url:
        gateway = url.replace("http", "ws")
        async with process(environment | {"DISCORD_GATEWAY_URL": gateway}):
            assert await monitor.becomes(503) == "gateway: not connected\n"
            assert await monitor.value("needledrop_gateway_connected") == 0


async def test_lost_connection_is_not_connected_until_it_is_back(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        discord.refuses_connections = True
        await discord.close_gateway()
        assert await monitor.becomes(503) == "gateway: not connected\n"
        assert await monitor.value("needledrop_gateway_connected") == 0
        discord.refuses_connections = False
        await monitor.becomes(200)

        assert await monitor.value("needledrop_gateway_connected") == 1
        assert await monitor.value("needledrop_gateway_reconnects_total") == 1


async def test_connection_whose_session_is_not_resumed_is_not_connected(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        discord.ignores_sessions = True
        await discord.close_gateway()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await discord.session_ignored.wait()
        assert (await monitor.health())[0] == 503
        discord.ignores_sessions = False
        await discord.close_gateway()
        assert await monitor.becomes(200) == "ok\n"
        assert await monitor.value("needledrop_gateway_reconnects_total", how="resumed") == 1
