"""A monitor of the bot's health endpoints, as a host and Prometheus use them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import closing

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.command_line import PATIENCE_SECONDS

_POLL_SECONDS = 0.05


class Monitor:
    """A client of `/healthz` and `/metrics` on `port`."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        self.port = port
        self._session = session
        self._url = f"http://127.0.0.1:{port}"

    async def health(self) -> tuple[int, str]:
        """The status and the text of `/healthz`."""
        async with self._session.get(f"{self._url}/healthz") as response:
            return response.status, await response.text()

    async def becomes(self, expected: int, *, containing: str = "") -> str:
        """Wait until `/healthz` responds with that status and a text that contains `containing`; the text."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    status, text = await self.health()
                except aiohttp.ClientError:
                    status, text = 0, ""
                if status == expected and containing in text:
                    return text
                await asyncio.sleep(_POLL_SECONDS)

    async def scrape(self) -> str:
        async with self._session.get(f"{self._url}/metrics") as response:
            return await response.text()

    async def value(self, name: str, **labels: str) -> float:
        """The sum of all samples of that name whose labels include `labels`."""
        return sum(
            sample.value
            for family in text_string_to_metric_families(await self.scrape())
            for sample in family.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )


@pytest.fixture
async def monitor(environment: dict[str, str]) -> AsyncIterator[Monitor]:
    """A monitor of a port that is reserved for the bot.

    The reservation is a socket that is bound and never listens: the system gives its port to nobody else, and
    lets the bot listen on it, because both allow reuse of the address.
    """
    with closing(socket.socket()) as reservation:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind(("127.0.0.1", 0))
        port = reservation.getsockname()[1]
        environment["PORT"] = str(port)
        async with aiohttp.ClientSession() as session:
            yield Monitor(session, port)
