"""The container: its health check, and the user that it runs as."""

import asyncio
import json
import re
import sys

from tests.support.command_line import ROOT, process, wait_until_ready
from tests.support.discord_stand_in import DiscordStandIn
from tests.support.monitors import Monitor

CONTAINERFILE = (ROOT / "Containerfile").read_text()


async def healthcheck(environment: dict[str, str]) -> int | None:
    """The exit code of the Containerfile's HEALTHCHECK."""
    match = re.search(r"^HEALTHCHECK.*\\\n\s+CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    assert match is not None
    _, *arguments = json.loads(match[1])
    run = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    return await run.wait()


async def test_health_check_of_the_container_fails_while_healthz_does(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await wait_until_ready(discord)
        await monitor.becomes(200)
        assert await healthcheck(environment) == 0
        discord.refuses_connections = True
        await discord.close_gateway()
        await monitor.becomes(503)
        assert await healthcheck(environment) == 1


def test_container_does_not_run_as_root() -> None:
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
