"""What the tests stand on: the real bot in a simulated Discord, and a search service on a swapped wire."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import discord
import httpx
import msgspec
import pytest
import simcord
import stamina
from hypothesis import HealthCheck, settings
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.audioscape import AudioScape
from bot.bot import Bot
from bot.budgets import Limits, parse_rates
from bot.database import open_database

pytest_plugins = ["command_line", "in_memory", "monitors"]

Handler: TypeAlias = Callable[[httpx.Request], httpx.Response]
Json: TypeAlias = dict[str, Any]

# A busy machine is no reason for a property to fail.
settings.register_profile("needledrop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("needledrop")


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: many a test waits for a process, a socket or a deadline."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "simcord_env" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.simcord(shard_count=1))


def track(number: int, **changes: Any) -> Json:
    """A track as the service sends it."""
    return {
        "asset_id": str(1000 + number),
        "name": f"Track {number}",
        "artist": f"Artist {number % 7}",
        "album": "First Light",
        "duration": 150 + number,
        "genre": "Lo-Fi",
        "bpm": 80 + number % 60,
        "score": 0.9,
        "thumbnail_url": f"https://covers.example.com/{number}.png",
    } | changes


def answer(tracks: list[Any], **meta: Any) -> Json:
    """An answer of the service to one request."""
    return {
        "tracks": tracks,
        "artists": [],
        "albums": [],
        "meta": {"total": len(tracks), "limit": 100, "offset": 0, "search_method": "semantic"}
        | {"matched_artist": None}
        | meta,
    }


class Service:
    """AudioScape at the other end of a swapped wire. Holds `catalogue`, or does what `handler` says."""

    def __init__(self) -> None:
        self.url = "http://audioscape.test/v1"
        self.transport: httpx.AsyncBaseTransport | None = httpx.MockTransport(self.handle)
        self.catalogue: list[Any] = [track(number) for number in range(40)]
        self.meta: Json = {}
        self.obeys_filters = False
        """Whether it leaves out what the request's filters say, comparing genres letter by letter."""
        self.handler: Handler = self._search
        self.requests: list[httpx.Request] = []
        self.turns_to_answer = 0
        """Of the event loop, in which whatever else is ready goes first."""

    @property
    def asked(self) -> list[Json]:
        return [msgspec.json.decode(request.content) for request in self.requests]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        for _ in range(self.turns_to_answer):
            await asyncio.sleep(0)
        response = self.handler(request)
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content)
        )

    def reply(self, status: int, **content: Any) -> None:
        self.handler = lambda _: httpx.Response(status, **content)

    def heal(self) -> None:
        self.handler = self._search

    def _search(self, request: httpx.Request) -> httpx.Response:
        asked = msgspec.json.decode(request.content)
        start, limit = asked["offset"], asked["limit"]
        found = self.catalogue
        if self.obeys_filters and "genres" in asked.get("filters", {}):
            found = [each for each in found if each["genre"] in asked["filters"]["genres"]]
        page = answer(found[start : start + limit], offset=start, total=len(found))
        page["meta"] |= self.meta
        return httpx.Response(200, json=page)


@pytest.fixture
def service() -> Service:
    return Service()


ENDLESS = parse_rates("1000000/second")


@pytest.fixture
def limits() -> Limits:
    """What may be spent; a test that needs another overrides this fixture."""
    return Limits(member=ENDLESS, guild=ENDLESS, key=ENDLESS)


class Clock:
    """Tells what time it is to the bot; tests move it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Pauses:
    """Lets the bot's pauses last until a test moves the simulated time."""

    def __init__(self, service: Service) -> None:
        self.env: Env | None = None
        self._service = service
        self._are_over = False

    def end_before_answers(self) -> None:
        """From now on, the service takes longer than anybody waits without a sign that we look."""
        self._are_over = True
        self._service.turns_to_answer = 100

    async def sleep(self, seconds: float) -> None:
        assert self.env is not None
        if self._are_over:
            return
        await self.env.external_wait(asyncio.sleep(seconds), reason="a pause between edits")


@pytest.fixture
def pauses(service: Service) -> Pauses:
    return Pauses(service)


BotFactory: TypeAlias = Callable[[], Awaitable[Bot]]


@pytest.fixture
async def new_bot(
    service: Service, limits: Limits, clock: Clock, pauses: Pauses, tmp_path: Path
) -> AsyncIterator[BotFactory]:
    """Makes bots, one after the other, over the same file: each as after a restart of the process."""
    async with AsyncExitStack() as stack:

        async def make() -> Bot:
            database = await stack.enter_async_context(open_database(str(tmp_path / "test.db")))
            audioscape = AudioScape(url=service.url, key="the-key", transport=service.transport)
            await stack.enter_async_context(audioscape)
            return Bot(audioscape=audioscape, database=database, limits=limits, now=clock, sleep=pauses.sleep)

        yield make


@pytest.fixture
async def simcord_bot(new_bot: BotFactory) -> AsyncIterator[Bot]:
    """Its second tries come at once: whether somebody is told meanwhile that we look is up to the test."""
    with stamina.set_testing(True, attempts=20, cap=True):
        yield await new_bot()


@dataclass
class World:
    """A server with a channel, two members and a moderator; the bot is in it."""

    env: Env
    guild: GuildHandle
    channel: ChannelHandle
    mika: MemberActor
    noor: MemberActor
    sam: MemberActor
    new_bot: BotFactory

    async def restart(self) -> None:
        await self.env.restart_bot(await self.new_bot())

    def sent(self) -> list[simcord.HttpLogEntry]:
        """What the bot has sent to Discord, the answers to interactions alone."""
        return [request for request in self.env.http_requests if "commands" not in request.path]


@pytest.fixture
def world(simcord_env: Env, new_bot: BotFactory, pauses: Pauses) -> World:
    pauses.env = simcord_env
    guild = simcord_env.create_guild("Test server")
    moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_guild=True))
    return World(
        env=simcord_env,
        guild=guild,
        channel=guild.create_text_channel("music"),
        mika=guild.add_member(simcord_env.create_user("mika")),
        noor=guild.add_member(simcord_env.create_user("noor")),
        sam=guild.add_member(simcord_env.create_user("sam"), roles=[moderators]),
        new_bot=new_bot,
    )
