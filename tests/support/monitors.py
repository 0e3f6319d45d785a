"""Looks at the bot's port as a host and a monitoring system do."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import closing, suppress

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families


class Monitor:
    """Looks at the bot's port."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.port = port
        self._session = session
        self._url = f"http://127.0.0.1:{port}"

    async def health(self) -> tuple[int, str]:
        async with self._session.get(f"{self._url}/healthz") as response:
            return response.status, await response.text()

    async def becomes(self, status: int) -> str:
        """What is said once the health is `status`."""
        async with asyncio.timeout(20):
            while True:
                try:
                    now, text = await self.health()
                except aiohttp.ClientError:
                    now, text = 0, ""
                if now == status:
                    return text
                await asyncio.sleep(0.05)

    async def scrape(self) -> str:
        async with self._session.get(f"{self._url}/metrics") as response:
            return await response.text()

    async def value(self, name: str, **labels: str) -> float:
        """The sum of all samples of that name with those labels, among others."""
        return sum(
            sample.value
            for family in text_string_to_metric_families(await self.scrape())
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


def free_port() -> int:
    """A port below those that the system gives to connections: nobody else is given it meanwhile."""
    while True:
        port = random.randrange(10_000, 32_768)  # noqa: S311 (not a secret)
        with closing(socket.socket()) as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


@pytest.fixture
async def monitor(environment: dict[str, str]) -> AsyncIterator[Monitor]:
    port = free_port()
    environment["PORT"] = str(port)
    async with aiohttp.ClientSession() as session:
        yield Monitor(session, port)
