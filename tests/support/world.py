"""The world of the tests: the real bot in a simulated Discord, and AudioScape on a swapped transport."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import msgspec
import simcord
from simcord import ChannelHandle, Env, GuildHandle, MemberActor

from bot.bot import Bot
from bot.models.rates import parse_rates

Handler: TypeAlias = Callable[[httpx.Request], httpx.Response]
Json: TypeAlias = dict[str, Any]


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


ENDLESS = parse_rates("1000000/second")


class Clock:
    """Tells what time it is to the bot; tests move it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


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


BotFactory: TypeAlias = Callable[[], Awaitable[Bot]]


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

    @property
    def bot(self) -> Bot:
        assert isinstance(self.env.bot, Bot)
        return self.env.bot

    async def restart(self) -> None:
        await self.env.restart_bot(await self.new_bot())

    def sent(self) -> list[simcord.HttpLogEntry]:
        """What the bot has sent to Discord, the answers to interactions alone."""
        return [request for request in self.env.http_requests if "commands" not in request.path]
