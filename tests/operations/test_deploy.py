"""What is deployed does what it says: the container's health check, and who it runs as."""

import asyncio
import json
import re
import sys

from tests.support.command_line import ROOT, is_ready, process
from tests.support.discord_stand_in import DiscordStandIn
from tests.support.monitors import Monitor

CONTAINERFILE = (ROOT / "Containerfile").read_text()


async def healthcheck(environment: dict[str, str]) -> int | None:
    """The exit code of the container's own health check."""
    match = re.search(r"^HEALTHCHECK.*\\\n\s+CMD (\[.*\])$", CONTAINERFILE, re.MULTILINE)
    assert match is not None
    _, *arguments = json.loads(match[1])
    run = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, env=environment, stderr=asyncio.subprocess.DEVNULL
    )
    return await run.wait()


async def test_the_containers_health_check_says_what_healthz_says(
    discord: DiscordStandIn, environment: dict[str, str], monitor: Monitor
) -> None:
    async with process(environment):
        await is_ready(discord)
        await monitor.becomes(200)
        assert await healthcheck(environment) == 0
        discord.is_out = True
        await discord.hang_up()
        await monitor.becomes(503)
        assert await healthcheck(environment) == 1


def test_the_container_is_not_roots() -> None:
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
